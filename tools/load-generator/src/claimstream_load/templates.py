"""The real encounters without their people: ``real_encounters.ndjson.xz``, one native encounter a line, ready to be filled in.

``./claimstream bench``'s member makes the file from ``demo/`` (``python -m claimstream_cli.bench.real_encounters``). Where a person
stood there is a mark: ``@last@``, ``@first@``, ``@born@``, ``@street@``, ``@member1@``; other days are the real ones.
"""

import lzma
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

FILE = "real_encounters.ndjson.xz"

_MARK = re.compile(rb"@([a-z]+[0-9]?)@")
_MEDICARE = re.compile(
    rb'("payer":"(?:medicare|a735bf55-83e9-331a-899d-a82a60b9f60c)","member_id":")[^"]*@member([0-9])@"'
)
_DAY = re.compile(rb'"(\d{4}-\d\d-\d\d)"')


@dataclass(frozen=True)
class Template:
    """One real encounter, waiting for a person."""

    origin: str
    person: str
    """Encounters of one person have one: they get the same new identity."""
    born: tuple[date, ...]
    """The real birth dates: the patient's, then the subscriber's or guarantor's."""
    document: bytes

    def moved(self, days: int) -> bytes:
        """The document with its days earlier by so many, as a format of ``bytes % {mark: value}``."""
        return _moved(self.document, days)


@cache
def _moved(document: bytes, days: int) -> bytes:
    def earlier(found: "re.Match[bytes]") -> bytes:
        moved = date.fromisoformat(found.group(1).decode()) - timedelta(days)
        return b'"' + moved.isoformat().encode() + b'"'

    return _MARK.sub(rb"%(\1)b", _DAY.sub(earlier, document.replace(b"%", b"%%")))


@cache
def templates() -> tuple[Template, ...]:
    """All of them, in the order of the file."""
    packed = files(__package__).joinpath(FILE).read_bytes()
    return tuple(_template(orjson.loads(line)) for line in lzma.decompress(packed).splitlines())


def _template(line: dict[str, Any]) -> Template:
    born = tuple(date.fromisoformat(day) for day in line["born"])
    document = _MEDICARE.sub(
        rb'\1@medicare\2@"', orjson.dumps(line["document"])
    )  # its numbers have a form of their own
    return Template(line["from"], line["person"], born, document)
