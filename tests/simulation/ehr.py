"""The EHR: it posts encounters, posts them again when it was not answered or does not know that it was, and changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from .documents import Change, Document, Kind, a_practice, an_encounter, changed
from .faults import Fault
from .members import CODING
from .violation import Violation

if TYPE_CHECKING:
    from .schedule import Schedule

ACCEPTED = 202
OK = 200
LATER = (409, 429, 503)


@dataclass
class Posted:
    """An encounter that the EHR posted, in one version."""

    document: Document
    key: str
    answer: Document | None = None
    """What the 202 said; None while there was none."""


class Ehr:
    """One practice's."""

    def __init__(self, schedule: "Schedule", token: str) -> None:
        """It has posted nothing."""
        self._schedule = schedule
        self._world = schedule.world
        self._coding = schedule.members[CODING]
        self.practice = schedule.practice
        self._headers = {"authorization": f"Bearer {token}"}
        self.posted: list[Posted] = []
        self.has_changed_coverage = False
        """Whether a later version of a visit has other payers, or none."""

    def post(self, kind: Kind, fault: Fault | None = None) -> None:
        """A new encounter."""
        number = len(self.posted) + 1
        posted = Posted(an_encounter(number, kind), f"{self.practice}-{number}")
        self.posted.append(posted)
        self.send(posted, fault)

    def post_together(self, kinds: Sequence[Kind]) -> None:
        """New encounters in one request, a line each."""
        together = [
            Posted(an_encounter(number, kind), f"{self.practice}-{number}")
            for number, kind in enumerate(kinds, start=len(self.posted) + 1)
        ]
        self.posted += together

        async def work() -> None:
            headers = {
                "content-type": "application/x-ndjson",
                "idempotency-key": f"{self.practice}-together",
                **self._headers,
            }
            lines = b"\n".join(orjson.dumps(each.document) for each in together)
            answer = await self._answered("POST", "/encounters", lines, headers, ACCEPTED)
            for each, said in zip(together, answer["encounters"], strict=True):
                each.answer = said

        self._coding.has_more = True
        self._schedule.step(f"post {', '.join(kinds)}", self._coding, work)

    def post_changed(self, which: int, what: Change, fault: Fault | None = None) -> None:
        """The EHR has changed an encounter."""
        if self.posted:
            number = len(self.posted) + 1
            document = changed(self.posted[which % len(self.posted)].document, what, 300 + number)
            posted = Posted(document, f"{self.practice}-{number}")
            self.posted.append(posted)
            self.has_changed_coverage |= what in ("no coverage", "coverages")
            self.send(posted, fault)

    def post_again(self, which: int, fault: Fault | None = None, *, same_key: bool) -> None:
        """The EHR posts the same once more: because it was not answered, or does not know that it was."""
        if self.posted:
            posted = self.posted[which % len(self.posted)]
            self.send(posted, fault, key=None if same_key else f"{posted.key}-again-{self._schedule.units}")

    def send(self, posted: Posted, fault: Fault | None = None, *, key: str | None = None) -> None:
        """Post, and note the answer; the same request with the same key gets the same answer."""
        self._coding.has_more = True
        versions = sum(each.document["encounter_id"] == posted.document["encounter_id"] for each in self.posted)
        said = f"post {posted.document['encounter_id']}{f', one of {versions} versions' if versions > 1 else ''}"
        self._schedule.step(said, self._coding, lambda: self._posting(posted, key), fault)

    def post_two_at_once(self, fault: Fault | None = None) -> None:
        """Two new encounters in two requests at the same time: the second is answered before the first is committed."""
        first, second = (
            Posted(an_encounter(number, "clean"), f"{self.practice}-{number}")
            for number in range(len(self.posted) + 1, len(self.posted) + 3)
        )
        self.posted += [first, second]
        self._coding.has_more = True

        async def work() -> None:
            await self._coding.two_at_once(lambda: self._posting(first), lambda: self._posting(second))

        self._schedule.step("post two at once", self._coding, work, fault)

    async def _posting(self, posted: Posted, key: str | None = None) -> None:
        headers = {"content-type": "application/json", "idempotency-key": key or posted.key, **self._headers}
        answer = await self._answered("POST", "/encounters", posted.document, headers, ACCEPTED)
        earlier, posted.answer = posted.answer, answer["encounters"][0]
        if earlier is not None and earlier["id"] != posted.answer["id"]:
            raise Violation("I1: the same encounter got another id")

    def load_practice(self, fault: Fault | None = None) -> None:
        """The practice is loaded again, with a longer time for appeals and new terms: the next version, under the contract's next revision."""
        document = a_practice(self._schedule.number)
        document["payers"][0]["appeal_days"] += 1 + self._schedule.units
        document["fee_schedules"][0]["version"] += f".{1 + self._schedule.units}"

        async def work() -> None:
            headers = {"content-type": "application/json", **self._headers}
            await self._answered("PUT", f"/practices/{self.practice}", document, headers, OK)

        self._coding.has_more = True
        self._schedule.step("load the practice", self._coding, work, fault)

    async def _answered(
        self, method: str, path: str, document: Document | bytes, headers: dict[str, str], wanted: int
    ) -> Any:
        """A request's answer; one that says «later» is none."""
        status, answer = await self._world.request(method, path, document, headers)
        if status in LATER:
            raise ConnectionError(f"the EHR was told to come again ({status})")
        if status != wanted:
            raise Violation(f"I1: the EHR was answered {status}")
        return answer
