"""The benchmarks by name; each imports what it needs when it runs: load and soak need no torch."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.measure.sentences import BenchmarkSentences, read_sentences
from model.artifact.folder import Artifact
from model.command_line import Say

Measured = Callable[[Artifact, BenchmarkSentences, argparse.Namespace, Say], str]


@dataclass(frozen=True)
class Part:
    """A section of docs/benchmarks.md, and the function that measures it."""

    title: str
    measured: Measured

    def measure(self, artifact: Artifact, options: argparse.Namespace, say: Say) -> str:
        """Measure and return the section as Markdown."""
        return self.measured(artifact, read_sentences(artifact, options.data), options, say)


def _engines(
    artifact: Artifact, sentences: BenchmarkSentences, options: argparse.Namespace, say: Say
) -> str:
    from benchmarks.engines import compare as engines  # noqa: PLC0415 - see above, here and below

    effort = engines.QUICK if options.quick else engines.Effort()
    return engines.compare_engines(artifact, sentences, effort, say)


def _sweep(
    artifact: Artifact, sentences: BenchmarkSentences, options: argparse.Namespace, say: Say
) -> str:
    from benchmarks.engines import sweep  # noqa: PLC0415

    effort = sweep.QUICK if options.quick else sweep.Effort()
    return sweep.sweep(artifact, sentences, effort, say)


def _rivals(
    artifact: Artifact, sentences: BenchmarkSentences, options: argparse.Namespace, say: Say
) -> str:
    from benchmarks.servers import compare as rivals  # noqa: PLC0415

    effort = rivals.QUICK if options.quick else rivals.Effort()
    return rivals.compare_servers(artifact, sentences, effort, say)


def _load(
    artifact: Artifact, sentences: BenchmarkSentences, options: argparse.Namespace, say: Say
) -> str:
    from benchmarks.servers import load  # noqa: PLC0415

    effort = load.QUICK if options.quick else load.Effort()
    return load.load_service(artifact, sentences, effort, say)


def _soak(
    artifact: Artifact, sentences: BenchmarkSentences, options: argparse.Namespace, say: Say
) -> str:
    from benchmarks.servers import soak  # noqa: PLC0415

    return soak.soak(artifact, sentences, 0.2 if options.quick else options.minutes, say)


PARTS = {
    "engines": Part("Engines", _engines),
    "sweep": Part("Token budgets and padding", _sweep),
    "rivals": Part("Other servers", _rivals),
    "load": Part("Under load", _load),
    "soak": Part("Soak", _soak),
}
