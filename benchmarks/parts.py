"""The benchmarks by name. What one needs is imported when it runs: load and soak need no torch."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.measure.material import Material, read_material
from model.artifact.folder import Artifact

Say = Callable[[str], None]
Measured = Callable[[Artifact, Material, argparse.Namespace, Say], str]


@dataclass(frozen=True)
class Part:
    """A section of the document, and what measures it."""

    title: str
    measured: Measured

    def measure(self, artifact: Artifact, options: argparse.Namespace, say: Say) -> str:
        """The section's text."""
        return self.measured(artifact, read_material(artifact, options.data), options, say)


def _engines(artifact: Artifact, material: Material, options: argparse.Namespace, say: Say) -> str:
    from benchmarks.engines import compare as engines  # noqa: PLC0415 - see above, here and below

    effort = engines.QUICK if options.quick else engines.Effort()
    return engines.compare_engines(artifact, material, effort, say)


def _sweep(artifact: Artifact, material: Material, options: argparse.Namespace, say: Say) -> str:
    from benchmarks.engines import sweep  # noqa: PLC0415

    effort = sweep.QUICK if options.quick else sweep.Effort()
    return sweep.sweep(artifact, material, effort, say)


def _rivals(artifact: Artifact, material: Material, options: argparse.Namespace, say: Say) -> str:
    from benchmarks.servers import compare as rivals  # noqa: PLC0415

    effort = rivals.QUICK if options.quick else rivals.Effort()
    return rivals.compare_servers(artifact, material, effort, say)


def _load(artifact: Artifact, material: Material, options: argparse.Namespace, say: Say) -> str:
    from benchmarks.servers import load  # noqa: PLC0415

    effort = load.QUICK if options.quick else load.Effort()
    return load.load_service(artifact, material, effort, say)


def _soak(artifact: Artifact, material: Material, options: argparse.Namespace, say: Say) -> str:
    from benchmarks.servers import soak  # noqa: PLC0415

    return soak.soak(artifact, material, 0.2 if options.quick else options.minutes, say)


PARTS = {
    "engines": Part("Engines", _engines),
    "sweep": Part("Token budgets and padding", _sweep),
    "rivals": Part("Other servers", _rivals),
    "load": Part("Under load", _load),
    "soak": Part("Soak", _soak),
}
