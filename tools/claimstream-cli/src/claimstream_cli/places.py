"""Where a stack keeps its things: `var/` of the checkout, or CLAIMSTREAM_HOME."""

import os
from dataclasses import dataclass
from pathlib import Path


def checkout() -> Path:
    """Return the folder that holds the project; the front door tells it, an editable install shows it."""
    told = os.environ.get("CLAIMSTREAM_CHECKOUT")
    return Path(told).absolute() if told else Path(__file__).resolve().parents[4]


@dataclass(frozen=True)
class Home:
    """One stack's folder. Everything that a run writes lies in it, except PostgreSQL's data where its account cannot reach."""

    root: Path

    @classmethod
    def default(cls) -> "Home":
        """Return the home of `up`, `down`, `status` and the rest."""
        told = os.environ.get("CLAIMSTREAM_HOME")
        return cls(Path(told).absolute() if told else checkout() / "var")

    @property
    def run(self) -> Path:
        """Facts about what runs now."""
        return self.root / "run"

    @property
    def state(self) -> Path:
        """What runs, by process id and start time, with ports and logs; kept by the supervisor."""
        return self.run / "state.json"

    @property
    def plan(self) -> Path:
        """What the supervisor shall run; holds passwords, readable by its owner only."""
        return self.run / "plan.json"

    @property
    def lock(self) -> Path:
        """Held by `up` and `down` while they change anything."""
        return self.run / "lock"

    @property
    def passwords(self) -> Path:
        """The services' passwords for their databases."""
        return self.run / "passwords.json"

    @property
    def clock(self) -> Path:
        """The clock's offset, remembered from one `up` to the next, so that time does not go backwards."""
        return self.root / "clock-offset"

    @property
    def logs(self) -> Path:
        """One log a service, in JSON lines."""
        return self.root / "log"

    @property
    def keys(self) -> Path:
        """The token issuer's key pair."""
        return self.root / "keys"

    @property
    def exchange(self) -> Path:
        """The folders that the trading partner sees: outbound and inbound."""
        return self.root / "exchange"

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL's home."""
        return self.root / "postgres"

    @property
    def kafka(self) -> Path:
        """The embedded Kafka's home."""
        return self.root / "kafka"

    def audit(self, service: str) -> Path:
        """Return the folder, outside the database, for a service's sealed heads."""
        return self.root / "audit" / service
