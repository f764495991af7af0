"""The stack's Kafka and PostgreSQL: embedded ones, or the real ones that CLAIMSTREAM_KAFKA and CLAIMSTREAM_POSTGRES_* name."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from claimstream_kit.database import tls_options
from claimstream_local_servers import LocalKafka, LocalPostgres, PostgresServer, ServerFailed
from claimstream_local_servers.places import answers
from claimstream_local_servers.processes import Progress, write_json

from .brokers import Broker
from .places import Home
from .state import read_json

POSTGRES_PORT = 5432


@dataclass(frozen=True)
class Given:
    """A server that is there already; we only use it."""

    kafka: Broker | None
    postgres: PostgresServer | None

    @property
    def anything(self) -> bool:
        """Whether a real server is used, which others may use as well."""
        return self.kafka is not None or self.postgres is not None

    @classmethod
    def by_environment(cls) -> "Given":
        """Read CLAIMSTREAM_KAFKA and what goes with it, and CLAIMSTREAM_POSTGRES_HOST, _PORT, _USER, _PASSWORD, _CA, _CLIENT_CERT and _CLIENT_KEY."""
        kafka = Broker.given(os.environ)
        host = os.environ.get("CLAIMSTREAM_POSTGRES_HOST")
        if not host:
            return cls(kafka, None)
        user = os.environ.get("CLAIMSTREAM_POSTGRES_USER", "postgres")
        password = os.environ.get("CLAIMSTREAM_POSTGRES_PASSWORD")
        if password is None:
            message = "CLAIMSTREAM_POSTGRES_HOST is set; CLAIMSTREAM_POSTGRES_PASSWORD is needed as well"
            raise ServerFailed(message)
        port = int(os.environ.get("CLAIMSTREAM_POSTGRES_PORT", POSTGRES_PORT))
        return cls(kafka, PostgresServer(host, port, user, password, _tls_to_postgres()))


def _tls_to_postgres() -> str:
    ca, certificate, key = (
        os.environ.get(f"CLAIMSTREAM_POSTGRES_{name}") for name in ("CA", "CLIENT_CERT", "CLIENT_KEY")
    )
    if not ca:
        if certificate or key:
            raise ServerFailed("CLAIMSTREAM_POSTGRES_CLIENT_CERT is set; CLAIMSTREAM_POSTGRES_CA is needed as well")
        return ""
    files = [Path(name).absolute() if name else None for name in (ca, certificate, key)]
    if missing := [str(file) for file in files if file and not file.is_file()]:
        raise ServerFailed(f"there is no file {', '.join(missing)}, which CLAIMSTREAM_POSTGRES_* name")
    return tls_options(Path(ca).absolute(), *files[1:])


def start_kafka(home: Home, given: Given, progress: Progress) -> Broker:
    """A Kafka that answers."""
    if given.kafka is None:
        return Broker.of(LocalKafka(home.kafka, progress=progress).start())
    servers = given.kafka.access.servers
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        if answers(host, int(port), 5.0):
            return given.kafka
    message = f"CLAIMSTREAM_KAFKA is {servers}, and nothing answers there"
    raise ServerFailed(message)


def start_postgres(home: Home, given: Given, progress: Progress) -> PostgresServer:
    """A PostgreSQL in which we may create roles and databases."""
    if given.postgres is None:
        return LocalPostgres(home.postgres, progress=progress).start()
    given.postgres.ask("SELECT 1")
    return given.postgres


def database(server: PostgresServer, passwords: Path, name: str) -> str:
    """The address of a service's own database, made on first use with a role and a password of its own."""
    known = read_json(passwords) or {}
    if name not in known:
        known[name] = secrets.token_urlsafe(24)
        write_json(passwords, known)
    return server.create_database(name, name, known[name])
