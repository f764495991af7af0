"""Short lists of codes that may be shared, each with its source and date; the words are our own.

Lists that change often (CARC, RARC, claim status codes) are not kept here: an inbound code is never refused for being unknown.
"""

CLAIM_STATUS_CATEGORIES = {
    "A0": "received, passed on",
    "A1": "received",
    "A2": "accepted into adjudication",
    "A3": "returned as unprocessable",
    "A4": "not found",
    "A5": "accepted and split",
    "A6": "rejected: information is missing",
    "A7": "rejected: information is not valid",
    "A8": "rejected: information does not fit together",
}
"""Categories that a 277CA may use (X12 external code source 507; X12 RFI 1942 and 2203), read 2026-11."""

ADJUSTMENT_GROUPS = {
    "CO": "contractual obligation",
    "CR": "correction and reversal, in coordination of benefits only",
    "OA": "other adjustment",
    "PI": "payer initiated",
    "PR": "patient responsibility",
}
"""CAS01 (X12 data element 1033; CR: X12 RFI 1147), read 2026-11."""

CLAIM_PAYMENT_STATUSES = {
    "1": "processed as primary",
    "2": "processed as secondary",
    "3": "processed as tertiary",
    "4": "the patient is not recognised",
    "19": "processed as primary, forwarded",
    "20": "processed as secondary, forwarded",
    "21": "processed as tertiary, forwarded",
    "22": "reversal of an earlier payment",
    "23": "not our claim, forwarded",
    "25": "predetermination, no payment",
}
"""CLP02 in the 5010 guide; none of them says that a claim was denied (X12 RFI 1423, 1079, 207), read 2026-11."""
