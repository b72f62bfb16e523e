"""POST /v1/classify as the wire sees it."""

import json

import pytest
from fastapi.testclient import TestClient

JSON = {"content-type": "application/json"}
PROBLEM = "application/problem+json"


def test_a_statement_comes_back_sentence_by_sentence(client: TestClient):
    text = "An agreement stands.  The criticism and the demand remain. They met. "

    answer = client.post("/v1/classify", json={"text": text})

    assert answer.status_code == 200
    body = answer.json()
    assert body["model"] == {"version": "v1", "labels": ["agreement", "criticism", "demand"]}
    assert [s["labels"] for s in body["sentences"]] == [["agreement"], ["criticism", "demand"], []]
    assert [text[s["start"] : s["end"]] for s in body["sentences"]] == [
        s["text"] for s in body["sentences"]
    ]
    assert body["sentences"][0]["scores"] == {"agreement": 0.9, "criticism": 0.1, "demand": 0.1}
    assert body["summary"] == {
        "sentences": 3,
        "agreement": 1,
        "criticism": 1,
        "demand": 1,
        "none": 1,
        "headings": 0,
        "speakers": 0,
        "furniture": 0,
        "attributions": 0,
    }


def test_sentences_are_scored_as_they_are(client: TestClient):
    sentences = ["One. Two demand three.", "  agreement  "]

    body = client.post("/v1/classify", json={"sentences": sentences}).json()

    assert [s["text"] for s in body["sentences"]] == sentences
    assert [(s["start"], s["end"]) for s in body["sentences"]] == [(0, 22), (0, 13)]
    assert [s["index"] for s in body["sentences"]] == [0, 1]


def test_offsets_count_code_points(client: TestClient):
    text = "🙂🙂 Émile spoke. A demand."

    sentences = client.post("/v1/classify", json={"text": text}).json()["sentences"]

    assert text[sentences[1]["start"] : sentences[1]["end"]] == "A demand."


BAD_BODIES = [
    (b"", 422, "invalid_request"),
    (b"{}", 422, "invalid_request"),
    (b"[]", 422, "invalid_request"),
    (b"null", 422, "invalid_request"),
    (b'"text"', 422, "invalid_request"),
    (b'{"text": "a", "sentences": ["a"]}', 422, "invalid_request"),
    (b'{"text": "a", "lang": "en"}', 422, "invalid_request"),
    (b'{"text": 3}', 422, "invalid_request"),
    (b'{"text": null}', 422, "invalid_request"),
    (b'{"text": ["a"]}', 422, "invalid_request"),
    (b'{"sentences": "a"}', 422, "invalid_request"),
    (b'{"sentences": [1]}', 422, "invalid_request"),
    (b'{"text": ""}', 422, "empty_text"),
    (b'{"text": " \\n "}', 422, "empty_text"),
    (b'{"sentences": []}', 422, "empty_text"),
    (b'{"sentences": ["a", " "]}', 422, "empty_text"),
    (b'{"text": "a\\u0000b"}', 400, "unusable_text"),
    (b'{"text": "a\\ud800b"}', 400, "unusable_text"),
    (b'{"sentences": ["a", "\\udfff"]}', 400, "unusable_text"),
    (b'{"text": "a', 400, "bad_request"),
    (b"{'text': 'a'}", 400, "bad_request"),
    (b'{"text": "\xff"}', 400, "bad_request"),
    (b"[" * 15_000, 400, "bad_request"),
    (json.dumps({"text": "a" * 2_001}).encode(), 413, "too_large"),
    (json.dumps({"sentences": ["a"] * 21}).encode(), 413, "too_large"),
    (json.dumps({"sentences": ["a" * 1_001] * 2}).encode(), 413, "too_large"),
    (json.dumps({"text": "a" * 30_000}).encode(), 413, "too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD_BODIES, ids=lambda x: repr(x)[:40])
def test_bad_input_gets_its_problem_and_the_next_request_works(
    client: TestClient, body: bytes, status: int, code: str
):
    answer = client.post("/v1/classify", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["status"] == status
    assert answer.json()["detail"]
    assert client.post("/v1/classify", json={"text": "A demand."}).status_code == 200


def test_a_body_over_the_limit_is_refused_while_it_streams(client: TestClient):
    sent = 0

    def body():
        nonlocal sent
        for _ in range(2_000):
            sent += 1_000
            yield b"x" * 1_000

    answer = client.post("/v1/classify", content=body(), headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "20,000 bytes" in answer.json()["detail"]


@pytest.mark.parametrize("media_type", ["text/csv", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_refused(client: TestClient, media_type: str):
    answer = client.post(
        "/v1/classify", content=b'{"text": "a"}', headers={"content-type": media_type}
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/v1/classify", 405, "method_not_allowed"),
        ("DELETE", "/v1/model", 405, "method_not_allowed"),
        ("POST", "/livez", 405, "method_not_allowed"),
    ],
)
def test_unknown_paths_and_methods_are_problems(
    client: TestClient, method: str, path: str, status: int, code: str
):
    answer = client.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == PROBLEM


def test_a_failure_inside_tells_nothing_of_the_inside(client: TestClient):
    answer = client.post("/v1/classify", json={"text": "BOOM."})

    assert (answer.status_code, answer.json()["code"]) == (500, "inference_failed")
    assert "secret" not in answer.text
    assert client.post("/v1/classify", json={"text": "A demand."}).status_code == 200


def test_validation_problems_point_at_the_field(client: TestClient):
    answer = client.post("/v1/classify", json={"sentences": ["a", 1]})

    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/sentences/1"
