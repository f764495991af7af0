"""The HTTP door: tokens, roles, idempotency, problems."""

import json
import logging
from uuid import uuid4

import pytest
from claimstream_kit.auth import issue_token
from claimstream_kit.problems import _place_of_what_cannot_be_kept
from claimstream_kit.telemetry import WithoutValues
from starlette.requests import Request

from .signing import signed

OPEN = {"/health/live", "/health/ready", "/metrics", "/openapi.json"}


async def test_every_route_but_health_and_metrics_asks_for_a_token(toy):
    app = toy.client._transport.app
    routes = {path: list(methods) for path, methods in app.openapi()["paths"].items() if path not in OPEN}

    answers = {
        (method, path): (await toy.client.request(method.upper(), path.replace("{letter}", "1"))).status_code
        for path, methods in routes.items()
        for method in methods
    }

    assert len(answers) >= 5
    assert set(answers.values()) == {401}


async def test_a_token_of_another_issuer_and_an_expired_one_are_refused(toy, tmp_path):
    stranger = issue_token(tmp_path / "other", subject="x", practice="bay-state", roles=["operator"])
    late = issue_token(toy._keys, subject="x", practice="bay-state", roles=["operator"], hours=1e-9)

    answers = [
        await toy.client.get("/quiet", headers={"Authorization": f"Bearer {token}"}) for token in (stranger, late)
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert all(answer.headers["content-type"] == "application/problem+json" for answer in answers)


@pytest.mark.parametrize(
    ("subject", "practice"),
    [("x" * 301, "bay-state"), ("a\nb", "bay-state"), ("", "bay-state"), ("x", "Bay State"), ("x", "")],
)
async def test_a_token_for_somebody_whom_no_event_can_name_is_refused(toy, subject, practice):
    token = signed(toy._keys, sub=subject, practice=practice)

    answer = await toy.client.get("/quiet", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert "no name that an event can carry" in answer.json()["detail"]


async def test_a_role_that_is_missing_is_named(toy):
    answer = await toy.client.get("/dead-letters", headers=toy.as_("ehr"))

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (403, "role-missing")


async def test_a_repeated_key_gets_its_first_answer_and_another_body_is_refused(toy):
    headers = toy.as_("biller") | {"Idempotency-Key": "k1"}
    first_body, other_body = {"claim_id": str(uuid4())}, {"claim_id": str(uuid4())}

    first = await toy.client.post("/holds", json=first_body, headers=headers)
    second = await toy.client.post("/holds", json=first_body, headers=headers)
    other = await toy.client.post("/holds", json=other_body, headers=headers)

    assert (first.status_code, first.json()) == (201, {"held": 1})
    assert (second.json(), second.headers["Idempotency-Replayed"]) == ({"held": 1}, "true")
    assert (other.status_code, other.json()["type"].rsplit("/", 1)[1]) == (422, "idempotency-key-reused")


async def test_a_key_in_flight_is_a_conflict(toy):
    async with toy.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO idempotency_keys (practice, key, request_digest) VALUES ('bay-state', 'k2', ''::bytea)"
        )
        headers = toy.as_("biller") | {"Idempotency-Key": "k2"}

        answer = await toy.client.post("/holds", json={"claim_id": str(uuid4())}, headers=headers)

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, "idempotency-key-in-flight")


@pytest.mark.parametrize("body", [{}, {"claim_id": "x"}, []])
async def test_a_malformed_body_is_a_problem_with_its_place(toy, body):
    answer = await toy.client.post("/holds", json=body, headers=toy.as_("biller"))

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["place"] in ("/claim_id", "/")


@pytest.mark.parametrize(("path", "place"), [("/holds?of=%00", "/of"), (f"/dead-letters?after={10**20}", "/after")])
async def test_a_value_that_the_database_does_not_take_is_a_problem_with_its_place(toy, path, place):
    answer = await toy.client.get(path, headers=toy.as_("operator"))

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["place"] == place


async def test_a_fault_of_ours_is_answered_and_its_message_stays_out_of_every_log(toy, monkeypatch, capsys):
    async def fails(*_, **__):
        raise ArithmeticError("Robin Sample, born 1980-02-01")

    monkeypatch.setattr(toy.running.dead_letters, "page", fails)

    answer = await toy.client.get("/dead-letters", headers=toy.as_("operator"))

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (500, "unexpected")
    logged = capsys.readouterr().out
    assert "ArithmeticError" in logged
    assert "Robin" not in logged


def test_what_a_library_logs_names_the_fault_and_not_its_message():
    error = LookupError("Robin Sample")
    facts = (LookupError, error, None)
    record = logging.LogRecord("asyncio", logging.ERROR, "here", 1, "lost: %s", ("Robin Sample",), facts)

    line = json.loads(WithoutValues().format(record))

    assert (line["logger"], line["error"]) == ("asyncio", "LookupError")
    assert "Robin" not in str(line)


async def test_health_and_readiness_differ(toy):
    live, ready = await toy.client.get("/health/live"), await toy.client.get("/health/ready")

    assert (live.status_code, ready.status_code) == (200, 503)


@pytest.mark.parametrize(
    ("odd", "said", "place"),
    [("--5", b"after=99999999999", "/after"), ("9" * 5000, b"after=1", "/odd"), ("1", b"", "/")],
)
def test_what_a_database_cannot_keep_is_placed_whatever_the_other_values_look_like(odd, said, place):
    request = Request({"type": "http", "path_params": {"odd": odd}, "query_string": said, "headers": []})

    assert _place_of_what_cannot_be_kept(request) == place


@pytest.mark.parametrize("method", ["OPTIONS", "DELETE"])
async def test_who_asks_by_another_method_is_told_all_that_the_address_knows(toy, method):
    answer = await toy.client.request(method, "/holds", headers=toy.as_("biller"))

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_the_name_of_a_misspelt_parameter_is_said_again_in_part_and_in_print_alone(toy):
    odd = {f"{n}\x00\u202e" + "x" * 5_000: "1" for n in range(9)}

    answer = await toy.client.get("/quiet", params=odd, headers=toy.as_("operator"))

    said = answer.json()
    assert (answer.status_code, said["type"].rsplit("/", 1)[-1]) == (422, "unknown-parameter")
    assert len(answer.text) < 1_000
    assert (said["detail"] + said["place"]).isprintable()


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_who_balances_a_load_may_ask_by_head(toy, path):
    answer = await toy.client.head(path)

    assert (answer.status_code in (200, 503), answer.content) == (True, b"")


async def test_nobody_is_led_to_the_host_that_a_request_names(toy):
    answer = await toy.client.get("/quiet/", headers=toy.as_("operator") | {"Host": "evil.example"})

    assert (answer.status_code, answer.headers.get("location")) == (404, None)
