"""All metrics in the text format of Prometheus: what processes counted, and what the database says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from gateway.core.errors import StoreError
from gateway.core.locked import locked
from gateway.core.ports import Clock
from gateway.core.validity import End
from gateway.observe import metrics, shared_metrics
from gateway.store import Database
from gateway.work.gauges import DATABASE_UP, Gauges, Validity

CONTENT_TYPE = CONTENT_TYPE_LATEST

log = structlog.get_logger(__name__)


def exposition(
    database: Database, clock: Clock, folder: Path | None = None, ends: Callable[[], Iterable[End]] = tuple
) -> bytes:
    """What a scrape gets. ``folder``: where processes count; left out, where this one does. ``ends``: how long keys and
    certificates are good for.

    A database that is out of reach costs what is read from it, and nothing else.
    """
    counted = _counted(folder or shared_metrics.shared_folder())
    return counted + _read(database, clock) + generate_latest(_Only(Validity(clock, ends)))


def _counted(folder: Path | None) -> bytes:
    if folder is None:
        return generate_latest(metrics.REGISTRY)
    if not folder.is_dir():
        return b""
    registry = CollectorRegistry()
    with locked(folder / shared_metrics.LOCK, alone=False):
        MultiProcessCollector(registry, str(folder))
        return generate_latest(registry)


class _Down:
    """What is told when the database does not answer."""

    def collect(self) -> list[GaugeMetricFamily]:
        metric = DATABASE_UP
        return [GaugeMetricFamily(metric.name, metric.text, value=0)]


def _read(database: Database, clock: Clock) -> bytes:
    try:
        return generate_latest(_Only(Gauges(database, clock)))
    except StoreError as error:
        log.warning("metrics.database_unavailable", error=str(error))
        return generate_latest(_Only(_Down()))


class _Only(CollectorRegistry):
    """A registry of one collector, which is asked when the text is made and not before."""

    def __init__(self, collector: Gauges | Validity | _Down) -> None:
        super().__init__(auto_describe=False)
        self.register(collector)
