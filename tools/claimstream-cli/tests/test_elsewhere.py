"""The same commands for a stack that is elsewhere: what a profile says is used, and what it does not say is named."""

import json
import shutil
import ssl
import stat
import sys
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from claimstream_cli import audit_check, exits, profiles
from claimstream_cli.main import app
from claimstream_cli.members import SERVICES
from claimstream_cli.places import checkout
from claimstream_cli.sites import GivenToken, Site
from claimstream_kit.testing import migrated_template, under_test
from claimstream_kit.testing_tls import a_certificate
from claimstream_local_servers import LocalPostgres
from coding_svc.main import MIGRATIONS, build
from coding_svc.settings import Settings
from typer.testing import CliRunner

from .speaking import received, say, seal, send

PYTHON = json.dumps(sys.executable)
ODD = "p@ss/w%rd:#?$'\" ü"
NAMES = [service.name for service in SERVICES]


@pytest.fixture
def claimstream(monkeypatch, tmp_path):
    """The command, where nothing runs; what it prints is one line."""
    monkeypatch.setenv("CLAIMSTREAM_HOME", str(tmp_path / "nothing here"))
    runner = CliRunner()

    def run(*words):
        answer = runner.invoke(app, list(map(str, words)))
        return answer.exit_code, " ".join(answer.output.split())

    return run


@pytest.fixture
def services(tmp_path):
    """What stands for a stack behind HTTPS, each service behind a path: it notes who asked for what, and takes it."""
    certificate, key = a_certificate(tmp_path)
    asked = []

    class Door(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append((self.command, self.path, self.headers.get("Authorization"), body))
            self.send_response(202 if self.command == "POST" else 200)
            self.end_headers()
            self.wfile.write(b'{"encounters": [{"id": "E1"}]}')

        do_GET = do_PUT = do_POST = answer  # noqa: N815  http.server's names

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}", certificate, asked
    server.shutdown()
    thread.join()
    server.server_close()


def a_profile(folder: Path, text: str) -> Path:
    file = folder / "profile.toml"
    file.write_text(text)
    return file


def databases(url: str) -> str:
    return "[databases]\n" + "\n".join(f'{name} = "{url}"' for name in NAMES) + "\n"


def test_a_practice_is_loaded_over_https_with_a_token_of_the_profiles_command(claimstream, services, tmp_path):
    url, ca, asked = services
    says_its_words = f'[{PYTHON}, "-c", "import sys; print(chr(45).join(sys.argv[1:]))"]'
    profile = a_profile(tmp_path, f'services = "{url}"\nca = "{ca.name}"\n[tokens]\ncommand = {says_its_words}\n')
    (tmp_path / "practice.json").write_text('{"id": "elm-street"}')

    code, said = claimstream("--profile", profile, "practice", "load", tmp_path / "practice.json")

    words = "--practice claimstream --subject claimstream-practice-load --role practice-admin --hours 12"
    bearer = f"Bearer {words.replace(' ', '-')}"
    assert (code, said) == (exits.OK, "practice elm-street is loaded")
    assert asked == [("PUT", "/coding-svc/practices/elm-street", bearer, b'{"id": "elm-street"}')]


def test_encounters_are_posted_to_an_address_with_a_given_token(claimstream, services, tmp_path, monkeypatch):
    url, ca, asked = services
    monkeypatch.setenv("CLAIMSTREAM_TOKEN", "given")
    (tmp_path / "visit.json").write_text('{"encounter_id": "1"}')

    code, said = claimstream("--url", f"{url}/at/{{service}}", "--ca", ca, "post", tmp_path / "visit.json")

    assert (code, said.endswith("E1")) == (exits.OK, True)
    assert asked == [("POST", "/at/coding-svc/encounters", "Bearer given", b'{"encounter_id": "1"}')]


def test_each_service_says_whether_it_is_ready(claimstream, services):
    url, ca, asked = services

    code, said = claimstream("--url", url, "--ca", ca, "status")

    assert (code, said.count("yes")) == (exits.OK, 5)
    assert [path for _, path, _, _ in asked] == [
        f"/{name}/{part}" for name in NAMES for part in ("health/ready", "metrics")
    ]


def test_a_certificate_that_somebody_else_signed_is_refused_and_nothing_is_sent(claimstream, services, tmp_path):
    url, _, asked = services
    (tmp_path / "other").mkdir()
    other, _ = a_certificate(tmp_path / "other")

    code, said = claimstream("--url", url, "--ca", other, "status")

    assert (code, "CERTIFICATE_VERIFY_FAILED" in said, asked) == (exits.NOT_STARTED, True, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("audit", "verify"), "name [audit] in the profile"),
        (("events", "bay-state/1"), "names no databases"),
        (("backup", "somewhere"), "names no databases"),
        (("post", __file__), "says nothing of tokens"),
        (("token",), "says nothing of tokens"),
    ],
)
def test_what_a_command_lacks_is_named(claimstream, tmp_path, words, said):
    profile = a_profile(tmp_path, 'services = "http://127.0.0.1:1"\n')

    code, answer = claimstream("--profile", profile, *words)

    assert (code, str(profile) in answer, said in answer) == (exits.USAGE, True, True)


def test_databases_without_a_server_are_not_backed_up(claimstream, tmp_path):
    profile = a_profile(tmp_path, databases("postgresql://somebody@127.0.0.1:1/x"))

    code, said = claimstream("--profile", profile, "backup", tmp_path / "backup")

    assert (code, "names it under [backup]" in said) == (exits.USAGE, True)
    assert not (tmp_path / "backup").exists()


@pytest.mark.parametrize(
    "words",
    [("up",), ("down",), ("restore",), ("bench", "journey"), ("demo",), ("soak",), ("test",), ("fuzz",), ("fuzz-api",)],
)
def test_what_is_done_on_this_machine_alone_is_refused_for_another(claimstream, monkeypatch, words):
    monkeypatch.setenv("CLAIMSTREAM_URL", "https://claims.example")

    code, said = claimstream(*words)

    assert (code, "works on the stack of this machine alone" in said) == (exits.USAGE, True)


@pytest.mark.parametrize(
    "url", ["http://host:{nothing}", "ftp://host", "host", "http://", "http://host:99999", "http://host:x"]
)
def test_what_is_no_address_is_said_to_be_none(claimstream, url):
    code, said = claimstream("--url", url, "status")

    assert (code, "is no address" in said) == (exits.USAGE, True)


def test_a_token_that_was_given_is_not_printed_as_another(claimstream, monkeypatch):
    monkeypatch.setenv("CLAIMSTREAM_TOKEN", "given")

    code, said = claimstream("--url", "https://claims.example", "token", "--role", "biller")

    assert (code, "no key to make others" in said) == (exits.USAGE, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("service = 1", "service: Extra inputs are not permitted"),
        ('clock-offset-seconds = "secret"', "clock-offset-seconds"),
        ('[databases]\nclaim-svc = "x"', "coding-svc, clearinghouse-gw, remit-svc, denial-svc is missing"),
        ('services = "${NOT_SET_ANYWHERE}"', "NOT_SET_ANYWHERE is set neither in the environment nor in env-file"),
        ('env-file = "no.env"\nservices = "${NOT_SET_ANYWHERE}"', "no.env"),
        ('[backup]\npostgres = "x"', "files-command"),
        ("[", "cannot be read"),
    ],
)
def test_a_wrong_profile_is_refused_with_its_place(claimstream, tmp_path, text, said):
    code, answer = claimstream("--profile", a_profile(tmp_path, text), "status")

    assert (code, said in answer, "secret" in answer) == (exits.USAGE, True, False)


def test_a_password_of_any_characters_reaches_the_database_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("THE_PASSWORD", ODD)
    text = databases("postgresql://me:${THE_PASSWORD}@db.example/x")
    backup = '[backup]\npostgres = "postgresql://postgres:${THE_PASSWORD}@db.example:15432"\nfiles = "."\n'

    site = profiles.read(a_profile(tmp_path, text + backup))

    assert site.kept is not None
    assert (site.kept.postgres.password, site.kept.postgres.port) == (ODD, 15432)
    assert ODD not in repr(site)
    assert "p%40ss%2Fw%25rd%3A%23%3F%24%27%22%20%C3%BC@" in site.every_database()["claim-svc"]


def test_the_profile_of_docker_compose_names_what_docker_compose_runs(tmp_path):
    (tmp_path / "deploy").mkdir()
    shutil.copy(checkout() / "deploy" / "compose-profile.toml", tmp_path / "deploy")
    (tmp_path / ".env").write_text((checkout() / ".env.example").read_text().replace("change-me-remit", "'$a #b'"))
    composed = yaml.safe_load((checkout() / "docker-compose.yml").read_text())["services"]

    site = profiles.read(tmp_path / "deploy" / "compose-profile.toml")

    assert site.services == {name: address(composed[name]["ports"], "http") for name in NAMES}
    assert "remit_svc:%24a%20%23b@" in site.every_database()["remit-svc"]
    for name, url in site.every_database().items():
        role = composed[name]["environment"]["CLAIMSTREAM_DATABASE_URL"].rpartition("/")[2]
        assert url.startswith(f"postgresql://{role}:")
        assert f"@{address(composed['postgres']['ports'], '').removeprefix('://')}/{role}" in url


def address(ports: list[str], scheme: str) -> str:
    (port,) = ports
    return f"{scheme}://{port.rpartition(':')[0]}"


@pytest.fixture(scope="session")
def template(new_database):
    return migrated_template(new_database, "coding_svc", MIGRATIONS)


@pytest.fixture
async def service(new_database, template, tmp_path):
    async with under_test(build, Settings, new_database("coding_svc", template=template), tmp_path) as made:
        await say(made, received(uuid4()))
        await send(made)
        await seal(made)
        yield made


async def test_an_audit_is_verified_beside_the_heads_that_lie_here(service, as_owner, tmp_path):
    (tmp_path / "heads").mkdir()
    (tmp_path / "heads" / "coding-svc").symlink_to(tmp_path / "audit")
    site = Site("a profile", {}, databases={"coding-svc": service.database.url}, audit=tmp_path / "heads")

    before = await audit_check.verified(site, site.audit)
    await as_owner(service, "DELETE FROM audit_heads; TRUNCATE audit_chain")

    assert before == {"coding-svc": (True, "coding-svc: the audit chain holds")}
    after = await audit_check.verified(site, site.audit)
    assert after["coding-svc"][0] is False
    assert "was signed" in after["coding-svc"][1]


def test_an_audit_is_verified_where_its_heads_lie(claimstream, tmp_path):
    asks = f'[{PYTHON}, "-c", "import sys; print(sys.argv[1:]); sys.exit(sys.argv[1] == \'remit-svc\')"'
    profile = a_profile(tmp_path, f'[audit]\ncommand = {asks}, "{{service}}", "{{module}}"]\n')

    code, said = claimstream("--profile", profile, "audit", "verify")

    assert code == exits.REFUSED
    assert all(f"['{service.name}', '{service.module}']" in said for service in SERVICES)


def test_databases_that_let_nobody_in_are_said_not_to_answer(claimstream, tmp_path, postgres_server):
    url = f"postgresql://nobody:wrong@127.0.0.1:{postgres_server.port}/x"
    profile = a_profile(tmp_path, databases(url) + '[audit]\nfolder = "."\n')

    code, said = claimstream("--profile", profile, "events", "bay-state/1")

    assert (code, "do not answer" in said) == (exits.NOT_RUNNING, True)


@pytest.fixture
def postgres(tmp_path):
    server = LocalPostgres(tmp_path / "home")
    yield server
    server.remove()


def test_a_backup_is_taken_of_a_server_and_of_files_elsewhere(claimstream, tmp_path, postgres):
    server = postgres.start()
    (tmp_path / "there" / "audit").mkdir(parents=True)
    for name in ("heads.jsonl", "one.part"):
        (tmp_path / "there" / "audit" / name).write_text("signed")
    with tarfile.open(tmp_path / "files.tar", "w") as tar:
        tar.add(tmp_path / "there" / "audit", "audit")
    profile = a_profile(
        tmp_path,
        databases(server.url("claims"))
        + f'[backup]\npostgres = "{server.url("postgres")}"\nfiles-command = ["cat", "files.tar"]\n',
    )

    first = claimstream("--profile", profile, "backup", tmp_path / "backup")
    second = claimstream("--profile", profile, "backup", tmp_path / "backup")

    files = tmp_path / "backup" / "files"
    assert (first[0], "a base and the log, 1 files" in first[1]) == (exits.OK, True)
    assert (second[0], "the log since" in second[1]) == (exits.OK, True)
    assert {path.name for path in files.rglob("*") if path.is_file()} == {"heads.jsonl", "passwords.json"}
    assert json.loads((files / "postgres" / "passwords.json").read_text()) == {"postgres": server.password}
    assert (tmp_path / "backup" / "base" / "backup_manifest").exists()
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("more", "said"), [("", "the wheel have no TLS"), ('programs = "nowhere"', "nowhere/pg_basebackup cannot be run")]
)
def test_over_tls_a_backup_wants_programs_that_have_it(claimstream, tmp_path, monkeypatch, more, said):
    monkeypatch.setattr("claimstream_local_servers.PostgresServer.run_sql", lambda *_, **__: None)
    postgres = 'postgres = "postgresql://postgres:x@127.0.0.1:1?sslmode=verify-full"\nfiles = "."\n'
    profile = a_profile(tmp_path, databases("postgresql://x@127.0.0.1:1/x") + f"[backup]\n{postgres}{more}\n")

    code, answer = claimstream("--profile", profile, "backup", tmp_path / "backup")

    assert (code, said in answer) == (exits.REFUSED, True)


def test_a_command_that_cannot_be_run_is_named(claimstream, tmp_path):
    profile = a_profile(tmp_path, '[tokens]\ncommand = ["no-such-program"]\n')

    code, said = claimstream("--profile", profile, "token")

    assert (code, "no-such-program cannot be run" in said) == (exits.NOT_RUNNING, True)


def test_a_token_does_not_show_with_its_site():
    assert "given" not in repr(Site("x", {}, GivenToken("given")))


def test_a_key_that_is_not_there_is_not_made_for_a_stack_elsewhere(claimstream, tmp_path):
    profile = a_profile(tmp_path, f'services = "http://127.0.0.1:1"\n[tokens]\nkeys = "{tmp_path}/typo"\n')

    code, said = claimstream("--profile", profile, "post", __file__)

    assert (code, "no issuer.pem" in said, (tmp_path / "typo").exists()) == (exits.USAGE, True, False)


def test_what_signs_nothing_is_said_to_sign_nothing(claimstream):
    code, said = claimstream("--ca", __file__, "--url", "https://localhost:1", "status")

    assert (code, "cannot be read as certificates" in said) == (exits.USAGE, True)
