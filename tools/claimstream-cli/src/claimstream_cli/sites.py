"""Where a stack is, for the commands that talk to one: here, started by `up`, or elsewhere, as a profile or an address says."""

import ssl
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol

import asyncpg
import httpx2
from claimstream_kit.auth import ROLES, issue_token
from claimstream_kit.database import TRANSIENT
from claimstream_local_servers import LocalPostgres, PostgresServer

from .client import client
from .places import Home
from .state import Plan

COMMAND_SECONDS = 3600.0
UNREACHABLE = (*TRANSIENT, asyncpg.PostgresError)
"""What is raised where a database does not answer, or lets nobody in who comes so."""


class Lacks(Exception):
    """What a command needs is not said of the stack; the message says what, and how to say it."""


class NotReached(Exception):
    """What is said of the stack does not work; the message says why."""


@dataclass(frozen=True)
class Program:
    """A command that a profile names, and the folder that it runs in."""

    words: tuple[str, ...]
    folder: Path

    def run(self, *more: str, into: BinaryIO | None = None, **named: str) -> "subprocess.CompletedProcess[bytes]":
        """Run it with more words, and with names in braces replaced in its own; ``into``: a file for what it says.

        Raises:
            NotReached: it cannot be run, or does not end.
        """
        command = [_filled(word, named) for word in self.words] + list(more)
        try:
            return subprocess.run(  # noqa: S603  the operator's own words, no shell
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=into or subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=COMMAND_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as failed:
            raise NotReached(f"{command[0]} cannot be run: {failed}") from failed


def said_by(done: "subprocess.CompletedProcess[bytes]") -> str:
    """The last line that a program said: of its answer, or else of its errors."""
    lines = (done.stdout or done.stderr).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"it ended with {done.returncode} and said nothing"


class Issuer(Protocol):
    """Who gives tokens."""

    def token(
        self, *, practice: str, subject: str, roles: Iterable[str], sources: Iterable[str] = (), hours: float = 12
    ) -> str:
        """A token; ValueError for a role that does not exist."""


@dataclass(frozen=True)
class KeyHolder:
    """The issuer's private key lies in a folder here."""

    keys: Path

    def token(
        self, *, practice: str, subject: str, roles: Iterable[str], sources: Iterable[str] = (), hours: float = 12
    ) -> str:
        """A token of that key."""
        return issue_token(self.keys, subject=subject, practice=practice, roles=roles, sources=sources, hours=hours)


@dataclass(frozen=True)
class TokenCommand:
    """The issuer is a command that takes the words of `claimstream token` and prints a token."""

    program: Program

    def token(
        self, *, practice: str, subject: str, roles: Iterable[str], sources: Iterable[str] = (), hours: float = 12
    ) -> str:
        """What it prints."""
        wanted = [word for role in roles for word in ("--role", role)]
        wanted += [word for source in sources for word in ("--source", source)]
        done = self.program.run("--practice", practice, "--subject", subject, *wanted, "--hours", str(hours))
        if done.returncode:
            raise NotReached(f"the command for tokens ended with {done.returncode}: {said_by(done)}")
        return said_by(done)


@dataclass(frozen=True)
class GivenToken:
    """One token that somebody else made: it says itself for whom and what it is good."""

    text: str = field(repr=False)

    def token(
        self,
        *,
        practice: str,  # noqa: ARG002
        subject: str,  # noqa: ARG002
        roles: Iterable[str],  # noqa: ARG002
        sources: Iterable[str] = (),  # noqa: ARG002
        hours: float = 12,  # noqa: ARG002
    ) -> str:
        """That token."""
        return self.text


@dataclass(frozen=True)
class Kept:
    """What a backup is taken of, elsewhere: PostgreSQL as its administrator, and the files, in a folder or as a command's tar."""

    postgres: PostgresServer
    files: Path | Program
    programs: Path | None = None
    """Where PostgreSQL's own programs are, for a server that asks for TLS."""


@dataclass(frozen=True)
class Site:
    """Where a stack's services, databases and files are, as far as it is known."""

    name: str
    """As messages call it: the profile's file, an address, the folder of the stack."""
    services: Mapping[str, str]
    issuer: Issuer | None = None
    databases: Mapping[str, str] = field(default_factory=dict, repr=False)
    audit: Path | Program | None = None
    """The folder with a folder for each service's heads and sealing key; or what verifies one service's chain where it lies."""
    kept: Kept | None = None
    ca: Path | None = None
    """Who signs for the services' certificates; the system's list where None."""
    clock_offset_seconds: int = 0

    @classmethod
    def local(cls, home: Home, plan: Plan) -> "Site":
        """The stack that `up` started here."""
        return cls(
            str(home.root),
            {name: plan.url(name) for name in plan.doors},
            KeyHolder(home.keys),
            plan.databases,
            home.root / "audit",
            _kept_by(home, plan),
            clock_offset_seconds=plan.clock_offset_seconds,
        )

    def token(
        self,
        *,
        practice: str,
        subject: str,
        roles: Iterable[str] = ROLES,
        sources: Iterable[str] = (),
        hours: float = 12,
    ) -> str:
        """A token for its services."""
        if self.issuer is None:
            raise Lacks(f"{self.name} says nothing of tokens: name [tokens] in the profile, or set CLAIMSTREAM_TOKEN")
        return self.issuer.token(practice=practice, subject=subject, roles=roles, sources=sources, hours=hours)

    def http(self, service: str, *, practice: str, subject: str, roles: Iterable[str]) -> httpx2.Client:
        """A client of one service, with a token."""
        url = self.url(service)
        return client(url, self.token(practice=practice, subject=subject, roles=roles), self.tls)

    def url(self, service: str) -> str:
        """Where a service serves HTTP."""
        if service not in self.services:
            raise Lacks(f"{self.name} says nothing of where {service} is: name it under [services]")
        return self.services[service]

    def every_database(self) -> Mapping[str, str]:
        """The addresses of the services' databases, with their passwords."""
        if not self.databases:
            raise Lacks(f"{self.name} names no databases, and this command reads them: name [databases] in the profile")
        return self.databases

    @property
    def tls(self) -> ssl.SSLContext:
        """What its services' certificates are checked with."""
        return _tls(self.ca)


def _kept_by(home: Home, plan: Plan) -> Kept | None:
    server = LocalPostgres(Path(plan.postgres_home)).running() if plan.postgres_home else None
    return Kept(server, home.root) if server else None


@cache
def _tls(ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except (ssl.SSLError, OSError) as wrong:
        raise Lacks(f"{ca} cannot be read as certificates (PEM): {wrong}") from wrong


def _filled(word: str, named: Mapping[str, str]) -> str:
    for name, value in named.items():
        word = word.replace(f"{{{name}}}", value)
    return word
