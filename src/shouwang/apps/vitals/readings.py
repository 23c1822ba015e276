"""What is read from the database at each scrape, as Prometheus has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shouwang.apps.vitals.selectors.pulse import Counts


class Readings(Collector):
    """Gauges of one moment; without ``counts`` the database did not answer."""

    def __init__(self, counts: Counts | None, *, version: str) -> None:
        self._counts = counts
        self._version = version

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield the gauges."""
        build = GaugeMetricFamily("shouwang_build_info", "Version.", labels=["version"])
        build.add_metric([self._version], 1)
        yield build
        yield GaugeMetricFamily(
            "shouwang_database_up",
            "1 when the database answered in time.",
            value=float(self._counts is not None),
        )
        if self._counts is not None:
            yield from _of(self._counts)


def _of(counts: Counts) -> Iterator[GaugeMetricFamily]:
    if counts.pulse.heart_age is not None:
        yield GaugeMetricFamily(
            "shouwang_heart_age_seconds",
            "Since the auditor last found all decided in time.",
            value=counts.pulse.heart_age.total_seconds(),
        )
    yield GaugeMetricFamily(
        "shouwang_checks_overdue",
        "Checks past their deadline and not decided for more than a minute.",
        value=counts.checks_overdue,
    )
    yield GaugeMetricFamily(
        "shouwang_outbox_overdue_seconds",
        "How long the oldest message waits past its time.",
        value=counts.pulse.outbox.overdue.total_seconds(),
    )
    waiting = GaugeMetricFamily(
        "shouwang_outbox_waiting", "Messages that wait to be sent.", labels=["state"]
    )
    for state, count in sorted(counts.pulse.outbox.by_state.items()):
        waiting.add_metric([state], count)
    yield waiting
    alerts = GaugeMetricFamily(
        "shouwang_alerts_open",
        "Open alerts; a community by its number.",
        labels=["community", "kind", "state"],
    )
    for (community, kind, state), count in sorted(counts.alerts.items()):
        alerts.add_metric([str(community), kind, state], count)
    yield alerts
