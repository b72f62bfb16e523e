"""Signing in: where keys are needed a session stands for one, and where they are not is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from serve.app import create_app
from serve.guard.keys import Scope, new_key
from serve.guard.sessions import IDLE_SECONDS
from serve.settings import Settings
from tests.fakes import FakeClassifier, ManualClock

HTML = {"accept": "text/html"}


class Signed:
    """A service with keys, and one browser."""

    def __init__(self, tmp_path: Path, clock: ManualClock) -> None:
        self.clock, self.file = clock, tmp_path / "keys"
        self.secret, key = new_key("anna", [Scope.CLASSIFY, Scope.ANNOTATE])
        self.file.write_text(key.to_line() + "\n")
        settings = Settings(keys_file=self.file, annotations=str(tmp_path / "a.db"))
        self.app: FastAPI = create_app(settings, FakeClassifier(), clock=clock)
        self.client = TestClient(self.app, raise_server_exceptions=False, headers=HTML)

    def sign_in(self, secret: str = "", **fields: str):
        data = {"key": secret or self.secret, **fields}
        return self.client.post("/session", data=data, follow_redirects=False)


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Signed]:
    made = Signed(tmp_path, ManualClock())
    with made.client:
        yield made


def test_pages_lead_to_where_one_signs_in_and_back(signed: Signed):
    away = signed.client.get("/queue", follow_redirects=False)
    assert (away.status_code, away.headers["location"]) == (303, "/session?next=/queue")

    back = signed.sign_in(next="/queue")

    assert (back.status_code, back.headers["location"]) == (303, "/queue")
    assert "anna" in signed.client.get("/queue").text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/v1/model", "x"])
def test_signing_in_leads_to_no_other_place(signed: Signed, elsewhere: str):
    assert signed.sign_in(next=elsewhere).headers["location"] == "/"


def test_the_cookie_is_not_for_scripts_and_the_key_never_comes_back(signed: Signed):
    answer = signed.sign_in()

    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert signed.secret not in cookie + answer.text
    over_tls = signed.client.post(
        "/session",
        data={"key": signed.secret},
        headers={"x-forwarded-proto": "https"},
        follow_redirects=False,
    )
    assert over_tls.headers["set-cookie"].startswith("__Host-demarche=")
    assert "Secure" in over_tls.headers["set-cookie"]


def test_answers_carry_the_name_of_the_key(signed: Signed):
    signed.sign_in()

    signed.client.post(
        "/read/answer", data={"text": "A demand.", "at": 1, "label": "d", "annotator": "somebody"}
    )

    (sentence,) = signed.client.get("/v1/annotations").json()["sentences"]
    assert [each["annotator"] for each in sentence["judgements"]] == ["anna"]
    assert signed.client.get("/v1/me").json()["key"] == "anna"


def test_controls_beyond_the_scopes_are_absent_and_refused(signed: Signed):
    signed.sign_in()

    assert 'action="/models"' not in signed.client.get("/models").text
    refused = signed.client.post("/models", data={"version": "", "reason": "x"})
    assert refused.status_code == 403
    assert "this needs a key with the scope admin" in refused.text


def test_wrong_keys_are_refused_and_soon_slowed_down(signed: Signed):
    statuses = [signed.sign_in("dm_wrong").status_code for _ in range(8)]

    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert signed.sign_in().status_code == 303, "the right one is not kept out"


def test_a_session_ends_when_it_is_ended(signed: Signed):
    signed.sign_in()
    kept = f"demarche={signed.client.cookies['demarche']}"
    signed.client.post("/session/end")

    again = signed.client.get("/queue", headers={"cookie": kept}, follow_redirects=False)

    assert again.status_code == 303


def test_a_session_ends_when_it_is_idle(signed: Signed):
    signed.sign_in()
    signed.clock.advance(IDLE_SECONDS - 1)
    assert signed.client.get("/v1/me").status_code == 200
    signed.clock.advance(IDLE_SECONDS + 1)

    assert signed.client.get("/v1/me").status_code == 401


def test_a_key_that_is_gone_ends_its_sessions(signed: Signed):
    signed.sign_in()
    signed.file.write_text(new_key("berta", [Scope.ANNOTATE])[1].to_line() + "\n")
    signed.clock.advance(2)

    assert signed.client.get("/v1/me").status_code == 401


def test_without_keys_there_is_no_session(client: TestClient):
    assert client.get("/session").status_code == 404
    assert client.post("/session", data={"key": "x"}).status_code == 404
