"""What becomes of the sample's visits is what `demo/synthea/README.md` says, number by number."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4
from zoneinfo import ZoneInfo

import orjson
import pytest
from claimstream_cli.places import checkout
from claimstream_cli.sample_encounters import synthea_bundles
from claimstream_codesets import open_code_sets
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.coding import code_visit
from coding_svc.domain.mapping_report import MappingReport
from coding_svc.domain.outcome import Outcome
from coding_svc.domain.visit import Visit
from coding_svc.intake.fhir.reading import read_bundle

DEMO = checkout() / "demo"
_SECTION = "## What becomes of the 455 visits"
_ROW = re.compile(r"^\| `(?P<what>[^`]+)` \| (?P<count>\d+) \|", re.MULTILINE)
_PLACE = re.compile(r"/entry/(?P<entry>\d+)/resource/(?P<element>\w+)")


@dataclass(frozen=True)
class Sample:
    """All visits with what they became, and the bundles with their reports."""

    coded: list[tuple[Visit, Outcome]]
    bundles: list[tuple[dict, MappingReport]]


@pytest.fixture(scope="module")
def bundles() -> list[dict]:
    return [orjson.loads(body) for _, _, body in synthea_bundles(next((DEMO / "synthea").glob("*.tar.xz")))]


@pytest.fixture(scope="module")
def practice() -> PracticeDocument:
    return PracticeDocument.model_validate_json((DEMO / "practice.json").read_bytes())


@pytest.fixture(scope="module")
def sample(bundles, practice) -> Sample:
    sets = open_code_sets()
    read = [(bundle, *read_bundle(bundle, zones_of(practice))) for bundle in bundles]
    coded = [(visit, code_visit(visit, practice, sets, uuid4())) for _, visits, _ in read for visit in visits]
    return Sample(coded, [(bundle, report) for bundle, _, report in read])


def zones_of(practice: PracticeDocument) -> Callable[[tuple[str, ...]], ZoneInfo | None]:
    """A location's own zone, else the practice's: what intake reads from its database."""
    own = {place.id: place.time_zone for place in practice.locations if place.time_zone}

    def zone_of(ids: tuple[str, ...]) -> ZoneInfo | None:
        name = next((own[each] for each in ids if each in own), practice.time_zone)
        return ZoneInfo(name) if name else None

    return zone_of


def page() -> str:
    return (DEMO / "synthea" / "README.md").read_text(encoding="utf-8").partition(_SECTION)[2]


def without_names(detail: str) -> str:
    """A question without the payers and days of its visit."""
    detail = re.sub(r"^\S+ covers only some of the days .+$", "… covers only some of the days …", detail)
    return re.sub(r"^\S+ ends and \S+ begins", "… ends and … begins", detail)


def asked(coded: list[tuple[Visit, Outcome]]) -> Iterator[str]:
    """Each kind of question once a visit."""
    for _, outcome in coded:
        yield from {f"{each.question}: {without_names(each.detail)}" for each in outcome.asked}


def dangling(bundles: list[tuple[dict, MappingReport]]) -> Iterator[str]:
    for bundle, report in bundles:
        for lost in report.dangling:
            place = _PLACE.match(lost.place)
            assert place
            kind = bundle["entry"][int(place["entry"])]["resource"]["resourceType"]
            yield f"dangling: {kind}.{place['element']}"


def with_uncoded(coded: list[tuple[Visit, Outcome]], kind: str) -> list[Outcome]:
    return [outcome for _, outcome in coded if any(item.kind == kind for item in outcome.uncoded)]


def test_the_page_counts_each_kind_of_state_question_and_note(sample):
    outcomes = [outcome for _, outcome in sample.coded]
    counted = Counter(outcome.state for outcome in outcomes)
    counted.update(asked(sample.coded))
    counted.update(f"{item.kind}, {item.system}: {item.reason}" for outcome in outcomes for item in outcome.uncoded)
    counted.update(dangling(sample.bundles))

    expected = dict(counted) | {
        "coded, self-pay": sum(outcome.is_self_pay for outcome in outcomes),
        "visits with an uncoded condition": len(with_uncoded(sample.coded, "condition")),
        "visits with an uncoded service": len(with_uncoded(sample.coded, "service")),
        "encounters refused": sum(len(report.refused) for _, report in sample.bundles),
        "notes of reports": sum(len(report.notes) for _, report in sample.bundles),
        "notes of visits": sum(len(outcome.notes) for outcome in outcomes),
        "conditions shown and not coded": sum(len(outcome.shown) for outcome in outcomes),
    }
    said = {row["what"]: int(row["count"]) for row in _ROW.finditer(page())}

    assert len(outcomes) == 455
    assert said == expected


def test_the_reasons_that_the_page_gives_have_their_numbers(sample):
    unsure = [visit for visit, outcome in sample.coded if "coded with confidence" in str(outcome.asked)]
    silent = [visit for visit, outcome in sample.coded if "reason for the visit is given" in str(outcome.asked)]
    named = sum(any(condition.is_reason for condition in visit.conditions) for visit in unsure)
    stays = [visit for visit, _ in sample.coded if visit.stay is not None]
    coded_all_the_same = [
        sum(outcome.state == "coded" for outcome in with_uncoded(sample.coded, kind))
        for kind in ("condition", "service")
    ]
    text = page()

    assert f"{named} name a reason of which no code is sure" in text
    assert f"{len(unsure) - named} have findings alone" in text
    assert not any(visit.conditions for visit in silent)
    assert f"of {len(stays)} hospital stays one" in text
    assert [f"{count} of them are coded all the same" in text for count in coded_all_the_same] == [True, True]


def test_a_visit_over_midnight_into_a_renewal_is_what_covers_only_some_days(sample):
    visits = [visit for visit, outcome in sample.coded if "covers only some of the days" in str(outcome.asked)]

    assert [(visit.through - visit.started_on).days for visit in visits] == [1, 1, 1]
    for visit in visits:
        assert [each.period_start for each in visit.coverages].count(visit.through) == 1
        assert len({each.subscriber.member_id for each in visit.coverages}) > 1


def test_the_page_says_how_many_days_the_time_zone_moves(bundles, practice):
    zone = zones_of(practice)
    pairs = [
        pair for bundle in bundles for pair in zip(read_bundle(bundle)[0], read_bundle(bundle, zone)[0], strict=True)
    ]
    begins = sum(read.started_on < written.started_on for written, read in pairs)
    ends = sum(read.through < written.through for written, read in pairs)

    assert f"{begins} visits begin and {ends} end on the day before" in " ".join(page().split())
