"""A PostgreSQL of the operator's own: `up` comes to it over TLS, and hands on to the services how."""

import asyncio

import pytest
from claimstream_cli.servers import Given, database
from claimstream_kit.database import Database
from claimstream_kit.testing_tls import SSL_REQUEST, a_certificate, fronted, shows
from claimstream_local_servers import ServerFailed


@pytest.fixture
def names(postgres_server, monkeypatch):
    """Name the run's PostgreSQL as one of the operator's own, behind another port."""

    def name(url, **more):
        port = url.rpartition("@")[2].partition("/")[0].partition(":")[2]
        given = {"HOST": "127.0.0.1", "PORT": port, "USER": "postgres", "PASSWORD": postgres_server.password, **more}
        for each, value in given.items():
            monkeypatch.setenv(f"CLAIMSTREAM_POSTGRES_{each}", str(value))

    return name


async def test_databases_are_made_over_tls_and_services_come_to_them_so(postgres_server, names, tmp_path):
    certificate, key = a_certificate(tmp_path)
    async with fronted(postgres_server.url("postgres"), shows(certificate, key)) as (front, url):
        names(url, CA=certificate)
        server = Given.by_environment().postgres
        address = await asyncio.to_thread(database, server, tmp_path / "passwords.json", "over_tls")
        try:
            theirs = Database(address, size=1)
            await theirs.open()
            assert await theirs.value("SELECT current_user::text") == "over_tls"
            await theirs.close()
        finally:
            await asyncio.to_thread(server.drop_database, "over_tls")

    assert set(front.plain) == {SSL_REQUEST}


async def test_a_server_that_another_authority_signed_for_is_refused(postgres_server, names, tmp_path):
    certificate, key = a_certificate(tmp_path)
    other, _ = a_certificate(tmp_path, "other.example")
    async with fronted(postgres_server.url("postgres"), shows(certificate, key)) as (_, url):
        names(url, CA=other)

        with pytest.raises(ServerFailed, match="CERTIFICATE_VERIFY_FAILED"):
            await asyncio.to_thread(Given.by_environment().postgres.ask, "SELECT 1")


@pytest.mark.parametrize(
    ("more", "said"), [({"CA": "/there/is/none.pem"}, "there is no file"), ({"CLIENT_CERT": "x"}, "_CA is needed")]
)
def test_what_is_said_of_it_must_fit_together(names, more, said):
    names("postgresql://x@127.0.0.1:1/x", **more)

    with pytest.raises(ServerFailed, match=said):
        Given.by_environment()
