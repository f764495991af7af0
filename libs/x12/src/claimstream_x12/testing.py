"""pyx12 as a second opinion on files that we wrote. For tests alone: pyx12 is no dependency of this library.

pyx12's own faults: a PWK in loop 2400 with PWK02 = AD, a CTX beyond the first in a 999, guides that it has no map for.
"""

from __future__ import annotations

import io
import json
import logging
from typing import Any


def pyx12_errors(data: bytes) -> list[str]:
    """What pyx12 finds wrong, one text each with the place it gives; nothing when it calls the file valid."""
    from pyx12 import params, x12n_document  # noqa: PLC0415 — only tests have it

    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
    report = io.StringIO()
    valid = x12n_document.x12n_document(
        params.params(), io.StringIO(data.decode("ascii")), None, None, None, fd_json=report
    )
    found = list(_errors(json.loads(report.getvalue() or "{}"), ""))
    return found if valid or found else ["pyx12 calls it invalid and does not say why"]


def _errors(node: Any, where: str) -> list[str]:
    if isinstance(node, list):
        return [error for child in node for error in _errors(child, where)]
    if not isinstance(node, dict):
        return []
    where = " ".join(str(node[key]) for key in ("seg_id", "line", "cur_line", "seg_count") if key in node) or where
    found = [f"{where}: {json.dumps(error, default=str)}" for error in node.get("errors", ())]
    return found + [error for key, child in node.items() if key != "errors" for error in _errors(child, where)]
