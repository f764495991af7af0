"""The file is built once, whole, and from files whose origin is named."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from claimstream_codesets.errors import DataMissing
from claimstream_codesets.published import digest, folder


def test_two_processes_that_start_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "claimstream_codesets", "build"]
    home = {"CLAIMSTREAM_CACHE": str(tmp_path)}
    both = [subprocess.Popen(command, env=home, stdout=subprocess.PIPE) for _ in range(2)]  # noqa: S603  our own command

    said = [process.communicate(timeout=120)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert len({line.split()[0] for line in said}) == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".sqlite"]


def test_every_data_file_names_its_source_and_licence() -> None:
    with (folder() / "SOURCES.tsv").open(encoding="utf-8", newline="") as file:
        sources = {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}

    assert set(sources) == {path.name for path in folder().iterdir()} - {"SOURCES.tsv"}
    assert all(row["source"] and row["licence"] and row["year"] for row in sources.values())


def test_changed_data_has_another_digest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code\n1\n")
    before = digest(tmp_path)
    (tmp_path / "a.csv").write_text("code\n2\n")

    assert digest(tmp_path) != before


def test_a_folder_without_sources_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMSTREAM_CODESETS_DATA", str(tmp_path))

    with pytest.raises(DataMissing, match=str(tmp_path)):
        folder()
