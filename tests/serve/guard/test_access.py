"""Keys: who is let in, how far, how often; and that without them nobody from outside is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from model.errors import InvalidData
from serve.app import create_app
from serve.guard.keys import KeysMissing, Scope, new_key, parse_keys
from serve.settings import Settings
from tests.fakes import FakeClassifier, ManualClock

READER, READER_KEY = new_key("reader", [Scope.CLASSIFY])
ANNOTATOR, ANNOTATOR_KEY = new_key("annotator", [Scope.ANNOTATE])
ADMIN, ADMIN_KEY = new_key("boss", [Scope.ADMIN, Scope.CLASSIFY])
LINES = ";".join(key.to_line() for key in (READER_KEY, ANNOTATOR_KEY, ADMIN_KEY))
STATEMENT = {"text": "A demand."}


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def client(clock: ManualClock, tmp_path: Path) -> Iterator[TestClient]:
    store = str(tmp_path / "annotations.db")
    settings = Settings(keys=LINES, requests_per_minute=60, host="192.0.2.7", annotations=store)
    with TestClient(create_app(settings, FakeClassifier(), clock=clock)) as test_client:
        yield test_client


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("wrong"),
        bearer(""),
        bearer(READER_KEY.sha256),
        {"Authorization": f"Basic {READER}"},
        {"Authorization": READER},
        {"X-API-Key": READER},
    ],
)
def test_without_a_known_key_nothing_but_a_challenge(client: TestClient, headers: dict[str, str]):
    for method, path in [("POST", "/v1/classify"), ("GET", "/v1/models"), ("GET", "/nowhere")]:
        answer = client.request(method, path, headers=headers, json=STATEMENT)

        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("secret", "method", "path", "status"),
    [
        (READER, "POST", "/v1/classify", 200),
        (READER, "GET", "/v1/model", 200),
        (READER, "GET", "/v1/models", 200),
        (READER, "GET", "/metrics", 200),
        (READER, "POST", "/v1/models/v2/activate", 403),
        (READER, "POST", "/v1/models/rollback", 403),
        (READER, "POST", "/v1/annotations", 403),
        (READER, "GET", "/v1/annotations", 403),
        (READER, "GET", "/v1/queue", 403),
        (READER, "DELETE", "/v1/new-and-forgotten", 403),
        (ANNOTATOR, "POST", "/v1/classify", 403),
        (ANNOTATOR, "GET", "/v1/annotations", 200),
        (ANNOTATOR, "POST", "/v1/annotations", 422),  # let through: a statement is no annotation
        (ANNOTATOR, "GET", "/v1/models", 200),
        (ADMIN, "POST", "/v1/classify", 200),
        (ADMIN, "POST", "/v1/models/rollback", 409),  # one model, fixed: let through, then refused
    ],
)
def test_a_key_reaches_as_far_as_its_scopes(
    client: TestClient, secret: str, method: str, path: str, status: int
):
    body = None if path.startswith("/v1/models/") else STATEMENT
    answer = client.request(method, path, headers=bearer(secret), json=body)

    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/startupz", "/livez", "/readyz", "/v2/health/live", "/docs"])
def test_probes_and_documentation_need_no_key(client: TestClient, path: str):
    assert client.get(path).status_code == 200


def test_over_its_rate_a_key_is_told_when_to_come_back_and_others_are_not_held_up(
    client: TestClient, clock: ManualClock
):
    def status(secret: str) -> int:
        return client.post("/v1/classify", json=STATEMENT, headers=bearer(secret)).status_code

    assert [status(READER) for _ in range(7)] == [200] * 6 + [429]
    refused = client.post("/v1/classify", json=STATEMENT, headers=bearer(READER))
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("rate_limited", "2")
    assert status(ADMIN) == 200
    assert client.get("/livez").status_code == 200
    assert [
        client.get("/v1/annotations", headers=bearer(ANNOTATOR)).status_code for _ in range(7)
    ] == [
        *[200] * 6,
        429,
    ]
    clock.advance(2)
    assert [status(READER) for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("host", ["::", "192.0.2.7", "demarche.example"])
def test_open_to_others_without_keys_it_does_not_start(host: str):
    with pytest.raises(KeysMissing, match="python -m serve key"):
        create_app(Settings(host=host), FakeClassifier())

    create_app(Settings(host=host, insecure=True), FakeClassifier())


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_on_loopback_it_starts_without_keys(host: str):
    create_app(Settings(host=host), FakeClassifier())


def test_every_bad_line_is_told_and_no_hash_is_shown():
    lines = f"""
        # the newsroom
        {READER_KEY.to_line()}
        {READER_KEY.to_line()}
        Big classify {"0" * 64}
        a classify
        b classify,root {"1" * 64}
        c classify {"2" * 63}
    """

    with pytest.raises(InvalidData) as caught:
        parse_keys(lines, source="keys")

    assert [(fault.line, fault.code) for fault in caught.value.faults] == [
        (5, "name"),
        (6, "fields"),
        (7, "scope"),
        (8, "hash"),
        (0, "duplicate"),
    ]
    assert "2" * 63 not in str(caught.value)


def test_a_file_without_keys_lets_nobody_in():
    with pytest.raises(InvalidData, match="no keys"):
        parse_keys("# later\n", source="keys")


def test_the_secret_is_not_in_what_is_kept():
    secret, key = new_key("reader", [Scope.CLASSIFY])

    assert secret not in key.to_line()
    assert parse_keys(key.to_line(), source="").find(secret) == key
