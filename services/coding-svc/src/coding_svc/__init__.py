"""coding-svc: a visit becomes codes and charges.

EHRs post encounters, as native JSON or as FHIR R4 bundles. What came with codes is validated at its date of service and told
at once as ``encounter.coded``; a text or a SNOMED code goes to the encoder, which codes what it is sure of and leaves the
rest to a coder. What was done becomes charge lines through the practice's charge master. Every encounter ends in exactly
one place: not billable, awaiting a coder, or coded.
"""
