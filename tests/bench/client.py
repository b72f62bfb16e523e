"""The one client of every server: closed loop for throughput, open loop for what it does to it."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence

import aiohttp

from tests.bench.replies import BROKEN, TIMED_OUT, Reply

_TYPE = {"content-type": "application/json"}


def closed_loop(url: str, bodies: Sequence[bytes], *, clients: int) -> list[Reply]:
    """Clients that each send the next body when they have their answer."""
    return asyncio.run(_closed(url, iter(bodies), clients))


def open_loop(
    url: str, bodies: Sequence[bytes], times: Sequence[float], *, timeout: float = 30.0
) -> list[Reply]:
    """A request at every one of the times, whatever became of those before it."""
    return asyncio.run(_open(url, bodies, times, timeout))


def encoded(body: object) -> bytes:
    """A body as it is sent."""
    return json.dumps(body).encode()


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
            return answer.status
    except TimeoutError:
        return TIMED_OUT
    except aiohttp.ClientError:
        return BROKEN
