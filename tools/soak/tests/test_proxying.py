"""What stands between the services and their servers passes everything on, until its weather turns."""

import socket
import threading
import time
from contextlib import suppress

import pytest
from claimstream_soak.proxying import LATE_SECONDS, Proxy, Weather

SHORT_SECONDS = 0.3


@pytest.fixture
def echoing():
    """A server that says again what it hears; its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve_one(client):
        with client, suppress(ConnectionError):
            while data := client.recv(1024):
                client.sendall(data)

    def serve():
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=serve_one, args=(client,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


@pytest.fixture
def proxy(echoing):
    made = Proxy()
    made.start(echoing)
    yield made
    made.stop()


@pytest.fixture
def connection(proxy):
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5.0) as made:
        assert said(made) == b"first"
        yield made


def said(connection, word=b"first"):
    connection.sendall(word)
    return connection.recv(1024)


def test_what_comes_is_passed_on_both_ways(connection):
    assert said(connection, b"hello") == b"hello"


def test_late_bytes_come_whole(proxy, connection):
    with proxy.weather(Weather.LATE):
        time.sleep(0.05)
        began = time.monotonic()
        assert said(connection, b"hello") == b"hello"

    assert time.monotonic() - began >= 2 * LATE_SECONDS


def test_what_was_stuck_goes_on(proxy, connection):
    with proxy.weather(Weather.STUCK):
        time.sleep(0.05)
        connection.settimeout(SHORT_SECONDS)
        with pytest.raises(TimeoutError):
            said(connection, b"hello")

    connection.settimeout(5.0)
    assert connection.recv(1024) == b"hello"


def test_what_was_lost_is_gone_and_the_connection_is_reset_afterwards(proxy, connection):
    with proxy.weather(Weather.LOST):
        time.sleep(0.05)
        connection.settimeout(SHORT_SECONDS)
        with pytest.raises(TimeoutError):
            said(connection, b"hello")

    connection.settimeout(5.0)
    with pytest.raises(ConnectionResetError):
        connection.recv(1024)


def test_a_cut_resets_what_is_open_and_what_is_new(proxy, connection):
    with proxy.weather(Weather.CUT):
        with pytest.raises(ConnectionResetError):
            connection.recv(1024)
        with pytest.raises(ConnectionResetError), socket.create_connection(("127.0.0.1", proxy.port), 5.0) as another:
            another.recv(1024)

    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5.0) as later:
        assert said(later) == b"first"
