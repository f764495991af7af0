"""835 text: one payer pays one provider; by default one claim of one line, which balances."""

from __future__ import annotations

from claimstream_x12.conformance.building.envelopes import a_file

CONTRACT_AND_COPAY = "CAS*CO*45*29.5~CAS*PR*3*10~"
_ACCOUNTS = "01*011000015*DA*1234567*1512345678**01*011000015*DA*7654321"
_NO_ACCOUNTS = "*" * 10


def service(  # noqa: PLR0913  what a case does not name has a sensible value
    charge: str = "120",
    paid: str = "80.5",
    adjustments: str = CONTRACT_AND_COPAY,
    *,
    code: str = "99213",
    submitted: str = "",
    number: str = "ABCDEFGH234567670101",
    after: str = "",
) -> str:
    """Loop 2110: what was decided about one line."""
    billed_as = f"*HC:{submitted}" if submitted else ""
    own_number = f"REF*6R*{number}~" if number else ""
    return f"SVC*HC:{code}*{charge}*{paid}**1{billed_as}~DTM*472*20260901~{adjustments}{own_number}{after}"


def payment(  # noqa: PLR0913  the same
    *services: str,
    status: str = "1",
    charge: str = "120",
    paid: str = "80.5",
    share: str = "10",
    adjustments: str = "",
    number: str = "ABCDEFGH23456767",
    payer_number: str = "PAYER77",
    parties: str = "",
    after: str = "",
) -> str:
    """Loop 2100: what was decided about one claim; without lines unless they are given."""
    patient = "NM1*QC*1*DOE*JANE****MI*M000001~"
    decided = f"CLP*{number}*{status}*{charge}*{paid}*{share}*12*{payer_number}*11*1~"
    return f"{decided}{adjustments}{patient}{parties}DTM*232*20260901~DTM*050*20260917~{after}{''.join(services)}"


def payment_of_one_line(
    charge: str = "120", paid: str = "80.5", adjustments: str = CONTRACT_AND_COPAY, **of: str
) -> str:
    """A claim of one line; `of` is said of the claim."""
    return payment(service(charge, paid, adjustments), charge=charge, paid=paid, **of)


def remittance_body(
    *payments: str,
    paid: str = "80.5",
    provider_adjustments: str = "",
    handling: str = "I",
    method: str = "ACH",
    trace: str = "EFT0001",
) -> str:
    """What stands between ST and SE."""
    how = f"ACH*CCP*{_ACCOUNTS}" if method == "ACH" else f"{method}*{_NO_ACCOUNTS}"
    return (
        f"BPR*{handling}*{paid}*C*{how}*20260920~TRN*1*{trace}*1512345678~DTM*405*20260920~"
        "N1*PR*FIRST PAYER~N3*1 MAIN STREET~N4*BOSTON*MA*021010001~PER*BL*EDI*TE*8005550100~"
        "N1*PE*BAY CLINIC*XX*1999999984~REF*TJ*123456789~"
        + ("LX*1~" if payments else "")
        + "".join(payments)
        + provider_adjustments
    )


def remittance(
    *payments: str,
    paid: str = "80.5",
    provider_adjustments: str = "",
    handling: str = "I",
    method: str = "ACH",
    trace: str = "EFT0001",
) -> bytes:
    """A file of one 835; `paid` is BPR02."""
    body = remittance_body(
        *payments, paid=paid, provider_adjustments=provider_adjustments, handling=handling, method=method, trace=trace
    )
    return a_file("835", body)


def no_payment(*payments: str, provider_adjustments: str = "") -> bytes:
    """A file of one 835 that moves no money."""
    return remittance(*payments, paid="0", provider_adjustments=provider_adjustments, handling="H", method="NON")


def provider_adjustment(reason: str, amount: str, reference: str = "PAYER77") -> str:
    """A PLB of one adjustment."""
    return f"PLB*1999999984*20261231*{reason}:{reference}*{amount}~"
