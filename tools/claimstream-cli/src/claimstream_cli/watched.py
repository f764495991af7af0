"""What a service tells of its work in ``/metrics``, as far as an operator has to act on it; by the bounds of deploy/prometheus/alerts.yml."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
from prometheus_client.parser import text_string_to_metric_families

UNSENT_SECONDS = 60
UNSEALED_SECONDS = 300


@dataclass(frozen=True)
class Watched:
    """Of one service: letters now, events that have not left, and ages in seconds."""

    dead: int
    parked: int
    unsent: int
    oldest_unsent: float
    unsealed: float

    def faults(self) -> Iterator[str]:
        """What somebody has to look at."""
        if self.dead or self.parked:
            yield f"{self.dead} dead letters, {self.parked} parked behind them"
        if self.oldest_unsent > UNSENT_SECONDS:
            yield f"{self.unsent} events unsent, the oldest for {self.oldest_unsent:.0f} s"
        if self.unsealed > UNSEALED_SECONDS:
            yield f"the audit is under no signed head for {self.unsealed:.0f} s"

    @property
    def cells(self) -> tuple[str, str, str]:
        """Letters, what is unsent, and the seal, for the table."""
        letters = f"{self.dead} dead, {self.parked} parked" if self.dead or self.parked else "none"
        unsent = f"{self.unsent}, {self.oldest_unsent:.0f} s" if self.unsent else "none"
        return (
            _marked(letters, is_bad=bool(self.dead or self.parked)),
            _marked(unsent, is_bad=self.oldest_unsent > UNSENT_SECONDS),
            _marked(f"{self.unsealed:.0f} s", is_bad=self.unsealed > UNSEALED_SECONDS),
        )


def look_at(url: str, tls: ssl.SSLContext | None = None) -> Watched | None:
    """What the service at this address tells; None where it does not answer, or not with metrics."""
    try:
        answer = httpx2.get(f"{url}/metrics", timeout=2.0, verify=tls or True).raise_for_status()
    except httpx2.HTTPError:
        return None
    try:
        told = {
            (sample.name, sample.labels.get("state", "")): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }
    except ValueError:
        return None  # what stands before it answers
    return Watched(
        dead=int(told.get(("claimstream_dead_letters", "dead"), 0)),
        parked=int(told.get(("claimstream_dead_letters", "parked"), 0)),
        unsent=int(told.get(("claimstream_outbox_unsent", ""), 0)),
        oldest_unsent=told.get(("claimstream_outbox_oldest_seconds", ""), 0.0),
        unsealed=told.get(("claimstream_audit_unsealed_seconds", ""), 0.0),
    )


def _marked(text: str, *, is_bad: bool) -> str:
    return f"[red]{text}[/]" if is_bad else text
