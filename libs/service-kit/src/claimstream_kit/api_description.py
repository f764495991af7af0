"""What the API says of itself: for each route the refusals that can come, with their slugs.

Most follow from what is true of a route: it asks for a token, it has parameters, it takes a body. A route names what is its own alone.
"""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from itertools import groupby
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field

from .admission import BUSY, ENCODED, TOO_LARGE, TOO_SLOW, WRITES
from .auth import RoleMissing, Unauthenticated
from .errors import Invalid, Malformed, NotFound
from .idempotency import KeyInFlight, KeyReused
from .problems import CONTENT_TYPE, MADE_TWICE, TYPE, UNAVAILABLE, UNREADABLE, Answer, Kind
from .query_names import UnknownParameter

Json = dict[str, Any]

_OWN = "x-refusals"
_DEFINED = "#/$defs/"
_SAYS_MORE = frozenset({"pattern", "format", "enum", "const"})
_DATA = frozenset({"default", "enum", "const", "example", "examples"})
"""Members of a schema that hold values, no schemas."""
_NO_NULL = r"^[^\x00]*$"
_WAITS = frozenset({MADE_TWICE.slug, BUSY.slug, UNAVAILABLE.slug})
_RETRY_AFTER = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer", "minimum": 1}}}
_WHO_ARE_YOU = {"WWW-Authenticate": {"required": True, "schema": {"const": "Bearer"}}}


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    place: str = Field(description="A JSON pointer into the body, or a parameter's name")
    problem: str
    remedy: str | None = None


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description=f"{TYPE} and the slug, which stays as it is from release to release")
    title: str
    status: int
    detail: str | None = None
    place: str | None = Field(default=None, description="Where: a JSON pointer into the body, or a parameter's name")
    remedy: str | None = Field(default=None, description="What to do")
    errors: list[Fault] | None = Field(default=None, description="Each fault, where there are several")


def refuses(*kinds: Kind) -> dict[int | str, Json]:
    """What a route refuses that others do not, for its ``responses``."""
    by_status = groupby(sorted(kinds, key=_status), key=_status)
    return {status: {_OWN: [asdict(_plain(kind)) for kind in of_status]} for status, of_status in by_status}


def describe(app: FastAPI) -> None:
    """Let the application's description name every refusal."""
    app.openapi = partial(_described, app)  # type: ignore[method-assign]  # FastAPI's way to change it


def _described(app: FastAPI) -> Json:
    plain = FastAPI.openapi(app)  # made once, and kept
    schemas = plain.setdefault("components", {}).setdefault("schemas", {})
    if Problem.__name__ in schemas:
        return plain
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas[Fault.__name__] = Fault.model_json_schema()
    schemas[Problem.__name__] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas[Problem.__name__].pop("$defs")
    for path in plain["paths"].values():
        for method, operation in path.items():
            _name_refusals(plain, method.upper(), operation)
    _lift_definitions(plain["paths"], schemas)
    _limit_texts(plain)
    return plain


def _lift_definitions(part: Any, schemas: Json) -> None:
    """What a schema that stands by itself defines becomes a component under the schema's own name: a reference holds from there alone."""
    if isinstance(part, dict) and "$defs" in part:
        defined, prefix = part.pop("$defs"), part["title"]
        _rename_references([part, defined], prefix)
        schemas.update({f"{prefix}.{name}": schema for name, schema in defined.items()})
    for inner in _within(part):
        _lift_definitions(inner, schemas)


def _rename_references(part: Any, prefix: str) -> None:
    if isinstance(part, dict) and str(part.get("$ref")).startswith(_DEFINED):
        part["$ref"] = f"#/components/schemas/{prefix}.{part['$ref'].removeprefix(_DEFINED)}"
    for inner in _within(part):
        _rename_references(inner, prefix)


def _limit_texts(part: Any) -> None:
    """A text whose form nothing else says takes every character but one."""
    if isinstance(part, dict) and part.get("type") == "string" and not part.keys() & _SAYS_MORE:
        part["pattern"] = _NO_NULL
    for inner in _within(part):
        _limit_texts(inner)


def _within(part: Any) -> Iterator[Any]:
    if isinstance(part, list):
        yield from part
    elif isinstance(part, dict):
        yield from (inner for name, inner in part.items() if name not in _DATA)


def _name_refusals(description: Json, method: str, operation: Json) -> None:
    responses = operation["responses"]
    own = [Answer(**kind) for response in responses.values() for kind in response.pop(_OWN, ())]
    usual = map(_plain, _usual(method, operation))
    kinds = sorted({*own, *usual}, key=lambda kind: (kind.status, kind.slug))
    for status, of_status in groupby(kinds, key=_status):
        responses[str(status)] = _reference(description["components"], list(of_status))
    if kinds:
        operation["responses"] = dict(sorted(responses.items()))


def _usual(method: str, operation: Json) -> Iterator[Kind]:
    """What follows from what is true of a route."""
    if "security" not in operation:
        return
    yield from (Unauthenticated, RoleMissing, UnknownParameter, UNAVAILABLE)
    parameters = operation.get("parameters", ())
    if parameters or "requestBody" in operation:
        yield from (Invalid, Malformed)
    if any(each["in"] == "path" for each in parameters) and method != "PUT":
        yield NotFound
    if any(each["name"] == "Idempotency-Key" for each in parameters):
        yield from (KeyReused, KeyInFlight)
    if "requestBody" in operation:
        yield UNREADABLE
    if method in WRITES:
        yield from (TOO_SLOW, TOO_LARGE, ENCODED, BUSY, MADE_TWICE)


def _plain(kind: Kind) -> Answer:
    return Answer(kind.status, kind.slug, kind.title)


def _reference(components: Json, kinds: list[Answer]) -> Json:
    """The response of these kinds, which all have one status."""
    name = ".".join(kind.slug for kind in kinds)
    components.setdefault("responses", {}).setdefault(name, _response(kinds))
    return {"$ref": f"#/components/responses/{name}"}


def _response(kinds: list[Answer]) -> Json:
    schema = {
        "allOf": [{"$ref": f"#/components/schemas/{Problem.__name__}"}],
        "properties": {"type": {"enum": [TYPE + kind.slug for kind in kinds]}, "status": {"const": kinds[0].status}},
    }
    described: Json = {
        "description": "; ".join(f"`{kind.slug}`: {kind.title}" for kind in kinds),
        "content": {CONTENT_TYPE: {"schema": schema}},
    }
    if any(kind.slug in _WAITS for kind in kinds):
        described["headers"] = _RETRY_AFTER
    if _plain(Unauthenticated) in kinds:
        described["headers"] = _WHO_ARE_YOU
    return described


def _status(kind: Kind) -> int:
    return kind.status
