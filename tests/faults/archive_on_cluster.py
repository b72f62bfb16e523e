"""Scores an archive on two nodes, one of which is killed; run by a test in another process."""

import os
import sys
from pathlib import Path

from ray.cluster_utils import Cluster

from model.command_line import say
from serve.archive import parts
from serve.archive.cluster import cluster
from serve.archive.instrument import Instrument
from serve.archive.progress import FinishedPart
from tests.fakes import FakeClassifier, NamingEngine
from tests.serve.archive.archives import NoProgress, score


class Killing(NamingEngine):
    """Ends its process where a sentence says POISON."""

    def score(self, text: str):
        if "POISON" in text:
            os._exit(1)
        return super().score(text)


def make() -> Instrument:
    return Instrument.of(FakeClassifier(Killing()), numerics="bits")


class Watching(NoProgress):
    """Kills a node when a part is committed, and stops the run at another."""

    def __init__(self, nodes: Cluster, victim: object, *, stop: int | None) -> None:
        super().__init__()
        self._nodes, self._victim, self._stop = nodes, victim, stop

    def advance(self, part: FinishedPart) -> None:
        super().advance(part)
        if part.number == 3 and self._victim is not None:
            self._nodes.remove_node(self._victim, allow_graceful=False)
            self._victim = None
        if part.number == self._stop:
            raise KeyboardInterrupt


def main(source: str, folder: str) -> None:
    """Score with a node killed; then stop such a run, go on on one machine; then with poison."""
    parts.PART_DOCUMENTS = 3
    place = Path(folder)
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
    victim = nodes.add_node(num_cpus=2)
    with cluster(nodes.address, make) as spread:
        seen = Watching(nodes, victim, stop=None)
        score(source, place / "cluster.jsonl", progress=seen, spread=spread)
        say(f"parts: {len(seen.parts)}")
        try:
            stopping = Watching(nodes, None, stop=5)
            score(source, place / "resumed.jsonl", progress=stopping, spread=spread)
        except KeyboardInterrupt:
            score(source, place / "resumed.jsonl")
        poisoned = place / "poisoned.jsonl"
        with poisoned.open("w") as file:
            file.write(Path(source).read_text())
            file.write('{"id": "bad", "text": "Some POISON."}\n')
        score(poisoned, place / "poison.jsonl", spread=spread)
    nodes.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
