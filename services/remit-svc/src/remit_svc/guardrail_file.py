"""``guardrails.toml`` to ``domain/guardrails.py``."""

import tomllib
from pathlib import Path

from .domain.guardrails import Guardrails


def load_guardrails(path: Path) -> Guardrails:
    """The guardrails of a file.

    Raises:
        KeyError: a row lacks groups or carcs.
    """
    written = tomllib.loads(path.read_text())

    def pairs(name: str) -> frozenset[tuple[str, str]]:
        return frozenset((group, carc) for row in written[name] for group in row["groups"] for carc in row["carcs"])

    return Guardrails(
        not_denials=pairs("not_a_denial"),
        contractual=pairs("contractual"),
        pricing=pairs("pricing"),
        for_next_payer=pairs("for_the_next_payer"),
        another_payers=pairs("another_payers"),
    )
