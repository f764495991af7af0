"""What a service is told from outside: passwords of any characters, and none that everybody knows."""

import os
import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from claimstream_kit.bus.access import KafkaAccess
from claimstream_kit.database import Database
from claimstream_kit.testing_tls import a_certificate
from pydantic import ValidationError

from .builders import settings

SCRIPT = Path(__file__).parents[3] / "deploy" / "postgres" / "create-databases.sh"
NAMES = ("POSTGRES", "CODING_SVC", "CLAIM_SVC", "CLEARINGHOUSE_GW", "REMIT_SVC", "DENIAL_SVC")
ODD = "p@ss/w%rd:#?$'\" ü\\"


async def test_a_password_of_any_characters_opens_the_database(new_database, postgres_server):
    parts = urlsplit(new_database("toy_svc"))
    owner = await asyncpg.connect(
        host=parts.hostname,
        port=parts.port,
        user=postgres_server.user,
        password=postgres_server.password,
        database=parts.path[1:],
    )
    role = f"odd_{os.getpid()}"
    await owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD {await owner.fetchval('SELECT quote_literal($1)', ODD)}")
    await owner.execute(f"GRANT CONNECT ON DATABASE {parts.path[1:]} TO {role}")
    told = settings(f"postgresql://{role}@{parts.hostname}:{parts.port}{parts.path}", database_password=ODD)
    database = Database(told.database, size=2)

    await database.open()

    assert await database.value("SELECT current_user::text") == role
    await database.close()
    await owner.execute(f"REVOKE ALL ON DATABASE {parts.path[1:]} FROM {role}; DROP ROLE {role}")
    await owner.close()


def test_a_url_with_its_password_is_taken_as_it_is():
    url = "postgresql://toy:secret@127.0.0.1:5432/toy"

    assert settings(url).database == url


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("postgresql://toy:change-me-toy@127.0.0.1:5432/toy", {}),
        ("postgresql://toy@127.0.0.1:5432/toy", {"database_password": "change-me-toy"}),
    ],
)
def test_the_examples_password_is_refused_and_is_not_shown(url, more):
    with pytest.raises(ValidationError, match=r"the example's: set one of your own in \.env"):
        settings(url, **more)


def test_no_password_is_shown_with_the_settings():
    assert ODD not in repr(settings("postgresql://toy@127.0.0.1:5432/toy", database_password=ODD))


KAFKA = "postgresql://toy@127.0.0.1:5432/toy"


def test_kafka_is_told_who_comes_and_the_password_is_not_shown():
    told = settings(KAFKA, kafka_security_protocol="SASL_PLAINTEXT", kafka_user="toy-svc", kafka_password=ODD)

    assert told.kafka_access.client() == {
        "bootstrap_servers": "127.0.0.1:1",
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "toy-svc",
        "sasl_plain_password": ODD,
    }
    assert ODD not in repr(told)
    assert ODD not in repr(told.kafka_access)


def test_kafkas_certificate_is_checked_against_the_authority_that_is_named_and_ours_is_shown(tmp_path):
    certificate, key = a_certificate(tmp_path, "kafka.example")

    told = settings(
        KAFKA, kafka_security_protocol="SSL", kafka_ca=certificate, kafka_client_cert=certificate, kafka_client_key=key
    )
    context = told.kafka_access.client()["ssl_context"]

    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert [each["subject"] for each in context.get_ca_certs()] == [((("commonName", "kafka.example"),),)]


def test_the_settings_that_a_stack_hands_on_say_the_same(tmp_path):
    certificate, key = a_certificate(tmp_path, "kafka.example")
    access = KafkaAccess("k:1", "SASL_SSL", "SCRAM-SHA-256", "toy-svc", ODD, certificate, certificate, key)

    assert KafkaAccess.from_environment(access.environment()) == access
    assert KafkaAccess.from_environment({}) is None


@pytest.mark.parametrize(
    "more",
    [
        {"kafka_security_protocol": "SASL_SSL"},
        {"kafka_security_protocol": "SASL_SSL", "kafka_user": "toy-svc"},
        {"kafka_user": "toy-svc", "kafka_password": ODD},
        {"kafka_security_protocol": "SSL", "kafka_ca": "/there/is/none.pem"},
        {"kafka_security_protocol": "TLS"},
    ],
)
def test_what_is_said_of_kafka_must_fit_together(more):
    with pytest.raises(ValidationError, match=r"(?i)kafka"):
        settings(KAFKA, **more)


@pytest.mark.parametrize("name", NAMES)
def test_no_database_is_made_with_the_examples_password(tmp_path, name):
    (tmp_path / "psql").write_text("#!/bin/sh\necho made >> made\n")
    (tmp_path / "psql").chmod(0o700)
    passwords = {f"{each}_PASSWORD": "of-our-own" for each in NAMES} | {f"{name}_PASSWORD": "change-me-please"}

    done = subprocess.run(  # noqa: S603
        ["/bin/sh", str(SCRIPT)],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", **passwords},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "set your own" in done.stderr
    assert not (tmp_path / "made").exists()
