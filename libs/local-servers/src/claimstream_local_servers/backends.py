"""Where tests get their servers: from processes of this machine, or from containers where a Docker engine answers."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from .kafka import KafkaServer, LocalKafka
from .places import only_one
from .postgres import ADMIN, LocalPostgres, PostgresServer
from .processes import write_json

POSTGRES_IMAGE = "postgres:18.4-bookworm"
KAFKA_IMAGE = "apache/kafka:4.4.0"
POSTGRES_PORT = 5432


class Backend(Protocol):
    """A PostgreSQL and a Kafka for tests, shared by all workers of one run; each is started when first asked for."""

    def postgres(self) -> PostgresServer:
        """The run's PostgreSQL, durable in nothing."""

    def kafka(self) -> KafkaServer:
        """The run's Kafka."""

    def close(self) -> None:
        """End what was started and remove what it kept."""


class Processes:
    """The default: nothing needs to be installed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._postgres = LocalPostgres(home / "postgres", durable=False)
        self._kafka = LocalKafka(home / "kafka")

    def postgres(self) -> PostgresServer:
        """See `Backend`."""
        return self._postgres.start()

    def kafka(self) -> KafkaServer:
        """See `Backend`."""
        return self._kafka.start()

    def close(self) -> None:
        """See `Backend`."""
        self._kafka.remove()
        self._postgres.remove()
        shutil.rmtree(self.home, ignore_errors=True)


class Containers:
    """The same by testcontainers. The run's first worker starts a container and notes it; whoever closes the run removes it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        # The reaper would remove a container with the worker that started it, while other workers still use it.
        os.environ["TESTCONTAINERS_RYUK_DISABLED"] = "true"

    def postgres(self) -> PostgresServer:
        """See `Backend`."""
        return PostgresServer(**self._once("postgres", _start_postgres))

    def kafka(self) -> KafkaServer:
        """See `Backend`."""
        return KafkaServer(**self._once("kafka", _start_kafka))

    def close(self) -> None:
        """See `Backend`."""
        import docker  # type: ignore[import-untyped]  # noqa: PLC0415 - only where the backend is asked for

        for note in sorted(self._home.glob("*.container.json")):
            docker.from_env().containers.get(json.loads(note.read_text())["container"]).remove(force=True, v=True)
        shutil.rmtree(self._home, ignore_errors=True)

    def _once(self, name: str, start: Callable[[], tuple[str, dict[str, Any]]]) -> dict[str, Any]:
        note = self._home / f"{name}.container.json"
        with only_one(self._home / f"{name}.lock"):
            if not note.exists():
                container, facts = start()
                write_json(note, {"container": container, "facts": facts})
        facts = json.loads(note.read_text())["facts"]
        return dict(facts)


def _start_postgres() -> tuple[str, dict[str, Any]]:
    from testcontainers.postgres import PostgresContainer  # noqa: PLC0415 - a test dependency

    container = PostgresContainer(POSTGRES_IMAGE, username=ADMIN, password=ADMIN)
    container.with_command(
        "postgres -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    )
    container.start()
    facts = {
        "host": container.get_container_host_ip(),
        "port": int(container.get_exposed_port(POSTGRES_PORT)),
        "user": ADMIN,
        "password": ADMIN,
    }
    return str(container.get_wrapped_container().id), facts


def _start_kafka() -> tuple[str, dict[str, Any]]:
    from testcontainers.kafka import KafkaContainer  # noqa: PLC0415 - a test dependency

    from .kafka_protocol import cluster_id  # noqa: PLC0415

    container = KafkaContainer(KAFKA_IMAGE).with_kraft()
    container.start()
    bootstrap = container.get_bootstrap_server()
    host, port = bootstrap.rsplit(":", 1)
    return str(container.get_wrapped_container().id), {
        "bootstrap": bootstrap,
        "cluster_id": cluster_id(host, int(port)) or "",
    }


def backend(home: Path) -> Backend:
    """The backend that CLAIMSTREAM_TEST_BACKEND names: `processes` (default) or `containers`."""
    name = os.environ.get("CLAIMSTREAM_TEST_BACKEND", "processes")
    kinds: dict[str, Callable[[Path], Backend]] = {"processes": Processes, "containers": Containers}
    if name not in kinds:
        message = f"CLAIMSTREAM_TEST_BACKEND is {name!r}; it is one of {', '.join(kinds)}"
        raise ValueError(message)
    return kinds[name](home)
