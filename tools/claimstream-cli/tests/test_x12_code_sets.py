"""`./claimstream x12` looks codes up in the lists of `libs/codesets`."""

from datetime import date

import pytest
from claimstream_cli.x12_code_sets import LoadedCodeSets
from claimstream_x12.checking import Standing
from claimstream_x12.conformance import ABILITIES, CASES, Outcome, run_case
from claimstream_x12.conformance.adapters.own import Own

CODES = LoadedCodeSets()
ON = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("code_set", "code", "on", "standing"),
    [
        ("icd10cm", "E119", ON, Standing.VALID),
        ("icd10cm", "E11", ON, Standing.INVALID),
        ("icd10cm", "E119", date(2014, 3, 2), Standing.UNCHECKED),
        ("icd10cm", "119", ON, Standing.INVALID),
        ("procedure", "G0439", ON, Standing.VALID),
        ("procedure", "A0001", ON, Standing.INVALID),
        ("carc", "45", ON, Standing.VALID),
        ("carc", "17", ON, Standing.INVALID),
        ("carc", "17", date(2008, 1, 2), Standing.VALID),
        ("carc", "9999", ON, Standing.INVALID),
        ("rarc", "N130", ON, Standing.VALID),
        ("rarc", "N9999", ON, Standing.INVALID),
        ("pos", "11", ON, Standing.VALID),
        ("pos", "00", ON, Standing.INVALID),
        ("status", "20", ON, Standing.VALID),
        ("status", "9999", ON, Standing.INVALID),
        ("status_category", "A1", ON, Standing.VALID),
        ("status_category", "Q9", ON, Standing.INVALID),
        ("taxonomy", "207Q00000X", ON, Standing.VALID),
        ("taxonomy", "207Q99999X", ON, Standing.INVALID),
        ("revenue", "120", ON, Standing.VALID),
        ("revenue", "0009", ON, Standing.INVALID),
        ("state", "MA", ON, Standing.VALID),
        ("no such list", "X", ON, Standing.UNCHECKED),
        ("carc", "999", None, Standing.UNCHECKED),
    ],
)
def test_a_code_is_looked_up_in_its_list_on_its_day(code_set, code, on, standing):
    assert CODES.standing(code_set, code, on) is standing
    assert CODES.standing(code_set, code, on) is standing


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_conformance_kit_passes_with_the_lists_too(case):
    result = run_case(case, Own(CODES))

    assert (result.outcome, result.seen) == (Outcome.PASSED, "")


def test_with_the_lists_nothing_is_left_unasked():
    assert Own(CODES).abilities == ABILITIES
