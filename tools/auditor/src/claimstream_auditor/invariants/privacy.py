"""I14: no patient data where it must not be: the planted words are in no log, metric, answer, reason or header of a dead letter."""

from collections.abc import AsyncIterator

from ..case import Case
from ..evidence import Row
from ..letters import consumers_of
from ..report import Finding
from ..topic_scan import scan_topics

_AT_ONCE = 5000
_REASONS = "SELECT id, concat_ws(' ', error_class, reason, handler, key, headers::text) AS text FROM dead_letters WHERE mine(practice)"
_AUDITED = (
    "SELECT id, concat_ws(' ', actor, subject) AS text FROM audit_entries WHERE since_audit(id) AND mine(practice)"
)
_ACTORS = "SELECT id, actors::text AS text FROM outbox WHERE since_outbox(id) AND mine(practice)"
_REMARKS = {
    "claim-svc": "SELECT 0 AS id, concat_ws(' ', rejection, remedy) AS text FROM submissions WHERE rejection IS NOT NULL AND mine(practice)",
    "clearinghouse-gw": "SELECT 0 AS id, concat_ws(' ', reason, remedy, findings::text) AS text FROM files f"
    " WHERE mine(f.practice) OR EXISTS (SELECT FROM sets s WHERE s.file_id = coalesce(f.copy_of, f.id) AND mine(s.practice))"
    " UNION ALL SELECT 0, concat_ws(' ', reason, remedy) FROM sets WHERE mine(practice)",
    "remit-svc": "SELECT 0 AS id, reason AS text FROM remittances WHERE reason IS NOT NULL AND mine(practice)",
}


async def nothing_leaks(case: Case, finding: Finding) -> None:
    """Look for each word in each sink, whatever its case; a find is told by the word's number, never by the word."""
    words = [word.lower() for word in case.evidence.canaries if word.strip()]
    finding.figures["words"] = len(words)
    if not words:
        return
    async for name, text in _texts(case):
        finding.checked += 1
        finding.figures["bytes"] += len(text)
        _look(name, text.lower(), words, finding)


async def _texts(case: Case) -> AsyncIterator[tuple[str, bytes]]:
    for sink in case.evidence.sinks():
        yield sink
    scan = await case.once(scan_topics)
    for where, text in scan.letter_texts:
        yield f"headers of {where}", text
    services = dict.fromkeys(service for topic in case.evidence.topics for service in topic.said_by)
    for service in services:
        queries = {"audit_entries": _AUDITED, "outbox actors": _ACTORS}
        if service in consumers_of(case):
            queries["dead_letters"] = _REASONS
        if service in _REMARKS:
            queries["remarks"] = _REMARKS[service]
        for table, query in queries.items():
            async for block in _blocks(case.rows(service, query), f"{service} {table}"):
                yield block


async def _blocks(rows: AsyncIterator[Row], table: str) -> AsyncIterator[tuple[str, bytes]]:
    """Rows as text, many at once; a block is named by the first row's id."""
    name = table
    texts: list[str] = []
    async for row in rows:
        name = name if texts else f"{table} from {row['id']}"
        texts.append(row["text"] or "")
        if len(texts) == _AT_ONCE:
            yield name, "\n".join(texts).encode()
            texts = []
    if texts:
        yield name, "\n".join(texts).encode()


def _look(name: str, text: bytes, words: list[bytes], finding: Finding) -> None:
    for number, word in enumerate(words, start=1):
        at = text.find(word)
        if at >= 0:
            line = text.count(b"\n", 0, at) + 1
            finding.violate("a planted word leaked", name, f"line {line}", f"word {number}")
