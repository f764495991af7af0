"""I12: a dead letter keeps the record as it was, says why, and has its copy on the `.dead` topic."""

from ..case import Case
from ..evidence import DEAD
from ..faults import CopyName
from ..letters import Letter, put_aside
from ..report import Finding
from ..topic_scan import scan_topics


async def kept_whole(case: Case, finding: Finding) -> None:
    """Hold each letter against the record that it was made of (while its topic has it), its copy, and its own state."""
    scan = await case.once(scan_topics)
    aside = await case.once(put_aside)
    for fault in scan.faults:
        if fault.invariant == "I12":
            finding.violate(fault.what, fault.where)
    compacted = {topic.name for topic in case.evidence.topics if topic.compacted}
    buried: set[tuple[str, str, str]] = set()
    for letter in aside.letters:
        finding.checked += 1
        finding.figures[letter.state] += 1
        topic = letter.place.topic
        is_seen = (letter.service, letter.number) in scan.letters_seen or topic in scan.cut | compacted
        if not is_seen and case.bounds.at_rest:
            finding.violate("a dead letter is of a record that is not on its topic", letter.name, *letter.place)
        if topic + DEAD not in scan.cut and _copy_of(letter) not in scan.copies_seen and case.bounds.at_rest:
            finding.violate("a dead letter has no copy on the .dead topic", letter.name, *letter.place)
        _check_state(letter, buried, finding)


def _copy_of(letter: Letter) -> CopyName:
    place = letter.place
    return CopyName(letter.consumer, place.topic, str(place.partition), str(place.offset))


def _check_state(letter: Letter, buried: set[tuple[str, str, str]], finding: Finding) -> None:
    """Says why; settled by somebody once it is settled; parked only behind a letter of the same aggregate."""
    if not (letter.error_class and letter.reason) or letter.consumer != letter.service:
        finding.violate("a dead letter does not say whose it is and why", letter.name)
    if letter.is_open == letter.is_settled:
        finding.violate("a dead letter is settled by nobody, or open and settled", letter.name)
    place = (letter.service, letter.aggregate, letter.key)
    if letter.state == "parked" and place not in buried:
        finding.violate("an event is parked behind nothing", letter.name)
    buried.add(place)
