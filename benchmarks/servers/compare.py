"""This service, other servers and the bare engine: same sentences, same client."""

import json
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.measure.sentences import BenchmarkSentences, statements
from benchmarks.measure.timing import Rates, Ratio, TimedScorer, ratio, time_in_turns
from benchmarks.report.table import table
from benchmarks.servers.client import RawConnection, closed_loop, encoded
from benchmarks.servers.processes import RunningServer, demarche, infinity, litserve, start_server
from model.artifact.folder import Artifact
from model.classifier import StanceClassifier
from model.command_line import Say
from model.self_test import load_tested_classifier
from training.release.hf_folder import export_hf_folder

SENTENCES, CLIENTS = 20, 16
BARE = "the bare engine"
HEADER = ("server", "sentences/s", "x infinity-emb", "of the bare engine", "one short request")


@dataclass(frozen=True)
class Effort:
    """How much is measured; QUICK only shows that everything runs."""

    rounds: int = 5
    seconds: float = 4.0
    singles: int = 200


QUICK = Effort(rounds=1, seconds=0.2, singles=3)


def compare_servers(
    artifact: Artifact, sentences: BenchmarkSentences, effort: Effort, say: Say
) -> str:
    """Measure and write the section "Other servers"."""
    left_out: list[str] = []
    with tempfile.TemporaryDirectory(prefix="demarche-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        export_hf_folder(artifact, folder / "hf")
        _readable_by_older_versions(folder / "hf")
        servers = []
        for spec in (demarche(artifact.folder), infinity(folder / "hf"), litserve(folder / "hf")):
            try:
                server = stack.enter_context(start_server(spec, say))
                _check(server)
                server.pause()
                servers.append(server)
            except (RuntimeError, OSError) as error:
                left_out.append(f"{spec.name}: {error}")
                say(f"  left out {left_out[-1]}")
        classifier = load_tested_classifier(artifact)
        rates = time_in_turns(
            [_bare(classifier, sentences), *(_timed(each, sentences) for each in servers)],
            rounds=effort.rounds,
            seconds=effort.seconds,
            clock=time.perf_counter,
            say=say,
        )
        say("  one short request at a time")
        singles = {
            each.spec.name: _singles(each, classifier, sentences, effort) for each in servers
        }
    rows = [_row(name, rates, singles.get(name)) for name in rates]
    return "\n\n".join(
        [
            table(HEADER, rows),
            *(f"Left out: {reason}" for reason in left_out),
            _explained(sentences, effort),
        ]
    )


def _row(name: str, rates: dict[str, Rates], single: Ratio | None) -> tuple[str, ...]:
    own = rates[name]
    rival = next((rates[each] for each in rates if each.startswith("infinity")), None)
    return (
        name,
        f"{own.median:,.0f}",
        str(ratio(own, rival)) if rival else "-",
        f"{ratio(own, rates[BARE]).value:.0%}",
        f"x {single}" if single else "x 1",
    )


def _bare(classifier: StanceClassifier, sentences: BenchmarkSentences) -> TimedScorer:
    def run(count: int, number: int) -> int:
        return len(classifier.classify_each(sentences.sample(count, seed=number)))

    return TimedScorer(BARE, run)


def _timed(server: RunningServer, sentences: BenchmarkSentences) -> TimedScorer:
    def run(count: int, number: int) -> int:
        whole = math.ceil(count / SENTENCES) * SENTENCES
        texts = sentences.sample(whole, seed=number)
        bodies = [
            encoded(server.spec.body(each)) for each in statements(texts, sentences=SENTENCES)
        ]
        server.resume()
        replies = closed_loop(server.url, bodies, clients=CLIENTS)
        server.pause()
        if failed := [reply.status for reply in replies if reply.status != 200]:
            raise RuntimeError(f"{server.spec.name} answered {failed[:5]}")
        return whole

    return TimedScorer(server.spec.name, run)


def _singles(
    server: RunningServer,
    classifier: StanceClassifier,
    sentences: BenchmarkSentences,
    effort: Effort,
) -> Ratio:
    """Compare the time of a request of one short sentence with the bare engine's, in turns.

    Returns the ratio of the medians, and those of the 10th and 90th percentiles.
    """
    short = sentences.texts[: len(sentences.texts) // 4]
    texts = [short[i * len(short) // effort.singles] for i in range(effort.singles)]
    server.resume()
    seconds = list(_alternately(server, classifier, [*texts[:3], *texts]))[3:]  # 3 warm up
    server.pause()
    asked, scored = sorted(each[0] for each in seconds), sorted(each[1] for each in seconds)
    tenth = len(asked) // 10
    edges = (asked[tenth] / scored[tenth], asked[-1 - tenth] / scored[-1 - tenth])
    middle = statistics.median(asked) / statistics.median(scored)
    return Ratio(middle, min(edges), max(edges))


def _alternately(
    server: RunningServer, classifier: StanceClassifier, texts: Sequence[str]
) -> Iterator[tuple[float, float]]:
    with closing(RawConnection(server.url)) as connection:
        for number, text in enumerate(texts):
            request = connection.request(encoded(server.spec.body([text])))
            ask: Callable[[], object] = partial(connection.send, request)
            score: Callable[[], object] = partial(classifier.classify_each, [text])
            # the second one finds warm caches, so each is first in turn
            ways = [ask, score] if number % 2 else [score, ask]
            seconds = {way: _seconds(way) for way in ways}
            yield seconds[ask], seconds[score]


def _seconds(way: Callable[[], object]) -> float:
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def _check(server: RunningServer) -> None:
    """Send one statement, which must be answered before anything is measured."""
    bodies = [encoded(server.spec.body(["They met.", "We condemn the attack."]))]
    (reply,) = closed_loop(server.url, bodies, clients=1)
    if reply.status != 200:
        raise RuntimeError(f"it answered {reply.status} to a statement")


def _readable_by_older_versions(folder: Path) -> None:
    """Rename the tokenizer class of transformers 5, which infinity-emb does not know."""
    path = folder / "tokenizer_config.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    fields["tokenizer_class"] = "PreTrainedTokenizerFast"
    path.write_text(json.dumps(fields), encoding="utf-8")


def _explained(sentences: BenchmarkSentences, effort: Effort) -> str:
    return f"""Statements of {SENTENCES} sentences over HTTP, {CLIENTS} connections, each asking
again when answered; every server gets the same sentences from the same client (aiohttp),
which runs on the same cores. {effort.rounds} rounds of about {effort.seconds} s in
turns; servers that are not measured are paused (SIGSTOP). Rates are medians, ratios the medians
of the rounds' ratios (least-greatest). All serve one model: the others its
transformers folder (`make hf`) in fp32, infinity-emb 0.0.78 with its defaults, LitServe
with batches of 8 requests. The bare engine scores the same sentences in one call, without HTTP.

One short request: the median time of {effort.singles} requests of one sentence from the shortest
quarter, from its first byte sent to the last received, over the bare engine's median for the same
sentence, in turns (in brackets the 10th and 90th percentiles').

Sentences: {sentences.source}, {sentences.mean_tokens:.1f} tokens on average
({sentences.histogram()})."""
