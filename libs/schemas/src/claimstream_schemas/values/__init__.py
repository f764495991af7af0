"""The values that events are made of: money, identifiers, codes, people, claims, payments.

All are frozen Pydantic models or annotated types; the services' domains may use them too.
"""
