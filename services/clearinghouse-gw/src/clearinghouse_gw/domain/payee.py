"""Whose money an 835 is. The payee's own numbers decide; the envelope, which anyone may address to us, proves nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

_SHOWN = 4


@dataclass(frozen=True)
class Payee:
    """The numbers of who is paid."""

    npi: str = ""  # N104 with XX
    tax_id: str = ""  # N104 with FI, else REF*TJ: its digits


@dataclass(frozen=True)
class Holder:
    """A practice of ours that has one of the payee's numbers, itself or at a location that bills itself."""

    practice_id: str
    has_npi: bool
    has_tax_id: bool
    shares_with: frozenset[str] = frozenset()
    """The practices that may have the same tax number, as it says itself."""


@dataclass(frozen=True)
class Whose:
    """The practice that is paid; where a person decides, none, and what was found."""

    practice_id: str | None
    reason: str | None = None


def digits(text: str) -> str:
    """A tax number without its hyphens and blanks."""
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())


def whose(payee: Payee, holders: Sequence[Holder]) -> Whose:
    """The practice with the payee's NPI; of several the one with its tax number; by the tax number alone only where there is no NPI."""
    if payee.npi:
        return _by_npi(payee, holders)
    if not payee.tax_id:
        return Whose(None, "the payee has neither an NPI nor a tax number")
    owners = [one for one in holders if one.has_tax_id]
    if len(owners) == 1:
        return Whose(owners[0].practice_id)
    many = "several practices of ours have" if owners else "no practice of ours has"
    return Whose(None, f"{many} the payee's tax number ({_shown('FI', payee.tax_id)}), and it has no NPI")


def sharers(payee: Payee, holders: Sequence[Holder]) -> frozenset[str]:
    """Who may say themselves that it is theirs: those with the payee's tax number where there is no NPI and each names all others."""
    if payee.npi:
        return frozenset()
    owners = [one for one in holders if one.has_tax_id]
    names = frozenset(one.practice_id for one in owners)
    return names if all(names <= one.shares_with | {one.practice_id} for one in owners) else frozenset()


def may_be(payee_holders: Sequence[Holder], practice: str) -> bool:
    """Whether a person of the installation may say that it is this practice's: nobody has a number of the payee, or it has one."""
    return not payee_holders or practice in {one.practice_id for one in payee_holders}


def _by_npi(payee: Payee, holders: Sequence[Holder]) -> Whose:
    npi, tax_id = _shown("XX", payee.npi), _shown("TJ", payee.tax_id)
    owners = [one for one in holders if one.has_npi]
    if not owners:
        return Whose(None, f"no practice of ours has the payee's NPI ({npi})")
    agreed = [one for one in owners if one.has_tax_id]
    if len(owners) > 1:
        if len(agreed) == 1:
            return Whose(agreed[0].practice_id)
        return Whose(
            None, f"several practices of ours have the payee's NPI ({npi}), and its tax number tells none of them"
        )
    if not agreed and any(one.has_tax_id for one in holders):
        return Whose(None, f"the payee's NPI ({npi}) is one practice's, its tax number ({tax_id}) another's")
    return Whose(owners[0].practice_id)


def _shown(qualifier: str, number: str) -> str:
    return f"{qualifier} …{number[-_SHOWN:]}"
