"""What head office counts for Prometheus: requests by route, how long they took, what runs.

Several workers share a folder (`PROMETHEUS_MULTIPROC_DIR`), so that each answers for all.
"""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one serving process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "pos_app_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "pos_app_request_seconds",
            "How long requests took.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._received = Counter(
            "pos_app_received_bytes", "Bytes of bodies.", ("route",), registry=self._registry
        )
        self.running = Gauge(
            "pos_app_requests_running",
            "Requests that are being answered.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )

    def answered(
        self, method: str, route: str, status: int, seconds: float, body_bytes: int
    ) -> None:
        """Count an answer under its route's template, so that ids make no new counters."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        if body_bytes:
            self._received.labels(route).inc(body_bytes)

    def exposition(self) -> bytes:
        """Return everything in Prometheus' text format."""
        registry = self._registry
        if os.environ.get(SHARED_FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
