"""Memory does not grow with an inbound file, and what is told of a large one is what is told of a small one."""

import subprocess
import sys
from pathlib import Path

import pytest
from claimstream_schemas import EraReceived
from clearinghouse_gw import exchange, spooling
from clearinghouse_gw.domain.exchange_file import inbound_file
from clearinghouse_gw.inbound_reading import Remittance, read_file
from clearinghouse_gw.remittances import Turn, Unusable, era_events, parts_of
from pydantic import ValidationError

from . import large_file
from .builders import NOW, PRACTICE, a_submission
from .partner import a_payment, a_remittance, an_835, claims_of

SAMPLES = Path(__file__).parents[3] / "libs" / "x12" / "samples"
GROWTH_KB = 20_000


@pytest.mark.parametrize("sets", [1, 40])
def test_four_times_the_file_takes_hardly_more_memory(tmp_path, sets):
    peaks = {}
    for claims in (2_400, 9_600):
        path = tmp_path / f"{claims}.835"
        large_file.write(path, claims, sets)
        command = [sys.executable, "-m", f"{large_file.__name__}", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])  # noqa: S603
        assert done.returncode == 0, done.stderr
        payments, peak = map(int, done.stdout.split())
        assert payments == claims
        peaks[path.stat().st_size] = peak

    small, large = sorted(peaks)
    assert large > 3.9 * small
    assert peaks[large] - peaks[small] < GROWTH_KB, peaks


def told(data, monkeypatch, *, most):
    """What is told of each remittance of a file, or why it is not, where so many claims are held in memory."""
    monkeypatch.setattr(spooling, "MOST_IN_MEMORY", most)
    file = inbound_file(
        "1.835", "d" * 64, size=1, changed_ns=1, kind="835", partner_id="", submitter_id="", at=NOW
    )  # fmt: skip
    return [whole(file, one) for one in read_file(data).sets if isinstance(one.content, Remittance)]


def whole(file, one):
    try:
        events = events_of(file, one)
    except Unusable as unusable:
        return unusable.reason
    except ValidationError as error:
        return str(error)
    assert [event.chunk for event in events] == list(range(1, len(events) + 1))
    first = events[0].model_dump(exclude={"chunk", "chunks", "payments", "person"})
    payments = [payment.model_dump() for event in events for payment in event.payments]
    segments = [text for event in events for text in event.person.segments]
    return first, payments, segments, one.findings, one.digest


def events_of(file, one):
    content = one.content
    if isinstance(content.claims, tuple):
        return era_events(PRACTICE, file, one, content, {}, Turn(1))
    parts, claims = parts_of(PRACTICE, file, one, content, Turn(1)), list(content.claims)
    bounds = zip((0, *parts.ends), parts.ends, strict=False)
    events = [parts.chunk(number, claims[first:last], {}) for number, (first, last) in enumerate(bounds, start=1)]
    return [EraReceived.from_bytes(event.to_bytes()) for event in events]


def remittance_files():
    return [
        path
        for path in sorted(SAMPLES.rglob("*"))
        if path.is_file() and any(isinstance(one.content, Remittance) for one in read_file(path.read_bytes()).sets)
    ]


@pytest.mark.parametrize("path", remittance_files(), ids=lambda path: path.name)
def test_what_is_read_again_from_the_disk_is_told_as_what_is_held_in_memory(path, monkeypatch):
    data = path.read_bytes()

    held, read_again = told(data, monkeypatch, most=1_000_000), told(data, monkeypatch, most=0)

    assert read_again == held


@pytest.mark.parametrize("most", [0, 1])
async def test_a_large_file_is_kept_read_and_tied_as_a_small_one(gateway, monkeypatch, most):
    monkeypatch.setattr(spooling, "MOST_IN_MEMORY", most)
    monkeypatch.setattr(exchange, "MOST_BYTES_AT_ONCE", 10)
    monkeypatch.setattr("claimstream_kit.unit.MOST_SAID_BYTES", 10)
    await gateway.hears(a_submission(1, lines=2), a_submission(2))
    await gateway.sends()
    (data,) = gateway.outbound().values()
    billed = [one for _, one in claims_of(data)]
    sent = an_835(a_remittance(*map(a_payment, billed)))

    await gateway.receives("1.835", sent)
    await gateway.receives("2.835", sent)

    (event,) = await gateway.told(EraReceived)
    ours = {one.claim_id: one for one in (a_submission(1, lines=2), a_submission(2))}
    assert {payment.claim_id for payment in event.payments} == set(ours)
    for payment in event.payments:
        assert [line.line_id for line in payment.lines] == [line.line_id for line in ours[payment.claim_id].lines]
    states = {
        one["name"]: (one["state"], one["digest"])
        for one in (await gateway.get("/files"))["files"]
        if one["direction"] == "inbound"
    }
    digest = states["1.835"][1]
    assert states == {"1.835": ("processed", digest), "2.835": ("duplicate", digest)}
    assert gateway.mailbox.archived(digest) == sent
