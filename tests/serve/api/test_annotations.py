"""Annotations over HTTP: stored when the answer comes, refused whole with every fault told."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from data.store.store import open_store
from serve.app import create_app
from serve.guard.keys import Scope, new_key
from serve.settings import Settings
from tests.fakes import FakeClassifier

GOOD = {"text": "They must leave.", "labels": ["demand"], "annotator": "anna"}


def post(client: TestClient, *rows: object, **more: object) -> dict:
    answer = client.post("/v1/annotations", json={"annotations": rows, **more})
    return answer.json() | {"http": answer.status_code}


def test_what_is_posted_is_stored_and_comes_back_resolved(client: TestClient, tmp_path: Path):
    body = post(client, {**GOOD, "doc": "d1", "n": 2, "suggested_by": "v1"})

    (sentence,) = body["sentences"]
    assert (body["http"], body["added"], body["known"], body["rejected"]) == (200, 1, 0, [])
    assert (sentence["status"], sentence["labels"]) == ("agreed", ["demand"])
    assert (sentence["doc"], sentence["n"], sentence["text"]) == ("d1", 2, GOOD["text"])
    assert client.get("/v1/annotations").json() == {"sentences": [sentence], "next": None}
    (event,) = open_store(tmp_path / "annotations.db").events()
    assert (event.source, event.suggested_by) == ("api", "v1")


def test_what_came_with_a_key_is_stored_with_its_name(tmp_path: Path):
    secret, key = new_key("newsroom", [Scope.ANNOTATE])
    settings = Settings(annotations=str(tmp_path / "annotations.db"), keys=key.to_line())
    headers = {"Authorization": f"Bearer {secret}"}

    with TestClient(create_app(settings, FakeClassifier()), headers=headers) as client:
        assert post(client, GOOD)["added"] == 1

    (event,) = open_store(settings.annotations).events()
    assert (event.annotator, event.source) == ("anna", "api:newsroom")


def test_none_is_an_answer_and_a_skip_has_no_labels(client: TestClient):
    skip = {"text": "They met.", "act": "skip", "annotator": "anna"}

    sentences = post(client, {**GOOD, "labels": []}, skip)["sentences"]

    assert [each["status"] for each in sentences] == ["agreed", "skipped"]
    assert [each["judgements"][0]["labels"] for each in sentences] == [[], None]


def test_an_annotator_may_change_her_mind_and_change_it_back(client: TestClient):
    for labels in (["demand"], [], ["demand"]):
        body = post(client, {**GOOD, "labels": labels})
        assert (body["added"], body["sentences"][0]["labels"]) == (1, labels)


def test_with_a_time_sending_again_changes_nothing(client: TestClient):
    dated = {**GOOD, "at": "2026-01-01T00:00:00Z"}

    assert [post(client, dated)["known"] for _ in range(2)] == [0, 1]


def test_a_tie_is_a_conflict_until_somebody_adjudicates(client: TestClient):
    (conflict,) = post(client, GOOD, {**GOOD, "labels": [], "annotator": "ben"})["sentences"]
    (decided,) = post(client, {**GOOD, "act": "adjudicate", "annotator": "eva"})["sentences"]

    assert (conflict["status"], conflict["disputed"]) == ("conflict", ["demand"])
    assert (decided["status"], decided["labels"]) == ("adjudicated", ["demand"])


def test_every_fault_of_every_row_is_told_and_nothing_is_stored(client: TestClient):
    wrong = {"text": "", "labels": ["demnd", "demand"], "annotater": "anna"}

    body = post(client, GOOD, wrong, {**GOOD, "labels": None}, {**GOOD, "n": -1})

    assert (body["http"], body["code"]) == (422, "invalid_annotations")
    told = [(each["pointer"], each["code"]) for each in body["errors"]]
    assert told == [
        ("/annotations/1/annotater", "unknown_field"),
        ("/annotations/1/annotator", "missing"),
        ("/annotations/2/labels", "type"),
        ("/annotations/3/n", "range"),
    ]
    assert client.get("/v1/annotations").json()["sentences"] == []


def test_a_misspelt_label_gets_a_suggestion(client: TestClient):
    (error,) = post(client, {**GOOD, "labels": ["demnd"]})["errors"]

    assert "did you mean 'demand'?" in error["detail"]


def test_the_valid_part_is_stored_if_asked_for(client: TestClient):
    body = post(client, {**GOOD, "text": ""}, GOOD, accept_valid=True)

    assert (body["http"], body["added"], len(body["sentences"])) == (200, 1, 1)
    assert [each["pointer"] for each in body["rejected"]] == ["/annotations/0/text"]


@pytest.mark.parametrize("name", ["lab\ud800els", "annotator"])
def test_characters_that_are_none_are_a_fault_and_no_crash(client: TestClient, name: str):
    content = json.dumps({"annotations": [{"text": "x", "labels": [], name: "\ud800"}]})

    answer = client.post(
        "/v1/annotations", content=content, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 422


def test_pages_and_filters(client: TestClient):
    rows = [{**GOOD, "text": f"Sentence {n}.", "doc": f"d{n % 2}"} for n in range(5)]
    post(client, *rows, {**rows[3], "labels": [], "annotator": "ben"})

    def texts(query: str) -> list[str]:
        found = client.get(f"/v1/annotations?{query}").json()["sentences"]
        return [each["text"] for each in found]

    first = client.get("/v1/annotations?limit=3").json()
    assert len(first["sentences"]) == 3
    assert texts(f"after={first['next']}") == ["Sentence 3.", "Sentence 4."]
    assert texts("doc=d1") == ["Sentence 1.", "Sentence 3."]
    assert texts("status=conflict") == ["Sentence 3."]


def test_a_misspelt_filter_is_refused_and_not_passed_over(client: TestClient):
    answer = client.get("/v1/annotations?statsu=conflict")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/statsu")


def test_a_method_that_is_not_there_is_told_with_all_that_are(client: TestClient):
    answer = client.delete("/v1/annotations")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_too_many_at_once_are_refused(client: TestClient):
    body = post(client, *[{**GOOD, "text": f"Sentence {n}."} for n in range(21)])

    assert (body["http"], body["code"]) == (413, "too_large")


def test_scoring_makes_no_store_and_one_that_cannot_be_used_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    settings = Settings(annotations=str(tmp_path / "file" / "annotations.db"))

    with TestClient(create_app(settings, FakeClassifier())) as client:
        assert client.post("/v1/classify", json={"text": "A demand."}).status_code == 200
        body = post(client, GOOD)

    assert (body["http"], body["code"]) == (503, "store_unavailable")
    assert str(tmp_path) not in body["detail"]


def conflict(client: TestClient, **fields: object) -> None:
    post(client, {**GOOD, **fields}, {**GOOD, **fields, "labels": [], "annotator": "ben"})


@pytest.mark.parametrize("name", ["anna", "ben", " Anna ", "BEN"])
def test_a_party_to_a_conflict_does_not_adjudicate_it_unless_the_lead_says_so(
    client: TestClient, name: str
):
    conflict(client)
    final = {**GOOD, "act": "adjudicate", "annotator": name}

    refused = post(client, GOOD | {"text": "They met."}, final)

    assert (refused["http"], [each["code"] for each in refused["errors"]]) == (422, ["party"])
    assert refused["errors"][0]["pointer"] == "/annotations/1/annotator"
    (still,) = client.get("/v1/annotations").json()["sentences"]
    assert still["status"] == "conflict"
    kept = post(client, GOOD | {"text": "They met."}, final, accept_valid=True)
    assert (kept["added"], [each["code"] for each in kept["rejected"]]) == (1, ["party"])
    decided = post(client, final, lead=True)
    assert decided["sentences"][0]["status"] == "adjudicated"
    assert any("party to the conflict" in note for note in decided["notes"])


def test_a_conflict_and_its_decision_in_one_request_are_seen_together(client: TestClient):
    rows = [GOOD, {**GOOD, "labels": [], "annotator": "ben"}, {**GOOD, "act": "adjudicate"}]

    assert [each["code"] for each in post(client, *rows)["errors"]] == ["party"]
    rows[2]["annotator"] = "eva"
    assert post(client, *rows)["sentences"][0]["status"] == "adjudicated"


def step(name: str, act: str, *labels: str, **more: object) -> dict:
    said = {"text": GOOD["text"], "annotator": name, "act": act}
    return said | ({"labels": labels} if act in ("label", "adjudicate") else {}) | more


STEPPED_BACK = {
    "retracted": [step("ben", "retract")],
    "retracted in another spelling": [step("BEN ", "retract")],
    "skipped": [step("ben", "skip")],
    "joined the others": [step("ben", "label", "agreement")],
    "said another thing, then retracted": [step("ben", "label"), step("ben", "retract")],
    "retracted, skipped": [step("ben", "retract"), step("ben", "skip")],
    "retracted in the one document": [step("ben", "retract", doc="d1")],
    "retracted by its id": [],
}


@pytest.mark.parametrize("requests", ["one", "several"])
@pytest.mark.parametrize("case", STEPPED_BACK)
def test_who_takes_a_label_back_is_a_party_all_the_same(
    client: TestClient, tmp_path: Path, case: str, requests: str
):
    doc = {"doc": "d1"} if "document" in case else {}
    post(
        client,
        step("anna", "label", "agreement", **doc),
        step("ben", "label", "demand", **doc),
        step("cy", "label", "agreement", **doc),
    )
    events = open_store(tmp_path / "annotations.db").events()
    ids = [event.id for event in events if event.annotator == "ben"]
    back = STEPPED_BACK[case] or [step("ben", "retract", withdraws=ids)]
    final = step("ben", "adjudicate", "demand", **doc)

    if requests == "one":
        body = post(client, *back, final)
    else:
        assert [post(client, each)["http"] for each in back] == [200] * len(back)
        body = post(client, final)

    assert (body["http"], body["errors"][-1]["code"]) == (422, "party")
    eva = post(client, final | {"annotator": "eva"})
    assert eva["sentences"][0]["status"] == "adjudicated"
    assert post(client, final, lead=True)["http"] == 200


def test_a_label_of_another_sentence_makes_nobody_a_party(client: TestClient):
    post(client, step("anna", "label", "agreement", doc="d1"))
    post(client, step("ben", "label", "demand", doc="d2"))
    post(client, step("cy", "label", doc="d1"))

    assert post(client, step("ben", "adjudicate", "demand", doc="d1"))["http"] == 200


def test_who_agrees_with_all_others_or_stands_alone_may_adjudicate(client: TestClient):
    post(client, step("anna", "label", "demand"), step("ben", "label", "demand"))
    assert post(client, step("ben", "adjudicate"))["http"] == 200

    alone = {"text": "They met."}
    for labels in ([], ["demand"]):
        post(client, step("ben", "label", *labels) | alone)
    assert post(client, step("ben", "adjudicate") | alone)["http"] == 200


def test_who_gave_the_only_label_may_adjudicate(client: TestClient):
    post(client, GOOD)

    assert post(client, {**GOOD, "act": "adjudicate"})["http"] == 200


def test_with_keys_the_scope_decides_who_is_the_lead(tmp_path: Path):
    plain, plain_key = new_key("desk", [Scope.ANNOTATE])
    lead, lead_key = new_key("lead", [Scope.ANNOTATE, Scope.ADJUDICATE])
    keys = f"{plain_key.to_line()};{lead_key.to_line()}"
    settings = Settings(annotations=str(tmp_path / "annotations.db"), keys=keys)
    final = {**GOOD, "act": "adjudicate"}

    with TestClient(create_app(settings, FakeClassifier())) as client:
        client.headers["Authorization"] = f"Bearer {plain}"
        conflict(client)
        assert post(client, final)["http"] == 422
        assert post(client, final, lead=True)["http"] == 403
        client.headers["Authorization"] = f"Bearer {lead}"
        assert post(client, final)["sentences"][0]["status"] == "adjudicated"


def test_a_vote_against_an_adjudication_is_listed(client: TestClient):
    post(client, {**GOOD, "act": "adjudicate", "annotator": "eva", "at": "2026-01-01T00:00:00Z"})
    (sentence,) = post(client, {**GOOD, "labels": []})["sentences"]

    assert (sentence["status"], sentence["labels"]) == ("adjudicated", ["demand"])
    assert [each["annotator"] for each in sentence["contrary"]] == ["anna"]
    listed = client.get("/v1/annotations?contested=true").json()["sentences"]
    assert listed == [sentence]
    assert client.get("/v1/annotations?contested=false").json()["sentences"] == []


def test_one_sentence_in_two_documents_is_two_with_the_labels_of_each(client: TestClient):
    rows = [{**GOOD, "doc": "d1"}, {**GOOD, "doc": "d2", "labels": []}]

    sentences = post(client, *rows)["sentences"]

    assert [(each["doc"], each["labels"]) for each in sentences] == [("d1", ["demand"]), ("d2", [])]
    assert len({each["item"] for each in sentences}) == 2
    (second,) = client.get("/v1/annotations?doc=d2").json()["sentences"]
    assert (second["doc"], second["labels"]) == ("d2", [])


def test_names_are_one_person_and_the_answer_says_so(client: TestClient):
    body = post(client, {**GOOD, "annotator": "anna "}, {**GOOD, "labels": [], "annotator": "ben"})
    again = post(client, {**GOOD, "annotator": "Anna"})

    assert body["sentences"][0]["status"] == "conflict"
    assert body["sentences"][0]["judgements"][0]["annotator"] == "anna"
    assert body["notes"] == ["annotator 'anna ' is kept as 'anna'"]
    assert again["notes"] == ["'Anna', 'anna' count as one annotator"]
    assert again["sentences"][0]["status"] == "conflict"


@pytest.mark.parametrize(
    "more",
    [
        '"note": "\\ud800"',
        '"note": {"\\udc00": 1}',
        '"note": [1, "\\udfff"]',
        '"n\\ud800te": 1',
        '"note": NaN',
        '"note": {"a": [Infinity]}',
        '"scores": -Infinity',
        '"note": 1e999',
    ],
)
def test_details_that_no_file_can_hold_are_refused_at_the_door(client: TestClient, more: str):
    row = json.dumps(GOOD)[:-1] + ", " + more + "}"

    answer = client.post(
        "/v1/annotations",
        content='{"annotations": [' + row + "]}",
        headers={"content-type": "application/json"},
    )

    assert answer.status_code in (400, 422)
    assert answer.json()["errors"]
    assert client.get("/v1/annotations").json()["sentences"] == []
