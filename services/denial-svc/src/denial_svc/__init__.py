"""What a payer refused is a case with a cause and a deadline.

denial-svc hears ``claim.denied`` and opens one case per refused adjustment: group, CARC, RARC, the cause in our own words, what to do,
and the last day to answer. When the payer takes the decision back (``claim.adjudicated``, reversed), its cases are withdrawn.
"""
