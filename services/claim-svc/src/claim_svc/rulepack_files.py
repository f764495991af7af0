"""``rulepacks/`` to ``domain/rules.py``: one loader, which names the file and the rule when one is wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from claimstream_schemas.values.claim_kinds import KINDS

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
    if unknown := sorted(set(written) - {"payer", "version", "rules", "valid_from", "valid_to", "claims"}):
        raise PackFault(f"{where}: {', '.join(unknown)} is not a field of a pack")
    since, until = written.get("valid_from", date.min), written.get("valid_to", date.max)
    if not (isinstance(since, date) and isinstance(until, date)):
        raise PackFault(f"{where}: valid_from and valid_to are days, e.g. 2026-01-01")
    claims = _kinds(written, where)
    return RulePack(written["payer"], str(written["version"]), rules, since, until, claims)


def _kinds(written: dict[str, Any], where: str) -> tuple[str, ...]:
    kinds = tuple(written.get("claims", KINDS))
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise PackFault(f"{where}: claims are {' or '.join(KINDS)}, not {', '.join(unknown)}")
    return kinds


def _compiled(value: Any) -> Any:
    """A list of words is a set, so that a check looks up instead of searching; a list of anything else stays one."""
    if isinstance(value, dict):
        return {name: _compiled(each) for name, each in value.items()}
    if isinstance(value, list):
        return frozenset(value) if all(isinstance(each, str) for each in value) else [_compiled(each) for each in value]
    return value


def _rule(written: Any, where: str) -> Rule:
    if not isinstance(written, dict):
        raise PackFault(f"{where}: a rule is a mapping, not {written!r}")
    name = written.get("id", "a rule without id")
    if missing := [field for field in _NEEDED if not written.get(field)]:
        raise PackFault(f"{where}: {name}: {', '.join(missing)} is missing")
    if unknown := sorted(set(written) - {*_NEEDED, "settings", "claims", "severity", "sequence"}):
        raise PackFault(f"{where}: {name}: {', '.join(unknown)} is not a field of a rule")
    if written["kind"] not in CHECKS:
        raise PackFault(f"{where}: {name}: no rule is of kind {written['kind']}; there are {', '.join(sorted(CHECKS))}")
    severity = written.get("severity", "hold")
    if severity not in ("hold", "warn"):
        raise PackFault(f"{where}: {name}: severity is hold or warn, not {severity}")
    settings = written.get("settings") or {}
    if not all(isinstance(since, date) for since in settings):
        raise PackFault(f"{where}: {name}: settings are values by date, e.g. 2010-01-01: …")
    sequence = written.get("sequence", "primary")
    if sequence not in ("primary", "secondary", "any"):
        raise PackFault(f"{where}: {name}: sequence is primary, secondary or any, not {sequence}")
    return Rule(
        id=name,
        kind=written["kind"],
        says=written["says"],
        remedy=written["remedy"],
        source=written["source"],
        settings=tuple((since, _compiled(settings[since])) for since in sorted(settings)),
        claims=_kinds(written, f"{where}: {name}"),
        severity=severity,
        sequence=sequence,
    )
