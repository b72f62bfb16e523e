"""Hours of mixed work for one process: memory, open files and threads must not grow."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from benchmarks.measure.process import Sample, growth, sample
from benchmarks.measure.sentences import BenchmarkSentences
from benchmarks.measure.timing import percentile
from benchmarks.report.table import table
from benchmarks.servers.client import closed_loop, encoded, open_loop
from benchmarks.servers.mixed import Visitor, two_models
from benchmarks.servers.processes import RunningServer, demarche, start_server
from benchmarks.servers.replies import Reply, arrivals
from model.artifact.folder import Artifact
from model.command_line import Say

_LONGEST, _OVERSIZE, _ABORTED = 64, 0.01, 0.05
_ABORT_SECONDS, _SAMPLE_SECONDS, _SHARE_OF_PEAK = 0.05, 2.0, 0.5
_PART_SECONDS = 30.0
_KEPT, _ROW_MINUTES = 2000, 2.5
# in less time new shapes still build kernels, and a slope would be of that
_SHORTEST_MINUTES = 5.0


def soak(artifact: Artifact, sentences: BenchmarkSentences, minutes: float, say: Say) -> str:
    """Measure and write the section "Soak"."""
    with _served(artifact, say) as server, _visited(server, sentences) as visitor:
        visitor.swap()  # from now on both models are the measured one
        rate = _SHARE_OF_PEAK * _requests_per_second(server, sentences)
        samples, replies = _watched(server, sentences, rate, minutes, say)
    explained = _explained(samples, replies, rate, sentences)
    return "\n\n".join([_table(samples), explained, _told(visitor)])


@contextmanager
def _served(artifact: Artifact, say: Say) -> Iterator[RunningServer]:
    """Start a service with a registry of two models, and a store that keeps what was scored."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        two_models(artifact, folder / "models")
        store = folder / "annotations.db"
        spec = demarche(None, keep_scored=_KEPT, models=folder / "models", annotations=store)
        with start_server(spec, say) as server:
            yield server


@contextmanager
def _visited(server: RunningServer, sentences: BenchmarkSentences) -> Iterator[Visitor]:
    visitor, over = Visitor(server.base, sentences.texts, seed=0), Event()
    thread = Thread(target=visitor.stay, args=(over,))
    thread.start()
    try:
        yield visitor
    finally:
        over.set()
        thread.join()


def bodies(sentences: BenchmarkSentences, server: RunningServer, *, seed: int) -> Iterator[bytes]:
    """Yield requests of 1 to 64 random sentences, one in a hundred larger than the limit."""
    draw = random.Random(seed)
    while True:
        count = 2000 if draw.random() < _OVERSIZE else draw.randint(1, _LONGEST)
        yield encoded(server.spec.body(draw.choices(sentences.texts, k=count)))


def _requests_per_second(server: RunningServer, sentences: BenchmarkSentences) -> float:
    stream = bodies(sentences, server, seed=1)
    asked = [next(stream) for _ in range(40)]
    began = time.perf_counter()
    closed_loop(server.url, asked, clients=8)
    return len(asked) / (time.perf_counter() - began)


def _watched(
    server: RunningServer, sentences: BenchmarkSentences, rate: float, minutes: float, say: Say
) -> tuple[list[Sample], list[Reply]]:
    """Send load in parts of half a minute, and sample the process every two seconds."""
    samples: list[Sample] = []
    replies: list[Reply] = []
    began = time.monotonic()
    until = began + 60 * minutes
    watcher = Thread(target=_watch, args=(server.process.pid, began, until, samples), daemon=True)
    watcher.start()
    part = 0
    while (left := until - time.monotonic()) > 0:
        part += 1
        replies += _part(server, sentences, rate, min(left, _PART_SECONDS), seed=part)
        held = samples[-1].mebibytes if samples else 0
        say(f"  {(time.monotonic() - began) / 60:.1f} of {minutes:g} min, {held:.0f} MiB")
    watcher.join()
    return samples, replies


def _part(
    server: RunningServer, sentences: BenchmarkSentences, rate: float, seconds: float, *, seed: int
) -> list[Reply]:
    """Send requests of clients that wait for their answer, and of some that leave."""
    stream = bodies(sentences, server, seed=seed)
    answers: list[Reply] = []

    def send_and_leave() -> None:
        times = arrivals(rate * _ABORTED, seconds, seed=-seed)
        own = [next(leaving) for _ in times]
        if own:
            open_loop(server.url, own, times, timeout=_ABORT_SECONDS)

    leaving = bodies(sentences, server, seed=-seed)
    thread = Thread(target=send_and_leave)
    thread.start()
    times = arrivals(rate * (1 - _ABORTED), seconds, seed=seed)
    if times:
        answers = open_loop(server.url, [next(stream) for _ in times], times)
    thread.join()
    return answers


def _watch(pid: int, began: float, until: float, samples: list[Sample]) -> None:
    while time.monotonic() < until:
        samples.append(sample(pid, (time.monotonic() - began) / 60))
        time.sleep(_SAMPLE_SECONDS)


def _table(samples: Sequence[Sample]) -> str:
    last = len(samples) - 1
    count = max(8, round(samples[-1].minutes / _ROW_MINUTES))
    picks = sorted({round(i * last / count) for i in range(count + 1)})
    rows = [
        (f"{s.minutes:.1f}", f"{s.mebibytes:.1f}", str(s.files), str(s.threads))
        for s in (samples[i] for i in picks)
    ]
    return table(("minutes", "MiB", "open files", "threads"), rows)


def _explained(
    samples: Sequence[Sample], replies: Sequence[Reply], rate: float, sentences: BenchmarkSentences
) -> str:
    statuses = Counter(reply.status for reply in replies)
    answered = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
    good = [reply.seconds for reply in replies if reply.status == 200]
    quarter = len(good) // 4
    drift = ""
    if quarter >= 100:
        first, last = percentile(good[:quarter], 0.99), percentile(good[-quarter:], 0.99)
        drift = f" The 99th percentile went from {1000 * first:.0f} to {1000 * last:.0f} ms."
    level = f"{growth(samples):+.1f} MiB an hour"
    if samples[-1].minutes < _SHORTEST_MINUTES:
        level = "too short a run to tell"
    return f"""Memory after the first third: {level}.{drift}

Requests of 1 to {_LONGEST} random sentences at {rate:.1f} a second, half of the peak, arriving as
from strangers; {_ABORTED:.0%} leave after 50 ms, {_OVERSIZE:.0%} are larger than the service
takes. Answers to the others: {answered}.

Sentences: {sentences.source}, {sentences.mean_tokens:.1f} tokens on average
({sentences.histogram()})."""


def _told(visitor: Visitor) -> str:
    asked = Counter({what: 0 for what, _ in visitor.statuses})
    bad: Counter[int] = Counter()
    for (what, status), count in visitor.statuses.items():
        asked[what] += count
        bad[status] += count * (status != 200)
    listed = ", ".join(f"{what} {count:,}" for what, count in sorted(asked.items()))
    others = ", ".join(f"{status}: {count}" for status, count in sorted((+bad).items()))
    return f"""Beside them, with DEMARCHE_KEEP_SCORED={_KEPT}: {listed}; activating changes
between two copies of the model. Answers other than 200: {others or "none"}."""
