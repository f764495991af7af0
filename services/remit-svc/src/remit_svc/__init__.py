"""What a payer decided is posted to a ledger that balances.

remit-svc hears ``claim.assembled`` (each charge goes on the books), ``claim.submitted`` (what we expect) and ``era.received``. It stages
the chunks of a remittance; when the last one is there, all of it is posted in one transaction, provided that line, claim and
transaction balance; else the set is quarantined whole. It tells what was decided, what was refused, and what differs from the contract.
"""
