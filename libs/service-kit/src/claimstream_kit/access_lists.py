"""Who may say and hear what: the broker's access lists, worked out from ``deploy/topics.toml``.

They are the proof of who said an event: a topic's records are of the one service that may write it.
"""

import asyncio
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka.protocol.admin import (
    CreateAclsRequest,
    CreateAclsRequest_v1,
    DescribeAclsRequest,
    DescribeAclsRequest_v1,
)

from .bus.access import KafkaAccess

EACH_SERVICE = "each service"
AUDITOR, INTEGRATOR = "auditor", "integrator"
READERS = (AUDITOR, INTEGRATOR)
"""Who hears everything and says nothing."""

TOPIC, GROUP = 2, 3
LITERAL, BEGINS_WITH = 3, 4
READ, WRITE = 3, 4
ALLOW = 3
ANY, ANY_HOST = 1, "*"
"""Kafka's numbers (AclOperation, ResourceType, PatternType, AclPermissionType)."""

OBEYED_SECONDS, POLL_SECONDS = 30.0, 0.05


@dataclass(frozen=True, order=True)
class Allowed:
    """One thing that one user may do; to read or to write includes to ask about."""

    user: str
    operation: int
    kind: int
    name: str
    pattern: int = LITERAL


def allowed(topics: Path, *, prefix: str = "") -> frozenset[Allowed]:
    """What each user may do on a broker: ``prefix`` goes before each topic's and group's name."""
    listed: dict[str, Any] = tomllib.loads(topics.read_text())["topics"]
    services = {about["from"] for about in listed.values()} - {EACH_SERVICE}
    services |= {service for about in listed.values() for service in about["to"]}
    of_topics = {each for name, about in listed.items() for each in _of_topic(prefix + name, about, services)}
    groups = {Allowed(service, READ, GROUP, prefix + service) for service in services}
    return frozenset(of_topics | groups | {Allowed(INTEGRATOR, READ, GROUP, prefix + INTEGRATOR, BEGINS_WITH)})


def _of_topic(name: str, about: dict[str, Any], services: set[str]) -> Iterator[Allowed]:
    for service in services if about["from"] == EACH_SERVICE else {about["from"]}:
        yield Allowed(service, WRITE, TOPIC, name)
    for service in about["to"]:
        yield Allowed(service, READ, TOPIC, name)
        yield Allowed(service, WRITE, TOPIC, f"{name}.dead")
    for reader in READERS:
        yield Allowed(reader, READ, TOPIC, name)
    if about["to"]:
        yield Allowed(AUDITOR, READ, TOPIC, f"{name}.dead")


async def allow(access: KafkaAccess, wanted: frozenset[Allowed]) -> None:
    """Tell the broker what it was not told before, and wait until it goes by it; ``access`` is its administrator's.

    Raises:
        PermissionError: the broker does not take them, as when it has no authorizer.
        TimeoutError: it does not go by them in time.
    """
    from aiokafka.admin import AIOKafkaAdminClient  # noqa: PLC0415  only who makes topics needs it

    client = AIOKafkaAdminClient(**access.client())
    await client.start()
    try:
        if missing := wanted - await _known(client):
            answer = await client._send_to_controller(_Told(sorted(missing)))  # noqa: SLF001  aiokafka tells one at a time
            _refuse(answer.creation_responses)
        async with asyncio.timeout(OBEYED_SECONDS):
            while not wanted <= await _known(client):  # noqa: ASYNC110  the broker tells nobody when it has read them
                await asyncio.sleep(POLL_SECONDS)
    finally:
        await client.close()


async def _known(client: Any) -> frozenset[Allowed]:
    """What the broker goes by now."""
    answer = await client._send_request(_Asked())  # noqa: SLF001  aiokafka has no public way
    _refuse([(answer.error_code, answer.error_message)])
    return frozenset(
        Allowed(who.removeprefix("User:"), operation, kind, name, pattern)
        for kind, name, pattern, lists in answer.resources
        for who, host, operation, permission in lists
        if (host, permission) == (ANY_HOST, ALLOW)
    )


def _refuse(answers: Iterable[tuple[int, str | None]]) -> None:
    if refused := sorted({message or f"error {code}" for code, message in answers if code}):
        raise PermissionError(f"the broker does not take access lists: {', '.join(refused)}")


class _Told(CreateAclsRequest):  # type: ignore[misc]  # aiokafka has no types
    """Many lists in one request."""

    def __init__(self, lists: Sequence[Allowed]) -> None:
        self._lists = lists

    def build(self, request_struct_class: object) -> CreateAclsRequest_v1:
        del request_struct_class
        return CreateAclsRequest_v1(
            [
                (each.kind, each.name, each.pattern, f"User:{each.user}", ANY_HOST, each.operation, ALLOW)
                for each in self._lists
            ]
        )


class _Asked(DescribeAclsRequest):  # type: ignore[misc]  # aiokafka has no types
    """For all lists."""

    def __init__(self) -> None:
        super().__init__(ANY, None, ANY, None, None, ANY, ANY)

    def build(self, request_struct_class: object) -> DescribeAclsRequest_v1:
        del request_struct_class
        return DescribeAclsRequest_v1(ANY, None, ANY, None, None, ANY, ANY)
