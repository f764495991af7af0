"""Whom a refusal may be billed to: the patient only where the law lets the practice ask, and no remedy says otherwise."""

import re
from dataclasses import replace
from itertools import product

import pytest
from denial_svc.domain.judging import judge

from ..builders import CATALOGUE, judged, refused
from .test_judging import PATIENTS

GROUPS = ("CO", "OA", "PI", "PR")
FILING_INDICATORS = (None, "MA", "MB", "MC", "WC", "CI", "BL", "16")
REMARKS = ((), ("N425",), ("N781",), ("N830",), ("MA130",), ("N211", "N425"))
SPEAKS_OF_THE_PATIENT = {"227": "contact the patient", "209": "give the patient back"}
"""What a remedy may ask of, or owe to, the patient; it is no bill."""


@pytest.mark.parametrize("filing_indicator", ["MC", "WC"])
@pytest.mark.parametrize(("carc", "instead"), PATIENTS)
def test_medicaid_and_workers_compensation_refuse_nothing_to_the_patient(filing_indicator, carc, instead):
    judgement = judged(carc, group="PR", filing_indicator=filing_indicator)

    assert judgement.route == instead
    assert "patient" not in judgement.remedy


@pytest.mark.parametrize(("filing_indicator", "route"), [("MC", "P"), ("WC", None), ("CI", "P")])
@pytest.mark.parametrize(("carc", "instead"), [("142", "N"), ("178", "O")])
def test_the_shares_that_medicaid_assigns_are_the_patients(filing_indicator, route, carc, instead):
    assert judged(carc, group="PR", filing_indicator=filing_indicator).route == (route or instead)


@pytest.mark.parametrize("remark", ["N781", "N782", "N783"])
@pytest.mark.parametrize(("carc", "instead"), PATIENTS)
def test_a_qualified_medicare_beneficiary_is_never_asked(remark, carc, instead):
    judgement = judged(carc, "N4", remark, group="PR", filing_indicator="MB")

    assert judgement.route == instead
    assert "patient" not in judgement.remedy


def test_a_beneficiary_of_medicaid_too_is_not_asked_for_its_share_beside_such_a_remark():
    assert judged("178", "N781", group="PR", filing_indicator="MC").route == "O"


def test_the_catalogue_and_not_the_code_knows_whose_patient_is_never_asked():
    changed = replace(CATALOGUE, never_patient=())

    assert judge(refused("96", group="PR", filing_indicator="MC"), changed).route == "P"


@pytest.mark.parametrize("carc", [*sorted(CATALOGUE.by_carc), "9999"])
def test_no_remedy_of_another_route_speaks_of_billing_the_patient(carc):
    everything = product(REMARKS, GROUPS, FILING_INDICATORS, ("refusal", "underpayment"))
    judgements = [
        judged(carc, *said, group=group, filing_indicator=payer, kind=kind) for said, group, payer, kind in everything
    ]

    remedies = {each.remedy or "" for each in judgements if each.route != "P"}
    allowed = SPEAKS_OF_THE_PATIENT.get(carc, "no such words")
    assert [remedy for remedy in remedies if re.search(r"\bpatient\b|notice was", remedy.replace(allowed, ""))] == []


@pytest.mark.parametrize("carc", [carc for carc, _ in PATIENTS])
def test_the_remedy_of_the_route_to_the_patient_says_so(carc):
    assert "bill the patient" in judged(carc, group="PR").remedy


@pytest.mark.parametrize("carc", ["11", "50", "167"])
def test_a_refusal_that_a_notice_makes_the_patients_names_the_notice(carc):
    assert "ABN on file: GA" in judged(carc, group="PR", filing_indicator="MB").remedy
    assert "ABN" not in judged(carc, group="CO", filing_indicator="MB").remedy


def test_what_a_statute_excludes_needs_no_notice():
    assert judged("96", "N425", group="PR").remedy.endswith("excluded by statute (GY): no notice is needed")
    assert judged("96", "N425", group="CO") == judged("96", group="CO")
