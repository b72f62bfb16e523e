"""What one should know before answering, and what is known afterwards."""

from fastapi.testclient import TestClient


def annotate(client: TestClient, **row: object) -> None:
    answer = client.post("/v1/annotations", json={"annotations": [row]})
    assert answer.status_code == 200, answer.text


def test_the_codebook_comes_as_data(client: TestClient):
    book = client.get("/v1/codebook").json()

    assert [each["label"] for each in book["meanings"]] == [
        "agreement",
        "criticism",
        "demand",
        "none",
    ]
    assert all(each["definition"] for each in book["meanings"])
    assert {each["number"] for each in book["rulings"]} == set(range(1, 41))
    assert len(book["order"]) == 4


def test_where_no_keys_are_needed_everybody_may_do_everything(client: TestClient):
    assert client.get("/v1/me").json() == {
        "key": None,
        "scopes": ["adjudicate", "admin", "annotate", "classify"],
    }


def test_every_answer_names_the_model_in_service(client: TestClient):
    assert client.get("/v1/model").headers["demarche-model"] == "v1"
    assert client.get("/nowhere").headers["demarche-model"] == "v1"


def test_own_answers_are_found_again(client: TestClient):
    annotate(client, text="One.", labels=[], annotator="Anna", doc="d")
    annotate(client, text="Two.", labels=[], annotator="berta", doc="d")
    annotate(client, text="Three.", labels=[], annotator="anna", doc="d")
    annotate(client, text="Three.", act="retract", annotator="anna", doc="d")

    found = client.get("/v1/annotations", params={"annotator": "ANNA"}).json()["sentences"]
    assert [each["text"] for each in found] == ["One."]
    item = found[0]["item"]
    one = client.get("/v1/annotations", params={"item": item}).json()["sentences"]
    assert [each["text"] for each in one] == ["One."]


def test_a_model_is_shown_after_the_answer_and_not_before(client: TestClient):
    asked = {"text": "A demand.", "annotator": "anna"}

    before = client.post("/v1/queue/reveal", json=asked)
    annotate(client, text="A demand.", labels=[], annotator="Anna")
    after = client.post("/v1/queue/reveal", json=asked)

    assert (before.status_code, before.json()["code"]) == (409, "not_answered")
    assert after.json() == {"suggestion": None}


def test_the_report_of_a_model_that_has_none_is_not_found(client: TestClient):
    assert client.get("/v1/models/v1/report").json()["code"] == "no_such_model"
    assert client.get("/v1/models/history").json() == {"events": []}
