"""A candidate to the live model: examine, judge, decide, record."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from model.artifact.folder import open_artifact
from model.errors import ArtifactError, GateFailed, NothingNew
from model.registry.history import Action, RegistryEvent, now, whoami
from model.registry.reading import read_folder
from model.registry.registry import Registry
from model.registry.versions import newest_candidate
from model.self_test import open_proven
from training.promotion.compare import Entrant, Exam, examine
from training.promotion.limits import Gates
from training.promotion.rules import Verdict, failures, judge, verdict_table

Say = Callable[[str], None]


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to be live.

    Attributes:
        version: None means the newest candidate.
        why: for the history.
        force: lets a model pass that fails or was rolled back, not one that is damaged.
    """

    version: str | None = None
    why: str = ""
    force: bool = False


def promote(
    registry: Registry, proposal: Proposal, exam: Exam, gates: Gates, *, say: Say
) -> RegistryEvent:
    """Make a version live if it passes the gate against the live model, or if it is forced.

    Refusals are recorded as well. The caller holds model.lock, so that no retraining disturbs the
    timing.

    Raises:
        GateFailed: a rule failed, or the version was rolled back before; the live model stays.
        NothingNew: there is no candidate newer than the live model, or the version is live.
        ArtifactError: either model is damaged or does not prove itself.
        Locked: the live model changed meanwhile.
    """
    live, version = registry.live_version(), choose(registry, proposal.version)
    blocked = registry.history().blocked().get(version)
    if blocked and not proposal.force:
        why = f"rolled back on {blocked.at:%Y-%m-%d %H:%M} UTC ({blocked.why or 'no reason given'})"
        registry.record(_event(Action.REFUSE, live, version, why))
        raise GateFailed(f"{version} was {why}: it comes back only with --force --reason TEXT")
    verdicts = _verdicts(registry, live, version, exam, gates, say=say)
    failed = [each.rule for each in failures(verdicts)]
    if failed and not proposal.force:
        registry.record(_event(Action.REFUSE, live, version, "; ".join(failed), verdicts))
        raise GateFailed(f"{version} is not promoted, {live} stays live: {'; '.join(failed)}")
    action = Action.FORCE if failed or blocked else Action.PROMOTE
    shipped = registry.find(version) == registry.shipped
    event = _event(action, live, version, proposal.why, verdicts, shipped=shipped)
    registry.record(event)
    return event


def choose(registry: Registry, version: str | None) -> str:
    """The version to promote.

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
    registry: Registry, live: str, version: str, exam: Exam, gates: Gates, *, say: Say
) -> list[Verdict]:
    say(f"{version} and {live}, which is live, are scored on the same sentences now")
    current = _entrant(registry.live())
    try:
        entrant = _entrant(registry.find(version))
    except ArtifactError as error:
        registry.record(_event(Action.REFUSE, live, version, str(error)))
        raise
    candidate, production = examine(entrant, current, exam)
    verdicts = judge(candidate, production, gates)
    say(verdict_table(candidate, production, verdicts))
    return verdicts


def _entrant(folder: Path) -> Entrant:
    return Entrant(open_proven(open_artifact(folder)), folder)


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
