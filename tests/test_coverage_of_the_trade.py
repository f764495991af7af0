"""`docs/coverage-of-the-trade.md` is true: what it names exists, and its counts are those of its tables."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml
from claimstream_x12.conformance import CASES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "coverage-of-the-trade.md"
KIT = "test_conformance_kit.py"
PACKS = "test_rulepacks.py"
STATES = ("held", "in part", "not yet")
_LINK = re.compile(r"\[(?P<text>`[^`]*`|[^\]]*)\]\((?P<path>[^)#]+)\)")
_TEST = re.compile(r"`(?P<file>test_\w+\.py)::(?P<name>test_\w+)(?:\[(?P<case>[^`]*)\])?`")


@dataclass(frozen=True)
class Row:
    """A row of a section's table."""

    section: str
    name: str
    built: str
    tests: str
    state: str

    def __str__(self) -> str:
        """For a failing test's name."""
        return f"{self.section}: {self.name}"


def rows_of(text: str) -> Iterator[Row]:
    """The rows below the headings, without the tables' own heads."""
    section = ""
    for line in text.splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif section and line.startswith("| ") and not line.startswith(("| row |", "| ---")):
            yield Row(section, *(cell.strip() for cell in line.strip("|").split("|")))


ROWS = list(rows_of(PAGE.read_text(encoding="utf-8")))


def named_tests(row: Row) -> list[tuple[Path, str, str | None]]:
    """The file, the function and the case of each test that a row names."""
    found = []
    for link in _LINK.finditer(row.tests):
        named = _TEST.fullmatch(link["text"])
        assert named, f"{link['text']} is no test"
        path = PAGE.parent / link["path"]
        assert path.name == named["file"]
        found.append((path, named["name"], named["case"]))
    return found


@cache
def functions_of(path: Path) -> frozenset[str]:
    """The functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def pack_cases() -> frozenset[str]:
    """The names of all cases of all rule packs."""
    files = (ROOT / "services" / "claim-svc" / "rulepacks").glob("*/cases.yaml")
    return frozenset(case["name"] for path in files for case in yaml.safe_load(path.read_text(encoding="utf-8")))


def has_case(path: Path, case: str) -> bool:
    """Whether a case is still there: of the kit by the beginning of its name, of a pack by its name, else by its words."""
    if path.name == KIT:
        return any(each.id.startswith(case) for each in CASES)
    if path.name == PACKS:
        return case in pack_cases()
    return f'"{case}' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_a_row_names_exists(row):
    for link in _LINK.finditer(row.built + row.tests):
        assert (PAGE.parent / link["path"]).is_file(), link["path"]
    for path, name, case in named_tests(row):
        assert name in functions_of(path), f"{path.name} has no {name}"
        assert case is None or has_case(path, case), f"{name} has no case {case}"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_row_says_how_far_it_is(row):
    assert row.state in ("held", "not yet") or row.state.startswith("in part: ")
    if row.state == "held":
        assert named_tests(row)
    if row.state == "not yet":
        assert (row.built, row.tests) == ("-", "-")


def test_the_counts_are_those_of_the_tables():
    counted = {
        section: Counter(row.state.partition(":")[0] for row in ROWS if row.section == section)
        for section in dict.fromkeys(row.section for row in ROWS)
    }
    counted["all"] = sum(counted.values(), Counter())
    expected = {name: [*(states[state] for state in STATES), states.total()] for name, states in counted.items()}

    top = PAGE.read_text(encoding="utf-8").partition("\n## ")[0]
    tables = [line.strip("|").split("|") for line in top.splitlines() if line.startswith("| ")][2:]
    said = {name.strip(): [int(cell) for cell in cells] for name, *cells in tables}

    assert said == expected


def test_each_section_is_there_and_no_row_twice():
    assert [section[:2] for section in dict.fromkeys(row.section for row in ROWS)] == [
        f"2{letter}" for letter in "abcdefg"
    ]
    assert [row for row, times in Counter(ROWS).items() if times > 1] == []
