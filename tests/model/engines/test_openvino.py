"""The CPU engine under many threads at once."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from model.artifact import Artifact
from model.engines.openvino import OpenVinoEngine
from tests.model.engines.test_choose import batches


def test_calls_from_many_threads_get_each_their_own_answers(tiny_artifact: Artifact):
    texts = [f"We welcome the truce {'again ' * n}." for n in range(12)]
    asked = [batches(tiny_artifact, texts[n:]) for n in range(8)]
    alone = OpenVinoEngine(tiny_artifact.graph, threads=1)
    expected = [[alone.logits([batch])[0] for batch in each] for each in asked]
    engine = OpenVinoEngine(tiny_artifact.graph, threads=2)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(engine.logits, asked * 4))

    assert engine.lanes == 2
    for found, right in zip(answers, expected * 4, strict=True):
        for a, b in zip(found, right, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)
