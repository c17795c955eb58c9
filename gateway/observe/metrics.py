"""What the gateway counts, for Prometheus: the table of counters and histograms.

Each process counts for itself; where several share a home they do it in files that are added up when somebody asks
(:mod:`gateway.observe.shared_metrics`). What can be read from the database is not counted here: the backlog, holds,
what is overdue. Names and units are Prometheus's: seconds, bytes, ``_total`` for what only rises.
"""

from __future__ import annotations

from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Histogram

#: Values of a label that partners choose (types of documents); further ones are counted as ``other``.
_MOST_VALUES = 200
OTHER = "other"

REGISTRY = CollectorRegistry()


class Metric(NamedTuple):
    """A row of the reference page. ``kind``: counter, histogram or gauge."""

    name: str
    kind: str
    labels: tuple[str, ...]
    text: str


#: Every counter and histogram, in the order of the reference page.
TABLE: list[Metric] = []

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_SIZES = (1, 4, 16, 64, 256, 1024, 4096)


# Each has labels: what has none would begin to count before it is known where (`shared_metrics.share`).


def _counter(name: str, text: str, *labels: str) -> Counter:
    TABLE.append(Metric(f"{name}_total", "counter", labels, text))
    return Counter(name, text, labels, registry=REGISTRY)


def _histogram(name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    TABLE.append(Metric(name, "histogram", labels, text))
    return Histogram(name, text, labels, registry=REGISTRY, buckets=buckets)


transmissions = _counter(
    "crossdock_transmissions",
    "Units of transport by what became of them: received, recognised (it had come before), deposited, delivered, "
    "failed (given up).",
    *("endpoint", "direction", "outcome"),
)
transmission_bytes = _counter(
    "crossdock_transmission_bytes", "Bytes that were received (in) and delivered (out).", "endpoint", "direction"
)
documents = _counter(
    "crossdock_documents",
    "Documents that were read (in) or are to leave (out), by the status in which they began.",
    *("direction", "type", "status"),
)
events = _counter("crossdock_events", "Lines of history: document.accepted, transmission.held and all others.", "event")
issues = _counter("crossdock_issues", "Findings about documents.", "code", "severity")
step_seconds = _histogram(
    "crossdock_step_seconds", "How long a batch of a step took, its commit included.", _SECONDS, "step"
)
step_items = _histogram("crossdock_step_items", "How many items a batch of a step had.", _SIZES, "step")
step_failures = _counter(
    "crossdock_step_failures",
    "Items of a step that did not work out: retried (they are tried again), given_up (an operator decides).",
    *("step", "outcome"),
)
leases_expired = _counter("crossdock_leases_expired", "Items that were taken from a worker that died or hung.", "step")
polls = _counter(
    "crossdock_polls", "Looks into an endpoint: empty, some (something was there), failed.", "endpoint", "outcome"
)
poll_seconds = _histogram(
    "crossdock_poll_seconds",
    "How long a look into an endpoint took, with the commit of what was there.",
    _SECONDS,
    "endpoint",
)
delivery_seconds = _histogram(
    "crossdock_delivery_seconds", "How long a connector took to deliver a batch.", _SECONDS, "endpoint"
)
connector_errors = _counter(
    "crossdock_connector_errors",
    "Failures at an endpoint, by whose they are: network (nobody answered, or not in time), party (it said no), ours.",
    *("endpoint", "direction", "fault"),
)
sftp_connections = _counter(
    "crossdock_sftp_connections",
    "Connections to the SFTP server: connected (logged in), refused (a wrong key or password), too_many, and those "
    "that were ended: handshake, login, idle, flood.",
    "outcome",
)
http_requests = _counter(
    "crossdock_http_requests",
    "Requests that were answered, by the route (other: there is none) and the class of the status: 2xx, 4xx, 5xx; cut: "
    "the caller went away or was too slow.",
    *("method", "route", "status"),
)
http_request_seconds = _histogram(
    "crossdock_http_request_seconds",
    "How long a request took from its headers to the end of its answer, with what the caller took to send and read.",
    _SECONDS,
    *("method", "route"),
)
http_connections = _counter(
    "crossdock_http_connections",
    "Connections to the web server: accepted, too_many (refused), and those that were cut: handshake, slow_headers, "
    "slow_body, slow_reader.",
    "outcome",
)
as2_messages = _counter(
    "crossdock_as2_messages",
    "AS2 messages: in, what became of them (new, repeated, conflict, refused); out, how a try to send one ended "
    "(confirmed, refused, delivered, awaited, failed).",
    *("endpoint", "direction", "outcome"),
)
as2_mdns = _counter(
    "crossdock_as2_mdns", "MDNs that we sent (out) and got (in), by what they say.", "direction", "disposition"
)
as2_seconds = _histogram(
    "crossdock_as2_seconds",
    "How long an AS2 message took to be opened (open), packed (pack), sent (send).",
    _SECONDS,
    "what",
)
alert_messages = _counter(
    "crossdock_alert_messages", "Messages about alerts, by channel: sent, failed.", "channel", "outcome"
)

_known: dict[str, set[str]] = {}


def bounded(label: str, value: str) -> str:
    """The value, or ``other`` when partners have made up too many of this label already."""
    known = _known.setdefault(label, set())
    if value not in known:
        if len(known) >= _MOST_VALUES:
            return OTHER
        known.add(value)
    return value
