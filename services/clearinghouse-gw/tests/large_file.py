"""An 835 as large as one likes, and what its reading takes of memory: run as a program, it prints the peak in kilobytes."""

import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from clearinghouse_gw.domain.exchange_file import inbound_file
from clearinghouse_gw.handlers.receive_remittance import batched
from clearinghouse_gw.inbound_reading import read_file
from clearinghouse_gw.remittances import Turn, parts_of

from .builders import NOW, PARTNER, PRACTICE, SUBMITTER
from .hand_written import CLEAN

_CLP = next(number for number, text in enumerate(CLEAN) if text.startswith("CLP"))


def write(path: Path, claims: int, sets: int = 1) -> None:
    """So many claims in all, each 120 dollars charged and 100 paid."""
    with path.open("w", encoding="latin-1", newline="") as out:
        out.write(
            f"ISA*00*          *00*          *ZZ*{PARTNER:15}*ZZ*{SUBMITTER:15}*260916*1200*^*00501*000000001*0*P*:~"
        )
        out.write(f"GS*HP*{PARTNER}*{SUBMITTER}*20260916*1200*1*X*005010X221A1~")
        for number in range(1, sets + 1):
            count = 2
            out.write(f"ST*835*{number:04d}~")
            for text in _segments(claims // sets, number):
                out.write(f"{text}~")
                count += 1
            out.write(f"SE*{count}*{number:04d}~")
        out.write(f"GE*{sets}*1~IEA*1*000000001~")


def _segments(claims: int, number: int) -> Iterator[str]:
    yield CLEAN[0].replace("*I*100*", f"*I*{claims * 100}*")
    yield CLEAN[1].replace("EFT0001", f"EFT{number:04d}")
    yield from CLEAN[2:_CLP]
    for claim in range(claims):
        yield CLEAN[_CLP].replace("NOT-OURS", f"X{number}-{claim}")
        yield from CLEAN[_CLP + 1 :]


def main() -> None:
    """Read the file that is named, and make all of its events, one after the other."""
    path = Path(sys.argv[1])
    file = inbound_file(
        path.name, "d" * 64, size=1, changed_ns=1, kind="835", partner_id="", submitter_id="", at=NOW
    )  # fmt: skip
    payments = 0
    with path.open("rb") as source:
        read = read_file(source)
    assert read.problem is None, read.problem
    for one in read.sets:
        assert one.problem is None, one.problem
        parts = parts_of(PRACTICE, file, one, one.content, Turn(1))
        some = batched(one.content.claims, 200)
        for number in range(1, len(parts.ends) + 1):
            payments += len(parts.chunk(number, next(some), {}).payments)
    print(payments, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # noqa: T201  its answer


if __name__ == "__main__":
    main()
