"""What `status` makes of a service's metrics."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from claimstream_cli.watched import look_at

METRICS = """\
# TYPE claimstream_dead_letters gauge
claimstream_dead_letters{{service="x",state="dead"}} {dead}
claimstream_dead_letters{{service="x",state="parked"}} {parked}
# TYPE claimstream_outbox_unsent gauge
claimstream_outbox_unsent{{service="x"}} {unsent}
# TYPE claimstream_outbox_oldest_seconds gauge
claimstream_outbox_oldest_seconds{{service="x"}} {oldest}
# TYPE claimstream_audit_unsealed_seconds gauge
claimstream_audit_unsealed_seconds{{service="x"}} {unsealed}
"""
WELL = {"dead": 0, "parked": 0, "unsent": 3, "oldest": 0.4, "unsealed": 40.0}


@pytest.fixture
def service():
    """A service that tells these metrics; how to change them, and its address."""
    told = dict(WELL)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            body = METRICS.format(**told).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"dead": 2, "parked": 5}, ["2 dead letters, 5 parked behind them"]),
        ({"unsent": 9, "oldest": 61.0}, ["9 events unsent, the oldest for 61 s"]),
        ({"unsealed": 301.0}, ["the audit is under no signed head for 301 s"]),
    ],
)
def test_what_waits_for_a_person_is_named(service, changes, faults):
    told, url = service
    told.update(changes)

    assert list(look_at(url).faults()) == faults


def test_a_service_that_does_not_answer_tells_nothing():
    assert look_at("http://127.0.0.1:1") is None
