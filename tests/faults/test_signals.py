"""Told to stop, it finishes what it accepted; killed, it leaves nothing that hinders the next."""

import shutil
import signal
from pathlib import Path

import pytest

from model.artifact.folder import Artifact
from tests.servers import Load, Server, serving, until

STATEMENT = {"text": "the welcome and talks. the must. the council and peace. " * 5}


def files(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def says_draining(server: Server) -> bool:
    status, body = server.ask("GET", "/readyz")
    return (status, body.get("code")) == (503, "draining")


def test_sigterm_under_load_fails_no_request_and_ends_with_zero(tiny_artifact: Artifact):
    with serving("--model", str(tiny_artifact.folder), drain_delay_seconds=3_600) as server:
        load = Load(server, STATEMENT)
        load.flowing.wait(120)

        server.signal(signal.SIGTERM)
        until(lambda: says_draining(server))
        assert server.ask("GET", "/livez")[0] == 200
        assert server.ask("POST", "/v1/classify", STATEMENT)[0] == 200
        server.signal(signal.SIGTERM)  # ends the delay, not what was accepted
        load.wait()

        code, rest = server.ended()
        assert (set(load.statuses), load.torn, code) == ({200}, 0, 0)
        assert "Traceback" not in rest


def test_after_kill_nine_under_load_the_next_one_serves_from_the_same_folder(
    tiny_artifact: Artifact,
):
    before = files(tiny_artifact.folder)
    with serving("--model", str(tiny_artifact.folder)) as server:
        load = Load(server, STATEMENT)
        load.flowing.wait(120)

        server.signal(signal.SIGKILL)
        load.wait()

        assert set(load.statuses) == {200}
        assert server.ended()[0] == -signal.SIGKILL
    with serving("--model", str(tiny_artifact.folder), port=server.port) as again:
        assert again.ask("POST", "/v1/classify", STATEMENT)[0] == 200
    assert files(tiny_artifact.folder) == before


def test_a_model_folder_that_nobody_may_write_is_served(tiny_artifact: Artifact, tmp_path: Path):
    folder = tmp_path / "model"
    shutil.copytree(tiny_artifact.folder, folder)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(path.stat().st_mode & ~0o222)
    before = files(folder)

    with serving("--model", str(folder)) as server:
        assert server.ask("POST", "/v1/classify", STATEMENT)[0] == 200
        server.signal(signal.SIGTERM)
        assert server.ended()[0] == 0

    assert files(folder) == before


@pytest.mark.skipif(
    signal.getsignal(signal.SIGHUP) is signal.SIG_IGN,
    reason="started under nohup, whose children ignore SIGHUP, the service too",
)
def test_sighup_drains_as_sigterm_does(tiny_artifact: Artifact):
    with serving("--model", str(tiny_artifact.folder)) as server:
        load = Load(server, STATEMENT)
        load.flowing.wait(120)

        server.signal(signal.SIGHUP)
        load.wait()

        code, rest = server.ended()
        assert (set(load.statuses), load.torn, code) == ({200}, 0, 0)
        assert "Traceback" not in rest
