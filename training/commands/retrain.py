"""The command that turns new annotations into a better live model, or leaves the old one."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from data.annotation import Annotation
from data.behaviour import read_behaviour
from data.corpus import corpus_files, read_annotations
from data.split import split_annotations
from model.artifact import open_artifact
from model.errors import ArtifactError, NothingNew
from model.golden import open_proven
from model.lock import one_at_a_time
from model.registry import Registry, read_folder
from training import pipeline
from training.document import Yardsticks
from training.exam import Exam
from training.gates import read_gates
from training.pipeline import Material, Say
from training.promotion import Proposal, promote
from training.provenance import split_fingerprint
from training.recipe import Recipe, read_recipe


def retrain(options: argparse.Namespace, say: Say) -> None:
    """Train on the corpus and the annotations, examine, and promote if no rule fails.

    The test documents of both are never trained on: those of the corpus judge, those of the
    annotations say whether the new labels were learnt.
    """
    recipe, gates = read_recipe(options.recipe), read_gates(options.gates)
    files = options.data or corpus_files()
    corpus = read_annotations(files, unique=True)
    everything = read_annotations([*files, *options.annotations], unique=True)
    own = split_annotations(everything[len(corpus) :]).test
    exam = Exam(
        split_annotations(corpus).test,
        {"own": own} if own else {},
        read_behaviour(options.behaviour),
    )
    pipeline.check(Material(everything), recipe, {})
    registry = Registry(options.models)
    with one_at_a_time(registry.models, doing="retraining") as left:
        if left:
            say(f"the one before ({left}) was ended before it finished; starting over")
        _refuse_repetition(registry, everything, recipe)
        live = open_proven(open_artifact(registry.live()))
        yardsticks = Yardsticks(cases=exam.cases, shipped=live)
        artifact = pipeline.train(
            Material(everything), recipe, registry.models, yardsticks, say=say
        )
        say(f"report: {artifact.folder}/report/index.html")
        proposal = Proposal(artifact.manifest.version, options.reason, options.force)
        event = promote(registry, proposal, exam, gates, say=say)
    say(f"{event.after} is live ({event.action}); {event.before} was; back to it: make rollback")


def _refuse_repetition(
    registry: Registry, annotations: Sequence[Annotation], recipe: Recipe
) -> None:
    fingerprint = split_fingerprint(split_annotations(annotations))
    for folder in registry.folders():
        origin: Mapping[str, Any] = {}
        with suppress(ArtifactError):  # a damaged folder is no reason not to train
            origin = read_folder(folder).provenance
        same = origin.get("split_fingerprint") == fingerprint
        if same and origin.get("recipe") == asdict(recipe):
            raise NothingNew(
                f"{folder.name} was trained on exactly these annotations with this recipe: "
                "annotate more, change the recipe, or make promote VERSION=" + folder.name
            )
