"""What is written for other tools, given to the tools themselves.

Neither can live in the project's environment; each has one of its own, named by a variable:

    python3.11 -m venv ls && ls/bin/pip install label-studio && export LABEL_STUDIO_BIN=ls/bin
    python3.11 -m venv ar && ar/bin/pip install argilla argilla-server && export ARGILLA_BIN=ar/bin

Label Studio takes two minutes to make its tables; this is not for every run.
"""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from data.commands import export_file, import_file
from data.store.store import open_store

ROWS = [
    {"text": "They must reopen the lock.", "labels": ["demand"], "annotator": "ida", "doc": "d1"},
    {"text": "They must reopen the lock.", "labels": [], "annotator": "bo", "doc": "d1"},
    {"text": "They met.", "act": "skip", "annotator": "bo"},
    {"text": "They met.", "labels": ["agreement", "criticism"], "annotator": "ida"},
    {"text": "They met.", "labels": [], "act": "adjudicate", "annotator": "ida"},
]
TOKEN = "0123456789abcdef0123456789abcdef01234567"
CONFIG = """<View><Text name="text" value="$text"/><Choices name="labels" toName="text"
choice="multiple"><Choice value="agreement"/><Choice value="criticism"/><Choice value="demand"/>
</Choices></View>"""


def folder_of(variable: str) -> Path:
    if not os.environ.get(variable):
        pytest.skip(f"{variable} does not name the programs of an environment with the tool")
    return Path(os.environ[variable]).absolute()


def exported(tmp_path: Path, *options: str) -> Path:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    store = ("--store", str(tmp_path / "a.db"))
    assert import_file.main([str(tmp_path / "a.jsonl"), *store]) == 0
    assert export_file.main([str(tmp_path / "out.json"), *store, *options]) == 0
    return tmp_path / "out.json"


@pytest.fixture
def label_studio(tmp_path: Path) -> Iterator[str]:
    """The address of a server of its own."""
    program = folder_of("LABEL_STUDIO_BIN") / "label-studio"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = ("--username", "a@example.org", "--password", "eight or more", "--user-token", TOKEN)
    own = ("--data-dir", str(tmp_path / "ls"), "--port", str(port), "--internal-host", "127.0.0.1")
    command = [str(program), "start", "--no-browser", "--enable-legacy-api-token", *user, *own]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}/api/projects"
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int, server: subprocess.Popen) -> None:
    for _ in range(600):
        assert server.poll() is None, "Label Studio ended"
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(1)
    pytest.fail("Label Studio did not listen within ten minutes")


def ask(method: str, address: str, body: object = None) -> Any:
    headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, content, headers, method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read() or b"null")


def test_label_studio_takes_an_export_and_gives_it_back_as_it_was(
    tmp_path: Path, label_studio: str
):
    path = exported(tmp_path, "--format", "label-studio")
    before = open_store(tmp_path / "a.db").resolved()
    project = ask("POST", label_studio, {"title": "loop", "label_config": CONFIG})
    place = f"{label_studio}/{project['id']}"

    taken = ask("POST", f"{place}/import", json.loads(path.read_text()))

    assert taken["annotation_count"] == len(ROWS)
    for kind in ("JSON", "JSON_MIN"):
        tasks = ask("GET", f"{place}/export?exportType={kind}&download_all_tasks=true")
        (tmp_path / "back.json").write_text(json.dumps(tasks))
        back = [str(tmp_path / "back.json"), "--store", str(tmp_path / "a.db")]
        assert import_file.main(back) == 0
        assert open_store(tmp_path / "a.db").resolved() == before


# run by the Python of Argilla's environment: the client's own reading, the server's own checks
ARGILLA = """
import json, sys
from types import SimpleNamespace
from argilla.records._io import JsonIO
from argilla_server.api.schemas.v1.questions import MultiLabelSelectionQuestionSettings
from argilla_server.api.schemas.v1.records_bulk import RecordsBulkCreate
from argilla_server.validators.responses import ResponseCreateValidator

options = [{"value": v, "text": v} for v in ("agreement", "criticism", "demand", "none")]
settings = MultiLabelSelectionQuestionSettings(type="multi_label_selection", options=options)
question = SimpleNamespace(name="labels", required=True, parsed_settings=settings)
record = SimpleNamespace(dataset=SimpleNamespace(questions=[question]))
items, responses = [], 0
for each in JsonIO._records_from_json(sys.argv[1]):
    said = [
        {
            "user_id": str(r.user_id),
            "status": getattr(r.status, "value", r.status),
            "values": {r.question_name: {"value": r.value}},
        }
        for r in each.responses
    ]
    items.append({"fields": each.fields.to_dict(), "metadata": dict(each.metadata),
                  "external_id": each.id, "responses": said})
for item in RecordsBulkCreate(items=items).items:
    for response in item.responses:
        ResponseCreateValidator.validate(response, record)
        responses += 1
print(json.dumps([len(items), responses]))
"""


@pytest.mark.parametrize("known", [True, False])
def test_argilla_takes_an_export(tmp_path: Path, *, known: bool):
    python = folder_of("ARGILLA_BIN") / "python"
    (tmp_path / "users.csv").write_text(f"ida,{uuid4()}\nbo,{uuid4()}\n")
    users = ("--users", str(tmp_path / "users.csv")) if known else ()
    path = exported(tmp_path, "--format", "argilla", *users)
    before = open_store(tmp_path / "a.db").resolved()

    done = subprocess.run(
        [python, "-W", "ignore", "-c", ARGILLA, path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )

    assert done.returncode == 0, done.stderr
    # of a person's label and adjudication of one sentence, one is a response
    assert json.loads(done.stdout.splitlines()[-1]) == [2, 4 if known else 0]
    assert import_file.main([str(path), "--store", str(tmp_path / "a.db")]) == 0
    assert open_store(tmp_path / "a.db").resolved() == before
