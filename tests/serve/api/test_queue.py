"""The queue over HTTP: blind unless asked, and what was seen is known afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from data.store.offers import Asker
from data.store.store import open_store
from serve.app import create_app
from serve.guard.keys import Scope, new_key
from serve.service import service_of
from serve.settings import Settings
from tests.fakes import FakeClassifier

NOBODY = Asker(None, 1, datetime.now(UTC))
TEXTS = [f"This is an agreement about number {n}." for n in range(12)]


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[TestClient]:
    """A service that keeps the last fifty sentences that it scored."""
    place = str(tmp_path / "annotations.db")
    with TestClient(
        create_app(Settings(annotations=place, keep_scored=50), FakeClassifier())
    ) as made:
        yield made


def score(client: TestClient, body: dict) -> None:
    assert client.post("/v1/classify", json=body).status_code == 200
    assert isinstance(client.app, FastAPI)
    service_of(client.app).recorder.flush()


def asked(client: TestClient, query: str = "") -> list[dict]:
    answer = client.get(f"/v1/queue?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["sentences"]


def handed_out(client: TestClient, **body: object) -> list[dict]:
    answer = client.post("/v1/queue", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["sentences"]


def answer(client: TestClient, text: str, **more: object) -> dict:
    row = {"text": text, "labels": [], "annotator": "anna", **more}
    (sentence,) = client.post("/v1/annotations", json={"annotations": [row]}).json()["sentences"]
    return sentence["judgements"][-1]


def test_what_is_scored_is_not_kept_unless_that_is_asked_for(client: TestClient, tmp_path: Path):
    score(client, {"sentences": TEXTS})

    assert not (tmp_path / "annotations.db").exists()
    assert asked(client) == []


def test_what_was_scored_is_asked_about_blind(keeping: TestClient):
    score(keeping, {"sentences": TEXTS})

    sentences = asked(keeping, "limit=10")

    assert {each["text"] for each in sentences} < set(TEXTS)
    assert {each["reason"] for each in sentences} == {"uncertain", "random"}
    assert {each["suggestion"] for each in sentences} == {None}
    assert answer(keeping, sentences[0]["text"])["suggested_by"] is None


def test_sentences_of_one_statement_share_a_document(keeping: TestClient):
    score(keeping, {"text": "We made an agreement. They must leave."})
    score(keeping, {"sentences": TEXTS[:1]})

    docs = {each["text"]: (each["doc"], each["n"]) for each in asked(keeping)}

    assert docs["We made an agreement."][0] == docs["They must leave."][0]
    assert [docs[text][1] for text in ("We made an agreement.", "They must leave.")] == [0, 1]
    assert docs[TEXTS[0]] == (None, None)


def test_an_answer_to_a_suggestion_that_was_shown_is_recognised(
    keeping: TestClient, tmp_path: Path
):
    score(keeping, {"sentences": TEXTS})

    first, second, *_ = handed_out(keeping, suggestions=True, annotator="anna")

    assert first["suggestion"]["labels"] == ["agreement"]
    assert first["suggestion"]["version"] == "v1"
    assert first["suggestion"]["scores"]["agreement"] == pytest.approx(0.9)
    assert answer(keeping, first["text"], selected_by=first["reason"])["suggested_by"] == "v1"
    assert answer(keeping, second["text"], annotator="ben")["suggested_by"] is None
    assert answer(keeping, second["text"], suggested_by="mine")["suggested_by"] == "mine"
    assert answer(keeping, second["text"], at="2020-01-01")["suggested_by"] == "mine"
    events = open_store(tmp_path / "annotations.db").events()
    assert (events[0].selected_by, events[0].suggested_by) == (first["reason"], "v1")
    assert events[-1].suggested_by is None  # it was given before anything was shown


def test_a_suggestion_shown_to_nobody_by_name_counts_for_all(keeping: TestClient):
    score(keeping, {"sentences": TEXTS})
    (first, *_) = handed_out(keeping, suggestions=True)

    assert answer(keeping, first["text"], annotator="ben")["suggested_by"] == "v1"


def test_conflicts_are_on_top(keeping: TestClient):
    score(keeping, {"sentences": TEXTS})
    answer(keeping, TEXTS[0])
    answer(keeping, TEXTS[0], annotator="ben", labels=["demand"])
    answer(keeping, TEXTS[1])

    first, *others = asked(keeping)

    assert (first["text"], first["reason"]) == (TEXTS[0], "disputed")
    assert {each["text"] for each in others} == set(TEXTS[2:])


def test_what_cannot_be_annotated_is_not_kept(keeping: TestClient):
    foreign = "Das Land fordert den sofortigen Abzug aller Truppen vor Ort"
    score(keeping, {"sentences": ["x" * 2001, foreign, TEXTS[0]]})

    assert [each["text"] for each in asked(keeping)] == TEXTS[:1]


@pytest.mark.parametrize(
    "query",
    [
        "limit=4",
        "limit=501",
        "strategy=best",
        "sugestions=true",
        "annotator=",
        "readings=0",
        "suggestions=true",
    ],
)
def test_what_it_does_not_know_is_refused(client: TestClient, query: str):
    assert client.get(f"/v1/queue?{query}").status_code == 422


def test_it_takes_the_scope_of_annotators(tmp_path: Path):
    secrets, lines = zip(
        *(
            (secret, key.to_line())
            for scope in (Scope.CLASSIFY, Scope.ANNOTATE)
            for secret, key in [new_key(scope, [scope])]
        ),
        strict=True,
    )
    settings = Settings(annotations=str(tmp_path / "annotations.db"), keys=";".join(lines))

    with TestClient(create_app(settings, FakeClassifier())) as client:
        statuses = [
            client.get("/v1/queue", headers={"Authorization": f"Bearer {secret}"}).status_code
            for secret in secrets
        ]

    assert statuses == [403, 200]


def test_a_store_that_cannot_be_used_costs_no_answer(tmp_path: Path):
    (tmp_path / "file").write_text("")
    settings = Settings(annotations=str(tmp_path / "file" / "annotations.db"), keep_scored=5)

    with TestClient(create_app(settings, FakeClassifier())) as client:
        score(client, {"sentences": TEXTS})
        score(client, {"sentences": TEXTS})
        assert client.get("/v1/queue").status_code == 503


def test_what_was_scored_last_is_written_when_the_service_ends(tmp_path: Path):
    place = str(tmp_path / "annotations.db")
    with TestClient(
        create_app(Settings(annotations=place, keep_scored=5), FakeClassifier())
    ) as client:
        client.post("/v1/classify", json={"sentences": TEXTS})

    assert len(open_store(place).offers.at_random(NOBODY, 100)) == 5


@pytest.mark.parametrize("path", ["/v1/queue?limit=5&limit=6", "/v1/annotations?limit=5&limit=5"])
def test_a_parameter_that_comes_twice_is_refused(client: TestClient, path: str):
    answer = client.get(path)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/limit"


def test_what_is_handed_out_is_leased_and_looking_leases_nothing(keeping: TestClient):
    score(keeping, {"sentences": TEXTS})

    looked = asked(keeping, "limit=5&annotator=anna")
    assert asked(keeping, "limit=5&annotator=ben") == looked
    handed = keeping.post("/v1/queue", json={"limit": 5, "annotator": "anna"}).json()

    assert handed["leased_until"] > "2026"
    mine = {each["text"] for each in handed["sentences"]}
    assert mine == {each["text"] for each in looked}
    assert not mine & {each["text"] for each in handed_out(keeping, limit=5, annotator="ben")}
    assert not mine & {each["text"] for each in asked(keeping, "annotator=ben")}
    unleased = keeping.post("/v1/queue", json={"limit": 5, "annotator": "c", "lease_minutes": None})
    assert unleased.json()["leased_until"] is None


def test_a_second_reading_is_asked_for_over_http(keeping: TestClient):
    answer(keeping, TEXTS[0])

    assert asked(keeping) == []
    assert asked(keeping, "annotator=anna&readings=2") == []
    (again,) = asked(keeping, "annotator=ben&readings=2")
    assert (again["text"], again["reason"]) == (TEXTS[0], "overlap")


def test_suggestions_are_asked_for_by_post_as_showing_them_is_recorded(keeping: TestClient):
    refused = keeping.get("/v1/queue?suggestions=true")

    assert refused.status_code == 422
    assert "POST /v1/queue" in refused.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 4},
        {"limit": "7"},
        {"readings": 0},
        {"lease_minutes": 0},
        {"sugestions": True},
        {"annotator": ""},
        {"strategy": "best"},
        {"suggestions": 1},
    ],
)
def test_a_request_that_is_not_of_the_queue_is_refused(client: TestClient, body: dict):
    assert client.post("/v1/queue", json=body).status_code == 422
