"""Measurements of a stack, by name."""

from .intake import intake
from .journey_command import Wanted, run_journey

BENCHES = {
    "intake": "POST the sample again and again to the running stack, one request at a time.",
    "journey": "Send encounters from HTTP to posted money: claims a second, seconds and core time by stage, memory, the floor.",
}

__all__ = ["BENCHES", "Wanted", "intake", "run_journey"]
