"""A short soak: after thousands of requests of every kind the process holds no more than before."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from benchmarks.measure.process import Sample, sample
from model.artifact.folder import Artifact
from tests.conftest import WORDS
from tests.servers import Server, serving, until

CLIENTS, ROUND = 4, 800
# With batches of any number of windows, for each of which kernels are kept, it grew by 9.4 MiB.
SLACK_MEBIBYTES = 6.0


def statement(draw: random.Random) -> dict[str, object]:
    """Sentences of any number and length; some are nothing, or more than is taken."""
    if draw.random() < 0.05:
        return draw.choice([{"text": ""}, {"sentences": ["x"] * 20_000}, {"texts": "?"}])
    lengths = [draw.randint(1, 55) for _ in range(draw.randint(1, 40))]
    sentences = [" ".join(draw.choices(WORDS, k=length)) for length in lengths]
    if draw.random() < 0.5:
        return {"sentences": sentences}
    return {"text": " ".join(f"{each.capitalize()}." for each in sentences)}


def soak(server: Server, *, seed: int) -> tuple[Counter[int], Sample]:
    """Statuses of a round of requests, and what the process holds after it."""
    draw = random.Random(seed)
    bodies = [statement(draw) for _ in range(ROUND)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = clients.map(lambda body: server.ask("POST", "/v1/classify", body), bodies)
        statuses = Counter(status for status, _ in answers)
    return statuses, sample(server.process.pid, 0.0)


def test_memory_files_and_threads_stay_level(tiny_artifact: Artifact):
    with serving("--model", str(tiny_artifact.folder)) as server:
        for seed in (1, 2):  # kernels are built for every new shape, and caches fill
            soak(server, seed=seed)
        _, before = soak(server, seed=3)
        statuses, _ = soak(server, seed=4)
        _, after = soak(server, seed=5)
        # the last connections are closed a moment after they were answered
        until(lambda: sample(server.process.pid, 0.0).files <= before.files)

    assert set(statuses) == {200, 413, 422}
    assert after.mebibytes - before.mebibytes < SLACK_MEBIBYTES
    assert after.threads == before.threads
