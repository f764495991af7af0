"""How to reach Kafka, and as whom."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

Protocol = Literal["PLAINTEXT", "SASL_PLAINTEXT", "SSL", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

SETTINGS = {
    "servers": "CLAIMSTREAM_KAFKA",
    "protocol": "CLAIMSTREAM_KAFKA_SECURITY_PROTOCOL",
    "mechanism": "CLAIMSTREAM_KAFKA_SASL_MECHANISM",
    "user": "CLAIMSTREAM_KAFKA_USER",
    "password": "CLAIMSTREAM_KAFKA_PASSWORD",
    "ca": "CLAIMSTREAM_KAFKA_CA",
    "certificate": "CLAIMSTREAM_KAFKA_CLIENT_CERT",
    "key": "CLAIMSTREAM_KAFKA_CLIENT_KEY",
}
"""Where each stands in the environment."""
FILES = {"ca", "certificate", "key"}


@dataclass(frozen=True)
class KafkaAccess:
    """Bootstrap servers (host:port[,host:port]), and what a client shows them."""

    servers: str
    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism = "SCRAM-SHA-512"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    certificate: Path | None = None
    """The client's own, with its key."""
    key: Path | None = None

    def client(self) -> dict[str, Any]:
        """The settings of an aiokafka client."""
        settings: dict[str, Any] = {"bootstrap_servers": self.servers, "security_protocol": self.protocol}
        if self.protocol.startswith("SASL"):
            settings |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        if self.protocol.endswith("SSL"):
            settings["ssl_context"] = _tls(self.ca, self.certificate, self.key)
        return settings

    def environment(self) -> dict[str, str]:
        """The same as a service's settings."""
        given = ((name, getattr(self, its)) for its, name in SETTINGS.items())
        return {name: str(value) for name, value in given if value is not None}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "KafkaAccess | None":
        """What the settings say; None where they name no Kafka."""
        given: dict[str, Any] = {its: environment[name] for its, name in SETTINGS.items() if environment.get(name)}
        if "servers" not in given:
            return None
        for its in FILES & given.keys():
            given[its] = Path(given[its])
        return cls(**given)


@cache
def _tls(ca: Path | None, certificate: Path | None, key: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca)
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    return context
