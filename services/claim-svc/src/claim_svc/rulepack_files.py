"""``rulepacks/`` to ``domain/rules.py``: one loader, which names the file and the rule when one is wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from .domain.checks import CHECKS
from .domain.rules import PackFault, Rule, RulePack, RulePacks

_NEEDED = ("id", "kind", "says", "remedy", "source")


def load_packs(folder: Path) -> RulePacks:
    """All packs of a folder: ``<payer>/pack.yaml``.

    Raises:
        PackFault: a pack is wrong; names file, rule and field.
    """
    packs = {path.parent.name: load_pack(path) for path in sorted(folder.glob("*/pack.yaml"))}
    if "base" not in packs:
        raise PackFault(f"{folder.name}: there is no base/pack.yaml")
    return RulePacks(packs)


def load_pack(path: Path) -> RulePack:
    """One pack.

    Raises:
        PackFault: it is wrong.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        written: Any = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise PackFault(f"{where}: {error}") from error
    if not isinstance(written, dict) or not {"payer", "version", "rules"} <= set(written):
        raise PackFault(f"{where}: needs payer, version and rules")
    if written["payer"] != path.parent.name:
        raise PackFault(f"{where}: payer is {written['payer']}, the folder {path.parent.name}")
    rules = tuple(_rule(each, where) for each in written["rules"])
    names = [rule.id for rule in rules]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PackFault(f"{where}: {', '.join(twice)} is there twice")
    return RulePack(written["payer"], str(written["version"]), rules)


def _rule(written: Any, where: str) -> Rule:
    if not isinstance(written, dict):
        raise PackFault(f"{where}: a rule is a mapping, not {written!r}")
    name = written.get("id", "a rule without id")
    if missing := [field for field in _NEEDED if not written.get(field)]:
        raise PackFault(f"{where}: {name}: {', '.join(missing)} is missing")
    if unknown := sorted(set(written) - {*_NEEDED, "settings", "claims", "severity"}):
        raise PackFault(f"{where}: {name}: {', '.join(unknown)} is not a field of a rule")
    if written["kind"] not in CHECKS:
        raise PackFault(f"{where}: {name}: no rule is of kind {written['kind']}; there are {', '.join(sorted(CHECKS))}")
    severity = written.get("severity", "hold")
    if severity not in ("hold", "warn"):
        raise PackFault(f"{where}: {name}: severity is hold or warn, not {severity}")
    settings = written.get("settings") or {}
    if not all(isinstance(since, date) for since in settings):
        raise PackFault(f"{where}: {name}: settings are values by date, e.g. 2010-01-01: …")
    claims = tuple(written.get("claims", ("professional", "institutional")))
    return Rule(
        id=name,
        kind=written["kind"],
        says=written["says"],
        remedy=written["remedy"],
        source=written["source"],
        settings=tuple(sorted(settings.items())),
        claims=claims,
        severity=severity,
    )
