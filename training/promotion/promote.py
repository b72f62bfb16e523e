"""A candidate to the live model: compare, apply the rules, decide, record."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from model.artifact.folder import open_artifact
from model.command_line import Say
from model.errors import ArtifactError, GateFailed, NothingNew
from model.registry.history import Action, RegistryEvent, now, whoami
from model.registry.reading import read_folder
from model.registry.registry import Registry
from model.registry.versions import newest_candidate
from model.self_test import load_tested_classifier
from training.promotion.compare import EvaluationSet, LoadedModel, compare_models
from training.promotion.limits import PromotionLimits
from training.promotion.rules import Verdict, apply_rules, failures, verdict_table


@dataclass(frozen=True)
class PromotionRequest:
    """A request to make a version live.

    Attributes:
        version: None means the newest candidate.
        why: the reason, for the history.
        force: promote even if a rule fails or the version was rolled back, but never if damaged.
    """

    version: str | None = None
    why: str = ""
    force: bool = False


def promote(
    registry: Registry,
    request: PromotionRequest,
    evaluation_set: EvaluationSet,
    limits: PromotionLimits,
    *,
    say: Say,
) -> RegistryEvent:
    """Make a version live if it passes the gate against the live model, or if it is forced.

    Refusals are recorded as well. The caller holds the lock of model.registry.lock, so that no
    retraining disturbs the timing.

    Raises:
        GateFailed: a rule failed, or the version was rolled back before; the live model stays.
        NothingNew: there is no candidate newer than the live model, or the version is live.
        ArtifactError: either model is damaged or fails its self-test.
        Locked: the live model changed meanwhile.
    """
    live, version = registry.live_version(), choose_version(registry, request.version)
    blocked = registry.history().blocked().get(version)
    if blocked and not request.force:
        why = f"rolled back on {blocked.at:%Y-%m-%d %H:%M} UTC ({blocked.why or 'no reason given'})"
        registry.record(_event(Action.REFUSE, live, version, why))
        raise GateFailed(f"{version} was {why}: it comes back only with --force --reason TEXT")
    verdicts = _verdicts(registry, live, version, evaluation_set, limits, say=say)
    failed = [each.rule for each in failures(verdicts)]
    if failed and not request.force:
        registry.record(_event(Action.REFUSE, live, version, "; ".join(failed), verdicts))
        raise GateFailed(f"{version} is not promoted, {live} stays live: {'; '.join(failed)}")
    action = Action.FORCE if failed or blocked else Action.PROMOTE
    shipped = registry.find(version) == registry.shipped
    event = _event(action, live, version, request.why, verdicts, shipped=shipped)
    registry.record(event)
    return event


def choose_version(registry: Registry, version: str | None) -> str:
    """Return the version to promote.

    Raises:
        NothingNew, ArtifactMissing: see `promote`.
    """
    live = registry.live_version()
    if version is None:
        newest = newest_candidate(registry)
        if newest is None:
            raise NothingNew(f"there is no candidate newer than {live}, which is live: make train")
        return newest.version
    folder = registry.find(version)
    chosen = read_folder(folder).version if folder == registry.shipped else version
    if chosen == live:
        raise NothingNew(f"{live} is live already")
    return chosen


def _verdicts(
    registry: Registry,
    live: str,
    version: str,
    evaluation_set: EvaluationSet,
    limits: PromotionLimits,
    *,
    say: Say,
) -> list[Verdict]:
    say(f"{version} and {live}, which is live, are scored on the same sentences now")
    live_model = _load(registry.live())
    try:
        candidate = _load(registry.find(version))
    except ArtifactError as error:
        registry.record(_event(Action.REFUSE, live, version, str(error)))
        raise
    results = compare_models(candidate, live_model, evaluation_set)
    verdicts = apply_rules(*results, limits)
    say(verdict_table(*results, verdicts))
    return verdicts


def _load(folder: Path) -> LoadedModel:
    return LoadedModel(load_tested_classifier(open_artifact(folder)), folder)


def _event(
    action: Action,
    before: str,
    after: str,
    why: str,
    verdicts: Sequence[Verdict] = (),
    *,
    shipped: bool = False,
) -> RegistryEvent:
    gate = tuple(asdict(verdict) for verdict in verdicts)
    return RegistryEvent(now(), whoami(), action, before, after, why, shipped, gate)
