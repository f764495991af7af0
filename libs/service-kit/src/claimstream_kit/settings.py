"""What every service is told from outside: environment variables ``CLAIMSTREAM_*``, read once in ``main.py``."""

from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote

from pydantic import Field, FilePath, PostgresDsn, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from .bus.access import KafkaAccess, Mechanism, Protocol
from .database import tls_options

EXAMPLE = "change-me"
"""How the passwords of ``.env.example`` begin."""


class ServiceSettings(BaseSettings):
    """The settings that all services share; secrets have no default."""

    model_config = SettingsConfigDict(env_prefix="CLAIMSTREAM_", frozen=True, extra="ignore")

    database_url: PostgresDsn = Field(description="postgresql://role:password@host:port/database of this service")
    database_password: SecretStr | None = Field(
        default=None, description="The role's password as it is, of any characters, where the URL has none"
    )
    database_ca: FilePath | None = Field(
        default=None,
        description="Who signs for PostgreSQL's certificate (PEM): with it nothing is said to a server that does not show one for its name",
    )
    database_client_cert: FilePath | None = Field(default=None, description="The service's own certificate (PEM)")
    database_client_key: FilePath | None = None
    kafka: str = Field(description="Bootstrap servers, host:port[,host:port]")
    kafka_security_protocol: Protocol = Field(default="PLAINTEXT", description="With SASL the service says who it is")
    kafka_sasl_mechanism: Mechanism = "SCRAM-SHA-512"
    kafka_user: str | None = Field(default=None, description="Who the service is to Kafka")
    kafka_password: SecretStr | None = None
    kafka_ca: FilePath | None = Field(
        default=None, description="Who signs for Kafka's certificate (PEM); the system's where none is named"
    )
    kafka_client_cert: FilePath | None = Field(default=None, description="The service's own certificate (PEM)")
    kafka_client_key: FilePath | None = None
    topics: Path = Field(description="deploy/topics.toml")
    topic_prefix: str = Field(default="", description="Put before each topic's name; tests share a broker with it")
    token_keys: Path = Field(description="File or folder of the token issuer's public keys (PEM)")
    token_issuer: str = Field(default="claimstream", description="The `iss` of tokens that are taken")
    audit_dir: Path = Field(
        description="Folder, outside the database, that takes the sealed heads and holds the sealing key"
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on; nothing beyond loopback unless told")
    port: int = Field(description="HTTP port")
    replica: str = Field(default="0", description="Stable name of this replica, for static group membership")
    clock_offset_seconds: int = Field(
        default=0, description="Added to the wall clock; the sandbox starts on a given day"
    )
    pool_size: int = Field(default=8, ge=2, le=100)
    batch_size: int = Field(default=500, ge=1, le=5000)
    outbox_age_limit_seconds: int = Field(default=30, ge=1, description="Older unsent events answer writes with 429")
    patience_seconds: float = Field(
        default=0.25, gt=0, description="A write that would wait longer for its answer is refused with 429"
    )
    request_seconds: float = Field(default=30.0, gt=0, description="A request that takes longer is answered with 503")
    unit_seconds: float = Field(default=60.0, gt=0, description="What a statement of a unit may take")
    posting_seconds: float = Field(default=300.0, gt=0, description="What a statement of posting a remittance may take")
    retention_seconds: float = Field(default=600.0, gt=0, description="What a statement of a purge may take")
    migration_seconds: float = Field(default=3600.0, gt=0, description="What a statement of a migration may take")
    body_silent_seconds: float = Field(
        default=10.0, gt=0, description="A body of which nothing comes for so long is given up with 408"
    )
    headers_seconds: float = Field(
        default=10.0, gt=0, description="A connection whose request's headers have not come by then is closed"
    )
    listen_fds: tuple[int, ...] = Field(
        default=(), description="Listening sockets by their numbers, to serve on instead of host and port, as [3,4]"
    )
    log_level: str = "INFO"

    @property
    def database(self) -> str:
        """The database's URL with the password in it, and what its certificate is checked with."""
        url = self._database_with_password
        if self.database_ca is None:
            return url
        options = tls_options(self.database_ca, self.database_client_cert, self.database_client_key)
        return f"{url}{'&' if '?' in url else '?'}{options}"

    @property
    def _database_with_password(self) -> str:
        url = str(self.database_url)
        if self.database_password is None:
            return url
        scheme, _, rest = url.partition("://")
        role, _, place = rest.rpartition("@")
        return (
            f"{scheme}://{role.partition(':')[0]}:{quote(self.database_password.get_secret_value(), safe='')}@{place}"
        )

    @property
    def kafka_access(self) -> KafkaAccess:
        """How to reach Kafka, and as whom."""
        return KafkaAccess(
            self.kafka,
            self.kafka_security_protocol,
            self.kafka_sasl_mechanism,
            self.kafka_user,
            self.kafka_password.get_secret_value() if self.kafka_password else None,
            self.kafka_ca,
            self.kafka_client_cert,
            self.kafka_client_key,
        )

    @model_validator(mode="after")
    def _says_who_it_is_to_kafka(self) -> Self:
        if self.kafka_security_protocol.startswith("SASL") and not (self.kafka_user and self.kafka_password):
            msg = f"CLAIMSTREAM_KAFKA_USER and CLAIMSTREAM_KAFKA_PASSWORD are needed for {self.kafka_security_protocol}"
            raise ValueError(msg)
        if self.kafka_user and not self.kafka_security_protocol.startswith("SASL"):
            msg = "there is a CLAIMSTREAM_KAFKA_USER: set CLAIMSTREAM_KAFKA_SECURITY_PROTOCOL to SASL_SSL or SASL_PLAINTEXT"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _shows_a_certificate_to_a_database_that_it_knows(self) -> Self:
        if self.database_ca is None and (self.database_client_cert or self.database_client_key):
            msg = "CLAIMSTREAM_DATABASE_CA is needed with a certificate of our own"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _has_a_password_of_its_own(self) -> Self:
        (host,) = self.database_url.hosts()
        said = self.database_password.get_secret_value() if self.database_password else unquote(host["password"] or "")
        if said.startswith(EXAMPLE):
            msg = "the database's password is the example's: set one of your own in .env, before the databases are made"
            raise ValueError(msg)
        return self
