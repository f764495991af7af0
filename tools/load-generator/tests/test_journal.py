import os

from claimstream_load import Acknowledged, Journal, read_journal


def acknowledged(number):
    return Acknowledged("2026-09-16T12:00:00+00:00", "bay-state", "load-1", f"L1-{number:08d}", f"id-{number}", 1)


def test_what_was_acknowledged_is_read_back_in_order(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.add([acknowledged(1), acknowledged(2)])
        journal.add([acknowledged(3)])

    assert list(read_journal(path)) == [acknowledged(1), acknowledged(2), acknowledged(3)]


def test_a_line_that_a_crash_tore_is_no_promise(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.add([acknowledged(1), acknowledged(2)])
    os.truncate(path, path.stat().st_size - 20)

    assert list(read_journal(path)) == [acknowledged(1)]


def test_a_whole_line_without_its_end_is_no_promise_either(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.add([acknowledged(1), acknowledged(2)])
    os.truncate(path, path.stat().st_size - 1)

    assert list(read_journal(path)) == [acknowledged(1)]


def test_a_journal_goes_on_behind_a_torn_line(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.add([acknowledged(1), acknowledged(2)])
    os.truncate(path, path.stat().st_size - 20)

    with Journal(path) as journal:
        journal.add([acknowledged(3)])

    assert list(read_journal(path)) == [acknowledged(1), acknowledged(3)]


def test_each_answer_is_on_disk_before_the_next_batch(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    with Journal(tmp_path / "journal.jsonl") as journal:
        synced.clear()
        journal.add([acknowledged(1)])
        journal.add([acknowledged(2), acknowledged(3)])

    size = (tmp_path / "journal.jsonl").stat().st_size
    assert len(synced) == 2
    assert synced[-1] == size
