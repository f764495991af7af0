"""A TCP proxy whose weather can be changed: bytes come late, not at all, or the connection is reset."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

LATE_SECONDS = 0.25
CHUNK = 1 << 16


class Weather(Enum):
    """What happens to what passes."""

    CLEAR = "clear"
    LATE = "late"
    """Every chunk comes a quarter of a second late."""
    STUCK = "stuck"
    """Nothing passes, new connections neither; afterwards all of it goes on."""
    LOST = "lost"
    """What is sent is gone and nobody is told; afterwards the connections are reset, as by a router that forgot them."""
    CUT = "cut"
    """Connections are reset, and so is every new one."""


class Proxy:
    """Passes what comes to a port of its own on to another one of this machine, from a thread of its own."""

    def __init__(self) -> None:
        """Listens at once; nothing passes until it is started."""
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._socket.getsockname()[1]
        self._target = 0
        self._weather = Weather.CLEAR
        self._passable = asyncio.Event()
        self._passable.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    def start(self, target: int) -> None:
        """Pass on to this port."""
        self._target = target
        self._thread.start()

    def stop(self) -> None:
        """Break what passes, and listen no more."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._socket.close()

    @contextmanager
    def weather(self, weather: Weather) -> Iterator[None]:
        """Have this weather for a while."""
        self._loop.call_soon_threadsafe(self._change, weather)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._change, Weather.CLEAR)

    def _change(self, weather: Weather) -> None:
        was, self._weather = self._weather, weather
        if weather in (Weather.STUCK, Weather.LOST):
            self._passable.clear()
        else:
            self._passable.set()
        if weather is Weather.CUT or was is Weather.LOST:
            self._reset_all()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._pass, sock=self._socket))
        self._loop.run_forever()
        server.close()
        self._reset_all()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here: set[asyncio.StreamWriter] = {writer}
        self._open.add(writer)
        try:
            await self._passable.wait()
            if self._weather is Weather.CUT:
                raise ConnectionResetError
            there_reader, there = await asyncio.open_connection("127.0.0.1", self._target)
            here.add(there)
            self._open.add(there)
            ways = [asyncio.ensure_future(self._pump(*way)) for way in ((reader, there), (there_reader, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
        except ConnectionError:
            pass
        finally:
            for each in here:
                self._open.discard(each)
                _close(each, reset=self._weather is Weather.CUT)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                if self._weather is Weather.LATE:
                    await asyncio.sleep(LATE_SECONDS)
                if self._weather is Weather.STUCK:
                    await self._passable.wait()
                if self._weather is not Weather.LOST:
                    writer.write(data)
                    await writer.drain()

    def _reset_all(self) -> None:
        for writer in self._open:
            _close(writer, reset=True)
        self._open.clear()


def _close(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    """End a connection; a reset throws away what was not delivered yet."""
    taken = writer.get_extra_info("socket")
    if reset and taken is not None:
        with contextlib.suppress(OSError):
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    else:
        writer.close()
