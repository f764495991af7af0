"""Serves HTTP on a service's own port, or on listening sockets that somebody handed over.

A socket that was handed over lives as long as whoever holds it, and replicas share it: while one of them stops, the others take what comes,
and what comes while none is there waits in its backlog.
"""

import asyncio
import os
import signal
import socket
import time
from types import FrameType
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .service import Running

log = structlog.get_logger()

GRACE_SECONDS = 10
LINGER_SECONDS = 1.5
"""How long open connections have to hear that this replica leaves before those that are idle are closed."""

BACKLOG = 1024


class DrainingServer(uvicorn.Server):
    """Stops so that no client sees an error: no new connections, goodbye to the open ones, then the end."""

    def __init__(self, config: uvicorn.Config, running: Running[Any]) -> None:
        """``running`` says that it drains as soon as the end begins."""
        super().__init__(config)
        self._running = running

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Somebody asks it to stop."""
        log.info("stopping", by=signal.Signals(sig).name)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, then stop as uvicorn does."""
        self._running.is_draining = True
        for server in self.servers:
            server.close()
        deadline = time.monotonic() + LINGER_SECONDS
        while self.server_state.connections and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # uvicorn tells nobody when a connection ends
        await super().shutdown(sockets)
        log.info("stopped", pid=os.getpid())  # the signal ends the process as soon as it is served


class PatientProtocol(HttpToolsProtocol):
    """HTTP for clients that take their time, and for no longer: headers have to come, and what comes after the answer has to end."""

    headers_seconds = 10.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there: its headers have to come."""
        self._ends: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self._end_after(self.headers_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has left, or was given up."""
        self._go_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something came. What begins no request, as the rest of one that is answered, holds no connection open; it is read, so that its client hears the answer."""
        super().data_received(data)
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and self._ends is None and not self.transport.is_closing():
            self._end_after(self.timeout_keep_alive)

    def on_message_begin(self) -> None:
        """Its next request begins: from the first byte its headers have their time."""
        self._end_after(self.headers_seconds)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """They are there; what follows is the door's."""
        self._go_on()
        super().on_headers_complete()

    def _end_after(self, seconds: float) -> None:
        self._go_on()
        self._ends = self.loop.call_later(seconds, self._end)

    def _go_on(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None

    def _end(self) -> None:
        self._ends = None
        if not self.transport.is_closing():
            self.transport.close()


async def serve(app: FastAPI, running: Running[Any]) -> None:
    """Serve until told to stop."""
    settings = running.settings
    protocol = type("Protocol", (PatientProtocol,), {"headers_seconds": settings.headers_seconds})
    config = uvicorn.Config(
        app,
        http=protocol,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
        server_header=False,
    )
    log.info("starting", pid=os.getpid(), replica=settings.replica, port=settings.port)
    sockets = [socket.socket(fileno=number) for number in settings.listen_fds] or [config.bind_socket()]
    await DrainingServer(config, running).serve(sockets=sockets)
