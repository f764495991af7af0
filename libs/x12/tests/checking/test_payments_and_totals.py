"""How a payment comes and the totals of an acknowledgment, in the shapes in which they go wrong and in those that are right."""

import pytest

from ..checked import found_in
from ..whole_files import CLAIM_ACKNOWLEDGMENT, REMITTANCE, WholeFile

R, CA = REMITTANCE, CLAIM_ACKNOWLEDGMENT
ACCOUNTS = "CCP*01*011000015*DA*1234567*1512345678**01*011000015*DA*7654321"
BANKS = ACCOUNTS.replace("CCP", "")
NOTHING = R.edit("PLB*", "*9", "*140.5")  # what the claims are paid is taken back


def paid(file: WholeFile, handling: str, amount: str, method: str, accounts: str = ACCOUNTS) -> WholeFile:
    """The same remittance, paid otherwise."""
    return file.change("BPR*", f"BPR*{handling}*{amount}*C*{method}*{accounts}*20260920")


NO_ACCOUNTS = "*" * 10
WRONG = {
    "nothing by ACH": paid(NOTHING, "I", "0", "ACH"),
    "nothing by ACH, in cents": paid(NOTHING, "I", "0.00", "ACH"),
    "nothing by cheque": paid(NOTHING, "I", "0", "CHK", NO_ACCOUNTS),
    "nothing by wire": paid(NOTHING, "C", "0", "FWT", BANKS),
    "nothing by the payer's bank": paid(NOTHING, "I", "0", "BOP", BANKS),
    "nothing, with the money": paid(NOTHING, "C", "0", "ACH"),
    "notified of a payment by ACH": paid(R, "H", "131.5", "ACH"),
    "notified of a payment by cheque": paid(R, "H", "131.5", "CHK", NO_ACCOUNTS),
    "notified of nothing by ACH": paid(NOTHING, "H", "0", "ACH"),
    "money by no method": paid(R, "H", "131.5", "NON", NO_ACCOUNTS),
    "nothing by no method, as an advice": paid(NOTHING, "I", "0", "NON", NO_ACCOUNTS),
    "a prenote with money": paid(R, "P", "131.5", "ACH"),
    "a prenote of a cheque": paid(NOTHING, "P", "0", "CHK", NO_ACCOUNTS),
    "a prenote by no method": paid(NOTHING, "P", "0", "NON", NO_ACCOUNTS),
}


@pytest.mark.parametrize("name", WRONG)
def test_how_the_money_comes_agrees_with_how_much_comes(name):
    assert found_in(WRONG[name]) == {"no-payment": True}


RIGHT = {
    "money by ACH": paid(R, "I", "131.5", "ACH"),
    "money with the advice": paid(R, "C", "131.5", "ACH"),
    "money by cheque": paid(R, "I", "131.5", "CHK", NO_ACCOUNTS),
    "money by wire": paid(R, "I", "131.5", "FWT", BANKS),
    "nothing": paid(NOTHING, "H", "0", "NON", NO_ACCOUNTS),
    "a prenote": paid(NOTHING, "P", "0", "ACH"),
    "a payment that is drawn from the payer": R.edit("BPR*", "*C*", "*D*"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_payment_that_agrees_with_its_amount_is_right(name):
    assert found_in(RIGHT[name]) == {}


@pytest.mark.parametrize("accounts", [ACCOUNTS.replace("CCP", ""), ACCOUNTS.replace("*1234567", "*"), NO_ACCOUNTS])
def test_a_payment_by_ach_names_format_and_accounts(accounts):
    assert found_in(paid(R, "I", "131.5", "ACH", accounts))["bank-account"]


def test_a_payment_by_wire_names_its_banks():
    assert found_in(paid(R, "I", "131.5", "FWT", NO_ACCOUNTS)) == {"bank-account": True}


def test_charges_below_zero_that_no_reversal_explains_are_told():
    charge = (
        R.edit("CLP*OWN0001", "*120*80.5*", "*-120*80.5*")
        .edit("SVC*HC:99213", "*120*", "*-120*")
        .edit("CAS*CO*45*29.5", "29.5", "-210.5")
    )

    assert found_in(charge) == {"reversal-sign": False}
    assert found_in(R.edit("SVC*HC:99213", "**1", "**-1")) == {"reversal-sign": False}


def counted(**totals: str) -> WholeFile:
    """The acknowledgment with other totals of its batch."""
    file = CA
    for name, text in totals.items():
        segment = f"{'QTY' if name in {'accepted', 'refused'} else 'AMT'}*{QUALIFIERS[name]}"
        file = file.change(segment, f"{segment}*{text}")
    return file


QUALIFIERS = {"accepted": "90", "refused": "AA", "charged": "YU", "returned": "YY"}
OF_PROVIDER = ("QTY*QA*1", "QTY*QC*1", "AMT*YU*200", "AMT*YY*50")
OFF = {
    "one accepted too many": counted(accepted="2"),
    "one refused too few": counted(refused="0"),
    "accepted and refused, taken one for the other": counted(charged="50", returned="200"),
    "a cent too much": counted(charged="200.01"),
    **{f"of the provider, {one}": CA.add("REF*TJ", *OF_PROVIDER).edit(one, one[-1], "7") for one in OF_PROVIDER},
}


@pytest.mark.parametrize("name", OFF)
def test_totals_that_are_not_those_of_the_claims_below_are_told(name):
    assert found_in(OFF[name]) == {"acknowledgment-totals": False}


AS_LISTED = {
    "at both levels": CA.add("REF*TJ", *OF_PROVIDER),
    "written with cents": counted(charged="200.00"),
    "left out": CA.drop("QTY*90", "QTY*AA", "AMT*YU", "AMT*YY"),
    "of two providers": CA.change("HL*5*3*PT", "HL*5*2*19*1", "NM1*85*2*HILL CLINIC*****XX*1999999984", "TRN*1*0", "STC*A1:19:PR**WQ*50", "QTY*QC*1", "AMT*YY*50", "HL*6*5*PT"),
    "of a batch that is refused and lists no claim": CA.change("STC*A1:19:PR*20260917*WQ*250", "STC*A8:187*20260917*U*250").drop("HL*3*", "NM1*85", "TRN*1*0", "STC*A1:19:PR**", "REF*TJ", "HL*4*", "NM1*QC", "TRN*2*OWN0001", "STC*A2", "REF*1K", "DTP*472", "HL*5*", "NM1*QC", "TRN*2*CHILD0001", "STC*A7", "DTP*472").edit("HL*2*", "21*1", "21*0"),
    "of a provider who is refused": counted(accepted="0", refused="2", charged="0", returned="250").change("STC*A1:19:PR**WQ", "STC*A8:187**U*250"),
    "of a summary": CA.cut("HL*4*3*PT").edit("HL*3*2*19*1", "19*1", "19*0").add("REF*TJ", "SE*#*0001", "GE*1*17", "IEA*1*000000017"),
}  # fmt: skip


@pytest.mark.parametrize("name", AS_LISTED)
def test_totals_that_are_those_of_the_claims_below_are_right(name):
    assert "acknowledgment-totals" not in found_in(AS_LISTED[name])
