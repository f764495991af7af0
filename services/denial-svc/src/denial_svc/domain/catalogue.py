"""The denial catalogue: data with our own words, see ``playbooks/catalogue.toml``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """Why a payer refuses so, the payer-neutral scenario, and the usual route: R, C, A, I, P, O, N or W."""

    cause: str
    scenario: str
    route: str


@dataclass(frozen=True)
class Catalogue:
    """Causes by CARC, and remarks (RARC) that decide whatever the CARC."""

    by_carc: dict[str, Cause]
    by_remark: dict[str, Cause]
