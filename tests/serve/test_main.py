"""The command line of serving, run as people run it."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from model.artifact.folder import Artifact
from model.registry.history import Action, RegistryEvent, now
from model.registry.reading import read_folder
from model.registry.registry import SHIPPED, Registry
from serve.__main__ import main
from serve.app import create_app
from serve.guard.keys import Scope, parse_keys
from serve.settings import Settings


@pytest.fixture
def server(tiny_artifact: Artifact) -> Iterator[tuple[subprocess.Popen, str]]:
    command = [sys.executable, "-m", "serve", "http", "--port", "0"]
    command += ["--model", str(tiny_artifact.folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        lines = list[str]()
        while not (found := re.search(r"ready at (\S+)", "".join(lines))):
            line = process.stdout.readline()
            assert line, "".join(lines)
            lines.append(line)
        yield process, found.group(1)
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_answers_there_and_stops_cleanly(
    server: tuple[subprocess.Popen, str], number: int
):
    process, address = server
    request = urllib.request.Request(
        f"{address}/v1/classify",
        json.dumps({"text": "the welcome. the must."}).encode(),
        {"content-type": "application/json"},
    )

    with urllib.request.urlopen(request) as answer:
        assert len(json.load(answer)["sentences"]) == 2

    process.send_signal(number)
    rest = process.stdout.read()
    assert process.wait(30) == 0
    assert "curl -s" in rest
    assert "Traceback" not in rest


def test_a_taken_port_is_said_with_what_to_do(capsys: pytest.CaptureFixture[str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code = main(["http", "--port", str(port)])

    assert code == 2
    assert f"PORT={port + 1}" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [["--port", "70000"], ["--threads", "0"]])
def test_a_setting_that_cannot_be_is_a_usage_error(
    flags: list[str], capsys: pytest.CaptureFixture[str]
):
    assert main(["http", *flags]) == 2

    assert flags[0].removeprefix("--") in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_a_usage_error(
    tiny_artifact: Artifact, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    source, output = tmp_path / "note.txt", tmp_path / "absent" / "out.jsonl"
    source.write_text("the welcome and talks.")

    assert main(["score", str(source), str(output), "--model", str(tiny_artifact.folder)]) == 2

    assert str(output.parent) in capsys.readouterr().err


def test_a_key_is_a_secret_and_the_line_that_lets_it_in(capsys: pytest.CaptureFixture[str]):
    assert main(["key", "newsroom", "--scope", "annotate", "--scope", "classify"]) == 0

    _, secret, _, line = capsys.readouterr().out.splitlines()
    (key,) = parse_keys(line, source="test").keys
    assert parse_keys(line, source="test").find(secret.strip()) == key
    assert key.name == "newsroom"
    assert key.scopes == frozenset({Scope.ANNOTATE, Scope.CLASSIFY})


def test_a_name_that_no_key_may_have_is_invalid_data(capsys: pytest.CaptureFixture[str]):
    assert main(["key", "The Newsroom"]) == 3

    assert "small letters" in capsys.readouterr().err


def test_a_folder_that_is_no_model_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "in.txt").write_text("They met.")

    code = main(
        ["score", str(tmp_path / "in.txt"), str(tmp_path / "o.jsonl"), "--model", str(tmp_path)]
    )

    assert code == 3
    assert "COMPLETE" in capsys.readouterr().err


def test_a_text_is_scored_to_a_file(tiny_artifact: Artifact, tmp_path: Path):
    source, output = tmp_path / "note.txt", tmp_path / "out.jsonl"
    source.write_text("the welcome and talks. the must.")

    assert main(["score", str(source), str(output), "--model", str(tiny_artifact.folder)]) == 0

    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [row["id"] for row in rows] == ["note", "note"]
    assert rows[0]["model"] == tiny_artifact.manifest.version


def promoted(tiny_artifact: Artifact, models: Path) -> str:
    """A registry in which the tiny model was promoted; gives its version."""
    version = tiny_artifact.manifest.version
    shutil.copytree(tiny_artifact.folder, models / version)
    registry = Registry(models)
    before = registry.live_version()
    registry.record(RegistryEvent(now(), "anna", Action.PROMOTE, before, version, ""))
    return version


def test_without_a_model_named_the_live_one_scores(tiny_artifact: Artifact, tmp_path: Path):
    source, output, models = tmp_path / "note.txt", tmp_path / "out.jsonl", tmp_path / "models"
    source.write_text("the welcome and talks.")
    version = promoted(tiny_artifact, models)

    assert main(["score", str(source), str(output), "--models", str(models)]) == 0

    assert json.loads(output.read_text())["model"] == version


def test_without_a_model_named_the_live_one_is_served_and_else_the_shipped_one(
    tiny_artifact: Artifact, tmp_path: Path
):
    version = promoted(tiny_artifact, tmp_path / "models")

    served = {}
    for name in ("models", "none"):
        with TestClient(create_app(Settings(models=tmp_path / name, threads=1))) as client:
            served[name] = client.get("/v1/model").json()["version"]

    assert served == {"models": version, "none": read_folder(SHIPPED).version}


def test_bad_rows_are_listed_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a"}\n{\n')

    assert main(["score", str(source), str(tmp_path / "out.jsonl")]) == 3

    message = capsys.readouterr().err
    assert "in.jsonl:1: text" in message
    assert "in.jsonl:2: row" in message
    assert not (tmp_path / "out.jsonl").exists()
    assert len((tmp_path / "out.jsonl.rejects.jsonl").read_text().splitlines()) == 2


def test_a_bad_row_among_good_ones_is_told_and_the_exit_code_says_so(
    tiny_artifact: Artifact, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    source, output = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("key,body\n1,the welcome.\n2\n")
    options = ["--model", str(tiny_artifact.folder), "--text", "body", "--id", "key"]

    assert main(["score", str(source), str(output), "--check", *options]) == 3
    assert not output.exists()
    assert main(["score", str(source), str(output), *options]) == 3

    assert len(output.read_text().splitlines()) == 2
    told = capsys.readouterr()
    assert "1 documents in 1 files can be scored" in told.out
    assert "1 sentences of 1 documents are in" in told.out
    assert told.err.count("in.csv:3: row: cells: got 1 cells; 2, one a column") == 2
