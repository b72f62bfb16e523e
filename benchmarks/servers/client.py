"""The client of every server: closed loop for throughput, open loop for a given request rate.

And a raw connection to time single requests without the client's own work.
"""

import asyncio
import json
import re
import socket
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import aiohttp

from benchmarks.servers.replies import BROKEN, TIMED_OUT, Reply

_TYPE = {"content-type": "application/json"}


def closed_loop(url: str, bodies: Sequence[bytes], *, clients: int) -> list[Reply]:
    """Send bodies by `clients` that each wait for their answer before the next one."""
    return asyncio.run(_closed(url, iter(bodies), clients))


def open_loop(
    url: str, bodies: Sequence[bytes], times: Sequence[float], *, timeout: float = 30.0
) -> list[Reply]:
    """Send a request at each of the times (seconds), whatever became of those before it."""
    return asyncio.run(_open(url, bodies, times, timeout))


def encoded(body: object) -> bytes:
    """Encode a body as JSON."""
    return json.dumps(body).encode()


class RawConnection:
    """One open connection that sends requests prepared as bytes, and reads whole answers."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._head = f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\n"
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, body: bytes) -> bytes:
        """Prepare a request as bytes."""
        kind = f"content-type: {_TYPE['content-type']}\r\ncontent-length: {len(body)}\r\n\r\n"
        return f"{self._head}{kind}".encode() + body

    def send(self, request: bytes) -> int:
        """Send a request and read the whole answer; return its status."""
        self._socket.sendall(request)
        answer = b""
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._socket.recv(65_536)
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", answer[:end])
        assert length, "an answer without a length cannot be read whole"
        while len(answer) < end + 4 + int(length.group(1)):
            answer += self._socket.recv(65_536)
        return int(answer[9:12])

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


async def _closed(url: str, bodies: Iterator[bytes], clients: int) -> list[Reply]:
    replies: list[Reply] = []

    async def keep_asking(session: aiohttp.ClientSession) -> None:
        for body in bodies:
            began = time.monotonic()
            status = await _post(session, url, body)
            replies.append(Reply(status, 0.0, time.monotonic() - began))

    async with _session(120.0) as session:
        await asyncio.gather(*(keep_asking(session) for _ in range(clients)))
    return replies


async def _open(
    url: str, bodies: Sequence[bytes], times: Sequence[float], timeout: float
) -> list[Reply]:
    async def ask(session: aiohttp.ClientSession, due: float, body: bytes) -> Reply:
        status = await _post(session, url, body)
        return Reply(status, due, time.monotonic() - began - due)

    async with _session(timeout) as session:
        began = time.monotonic()
        tasks = []
        for number, due in enumerate(times):
            await asyncio.sleep(max(0.0, began + due - time.monotonic()))
            tasks.append(asyncio.create_task(ask(session, due, bodies[number % len(bodies)])))
        return list(await asyncio.gather(*tasks))


def _session(timeout: float) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=timeout),
        headers=_TYPE,
    )


async def _post(session: aiohttp.ClientSession, url: str, body: bytes) -> int:
    try:
        async with session.post(url, data=body) as answer:
            await answer.read()
            status: int = answer.status
            return status
    except TimeoutError:
        return TIMED_OUT
    except aiohttp.ClientError:
        return BROKEN
