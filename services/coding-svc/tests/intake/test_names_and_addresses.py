"""Of several names and addresses the one that holds at the visit, and that a claim can carry."""

import pytest
from coding_svc.intake.fhir.reading import read_bundle

from ..builders import a_bundle, a_coverage, look_at


def a_name(family: str, use: str | None = None, **more: object) -> dict:
    return {"family": family, "given": ["Robin"], **({"use": use} if use else {}), **more}


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ([a_name("Nick", "nickname"), a_name("Usual", "usual")], "Usual"),
        ([a_name("Maiden", "maiden"), a_name("Plain")], "Plain"),
        ([a_name("Plain"), a_name("Usual", "usual"), a_name("Official", "official")], "Official"),
        ([a_name("Past", "official", period={"end": "2020-01-01"}), a_name("Now", "official")], "Now"),
        ([a_name("Next", "official", period={"start": "2027-01-01"}), a_name("Now", "usual")], "Now"),
        ([a_name("王", "official"), a_name("Wang")], "Wang"),
        ([a_name("王"), a_name("Nick", "nickname")], "王"),
        ([a_name("Peña", "official"), a_name("Pena")], "Peña"),
        ([a_name("Old", "old")], "Old"),
    ],
)
def test_the_name_that_holds(names, wanted):
    assert look_at(a_bundle(a_coverage(), patient={"name": names})).visit.patient.name.last == wanted


@pytest.mark.parametrize("name", [{"text": "Robin Sample"}, {"given": ["Robin"]}])
def test_a_name_without_a_family_name_is_refused_in_words_that_help(name):
    visits, report = read_bundle(a_bundle(patient={"name": [name]}))

    assert visits == []
    assert (report.refused[0].place, report.refused[0].remedy) == ("/entry/0/resource/name", "give family and given")


def an_address(line: str, use: str | None = None, **more: object) -> dict:
    return {
        "line": [line],
        "city": "Quincy",
        "state": "MA",
        "postalCode": "02169",
        **({"use": use} if use else {}),
        **more,
    }


@pytest.mark.parametrize(
    ("addresses", "wanted"),
    [
        ([an_address("Old", "old"), an_address("Home", "home")], "Home"),
        ([an_address("Work", "work"), an_address("Temp", "temp"), an_address("Home", "home")], "Home"),
        ([an_address("Work", "work"), an_address("Plain")], "Plain"),
        ([an_address("Past", "home", period={"end": "2026-03-01"}), an_address("Now")], "Now"),
        ([an_address("Today", "home", period={"end": "2026-03-02"}), an_address("Now")], "Today"),
    ],
)
def test_the_address_that_holds(addresses, wanted):
    assert look_at(a_bundle(a_coverage(), patient={"address": addresses})).visit.patient.address.line1 == wanted


def test_an_old_address_is_none():
    assert (
        look_at(a_bundle(a_coverage(), patient={"address": [an_address("Old", "old")]})).visit.patient.address is None
    )


def test_a_territory_that_is_told_as_a_country_is_a_state():
    home = {"line": ["1 Calle Sol"], "city": "San Juan", "country": "Puerto Rico", "postalCode": "00901"}

    address = look_at(a_bundle(a_coverage(), patient={"address": [home]})).visit.patient.address

    assert (address.state, address.country) == ("PR", None)
