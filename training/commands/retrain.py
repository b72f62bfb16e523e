"""Train on new annotations and promote: a better live model, or the old one stays."""

import argparse
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import read_behaviour
from data.annotation.files import corpus_files, read_annotations
from data.annotation.merge import TrainingCorpus, combine
from data.annotation.split import Split, split_annotations
from data.judgements.resolve import Resolved, Status, decided_both_ways, to_annotations
from data.store.existing_store import is_there, require_store
from data.store.location import UNNAMED, default_location
from data.store.store import AnnotationStore, open_store
from model.artifact.folder import open_artifact
from model.classifier import StanceClassifier
from model.command_line import say
from model.errors import NothingNew
from model.registry.lock import one_at_a_time
from model.registry.reading import read_folder
from model.registry.registry import SHIPPED, Registry
from model.self_test import load_tested_classifier
from training import pipeline
from training.commands.arguments import add_gate, add_models, check_reason, tell_left
from training.commands.new_annotations import import_all, read_all
from training.measure.label_errors import find_label_errors, unseen
from training.prepare import TrainingData, prepare
from training.promotion.compare import EvaluationSet
from training.promotion.limits import read_limits
from training.promotion.promote import PromotionRequest, promote
from training.recipe import RECIPES, Recipe, read_recipe
from training.release.provenance import find_trained
from training.report.write import EvaluationPlan


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the annotations, the store that takes them, the recipe and the gate."""
    command.description = (
        "Take the files into the annotation store, train from the released checkpoint on the "
        "corpus and all that is decided in the store, then promote as `promote` does; a fifth of "
        "the annotations' documents is held out to judge. A fault in any row of any file, and "
        "nothing is written."
    )
    command.add_argument(
        "annotations",
        type=Path,
        nargs="*",
        metavar="FILE",
        help="annotations in any format that `make import` knows (default: only the store's)",
    )
    command.add_argument(
        "--store", default=default_location(), help="path or postgresql:// URL (%(default)s)"
    )
    command.add_argument("--format", help="the files' format (default: as they look)")
    command.add_argument("--annotator", default=UNNAMED, help="who, where a row does not say")
    command.add_argument("--accept-valid", action="store_true", help="leave faulty rows out")
    command.add_argument(
        "--recipe",
        type=Path,
        default=RECIPES / "retrain.toml",
        metavar="TOML",
        help="what to train (default: %(default)s)",
    )
    command.add_argument(
        "--full",
        dest="recipe",
        action="store_const",
        const=RECIPES / "retrain-full.toml",
        help="train every layer: slower, for thousands of new sentences",
    )
    add_gate(command)
    add_models(command)


def run(options: argparse.Namespace) -> None:
    """Import the files, train on the corpus and the store, compare, promote if no rule fails.

    Test documents are never trained on. Those of the corpus are compared on with the labels they
    came with: whoever could relabel them could write the test that their own labels must pass.
    Those of the users show whether their labels were learnt, corrections of the corpus included.
    """
    _check(options)
    recipe, limits = read_recipe(options.recipe), read_limits(options.gates)
    cases = read_behaviour(options.behaviour)
    corpus = read_annotations(options.data or corpus_files(), unique=True)
    corpus_split, intakes = split_annotations(corpus), read_all(options)
    registry = Registry(options.models)
    with closing(_store(options)) as store:
        import_all(intakes, store, accept_valid=options.accept_valid)
        resolved = store.resolved()
        combined = _combine(corpus, resolved)
        held_out = combined.held_out
        _tell(combined, held_out, resolved)
        data = prepare(
            combined.annotations,
            judged=[each.text for each in combined.own],
            min_positives=recipe.min_positives,
        )
        own = {"own": held_out} if held_out else {}
        with one_at_a_time(registry.models, doing="retraining") as left:
            tell_left(left, "starting over")
            _refuse_repetition(registry, data, recipe)
            live = load_tested_classifier(open_artifact(registry.live()))
            _look_for_label_errors(store, resolved, live, corpus_split)
            version = _train(data, recipe, registry, EvaluationPlan(cases=cases, shipped=live))
            request = PromotionRequest(version, options.reason, options.force)
            evaluation_set = EvaluationSet(corpus_split.test, own, cases)
            event = promote(registry, request, evaluation_set, limits, say=say)
    say(f"{event.after} is live ({event.action}); {event.before} was; back to it: make rollback")


def _check(options: argparse.Namespace) -> None:
    """Refuse before anything is read; no store is made where there is nothing to put in."""
    check_reason(options)
    if options.annotations and not is_there(options.store):
        return
    if options.store == default_location() and not is_there(options.store):
        raise NothingNew(f"no annotation store is at {options.store}: annotate, or give a file")
    require_store(options.store)


def _store(options: argparse.Namespace) -> AnnotationStore:
    if not is_there(options.store):
        say(f"{options.store} is a new store")
    return open_store(options.store)


def _combine(corpus: Sequence[Annotation], resolved: Sequence[Resolved]) -> TrainingCorpus:
    combined = combine(corpus, to_annotations(resolved))
    if not combined.own:
        raise NothingNew("no sentence in the store is decided: annotate some, or give a file")
    return combined


def _tell(
    combined: TrainingCorpus, held_out: Sequence[Annotation], resolved: Sequence[Resolved]
) -> None:
    """Say what of the store is learnt from, and what is not."""
    say(
        f"{len(combined.own):,} sentences of the store are decided, {len(held_out):,} of "
        f"them are held out to judge; {combined.corrected:,} correct the corpus"
    )
    conflicts = sum(each.status is Status.CONFLICT for each in resolved)
    if conflicts:
        say(f"{conflicts:,} are conflicts and not learnt from: adjudicate them (make queue)")
    if anchored := split_annotations(combined.own).anchored:
        say(f"{len(anchored):,} were labelled with a model's answer in sight: they judge none")
    if both := len(decided_both_ways(resolved)):
        say(f"{both:,} are not learnt from: another document decides the same words otherwise")
    for each in combined.left_out:
        say(f"left out, as another part of the split has nearly the same: {each.text[:80]!r}")


def _look_for_label_errors(
    store: AnnotationStore, resolved: Sequence[Resolved], live: StanceClassifier, corpus: Split
) -> None:
    """Find probable label errors by the live model, before another one learns from them."""
    shipped = live.manifest.version == read_folder(SHIPPED).version
    since = None if shipped else live.manifest.provenance["started"]
    judged = unseen(resolved, corpus, since=since)
    found = find_label_errors(live, judged, corpus.test)
    store.candidates.suspect([each.item for each in judged], found)
    if found:
        say(f"{len(found):,} of {len(judged):,} look wrongly labelled: make queue lists them")


def _train(
    data: TrainingData, recipe: Recipe, registry: Registry, evaluation: EvaluationPlan
) -> str:
    artifact = pipeline.train(data, recipe, registry.models, evaluation, say=say)
    say(f"report: {artifact.folder}/report/index.html")
    return artifact.manifest.version


def _refuse_repetition(registry: Registry, data: TrainingData, recipe: Recipe) -> None:
    """Refuse to train again on the same annotations with the same recipe.

    Raises:
        NothingNew: naming the model that was trained so.
    """
    if folder := find_trained(registry.folders(), data.split, recipe):
        raise NothingNew(
            f"{folder.name} was trained on exactly these annotations with this recipe: "
            "annotate more, change the recipe, or make promote VERSION=" + folder.name
        )
