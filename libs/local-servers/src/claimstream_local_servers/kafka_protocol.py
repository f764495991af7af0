"""One question to a broker in Kafka's own protocol: which cluster is it? (No client library: this package stays small.)."""

import socket
import struct

METADATA = 3
METADATA_VERSION = 8
CORRELATION = 1


def cluster_id(host: str, port: int, seconds: float = 2.0) -> str | None:
    """The id of the cluster that answers there; None when nothing answers or it is not Kafka."""
    client = b"claimstream"
    header = struct.pack(">hhi", METADATA, METADATA_VERSION, CORRELATION) + struct.pack(">h", len(client)) + client
    no_topics_and_no_extras = struct.pack(">i???", 0, False, False, False)
    request = header + no_topics_and_no_extras
    try:
        with socket.create_connection((host, port), seconds) as connection:
            connection.settimeout(seconds)
            connection.sendall(struct.pack(">i", len(request)) + request)
            (size,) = struct.unpack(">i", _read(connection, 4))
            answer = _read(connection, size)
        return _cluster_of(answer)
    except (OSError, EOFError, struct.error, UnicodeDecodeError):
        return None


def _read(connection: socket.socket, size: int) -> bytes:
    limit = 1 << 20
    if not 0 <= size <= limit:
        raise EOFError
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def _cluster_of(answer: bytes) -> str | None:
    """Metadata response 8: correlation, throttle, brokers (id, host, port, rack), cluster id."""
    correlation, _throttle, brokers = struct.unpack_from(">iii", answer)
    if correlation != CORRELATION:
        return None
    place = 12
    for _ in range(brokers):
        place += 4
        _host, place = _text(answer, place)
        place += 4
        _rack, place = _text(answer, place)
    return _text(answer, place)[0]


def _text(answer: bytes, place: int) -> tuple[str | None, int]:
    (length,) = struct.unpack_from(">h", answer, place)
    start = place + 2
    return (None, start) if length < 0 else (answer[start : start + length].decode(), start + length)
