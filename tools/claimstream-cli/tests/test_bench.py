"""The benchmarks' arithmetic and plumbing. Nothing here is timed."""

import asyncio
import json
import lzma
import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import orjson
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from claimstream_cli.bench import delivery as bench_delivery
from claimstream_cli.bench.floor import STAGES as BARE_STAGES
from claimstream_cli.bench.floor import Floor, measure_floor
from claimstream_cli.bench.journey import Measured, Run
from claimstream_cli.bench.journey_report import figures_of, sustained, table_of
from claimstream_cli.bench.processes import Meter, Sample, Usage, usage_of
from claimstream_cli.bench.real_encounters import real_encounters
from claimstream_cli.bench.stages import STAGES, Journeys, Moments, percentile
from claimstream_cli.state import Plan
from claimstream_kit.testing import access_of
from claimstream_load import Tally
from claimstream_load import templates as load_templates
from claimstream_local_servers.processes import silent
from rich.console import Console

NOON = datetime(2026, 9, 16, 12, tzinfo=UTC)


def at(seconds):
    return NOON + timedelta(seconds=seconds)


def test_each_stage_is_counted_for_the_claims_that_came_so_far():
    whole, stuck = uuid4(), uuid4()
    moments = Moments(
        received={whole: at(0), stuck: at(0)},
        coded={whole: at(1), stuck: at(2)},
        submitted={whole: at(3), stuck: at(5)},
        transmitted={whole: at(4)},
        remitted={whole: at(6)},
        posted={whole: at(10)},
    )

    seconds = moments.seconds()

    assert list(seconds) == list(STAGES)
    assert [sorted(seconds[name]) for name in STAGES] == [[1, 2], [2, 3], [1], [2], [4], [10]]


@pytest.mark.parametrize(
    ("values", "percent", "expected"), [([], 50, None), ([3.0], 95, 3.0), ([1.0, 2.0, 3.0], 50, 2.0)]
)
def test_a_percentile_needs_no_more_than_what_is_there(values, percent, expected):
    assert percentile(values, percent) == expected


def test_the_sustained_rate_leaves_out_the_way_in_and_the_last_wait():
    posted = [float(number) for number in range(95)] + [1000.0] * 5

    assert sustained(posted) == pytest.approx(1.0)
    assert sustained([5.0]) is None
    assert sustained([5.0] * 100) is None


def test_core_time_is_counted_from_the_sample_before_to_the_sample_after():
    meter = Meter({})
    meter.samples = [
        Sample(float(second), {"claim-svc": Usage(second * 0.5, (second + 1) << 20)}) for second in (0, 10, 20, 30)
    ]

    assert meter.cpu_seconds(12.0, 19.0) == {"claim-svc": 5.0}
    assert meter.cpu_seconds(-5.0, 99.0) == {"claim-svc": 15.0}
    assert meter.peak_bytes() == {"claim-svc": 31 << 20}


def test_a_process_that_ended_has_no_figure_after_it():
    meter = Meter({})
    meter.samples = [Sample(0.0, {"a": Usage(1, 1), "b": Usage(1, 1)}), Sample(1.0, {"a": Usage(2, 1)})]

    assert meter.cpu_seconds(0.0, 1.0) == {"a": 1}


def test_this_process_uses_time_and_memory():
    used = usage_of(os.getpid())

    assert used.cpu_seconds > 0
    assert used.resident_bytes > 1 << 20


FLOOR = Floor(1000, 2.0)


def measured(home, *, floor=FLOOR):
    plan = Plan(run="r", tasks=(), bootstrap="127.0.0.1:1", postgres="127.0.0.1:1", databases={})
    tally = Tally(accepted=40, requests=2, seconds=[0.1, 0.3], first_sent=100.0, last_answered=104.0)
    known = Journeys(
        encounters=40,
        states={"coded": 30, "awaiting_coder": 10},
        claims=28,
        submitted=25,
        posted=20,
        payments=22,
        last_posted=110.0,
        posted_at=[106.0 + number / 5 for number in range(20)],
        seconds={name: [1.0, 2.0] for name in STAGES},
    )
    meter = Meter({})
    meter.samples = [
        Sample(100.0, {"claim-svc": Usage(1.0, 64 << 20), "payer-simulator": Usage(0.0, 8 << 20)}),
        Sample(110.0, {"claim-svc": Usage(3.0, 96 << 20), "payer-simulator": Usage(1.0, 8 << 20)}),
    ]
    run = Run(home, plan, "bay-state", 40, 7)
    return Measured(
        run,
        tally,
        known,
        meter,
        began=100.0,
        ended=110.0,
        floor=floor,
        dead_letters=0,
        wal_bytes=80_000,
        load_before=0.5,
    )


def test_a_run_is_told_in_claims_a_second_and_core_time_a_claim(home):
    figures = figures_of(measured(home))

    assert figures["claims_per_second"] == 2.0
    assert figures["encounters_per_second"] == 4.0
    assert figures["intake"]["encounters_per_second"] == 10.0
    assert figures["core_milliseconds_a_claim"] == {"claim-svc": 100.0, "payer-simulator": 50.0}
    assert figures["core_milliseconds_a_claim_ours"] == 100.0
    assert figures["wal_kilobytes_a_claim"] == 4.0
    assert figures["cores_used"] == 0.3
    assert figures["peak_mib"] == {"claim-svc": 96, "payer-simulator": 8}
    assert figures["floor"] == {"events": 1000, "seconds": 2.0, "claims_per_second": 500.0, "journey_share": 0.004}
    assert json.loads(json.dumps(figures)) == figures


def test_the_table_says_the_rate_the_share_of_the_floor_and_the_machine(home):
    console = Console(width=200, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123

    console.print(table_of(figures_of(measured(home))))

    said = console.export_text()
    assert "2.0; sustained" in said
    assert "0.4%" in said
    assert "cores" in said


def test_without_a_floor_nothing_is_said_of_it(home):
    figures = figures_of(measured(home, floor=None))

    assert figures["floor"] is None
    assert table_of(figures).row_count > 0


def test_delivery_measures_with_few_claims_and_with_many_beside_a_bare_row(home, monkeypatch):
    monkeypatch.setattr(bench_delivery, "WINDOW_CLAIMS", 20)
    monkeypatch.setattr(bench_delivery, "BARE_EVENTS", 100)
    monkeypatch.setenv("CLAIMSTREAM_HOME", str(home.root))

    table = bench_delivery.run_delivery((20, 60), silent)

    names, figures = list(table.columns[0].cells), list(table.columns[3].cells)
    assert names == ["20", "60", "growth", "a bare row an event", "to the bare row"]
    assert min(float(figures[place]) for place in (0, 1, 3, 4)) > 0
    assert figures[2][0] in "+-"
    assert not (home.root / "bench-delivery").exists()


def test_the_load_generators_templates_are_the_demos_encounters():
    packed = load_templates.files(load_templates.__package__).joinpath(load_templates.FILE).read_bytes()

    assert [orjson.loads(line) for line in lzma.decompress(packed).splitlines()] == list(real_encounters())


async def test_bare_stages_pass_every_event_on_and_leave_nothing_behind(postgres_server, kafka_server):
    floor = await asyncio.to_thread(measure_floor, postgres_server, access_of(kafka_server), 300)

    assert floor.events == 300
    assert BARE_STAGES == 5
    assert postgres_server.ask("SELECT count(*) FROM pg_database WHERE datname LIKE 'floor_%'") == 0
    admin = AIOKafkaAdminClient(**kafka_server.client())
    await admin.start()
    try:
        assert [name for name in await admin.list_topics() if name.startswith("floor.")] == []
    finally:
        await admin.close()
