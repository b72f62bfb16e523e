"""Texts as people have them: plain, as a web page, in any layout, cut into sentences or not."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

PAGE = """<html><head><title>Ministry</title><script>var demand;</script></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<h1>On the border</h1><p>A <b>demand</b> was made.<br>An agreement
followed.</p><footer>All rights reserved</footer></body></html>"""


def classified(client: TestClient, body: object, **query: Any) -> dict[str, Any]:
    answer = client.post("/v1/classify", json=body, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_plain_text_is_classified_as_json_is(client: TestClient):
    text = "A demand was made.\n\nThey met in Geneva again."
    plain = client.post("/v1/classify", content=text, headers={"content-type": "text/plain"})

    assert plain.json()["sentences"] == classified(client, {"text": text})["sentences"]


def test_brackets_in_a_plain_text_are_no_nesting(client: TestClient):
    text = "[" * 100 + " A demand was made."

    answer = client.post("/v1/classify", content=text, headers={"content-type": "text/plain"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("content_type", "content", "status"),
    [
        ("text/plain; charset=windows-1252", "A café demand.".encode("cp1252"), 200),
        ('text/plain; charset="UTF-8"', "A café demand.".encode(), 200),
        ("text/plain", "A café demand.".encode("cp1252"), 400),
        ("text/plain; charset=utf-7", b"A demand.", 415),
    ],
)
def test_the_charset_is_kept_to(client: TestClient, content_type: str, content: bytes, status: int):
    answer = client.post("/v1/classify", content=content, headers={"content-type": content_type})

    assert answer.status_code == status
    if status == 200:
        assert answer.json()["sentences"][0]["text"] == "A café demand."


def test_bytes_that_are_not_utf_8_are_called_that(client: TestClient):
    answer = client.post(
        "/v1/classify", content=b'{"text": "caf\xe9"}', headers={"content-type": "application/json"}
    )

    assert answer.status_code == 400
    assert "not UTF-8 (0xE9 at byte 13)" in answer.json()["detail"]


def test_broken_json_names_line_and_column(client: TestClient):
    answer = client.post(
        "/v1/classify",
        content=b'{\n  "text": "a",\n  oops\n}',
        headers={"content-type": "application/json"},
    )

    assert answer.status_code == 400
    assert "line 3, column 3" in answer.json()["detail"]


def test_an_unknown_field_is_told_with_the_one_meant(client: TestClient):
    answer = client.post("/v1/classify", json={"texts": "They must leave."})

    assert answer.status_code == 422
    assert "'texts', did you mean text?" in answer.json()["detail"]
    assert "text, sentences, layout" in answer.json()["detail"]


def test_a_field_given_twice_is_refused(client: TestClient):
    answer = client.post(
        "/v1/classify",
        content=b'{"text": "A demand.", "text": "Another."}',
        headers={"content-type": "application/json"},
    )

    assert answer.status_code == 422
    assert "'text' is given twice" in answer.json()["detail"]


def test_a_page_is_read_and_what_was_left_out_is_said(client: TestClient):
    answer = client.post("/v1/classify", content=PAGE, headers={"content-type": "text/html"})

    body = answer.json()
    text = body["text"]
    assert [s["text"] for s in body["sentences"]] == [
        text[s["start"] : s["end"]] for s in body["sentences"]
    ]
    assert [(s["kind"], s["labels"]) for s in body["sentences"]] == [
        ("heading", []),
        ("sentence", ["demand"]),
        ("sentence", ["agreement"]),
    ]
    (warning,) = body["warnings"]
    assert warning["code"] == "html_left_out"
    assert "nav" in warning["detail"]
    assert "footer" in warning["detail"]


def test_a_page_without_text_is_refused(client: TestClient):
    answer = client.post(
        "/v1/classify", content="<nav>Home</nav>", headers={"content-type": "text/html"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "empty_text")


def test_a_page_that_nests_for_ever_is_refused_at_once(client: TestClient):
    answer = client.post(
        "/v1/classify", content="<div>" * 2_000 + "x", headers={"content-type": "text/html"}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "unusable_text")


def test_the_layout_can_be_said(client: TestClient):
    text = "A demand was made and it was\nnever answered by anybody there"

    assert len(classified(client, {"text": text, "layout": "wrapped"})["sentences"]) == 1
    lines = classified(client, {"text": text, "layout": "one_sentence_per_line"})
    assert len(lines["sentences"]) == 2
    assert classified(client, {"text": text}, layout="one_sentence_per_line") == lines


def test_a_quotation_is_split_unless_it_is_to_stay_whole(client: TestClient):
    text = 'The envoy said: "This is a demand. It has to stop. We are leaving."'

    split = classified(client, {"text": text})["sentences"]
    whole = classified(client, {"text": text, "whole_quotations": True})["sentences"]

    assert len(whole) < len(split)


def test_own_spans_are_scored_as_they_are(client: TestClient):
    text = "One. Two demand. Three agreement here."

    body = classified(client, {"text": text, "spans": [[0, 16], [17, 38]]})

    assert [s["text"] for s in body["sentences"]] == ["One. Two demand.", "Three agreement here."]
    assert [s["labels"] for s in body["sentences"]] == [["demand"], ["agreement"]]


@pytest.mark.parametrize(
    "spans",
    [
        [[0, 0]],
        [[3, 1]],
        [[0, 99]],
        [[-1, 3]],
        [[0, 5], [4, 9]],
        [[4, 5]],
        [[0]],
        ["ab"],
        [[0, 1.5]],
    ],
    ids=str,
)
def test_spans_that_are_not_sentences_of_the_text_are_refused(client: TestClient, spans: object):
    answer = client.post("/v1/classify", json={"text": "One. Two demand.", "spans": spans})

    assert answer.status_code == 422, answer.text


def test_how_a_text_is_read_does_not_go_with_sentences(client: TestClient):
    answer = client.post("/v1/classify", json={"sentences": ["a"], "layout": "wrapped"})

    assert answer.status_code == 422
    assert "layout only go with text" in answer.json()["detail"]


def test_a_text_may_have_any_number_of_sentences(client: TestClient):
    body = classified(client, {"text": "It ended. " * 60})

    assert body["summary"]["sentences"] == 60


def test_only_what_claims_something_has_labels_and_is_counted(client: TestClient):
    text = "MR. ADLER: A demand was made. It was heard.\n\n________\n\nAll rights reserved."

    body = classified(client, {"text": text})

    kinds = {s["text"]: (s["kind"], s["labels"]) for s in body["sentences"]}
    assert kinds["A demand was made."] == ("sentence", ["demand"])
    assert kinds["All rights reserved."] == ("furniture", [])
    assert body["summary"]["sentences"] == 2
    assert body["summary"]["demand"] == 1
    assert body["summary"]["furniture"] == 2
    assert {s.get("speaker") for s in body["sentences"] if s["kind"] == "sentence"} == {"MR. ADLER"}


def test_a_sentence_in_another_language_is_said_to_be_so(client: TestClient):
    text = "A demand was made in the hall. Der Minister hat den Vorschlag gestern abgelehnt."

    (warning,) = classified(client, {"text": text})["warnings"]

    assert (warning["code"], warning["sentences"]) == ("language", [1])
    assert "(de)" in warning["detail"]
    assert "warnings" not in classified(client, {"text": "A demand was made in the hall."})
