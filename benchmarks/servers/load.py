"""The service below and above its capacity: goodput, refusals, recovery, abandoned requests."""

import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.measure.sentences import BenchmarkSentences, statements
from benchmarks.measure.timing import percentile
from benchmarks.report.table import table
from benchmarks.servers.client import closed_loop, encoded, open_loop
from benchmarks.servers.processes import RunningServer, demarche, start_server
from benchmarks.servers.replies import BROKEN, TIMED_OUT, Phase, arrivals, summarise
from model.artifact.folder import Artifact
from model.command_line import Say

SENTENCES, CLIENTS = 20, 16
_ABANDON_SECONDS, _RECOVERY_LIMIT = 0.05, 60.0
HEADER = ("offered", "of peak", "goodput", "refused", "refusal p50 / p99", "answer p50 / p99")


@dataclass(frozen=True)
class Effort:
    """How much is measured; QUICK only shows that everything runs."""

    seconds: float = 20.0
    peaks: int = 3
    abandoned: int = 4000


QUICK = Effort(seconds=1.0, peaks=1, abandoned=20)


def load_service(
    artifact: Artifact, sentences: BenchmarkSentences, effort: Effort, say: Say
) -> str:
    """Measure and write the section "Under load"."""
    with start_server(demarche(artifact.folder), say) as server:
        bodies = _bodies(server, sentences)
        peak = max(_peak(server, bodies, effort, say) for _ in range(effort.peaks))
        phases = [_phase(server, bodies, peak * share, effort, say) for share in (0.7, 3.0)]
        say("  recovering")
        recovery = _recovery(server, bodies[0])
        say(f"  {effort.abandoned:,} abandoned requests")
        left = _abandon(server, bodies, effort)
    rows = [_row(phase, peak) for phase in phases]
    return "\n\n".join([table(HEADER, rows), _explained(peak, recovery, left, sentences, effort)])


def _bodies(server: RunningServer, sentences: BenchmarkSentences) -> list[bytes]:
    texts = sentences.sample(len(sentences.texts), seed=0)
    groups = statements(texts, sentences=min(SENTENCES, len(texts)))
    return [encoded(server.spec.body(group)) for group in groups]


def _peak(server: RunningServer, bodies: Sequence[bytes], effort: Effort, say: Say) -> float:
    """Measure statements a second in a closed loop."""
    say("  measuring the peak")
    rate = _statements_per_second(server, bodies[:8])
    count = max(8, round(rate * effort.seconds / 2))
    return _statements_per_second(server, [bodies[i % len(bodies)] for i in range(count)])


def _statements_per_second(server: RunningServer, bodies: Sequence[bytes]) -> float:
    began = time.perf_counter()
    replies = closed_loop(server.url, bodies, clients=CLIENTS)
    return sum(reply.status == 200 for reply in replies) / (time.perf_counter() - began)


def _phase(
    server: RunningServer, bodies: Sequence[bytes], rate: float, effort: Effort, say: Say
) -> Phase:
    say(f"  {rate:.0f} statements/s for {effort.seconds:.0f} s")
    times = arrivals(rate, effort.seconds, seed=1)
    return summarise(open_loop(server.url, bodies, times), effort.seconds)


def _recovery(server: RunningServer, body: bytes) -> float:
    """Return the seconds until a request takes less than twice its usual time again."""
    began = time.monotonic()
    usual = None
    while time.monotonic() - began < _RECOVERY_LIMIT:
        ended = time.monotonic() - began
        first, second = closed_loop(server.url, [body, body], clients=1)
        if first.status == second.status == 200:
            usual = usual or min(r.seconds for r in closed_loop(server.url, [body] * 5, clients=1))
            if first.seconds < 2 * usual:
                return ended
    return _RECOVERY_LIMIT


@dataclass(frozen=True)
class AbandonedRequests:
    """The cost of requests whose clients left.

    Attributes:
        answered: sentences of the requests that were answered before their client left.
        sent: sentences of the other requests.
        scored: sentences that were scored in all.
        inflight: requests that were left open.
        seconds: how long the next request took.
    """

    answered: int
    sent: int
    scored: int
    inflight: float
    seconds: float


def _abandon(server: RunningServer, bodies: Sequence[bytes], effort: Effort) -> AbandonedRequests:
    """Send more requests than can be served, by clients that leave after 50 ms."""
    before = _metric(server, "demarche_batch_sentences_sum")
    times = [i * _ABANDON_SECONDS / 10 for i in range(effort.abandoned)]
    replies = open_loop(server.url, bodies, times, timeout=_ABANDON_SECONDS)
    gone = sum(reply.status in (TIMED_OUT, BROKEN) for reply in replies)
    (after,) = closed_loop(server.url, bodies[:1], clients=1)
    scored = _metric(server, "demarche_batch_sentences_sum") - before
    inflight = _metric(server, "demarche_queue_requests")
    answered = sum(reply.status == 200 for reply in replies)
    return AbandonedRequests(
        answered * SENTENCES, gone * SENTENCES, int(scored), inflight, after.seconds
    )


def _metric(server: RunningServer, name: str) -> float:
    with urllib.request.urlopen(f"{server.base}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.split("{")[0].split()[0] == name)


def _row(phase: Phase, peak: float) -> tuple[str, ...]:
    total = len(phase.refused) + len(phase.latencies) + phase.broken
    return (
        f"{phase.offered:.0f}/s",
        f"{phase.offered / peak:.0%}",
        f"{phase.answered / min(peak, phase.offered):.0%}",
        f"{len(phase.refused) / max(total, 1):.0%}",
        _milliseconds(phase.refused),
        _milliseconds(phase.latencies),
    )


def _milliseconds(seconds: Sequence[float]) -> str:
    if not seconds:
        return "-"
    return " / ".join(f"{1000 * percentile(seconds, share):.0f} ms" for share in (0.5, 0.99))


def _explained(
    peak: float,
    recovery: float,
    left: AbandonedRequests,
    sentences: BenchmarkSentences,
    effort: Effort,
) -> str:
    return f"""Open loop: statements of {SENTENCES} sentences arrive as from strangers (Poisson),
{effort.seconds:.0f} s each, whatever became of those before; times count from when a
request was due. The peak, {peak:.1f} statements/s, is the best of {effort.peaks} closed
loops of {CLIENTS} connections. Goodput is what was answered with 200, over the peak or
what was offered, whichever is less. The client runs on the same cores.

After the overload a request took less than twice its usual time within {recovery:.1f} s.

Abandoned: {effort.abandoned:,} requests at 200 a second whose clients leave after 50 ms.
{left.sent:,} sentences were sent by those that left; {left.scored:,} were scored in all,
{left.answered:,} of them for clients that had their answer in time. {left.inflight:.0f} requests
were left open, and the next one took {1000 * left.seconds:.0f} ms.

Sentences: {sentences.source}, {sentences.mean_tokens:.1f} tokens on average
({sentences.histogram()})."""
