"""pyx12 on every 837 that was sent; its own faults are left out (docs: a PWK in loop 2400 with PWK02 = AD)."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyx12 import params, x12n_document

OWN_FAULT = "PWK"


def invalid_files(outbound: Path) -> tuple[int, dict[str, list[str]]]:
    """How many files there are, and what pyx12 finds wrong by file."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
    files = sorted(outbound.iterdir())
    errors = {path.name: _errors(path) for path in files}
    return len(files), {name: found for name, found in errors.items() if found}


def _errors(path: Path) -> list[str]:
    report = io.StringIO()
    text = io.StringIO(path.read_bytes().decode("ascii"))
    valid = x12n_document.x12n_document(params.params(), text, None, None, None, fd_json=report)
    errors = list(_walk(json.loads(report.getvalue() or "{}"), ""))
    ours = [error for error in errors if not error.startswith(OWN_FAULT)]
    return ours if valid or errors else ["pyx12 calls it invalid and does not say why"]


def _walk(node: Any, where: str) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _walk(child, where)
    elif isinstance(node, dict):
        here = " ".join(str(node[key]) for key in ("seg_id", "line", "cur_line") if key in node) or where
        yield from (f"{here}: {json.dumps(error, default=str)}" for error in node.get("errors", ()))
        for key, child in node.items():
            if key != "errors":
                yield from _walk(child, here)
