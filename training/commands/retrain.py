"""The command that turns new annotations into a better live model, or leaves the old one."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case, read_behaviour
from data.annotation.files import corpus_files, read_annotations
from data.annotation.merge import TrainingCorpus, combine
from data.annotation.split import split_annotations
from data.exchange.import_summary import import_summary
from data.exchange.importing import import_file, read_file
from data.judgements.resolve import Resolved, Status, decided_both_ways, to_annotations
from data.judgements.rows_to_events import Intake
from data.store.store import AnnotationStore, open_store
from model.artifact.folder import open_artifact
from model.classifier import StanceClassifier
from model.errors import ArtifactError, InvalidData, NothingNew
from model.registry.lock import one_at_a_time
from model.registry.registry import SHIPPED, Registry, read_folder
from model.self_test import open_proven
from training import pipeline
from training.measure.label_errors import find_suspects, unseen
from training.pipeline import Material, Say
from training.promotion.compare import Exam
from training.promotion.limits import read_gates
from training.promotion.promote import Proposal, promote
from training.recipe import Recipe, read_recipe
from training.release.provenance import split_fingerprint
from training.report.write import Yardsticks


def retrain(options: argparse.Namespace, say: Say) -> None:
    """Import the files, train on the corpus and the store, examine, promote if no rule fails.

    Test documents are never trained on. Those of the corpus judge, with the labels they came with:
    whoever could relabel them could write the examination that their own labels have to pass. The
    users' say whether their labels were learnt, corrections of the corpus among them.
    """
    recipe, gates = read_recipe(options.recipe), read_gates(options.gates)
    cases = read_behaviour(options.behaviour)
    corpus = read_annotations(options.data or corpus_files(), unique=True)
    intakes = _read(options)
    registry = Registry(options.models)
    with closing(open_store(options.store)) as store:
        _import(intakes, store, options.accept_valid, say)
        resolved = store.resolved()
        combined = _combine(corpus, resolved, say)
        material = Material(combined.annotations, certain=[each.text for each in combined.own])
        pipeline.check(material, recipe, {})
        with one_at_a_time(registry.models, doing="retraining") as left:
            if left:
                say(f"the one before ({left}) was ended before it finished; starting over")
            _refuse_repetition(registry, material.annotations, recipe)
            live = open_proven(open_artifact(registry.live()))
            _suspect(store, resolved, live, corpus, say)
            yardsticks = Yardsticks(cases=cases, shipped=live)
            artifact = pipeline.train(material, recipe, registry.models, yardsticks, say=say)
            say(f"report: {artifact.folder}/report/index.html")
            proposal = Proposal(artifact.manifest.version, options.reason, options.force)
            exam = _exam(corpus, combined, cases)
            event = promote(registry, proposal, exam, gates, say=say)
    say(f"{event.after} is live ({event.action}); {event.before} was; back to it: make rollback")


def _read(options: argparse.Namespace) -> list[Intake]:
    """All files, before anything is written.

    Raises:
        InvalidData: with every fault of every file, unless it was asked to take what is valid.
    """
    intakes = [
        # a time each: of two files that say different things, the later one is newer
        read_file(
            path, format_name=options.format, annotator=options.annotator, now=datetime.now(UTC)
        )
        for path in options.annotations
    ]
    faults = [fault for intake in intakes for fault in intake.faults]
    if faults and not options.accept_valid:
        raise InvalidData(faults)
    return intakes


def _import(
    intakes: Sequence[Intake], store: AnnotationStore, accept_valid: bool, say: Say
) -> None:
    for intake in intakes:
        imported = import_file(intake, store, accept_valid=accept_valid)
        for fault in intake.faults:
            say(f"  {fault}")
        say(import_summary(imported, store))


def _combine(
    corpus: Sequence[Annotation], resolved: Sequence[Resolved], say: Say
) -> TrainingCorpus:
    combined = combine(corpus, to_annotations(resolved))
    if not combined.own:
        raise NothingNew("no sentence in the store is decided: annotate some, or give a file")
    conflicts = sum(each.status is Status.CONFLICT for each in resolved)
    say(
        f"{len(combined.own):,} sentences of the store are decided, {len(combined.held_out):,} of "
        f"them are held out to judge; {combined.corrected:,} correct the corpus"
    )
    if conflicts:
        say(f"{conflicts:,} are conflicts and not learnt from: adjudicate them (make queue)")
    if both := len(decided_both_ways(resolved)):
        say(f"{both:,} are not learnt from: another document decides the same words otherwise")
    for each in combined.left_out:
        say(f"left out, as another part of the split has nearly the same: {each.text[:80]!r}")
    return combined


def _exam(corpus: Sequence[Annotation], combined: TrainingCorpus, cases: Sequence[Case]) -> Exam:
    own = combined.held_out
    return Exam(split_annotations(corpus).test, {"own": own} if own else {}, cases)


def _suspect(
    store: AnnotationStore,
    resolved: Sequence[Resolved],
    live: StanceClassifier,
    corpus: Sequence[Annotation],
    say: Say,
) -> None:
    """Let the live model examine what it was not fitted on, before another one learns from it."""
    shipped = live.manifest.version == read_folder(SHIPPED).version
    since = None if shipped else live.manifest.provenance["started"]
    judged = unseen(resolved, corpus, since=since)
    suspects = find_suspects(live, judged, split_annotations(corpus).test)
    store.candidates.suspect([each.item for each in judged], suspects)
    if suspects:
        say(f"{len(suspects):,} of {len(judged):,} look wrongly labelled: make queue lists them")


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
