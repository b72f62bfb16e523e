"""Which requests are read at all, judged by their headers (RFC 9112, RFC 9110).

llhttp, the parser, already refuses what could be read in two ways: a Content-Length beside a
Transfer-Encoding, two different lengths, a bare line feed in a header. These rules refuse the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httptools
from starlette.exceptions import HTTPException
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from serve.api.problems import problem_of
from serve.guard.security_headers import SECURITY_HEADERS

# Proxies allow headers of 8 to 16 KiB; a trace, a key and cookies stay under 4.
MAX_HEADER_BYTES = 16 * 1024

Headers = Sequence[tuple[bytes, bytes]]
# told of a request that was not read: its status and its id
OnRefusal = Callable[[int, str], None]


@dataclass(frozen=True)
class BadRequest:
    """The status and the sentence that a request is refused with."""

    status: int
    detail: str


def check_headers(version: str, url: bytes, headers: Headers) -> BadRequest | None:
    """Say what is wrong with a request whose headers are complete; None: it may be read.

    Args:
        version: of HTTP, such as "1.1".
        url: the request target as sent.
        headers: names in small letters.
    """
    size = len(url) + sum(len(name) + len(value) for name, value in headers)
    if size > MAX_HEADER_BYTES:
        return BadRequest(431, f"the headers are over {MAX_HEADER_BYTES:,} bytes")
    if version not in ("1.0", "1.1"):
        return BadRequest(505, f"HTTP/{version} is not spoken here: use HTTP/1.1")
    return (
        _check_host(version, _values(headers, b"host"))
        or _check_coding(version, _values(headers, b"transfer-encoding"))
        or _check_expect(_values(headers, b"expect"))
    )


def _check_host(version: str, hosts: list[bytes]) -> BadRequest | None:
    if len(hosts) > 1 or (version == "1.1" and not hosts):
        return BadRequest(400, f"send the header Host exactly once, not {len(hosts)} times")
    return None


def _check_coding(version: str, codings: list[bytes]) -> BadRequest | None:
    if not codings:
        return None
    if version == "1.0":
        return BadRequest(400, "HTTP/1.0 has no Transfer-Encoding: send a Content-Length")
    if [each.lower() for each in codings] != [b"chunked"]:
        return BadRequest(501, "the only Transfer-Encoding that is read is chunked, alone")
    return None


def _check_expect(expectations: list[bytes]) -> BadRequest | None:
    if [each.lower() for each in expectations] not in ([], [b"100-continue"]):
        return BadRequest(417, "the only expectation that can be met is 100-continue")
    return None


def authority_of(url: bytes) -> bytes | None:
    """The host of a request target in absolute form; None: the target is a path.

    Raises:
        httptools.HttpParserError: it is no URL.
    """
    if url.startswith(b"/") or url == b"*":
        return None
    parsed = httptools.parse_url(url)
    host: bytes = parsed.host or b""
    name = b"[%b]" % host if b":" in host else host
    return name if parsed.port is None else b"%b:%d" % (name, parsed.port)


def refusal_bytes(why: BadRequest, request_id: str) -> bytes:
    """Write the whole answer to a request that is not read: a problem, and the end."""
    problem = problem_of(HTTPException(why.status, why.detail), request_id)
    own = [(b"x-request-id", request_id.encode()), (b"connection", b"close")]
    headers = [*problem.raw_headers, *SECURITY_HEADERS, *own]
    lines = [name + b": " + value + b"\r\n" for name, value in headers]
    return b"".join([STATUS_LINE[why.status], *lines, b"\r\n", bytes(problem.body)])


def _values(headers: Headers, wanted: bytes) -> list[bytes]:
    return [value.strip() for name, value in headers if name == wanted]
