"""What is wrong with an 835 and what that means: only where an amount or an identity is unreadable can it not be told.

All else is information (X12 RFI 2601, 1324): it is left out, told as a finding, and the money is posted.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from claimstream_schemas.values.money import Quantity, dollars
from claimstream_x12 import Adjustment, Amount, Finding, Place
from claimstream_x12.remittance_835 import ClaimPayment, ServicePayment
from pydantic import TypeAdapter

from .spooling import SpooledClaims

LONGEST_CODE = 50
"""No code of an 835 is longer."""

_CAS_FIRST, _CAS_EACH, _CAS_QUANTITY = 2, 3, 4

DECIDING: dict[str, Callable[[int], bool]] = {
    "BPR": frozenset({2, 16}).__contains__,  # what is paid, and when
    "TRN": frozenset({2}).__contains__,  # the trace
    "CLP": frozenset({1, 2, 3, 4}).__contains__,  # which claim, what was decided, charge, paid
    "SVC": frozenset({2, 3}).__contains__,  # charge and paid
    "CAS": lambda element: element == 1 or (element - _CAS_QUANTITY) % _CAS_EACH != 0,  # all but the quantities
    "PLB": lambda element: element > _CAS_FIRST,  # reasons and amounts, not who and which year
}
"""By segment, which of its elements carry an amount or an identity. All others inform: AMT, QTY, MIA, MOA, DTM, PER, N3, N4, REF, LQ …"""

_UNREADABLE = frozenset({"not-a-number", "not-a-date", "missing-element", "missing-segment"})


def deciding(findings: Iterable[Finding]) -> Finding | None:
    """The first finding that stands in the way of telling the remittance at all."""
    return next((one for one in findings if one.code in _UNREADABLE and _decides(one.place)), None)


def _decides(place: Place) -> bool:
    decides = DECIDING.get(place.segment_id)
    return decides is not None and (not place.element or decides(place.element))


def without_unread_amounts(claims: Collection[ClaimPayment], findings: Iterable[Finding]) -> Collection[ClaimPayment]:
    """The same without each AMT whose amount could not be read: it is not zero, it is not known."""
    unread = {one.place.segment for one in findings if one.code in _UNREADABLE and one.place.segment_id == "AMT"}
    if not unread:
        return claims
    mend = partial(_claim, unread=unread)
    return claims.mended(mend) if isinstance(claims, SpooledClaims) else tuple(map(mend, claims))


def _claim(claim: ClaimPayment, unread: set[int]) -> ClaimPayment:
    lines = tuple(replace(line, amounts=tuple(_readable(line, unread))) for line in claim.lines)
    return replace(claim, amounts=tuple(_readable(claim, unread)), lines=lines)


def _readable(said: ClaimPayment | ServicePayment, unread: set[int]) -> Iterator[Amount]:
    """Its amounts that were read; none of them where one was not and nobody can say which, for they only inform."""
    places = [said.position + number for number, text in enumerate(said.segments) if _is_amt(text)]
    is_clear = len(places) == len(said.amounts)
    for number, amount in enumerate(said.amounts):
        if places[number] not in unread if is_clear else unread.isdisjoint(places):
            yield amount


def _is_amt(text: str) -> bool:
    return text.startswith("AMT") and not text[3:4].isalnum()


class Informing:
    """What informs and counts for nothing: where it cannot be told it is left out, and noted with its place."""

    def __init__(self) -> None:
        """Nothing is noted yet."""
        self.notes: list[str] = []

    def code(self, text: str, place: str) -> str | None:
        """A code, or none where nothing stands or what stands is none."""
        code = text.strip()
        if len(code) <= LONGEST_CODE and code.isprintable():
            return code or None
        self.notes.append(f"{place}: what stands here is no code and is left out")
        return None

    def without_untellable(self, claim: ClaimPayment) -> ClaimPayment:
        """The same without the amounts and quantities that inform and that no event can carry."""
        at = f"segment {claim.position}"
        return replace(
            claim,
            patient_responsibility=self._amount(claim.patient_responsibility, f"{at}, CLP05"),
            amounts=self._amounts(claim.amounts, at),
            adjustments=self._adjustments(claim.adjustments, at),
            lines=tuple(self._line(line) for line in claim.lines),
        )

    def _line(self, line: ServicePayment) -> ServicePayment:
        at = f"segment {line.position}"
        return replace(
            line,
            quantity=self._quantity(line.quantity, f"{at}, SVC05"),
            amounts=self._amounts(line.amounts, at),
            adjustments=self._adjustments(line.adjustments, at),
        )

    def _amounts(self, amounts: Iterable[Amount], at: str) -> tuple[Amount, ...]:
        place = f"{at}, an AMT below it"
        return tuple(one for one in amounts if self._amount(one.amount, place) is not None)

    def _adjustments(self, adjustments: Iterable[Adjustment], at: str) -> tuple[Adjustment, ...]:
        place = f"{at}, the quantity of a CAS below it"
        return tuple(replace(one, quantity=self._quantity(one.quantity, place)) for one in adjustments)

    def _amount(self, amount: Decimal | None, place: str) -> Decimal | None:
        try:
            return None if amount is None else dollars(amount)
        except ValueError as error:
            self.notes.append(f"{place}: {error}; it informs alone and is left out")
            return None

    def _quantity(self, quantity: Decimal | None, place: str) -> Decimal | None:
        try:
            return None if quantity is None else _QUANTITY.validate_python(quantity)
        except ValueError:
            self.notes.append(f"{place}: not a quantity; it informs alone and is left out")
            return None


_QUANTITY: TypeAdapter[Decimal] = TypeAdapter(Quantity)
