"""A stack that is elsewhere, as a TOML file or an address says it (docs/operations.md, "Stacks elsewhere")."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from claimstream_local_servers import PostgresServer
from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .members import SERVICES
from .sites import GivenToken, Issuer, Kept, KeyHolder, Program, Site, TokenCommand

TOKEN = "CLAIMSTREAM_TOKEN"  # noqa: S105  a variable's name
POSTGRES_PORT = 5432
DATABASE = "postgresql://"
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")

ServiceName: TypeAlias = Literal["coding-svc", "claim-svc", "clearinghouse-gw", "remit-svc", "denial-svc"]
Words: TypeAlias = tuple[str, ...]


class WrongProfile(Exception):
    """The profile cannot be used; the message names the place."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"))


class _Tokens(_Section):
    keys: Path | None = None
    file: Path | None = None
    command: Words = ()


class _Audit(_Section):
    folder: Path | None = None
    command: Words = ()


class _Backup(_Section):
    postgres: str
    files: Path | None = None
    files_command: Words = ()
    programs: Path | None = None


class _Profile(_Section):
    services: str | dict[ServiceName, str] = Field(default_factory=dict)
    ca: Path | None = None
    env_file: Path | None = None
    clock_offset_seconds: int = 0
    tokens: _Tokens = _Tokens()
    databases: dict[ServiceName, str] = Field(default_factory=dict)
    audit: _Audit = _Audit()
    backup: _Backup | None = None


def at_url(url: str, *, ca: Path | None = None) -> Site:
    """The services alone, by one address: with {service} or {port} in it, or else each behind a path of its name.

    Raises:
        WrongProfile: it is no address.
    """
    for address in _by_template(url).values():
        _check_address(address)
    return Site(url, _by_template(url), _given_token(), ca=ca)


def read(path: Path) -> Site:
    """What a profile says; its paths are told from its own folder.

    Raises:
        WrongProfile: it cannot be read, or names a variable that nobody has set.
    """
    folder = path.absolute().parent
    try:
        facts = tomllib.loads(path.read_text())
        profile = _Profile.model_validate(_with_variables(facts, _variables(folder, facts)))
    except (OSError, tomllib.TOMLDecodeError) as wrong:
        raise WrongProfile(f"{path} cannot be read: {wrong}") from wrong
    except ValidationError as wrong:
        raise WrongProfile("\n".join(f"{path}: {line}" for line in _faults(wrong))) from wrong
    except KeyError as missing:
        said = f"{path}: {missing.args[0]} is set neither in the environment nor in env-file"
        raise WrongProfile(said + _why_not_in_file(folder, facts)) from missing
    try:
        return _site(str(path), folder, profile)
    except (OSError, ValueError) as wrong:
        raise WrongProfile(f"{path}: {wrong}") from wrong


def _all_or_none(databases: Mapping[ServiceName, str]) -> dict[str, str]:
    missing = [service.name for service in SERVICES if service.name not in databases]
    if databases and missing:
        raise ValueError(f"databases wants all or none: {', '.join(missing)} is missing")
    return {str(name): url for name, url in databases.items()}


def _site(name: str, folder: Path, profile: _Profile) -> Site:
    services = profile.services
    return Site(
        name,
        _by_template(services) if isinstance(services, str) else {str(key): url for key, url in services.items()},
        _issuer(folder, profile.tokens),
        _all_or_none(profile.databases),
        _one_of(folder, profile.audit.folder, profile.audit.command),
        _kept(folder, profile.backup) if profile.backup else None,
        folder / profile.ca if profile.ca else None,
        profile.clock_offset_seconds,
    )


def _issuer(folder: Path, tokens: _Tokens) -> Issuer | None:
    if tokens.command:
        return TokenCommand(Program(tokens.command, folder))
    if tokens.keys is not None:
        keys = folder / tokens.keys
        if not (keys / "issuer.pem").exists():  # the holder makes what is missing, for a stack here
            raise WrongProfile(f"tokens.keys: {keys} has no issuer.pem, the issuer's private key")
        return KeyHolder(keys)
    if tokens.file is not None:
        return GivenToken((folder / tokens.file).read_text().strip())
    return _given_token()


def _given_token() -> Issuer | None:
    given = os.environ.get(TOKEN)
    return GivenToken(given) if given else None


def _kept(folder: Path, backup: _Backup) -> Kept:
    files = _one_of(folder, backup.files, backup.files_command)
    if files is None:
        raise ValueError("backup wants files, the stack's folder, or files-command, which writes a tar of it")
    at = urlsplit(backup.postgres)
    if at.hostname is None or at.username is None:
        raise ValueError("backup.postgres is to be postgresql://administrator:password@host:port")
    port, who, password = at.port or POSTGRES_PORT, unquote(at.username), unquote(at.password or "")
    programs = folder / backup.programs if backup.programs else None
    return Kept(PostgresServer(at.hostname, port, who, password, at.query), files, programs)


def _one_of(folder: Path, place: Path | None, command: Words) -> Path | Program | None:
    if command:
        return Program(command, folder)
    return folder / place if place is not None else None


def _by_template(url: str) -> dict[str, str]:
    template = url if "{service}" in url or "{port}" in url else url.rstrip("/") + "/{service}"
    return {
        service.name: template.replace("{service}", service.name).replace("{port}", str(service.port))
        for service in SERVICES
    }


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and not set("{}") & set(address)
        is_one = is_one and (parts.port is None or parts.port > 0)
    except ValueError:
        is_one = False
    if not is_one:
        raise WrongProfile(f"{address} is no address: as https://host/{{service}} or http://host:{{port}}")


def _variables(folder: Path, facts: Mapping[str, Any]) -> Callable[[str], str | None]:
    """What a variable says: in the environment, or else in the file that the profile names."""
    file = facts.get("env-file")
    known = dotenv_values(folder / file, interpolate=False) if isinstance(file, str) else {}
    return lambda name: os.environ.get(name, known.get(name))


def _why_not_in_file(folder: Path, facts: Mapping[str, Any]) -> str:
    file = facts.get("env-file")
    if not isinstance(file, str) or (folder / file).exists():
        return ""
    return f": there is no {(folder / file).resolve()}"


def _with_variables(value: Any, variable: Callable[[str], str | None]) -> Any:
    """Each ${NAME} or ${NAME:-default} replaced; in a database's address as an address writes it.

    Raises:
        KeyError: one that nobody has set.
    """
    if isinstance(value, dict):
        return {name: _with_variables(each, variable) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_variables(each, variable) for each in value]
    if not isinstance(value, str):
        return value

    def filled(found: "re.Match[str]") -> str:
        said = variable(found[1]) or found[2]
        if said is None:
            raise KeyError(found[1])
        return quote(said, safe="") if value.startswith(DATABASE) else said

    return _VARIABLE.sub(filled, value)


def _faults(wrong: ValidationError) -> list[str]:
    """Each fault with its place, without what was said there: it may be a password."""
    return [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in wrong.errors(include_input=False)]
