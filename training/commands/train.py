"""Commands that train, measure and ship."""

import argparse
from collections import defaultdict
from collections.abc import Sequence

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import read_behaviour
from data.annotation.files import corpus_files, read_annotation_sets, read_annotations
from data.annotation.split import split_annotations
from data.annotation.standoff import read_texts
from model.artifact.folder import CARD, COMPLETE, open_artifact
from model.classifier import StanceClassifier
from model.registry.lock import one_at_a_time
from model.registry.registry import SHIPPED
from model.self_test import open_proven
from training import pipeline
from training.measure.behaviour import behaviour_table, run_behaviour
from training.measure.evaluate import measure, predict
from training.measure.study import read_study, write_study
from training.pipeline import Material, Say
from training.recipe import read_recipe
from training.release.hf_folder import write_stock_copy
from training.release.provenance import data_fingerprint
from training.release.shipped import release as release_model
from training.report.tables import metrics_table
from training.report.write import Yardsticks


def train(options: argparse.Namespace, say: Say) -> None:
    """Train a candidate model."""
    recipe, material = read_recipe(options.recipe), _material(options)
    measured = _measured(options)
    known = None
    if options.study:
        known = read_study(options.study, data_fingerprint=data_fingerprint(material.split()))
    yardsticks = Yardsticks(measured, read_behaviour(), _shipped(), known)
    pipeline.check(material, recipe, measured)  # before the lock, which makes the folder
    with one_at_a_time(options.models, doing="training") as left:
        if left:
            say(f"the one before ({left}) was ended before it finished; starting over")
        artifact = pipeline.train(material, recipe, options.models, yardsticks, say=say)
    say((artifact.folder / CARD).read_text(encoding="utf-8"))
    say(f"\nmodel:  {artifact.folder}\nreport: {artifact.folder}/report/index.html")
    say(f"try it: make serve MODEL={artifact.folder}")
    say(f"make it live: make promote VERSION={artifact.manifest.version}")


def study(options: argparse.Namespace, say: Say) -> None:
    """Train baselines and a learning curve."""
    recipe, material = read_recipe(options.recipe), _material(options)
    write_study(pipeline.study(material, recipe, _measured(options), say=say), options.to)
    say(f"study: {options.to}; report it: python -m training train --study {options.to} …")


def _material(options: argparse.Namespace) -> Material:
    own = options.data or corpus_files()
    annotations, extra = read_annotation_sets([own, options.extra], unique=True)
    unlabelled = [text for path in getattr(options, "unlabelled", []) for text in read_texts(path)]
    return Material(annotations, extra, unlabelled)


def _measured(options: argparse.Namespace) -> dict[str, list[Annotation]]:
    rows = read_annotations(options.measure, unique=False)
    return {name or "measured": part for name, part in _by(rows, options.by).items() if part}


def _shipped() -> StanceClassifier | None:
    return open_proven(open_artifact(SHIPPED)) if (SHIPPED / COMPLETE).exists() else None


def evaluate(options: argparse.Namespace, say: Say) -> None:
    """Measure a model."""
    classifier = open_proven(open_artifact(options.model))
    if options.data:
        annotations = read_annotations(options.data, unique=False)
    else:
        annotations = split_annotations(read_annotations(corpus_files(), unique=True)).test
    say(f"model {classifier.manifest.version}, engine {classifier.manifest.engine}")
    for name, rows in _by(annotations, options.by).items():
        say(f"\n{name}" if name else "")
        say(metrics_table(measure(predict(classifier, rows))))
    if not options.data:
        say(f"\nbehaviour: {behaviour_table(run_behaviour(classifier, read_behaviour()))}")


def _by(annotations: Sequence[Annotation], field: str | None) -> dict[str, list[Annotation]]:
    if field is None:
        return {"": list(annotations)}
    parts: defaultdict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        value = getattr(annotation, field, None) or annotation.extra.get(field)
        parts[f"{field}: {value}"].append(annotation)
    return dict(sorted(parts.items()))


def release(options: argparse.Namespace, say: Say) -> None:
    """Make a trained model the shipped one."""
    yardsticks = None
    if options.measure or options.study:
        fingerprint = open_artifact(options.model).manifest.provenance["data_fingerprint"]
        known = read_study(options.study, data_fingerprint=fingerprint) if options.study else None
        yardsticks = Yardsticks(_measured(options), read_behaviour(), _shipped(), known)
    test = split_annotations(read_annotations(corpus_files(), unique=True)).test
    artifact = release_model(options.model, SHIPPED, test, yardsticks)
    say(f"{SHIPPED} is now version {artifact.manifest.version}")


def hf(options: argparse.Namespace, say: Say) -> None:
    """Write a folder that transformers loads."""
    write_stock_copy(open_artifact(options.model), options.to)
    say(f"pipeline('text-classification', '{options.to}', top_k=None) loads it")
