"""I3: no submission is transmitted twice, and none is marked as sent without a file.

The files that the payer takes are parsed here: each CLM is a submission marked as sent, each once.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from ..case import Case
from ..exchange_rows import ExchangeRows, exchange_rows
from ..report import Finding
from ..x12_claims import SentClaim, claims_of
from ..x12_files import Interchange, X12File, read_file

_GONE = ("sent", "prepared")


async def exchange(case: Case, finding: Finding) -> None:
    """Hold the outbound folder against the gateway's files and submissions."""
    rows = await case.once(exchange_rows)
    checker = _Checker(case, rows, finding)
    for name in case.evidence.outbound.names():
        checker.check_file(name)
    checker.check_rows()
    finding.checked = checker.claims
    finding.figures["files"] = checker.files
    finding.figures["claims in them"] = checker.claims
    finding.figures["submissions"] = len(rows.submissions)


class _Checker:
    def __init__(self, case: Case, rows: ExchangeRows, finding: Finding) -> None:
        self._case = case
        self._rows = rows
        self._finding = finding
        self._by_name = rows.outbound()
        self._members: dict[UUID, list[Any]] = defaultdict(list)
        for row in rows.submissions:
            if row["file_id"] is not None:
                self._members[row["file_id"]].append(row)
        self._submitters = {row["submitter_id"] for row in rows.practices}
        self._seen: set[str] = set()
        self._control_numbers: Counter[tuple[str, str, str]] = Counter()
        self._sent: Counter[SentClaim] = Counter()
        self.files = self.claims = 0

    def check_file(self, name: str) -> None:
        """One file in the folder."""
        row = self._by_name.get(name)
        data = self._case.evidence.outbound.read(name)
        if data is None or (row is None and not self._concerns(data)):
            return
        self.files += 1
        self._seen.add(name)
        if row is None:
            if self._case.bounds.at_rest:
                self._violate("a file lies in outbound that nobody sent", name)
            return
        if row["state"] == "sent":
            self._check_bytes(row, data)
        self._check_content(row, read_file(data))

    def check_rows(self) -> None:
        """What is marked as sent, and what is not sent yet."""
        for name, row in self._by_name.items():
            if row["state"] == "sent" and name not in self._seen:
                self._violate("a file is marked as sent and is not in outbound", name)
            elif row["state"] == "prepared" and self._is_stuck(row["created_at"], timedelta(minutes=1)):
                self._violate("a prepared file has not left", name)
        files = {row["id"]: row for row in self._by_name.values()}
        for row in self._rows.submissions:
            self._check_submission(row, files.get(row["file_id"]))
        for claim, count in self._sent.items():
            if count > 1:
                self._violate("a submission was transmitted more than once", *claim, f"{count} times")
        for place, count in self._control_numbers.items():
            if count > 1:
                self._violate("a control number was used more than once with a partner", *place)

    def _concerns(self, data: bytes) -> bool:
        """Whether a file that no row names is of the audited practice."""
        if self._case.practice is None:
            return True
        return any(interchange.sender in self._submitters for interchange in read_file(data).interchanges)

    def _check_bytes(self, row: Any, data: bytes) -> None:
        digest = sha256(data).hexdigest()
        if digest != row["digest"] or len(data) != row["size"]:
            self._violate("a file has other bytes than were noted when it was sent", row["name"])
        elif self._case.evidence.archive.read(digest) != data:
            self._violate("a sent file is not in the archive", row["name"])

    def _check_content(self, row: Any, file: X12File) -> None:
        name = row["name"]
        if file.is_cut or len(file.interchanges) != 1 or not file.interchanges[0].is_sound:
            self._violate("a file in outbound is not one whole interchange", name)
            return
        interchange = file.interchanges[0]
        self._check_envelope(row, interchange)
        found = [claim for one in interchange.sets for claim in claims_of(one)]
        self._sent.update(found)
        self.claims += len(found)
        members = sorted(self._members.get(row["id"], ()), key=lambda member: member["place"])
        if [tuple(claim) for claim in found] != [(member["control_number"], member["ordinal"]) for member in members]:
            self._violate("a file's claims are not the submissions that were put into it", name)

    def _check_envelope(self, row: Any, interchange: Interchange) -> None:
        partner, number = interchange.receiver, interchange.control_number
        given = (row["partner_id"], row["submitter_id"], str(row["control_number"]))
        if (partner, interchange.sender, number.lstrip("0")) != given:
            self._violate("a file's envelope is not the one it was given", row["name"])
        self._control_numbers[partner, "ISA13", number] += 1
        for group in interchange.groups:
            self._control_numbers[partner, "GS06", group] += 1
        for one in interchange.sets:
            if not one.is_whole:
                self._violate("a set does not tie", row["name"], one.control_number)
            self._control_numbers[partner, f"GS06 {one.group_control_number} ST02", one.control_number] += 1

    def _check_submission(self, row: Any, file: Any) -> None:
        where = (row["practice"], row["id"])
        if row["state"] == "queued" and self._is_stuck(row["heard_at"], timedelta(0)):
            self._violate("a submission is still queued", *where)
        if row["state"] not in _GONE:
            return
        if file is None:
            self._violate("a submission is marked as sent and its file is unknown", *where)
            return
        if row["state"] == "sent" and file["state"] != "sent":
            self._violate("a submission is marked as sent and its file is not", *where, file["name"])
        if row["state"] == "prepared" and file["state"] == "sent":
            self._violate("a submission is not marked as sent although its file is", *where, file["name"])
        claim = SentClaim(row["control_number"], row["ordinal"])
        if row["state"] == "sent" and not self._sent[claim]:
            self._violate("a submission is marked as sent and is in no file", *where, *claim)

    def _is_stuck(self, since: Any, coarse: timedelta) -> bool:
        """Whether it is older than it may be; `coarse` is how far the time was cut."""
        bounds = self._case.bounds
        return bounds.at_rest and self._case.evidence.now - since >= bounds.stuck_after + coarse * bool(
            bounds.stuck_after
        )

    def _violate(self, what: str, *where: object) -> None:
        self._finding.violate(what, *where)
