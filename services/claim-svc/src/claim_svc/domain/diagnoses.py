"""Which diagnoses go on a claim that has room for fewer than the visit has: every one that its lines point to, the rest in order.

What is left out stays beside the claim, and a rule warns of it. Held is only a claim whose lines point to more than it has room for.
"""

from collections import Counter
from collections.abc import Iterable

from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import ChargeLine, Diagnosis, DiagnosisKind

from .claim import ClaimContent


def fitted(content: ClaimContent) -> ClaimContent:
    """The content with the diagnoses that it has room for; each pointer still points to the same code."""
    if _all_fit(content):
        return content
    same = _same_codes(content)
    kept = sorted(_kept(content, same))
    number = {place: position for position, place in enumerate(kept, start=1)}
    diagnoses = tuple(content.diagnoses[place] for place in kept)
    codes = {diagnosis.code for diagnosis in diagnoses}
    left_out = [*content.left_out, *(one for place, one in enumerate(content.diagnoses) if same[place] not in number)]
    return content.model_copy(
        update={
            "diagnoses": diagnoses,
            "lines": tuple(_pointing(line, same, number) for line in content.lines),
            "left_out": tuple({one.code: one for one in left_out if one.code not in codes}.values()),
        }
    )


def _all_fit(content: ClaimContent) -> bool:
    kind, kinds = kind_of(content.kind), Counter(diagnosis.kind for diagnosis in content.diagnoses)
    listed = len(content.diagnoses) - sum(kinds[each] for each in kind.apart)
    return listed <= kind.most_diagnoses and all(kinds[each] <= most for each, most in kind.apart.items())


def _same_codes(content: ClaimContent) -> list[int]:
    """For each diagnosis the place of the one that says its code: the principal, else the first. Codes apart are each their own."""
    apart = kind_of(content.kind).apart
    numbered = list(enumerate(content.diagnoses))
    listed = [(place, one) for place, one in numbered if one.kind not in apart]
    first: dict[str, int] = {}
    for place, one in sorted(listed, key=lambda each: each[1].kind != "principal"):
        first.setdefault(one.code, place)
    return [place if one.kind in apart else first[one.code] for place, one in numbered]


def _kept(content: ClaimContent, same: list[int]) -> set[int]:
    """The places that stay: those apart as far as they go, what lines point to, the main one, and the rest in order."""
    kind = kind_of(content.kind)
    of_kind: dict[DiagnosisKind, list[int]] = {each: [] for each in kind.apart}
    listed: list[int] = []
    for place, diagnosis in enumerate(content.diagnoses):
        of_kind.get(diagnosis.kind, listed).append(same[place])
    apart = {place for each, places in of_kind.items() for place in places[: kind.apart[each]]}
    pointed = _pointed(content, same) if kind.has_pointers else set()
    if not listed or len(pointed) >= kind.most_diagnoses:
        return apart | pointed
    return apart | _filled({_main(content, listed), *pointed}, listed, kind.most_diagnoses)


def _pointed(content: ClaimContent, same: list[int]) -> set[int]:
    return {
        same[pointer - 1]
        for line in content.lines
        for pointer in line.diagnosis_pointers
        if 1 <= pointer <= len(content.diagnoses)
    }


def _main(content: ClaimContent, listed: list[int]) -> int:
    """The principal, or the first-listed."""
    return next((place for place in listed if content.diagnoses[place].kind == "principal"), listed[0])


def _filled(kept: set[int], places: Iterable[int], most: int) -> set[int]:
    rest = [place for place in dict.fromkeys(places) if place not in kept]
    return kept | set(rest[: max(0, most - len(kept))])


def _pointing(line: ChargeLine, same: list[int], number: dict[int, int]) -> ChargeLine:
    """A pointer to nothing stays one, so that its rule finds it; one to a diagnosis that is left out goes with it."""
    moved = [
        number.get(same[pointer - 1]) if 1 <= pointer <= len(same) else pointer for pointer in line.diagnosis_pointers
    ]
    pointers = tuple(dict.fromkeys(pointer for pointer in moved if pointer is not None))
    return line if pointers == line.diagnosis_pointers else line.model_copy(update={"diagnosis_pointers": pointers})


def left_out_codes(left_out: Iterable[Diagnosis]) -> str:
    """The codes, as a warning names them."""
    return ", ".join(diagnosis.code for diagnosis in left_out)
