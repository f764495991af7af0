"""The patient's share that must not be billed has accounts of its own, with the reason."""

import pytest

from ..builders import a_line_payment, a_payment, line_of
from .accounts import a_desk


def says(paid: str, *said: str, remarks=(), claim_remarks=(), sequence: int = 1):
    line = a_line_payment("120.00", paid, *said, line=line_of(), remarks=remarks)
    return a_payment("E1", line, submission=sequence, status=str(sequence), remarks=claim_remarks)


@pytest.mark.parametrize("remark", ["N781", "N782", "N783"])
@pytest.mark.parametrize("is_on_claim", [False, True])
@pytest.mark.parametrize("share", ["PR-1", "PR-2", "PR-3"])
def test_a_qualified_beneficiary_owes_no_cost_sharing_of_medicare(remark, is_on_claim, share):
    where = {"claim_remarks" if is_on_claim else "remarks": (remark,)}

    desk = a_desk(filing=("MB",)).hears(says("64.00", "CO-45 40.00", f"{share} 16.00", **where))

    assert desk.entries == {
        "adjustment.CO": 4000,
        "payer.paid": 6400,
        "receivable.open": -12000,
        "unbillable.qmb": 1600,
    }


def test_a_qualified_beneficiarys_share_waits_for_the_payer_behind_and_is_never_the_patients_after_it():
    desk = a_desk(payers=("medicare", "medigap"), filing=("MB", "CI"))
    desk.hears(says("64.00", "CO-45 40.00", "PR-2 16.00", remarks=("N781",)))
    assert desk.balances["receivable.next_payer"] == 1600

    desk.hears(says("10.00", "OA-23 104.00", "PR-2 6.00", sequence=2))

    assert desk.balances["unbillable.qmb"] == 600
    assert "receivable.patient" not in desk.balances


@pytest.mark.parametrize(
    ("carc", "account"),
    [
        ("142", "receivable.patient"),
        ("178", "receivable.patient"),
        ("2", "unbillable.medicaid"),
        ("1", "unbillable.medicaid"),
    ],
)
def test_medicaids_patient_owes_the_copay_alone_that_its_own_remittance_assigns(carc, account):
    desk = a_desk(filing=("MC",)).hears(says("64.00", "CO-45 40.00", f"PR-{carc} 16.00"))

    assert desk.balances[account] == 1600
    assert (
        sum(cents for name, cents in desk.balances.items() if name in ("receivable.patient", "unbillable.medicaid"))
        == 1600
    )


def test_what_medicaid_as_the_last_payer_leaves_of_medicares_share_is_not_the_patients():
    desk = a_desk(payers=("medicare", "medicaid"), filing=("MB", "MC"))
    desk.hears(says("64.00", "CO-45 40.00", "PR-2 16.00"))

    desk.hears(says("0.00", "OA-23 104.00", "PR-2 16.00", sequence=2))

    assert desk.balances["unbillable.medicaid"] == 1600
    assert "receivable.patient" not in desk.balances


def test_an_injury_at_work_that_was_accepted_is_never_the_patients():
    desk = a_desk(filing=("WC",)).hears(says("64.00", "CO-45 40.00", "PR-2 16.00"))

    assert desk.balances["unbillable.work_injury"] == 1600


def test_an_injury_that_is_none_of_work_is_refused_and_goes_on():
    desk = a_desk(filing=("WC",)).hears(says("0.00", "PR-191 120.00"))

    assert desk.refused == [("PR-191", 12000)]


def test_any_other_share_is_the_patients():
    desk = a_desk(filing=("CI",)).hears(says("64.00", "CO-45 40.00", "PR-3 16.00", remarks=("N782X", "M15")))

    assert desk.balances["receivable.patient"] == 1600


@pytest.mark.parametrize(("filing", "account"), [("WC", "unbillable.work_injury"), ("MC", "unbillable.medicaid")])
def test_what_a_plan_behind_leaves_of_an_accepted_share_is_not_the_patients(filing, account):
    desk = a_desk(payers=("first", "plan"), filing=(filing, "CI")).hears(says("64.00", "CO-45 40.00", "PR-2 16.00"))

    desk.hears(says("0.00", "OA-23 104.00", "PR-2 16.00", sequence=2))

    assert desk.balances[account] == 1600
    assert "receivable.patient" not in desk.balances


def test_what_a_plan_leaves_of_an_injury_that_was_none_of_work_is_the_patients():
    desk = a_desk(payers=("comp", "plan"), filing=("WC", "CI")).hears(says("0.00", "PR-191 120.00"))

    desk.hears(says("64.00", "CO-45 40.00", "PR-2 16.00", sequence=2))

    assert desk.balances["receivable.patient"] == 1600
