from datetime import date
from pathlib import Path

from claimstream_codesets import open_code_sets
from denial_svc.catalogue_file import load_catalogue

PATH = Path(__file__).parents[1] / "playbooks" / "catalogue.toml"
ROUTES = {"R", "C", "A", "I", "P", "O", "W"}


def test_every_row_has_a_known_route_and_a_code_that_exists():
    catalogue = load_catalogue(PATH)
    lists = open_code_sets().lists

    assert {cause.route for cause in (*catalogue.by_carc.values(), *catalogue.by_remark.values())} <= ROUTES
    assert [code for code in catalogue.by_carc if not lists.is_carc(code, on=date(2024, 1, 1))] == []
