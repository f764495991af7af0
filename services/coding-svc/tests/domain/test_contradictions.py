"""What the encoder makes of texts never says one thing and its contrary."""

import pytest
from claimstream_codesets import open_code_sets
from coding_svc.domain.contradictions import without_contradictions

TEXT = open_code_sets().icd10cm.text


@pytest.mark.parametrize(
    ("codes", "made", "left"),
    [
        (["S060X0A", "S060X1A"], ["S060X0A", "S060X1A"], ["S060X1A"]),
        (["S060X1A", "S060X0A"], ["S060X1A"], ["S060X0A"]),
        (["E119", "E1122"], ["E119"], ["E1122"]),
        (["Z0000", "Z0001"], ["Z0000", "Z0001"], ["Z0001"]),
        (["N3000", "N3001"], ["N3000"], ["N3001"]),
        (["S61412A", "S61422A"], ["S61412A"], ["S61422A"]),
        (["S61412A", "S61421A"], ["S61412A", "S61421A"], ["S61412A", "S61421A"]),
        (["E109", "E1165"], ["E109", "E1165"], ["E109", "E1165"]),
        (["G43009", "I10"], ["G43009", "I10"], ["G43009", "I10"]),
        (["T148XXA", "S61412A"], ["T148XXA"], ["S61412A"]),
        (["T148XXA", "I10"], ["T148XXA"], ["T148XXA", "I10"]),
        (["T148XXA", "T401X1A"], ["T148XXA"], ["T148XXA", "T401X1A"]),
        (["E119", "E1122"], [], ["E119", "E1122"]),
    ],
)
def test_what_the_encoder_made_gives_way_and_what_was_given_stands(codes, made, left):
    assert without_contradictions(codes, made, TEXT) == set(left)
