"""Score parts on a Ray cluster; the one who asks for it writes them, in order, as on one machine.

Workers only compute: what one had when it died is given to another, and gives the same bytes.
Ray Core, and not Ray Data, whose checkpoints lost sentences of documents that were in two blocks.
"""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from serve.archive.errors import ClusterFailed
from serve.archive.instrument import Instrument
from serve.archive.parts import Part
from serve.archive.poison import Score, score_apart
from serve.archive.scoring import PartScorer, ScoredPart

LOCAL = "local"
_ROOT = Path(__file__).parents[2]
_AT_ONCE = 2  # parts of one worker: while one is scored, the next is on its way
_TRIES = 3  # workers that may die over one part until its documents are tried apart
# Declaring a node dead takes Ray some 15 s, and starting a worker with its model about as long.
_STALLED_SECONDS = 300.0

Make = Callable[[], Instrument]


class _Worker:
    """Runs on the cluster, with one model."""

    def __init__(self, make: Make) -> None:
        instrument = make()
        self._fingerprint, self._score = instrument.fingerprint, PartScorer(instrument.scorer)

    def fingerprint(self) -> Any:  # noqa: ANN401 - a mapping
        return dict(self._fingerprint)

    def score(self, part: Part) -> ScoredPart:
        return self._score(part)


@dataclass
class _Spread:
    """Parts on their way. `flying` has what is asked of which worker; None is its fingerprint."""

    ray: Any
    make: Make
    expected: Any
    count: int
    workers: list[Any] = field(default_factory=list)
    flying: dict[Any, tuple[Any, Part | None]] = field(default_factory=dict)
    waiting: deque[Part] = field(default_factory=deque)
    deaths: Counter[int] = field(default_factory=Counter)
    done: dict[int, ScoredPart] = field(default_factory=dict)

    def hire(self) -> Any:  # noqa: ANN401 - Ray has no types
        """Start a worker; it gets parts once it has shown that its arithmetic is the same."""
        # a call that was reported failed may have run: Ray must not repeat it by itself
        actor = self.ray.remote(_Worker).options(num_cpus=1, max_restarts=0, max_task_retries=0)
        worker = actor.remote(self.make)
        self.flying[worker.fingerprint.remote()] = (worker, None)
        return worker

    def give(self) -> None:
        """Hand waiting parts to workers that have room."""
        busy = Counter(id(worker) for worker, _ in self.flying.values())
        for worker in sorted(self.workers, key=lambda each: busy[id(each)]):
            while self.waiting and busy[id(worker)] < _AT_ONCE:
                part = self.waiting.popleft()
                self.flying[worker.score.remote(part)] = (worker, part)
                busy[id(worker)] += 1

    def collect(self) -> None:
        """Wait for an answer, and take it."""
        ready, _ = self.ray.wait(list(self.flying), num_returns=1, timeout=_STALLED_SECONDS)
        if not ready:
            raise ClusterFailed(
                f"the cluster did nothing for {_STALLED_SECONDS:.0f} s: see `ray status`; what is "
                "scored is kept, and the same command goes on"
            )
        worker, part = self.flying.pop(ready[0])
        try:
            answer = self.ray.get(ready[0])
        except (self.ray.exceptions.RayActorError, self.ray.exceptions.ObjectLostError):
            self._died(worker, part)
            return
        if part is not None:
            self.done[part.number] = answer
        elif answer != self.expected:
            self.ray.kill(worker)
            raise ClusterFailed(
                f"a worker scores with {answer}, this machine with {dict(self.expected)}: use "
                "workers of one CPU family and one model"
            )
        else:
            self.workers.append(worker)

    def _died(self, worker: Any, part: Part | None) -> None:  # noqa: ANN401 - see above
        if worker in self.workers or part is None:
            self.workers = [each for each in self.workers if each is not worker]
            self.hire()
        if part is None:
            return
        self.deaths[part.number] += 1
        if self.deaths[part.number] < _TRIES:
            self.waiting.appendleft(part)
        else:
            self.done[part.number] = score_apart(part, self._alone())

    def _alone(self) -> Score:
        """Score one part on a worker of its own; None if that died."""

        def score(part: Part) -> ScoredPart | None:
            actor = self.ray.remote(_Worker).options(num_cpus=0).remote(self.make)
            try:
                scored: ScoredPart = self.ray.get(actor.score.remote(part))
            except self.ray.exceptions.RayActorError:
                return None
            self.ray.kill(actor)
            return scored

        return score


@contextmanager
def cluster(address: str, make: Make) -> Iterator[Callable[[Iterator[Part], Instrument], Any]]:
    """Connect to a cluster and give what scores parts on it, in order.

    Raises:
        ClusterFailed: Ray is not installed, or there is no cluster at the address.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray  # noqa: PLC0415 - of the optional group
    except ImportError as error:
        needed = "CLUSTER needs Ray: pip install --group cluster -c constraints.txt"
        raise ClusterFailed(needed) from error
    try:
        where = {"include_dashboard": False} if address == LOCAL else {"address": address}
        ray.init(
            **where,
            log_to_driver=False,
            logging_level="ERROR",
            runtime_env={"env_vars": {"PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1"}},
        )
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise ClusterFailed(f"no cluster at {address}: {error}") from error
    try:
        count = max(1, int(ray.cluster_resources().get("CPU", 1)))
        yield lambda parts, instrument: _in_order(ray, make, count, parts, instrument)
    finally:
        ray.shutdown()


def _in_order(
    ray: Any,  # noqa: ANN401 - it has no types
    make: Make,
    count: int,
    parts: Iterator[Part],
    instrument: Instrument,
) -> Iterator[ScoredPart]:
    """Yield scored parts in order; only so many are held at once, counted from the oldest."""
    spread = _Spread(ray, make, dict(instrument.fingerprint), count)
    for _ in range(count):
        spread.hire()
    order: deque[int] = deque()
    more = True
    while more or order:
        while more and len(order) < _AT_ONCE * count + 2:
            part = next(parts, None)
            if part is None:
                more = False
                break
            order.append(part.number)
            spread.waiting.append(part)
        spread.give()
        if order and order[0] in spread.done:
            yield spread.done.pop(order.popleft())
        elif order:
            spread.collect()
