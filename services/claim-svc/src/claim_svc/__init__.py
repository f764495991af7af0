"""A coded encounter becomes a claim that can be paid.

claim-svc hears ``encounter.coded``, builds professional and institutional claims, scrubs them against the payer's rules, and holds
them with a reason and a remedy or submits them. It follows each submission through its acknowledgements, and bills the next payer
when one has decided. It alone decides what is submitted.
"""
