"""Browsers are told what answers may be used for: on every answer, whatever became of it."""

import base64
import hashlib
import re

import pytest
from fastapi.testclient import TestClient

from serve.guard.security_headers import SECURITY_HEADERS


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/model", 200),
        ("GET", "/livez", 200),
        ("GET", "/metrics", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/v1/annotations/", 404),
        ("DELETE", "/v1/classify", 405),
        ("POST", "/v1/classify", 415),
        ("GET", "/v1/queue?limit=1", 422),
    ],
)
def test_every_answer_carries_them(client: TestClient, method: str, path: str, status: int):
    answer = client.request(method, path, follow_redirects=False)

    assert answer.status_code == status
    for name, value in SECURITY_HEADERS:
        assert answer.headers[name.decode()] == value.decode()


def test_the_documentation_runs_its_own_scripts_and_no_others(client: TestClient):
    page = client.get("/docs")
    policy = page.headers["content-security-policy"]
    inline = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()

    assert len(inline) == 1
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy
    for source in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert source.startswith("/"), "only what this service has"


def test_files_of_the_documentation_may_be_kept(client: TestClient):
    script = re.search(r'script src="([^"]+)"', client.get("/docs").text).group(1)

    assert "no-store" not in client.get(script).headers.get("cache-control", "")
