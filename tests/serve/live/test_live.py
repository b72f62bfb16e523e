"""Another model takes the place of the one in service, or is refused and does not."""

import asyncio
import errno
from pathlib import Path

import pytest

from model.artifact.folder import new_artifact, seal
from model.errors import ArtifactCorrupt, RegistryError
from serve.live.live import Follower, Live
from tests.fakes import FakeClassifier, manifest


class Folders:
    """An opener of fakes by folder name; a name in `bad` cannot be opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.bad: set[str] = set()
        self.full = False

    def open(self, folder: Path) -> FakeClassifier:
        self.opened.append(folder.name)
        if self.full:
            raise OSError(errno.EMFILE, "Too many open files")
        if folder.name in self.bad:
            raise ArtifactCorrupt(f"{folder} was changed")
        return FakeClassifier(version=folder.name)


class Pointer:
    """What should be live, or an error."""

    def __init__(self, folder: Path | Exception) -> None:
        self.folder = folder

    def live(self) -> Path:
        if isinstance(self.folder, Exception):
            raise self.folder
        return self.folder


@pytest.fixture
def folders() -> Folders:
    return Folders()


class RecordedLive(Live):
    """Keeps what it swapped in."""

    def __init__(self, folders: Folders) -> None:
        super().__init__(FakeClassifier(version="v1"), opener=folders.open, folder=Path("v1"))
        self.swaps: list[object] = []
        self.on_swap = self.swaps.append


@pytest.fixture
def live(folders: Folders) -> RecordedLive:
    return RecordedLive(folders)


def looked(live: RecordedLive, pointer: Pointer, *, times: int = 1) -> Follower:
    follower = Follower(live, pointer)

    async def look() -> None:
        for _ in range(times):
            await follower.look()

    asyncio.run(look())
    return follower


def version(live: RecordedLive) -> str:
    return live.classifier.manifest.version


def test_nothing_happens_while_the_pointer_names_what_serves(live: RecordedLive, folders: Folders):
    looked(live, Pointer(Path("v1")), times=3)

    assert (version(live), folders.opened) == ("v1", [])


def test_what_the_pointer_names_takes_over_once(live: RecordedLive, folders: Folders):
    looked(live, Pointer(Path("v2")), times=3)

    assert (version(live), folders.opened, live.swaps) == ("v2", ["v2"], [True])


def test_a_candidate_that_cannot_be_opened_is_refused_once_and_the_old_one_serves_on(
    live: RecordedLive, folders: Folders
):
    folders.bad.add("v2")

    looked(live, Pointer(Path("v2")), times=3)

    assert (version(live), folders.opened, live.swaps) == ("v1", ["v2"], [False])
    assert live.refused.version == "v2"
    assert "was changed" in live.refused.reason


def test_a_refused_candidate_is_tried_again_once_it_was_copied_anew(
    live: RecordedLive, folders: Folders, tmp_path: Path
):
    folders.bad.add("v2")
    with new_artifact(tmp_path / "v2") as temporary:
        seal(temporary, manifest())
    pointer = Pointer(tmp_path / "v2")
    follower = looked(live, pointer)

    folders.bad.clear()
    (tmp_path / "v2" / "COMPLETE").unlink()
    (tmp_path / "v2" / "COMPLETE").write_text("anew")
    asyncio.run(follower.look())

    assert (version(live), live.refused) == ("v2", None)


def test_a_pointer_that_goes_back_ends_the_complaint(live: RecordedLive, folders: Folders):
    folders.bad.add("v2")
    pointer = Pointer(Path("v2"))
    follower = looked(live, pointer)

    pointer.folder = Path("v1")
    asyncio.run(follower.look())

    assert (version(live), live.refused) == ("v1", None)


def test_a_pointer_that_cannot_be_read_is_told_once_and_followed_when_it_can(live: RecordedLive):
    pointer = Pointer(Path("v2"))
    pointer.folder = RegistryError("not an event")
    follower = looked(live, pointer, times=3)

    assert (version(live), live.swaps, live.refused.reason) == ("v1", [False], "not an event")
    pointer.folder = Path("v2")
    asyncio.run(follower.look())
    assert (version(live), live.refused) == ("v2", None)


def test_a_candidate_asked_for_by_name_stays_in_sight_after_it_was_refused(
    live: RecordedLive, folders: Folders
):
    folders.bad.add("v2")
    with pytest.raises(ArtifactCorrupt):
        asyncio.run(live.switch(Path("v2")))

    looked(live, Pointer(Path("v1")), times=3)

    assert (version(live), live.refused.version) == ("v1", "v2")


def test_what_cannot_be_committed_is_not_swapped(live: RecordedLive):
    def commit() -> None:
        raise PermissionError("read-only")

    with pytest.raises(PermissionError):
        asyncio.run(live.switch(Path("v2"), commit=commit))

    assert (version(live), live.folder, live.refused.version) == ("v1", Path("v1"), "v2")


def test_a_pointer_that_cannot_be_read_just_now_is_no_models_fault(live: RecordedLive):
    pointer = Pointer(OSError(errno.EMFILE, "Too many open files"))
    follower = looked(live, pointer, times=3)
    assert (live.refused, live.swaps) == (None, [])

    pointer.folder = Path("v2")
    asyncio.run(follower.look())
    assert version(live) == "v2"


def test_a_candidate_that_cannot_be_opened_just_now_is_tried_again(
    live: RecordedLive, folders: Folders
):
    folders.full = True
    follower = looked(live, Pointer(Path("v2")), times=2)
    assert (live.refused, live.swaps, version(live)) == (None, [], "v1")

    folders.full = False
    asyncio.run(follower.look())
    assert (version(live), live.swaps) == ("v2", [True])


def test_the_folder_that_serves_already_is_committed_and_not_loaded_again(
    live: Live, folders: Folders
):
    committed: list[str] = []

    asyncio.run(live.switch(Path("v1"), commit=lambda: committed.append("v1")))

    assert (committed, folders.opened) == (["v1"], [])
