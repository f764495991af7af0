"""Our guide tables parse, and say what pyx12's maps of the same guides say, but for differences that have a reason."""

import re

import pytest
from claimstream_x12.guides import GUIDES, CompositeForm, ElementUse, SegmentUse, guide_for, known_guide, tables
from claimstream_x12.guides.tables import TableFault, segment_forms

from .guide_facts import differences, our_facts, pyx12_facts

TABLES = [guide.table for guide in GUIDES]
PLB_REASONS = "50 51 72 90 AH AM AP B2 B3 BD BN C5 CR CS CT CV CW DM E3 FB FC GO HM IP IR IS J1 L3 L6 LE LS OA OB PI PL RA RE SL TL WO WU"
IN_USE = "files of others carry it"
LISTED_ONCE = "pyx12 lists the codes at the first of six alike"
ACK_LEVELS = "an acknowledgment may stop at a higher level"
NM106 = "NM106 is used in no guide"

DELIBERATE = {
    ("837p_x222a1", "837.5010.X222.A1.xml"): {
        "/1000A/NM1*41 notes: C1110 C1203 P0809 | C1110 P0809": "base standard, elements 11 and 12 are not used here",
        "/1000B/NM1*40 notes: C1110 C1203 P0809 | C1110 P0809": "base standard, elements 11 and 12 are not used here",
        "/1000A/PER*IC PER03 codes: EM FX TE | ED EM FX TE": "the guide has no ED",
        "/1000A/PER*IC PER05 codes: EM EX FX TE | ED EM EX FX TE": "the guide has no ED",
        "/1000A/PER*IC PER07 codes: EM EX FX TE | ED EM EX FX TE": "the guide has no ED",
        "/2000A/2000B/2000C/2300/2320/2330A/REF*SY: S 2 | S 1": f"lenient: {IN_USE}",
        "/2000A/2000B/2300/2320/2330A/REF*SY: S 2 | S 1": f"lenient: {IN_USE}",
        "/2000A/2000B/2010BA/NM1*IL NM108 usage: S | R": "not needed where the subscriber is not the patient and has no number",
        "/2000A/2000B/2010BA/NM1*IL NM109 usage: S | R": "not needed where the subscriber is not the patient and has no number",
        "/2000A/2000B/2300/2400/MEA*OG notes: E0412 E0803 L050412 L060412 L07030506 P1112 R03050608 | E0803 L050412 L060412 L07030506 P1112 R03050608": "base standard, MEA04 and MEA12 are not used here",
        "/2000A/2000B/2000C/2300/2400/MEA*OG notes: E0412 E0803 L050412 L060412 L07030506 P1112 R03050608 | E0803 L050412 L060412 L07030506 P1112 R03050608": "base standard, MEA04 and MEA12 are not used here",
        "/BHT*0019 BHT06 codes: 31 CH RP | CH RP": "31, subrogation, came with X222A1",
    },
    ("837i_x223a2", "837Q3.I.5010.X223.A1.v2.xml"): {
        "/2000A/2000B/2300: S 100 | R 100": "the claim may stand at the patient's level alone",
        "/2000A/2000B/2300/CL1 CL101 usage: S | R": f"lenient: {IN_USE}",
        "/2000A/2000B/2000C/2300/CL1 CL101 usage: S | R": f"lenient: {IN_USE}",
    },
    ("835_x221a1", "835.5010.X221.A1.xml"): {
        "/2000/2100/2110/LQ*HE LQ01 codes: HE | HE RX": "two uses, since only HE names a remark code",
        "/2000/2100/2110/LQ*RX: S 99 | -": "two uses, since only HE names a remark code",
        "/2000/2100/2110/SVC*AD SVC01-7 usage: S | N": f"lenient: {IN_USE}",
        "/2000/2100/2110/SVC*AD SVC01-7 repeat: 1 | -": f"lenient: {IN_USE}",
        "/2000/2100/2110/SVC*AD SVC01-7 form: AN 1-80 | -": f"lenient: {IN_USE}",
        "/CUR*PR CUR03 usage: S | N": f"lenient: {IN_USE}",
        "/CUR*PR CUR03 repeat: 1 | -": f"lenient: {IN_USE}",
        "/CUR*PR CUR03 form: R 4-10 | -": f"lenient: {IN_USE}",
        **{f"/PLB PLB{number:02d}-1 codes: {PLB_REASONS} | -": LISTED_ONCE for number in (5, 7, 9, 11, 13)},
    },
    ("277ca_x214", "277.5010.X214.xml"): {
        "/2000A/2000B/2000C: S >1 | R >1": ACK_LEVELS,
        "/2000A/2000B/2000C/2000D: S >1 | R >1": ACK_LEVELS,
        "/2000A/2000B/2000C/HL*19 HL04 codes: 0 1 | 1": ACK_LEVELS,
        "/2000A/2000B/2000C/2200C: S 1 | R 1": "the guide's own example has none",
        "/2000A/2000B/2000C/2200C/STC: S >1 | R >1": f"lenient: {IN_USE}",
        "/2000A/2000B/2000C/2200C/REF*0B: S 3 | S 1": f"lenient: {IN_USE}",
        "/2000A/2000B/2000C/2100C: R 1 | R >1": "one level has one provider",
        "/2000A/2000B/2000C/2000D/2200D/REF*D9: S 3 | S 1": f"lenient: {IN_USE}",
        "/2000A/2000B/2000C/2000D/2200D/2220D/STC: R >1 | R 1": "a line may have several reasons",
        "/2000A/2000B/2000C/2000D/2200D/2220D/STC STC02 usage: S | R": f"lenient: {IN_USE}",
        "/2000A/2000B/2000C/2000D/2200D/2220D/SVC*AD SVC01-1 codes: AD ER HC HP IV N4 NU WK | AD ER HC HP IV NU NU WK": "pyx12 has NU twice where the guide has N4",
        **{f"/2000A/2000B/2000C/{at} NM106 {what}": NM106 for at in ("2100C/NM1*85", "2000D/2100D/NM1*QC") for what in ("usage: N | S", "repeat: - | 1", "form: - | AN 1-10")},
        **{f"/2000A/2000B/2000C/{at} notes: {note} | -": "pyx12 leaves the base standard's notes out" for at, note in (
            ("2100C/NM1*85", "C1110 C1203 P0809"), ("2000D/2100D/NM1*QC", "C1110 C1203 P0809"), ("2200C/REF*0B", "R0203"),
            ("2000D/2200D/REF*1K", "R0203"), ("2000D/2200D/REF*D9", "R0203"), ("2000D/2200D/REF*BLT", "R0203"),
            ("2000D/2200D/2220D/REF*FJ", "R0203"), ("2000D/2200D/2220D/REF*XZ", "R0203"),
        )},
    },
    ("999_x231a1", "999.5010X231.A1.xml"): {
        "/AK1: R 1 | -": "AK101 has no list: groups of any kind are acknowledged",
        "/AK1*BE: - | R 1": "AK101 has no list: groups of any kind are acknowledged",
        "/2000/AK2: R 1 | -": "AK201 has no list: sets of any kind are acknowledged",
        "/2000/AK2*270: - | R 1": "AK201 has no list: sets of any kind are acknowledged",
        "/2000/2100/CTX: S 9 | -": "the segment's context comes up to nine times; pyx12 refuses the published example",
        "/2000/2100/CTX#2: S 1 | -": "the business unit beside the segment's context",
        "/2000/2100/CTX*CLM01: - | S 1": "the business unit beside the segment's context",
        "/2000/2100/2110/CTX: S 10 | -": "pyx12 has no context of the element",
        "/2000/2100/2110/IK4: R 1 | S 1": "what begins a loop stands in it",
        "/2000/2100/IK3 IK302 form: N0 1-10 | N0 1-6": "ten digits in 005010; pyx12 keeps six",
        "/2000/2100/IK3 IK303 form: AN 1-6 | AN 1-4": "six characters in 005010",
    },
    ("277_x212", "277.5010.X212.xml"): {
        "/2200C/STC STC01-3 codes: 1P 85 | 1P": f"lenient: {IN_USE}",
        "/2220D/SVC*AD SVC07 usage: S | R": "needed only where the payer's units differ; other sources say S",
        "/2220E/SVC*AD SVC07 usage: S | R": "needed only where the payer's units differ; other sources say S",
        **{f"/TABLE2AREA{number}: - | {'R' if number == 3 else 'S >1'}": "pyx12's own division of the map" for number in (3, 4, 5, 6)},
    },
}  # fmt: skip


@pytest.mark.parametrize("maps", DELIBERATE, ids=lambda maps: maps[0])
def test_a_table_says_what_pyx12s_map_says_but_for_what_is_listed(maps):
    table, name = maps
    flat = table == "277_x212"  # its map sets the levels side by side

    found = differences(our_facts(table, flat=flat), pyx12_facts(name, flat=flat))

    assert sorted(one.strip() for one in found) == sorted(DELIBERATE[maps])


@pytest.mark.parametrize("table", TABLES)
def test_a_table_parses(table):
    guide = guide_for(table)

    assert guide.root.first.id == "ST"
    assert all(loop.members for loop in guide.root.all_loops())


@pytest.mark.parametrize("table", TABLES)
def test_a_loop_begins_with_one_required_segment(table):
    firsts = [loop.first for loop in guide_for(table).root.all_loops()]

    assert {(first.usage, first.repeats) for first in firsts} == {("R", 1)}


def elements_of(use: SegmentUse):
    """The elements of a segment and their components."""
    for element in use.elements:
        yield element
        yield from element.components


def fits(code: str, element: ElementUse) -> bool:
    """Whether a code has the length of its element."""
    return element.form.least <= len(code) <= element.form.most


@pytest.mark.parametrize("table", TABLES)
def test_a_code_is_as_long_as_its_element_may_be_and_stands_once(table):
    wrong = [
        (use.name, use.loop.id, code)
        for use in guide_for(table).all_uses()
        for element in elements_of(use)
        for code in element.codes
        if not fits(code, element) or element.codes.count(code) > 1
    ]

    assert wrong == []


@pytest.mark.parametrize("table", TABLES)
def test_a_composite_in_use_says_what_its_components_are(table):
    bare = [
        (use.name, use.loop.id, number)
        for use in guide_for(table).all_uses()
        for number, element in enumerate(use.elements, 1)
        if isinstance(element.form, CompositeForm) and element.usage != "N" and not element.components
    ]

    assert bare == []


@pytest.mark.parametrize("table", TABLES)
def test_two_uses_at_one_place_differ_in_some_way(table):
    alike = [
        (loop.id, one.name)
        for loop in guide_for(table).root.all_loops()
        for one in loop.segments
        for other in loop.segments
        if one is not other and one.id == other.id and one.position == other.position
        and one.keys == other.keys and one.elements == other.elements
    ]  # fmt: skip

    assert alike == []


@pytest.mark.parametrize("table", TABLES)
def test_a_level_of_the_hierarchy_names_its_own_kind(table):
    levels = [loop.first.keys for loop in guide_for(table).root.all_loops() if loop.hierarchical]

    assert all(len(keys) == 1 for keys in levels)
    assert len(set(levels)) == len(levels) or "278" in table


def test_every_syntax_note_names_elements_that_are_there():
    wrong = [
        (name, str(note))
        for name, form in segment_forms().items()
        for note in form.notes
        if not re.fullmatch(r"[PRECL]([0-9]{2}){2,}", str(note)) or max(note.numbers) > len(form.elements)
    ]

    assert wrong == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.table)
def test_a_guide_is_found_by_its_version_and_those_it_also_reads(guide):
    purpose = "11" if "response" in guide.table else "13"

    found = {known_guide(guide.code, version, purpose) for version in (guide.version, *guide.also_read)}

    assert found == {guide}


def test_a_guide_of_another_release_is_not_known():
    assert known_guide("837", "004010X098A1") is None
    assert known_guide("834", "005010X220A1") is None
    assert known_guide("835", "005010X222A1") is None


@pytest.mark.parametrize(
    "line", ["NM1 R", "NM1 R 1 | Q", "QQQ R 1 | R", "NM1 R 1 | R R R R R R R R R R R R R R", "2000Z R 1 like 9999"]
)
def test_a_line_that_cannot_be_read_names_its_table(monkeypatch, line):
    assert segment_forms()  # read before the lines are made up
    monkeypatch.setattr(tables, "_lines", lambda _: iter(["ST R 1 | R:837 R R", line]))

    with pytest.raises(TableFault, match="made_up"):
        tables.read_guide("made_up")
