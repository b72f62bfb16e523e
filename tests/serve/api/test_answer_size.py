"""However much of a request is wrong, the answer is short and says how much it leaves out."""

import json

import pytest
from fastapi.testclient import TestClient

ROW = {"text": "They must leave the island.", "labels": ["demand"], "annotator": "anna"}
JSON = {"content-type": "application/json"}
TEXTS, ROWS = "/v1/classify", "/v1/annotations"

WRONG = {
    "sentences that are numbers": (TEXTS, {"sentences": [1] * 20}, 422),
    "too many sentences, all wrong": (TEXTS, {"sentences": [1] * 1000}, 413),
    "fields nobody knows": (TEXTS, {f"f{n}": 1 for n in range(1000)}, 422),
    "a field with a long name": (TEXTS, {"x" * 15_000: 1, "text": "a"}, 422),
    "rows that are numbers": (ROWS, {"annotations": [1] * 20}, 422),
    "too many rows, all wrong": (ROWS, {"annotations": [1] * 1000}, 413),
    "labels that are numbers": (ROWS, {"annotations": [ROW | {"labels": [1] * 900}]}, 422),
    "a label that is long": (ROWS, {"annotations": [ROW | {"labels": ["x" * 15_000]}]}, 422),
    "more labels than values": (ROWS, {"annotations": [ROW | {"labels": [1] * 1200}]}, 413),
    "fields of a row": (ROWS, {"annotations": [ROW | {f"f{n}": 1 for n in range(1200)}]}, 413),
    "values deep in a row": (ROWS, {"annotations": [ROW | {"x": [[[0] * 1100]]}]}, 413),
    "misspelt fields of a row": (
        ROWS,
        {"annotations": [ROW | {f"selected_b{n}": 1 for n in range(300)}]},
        422,
    ),
}


@pytest.mark.parametrize(("path", "body", "status"), WRONG.values(), ids=WRONG)
def test_the_answer_is_short(client: TestClient, path: str, body: object, status: int):
    answer = client.post(path, content=json.dumps(body), headers=JSON)

    assert answer.status_code == status
    assert len(answer.content) < 20_000
    assert len(answer.json()["errors"]) <= 20


def test_it_says_how_many_errors_it_leaves_out(client: TestClient):
    rows = [ROW | {"labels": ["want"] * 5} for _ in range(20)]
    problem = client.post(ROWS, json={"annotations": rows}).json()

    assert len(problem["errors"]) == 20
    assert "first 20 of" in problem["detail"]


def test_each_wrong_sentence_is_told_with_its_place(client: TestClient):
    problem = client.post(TEXTS, json={"sentences": ["One.", 2, None]}).json()

    assert [each["pointer"] for each in problem["errors"]] == ["/sentences/1", "/sentences/2"]


@pytest.mark.parametrize("source", ["api", "api:somebody", "API:boss", "api :boss"])
def test_a_row_cannot_claim_that_another_key_brought_it(client: TestClient, source: str):
    answer = client.post(ROWS, json={"annotations": [ROW | {"source": source}]})

    expected = 200 if source == "api" else 422  # without keys every row's source is "api"
    assert answer.status_code == expected
    if expected == 422:
        assert answer.json()["errors"][0]["code"] == "reserved"


def test_a_row_keeps_a_source_of_its_own(client: TestClient):
    assert client.post(ROWS, json={"annotations": [ROW | {"source": "desk"}]}).status_code == 200
