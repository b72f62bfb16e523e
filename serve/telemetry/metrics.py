"""The metrics that Prometheus reads: no text, and no label that grows with what clients send."""

import time
from collections.abc import Sequence

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from model.stance import STANCES
from serve.clock import Clock
from serve.live.live import Live
from serve.scoring.backlog import Backlog
from serve.scoring.result import ScoringResult
from serve.scoring.worker import BatchReport
from serve.scoring.worker_pool import WorkerPool

# of every metric of this file; those of the process keep the names that all programs give them
_NAMESPACE = "demarche"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SIZES = (1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536)
_TENTHS = tuple(n / 10 for n in range(1, 11))
_WATCHED = {
    "queue_tokens": "Tokens admitted and not scored",
    "queue_sentences": "Sentence windows that wait for the engine",
    "queue_seconds": "Seconds of work that wait",
    "queue_requests": "Requests admitted and not answered",
    "worker_last_progress_timestamp_seconds": "Unix time of the engine's last answer",
}

_log = structlog.stdlib.get_logger()


class Metrics:
    """One registry of metrics for one application.

    Args:
        wall_clock: Unix time, for metrics that hold a moment.
    """

    def __init__(self, *, wall_clock: Clock = time.time) -> None:
        self._wall_clock = wall_clock
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.requests = self._counter("http_requests", "Requests", "route", "method", "code")
        self.request_seconds = self._seconds("http_request_duration", "Time to answer", "route")
        self.inflight = self._gauge("http_requests_inflight", "Requests being answered")
        self.rejected = self._counter("rejected", "Requests refused", "reason")
        self.predictions = self._counter("predictions", "Sentences that got a stance", "label")
        self.asked_twice = self._counter("asked_twice", "Sentences that were read twice")
        self.scores = self._shares("score", "Probability", "label")
        self._parts = {
            name: self._seconds(name, f"Time of a request in this part: {name}")
            for name in ("split", "tokenize", "queue_wait")
        }
        self._watched = {name: self._gauge(name, text) for name, text in _WATCHED.items()}
        self._add_batch_metrics()
        self.swaps = self._counter("model_swaps", "Attempts to change the model", "result")
        self._model = self._gauge("model_info", "The model in service", "version", "engine")

    def on_refusal(self, status: int, request_id: str) -> None:
        """Count a request that was refused before it was read: nothing of it is known."""
        self.requests.labels("unread", "other", str(status)).inc()
        _log.info("request", route="unread", status=status, request_id=request_id)

    def watch(self, backlog: Backlog, pool: WorkerPool, live: Live, *, clock: Clock) -> None:
        """Read backlog, progress and model at each scrape; `clock` is that of the pool."""
        self._live = live
        for name, read in {
            "queue_tokens": lambda: backlog.tokens,
            "queue_sentences": lambda: backlog.windows,
            "queue_seconds": lambda: backlog.seconds,
            "queue_requests": lambda: backlog.requests,
            "worker_last_progress_timestamp_seconds": lambda: (
                self._wall_clock() - (clock() - pool.last_progress)
            ),
        }.items():
            self._watched[name].set_function(read)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        manifest = self._live.classifier.manifest
        self._model.clear()
        self._model.labels(manifest.version, manifest.engine).set(1)
        return generate_latest(self._registry)

    def names(self) -> set[str]:
        """The name of every metric, without a suffix such as _total."""
        return {metric.name for metric in self._registry.collect()}

    def on_batch(self, report: BatchReport) -> None:
        """Count a batch of the engine."""
        self.inference_seconds.observe(report.seconds)
        self.batch_sentences.observe(report.windows)
        self.batch_tokens.observe(report.tokens)
        self.batch_padding.observe(1 - report.tokens / report.padded)
        self.engine_failures.inc(report.failed)

    def on_result(self, result: ScoringResult) -> None:
        """Count the stances of a request's sentences and the time of its parts."""
        for name, seconds in (
            ("split", result.timing.split),
            ("tokenize", result.timing.tokenise),
            ("queue_wait", result.timing.wait),
        ):
            self._parts[name].observe(seconds)
        self.asked_twice.inc(result.asked_twice or 0)
        for row in result.scored:
            for stance, score in zip(STANCES, row.scores, strict=True):
                self.scores.labels(stance).observe(score)
            for label in row.labels or ("none",):
                self.predictions.labels(label).inc()

    def on_swap(self, done: bool) -> None:
        """Count an attempt to change the model."""
        self.swaps.labels("done" if done else "refused").inc()

    def _add_batch_metrics(self) -> None:
        self.inference_seconds = self._seconds("inference", "Time of one batch of the engine")
        self.batch_sentences = self._sizes("batch_sentences", "Sentence windows of a batch")
        self.batch_tokens = self._sizes("batch_tokens", "Tokens of a batch, without padding")
        self.batch_padding = self._shares("batch_padding_ratio", "Padded share")
        self.engine_failures = self._counter("engine_failures", "Windows without scores")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, namespace=_NAMESPACE, registry=self._registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, namespace=_NAMESPACE, registry=self._registry)

    def _seconds(self, name: str, text: str, *labels: str) -> Histogram:
        return self._histogram(f"{name}_seconds", text, labels, _SECONDS)

    def _sizes(self, name: str, text: str) -> Histogram:
        return self._histogram(name, text, (), _SIZES)

    def _shares(self, name: str, text: str, *labels: str) -> Histogram:
        return self._histogram(name, text, labels, _TENTHS)

    def _histogram(
        self, name: str, text: str, labels: Sequence[str], buckets: Sequence[float]
    ) -> Histogram:
        return Histogram(
            name, text, labels, namespace=_NAMESPACE, buckets=buckets, registry=self._registry
        )
