"""Files appear whole in the folder that the partner sees, and nothing half written stays there."""

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
