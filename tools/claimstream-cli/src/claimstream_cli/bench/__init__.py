"""Measurements of a stack, by name."""

from .delivery import run_delivery
from .intake import intake
from .journey_command import Wanted, run_journey
from .x12_command import run_x12

BENCHES = {
    "delivery": "What outbox, relay, inbox and audit cost an event, with few claims in the tables and with many; beside a bare row an event.",
    "intake": "POST the sample again and again to the running stack, one request at a time.",
    "x12": "Read, check, balance and answer X12 files beside pyx12, linuxforhealth-x12, oxedi and Python's bare splits.",
    "journey": "Send encounters from HTTP to posted money: claims a second, seconds and core time by stage, memory, the floor.",
}

__all__ = ["BENCHES", "Wanted", "intake", "run_delivery", "run_journey", "run_x12"]
