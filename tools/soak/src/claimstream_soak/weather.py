"""Faults of what lies between and below the processes: the network, and the disk."""

import time
from dataclasses import dataclass

from .faults import PATIENCE_SECONDS, Fault
from .proxying import Weather
from .rig import Rig, until


@dataclass(frozen=True)
class BadNetwork(Fault):
    """What passes between the services and a server comes late, is stuck, is lost, or its connections are cut."""

    server: str
    weather: Weather
    seconds: float

    @property
    def kind(self) -> str:
        """Which weather, and in front of whom."""
        return f"network {self.weather.value} before {self.server}"

    @property
    def victim(self) -> str:
        """The server."""
        return self.server

    def strike(self, rig: Rig) -> float | None:
        """Have it for a while; how long it took afterwards until every replica worked."""
        with rig.proxies[self.server].weather(self.weather):
            time.sleep(self.seconds)
        return until(rig.all_work, "a service", seconds=PATIENCE_SECONDS)


@dataclass(frozen=True)
class DiskFull(Fault):
    """The file system of a server's data, or of the exchanged files, has no byte left."""

    where: str
    seconds: float

    @property
    def kind(self) -> str:
        """Whose disk."""
        return f"disk full: {self.where}"

    @property
    def victim(self) -> str:
        """Whose disk."""
        return self.where

    def strike(self, rig: Rig) -> float | None:
        """Fill it, wait, free it again; how long it took afterwards until every replica worked."""
        with rig.volumes[self.where].full():
            time.sleep(self.seconds)
        return until(rig.all_work, "a service", seconds=PATIENCE_SECONDS)
