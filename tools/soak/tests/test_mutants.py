"""The list of mutants fits the code: each text is there once, and its replacement can be parsed."""

import ast

import pytest
from claimstream_soak.mutants import MUTANTS, plant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutants_text_is_in_the_code_once_and_what_stands_in_its_place_is_python(mutant, tmp_path):
    planted = plant(mutant, tmp_path) / mutant.file

    ast.parse(planted.read_text())

    assert mutant.instead in planted.read_text()
