"""CLM05-3: what a new claim says of itself."""

import pytest
from claim_svc.contents import content_of
from claim_svc.domain.claim import Claim
from claim_svc.domain.frequency import frequency_of

from ..builders import PRACTICE, a_practice, an_inpatient_encounter, claim_of


@pytest.mark.parametrize(
    ("type_of_bill", "frequency"),
    [("11", "1"), ("111", "1"), ("112", "2"), ("113", "3"), ("114", "4"), ("329", "9"), ("115", "1")],
)
def test_a_new_claims_frequency_is_the_one_of_its_type_of_bill(type_of_bill, frequency):
    event = an_inpatient_encounter()
    stay = event.stay.model_copy(update={"type_of_bill": type_of_bill})
    event, practice = event.model_copy(update={"stay": stay}), a_practice()
    claim = Claim.first(PRACTICE, claim_of(), event.encounter_id, content_of(event, event.lines, practice))

    assert frequency_of(claim, "P", practice.payers[0]).code == frequency


def test_an_episode_is_one_claim_and_no_part_of_a_stay():
    stay = an_inpatient_encounter().stay.model_copy(update={"type_of_bill": "329"})

    assert (stay.own_frequency, stay.interim_frequency) == ("9", None)
