"""Kafka's class path: jars from Maven Central, each of a pinned version and digest, downloaded once into the cache.

`kafka_jars.txt` is the list. `python -m claimstream_local_servers.kafka_jars` resolves it anew and prints it, for a newer Kafka:
kafka-clients and log4j are named explicitly because the resolver would otherwise pick old ones.
"""

import hashlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import jgo
from jgo.maven import MavenContext

from .places import cache_folder, only_one
from .processes import Progress, ServerFailed, silent

KAFKA_VERSION = "4.4.0"
LOG4J_VERSION = "2.25.2"
WANTED = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
    f"org.apache.kafka:kafka-clients:{KAFKA_VERSION}",
    f"org.apache.logging.log4j:log4j-slf4j-impl:{LOG4J_VERSION}",
    f"org.apache.logging.log4j:log4j-core:{LOG4J_VERSION}",
)
AT_ONCE = 6
TRIES = 3


@dataclass(frozen=True)
class Jar:
    """One jar of the class path."""

    group: str
    artifact: str
    version: str
    digest: str
    size: int

    @classmethod
    def from_line(cls, line: str) -> "Jar":
        """Read one line of the list."""
        coordinate, digest, size = line.split()
        group, artifact, version = coordinate.split(":")
        return cls(group, artifact, version, digest.removeprefix("sha256:"), int(size))

    def path(self, repository: Path) -> Path:
        """Where Maven's layout puts it."""
        return repository.joinpath(
            *self.group.split("."), self.artifact, self.version, f"{self.artifact}-{self.version}.jar"
        )

    def is_whole(self, path: Path) -> bool:
        """Whether the file is the jar of the list, byte for byte."""
        return path.exists() and path.stat().st_size == self.size and _digest(path) == self.digest


def listed() -> list[Jar]:
    """The jars of the list."""
    text = files(__package__).joinpath("kafka_jars.txt").read_text()
    return [Jar.from_line(line) for line in text.splitlines() if line and not line.startswith("#")]


def class_path(progress: Progress = silent) -> str:
    """Download what is missing, check each digest, and return the class path."""
    jars = listed()
    repository = cache_folder() / "maven"
    with only_one(cache_folder() / "maven.lock"):
        missing = [jar for jar in jars if not jar.is_whole(jar.path(repository))]
        if missing:
            _download(missing, repository, progress)
    return os.pathsep.join(str(jar.path(repository)) for jar in jars)


def _download(jars: list[Jar], repository: Path, progress: Progress) -> None:
    maven = MavenContext(repo_cache=repository, timeout=60)
    total = sum(jar.size for jar in jars)
    done = 0
    progress("Downloading Kafka", 0, total)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for jar in pool.map(lambda jar: _fetch(maven, jar, repository), jars):
            done += jar.size
            progress("Downloading Kafka", done, total)


def _fetch(maven: MavenContext, jar: Jar, repository: Path) -> Jar:
    path = jar.path(repository)
    reason: object = "its digest is not the one of the list"
    for _ in range(TRIES):
        path.unlink(missing_ok=True)  # what is there was cut off or changed
        try:
            maven.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
        except (OSError, RuntimeError) as failed:
            reason = failed
            continue
        if jar.is_whole(path):
            return jar
    path.unlink(missing_ok=True)
    message = f"{jar.artifact} {jar.version} could not be had from Maven Central: {reason}"
    raise ServerFailed(message)


def _digest(path: Path) -> str:
    with path.open("rb") as jar:
        return hashlib.file_digest(jar, "sha256").hexdigest()


def resolve_anew() -> list[str]:
    """Ask Maven Central for the whole class path of the wanted versions, and return the lines of the list."""
    maven = MavenContext(repo_cache=cache_folder() / "maven")
    lines = []
    for found in jgo.resolve("+".join(WANTED)):
        path = maven.project(found.groupId, found.artifactId).at_version(found.version).artifact().resolve()
        lines.append(f"{found.groupId}:{found.artifactId}:{found.version} sha256:{_digest(path)} {path.stat().st_size}")
    return sorted(lines)


if __name__ == "__main__":
    sys.stdout.write("\n".join(resolve_anew()) + "\n")
