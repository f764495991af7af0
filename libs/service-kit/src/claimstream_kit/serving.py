"""Serves HTTP on a service's own port, or on listening sockets that somebody handed over.

A socket that was handed over lives as long as whoever holds it, and replicas share it: while one of them stops, the others take what comes,
and what comes while none is there waits in its backlog.
"""

import asyncio
import socket
import time
from typing import Any

import uvicorn
from fastapi import FastAPI

from .service import Running

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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, then stop as uvicorn does."""
        self._running.is_draining = True
        for server in self.servers:
            server.close()
        deadline = time.monotonic() + LINGER_SECONDS
        while self.server_state.connections and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # uvicorn tells nobody when a connection ends
        await super().shutdown(sockets)


async def serve(app: FastAPI, running: Running[Any]) -> None:
    """Serve until told to stop."""
    settings = running.settings
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
        server_header=False,
    )
    sockets = [socket.socket(fileno=number) for number in settings.listen_fds] or [config.bind_socket()]
    await DrainingServer(config, running).serve(sockets=sockets)
