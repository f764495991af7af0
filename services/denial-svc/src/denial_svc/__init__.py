"""What a payer refused is a case with a cause and a deadline.

denial-svc hears ``claim.denied`` and opens one case per refused adjustment: group, CARC, RARC, the cause in our own words, what to do,
whether an appeal is offered, and the last day to answer. Later decisions (``claim.adjudicated``) move the cases: what the payer takes back
is withdrawn, what is paid or decided anew is closed, and opened again when that decision falls.
"""
