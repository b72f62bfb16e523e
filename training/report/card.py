"""A manifest to the model card; every figure in it was written by the run."""

from collections.abc import Mapping
from typing import Any

from model.artifact.manifest import Manifest
from model.stance import STANCES


def model_card(manifest: Manifest, tables: Mapping[str, str]) -> str:
    """README.md of a model folder; `tables` are what was measured, by title."""
    provenance = manifest.provenance
    return _CARD.format(
        version=manifest.version,
        base=provenance["base_model"],
        tables=_tables(tables),
        counts=_bullets(provenance["counts"]),
        parity=_bullets(provenance["parity"]),
        failures=_failures(manifest.metrics["behaviour"]["functions"]),
        decisions="\n".join(
            f"| {stance} | {d.threshold:.2f} | {d.uncertain_low:.2f} to {d.uncertain_high:.2f} | "
            f"{'none seen' if d.uncertain_accuracy is None else f'{d.uncertain_accuracy:.0%}'} |"
            for stance, d in zip(STANCES, manifest.decisions, strict=True)
        ),
        seconds=provenance["seconds"],
        energy=provenance["energy"],
        cpu=provenance["cpu"],
        window=manifest.max_window,
        sources=_bullets(provenance["sources"]),
    )


def _tables(tables: Mapping[str, str]) -> str:
    return "\n\n".join(f"### {title}\n\n```\n{table}\n```" for title, table in tables.items())


def _bullets(values: Mapping[str, Any]) -> str:
    return "\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in values.items())


def _failures(functions: list[Mapping[str, Any]]) -> str:
    worst = sorted(functions, key=lambda each: -len(each["failed"]) / each["cases"])[:3]
    named = [f"{each['function']} ({', '.join(each['failed'][:5])})" for each in worst]
    return "; ".join(named) or "not run"


_CARD = """\
# Demarche stance model {version}

Says for a sentence of an official or political statement whether it expresses agreement,
criticism or demand: any of them, several, or none. English.

**For**: reading, sorting and searching statements, with a person who checks what matters.
**Not for**: deciding about people; evidence of what a state holds without reading the text;
counting which state is worse, since who speaks and who is reported differs by source; other
languages; private conversation; sarcasm. It labels wording, not truth or intent.

## How good it is

Measured with the engine that serves, on documents nothing was fitted on.

{tables}

`make evaluate DATA=yours.jsonl` measures the model on your own annotated sentences;
`report/index.html` has the curves, the confusions and the surest mistakes.

## When it is unsure

A score inside the band is marked `uncertain`: held-out decisions in it were right this often.

| stance | threshold | band | right in the band |
|---|---|---|---|
{decisions}

## Where it fails

Of the behavioural suite (`data/corpus/behaviour/`) most on: {failures}.

## How it was made

Fine-tuned from {base}; up to {window} tokens a forward pass, longer sentences in overlapping
windows of which the highest score counts. Probabilities are Platt-scaled and thresholds chosen on
held-out sentences. Training took {seconds} s on {cpu}, {energy}.

Sentences:

{counts}

By source:

{sources}

Largest difference of a probability from torch in fp32:

{parity}

`checkpoint.safetensors` holds the trainable weights in fp16; manifest.json the recipe,
fingerprints, package versions and the sha256 of every file.
"""
