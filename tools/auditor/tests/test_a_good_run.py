"""A run in which all went well, and what it takes for the audit to say so."""

from datetime import timedelta

import pytest
from claimstream_auditor import Bounds, marks_of

from .live_run import CANARY, PRACTICE

ALL = {f"I{number}" for number in range(1, 15)}


async def test_a_good_run_violates_nothing_and_each_invariant_had_something_to_look_at(desk):
    report = await desk.audit(canaries=[CANARY.encode()], required=ALL)

    assert "\n".join(line for finding in report.findings for line in map(str, finding.violations)) == ""
    assert {finding.invariant for finding in report.findings if finding.checked} == ALL


async def test_the_run_had_all_that_can_go_wrong_with_a_claim(desk):
    report = await desk.audit()

    counted = report["I1"].figures | report["I2"].figures | report["I5"].figures | report["I12"].figures
    ends = {"dead-lettered", "with claims", "self-pay", "awaiting coder", "taken back"}
    assert {f"encounters: {end}" for end in ends} <= set(counted)
    assert {f"claims: {end}" for end in ("held", "rejected", "unanswered", "denied", "paid")} <= set(counted)
    assert min(counted[name] for name in ("posted", "quarantined", "dead", "parked")) > 0
    assert report["I4"].figures["copies"] >= 2
    assert report["I10"].figures["sent again"] == 1
    assert report["I13"].figures["withdrawn"] + report["I13"].figures["cases"] > 0


async def test_one_practice_alone_is_audited_to_the_same_end(desk):
    report = await desk.audit(practice=PRACTICE)

    assert report.violated == 0
    assert report["I1"].checked == (await desk.audit("I1"))["I1"].checked


async def test_another_practice_has_nothing(desk):
    report = await desk.audit(practice="elsewhere")

    assert report.violated == 0
    assert {finding.checked for finding in report.findings if finding.invariant != "I8"} == {0}


async def test_a_required_invariant_with_nothing_to_look_at_is_violated(desk):
    report = await desk.audit("I13", practice="elsewhere", required={"I13"})

    assert not report.holds


async def test_an_audit_from_a_mark_looks_at_what_came_after_it(desk):
    marks = await marks_of(desk.evidence.databases)

    report = await desk.audit("I8", "I10", practice=PRACTICE, marks=marks)

    assert (report["I8"].checked, report["I8"].violated) == (0, 0)
    assert report["I10"].figures["said"] == 0


async def test_while_work_goes_on_what_is_unfinished_is_no_violation(desk):
    await desk.tamper(
        "claim-svc", "DELETE FROM inbox WHERE (source, number) = (SELECT source, number FROM inbox LIMIT 1)"
    )
    await desk.tamper("coding-svc", "UPDATE encounters SET state = 'received' WHERE state = 'awaiting_coder'")
    await desk.tamper(
        "coding-svc",
        "INSERT INTO coding_work (practice, encounter) SELECT practice, id FROM encounters WHERE state = 'received'"
        " ON CONFLICT DO NOTHING",
    )

    moving = await desk.audit("I1", "I11", bounds=Bounds(at_rest=False, stuck_after=timedelta(0)))
    at_rest = await desk.audit("I1", "I11", bounds=Bounds(stuck_after=timedelta(seconds=-1)))

    assert [str(violation) for finding in moving.findings for violation in finding.violations] == []
    assert "a received encounter waits too long for the encoder" in at_rest["I1"].kinds
    assert "an event was not taken although all is quiet" in at_rest["I11"].kinds


@pytest.mark.parametrize(
    ("service", "sql", "invariant"),
    [
        ("coding-svc", "DELETE FROM encounters WHERE state = 'coded'", "I1"),
        ("claim-svc", "DELETE FROM self_pay_visits", "I7"),
        ("clearinghouse-gw", "DELETE FROM files WHERE direction = 'inbound'", "I4"),
        ("remit-svc", "DELETE FROM payments WHERE denied_cents > 0", "I13"),
    ],
)
async def test_while_work_goes_on_a_service_that_is_looked_at_earlier_may_know_less(desk, service, sql, invariant):
    await desk.tamper(service, sql)
    desk.journal.clear()

    assert await desk.kinds(invariant, bounds=Bounds(at_rest=False)) == {}
