"""What the API says of itself: each status that can come, as a problem with its slugs."""

from uuid import UUID

import pytest
from claimstream_kit.api_description import _lift_definitions

SLUGS_OF_A_WRITE = {
    "400": {"unreadable"},
    "401": {"unauthenticated"},
    "403": {"role-missing"},
    "408": {"too-slow"},
    "409": {"idempotency-key-in-flight", "impossible", "made-twice"},
    "413": {"too-large"},
    "415": {"encoded"},
    "422": {"idempotency-key-reused", "invalid", "malformed", "unknown-parameter"},
    "429": {"busy"},
    "503": {"unavailable"},
}


@pytest.fixture
def description(toy):
    return toy.client._transport.app.openapi()


def slugs(description, method, path):
    """The slugs of each refusal of a route."""
    found = {}
    for status, response in description["paths"][path][method]["responses"].items():
        if "$ref" in response:
            named = description["components"]["responses"][response["$ref"].rpartition("/")[2]]
            types = named["content"]["application/problem+json"]["schema"]["properties"]["type"]["enum"]
            found[status] = {each.rpartition("/")[2] for each in types}
    return found


def test_a_write_names_what_follows_from_its_parts_and_what_is_its_own(description):
    assert slugs(description, "post", "/holds") == SLUGS_OF_A_WRITE


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("get", "/quiet", {"401", "403", "422", "503"}),
        ("get", "/dead-letters", {"401", "403", "422", "503"}),
        (
            "post",
            "/dead-letters/{letter}/redrive",
            {"401", "403", "404", "408", "409", "413", "415", "422", "429", "503"},
        ),
        ("get", "/health/live", set()),
    ],
)
def test_a_route_names_no_refusal_that_cannot_come(description, method, path, statuses):
    assert slugs(description, method, path).keys() == statuses


def test_what_the_framework_would_say_of_refusals_is_not_said(description):
    assert "HTTPValidationError" not in str(description)


def test_ids_have_the_limits_of_the_database_and_texts_take_no_null(description):
    (letter,) = description["paths"]["/dead-letters/{letter}/redrive"]["post"]["parameters"]
    reason = description["components"]["schemas"]["Discard"]["properties"]["reason"]

    assert (letter["schema"]["minimum"], letter["schema"]["maximum"]) == (1, 2**63 - 1)
    assert reason["pattern"] == r"^[^\x00]*$"


def test_what_a_schema_defines_for_itself_is_found_among_the_components(description):
    paths = {"schema": {"title": "Bag", "$defs": {"Pea": {"items": {"$ref": "#/$defs/Pea"}}}, "$ref": "#/$defs/Pea"}}
    schemas = {}

    _lift_definitions(paths, schemas)

    assert paths["schema"] == {"title": "Bag", "$ref": "#/components/schemas/Bag.Pea"}
    assert schemas == {"Bag.Pea": {"items": {"$ref": "#/components/schemas/Bag.Pea"}}}


@pytest.mark.parametrize("body", [{"reason": "no \x00 here"}, {"reason": "why", "\x00": 1}])
async def test_a_null_is_refused_at_the_door_as_breaking_a_rule(toy, body):
    answer = await toy.client.post("/dead-letters/1/discard", json=body, headers=toy.as_("operator"))

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "invalid")
    assert answer.json()["place"] in ("/reason", "/")


async def test_what_has_the_form_and_breaks_a_rule_is_told_from_what_has_not_the_form(toy):
    said = [
        (await toy.client.post("/holds", json=body, headers=toy.as_("biller"))).json()
        for body in ({"claim_id": str(UUID(int=0))}, {"claim_id": "x"})
    ]

    assert [each["type"].rpartition("/")[2] for each in said] == ["invalid", "malformed"]
    assert {each["place"] for each in said} == {"/claim_id"}


async def test_a_body_that_is_no_text_is_unreadable(toy):
    headers = toy.as_("biller") | {"Content-Type": "application/json"}

    answer = await toy.client.post("/holds", content=b'"\xff"', headers=headers)

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "unreadable")
