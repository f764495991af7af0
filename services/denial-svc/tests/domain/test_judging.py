"""What the catalogue says of a refusal: CARC, remarks, group and payer are read together."""

from itertools import product

import pytest

from ..builders import CATALOGUE, judged

ROUTES_UNDER_CO = [
    ("1", "N"), ("2", "N"), ("3", "N"),
    ("4", "C"), ("182", "C"),
    ("5", "C"), ("6", "C"), ("7", "C"),
    ("11", "C"), ("146", "C"), ("167", "C"),
    ("15", "C"), ("197", "C"), ("198", "C"), ("284", "C"), ("288", "C"),
    ("16", "C"),
    ("18", "C"),
    ("22", "O"), ("23", "O"), ("24", "O"), ("26", "O"), ("27", "O"), ("31", "C"), ("109", "O"),
    ("19", "O"), ("20", "O"), ("21", "O"), ("136", "O"), ("209", "O"), ("B11", "O"),
    ("29", "A"), ("45", "A"), ("50", "A"), ("142", "N"), ("178", "O"), ("55", "A"), ("150", "A"), ("152", "A"), ("216", "A"),
    ("49", "C"), ("96", "C"), ("204", "C"), ("119", "C"), ("149", "A"),
    ("59", "C"), ("97", "C"), ("234", "W"), ("B15", "C"),
    ("129", "C"), ("140", "C"), ("206", "C"), ("207", "C"), ("208", "C"), ("185", "C"), ("A8", "C"),
    ("151", "C"), ("222", "C"), ("236", "C"),
    ("181", "C"),
    ("163", "I"), ("226", "I"), ("227", "I"), ("252", "I"),
    ("242", "A"), ("243", "A"), ("256", "A"),
    ("253", "N"),
    ("A1", "C"), ("B7", "C"), ("B9", "C"), ("B13", "A"), ("B20", "A"),
    ("8", "C"), ("9", "C"), ("10", "C"), ("12", "C"), ("13", "C"), ("14", "C"), ("32", "O"), ("33", "O"), ("34", "O"),
    ("35", "A"), ("39", "A"), ("40", "A"), ("44", "N"), ("51", "A"), ("53", "W"), ("54", "A"), ("56", "A"),
    ("58", "C"), ("60", "C"), ("61", "A"), ("66", "N"), ("69", "N"), ("70", "N"), ("74", "N"), ("75", "N"),
    ("76", "N"), ("78", "C"), ("85", "N"), ("89", "C"), ("90", "N"), ("91", "N"), ("94", "N"), ("95", "A"),
    ("100", "A"), ("101", "N"), ("102", "N"), ("103", "N"), ("104", "N"), ("105", "N"), ("106", "A"), ("107", "C"),
    ("108", "C"), ("110", "C"), ("111", "C"), ("112", "A"), ("114", "A"), ("115", "C"), ("116", "A"), ("117", "A"),
    ("118", "N"), ("121", "N"), ("122", "N"), ("128", "W"), ("130", "N"), ("131", "N"), ("132", "N"), ("133", "N"),
    ("134", "C"), ("135", "C"), ("137", "N"), ("139", "N"), ("143", "N"), ("144", "N"), ("147", "A"), ("148", "I"),
    ("153", "A"), ("154", "A"), ("155", "W"), ("157", "A"), ("158", "A"), ("159", "A"), ("160", "A"), ("161", "N"),
    ("164", "I"), ("166", "O"), ("169", "A"), ("170", "C"), ("171", "C"), ("172", "C"), ("173", "I"), ("174", "I"),
    ("175", "I"), ("176", "I"), ("177", "O"), ("179", "A"), ("180", "O"), ("183", "C"), ("184", "C"), ("186", "A"),
    ("187", "N"), ("188", "A"), ("189", "C"), ("190", "O"), ("192", "A"), ("193", "A"), ("194", "C"), ("195", "O"),
    ("199", "C"), ("200", "O"), ("201", "O"), ("202", "W"), ("203", "C"), ("205", "N"), ("210", "A"), ("211", "C"),
    ("212", "W"), ("213", "A"), ("215", "O"), ("219", "A"), ("223", "N"), ("224", "I"), ("225", "N"), ("228", "I"),
    ("229", "N"), ("231", "C"), ("232", "N"), ("233", "C"), ("235", "N"), ("237", "N"), ("238", "O"), ("239", "R"),
    ("240", "C"), ("241", "N"), ("245", "N"), ("246", "N"), ("247", "N"), ("248", "N"), ("249", "A"), ("250", "I"),
    ("251", "I"), ("254", "O"), ("257", "N"), ("258", "O"), ("259", "N"), ("260", "N"), ("261", "A"), ("262", "N"),
    ("263", "N"), ("264", "N"), ("265", "N"), ("266", "N"), ("267", "R"), ("268", "R"), ("269", "A"), ("270", "O"),
    ("271", "N"), ("272", "A"), ("273", "A"), ("274", "O"), ("275", "W"), ("276", "O"), ("277", "N"), ("278", "W"),
    ("279", "A"), ("280", "O"), ("281", "N"), ("282", "C"), ("283", "C"), ("285", "A"), ("286", "W"), ("287", "C"),
    ("289", "A"), ("290", "O"), ("291", "O"), ("292", "O"), ("293", "A"), ("294", "A"), ("295", "N"), ("296", "C"),
    ("297", "O"), ("298", "O"), ("299", "C"), ("300", "O"), ("301", "O"), ("302", "C"), ("303", "W"), ("304", "O"),
    ("305", "O"), ("306", "C"), ("A5", "N"), ("A6", "A"), ("B1", "C"), ("B4", "A"), ("B8", "A"), ("B10", "C"),
    ("B12", "A"), ("B14", "C"), ("B16", "C"), ("B22", "C"), ("B23", "C"), ("P1", "A"), ("P2", "O"), ("P3", "O"),
    ("P4", "O"), ("P5", "A"), ("P6", "O"), ("P7", "C"), ("P8", "N"), ("P9", "C"), ("P10", "N"), ("P11", "N"),
    ("P12", "A"), ("P13", "A"), ("P14", "C"), ("P15", "A"), ("P16", "C"), ("P17", "C"), ("P18", "A"), ("P19", "W"),
    ("P20", "A"), ("P21", "O"), ("P22", "A"), ("P23", "A"), ("P24", "A"), ("P25", "A"), ("P26", "A"), ("P27", "O"),
    ("P28", "A"), ("P29", "A"), ("P30", "I"), ("P31", "A"), ("P32", "A"),
]  # fmt: skip


PATIENTS = [
    ("11", "C"),
    ("49", "C"),
    ("50", "A"),
    ("96", "C"),
    ("119", "C"),
    ("149", "A"),
    ("167", "C"),
    ("204", "C"),
    ("35", "A"),
    ("100", "A"),
    ("158", "A"),
    ("160", "A"),
    ("179", "A"),
    ("200", "O"),
    ("201", "O"),
    ("202", "W"),
    ("275", "W"),
    ("289", "A"),
    ("B1", "C"),
    ("P3", "O"),
]
"""The patient's under PR, and what is done otherwise."""


@pytest.mark.parametrize(("carc", "route"), ROUTES_UNDER_CO)
def test_a_reason_has_its_route(carc, route):
    assert judged(carc).route == route


def test_every_reason_of_the_catalogue_is_in_the_table_above():
    assert {carc for carc, _ in ROUTES_UNDER_CO} == CATALOGUE.by_carc.keys()


def test_every_row_of_the_patient_is_among_those_above_but_for_medicaids_own_shares():
    of_the_patient = {carc for carc, cause in CATALOGUE.by_carc.items() if cause.route == "P"}

    assert {carc for carc, _ in PATIENTS} == of_the_patient - {"142", "178"}


@pytest.mark.parametrize(
    ("carc", "scenario"),
    [("16", "invalid data"), ("197", "missing documentation"), ("50", "not covered"), ("97", "not separately payable")],
)
def test_a_reason_has_its_scenario(carc, scenario):
    assert judged(carc).scenario == scenario


@pytest.mark.parametrize(
    ("carc", "words"),
    [
        ("18", "status of the first is checked first"),
        ("29", "payer-level acceptance proof"),
        ("24", "eligibility again"),
        ("227", "contact the patient"),
        ("B7", "enrolment first"),
    ],
)
def test_the_remedy_says_what_to_do_first(carc, words):
    assert words in judged(carc).remedy


@pytest.mark.parametrize("carc", ["11", "49", "50", "96", "119", "149", "167", "204"])
@pytest.mark.parametrize("group", ["CO", "OA", "PI"])
def test_only_what_the_payer_calls_the_patients_goes_to_the_patient(carc, group):
    assert judged(carc, group="PR").route == "P"
    assert judged(carc, group=group).route != "P"


@pytest.mark.parametrize(("carc", "instead"), PATIENTS)
def test_beside_n830_the_patient_is_never_asked(carc, instead):
    judgement = judged(carc, "N830", group="PR")

    assert judgement.route == instead
    assert "open negotiation" in judgement.remedy


@pytest.mark.parametrize("carc", sorted(CATALOGUE.by_carc))
def test_n830_beside_anything_names_the_negotiation_after_the_remedy_and_never_asks_the_patient(carc):
    for group, remarks in product(("CO", "OA", "PI", "PR"), ((), ("N211",), ("MA130",))):
        with_it = judged(carc, *remarks, "N830", group=group)
        without = judged(carc, *remarks, "N54", group="CO")

        assert with_it.route != "P"
        assert with_it.remedy.startswith(f"{without.remedy} · No Surprises Act")
        assert with_it.cause == without.cause


def test_a_reason_that_nobody_knows_is_looked_up_before_a_route_is_chosen():
    judgement = judged("9999")

    assert (judgement.route, judgement.scenario) == ("A", "unknown")
    assert "CARC 9999 is not in the catalogue" in judgement.cause
    assert judgement.remedy.startswith("look the code and its remarks up")


@pytest.mark.parametrize("carc", ["16", "148", "250", "251", "252", "A1"])
def test_a_reason_that_needs_a_remark_and_has_none_is_asked_for_it(carc):
    assert "ask the payer" in judged(carc).remedy
    assert "the remark names" in judged(carc, "N54").remedy or "what it names" in judged(carc, "N54").remedy


def test_what_the_contract_allows_more_for_is_an_underpayment_and_is_appealed():
    underpaid, refused = judged("45", kind="underpayment"), judged("45")

    assert (underpaid.cause, underpaid.scenario, underpaid.route) == (
        "allowed less than our contract says",
        "not separately payable",
        "A",
    )
    assert refused.cause != underpaid.cause


def test_a_remark_that_decides_goes_before_an_underpayment_too():
    assert judged("45", "MA130", kind="underpayment").route == "R"


def test_a_remark_that_nobody_knows_decides_nothing():
    assert judged("197", "N54") == judged("197")
