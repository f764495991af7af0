"""Logs and metrics, without patient data: they carry ids, topics, counts and classes of errors."""

import json
import logging
import sys
from datetime import UTC, datetime

import structlog
from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter("claimstream_events_total", "Events worked on, by outcome", ["consumer", "topic", "outcome"])
BATCH_SECONDS = Histogram("claimstream_batch_seconds", "Time from a batch to its commit", ["consumer"])
OFFSETS_SKIPPED = Counter(
    "claimstream_offsets_skipped_total",
    "Offsets that a consumer was never given: retention was faster, or it is new where the topic is old",
    ["consumer", "topic"],
)
RELAYED = Counter("claimstream_relayed_total", "Events sent to Kafka", ["service", "topic"])
OUTBOX_UNSENT = Gauge("claimstream_outbox_unsent", "Events in the outbox not sent yet", ["service"])
OUTBOX_AGE = Gauge("claimstream_outbox_oldest_seconds", "Age of the oldest unsent event", ["service"])
LAG = Gauge("claimstream_consumer_lag", "Records not worked on yet; -1 while the broker does not say", ["consumer"])
LAG_AGE = Gauge(
    "claimstream_consumer_behind_seconds", "Since when a consumer has not been at its topics' end", ["consumer"]
)
WAITING = Gauge("claimstream_waiting_events", "Events that wait for a fact", ["service"])
WAITING_AGE = Gauge("claimstream_waiting_oldest_seconds", "Age of the oldest waiting event", ["service"])
LETTERS = Gauge(
    "claimstream_dead_letters", "Letters that are not settled: dead, or parked behind one", ["service", "state"]
)
FOR_PEOPLE = Gauge("claimstream_for_people", "What waits for a person, by kind", ["service", "kind"])
AUDIT_UNSEALED = Gauge("claimstream_audit_unsealed_seconds", "Age of the oldest unit under no signed head", ["service"])
PART_UP = Gauge(
    "claimstream_part_up", "1 where the database, or the broker, answers its service, 0 where not", ["service", "part"]
)
REQUESTS = Counter(
    "claimstream_http_requests_total", "Requests, by route and status", ["service", "method", "route", "status"]
)
REFUSED = Counter(
    "claimstream_http_refused_total",
    "Requests refused at the door: token, load, outbox, room, too-large, too-slow, gone, hangs",
    ["service", "cause"],
)
REQUEST_SECONDS = Histogram("claimstream_http_request_seconds", "Time to answer", ["service", "method", "route"])


def configure_logging(service: str, level: str = "INFO") -> None:
    """JSON lines on standard output. Tracebacks name places only: an exception's own text may quote its input."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    of_libraries = logging.StreamHandler(sys.stdout)
    of_libraries.setFormatter(WithoutValues())
    logging.basicConfig(level=logging.WARNING, handlers=[of_libraries], force=True)


class WithoutValues(logging.Formatter):
    """What a library logs, as a JSON line: when, its name and place, and an exception's class and places. Its message may quote patient data."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without the message."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        place = f"{record.filename}:{record.funcName}:{record.lineno}"
        line: dict[str, object] = {"level": record.levelname, "logger": record.name, "place": place, "timestamp": at}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line |= {"error": type(error).__name__, "places": places_of(error)}
        return json.dumps(line)


def places_of(error: BaseException) -> list[str]:
    """Where an exception was raised: function and line per frame, innermost last, without values."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-8:]
