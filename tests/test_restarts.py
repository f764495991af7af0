"""A service that is asked to stop finishes what it has in hand, and whoever calls meanwhile waits or is told to come again: nobody sees an error."""

from concurrent.futures import ThreadPoolExecutor
from signal import SIGTERM
from threading import Event

import orjson
import pytest

from .builders import an_encounter
from .running_stack import CODING, NDJSON, until

CLIENTS = 3


@pytest.fixture
def restarted(stack, practice):
    """What each client was answered while the service was restarted: statuses, and the ids that were taken."""
    stopping = Event()

    def keep_posting():
        answers = []
        with stack.http(CODING.name, practice, "biller") as http:
            while not stopping.is_set():
                body = orjson.dumps(an_encounter())
                answers.append(http.post("/encounters", content=body, headers={"Content-Type": NDJSON}))
        return answers

    with ThreadPoolExecutor(CLIENTS) as ehrs:
        posting = [ehrs.submit(keep_posting) for _ in range(CLIENTS)]
        before = stack.restarts(CODING.name)
        stack.process(CODING.name).send(SIGTERM)
        stack.until_back(CODING.name, before + 1)
        count = stack.value(CODING.name, "SELECT count(*) FROM encounters")
        until(lambda: stack.value(CODING.name, "SELECT count(*) FROM encounters") > count, "work after the restart")
        stopping.set()
        return [answer for each in posting for answer in each.result()]


def test_no_client_sees_an_error_while_a_service_is_restarted(stack, practice, restarted):
    statuses = {answer.status_code for answer in restarted}
    ids = [each["id"] for answer in restarted if answer.status_code == 202 for each in answer.json()["encounters"]]
    known = {
        str(row["id"]) for row in stack.rows(CODING.name, "SELECT id FROM encounters WHERE practice = $1", practice)
    }

    assert statuses <= {202, 429}
    assert ids
    assert set(ids) <= known
