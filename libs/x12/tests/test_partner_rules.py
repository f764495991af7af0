"""A partner's own rules: read from a text file, asked of each loop, told of as SNIP 7."""

import pytest
from claimstream_x12.checking import BadPartnerRule, Checker, read_partner_rules, snip_of

from .whole_files import CLAIM_ACKNOWLEDGMENT, INSTITUTIONAL, PROFESSIONAL, REMITTANCE, WholeFile

P = PROFESSIONAL


def a_rule(**changes) -> str:
    """One rule as text: a claim names its authorization."""
    keys = {
        "id": "authorization",
        "says": "A claim names its authorization.",
        "source": "First Payer, companion guide 2026, section 7.2",
        "guide": "005010X222A1",
        "at": "2300",
        "need": ["REF*G1"],
        **changes,
    }
    return "[[rule]]\n" + "".join(f"{key} = {value!r}\n" for key, value in keys.items() if value is not None)


def found_by(file: WholeFile, *rules: str):
    """What the rules find in a file: code, position, element and severity."""
    read = read_partner_rules("\n".join(rules))
    report = Checker(partner_rules=read).check(file.data())
    return [
        (f.code, f.place.segment, f.place.element_name, f.severity.value, f.unit_number)
        for one in report.sets
        for f in one.findings
        if snip_of(f) == 7
    ]


def test_a_rule_is_asked_of_each_claim():
    found = found_by(P, a_rule())

    assert found == [("authorization", P.position("CLM*CHILD0001"), "CLM", "error", "CHILD0001")]


def test_what_a_rule_says_stands_in_the_message_with_its_source():
    (finding,) = Checker(partner_rules=read_partner_rules(a_rule())).check(P.data()).sets[0].findings

    assert "A claim names its authorization." in finding.message
    assert "First Payer, companion guide 2026, section 7.2" in finding.message


def test_a_rule_that_warns_rejects_nothing():
    rules = read_partner_rules(a_rule(severity="warning"))

    report = Checker(partner_rules=rules).check(P.data())

    assert [one.status for one in report.sets] == ["accepted_with_errors"]


def test_a_rule_of_another_guide_is_not_asked():
    assert found_by(INSTITUTIONAL, a_rule()) == []


def test_a_rule_of_another_payer_is_not_asked():
    assert found_by(P, a_rule(payer=["P0002", "P0003"])) == []
    assert len(found_by(P, a_rule(payer=["P0002", "P0001"]))) == 1
    assert len(found_by(P, a_rule(payer="P0001"))) == 1


@pytest.mark.parametrize(
    ("file", "guide", "at", "payer"),
    [
        (REMITTANCE.edit("N1*PR", "FIRST PAYER", "FIRST PAYER*XV*P0001"), "005010X221A1", "2100", "P0001"),
        (CLAIM_ACKNOWLEDGMENT, "005010X214", "2200D", "P0001"),
    ],
)
def test_the_payer_of_an_answer_is_known_as_well(file, guide, at, payer):
    rule = {"guide": guide, "at": at, "need": ["REF*ZZ"]}

    assert len(found_by(file, a_rule(payer=[payer], **rule))) == 2
    assert found_by(file, a_rule(payer=["OTHER"], **rule)) == []


CONDITIONS = {
    "a segment stands": (["REF*G1"], ["CHILD0001"]),
    "a segment does not stand": (["no REF*G1"], ["OWN0001"]),
    "a segment of any code stands": (["REF"], ["CHILD0001"]),
    "a composite's code": (["HI*ABK"], []),
    "a component is one of": (["CLM05-3 in 1 7"], []),
    "a component is another one": (["CLM05-3 in 7 8"], ["OWN0001", "CHILD0001"]),
    "an element is none of": (["CLM01 not in OWN0001 OWN0002"], ["OWN0001"]),
    "an element that is left out is none of": (["CLM20 not in 1 2"], []),
    "an element looks so": (["CLM01 matches OWN[0-9]+"], ["CHILD0001"]),
    "an element of a segment with a code": (["REF02*G1 matches AUTH.*"], ["CHILD0001"]),
    "an amount is at most": (["CLM02 at most 100"], ["OWN0001"]),
    "an amount is at least": (["CLM02 at least 100"], ["CHILD0001"]),
    "something below": (["2400/SV102 at most 100"], ["OWN0001"]),
    "a segment below": (["2400/DTP*472"], []),
    "something around": (["2010BB/NM109 in P0001"], []),
    "someone around": (["2010BA/NM103 in DOE"], ["CHILD0001"]),
    "a level around": (["2000B/SBR02 in 18"], ["CHILD0001"]),
    "all of several": (["REF*G1", "CLM02 at most 100"], ["OWN0001", "CHILD0001"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_is_kept_or_found(name):
    need, refused = CONDITIONS[name]

    found = found_by(P, a_rule(need=need))

    assert [claim for *_, claim in found] == refused


def test_a_rule_is_asked_only_when_its_conditions_hold():
    assert found_by(P, a_rule(when=["CLM02 at least 100"])) == []
    assert len(found_by(P, a_rule(when=["CLM02 at most 100", "HI*ABK"]))) == 1


def test_the_element_that_breaks_a_rule_is_named():
    found = found_by(P, a_rule(need=["CLM05-3 in 7"]))

    assert [(position, element) for _, position, element, *_ in found] == [
        (P.position("CLM*OWN"), "CLM05-3"),
        (P.position("CLM*CHILD"), "CLM05-3"),
    ]


def test_several_rules_are_each_asked():
    found = found_by(P, a_rule(), a_rule(id="small", need=["CLM02 at most 10"]))

    assert sorted(code for code, *_ in found) == ["authorization", "small", "small"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule", "first-payer.toml"),
        ("rule = 1", "[[rule]]"),
        ("rule = [1]", "[[rule]]"),
        ("rule = ['text']", "[[rule]]"),
        (a_rule(id=None), "id is missing"),
        (a_rule(need=None), "need is missing"),
        (a_rule(need=[]), "need is missing"),
        (a_rule(source=""), "source is missing"),
        (a_rule(severity="fatal"), "severity"),
        (a_rule(wen=["REF"]), "wen is not known"),
        (a_rule(need=[1]), "neither a text"),
        (a_rule(need=["REF G1"]), "after the place"),
        (a_rule(need=["claim05"]), "is no place"),
        (a_rule(need=[""]), "is no place"),
        (a_rule(need=["no"]), "is no place"),
        (a_rule(need=["no CLM20 in 1 2"]), "nothing comes after"),
        (a_rule(need=["CLM01 matches ["]), "authorization"),
        (a_rule(need=["CLM02 at most many"]), "after the place"),
        (a_rule(need=["CLM05-3 in"]), "after the place"),
    ],
)
def test_a_rule_that_cannot_be_read_is_named_with_its_fault(text, said):
    with pytest.raises(BadPartnerRule, match=r"first-payer\.toml") as refused:
        read_partner_rules(text, name="first-payer.toml")

    assert said in str(refused.value)


def test_no_rules_are_no_rules():
    assert read_partner_rules("") == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"at": "2000B", "need": ["2300/CLM01"]}, "2300 is let go before 2000B ends"),
        ({"at": "2305"}, "has no loop 2305"),
        ({"need": ["2305/CLM01"]}, "has no loop 2305"),
        ({"guide": "005010X999"}, "005010X999 is no guide"),
    ],
)
def test_a_rule_that_could_never_be_asked_is_refused(changes, said):
    with pytest.raises(BadPartnerRule, match=said):
        read_partner_rules(a_rule(**changes))
