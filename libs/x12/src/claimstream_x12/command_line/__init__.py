"""The library from a shell: `claimstream-x12 check|json|ack|show FILE…` (or `./claimstream x12 …` of the whole project)."""

from claimstream_x12.command_line.main import main

__all__ = ["main"]
