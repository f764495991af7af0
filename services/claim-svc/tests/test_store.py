"""A claim is written again as it was read, and what changed of it as it is now."""

from dataclasses import replace

import orjson
from claim_svc.contents import content_of
from claim_svc.domain.claim import Claim
from claim_svc.store import claim_of as claim_of_row
from claim_svc.store import claim_row
from claimstream_schemas.values.identifiers import control_number

from .builders import PRACTICE, a_practice, an_encounter_coded, claim_of


def a_row(**more):
    """A claim's row as the database gives it, with something in its content that only the next release knows."""
    event = an_encounter_coded()
    content = content_of(event, event.lines, a_practice())
    row = claim_row(Claim(PRACTICE, claim_of(), control_number(claim_of()), claim_of(), content))
    document = orjson.loads(orjson.dumps(row["document"]))
    return row | {"document": document | {"content": document["content"] | more}}


def written(claim: Claim):
    return orjson.loads(orjson.dumps(claim_row(claim)["document"]["content"]))


def test_content_that_nobody_changed_is_written_as_it_was_read():
    row = a_row(of_the_next_release="kept")

    assert written(claim_of_row(row)) == row["document"]["content"]


def test_content_that_was_changed_is_written_as_it_is_now():
    claim = claim_of_row(a_row())
    assert claim.content.place_of_service != "22"

    changed = replace(claim, content=claim.content.model_copy(update={"place_of_service": "22"}))

    assert written(changed)["place_of_service"] == "22"
