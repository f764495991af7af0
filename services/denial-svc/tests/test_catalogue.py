"""``playbooks/catalogue.toml``: every row is lawful, and a wrong one stops the start."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from claimstream_codesets import open_code_sets
from denial_svc.catalogue_file import CatalogueWrong, load_catalogue

PATH = Path(__file__).parents[1] / "playbooks" / "catalogue.toml"
ROUTES = {"R", "C", "A", "I", "P", "O", "N", "W"}
SCENARIOS = {"missing documentation", "invalid data", "not covered", "not separately payable"}
RETIRED = {"15": date(2018, 1, 1)}
"""Codes that remittances of earlier years have: a day on which they held."""

PATIENT = '"49" = { cause = "c", scenario = "not covered", route = "P", otherwise = "C", otherwise_remedy = "r" }'
NEVER = '[[patient.never]]\nfiling_indicators = ["MC"]\nwhy = "w"\nsource = "s"'
FILING = '[filing]\nfiling_indicators = ["MB"]\ncalendar_years = 1\nsource = "s"'
STOP = '[[hard_stop]]\ncarcs = ["29"]\nwhy = "w"\nroute = "W"\nsource = "s"'


def test_every_row_has_a_known_route_and_a_code_that_exists():
    catalogue = load_catalogue(PATH)
    lists = open_code_sets().lists

    routes = {route for cause in catalogue.causes for route in (cause.route, cause.otherwise) if route}
    remarks = {
        remark for row in (*catalogue.notes, *catalogue.never_patient, *catalogue.hard_stops) for remark in row.remarks
    }
    carcs = {*catalogue.by_carc, *(carc for stop in catalogue.hard_stops for carc in stop.carcs)}
    assert routes <= ROUTES
    assert [code for code in carcs if not lists.is_carc(code, on=RETIRED.get(code, date(2024, 1, 1)))] == []
    assert [code for code in {*catalogue.by_remark, *remarks} if not lists.is_rarc(code, on=date(2024, 1, 1))] == []


def test_every_row_has_one_of_the_four_scenarios_and_says_what_to_do_first():
    causes = load_catalogue(PATH).causes

    assert {cause.scenario for cause in causes} == SCENARIOS
    assert [cause.cause for cause in causes if not cause.remedy] == []


def test_every_reason_that_the_code_list_has_today_has_a_row():
    lists = open_code_sets().lists
    numbers = (f"{letter}{number}" for letter in ("", "A", "B", "P", "W", "Y") for number in range(1, 400))
    listed = {code for code in numbers if lists.is_carc(code, on=date(2026, 6, 1))}

    assert listed - load_catalogue(PATH).by_carc.keys() == set()


def test_every_stop_has_its_source_and_a_route_that_is_no_appeal():
    stops = load_catalogue(PATH).hard_stops

    assert [stop.why for stop in stops if not stop.source or stop.route not in ROUTES - {"A", "P"}] == []


def test_final_stops_stand_before_holds():
    holds = [stop.look_up is not None for stop in load_catalogue(PATH).hard_stops]

    assert holds == sorted(holds)


def test_a_reason_that_is_held_whoever_the_payer_is_says_no_appeal_in_its_own_row():
    catalogue = load_catalogue(PATH)
    everybody = [stop.carcs for stop in catalogue.hard_stops if not stop.remarks and not stop.filing_indicators]

    assert {catalogue.by_carc[carc].route for carcs in everybody for carc in carcs} == {"C"}


def a_catalogue(folder: Path, row: str = PATIENT, stop: str = STOP, never: str = NEVER) -> Path:
    cause = 'cause = "c"\nscenario = "not covered"\nroute = "A"'
    path = folder / "catalogue.toml"
    path.write_text(
        f'note = []\n[patient]\ngroups = ["PR"]\n{never}\n{FILING}\n[carc]\n{row}\n[remark]\n[underpayment]\n{cause}\n{stop}\n'
    )
    return path


def test_a_catalogue_of_ones_own_is_read(tmp_path):
    assert load_catalogue(a_catalogue(tmp_path)).by_carc["49"].otherwise == "C"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"row": PATIENT.replace('"P"', '"X"')}, "its route is unknown"),
        ({"row": PATIENT.replace("not covered", "bad luck")}, "its scenario is unknown"),
        ({"row": PATIENT.replace(', otherwise = "C"', "")}, "says what is done otherwise"),
        ({"row": PATIENT.replace(', otherwise_remedy = "r"', "")}, "says what is done otherwise"),
        ({"row": PATIENT.replace('"P"', '"A"')}, "says what is done otherwise"),
        ({"row": PATIENT.replace(" }", ', remedy_without_remark = "r" }')}, "without a remark"),
        ({"never": NEVER.replace('filing_indicators = ["MC"]', 'but_carcs = ["178"]')}, "filing indicators or remarks"),
        ({"stop": STOP.replace('"W"', '"A"')}, "no appeal"),
        ({"stop": STOP.replace('"W"', '"P"')}, "never the patient"),
        ({"stop": STOP.replace('carcs = ["29"]', 'filing_indicators = ["MB"]')}, "names CARCs or remarks"),
    ],
)
def test_a_row_that_says_what_none_may_say_is_refused_by_its_name(tmp_path, wrong, reason):
    with pytest.raises(CatalogueWrong, match=reason):
        load_catalogue(a_catalogue(tmp_path, **wrong))


def test_a_catalogue_that_does_not_say_whose_patient_is_never_asked_is_refused(tmp_path):
    with pytest.raises(KeyError, match="never"):
        load_catalogue(a_catalogue(tmp_path, never=""))


def test_a_row_without_its_cause_is_refused(tmp_path):
    with pytest.raises(TypeError):
        load_catalogue(a_catalogue(tmp_path, row=PATIENT.replace('cause = "c", ', "")))


def test_the_file_says_where_its_words_come_from():
    written = tomllib.loads(PATH.read_text())

    assert written["source"]
    assert all(
        row["source"]
        for row in (
            written["patient"],
            written["filing"],
            *written["patient"]["never"],
            *written["note"],
            *written["hard_stop"],
        )
    )
