"""The reading view without a browser: what is sent, what comes back, what is stored."""

import csv
import io
import json
import re

import pytest
from fastapi.testclient import TestClient

HTML = {"accept": "text/html"}
TEXT = "A Note\n\nWe voice agreement today. This is criticism and a demand 🚢 at once. It rained."


def read(client: TestClient, text: str, **fields: object) -> str:
    answer = client.post("/read", data={"text": text, **fields})
    assert answer.status_code == 200, answer.text
    return answer.text


def shown(page: str) -> list[str]:
    return re.findall(r'<span class="claim[^>]* data-shown="([^"]*)"', page)


def test_browsers_get_the_box_and_others_the_documentation(client: TestClient):
    page = client.get("/", headers=HTML)

    assert "<textarea" in page.text
    assert client.head("/", headers=HTML).status_code == 200
    assert client.get("/", follow_redirects=False).headers["location"] == "/docs"


def test_every_stance_has_a_class_and_a_spoken_name(client: TestClient):
    page = read(client, TEXT)

    assert shown(page) == ["", "a", "cd", ""]
    assert 'aria-label="Sentence 3: criticism; demand"' in page
    assert 'aria-label="Sentence 4: no stance"' in page


def test_lines_of_forms_end_as_those_of_the_interface(client: TestClient):
    doc = re.search('data-doc="([^"]+)"', read(client, TEXT.replace("\n", "\r\n"))).group(1)

    assert f'data-doc="{doc}"' in read(client, TEXT)


def test_text_is_never_markup(client: TestClient):
    page = read(
        client, "A demand <script>alert(1)</script> & <img src=x onerror=y>.", annotator="<b>"
    )

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>" not in page


def test_a_file_of_html_is_read_as_its_text(client: TestClient):
    file = ("note.html", b"<nav>Home</nav><p>This is a demand.</p>", "text/html")

    page = client.post("/read", files={"file": file}).text

    assert shown(page) == ["d"]
    assert "not read: nav" in page


def test_an_old_file_without_utf_8_is_read(client: TestClient):
    page = client.post(
        "/read", files={"file": ("a.txt", "A caf\xe9 demand.".encode("cp1252"))}
    ).text

    assert "café" in page


@pytest.mark.parametrize(("text", "status"), [(" ", 422), ("x" * 2_001, 413)])
def test_a_refusal_is_a_page_that_keeps_the_text(client: TestClient, text: str, status: int):
    answer = client.post("/read", data={"text": text})

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert f">\n{text}</textarea>" in answer.text


def test_without_scripts_a_sentence_is_corrected_by_its_form(client: TestClient):
    note = read(client, TEXT, at=2)
    assert "Sentence 2 of 4" in note

    answer = client.post(
        "/read/answer", data={"text": TEXT, "at": 2, "label": ["d"], "annotator": "anna"}
    )

    (held,) = client.get("/v1/annotations").json()["sentences"]
    (judgement,) = held["judgements"]
    assert (held["text"], held["labels"], held["n"]) == ("We voice agreement today.", ["demand"], 1)
    assert judgement["suggested_by"] == "v1"
    assert shown(answer.text)[1] == "d"
    assert 'aria-label="Sentence 2: demand, your answer"' in answer.text


def test_an_answer_of_nobody_is_refused_with_the_text_kept(client: TestClient):
    answer = client.post("/read/answer", data={"text": TEXT, "at": 2, "label": ["d"]})

    assert answer.status_code == 422
    assert "fill in your name" in answer.text
    assert client.get("/v1/annotations").json()["sentences"] == []


def test_exports_hold_the_answers(client: TestClient):
    sent = {"text": TEXT, "annotator": "anna"}
    client.post("/read/answer", data={**sent, "at": 2, "label": ["d"]})

    def export(form: str) -> str:
        return client.post(f"/read/export/{form}", data=sent).text

    (row,) = map(json.loads, export("jsonl").splitlines())
    assert (row["labels"], row["suggested_by"], row["selected_by"]) == (["demand"], "v1", "reading")
    assert client.post("/v1/annotations", json={"annotations": [row]}).json()["known"] == 1
    table = list(csv.DictReader(io.StringIO(export("csv"))))
    assert [each["answer"] for each in table] == ["", "demand", "", ""]
    assert [each["model"] for each in table] == ["none", "agreement", "criticism demand", "none"]
    whole = json.loads(export("json"))
    assert (
        whole["sentences"] == client.post("/v1/classify", json={"text": TEXT}).json()["sentences"]
    )
    assert whole["annotations"] == [row]
    page = export("html")
    assert "<script" not in page
    assert "http" not in re.sub(r'http-equiv|"http://www.w3.org[^"]*"', "", page)


def test_cells_of_a_table_are_no_formulas(client: TestClient):
    table = client.post("/read/export/csv", data={"text": "=1+1 is a demand."}).text

    assert "'=1+1" in table


def test_the_engine_failing_is_told_on_the_page(client: TestClient):
    answer = client.post("/read", data={"text": "BOOM."})

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "text/html" in answer.headers["content-type"]


def test_a_file_that_is_too_large_is_refused_on_a_page(client: TestClient):
    answer = client.post("/read", files={"file": ("a.txt", b"x" * 30_000)}, headers=HTML)

    assert answer.status_code == 413
    assert "the body is over 20,000 bytes" in answer.text
    assert "text/html" in answer.headers["content-type"]
