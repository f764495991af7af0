"""On real sockets: slow clients are given up, and who is refused hears why."""

import asyncio
import socket

import pytest
import uvicorn
from claimstream_kit.app import build_app
from claimstream_kit.serving import DrainingServer, PatientProtocol
from structlog.testing import capture_logs


@pytest.fixture
async def port(toy, monkeypatch):
    """The toy service on a port, for clients of little patience."""
    monkeypatch.setattr(PatientProtocol, "headers_seconds", 0.3)
    monkeypatch.setitem(toy.running.settings.__dict__, "body_silent_seconds", 0.3)
    config = uvicorn.Config(
        build_app(toy.running), http=PatientProtocol, log_config=None, lifespan="off", timeout_keep_alive=1
    )
    server = uvicorn.Server(config)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110  uvicorn tells nobody
            await asyncio.sleep(0.01)
    yield listening.getsockname()[1]
    server.should_exit = True
    await task


async def until_closed(port, *parts):
    """All that the server says until it closes; a part may be seconds to wait."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            if isinstance(part, float):
                await asyncio.sleep(part)
            else:
                writer.write(part)
                await writer.drain()
        async with asyncio.timeout(8):
            return await reader.read()
    finally:
        writer.close()


def request(toy, *, length, token=True, method="POST"):
    said = f"Authorization: {toy.as_('biller')['Authorization']}\r\n" if token else ""
    return f"{method} /notes HTTP/1.1\r\nHost: x\r\n{said}Content-Length: {length}\r\n\r\n".encode()


@pytest.mark.parametrize(
    "parts", [(), (b"POST /notes HTTP/1.1\r\nHost: x\r\n",), (b"\r\n",), (b"GET /health/live HTT",)]
)
async def test_a_connection_whose_headers_do_not_come_is_closed(port, parts):
    assert await until_closed(port, *parts) == b""


async def test_headers_that_drip_are_given_up_as_well(port):
    drips = [part for name in "abcdefghij" for part in (f"{name}: x\r\n".encode(), 0.1)]

    with pytest.raises((ConnectionError, AssertionError)):  # the server has closed while it still wrote
        assert await until_closed(port, b"POST /notes HTTP/1.1\r\n", *drips) != b""


async def test_a_connection_that_was_answered_and_sends_what_is_no_request_is_closed(port):
    answered = await until_closed(port, b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", 0.1, b"\r\n", 0.1, b"\r\n")

    assert answered.startswith(b"HTTP/1.1 200")


async def test_a_body_that_stops_gets_408(port, toy):
    answered = await until_closed(port, request(toy, length=1000), b"x")

    assert answered.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in answered


async def test_who_has_no_token_and_sends_a_large_body_hears_401(port, toy):
    megabytes = [bytes(1 << 20)] * 20

    answered = await until_closed(port, request(toy, length=20 << 20, token=False), *megabytes)

    assert answered.startswith(b"HTTP/1.1 401")


async def test_who_is_refused_and_sends_on_and_on_is_closed(port, toy):
    with pytest.raises((ConnectionError, AssertionError)):
        assert await until_closed(port, request(toy, length=20 << 20, token=False), *([b"x", 0.1] * 30)) == b""


async def test_a_service_says_that_it_has_stopped_before_the_signal_ends_it(toy):
    config = uvicorn.Config(build_app(toy.running), log_config=None, lifespan="off")
    config.load()
    server = DrainingServer(config, toy.running)
    server.servers, server.lifespan = [], config.lifespan_class(config)

    with capture_logs() as said:
        await server.shutdown()

    assert [line["event"] for line in said][-1] == "stopped"
