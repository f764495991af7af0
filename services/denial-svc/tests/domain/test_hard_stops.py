"""Where no appeal is offered, and that no route is an appeal there."""

from dataclasses import replace
from itertools import product

import pytest
from denial_svc.domain.judging import judge

from ..builders import CATALOGUE, judged, refused

UNPROCESSABLE, FINAL, LATE = "never filed", "has no appeal", "original Medicare"
PAIR, UNITS = "(CCMI)", "(MAI)"

TABLE = [
    # CARC, remarks, the payer's filing indicator, route, words of the stop (None: an appeal is offered)
    ("16", ("MA130",), "MB", "R", UNPROCESSABLE),
    ("16", ("MA130",), "CI", "R", UNPROCESSABLE),
    ("16", ("MA130",), None, "R", UNPROCESSABLE),
    ("16", ("N4", "MA130"), "BL", "R", UNPROCESSABLE),
    ("50", ("MA130",), "MB", "R", UNPROCESSABLE),
    ("29", ("MA130",), "MA", "R", UNPROCESSABLE),
    ("29", ("MA130",), "CI", "R", UNPROCESSABLE),
    ("236", ("MA130",), "MB", "R", UNPROCESSABLE),
    ("9999", ("MA130",), None, "R", UNPROCESSABLE),
    ("97", ("N211", "MA130"), "MB", "R", UNPROCESSABLE),
    ("50", ("N211",), "MB", "W", FINAL),
    ("50", ("N211",), "CI", "W", FINAL),
    ("9999", ("N211",), None, "W", FINAL),
    ("29", ("N211",), "CI", "W", FINAL),
    ("29", ("N211",), "MB", "W", FINAL),
    ("197", ("N211",), "BL", "C", FINAL),
    ("22", ("N211",), "MB", "O", FINAL),
    ("252", ("N211",), "MB", "I", FINAL),
    ("236", ("N211",), "MB", "C", FINAL),
    ("29", (), "MA", "W", LATE),
    ("29", (), "MB", "W", LATE),
    ("29", ("N830",), "MB", "W", LATE),
    ("29", (), "16", "A", None),
    ("29", (), "MC", "A", None),
    ("29", (), "CI", "A", None),
    ("29", (), "BL", "A", None),
    ("29", (), None, "A", None),
    ("236", (), "MB", "C", PAIR),
    ("236", (), "CI", "C", PAIR),
    ("151", (), "MB", "C", UNITS),
    ("222", (), "CI", "C", UNITS),
    ("50", (), "MB", "A", None),
    ("50", ("N115",), "MA", "A", None),
    ("16", (), "MB", "C", None),
    ("97", (), "MB", "C", None),
    ("9999", (), "MB", "A", None),
]


@pytest.mark.parametrize(("carc", "remarks", "filing_indicator", "route", "words"), TABLE)
def test_an_appeal_is_offered_where_nothing_stands_against_it(carc, remarks, filing_indicator, route, words):
    judgement = judged(carc, *remarks, filing_indicator=filing_indicator)

    assert judgement.route == route
    assert (judgement.hard_stop is None) == (words is None)
    assert words is None or words in judgement.hard_stop


@pytest.mark.parametrize("carc", [*sorted(CATALOGUE.by_carc), "9999"])
def test_no_route_is_an_appeal_where_none_is_offered(carc):
    remarks = [(), ("MA130",), ("N211",), ("N830",), ("N211", "N830")]
    everything = product(remarks, ("CO", "OA", "PI", "PR"), (None, "MA", "MB", "CI"))

    judgements = [judged(carc, *said, group=group, filing_indicator=payer) for said, group, payer in everything]

    assert [each for each in judgements if each.hard_stop and each.route == "A"] == []


def test_medicares_late_claim_is_looked_at_for_an_exception_and_not_for_a_proof_of_acceptance():
    medicare, other = judged("29", filing_indicator="MB"), judged("29", filing_indicator="CI")

    assert "exception" in medicare.remedy
    assert "acceptance proof" in other.remedy


@pytest.mark.parametrize("carc", ["151", "222", "236"])
def test_a_hold_says_what_to_look_up_and_a_stop_without_it_is_final(carc):
    assert "look up" in judged(carc).hard_stop
    assert "look up" not in judged(carc, "N211").hard_stop


def test_an_underpayment_that_the_payer_calls_final_is_not_appealed():
    judgement = judged("45", "N211", kind="underpayment")

    assert (judgement.route, judgement.cause) == ("W", "allowed less than our contract says")


def test_the_catalogue_and_not_the_code_knows_whom_a_stop_is_for():
    advantage = [
        replace(stop, filing_indicators=frozenset({"16"})) if "29" in stop.carcs else stop
        for stop in CATALOGUE.hard_stops
    ]
    changed = replace(CATALOGUE, hard_stops=tuple(advantage))

    assert judge(refused("29", filing_indicator="16"), changed).route == "W"
    assert judge(refused("29", filing_indicator="MB"), changed).route == "A"
