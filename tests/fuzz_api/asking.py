"""What schemathesis loads: who asks, and a count of what was answered. ``FUZZ_API`` names the file of tokens and the file for the count."""

import atexit
import hashlib
import json
import os
from collections import Counter
from pathlib import Path

import schemathesis

TOKENS, COUNT = map(Path, os.environ["FUZZ_API"].split(os.pathsep))
UNPROCESSABLE = 422
EVERYTHING, INSTALLATION = "every role", "installation"
USUAL = 25
"""How often that one asks who may, for once that somebody else does."""

_tokens = json.loads(TOKENS.read_text())
_counted: Counter[tuple[str, str, int]] = Counter()


@schemathesis.auth(refresh_interval=None)  # asked anew for each request
class Somebody:
    """Who asks: mostly one who may, now and then one who may not. The same request is always the same one's."""

    def get(self, case, _context):
        usual = INSTALLATION if case.path.startswith("/installation") or case.method == "PUT" else EVERYTHING
        askers = [*_tokens, *[usual] * USUAL]
        what = repr((case.method, case.formatted_path, case.query, case.body)).encode()
        return askers[int.from_bytes(hashlib.sha256(what).digest()[:4]) % len(askers)]

    def set(self, case, asker, _context):
        case.headers["User-Agent"] = asker  # what a request of a finding is printed with
        if _tokens[asker] is not None:
            case.headers["Authorization"] = f"Bearer {_tokens[asker]}"


@schemathesis.check
def what_is_described_is_not_malformed(_context, response, case):
    """A request that fits the description may break a rule; that it has not the form that is described is never said of it."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != UNPROCESSABLE:
        return
    said = response.json()
    if said.get("place", "").removeprefix("/") in (case.path_parameters or {}):
        return  # an id that schemathesis took from another answer, whatever its form
    assert not said["type"].endswith("/malformed"), "Valid data was called malformed"


@schemathesis.hook
def after_call(_context, case, response):
    """Count it."""
    _counted[case.operation.label, str(case.headers.get("User-Agent")), response.status_code] += 1


@atexit.register
def write_count():
    """One line an operation, asker and status."""
    COUNT.write_text("".join(json.dumps([*key, number]) + "\n" for key, number in _counted.items()))
