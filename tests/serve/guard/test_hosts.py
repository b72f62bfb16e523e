"""Pages of other sites cannot use the service; scripts, and its own pages, notice nothing."""

import socket
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from serve.app import create_app
from serve.guard.hosts import Hosts, parse_authority
from serve.settings import Settings
from tests.connections import connected, everything, listening
from tests.fakes import FakeClassifier

# what a browser sends for a page of another site: 15 ways to the service, each with what is said
FOREIGN = {
    "a form": ({"origin": "http://other.example", "sec-fetch-site": "cross-site"}, 403),
    "a form of an old browser": ({"origin": "http://other.example"}, 403),
    "a page without an origin": ({"origin": "null"}, 403),
    "a sandboxed frame": ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
    "another port here": ({"origin": "http://localhost:1", "sec-fetch-site": "same-site"}, 403),
    "another port, old browser": ({"origin": "http://localhost:1"}, 403),
    "another scheme": ({"origin": "https://localhost"}, 403),
    "a file": ({"origin": "file://"}, 403),
    "an extension": ({"origin": "chrome-extension://abc"}, 403),
    "a name that begins alike": ({"origin": "http://localhost.other.example"}, 403),
    "a picture": ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
    "a frame": (
        {
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "navigate",
            "sec-fetch-dest": "iframe",
        },
        403,
    ),
    "rebinding": ({"host": "other.example:8000", "origin": "http://other.example:8000"}, 421),
    "rebinding without an origin": ({"host": "other.example"}, 421),
    "rebinding to a name that ends alike": ({"host": "evil-localhost"}, 421),
}
READS = ("/v1/annotations", "/v1/queue", "/v1/models", "/v1/model", "/metrics", "/docs", "/nowhere")
WRITES = ("/v1/models/rollback", "/v1/models/default/activate", "/v1/annotations", "/v1/queue")


def ask(port: int, method: str, path: str, headers: dict[str, str]) -> int:
    """The status of one request, with these headers and no others."""
    named = {"host": f"localhost:{port}", "connection": "close"} | headers
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in named.items())]
    with connected(port, "\r\n".join([*lines, "", ""]).encode()) as client:
        client.shutdown(socket.SHUT_WR)
        return int(everything(client).split()[1])


def test_pages_of_other_sites_reach_nothing_and_scripts_reach_all(tmp_path: Path):
    with listening(annotations=str(tmp_path / "annotations.db")) as port:
        for name, (headers, status) in FOREIGN.items():
            for path in READS:
                assert (name, path, ask(port, "GET", path, headers)) == (name, path, status)
            for path in WRITES:
                assert (name, path, ask(port, "POST", path, headers)) == (name, path, status)
            assert (name, ask(port, "OPTIONS", "/v1/classify", headers)) == (name, status)
        for path in READS:
            assert ask(port, "GET", path, {}) == (404 if path == "/nowhere" else 200)
        assert (
            ask(port, "POST", "/v1/models/rollback", {}) == 409
        )  # one model: let in, then refused
        assert (
            not (tmp_path / "annotations.db").exists() or ask(port, "GET", "/v1/queue", {}) == 200
        )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
        {"origin": "http://testserver"},
        {"host": "localhost:8000", "origin": "http://localhost:8000"},
        {"host": "127.0.0.1"},
        {"host": "127.9.9.9:1"},
        {"host": "[::1]:8000"},
        {"host": "LOCALHOST"},
        {
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "navigate",
            "sec-fetch-dest": "document",
        },
    ],
)
def test_its_own_pages_scripts_and_links_to_it_are_let_in(
    client: TestClient, headers: dict[str, str]
):
    assert client.get("/v1/model", headers=headers).status_code == 200


def test_a_link_from_another_site_changes_nothing(client: TestClient):
    link = {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
    }

    assert client.post("/v1/models/rollback", headers=link).json()["code"] == "cross_site"


def test_both_refusals_are_problems_that_say_the_way_out(client: TestClient):
    wrong = client.get("/v1/model", headers={"host": "other.example"})
    foreign = client.get("/v1/model", headers={"origin": "http://other.example"})

    assert (wrong.status_code, wrong.json()["code"]) == (421, "wrong_host")
    assert "DEMARCHE_HOSTS" in wrong.json()["detail"]
    assert (foreign.status_code, foreign.json()["code"]) == (403, "cross_site")
    assert "key" not in foreign.json()["title"]


def test_behind_a_proxy_the_names_it_passes_on_are_taken_and_probes_by_address():
    settings = Settings(host="0.0.0.0", insecure=True, hosts="demarche.example.org, other:8080")  # noqa: S104
    with TestClient(create_app(settings, FakeClassifier())) as client:

        def status(host: str, path: str = "/v1/model") -> int:
            return client.get(path, headers={"host": host}).status_code

        assert status("demarche.example.org") == status("demarche.example.org:443") == 200
        assert status("other:8080") == status("localhost") == 200
        assert status("other") == status("10.0.0.7:8000") == status("demarche") == 421
        assert status("10.0.0.7:8000", "/livez") == 200
        origin = {"host": "demarche.example.org", "origin": "https://demarche.example.org"}
        assert client.get("/v1/model", headers=origin).status_code == 200


def test_reached_from_outside_and_without_names_any_host_is_taken():
    assert Hosts([], loopback=False).allow("anything")
    assert not Hosts([], loopback=True).allow("anything")


@pytest.mark.parametrize(
    "text",
    ["", "a/b", "a?b", "a#b", "user@localhost", "localhost:port", "[::1", "a b", "a,b", ":80", "é"],
)
def test_what_is_no_host_is_none(text: str):
    assert parse_authority(text) is None
    assert not Hosts([], loopback=True).allow(text)
