"""The service's metrics, for Prometheus; see deploy/ for the alerts and the dashboard made of them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from retrieval.models import Answer

SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Borders of the latency histograms."""


class Metrics:
    """All that is counted, in a registry of its own; safe to use from several threads.

    Args:
        index: the folder of the index, to tell its size; None for one on a cluster, which tells its own.
    """

    def __init__(self, index: Path | None = None) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library forgot to annotate it
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._index = index
        self._questions = Counter(
            "zhiwen_questions", "Questions asked of the corpus.", ["outcome"], registry=self.registry
        )
        self._phases = Histogram(
            "zhiwen_phase_seconds",
            "Seconds that an update waits for its turn, is worked on in all, and its question is looked up.",
            ["phase"],
            registry=self.registry,
            buckets=SECONDS,
        )
        self._updates = Counter("zhiwen_updates", "Updates from Telegram.", ["kind"], registry=self.registry)
        self._queue = Gauge(
            "zhiwen_queue_length", "Updates that wait or are worked on.", registry=self.registry
        )
        self._set_aside = Counter(
            "zhiwen_updates_set_aside",
            "Updates that are not worked on any more, since the process ended each time they were begun.",
            registry=self.registry,
        )
        self._tasks = Gauge("zhiwen_tasks", "Tasks of the event loop.", registry=self.registry)
        self._api_seconds = Histogram(
            "zhiwen_api_seconds",
            "Seconds that Telegram takes to answer a request, those for updates aside.",
            ["method"],
            registry=self.registry,
            buckets=SECONDS,
        )
        self._api_errors = Counter(
            "zhiwen_api_errors",
            "Requests to Telegram that failed, by HTTP status or kind of error.",
            ["method", "error"],
            registry=self.registry,
        )
        self._heard = Gauge(
            "zhiwen_telegram_heard_timestamp_seconds",
            "When Telegram was last heard: it gave updates, or none wait. At first, when the service began.",
            registry=self.registry,
        )
        self._heard.set(time.time())
        self._articles = Gauge("zhiwen_index_articles", "Articles in the index.", registry=self.registry)
        if index is not None:
            self._bytes = Gauge("zhiwen_index_bytes", "Size of the index on disk.", registry=self.registry)
        self._indexed = Gauge(
            "zhiwen_index_timestamp_seconds",
            "When the index in use was opened: at the start or the last reload.",
            registry=self.registry,
        )
        self._reached = Gauge(
            "zhiwen_index_reached",
            "Whether the index can be read: 0 while the cluster that has it cannot be reached.",
            registry=self.registry,
        )
        self._reached.set(1)
        self._reloads = Counter(
            "zhiwen_reloads", "Reloads of the corpus.", ["outcome"], registry=self.registry
        )
        for outcome in ("done", "failed"):
            self._reloads.labels(outcome)
        self._told = Counter(
            "zhiwen_told",
            "Messages sent of the bot's own accord: what watches found, digests.",
            ["kind"],
            registry=self.registry,
        )

    # What a LiveRetriever's observer is told.

    def answered(self, answer: Answer) -> None:
        """A question was answered or declined."""
        outcome = "answered" if answer.reason is None else answer.reason.code
        self._questions.labels(outcome).inc()
        self._phases.labels("lookup").observe(answer.elapsed_ms / 1e3)

    def indexed(self, articles: int) -> None:
        """An index of so many articles answers from now on."""
        self._articles.set(articles)
        self._indexed.set(time.time())
        if self._index is not None:
            self._bytes.set(sum(path.stat().st_size for path in self._index.rglob("*") if path.is_file()))

    def reloaded(self) -> None:
        """The corpus was read anew."""
        self._reloads.labels("done").inc()

    def reload_failed(self) -> None:
        """A reload came to nothing."""
        self._reloads.labels("failed").inc()

    def reached(self, *, is_reached: bool) -> None:
        """The cluster that has the index can be reached, or cannot any more."""
        self._reached.set(is_reached)

    # What the update processor and the connections tell.

    @contextmanager
    def update(self, kind: str) -> Iterator[None]:
        """An update waits and is worked on."""
        self._updates.labels(kind).inc()
        with self._queue.track_inprogress(), self._phases.labels("update").time():
            yield

    def waited(self, seconds: float) -> None:
        """An update's turn has come after so long."""
        self._phases.labels("wait").observe(seconds)

    def set_aside(self) -> None:
        """An update is not worked on any more."""
        self._set_aside.inc()

    @property
    def queue_length(self) -> int:
        """Updates that wait or are worked on."""
        return int(self.registry.get_sample_value("zhiwen_queue_length") or 0)

    def called(self, method: str, seconds: float, error: str | None) -> None:
        """A request to Telegram ended; `error` is its HTTP status or the kind of error."""
        if error is not None:
            self._api_errors.labels(method, error).inc()
        elif method != "getUpdates":
            self._api_seconds.labels(method).observe(seconds)

    def told(self, kind: str) -> None:
        """A message of this kind was sent that nobody asked for at the moment."""
        self._told.labels(kind).inc()

    def heard(self) -> None:
        """Telegram was heard."""
        self._heard.set(time.time())

    def tasks(self, number: int) -> None:
        """So many tasks does the event loop have."""
        self._tasks.set(number)

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)
