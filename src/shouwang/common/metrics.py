"""What this process counts and times, for Prometheus; read at ``/metrics``.

Each part counts where it works. Labels are words of the program and numbers of rows:
never a name, an address or anything a person wrote.
"""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    ProcessCollector,
)

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

_FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SLOW = (0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

TICK_SECONDS = Histogram(
    "shouwang_tick_seconds",
    "How long one tick of the runner takes, audits included.",
    buckets=_SLOW,
    registry=REGISTRY,
)
PASS_SECONDS = Histogram(
    "shouwang_pass_seconds",
    "How long one pass of the runner takes.",
    ["run"],
    buckets=_SLOW,
    registry=REGISTRY,
)
PASS_FAILURES = Counter(
    "shouwang_pass_failures",
    "Passes of the runner that ended in an error.",
    ["run"],
    registry=REGISTRY,
)
SIGHTINGS = Counter(
    "shouwang_sightings",
    "Sightings received and kept.",
    ["source"],
    registry=REGISTRY,
)
MESSAGES = Counter(
    "shouwang_messages",
    "Tries to send a message, by how they ended: sent, failed, lost or refused.",
    ["channel", "result"],
    registry=REGISTRY,
)
OUTSIDE = Counter(
    "shouwang_heartbeat_outside",
    "Heart-beats told outside, by how that ended: answered or failed.",
    ["result"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "shouwang_request_seconds",
    "From a request until its answer begins.",
    ["page", "method", "status"],
    buckets=_FAST,
    registry=REGISTRY,
)
