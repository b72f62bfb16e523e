"""The model card, README.md of a model folder; every figure in it was measured by the run."""

from collections.abc import Mapping, Sequence
from typing import Any

from model.artifact.manifest import Manifest
from model.decide.labels import Decision
from model.stance import STANCES
from training.report.render import render


def model_card(manifest: Manifest, tables: Mapping[str, str]) -> str:
    """Write the card from a manifest that has its metrics; `tables` are measured, by title."""
    return render(
        "card.md",
        manifest=manifest,
        provenance=manifest.provenance,
        tables=tables,
        decisions=_named(manifest.decisions),
        second_decisions=_named(manifest.careful.blend.decisions) if manifest.careful else [],
        failures=_failures(manifest.metrics["behaviour"]["functions"]),
    )


def _named(decisions: Sequence[Decision]) -> list[tuple[str, Decision]]:
    return list(zip(STANCES, decisions, strict=True))


def _failures(functions: Sequence[Mapping[str, Any]]) -> str:
    """Name the three functions of the behavioural suite that fail most, with five cases each."""
    worst = sorted(functions, key=lambda each: -len(each["failed"]) / each["cases"])[:3]
    named = [f"{each['function']} ({', '.join(each['failed'][:5])})" for each in worst]
    return "; ".join(named) or "not run"
