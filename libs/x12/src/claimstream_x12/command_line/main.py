"""The arguments, and which command they mean."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from claimstream_x12.checking import BadPartnerRule, Checker, read_partner_rules
from claimstream_x12.command_line.ack_command import ack
from claimstream_x12.command_line.check_command import check
from claimstream_x12.command_line.json_command import print_json
from claimstream_x12.command_line.show_command import show
from claimstream_x12.command_line.sources import STANDARD_INPUT, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimstream_x12.checking import CodeSets

_HIGHEST_CONTROL = 999_999_999
_FILES = "files, gzipped or not; - or none is standard input"


def main(arguments: Sequence[str], *, codes: CodeSets | None = None, program: str = "claimstream-x12") -> int:
    """Run one command; the exit code is 0, 1 for what is rejected, 2 for what cannot be read or was asked wrongly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may know fewer characters than a file holds
    asked = _parser(program).parse_args(arguments)
    names = asked.files or [STANDARD_INPUT]
    if asked.command in {"json", "show"}:
        return _quietly(lambda: print_json(names, a_line_each=asked.ndjson) if asked.command == "json" else show(names))
    try:
        rules = [rule for name in asked.rules for rule in read_partner_rules(Path(name).read_text("utf-8"), name=name)]
    except (BadPartnerRule, OSError, UnicodeDecodeError) as fault:
        print(f"{program}: {fault}", file=sys.stderr)
        return UNREADABLE
    checker = Checker(codes, today=asked.today, partner_rules=rules, remember_claims=asked.command == "ack")
    return _quietly(lambda: _run(asked, names, checker))


def _quietly(command: Callable[[], int]) -> int:
    """Run a command; when its reader has seen enough (`… | head`), that is no failure."""
    try:
        return command()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(asked: argparse.Namespace, names: list[str], checker: Checker) -> int:
    if asked.command == "check":
        return check(names, checker, as_json=asked.json)
    return ack(names, checker, control_number=asked.control_number)


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description="Reads, checks and answers the HIPAA sets of X12.")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = _command(commands, "check", "say what is wrong with each set; exit code 1 when one is rejected")
    checking.add_argument("--json", action="store_true", help="one JSON object a file")
    typing = _command(commands, "json", "print the sets as typed records")
    typing.add_argument("--ndjson", action="store_true", help="a line for each claim or payment")
    _command(commands, "show", "print claims, remittances and acknowledgments for people")
    answering = _command(commands, "ack", "print the TA1, 999 and 277CA that answer a file")
    answering.add_argument("--control-number", type=_control_number, default=1, help="ISA13 of the first answer")
    for one in (checking, answering):
        one.add_argument(
            "--rules", action="append", default=[], help="a partner's rules (TOML), checked as SNIP 7; may come twice"
        )
        one.add_argument("--today", type=date.fromisoformat, default=date.today(), help="the day that counts as today")  # noqa: DTZ011
    return parser


def _control_number(text: str) -> int:
    number = int(text)
    if not 0 < number <= _HIGHEST_CONTROL:
        raise argparse.ArgumentTypeError(f"{text} has not one to nine digits")
    return number


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, said: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=said, description=said[0].upper() + said[1:] + ".")
    command.add_argument("files", nargs="*", metavar="FILE", help=_FILES)
    return command
