"""All that happens in a run follows from its seed, and no fewer kills are planned than the tier asks for."""

from collections import Counter

from claimstream_soak.faults import End, Pause
from claimstream_soak.planning import STORMS, Dose, planned
from claimstream_soak.rig import EXCHANGE, KAFKA, POSTGRES
from claimstream_soak.running import TIERS
from claimstream_soak.weather import BadNetwork, DiskFull

NAMES = ["coding-svc", "claim-svc", "payer-simulator"]
DOSE = Dose(kills=7, server_rounds=2, disconnects=3, repeats=2, rebalances=1, pauses=4)


def plan(seed, dose=DOSE):
    return planned(dose, NAMES, seed, shortest=0.1, longest=0.2)


def test_the_same_seed_plans_the_same_run_and_another_one_another():
    assert plan(1) == plan(1)
    assert plan(1) != plan(2)


def test_each_process_is_killed_in_turn_and_each_server_in_every_way():
    ends = Counter((each.fault.victim, each.fault.is_kill) for each in plan(3) if isinstance(each.fault, End))

    assert sum(ends[name, True] for name in NAMES) == 7
    assert min(ends[name, True] for name in NAMES) == 2
    assert [ends[server, killed] for server in (KAFKA, POSTGRES) for killed in (True, False)] == [2, 2, 2, 2]


def test_a_pause_lasts_longer_than_a_group_waits_for_a_member():
    session_seconds = 6.0

    assert all(each.fault.seconds > session_seconds for each in plan(4) if isinstance(each.fault, Pause))


def test_the_tiers_plan_the_kills_that_are_promised():
    promised = {2: 20, 3: 60}

    for number, least in promised.items():
        tier = TIERS[number]
        faults = planned(tier.dose, NAMES, 1, shortest=0.1, longest=0.2)
        assert sum(each.fault.is_kill for each in faults) >= least


def test_the_long_tier_meets_every_weather_before_each_server_and_both_disks_full():
    faults = [each.fault for each in planned(TIERS[3].dose, NAMES, 1, shortest=0.1, longest=0.2)]

    assert {(each.server, each.weather) for each in faults if isinstance(each, BadNetwork)} == {
        (server, weather) for server in (KAFKA, POSTGRES) for weather in STORMS
    }
    assert {each.where for each in faults if isinstance(each, DiskFull)} == {EXCHANGE, POSTGRES}
