"""The metrics that are noted as things happen, in a registry of this bot's own."""

from typing import Any, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    ProcessCollector,
    Summary,
    disable_created_metrics,
)

from utils.metrics import catalogue
from utils.metrics.catalogue import Metric

_CLASSES: Final[dict[str, type[Any]]] = {"counter": Counter, "histogram": Histogram, "summary": Summary}


class Instruments:
    """What is observed. Noting something costs about a microsecond, and may be done in any thread."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # a second row for each counter, which nothing here needs
        self.registry = CollectorRegistry()
        # Memory, processor time and open files, where the system has /proc; and Python's garbage collector.
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._made = {metric.name: _made(metric, self.registry) for metric in catalogue.OBSERVED}

    def of(self, metric: Metric) -> Any:
        """The instrument of a metric: a Counter, a Histogram or a Summary."""
        return self._made[metric.name]


def _made(metric: Metric, registry: CollectorRegistry) -> Any:
    more: dict[str, Any] = {"buckets": metric.buckets} if metric.buckets else {}
    return _CLASSES[metric.kind](metric.name, metric.help, metric.labels, registry=registry, **more)
