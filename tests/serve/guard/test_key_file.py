"""Keys in a file: who is taken out of it is out, whatever the file has become."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from model.errors import InvalidData
from serve.app import create_app
from serve.guard.keys import Scope, new_key
from serve.settings import Settings
from tests.fakes import FakeClassifier, ManualClock

STAYS, STAYS_KEY = new_key("stays", [Scope.CLASSIFY])
LEAVES, LEAVES_KEY = new_key("leaves", [Scope.CLASSIFY])
BOTH = f"{STAYS_KEY.to_line()}\n{LEAVES_KEY.to_line()}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    made.write_text(BOTH)
    return made


@pytest.fixture
def statuses(path: Path) -> Callable[[], list[int]]:
    """Asks with both keys, two seconds later each time."""
    clock = ManualClock()
    client = TestClient(create_app(Settings(keys_file=path), FakeClassifier(), clock=clock))

    def ask() -> list[int]:
        clock.advance(2)
        secrets = (STAYS, LEAVES)
        headers = [{"Authorization": f"Bearer {secret}"} for secret in secrets]
        return [client.get("/v1/queue", headers=each).status_code for each in headers]

    assert ask() == [403, 403]  # known, without the scope for this path
    return ask


def test_a_key_that_was_removed_stops_working_and_comes_back_with_its_line(
    path: Path, statuses: Callable[[], list[int]]
):
    path.write_text(STAYS_KEY.to_line())
    assert statuses() == [403, 401]

    path.write_text(BOTH)
    assert statuses() == [403, 403]


def test_a_file_put_in_its_place_is_read(path: Path, statuses: Callable[[], list[int]]):
    new = path.with_name("new")
    new.write_text(LEAVES_KEY.to_line())
    new.replace(path)

    assert statuses() == [401, 403]


@pytest.mark.parametrize("content", [b"", b"# nobody\n", b"\xff\xfe\x00", b"nonsense\n", None])
def test_a_file_without_keys_lets_nobody_in_and_the_log_says_so(
    path: Path, statuses: Callable[[], list[int]], content: bytes | None
):
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)

    with capture_logs() as logs:
        assert statuses() == [401, 401]

    (told,) = [each for each in logs if each["event"] == "keys_changed"]
    assert (told["keys"], told["log_level"]) == (0, "error")


def test_a_broken_line_opens_no_door_and_shuts_no_other(
    path: Path, statuses: Callable[[], list[int]]
):
    path.write_text(f"{STAYS_KEY.to_line()}\n{LEAVES_KEY.to_line()[:-3]}\n")
    with capture_logs() as logs:
        assert statuses() == [403, 401]
    assert LEAVES_KEY.sha256[:20] not in str(logs)

    path.write_text(f"{BOTH}{LEAVES_KEY.to_line()}\n")  # one name on two lines
    assert statuses() == [403, 401]


@pytest.mark.parametrize("before", [b"# Schl\xfcssel\n", b"\xef\xbb\xbf", b"\xff\xfe nobody\n"])
def test_bytes_that_are_no_text_spoil_no_other_line(
    path: Path, statuses: Callable[[], list[int]], before: bytes
):
    path.write_bytes(before + BOTH.encode())

    assert statuses() == [403, 403]


@pytest.mark.parametrize("kind", ["pipe", "device", "huge"])
def test_what_never_ends_lets_nobody_in_and_holds_nobody_up(
    path: Path, statuses: Callable[[], list[int]], kind: str
):
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.write_bytes(BOTH.encode() + b"#" * 2_000_000)

    assert statuses() == [401, 401]


def test_it_does_not_start_with_a_broken_file(path: Path):
    path.write_text("nonsense\n")

    with pytest.raises(InvalidData, match="fields"):
        create_app(Settings(keys_file=path), FakeClassifier())
