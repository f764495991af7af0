import re
from itertools import islice

import orjson
from claimstream_load import canaries, encounters, lines, source_system
from claimstream_load.templates import templates


def identity(encounter):
    patient = encounter["patient"]
    return (
        patient["name"]["last"],
        patient["name"]["first"],
        patient["birth_date"],
        patient.get("address", {}).get("line1"),
    )


def test_the_same_seed_and_number_make_the_same_encounter():
    assert lines(3, 40, 5) == lines(3, 38, 7)[2:]
    assert list(islice(encounters(3, 40), 5)) == [orjson.loads(line) for line in lines(3, 40, 5)]


def test_no_encounter_of_a_run_has_another_ones_number():
    made = [orjson.loads(line) for line in lines(3, 0, 3 * len(templates()))]

    assert len({each["encounter_id"] for each in made}) == len(made)
    assert {each["source_system"] for each in made} == {source_system(3)}


def test_each_round_of_the_real_encounters_is_about_other_people():
    size = len(templates())

    rounds = [{identity(orjson.loads(line)) for line in lines(3, start, size)} for start in (0, size, 2 * size)]

    assert rounds[0].isdisjoint(rounds[1])
    assert rounds[0].isdisjoint(rounds[2])


def test_one_persons_encounters_stay_one_persons():
    people = {}
    for template in templates():
        people.setdefault(template.person, []).append(template)
    size = len(templates())

    made = [identity(orjson.loads(line)) for line in lines(3, 0, size)]

    assert len({name[:3] for name in made}) == len(people)


def test_two_seeds_share_no_person():
    first, second = ({identity(orjson.loads(line))[0] for line in lines(seed, 0, 500)} for seed in (3, 4))

    assert first.isdisjoint(second)


MBI = re.compile(r"[12][A-Z][A-Z0-9]\d[A-Z][A-Z0-9]\d[A-Z]{2}\d\d")


def test_whatever_identifies_a_person_holds_the_canary():
    (canary,) = canaries(3)

    for line in lines(3, 0, 2 * len(templates())):
        encounter = orjson.loads(line)
        patient = encounter["patient"]
        told = [
            patient["name"]["last"],
            *(each["member_id"] for each in encounter.get("coverages", ()) if not MBI.fullmatch(each["member_id"])),
        ]
        told += [patient["address"]["line1"]] if "address" in patient else []
        told += [each["subscriber"]["name"]["last"] for each in encounter.get("coverages", ()) if "subscriber" in each]
        told += [encounter["guarantor"]["name"]["last"]] if "guarantor" in encounter else []
        assert all(canary in each.lower() for each in told), told


def test_the_payers_roads_by_member_id_are_still_walked():
    members = [
        each["member_id"] for line in lines(3, 0, len(templates())) for each in orjson.loads(line).get("coverages", ())
    ]

    for trigger in ("REJ", "MUTE", "UPAY", "INTR", "REVD", "DUPR", "UNBL", "NOTO", "BADS", "BADI"):
        assert any(member.startswith(trigger) for member in members), trigger


def test_days_move_together_and_back_by_three_at_most():
    size = len(templates())
    first = {line["encounter_id"]: line for line in map(orjson.loads, lines(3, 0, size))}

    for number, line in enumerate(map(orjson.loads, lines(3, 3 * size, size))):
        before = first[f"L3-{number:08d}"]
        assert before["started_on"] > line["started_on"]
        assert len(before["services"]) == len(line["services"])
