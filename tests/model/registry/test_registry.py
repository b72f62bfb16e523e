"""The registry: one pointer, a history that tells everything, and nothing that a kill can break."""

import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from model.artifact.folder import new_artifact, open_artifact, seal
from model.errors import ArtifactCorrupt, ArtifactMissing, Locked, NothingNew, RegistryError
from model.registry.history import Action, RegistryEvent, now
from model.registry.reading import read_folder
from model.registry.registry import HISTORY, LIVE, Registry
from model.registry.versions import State, list_versions, newest_candidate
from tests.fakes import manifest

ROOT = Path(__file__).parents[3]


def make_model(folder: Path, version: str, *, hour: int) -> Path:
    started = f"2026-01-01T{hour:02}:00:00+00:00"
    with new_artifact(folder) as temporary:
        (temporary / "engine.bin").write_bytes(version.encode())
        seal(temporary, manifest(version=version, provenance={"started": started}))
    return folder


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A shipped model, s, and three trained ones: a, b and c."""
    made = Registry(tmp_path / "models", tmp_path / "default")
    make_model(made.shipped, "s", hour=0)
    for hour, version in enumerate("abc", 1):
        make_model(made.models / version, version, hour=hour)
    return made


def promotion(
    registry: Registry, version: str, action: Action = Action.PROMOTE, why: str = ""
) -> RegistryEvent:
    shipped = registry.find(version) == registry.shipped
    return RegistryEvent(now(), "anna@desk", action, registry.live_version(), version, why, shipped)


def promote(registry: Registry, *versions: str, action: Action = Action.PROMOTE) -> None:
    for version in versions:
        registry.record(promotion(registry, version, action))


def states(registry: Registry) -> dict[str, str]:
    return {each.version: str(each.state) for each in list_versions(registry)}


def test_before_any_promotion_the_shipped_model_is_live_and_nothing_is_written(tmp_path: Path):
    registry = Registry(tmp_path / "none", make_model(tmp_path / "default", "s", hour=0))

    assert registry.live() == registry.shipped
    assert registry.live_version() == "s"
    assert registry.live_at(now()) == "s"
    assert states(registry) == {"s": "live"}
    assert not registry.models.exists()


def test_a_promotion_moves_the_pointer_and_is_told_with_who_when_why_and_the_gate(
    registry: Registry,
):
    event = RegistryEvent(
        now(), "anna@desk", Action.PROMOTE, "s", "a", "new topic", gate=({"rule": "size"},)
    )

    registry.record(event)

    assert registry.live() == registry.models / "a"
    assert registry.history().events == (event,)
    row = json.loads((registry.models / HISTORY).read_text())
    assert (row["from"], row["to"], row["who"], row["why"]) == ("s", "a", "anna@desk", "new topic")
    assert row["gate"] == [{"rule": "size"}]


def test_rollback_goes_back_along_the_way_one_came_and_blocks_what_it_leaves(registry: Registry):
    promote(registry, "a", "b")

    assert registry.rollback(who="anna", why="odd").after == "a"
    assert states(registry) == {"c": "candidate", "b": "blocked", "a": "live", "s": "previous"}

    promote(registry, "c")
    assert registry.rollback(who="anna", why="odd again").after == "a"
    assert registry.rollback(who="anna", why="and again").after == "s"
    assert registry.live() == registry.shipped
    assert states(registry) == {"c": "blocked", "b": "blocked", "a": "blocked", "s": "live"}


def test_with_nothing_before_the_shipped_model_there_is_nothing_to_go_back_to(registry: Registry):
    with pytest.raises(NothingNew, match="s is live"):
        registry.rollback(who="anna", why="")

    assert registry.history().events == ()


def test_rollback_passes_over_a_damaged_version_and_leaves_a_live_one_that_is_gone(
    registry: Registry,
):
    promote(registry, "a", "b", "c")
    (registry.models / "b" / "engine.bin").write_bytes(b"bad")
    (registry.models / "c" / "COMPLETE").unlink()

    with pytest.raises(ArtifactMissing, match="make rollback"):
        registry.live()
    assert registry.rollback(who="anna", why="").after == "a"
    assert registry.live() == registry.models / "a"


def test_force_unblocks(registry: Registry):
    promote(registry, "a")
    registry.rollback(who="anna", why="odd")
    assert set(registry.history().blocked()) == {"a"}

    promote(registry, "a", action=Action.FORCE)

    assert registry.history().blocked() == {}
    assert states(registry)["a"] == "live"


def test_a_shipped_model_that_was_renewed_is_live_where_the_shipped_one_was_promoted(
    registry: Registry,
):
    promote(registry, "a", "s")
    registry.shipped.rename(registry.shipped.with_name("old"))
    make_model(registry.shipped, "s2", hour=9)

    assert registry.live() == registry.shipped
    assert registry.live_version() == "s2"
    promote(registry, "b")
    assert registry.rollback(who="anna", why="").after == "a"


def test_a_damaged_model_never_becomes_live(registry: Registry):
    (registry.models / "a" / "engine.bin").write_bytes(b"bad")

    with pytest.raises(ArtifactCorrupt):
        promote(registry, "a")

    assert registry.live_version() == "s"
    assert registry.history().events == ()


def test_a_promotion_measured_against_a_model_no_longer_live_is_refused(registry: Registry):
    first, second = promotion(registry, "a"), promotion(registry, "b")
    registry.record(first)

    with pytest.raises(Locked, match="the live model has become a"):
        registry.record(second)

    assert registry.live_version() == "a"


def test_a_refusal_is_told_and_changes_nothing(registry: Registry):
    promote(registry, "a")
    registry.record(promotion(registry, "b", Action.REFUSE, "macro-F1"))

    assert registry.live_version() == "a"
    (b,) = [each for each in list_versions(registry) if each.version == "b"]
    assert b.state is State.CANDIDATE
    assert b.note.startswith("refused ")
    assert b.note.endswith(" UTC by anna@desk: macro-F1")


def test_what_was_live_at_any_time_can_be_asked(registry: Registry):
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for hours, (before, after) in enumerate([("s", "a"), ("a", "b"), ("b", "c")]):
        at = noon + timedelta(hours=hours)
        registry.record(RegistryEvent(at, "anna", Action.PROMOTE, before, after, ""))

    asked = {hours: registry.live_at(noon + timedelta(hours=hours)) for hours in (-9, 0, 1.5, 99)}

    assert asked == {-9: "s", 0: "a", 1.5: "b", 99: "c"}


@pytest.mark.parametrize("name", ["../default", "/etc", ".tmp-a-1", "", "a/..", "d"])
def test_a_name_that_is_no_version_finds_nothing(registry: Registry, name: str):
    with pytest.raises(ArtifactMissing, match="there are: a, b, c"):
        registry.find(name)


def test_the_newest_candidate_is_newer_than_the_live_model_and_was_never_live(registry: Registry):
    assert newest_candidate(registry).version == "c"

    promote(registry, "b")
    assert newest_candidate(registry).version == "c"

    promote(registry, "c")
    assert newest_candidate(registry) is None


def test_a_folder_that_is_no_whole_model_is_listed_as_damaged(registry: Registry):
    (registry.models / "z").mkdir()
    (registry.models / ".tmp-y-12").mkdir()

    assert states(registry)["z"] == "damaged"
    assert "y" not in states(registry)


def test_a_torn_last_line_is_told_and_the_next_event_is_whole(registry: Registry):
    promote(registry, "a")
    with (registry.models / HISTORY).open("a") as file:
        file.write('{"at": "2026-01')

    torn = registry.history()
    registry.record(promotion(registry, "b", Action.REFUSE))  # which live.json does not hold too
    promote(registry, "c")

    assert [event.after for event in torn.events] == ["a"]
    assert torn.unreadable == (2,)
    assert [event.after for event in registry.history().events] == ["a", "b", "c"]
    assert registry.history().unreadable == (2,)


def test_a_promotion_that_only_reached_the_pointer_is_part_of_the_history(registry: Registry):
    promote(registry, "a")
    (registry.models / HISTORY).unlink()  # as if killed between the two

    assert [event.after for event in registry.history().events] == ["a"]
    promote(registry, "b")
    rows = (registry.models / HISTORY).read_text().splitlines()
    assert [json.loads(row)["to"] for row in rows] == ["a", "b"]


def test_a_pointer_changed_by_hand_is_not_guessed_from(registry: Registry):
    promote(registry, "a")
    (registry.models / LIVE).write_text('{"to": "b"}')

    with pytest.raises(RegistryError):
        registry.live()


# Promotes to and fro for ever, or dies before the nth thing it does to the disk.
_WRITER = """
import itertools, os, sys
from pathlib import Path
from model.errors import Locked
from model.registry.history import Action, RegistryEvent, now
from model.registry.registry import Registry

models, shipped, steps = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
countdown = itertools.count(steps, -1)

def dying(call):
    def wrapped(*arguments, **options):
        if next(countdown) == 0:
            os.kill(os.getpid(), 9)
        return call(*arguments, **options)
    return wrapped

for owner, name in ((os, "fsync"), (os, "write"), (Path, "replace")):
    setattr(owner, name, dying(getattr(owner, name)))
registry = Registry(models, shipped)
for version in itertools.cycle("abc"):
    before = registry.live_version()
    try:
        registry.record(RegistryEvent(now(), sys.argv[4], Action.PROMOTE, before, version, ""))
    except Locked:
        continue
    print(version, flush=True)
"""


def start_writer(registry: Registry, steps: int = -1, who: str = "x") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, str(registry.models), str(registry.shipped)]
    return subprocess.Popen(
        [*command, str(steps), who],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def check_whole(registry: Registry, acknowledged: list[str]) -> None:
    """What was acknowledged is told; what is live is whole, and is what the history says."""
    told = [event.after for event in registry.history().events]

    assert told[: len(acknowledged)] == acknowledged
    assert len(told) <= len(acknowledged) + 1
    assert open_artifact(registry.live()).manifest.version == (told or ["s"])[-1]
    assert registry.history().unreadable == ()


def test_killed_before_any_step_of_a_promotion_the_registry_is_whole(registry: Registry):
    steps_of_one = 6  # of live.json fsync, replace, fsync; of history.jsonl write, fsync, fsync
    for steps in range(steps_of_one, 2 * steps_of_one + 1):
        with start_writer(registry, steps) as writer:
            acknowledged = writer.stdout.read().split()
        assert writer.returncode == -9
        assert acknowledged

        check_whole(registry, acknowledged)
        promote(registry, *({"a", "b"} - {registry.live_version()}))  # the next run works
        assert list(registry.models.glob(".tmp-*")) == []
        for name in (LIVE, HISTORY):
            (registry.models / name).unlink()


def test_killed_at_random_moments_the_registry_is_whole(registry: Registry):
    chance = random.Random(5)
    acknowledged: list[str] = []
    for _ in range(10):
        with start_writer(registry) as writer:
            wanted = chance.randrange(1, 6)
            acknowledged += [writer.stdout.readline().strip() for _ in range(wanted)]
            for _ in range(chance.randrange(20_000)):
                pass
            writer.kill()
            acknowledged += writer.stdout.read().split()

        told = [event.after for event in registry.history().events]
        assert len(told) - len(acknowledged) in (0, 1)
        acknowledged = told  # the one that took effect unacknowledged
        check_whole(registry, acknowledged)


def test_of_two_processes_promoting_at_once_nothing_is_lost_or_torn(registry: Registry):
    writers = {who: start_writer(registry, who=who) for who in ("anna", "ben")}
    acknowledged = {
        who: [writer.stdout.readline().strip() for _ in range(3)] for who, writer in writers.items()
    }
    for writer in writers.values():
        writer.kill()
        writer.communicate()

    events = registry.history().events
    for who, versions in acknowledged.items():
        assert [event.after for event in events if event.who == who][:3] == versions
    assert [each.before for each in events] == ["s", *(each.after for each in events)][:-1]
    assert read_folder(registry.live()).version == events[-1].after
