"""The CPU engine under many threads at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model.artifact.folder import Artifact
from model.engines.openvino import OpenVinoEngine
from model.text.tokens import TokenBatch
from tests.model.engines.test_choose import batches


def test_calls_from_many_threads_get_each_their_own_answers(tiny_artifact: Artifact):
    texts = [f"We welcome the truce {'again ' * n}." for n in range(12)]
    asked = [batches(tiny_artifact, texts[n:]) for n in range(8)]
    alone = OpenVinoEngine(tiny_artifact.graph, threads=1)
    expected = [[alone.logits([batch])[0] for batch in each] for each in asked]
    engine = OpenVinoEngine(tiny_artifact.graph, threads=2)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(engine.logits, asked * 4))

    assert engine.concurrency == 2
    for found, right in zip(answers, expected * 4, strict=True):
        for a, b in zip(found, right, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)


# Threads that change at every turn, and whose first calls of a process meet.
MEETING = """
import sys
from pathlib import Path
import numpy as np
from model.engines.openvino import OpenVinoEngine
from model.text.tokens import TokenBatch

sys.setswitchinterval(1e-6)
engine = OpenVinoEngine(Path(sys.argv[1]), threads=2)
window = np.ones((1, 8), np.int64)
print(len(engine.logits([TokenBatch(window, window, [0])] * 8)))
"""


def test_first_calls_that_meet_do_not_wait_for_each_other_for_ever(tiny_artifact: Artifact):
    # without the engine's own first call a third of such processes hung
    command = [sys.executable, "-c", MEETING, str(tiny_artifact.graph)]
    for _ in range(6):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.stdout == "8\n", done.stderr


@pytest.mark.parametrize("rows", [1, 7, 8, 9, 17, 33])
def test_whatever_a_batch_is_filled_up_with_each_window_gets_its_own_answer(
    tiny_artifact: Artifact, rows: int
):
    engine = OpenVinoEngine(tiny_artifact.graph, threads=1)
    ids = np.random.default_rng(rows).integers(5, 40, (rows, 16))
    each = [TokenBatch(ids[[n]], np.ones((1, 16), np.int64), [0]) for n in range(rows)]
    alone = np.concatenate([engine.logits([batch])[0] for batch in each])

    (together,) = engine.logits([TokenBatch(ids, np.ones_like(ids), list(range(rows)))])

    assert together.shape == (rows, 3)
    np.testing.assert_allclose(together, alone, atol=1e-6)
