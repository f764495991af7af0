"""Who may what: each route of each service is asked in each role, and docs/security.md has the table of what came of it."""

import re
from itertools import chain
from pathlib import Path

import claim_svc.main
import claim_svc.settings
import clearinghouse_gw.main
import clearinghouse_gw.settings
import coding_svc.main
import coding_svc.settings
import denial_svc.main
import denial_svc.settings
import httpx2
import pytest
import remit_svc.main
import remit_svc.settings
from claimstream_kit.admission import OPEN
from claimstream_kit.app import build_app
from claimstream_kit.auth import INSTALLATION, ROLES, generate_keys, issue_token
from claimstream_kit.service import Running
from claimstream_kit.testing import TOPICS, Idle

SERVICES = (coding_svc, claim_svc, clearinghouse_gw, remit_svc, denial_svc)
DOCUMENT = Path(__file__).parents[1] / "docs" / "security.md"
SECTION = "## Roles"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("roles")
    generate_keys(made / "keys")
    return made


def app_of(module, folder):
    """The application of a service whose database is away: what a role may do ends there."""
    settings = module.settings.Settings(
        database_url="postgresql://nobody@127.0.0.1:1/nothing",
        kafka="127.0.0.1:1",
        topics=TOPICS,
        token_keys=folder / "keys",
        audit_dir=folder / "audit",
        exchange_dir=folder / "exchange",
        port=1,
    )
    return build_app(Running(module.main.build(settings), settings, subscriber=Idle()))


def token(folder, role, practice):
    return issue_token(folder / "keys", subject="somebody", practice=practice, roles=[role], sources=["bay-ehr"])


async def roles_of(http, folder, method, path):
    """In which roles the route answers anything but that the role is missing."""
    address = re.sub(r"{\w*(id|file|number|version|letter)\w*}", "1", path)
    address = re.sub(r"{\w+}", "x", address)
    allowed = []
    for practice, role in chain((("bay-state", role) for role in ROLES), ((INSTALLATION, role) for role in ROLES)):
        headers = {"Authorization": f"Bearer {token(folder, role, practice)}"}
        answer = await http.request(method, address, json={}, headers=headers)
        assert answer.status_code != 500, (method, path)
        if not answer.json().get("type", "").endswith("/role-missing"):
            allowed.append((practice, role))
    own = [role for practice, role in allowed if practice != INSTALLATION]
    return own or [f"{role} of the installation" for practice, role in allowed if practice == INSTALLATION]


async def table_of(folder):
    lines = ["| service | route | roles |", "| --- | --- | --- |"]
    for module in SERVICES:
        app = app_of(module, folder)
        name = module.__name__.replace("_", "-")
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://x") as http:
            for path, methods in sorted(app.openapi()["paths"].items()):
                for method in sorted(methods) if path not in OPEN else ():
                    roles = await roles_of(http, folder, method.upper(), path)
                    said = "every role" if len(roles) == len(ROLES) else ", ".join(roles)
                    lines.append(f"| {name} | `{method.upper()} {path}` | {said} |")
    return "\n".join(lines)


async def test_the_table_of_roles_is_what_the_services_answer(folder):
    written = DOCUMENT.read_text().partition(f"{SECTION}\n")[2].partition("\n## ")[0]

    found = await table_of(folder)

    assert len(found.splitlines()) > 60
    assert found in written, f"docs/security.md, {SECTION}:\n{found}"
