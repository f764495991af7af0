"""Ambulance services, told by their codes, and the modifiers that say from where to where (CMS MCPM 15 §30)."""

import re

_AMBULANCE = re.compile(r"A0(02[1-9]|0[3-9]\d|[1-9]\d\d)")
"""A0021 to A0999."""
_ORIGIN_AND_DESTINATION = re.compile("[DEGHIJNPRS][DEGHIJNPRSX]")
"""X, a stop at a physician's office, is a destination alone."""


def is_ambulance(procedure: str | None) -> bool:
    """Whether it is a service of an ambulance."""
    return procedure is not None and _AMBULANCE.fullmatch(procedure) is not None


def tells_the_way(modifier: str) -> bool:
    """Whether it is an origin and a destination."""
    return _ORIGIN_AND_DESTINATION.fullmatch(modifier) is not None
