"""Answers to a file that was checked: TA1, 999 and 277CA are renderings of one list of findings.

    report = Checker(remember_claims=True).check(data)
    answer(report, now=datetime(2026, 11, 23, 9, 0), control_number=1)   # bytes: one interchange for each one that came

An interchange whose envelope is refused gets a TA1 and nothing else: its sets are never called accepted. A 999 speaks of
syntax and guide (SNIP 1 and 2; of everything where no 277CA follows), a 277CA of each claim of an 837 that the 999 lets pass.
No 999 is ever answered with a 999.
"""

from claimstream_x12.answering.answer import answer
from claimstream_x12.answering.claim_acknowledgment import claim_acknowledgment
from claimstream_x12.answering.group_acknowledgment import group_acknowledgment, refuses_set
from claimstream_x12.answering.interchange_answer import interchange_answer

__all__ = ["answer", "claim_acknowledgment", "group_acknowledgment", "interchange_answer", "refuses_set"]
