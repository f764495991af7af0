"""The stack's Kafka: how each of its users reaches it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from claimstream_kit.bus.access import FILES, KafkaAccess
from claimstream_local_servers import KafkaServer, ServerFailed
from claimstream_local_servers.kafka import ADMIN

USERS_FILE = "CLAIMSTREAM_KAFKA_USERS"


@dataclass(frozen=True)
class Broker:
    """A Kafka; without passwords of several users, everybody comes to it in the same way."""

    access: KafkaAccess
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)

    def as_user(self, user: str = ADMIN) -> KafkaAccess:
        """How this user reaches it."""
        return replace(self.access, user=user, password=self.passwords[user]) if self.passwords else self.access

    @classmethod
    def of(cls, server: KafkaServer) -> "Broker":
        """The embedded one."""
        access = KafkaAccess(server.bootstrap, "SASL_PLAINTEXT" if server.passwords else "PLAINTEXT")
        return cls(access, server.passwords)

    @classmethod
    def given(cls, environment: Mapping[str, str]) -> "Broker | None":
        """The real one that CLAIMSTREAM_KAFKA names, or None.

        Raises:
            ServerFailed: what is said of it does not fit together.
        """
        access = KafkaAccess.from_environment(environment)
        if access is None:
            return None
        file = environment.get(USERS_FILE)
        try:
            passwords = json.loads(Path(file).read_text()) if file else {}
        except (OSError, ValueError) as wrong:
            raise ServerFailed(
                f"{USERS_FILE} is to name a file with a JSON object of users and passwords: {wrong}"
            ) from wrong
        if passwords and not access.protocol.startswith("SASL"):
            raise ServerFailed(
                f"{USERS_FILE} is set: set CLAIMSTREAM_KAFKA_SECURITY_PROTOCOL to SASL_SSL or SASL_PLAINTEXT"
            )
        return cls(access, passwords)

    def to_json(self) -> dict[str, Any]:
        """All but the servers, for the plan."""
        access = self.access
        facts = {
            "protocol": access.protocol,
            "mechanism": access.mechanism,
            "user": access.user,
            "password": access.password,
            "ca": access.ca and str(access.ca),
            "certificate": access.certificate and str(access.certificate),
            "key": access.key and str(access.key),
        }
        return {name: value for name, value in facts.items() if value} | {"passwords": dict(self.passwords)}

    @classmethod
    def from_json(cls, servers: str, facts: Mapping[str, Any]) -> "Broker":
        """What `to_json` made of it; an earlier release said nothing."""
        shown: dict[str, Any] = {name: value for name, value in facts.items() if name != "passwords"}
        for name in FILES & shown.keys():
            shown[name] = Path(shown[name])
        return cls(KafkaAccess(servers, **shown), facts.get("passwords", {}))
