"""Why a bill to Medicare's Part A is adjusted or cancelled: one condition code says it, or the contractor returns the bill (MCPM 1 §130.1.2).

D0 dates, D1 charges, D2 revenue or procedure codes, D3 a further interim bill, D4 diagnoses and procedures of the stay, D5 cancelled to correct
the member or provider number, D6 cancelled to give back a duplicate, D7 and D8 Medicare second or first, D9 anything else, E0 patient status.
"""

from claimstream_schemas.values.claim_kinds import kind_of

from .claim import ClaimContent

OF_AN_ADJUSTMENT = frozenset({"D0", "D1", "D2", "D3", "D4", "D7", "D8", "D9", "E0"})
OF_A_CANCELLATION = frozenset({"D5", "D6"})
CORRECTS_THE_MEMBER = "D5"


def lacks_change_reason(content: ClaimContent, *, void: bool) -> bool:
    """Whether Medicare would return it: none is given, or several are."""
    if content.stay is None or not _goes_to_part_a(content):
        return False
    wanted = OF_A_CANCELLATION if void else OF_AN_ADJUSTMENT
    return sum(code in wanted for code in content.stay.condition_codes) != 1


def with_change_reason(content: ClaimContent, code: str) -> ClaimContent:
    """The same with this reason and no other; another payer's content is not changed."""
    if content.stay is None or not _goes_to_part_a(content):
        return content
    others = [each for each in content.stay.condition_codes if each not in OF_AN_ADJUSTMENT | OF_A_CANCELLATION]
    stay = content.stay.model_copy(update={"condition_codes": (*others, code)})
    return content.model_copy(update={"stay": stay})


def _goes_to_part_a(content: ClaimContent) -> bool:
    return kind_of(content.kind).has_stay and bool(content.payers) and content.payers[0].is_medicare
