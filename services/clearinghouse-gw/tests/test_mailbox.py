"""Files appear whole in the folder that the partner sees, and nothing half written stays there."""

import os

from clearinghouse_gw.mailbox.folder import FolderMailbox

NAME = "000000001.BAYCLEAR.837"


def test_a_file_that_a_crash_left_half_written_is_gone_once_the_whole_one_is_sent(tmp_path):
    mailbox = FolderMailbox(tmp_path)
    (tmp_path / "outbound" / f".{NAME}.4711.tmp").write_bytes(b"ISA*00")
    (tmp_path / "outbound" / ".000000002.BAYCLEAR.837.4711.tmp").write_bytes(b"another one's")

    mailbox.send(NAME, b"ISA*00*whole~")

    assert mailbox.sent(NAME) == b"ISA*00*whole~"
    assert sorted(path.name for path in (tmp_path / "outbound").iterdir()) == [
        ".000000002.BAYCLEAR.837.4711.tmp",
        NAME,
    ]


def test_files_come_in_the_order_in_which_they_changed_and_of_one_moment_by_name(tmp_path):
    mailbox = FolderMailbox(tmp_path)
    for name, changed in (("b.835", 2), ("c.835", 1), ("a.835", 2), ("aa.835", 2)):
        (tmp_path / "inbound" / name).write_bytes(b"x")
        os.utime(tmp_path / "inbound" / name, ns=(changed, changed))

    assert [arrival.name for arrival in mailbox.arrivals()] == ["c.835", "a.835", "aa.835", "b.835"]
