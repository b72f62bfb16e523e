"""The queue and the conflicts by forms alone."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from serve.app import create_app
from serve.service import service_of
from serve.settings import Settings
from tests.fakes import FakeClassifier

TEXT = "One agreement. Two criticism. Three demand. Four is nothing. Five demand agreement."


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(
        Settings(annotations=str(tmp_path / "a.db"), keep_scored=100), FakeClassifier()
    )
    with TestClient(app, raise_server_exceptions=False) as made:
        made.post("/v1/classify", json={"text": TEXT})
        service_of(app).recorder.flush()
        yield made


def forms(page: str) -> list[dict[str, str]]:
    found = re.findall(r'<form class="ask.*?</form>', page, re.DOTALL)
    hidden = r'type="hidden" name="([a-z]+)" value="([^"]*)"'
    return [{k: html.unescape(v) for k, v in re.findall(hidden, each)} for each in found]


def begin(client: TestClient, **fields: str) -> str:
    answer = client.post("/queue", data={"annotator": "anna", **fields})
    assert answer.status_code == 200, answer.text
    return answer.text


def held(client: TestClient, text: str) -> list[dict[str, object]]:
    sentences = client.get("/v1/annotations").json()["sentences"]
    return [each for one in sentences if one["text"] == text for each in one["judgements"]]


def test_looking_hands_nothing_out(client: TestClient):
    client.get("/queue")

    assert len(forms(begin(client))) == 5


def test_what_one_reads_nobody_else_is_given(client: TestClient):
    begin(client)

    assert forms(begin(client, annotator="berta")) == []


def test_the_model_is_not_on_the_page_before_the_answer(client: TestClient):
    page = begin(client)

    assert "0.90" not in page
    assert not any("by" in form for form in forms(page))


def test_neighbours_are_shown(client: TestClient):
    page = begin(client)
    asked = re.search(
        r'<form class="ask(?:(?!</form>).)*Two criticism\..*?</form>', page, re.S
    ).group()

    assert "One agreement." in asked
    assert "Three demand. Four is nothing." in asked


def test_a_blind_answer_is_stored_and_then_compared(client: TestClient):
    form = next(each for each in forms(begin(client)) if each["text"] == "Two criticism.")

    page = begin(client, **form, label="c")

    assert "Two criticism.… You said criticism. The model: criticism." in html.unescape(page)
    (judgement,) = held(client, "Two criticism.")
    assert judgement["suggested_by"] is None
    assert len(forms(page)) == 4

    begin(client, **form, label="d")  # a change of mind comes after the model was seen
    (changed,) = held(client, "Two criticism.")
    assert (changed["labels"], changed["suggested_by"]) == (["demand"], "v1")


def test_an_answer_with_the_model_in_sight_says_so(client: TestClient):
    form = next(each for each in forms(begin(client, suggestions="1")) if "Two" in each["text"])

    begin(client, **form, label="c")

    assert [each["suggested_by"] for each in held(client, "Two criticism.")] == ["v1"]


def test_a_skip_is_no_answer(client: TestClient):
    form = forms(begin(client))[0]

    begin(client, **form, label="s")

    (judgement,) = held(client, form["text"])
    assert (judgement["act"], judgement["labels"]) == ("skip", None)


def disagree(client: TestClient) -> None:
    rows = [
        {"text": "They left.", "labels": labels, "annotator": name}
        for name, labels in (("anna", ["criticism"]), ("berta", []))
    ]
    assert client.post("/v1/annotations", json={"annotations": rows}).status_code == 200


def test_a_conflict_is_decided_by_somebody_else(client: TestClient):
    disagree(client)

    for party in ("anna", "Berta"):
        assert forms(client.post("/conflicts", data={"annotator": party}).text) == []
    page = client.post("/conflicts", data={"annotator": "christa"}).text
    assert "berta" in page
    (form,) = forms(page)
    after = client.post("/conflicts", data={**form, "label": "n"}).text

    assert forms(after) == []
    (sentence,) = client.get("/v1/annotations", params={"status": "adjudicated"}).json()[
        "sentences"
    ]
    assert sentence["labels"] == []


def test_a_party_who_sends_a_decision_all_the_same_is_refused(client: TestClient):
    disagree(client)

    answer = client.post(
        "/conflicts", data={"text": "They left.", "annotator": "anna", "label": "c"}
    )

    assert answer.status_code == 422
    assert "somebody who gave none of the labels that differ" in answer.text
