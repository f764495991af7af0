"""The alert rules ask for what the services tell."""

import re
from pathlib import Path

from clearinghouse_gw import exchange
from prometheus_client import REGISTRY

RULES = Path(__file__).parents[1] / "deploy" / "prometheus" / "alerts.yml"


def test_each_alert_asks_for_metrics_that_there_are():
    collected = [*REGISTRY.collect()]
    there = {name for family in collected for name in (family.name, *(each.name for each in family.samples))}
    there |= {f"{family.name}_total" for family in collected if family.type == "counter"}

    named = set(re.findall(r"claimstream_\w+", RULES.read_text()))

    assert exchange.FILES in REGISTRY._collector_to_names
    assert len(named) >= 8
    assert named <= there
