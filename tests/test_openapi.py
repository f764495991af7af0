"""What the five services say of their APIs is whole: references hold, every refusal is a problem with slugs, every answer has a form."""

import re

import pytest
from claimstream_kit.admission import OPEN

from .test_roles import SERVICES, app_of, folder

__all__ = ["folder"]
ALWAYS = {"401", "403", "422", "503"}


@pytest.fixture(params=SERVICES, ids=lambda module: module.__name__)
def description(request, folder):
    return app_of(request.param, folder).openapi()


def operations(description):
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_reference_holds(description):
    for reference in set(re.findall(r"'\$ref': '#/([^']+)'", str(description))):
        part = description
        for step in reference.split("/"):
            part = part[step]


def test_every_refusal_is_a_problem_that_names_its_slugs(description):
    for name, operation in operations(description):
        guarded = name.partition(" ")[2] not in OPEN
        refusals = {status: said for status, said in operation["responses"].items() if status >= "400" and guarded}
        assert not guarded or refusals.keys() >= ALWAYS, name
        for status, said in refusals.items():
            named = description["components"]["responses"][said["$ref"].rpartition("/")[2]]
            (content_type,) = named["content"]
            slugs = named["content"][content_type]["schema"]["properties"]["type"]["enum"]
            assert content_type == "application/problem+json", (name, status)
            assert slugs, (name, status)


def test_every_answer_has_a_form(description):
    for name, operation in operations(description):
        (taken,) = [said for status, said in operation["responses"].items() if status < "300"]
        for content in taken["content"].values():
            assert content["schema"], name


def test_every_number_of_a_path_has_its_limits(description):
    for name, operation in operations(description):
        for parameter in operation.get("parameters", ()):
            if parameter["schema"].get("type") == "integer":
                assert {"minimum", "maximum"} <= parameter["schema"].keys(), (name, parameter["name"])
