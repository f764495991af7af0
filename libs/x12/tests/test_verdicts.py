"""Our verdicts on the files of others, held against the manifest's and against the page that explains the differences."""

from pathlib import Path

from .verdict_differences import differences

SAMPLES = Path(__file__).parent.parent / "samples"
PAGE = Path(__file__).parents[3] / "docs" / "x12-verdicts.md"


def test_every_difference_from_the_manifest_has_its_reason():
    assert [one.file for one in differences(SAMPLES) if not one.reason] == []


def test_the_page_lists_every_difference_and_no_other():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][2:]
    carried = [row for row in rows if (SAMPLES / row.split("|")[1].strip()).exists()]

    assert carried == [str(one) for one in differences(SAMPLES)]
