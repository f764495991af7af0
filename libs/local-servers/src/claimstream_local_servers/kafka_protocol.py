"""One question to a broker in Kafka's own protocol: which cluster is it? (No client library: this package stays small.).

We say who we are first, with SCRAM (RFC 5802): a broker that does not know our password cannot answer for ours.
"""

import base64
import hashlib
import hmac
import secrets
import socket
import struct

METADATA, SASL_HANDSHAKE, SASL_AUTHENTICATE = 3, 17, 36
CORRELATION = 1
MECHANISM = "SCRAM-SHA-512"
DIGEST = "sha512"
WITHOUT_CHANNEL_BINDING = "n,,"
MOST_ITERATIONS = 100_000


def cluster_id(host: str, port: int, login: tuple[str, str] | None = None, seconds: float = 2.0) -> str | None:
    """The id of the cluster that answers there; None when nothing answers, it is not Kafka, or it does not know our user.

    ``login``: user and password; without one nothing is said of who we are.
    """
    try:
        with socket.create_connection((host, port), seconds) as connection:
            connection.settimeout(seconds)
            if login is not None:
                _log_in(connection, *login)
            no_topics_and_no_extras = struct.pack(">i???", 0, False, False, False)
            return _cluster_of(_ask(connection, METADATA, 8, no_topics_and_no_extras))
    except (OSError, EOFError, ValueError, KeyError, struct.error):
        return None


def _ask(connection: socket.socket, question: int, version: int, body: bytes) -> bytes:
    """What is answered, behind the correlation."""
    request = struct.pack(">hhi", question, version, CORRELATION) + _string("claimstream") + body
    connection.sendall(struct.pack(">i", len(request)) + request)
    (size,) = struct.unpack(">i", _read(connection, 4))
    answer = _read(connection, size)
    if struct.unpack_from(">i", answer) != (CORRELATION,):
        raise EOFError
    return answer[4:]


def _log_in(connection: socket.socket, user: str, password: str) -> None:
    """SCRAM, both ways: the broker learns that we know the password, and we that it does."""
    if struct.unpack_from(">h", _ask(connection, SASL_HANDSHAKE, 1, _string(MECHANISM))) != (0,):
        raise EOFError
    own = f"n={user},r={secrets.token_urlsafe(24)}"
    said = _authenticate(connection, WITHOUT_CHANNEL_BINDING + own)
    facts = _facts(said)
    iterations = int(facts["i"])
    if not facts["r"].startswith(_facts(own)["r"]) or iterations > MOST_ITERATIONS:
        raise EOFError
    binding = base64.b64encode(WITHOUT_CHANNEL_BINDING.encode()).decode()
    unproven = f"c={binding},r={facts['r']}"
    salted = hashlib.pbkdf2_hmac(DIGEST, password.encode(), base64.b64decode(facts["s"]), iterations)
    exchanged = f"{own},{said},{unproven}".encode()
    key = _signed(salted, b"Client Key")
    signature = _signed(hashlib.new(DIGEST, key).digest(), exchanged)
    proof = bytes(one ^ other for one, other in zip(key, signature, strict=True))
    end = _authenticate(connection, f"{unproven},p={base64.b64encode(proof).decode()}")
    if not hmac.compare_digest(base64.b64decode(_facts(end)["v"]), _signed(_signed(salted, b"Server Key"), exchanged)):
        raise EOFError


def _authenticate(connection: socket.socket, message: str) -> str:
    content = message.encode()
    answer = _ask(connection, SASL_AUTHENTICATE, 0, struct.pack(">i", len(content)) + content)
    (error,) = struct.unpack_from(">h", answer)
    _said, place = _text(answer, 2)
    (size,) = struct.unpack_from(">i", answer, place)
    if error:
        raise EOFError
    return answer[place + 4 : place + 4 + size].decode()


def _facts(message: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in message.split(",") if "=" in part)


def _signed(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, DIGEST)


def _string(text: str) -> bytes:
    return struct.pack(">h", len(text)) + text.encode()


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
    """Metadata response 8: throttle, brokers (id, host, port, rack), cluster id."""
    _throttle, brokers = struct.unpack_from(">ii", answer)
    place = 8
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
