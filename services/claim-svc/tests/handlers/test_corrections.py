"""What holds a claim is mended at the place that the finding names."""

from claimstream_schemas import ClaimHeld, ClaimSubmitted
from claimstream_schemas.values.people import PersonName

from ..builders import a_patient, a_subscriber, an_encounter_coded, claim_of


async def test_a_name_without_latin_letters_is_spelled_at_its_place_and_leaves(claim_svc):
    name = PersonName(last="王", first="小明")
    event = an_encounter_coded(patient=a_patient(name=name))
    person = event.person.model_copy(update={"subscribers": (a_subscriber(name=name),)})
    await claim_svc.hears(event.model_copy(update={"person": person}))
    (held,) = await claim_svc.told(ClaimHeld)
    places = [finding.place for finding in held.findings if finding.rule == "latin-names"]
    assert places == [
        "patient/name/last",
        "patient/name/first",
        "subscribers/1/name/last",
        "subscribers/1/name/first",
    ]
    assert not any("王" in f"{finding.message} {finding.remedy}" for finding in held.findings)

    spelled = {"last": "Wang", "first": "Xiaoming"}
    answer = await claim_svc.client.post(
        f"/claims/{claim_of()}/corrections",
        json={"changes": [{"place": place, "value": spelled[place.rsplit("/", 1)[-1]]} for place in places]},
        headers=claim_svc.as_("biller"),
    )

    assert (answer.status_code, answer.json()["state"]) == (200, "released")
    (told,) = await claim_svc.told(ClaimSubmitted)
    assert (told.person.patient.last, told.person.subscriber.name.first) == ("Wang", "Xiaoming")


async def test_a_claim_shows_where_its_place_of_service_comes_from_and_a_person_who_mends_it_gives_it(claim_svc):
    wrong = {"diagnoses": ("ZZZZ",)}
    await claim_svc.hears(an_encounter_coded(place_of_service_source="remembered", **wrong))

    async def shown() -> dict:
        answer = await claim_svc.client.get(f"/claims/{claim_of()}", headers=claim_svc.as_("biller"))
        content = answer.json()["content"]
        return {name: content[name] for name in ("place_of_service", "place_of_service_source")}

    assert await shown() == {"place_of_service": "11", "place_of_service_source": "remembered"}

    await claim_svc.client.post(
        f"/claims/{claim_of()}/corrections",
        json={"changes": [{"place": "place_of_service", "value": "22"}]},
        headers=claim_svc.as_("biller"),
    )

    assert await shown() == {"place_of_service": "22", "place_of_service_source": "given"}
