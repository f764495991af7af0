"""A database is told nothing, no name and no password, before it has shown a certificate for its name of the authority that is named."""

import asyncio
import ssl

import pytest
from claimstream_kit import ServiceSettings
from claimstream_kit.database import Database
from claimstream_kit.migrations import migrate
from claimstream_kit.testing_tls import SSL_REQUEST, a_certificate, fronted, shows
from pydantic import ValidationError

from .builders import settings
from .toy.service import MIGRATIONS


async def who_is_in(told: ServiceSettings) -> str:
    database = Database(told.database, size=2)
    try:
        await database.open()
        return await database.value("SELECT current_user::text")
    finally:
        await database.close()


async def test_a_service_comes_over_tls_to_a_server_that_shows_its_certificate(new_database, tmp_path):
    certificate, key = a_certificate(tmp_path)
    database = new_database("toy_svc")
    async with fronted(database, shows(certificate, key)) as (front, url):
        who = await who_is_in(settings(url, database_ca=certificate))
    async with fronted(new_database.as_owner(database), shows(certificate, key)) as (migrating, url):
        await asyncio.to_thread(migrate, MIGRATIONS, settings(url, database_ca=certificate).database)

    assert who == "toy_svc"
    assert set(front.plain) == set(migrating.plain) == {SSL_REQUEST}


async def test_a_service_shows_a_certificate_of_its_own(new_database, tmp_path):
    certificate, key = a_certificate(tmp_path)
    ours, our_key = a_certificate(tmp_path, "toy-svc")
    async with fronted(new_database("toy_svc"), shows(certificate, key, asks_for=ours)) as (front, url):
        await who_is_in(settings(url, database_ca=certificate, database_client_cert=ours, database_client_key=our_key))

    assert [client["subject"] for client in front.clients] == [((("commonName", "toy-svc"),),)]


@pytest.mark.parametrize("name", ["another authority", "another name"])
async def test_a_certificate_that_does_not_hold_is_refused(new_database, tmp_path, name):
    certificate, key = a_certificate(tmp_path, address="127.0.0.1" if name == "another authority" else "127.0.0.2")
    other, _ = a_certificate(tmp_path, "other.example")
    trusted = other if name == "another authority" else certificate
    async with fronted(new_database("toy_svc"), shows(certificate, key)) as (front, url):
        with pytest.raises(ssl.SSLCertVerificationError):
            await who_is_in(settings(url, database_ca=trusted))

    assert set(front.plain) == {SSL_REQUEST}


async def test_a_server_without_tls_is_told_nothing(new_database, tmp_path):
    certificate, _ = a_certificate(tmp_path)
    async with fronted(new_database("toy_svc"), None) as (front, url):
        with pytest.raises(ConnectionError, match="rejected SSL"):
            await who_is_in(settings(url, database_ca=certificate))

    assert set(front.plain) <= {SSL_REQUEST, b""}


def test_a_certificate_of_our_own_needs_an_authority(tmp_path):
    ours, key = a_certificate(tmp_path)

    with pytest.raises(ValidationError, match="CLAIMSTREAM_DATABASE_CA"):
        settings("postgresql://toy@127.0.0.1:5432/toy", database_client_cert=ours, database_client_key=key)
