"""pyx12: its verdict is the one in the 999 that it would answer, its findings are those of its JSON report."""

from __future__ import annotations

import io
import json
import logging
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pyx12 import params, x12n_document

from claimstream_x12.conformance.adapter import ACCEPTED, CHECKS, REJECTED, WITH_ERRORS, Facts, Finding, SetVerdict

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATUSES = {"A": ACCEPTED, "E": WITH_ERRORS}
_STRUCTURE, _CODES = 1, 2


class Pyx12:
    """pyx12 in the version that is installed."""

    abilities = CHECKS | {"envelope_sound"}

    def __init__(self) -> None:
        logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
        self.name = f"pyx12 {version('pyx12')}"

    def check(self, data: bytes) -> list[SetVerdict]:
        """Each set that its report names."""
        return [
            SetVerdict(
                one["trn_set_id"],
                one["vriic"] or group["vriic"],
                one["trn_set_control_num"],
                _STATUSES.get(one["ack_code"], REJECTED),
                tuple(_findings(one)),
            )
            for interchange in self._report(data)
            for group in interchange["groups"]
            for one in group["transactions"]
        ]

    def facts(self, data: bytes) -> Facts:
        """Whether it found anything wrong around the sets."""
        report = self._report(data)
        groups = [group for interchange in report for group in interchange["groups"]]
        errors = [error for level in (*report, *groups) for error in level["errors"]]
        return Facts(envelope_sound=not errors)

    @staticmethod
    def _report(data: bytes) -> list[Any]:
        report = io.StringIO()
        source = io.StringIO(data.decode("ascii"), newline="")
        x12n_document.x12n_document(params.params(), source, None, None, None, fd_json=report)
        interchanges: list[Any] = json.loads(report.getvalue())["interchanges"]
        return interchanges


def _findings(one_set: dict[str, Any]) -> Iterator[Finding]:
    for error in one_set["errors"]:
        # its set-level errors are about SE: the count (4) or the control number (3)
        element = {"4": "SE01", "3": "SE02"}.get(str(error["err_cde"]), "SE")
        yield Finding(0, element, _STRUCTURE, str(error["err_cde"]), str(error["err_str"]))
    for segment in one_set["segments"]:
        name, position = segment["seg_id"], int(segment["seg_count"])
        for error in segment["errors"]:
            yield Finding(position, name, _STRUCTURE, str(error["err_cde"]), str(error["err_str"]))
        for element in segment["elements"]:
            place = f"{name}{int(element['ele_pos']):02}" + (
                f"-{element['subele_pos']}" if element["subele_pos"] else ""
            )
            for error in element["errors"]:
                yield Finding(position, place, _CODES, str(error["err_cde"]), str(error["err_str"]))
