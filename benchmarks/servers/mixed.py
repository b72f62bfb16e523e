"""What a service is asked for beside scores: annotations, the queue, metrics, another model."""

import http.client
import json
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from benchmarks.servers.replies import BROKEN
from model.artifact.folder import COMPLETE, MANIFEST, Artifact, new_artifact, seal

VERSIONS = ("first", "second")
_EVERY_SECONDS, _VISITS_BETWEEN_SWAPS = 0.5, 300
_LOOKED_AT = ("/v1/annotations?limit=100", "/v1/queue?limit=20", "/v1/models", "/metrics")


def two_models(artifact: Artifact, registry: Path) -> None:
    """Fill a registry with copies of one model under two names, to change between."""
    for version in VERSIONS:
        with new_artifact(registry / version) as folder:
            known = shutil.ignore_patterns(MANIFEST, COMPLETE)
            shutil.copytree(artifact.folder, folder, ignore=known, dirs_exist_ok=True)
            seal(folder, replace(artifact.manifest, version=version))


class Visitor:
    """Somebody who annotates, looks around, and now and then changes the model.

    `statuses` counts what was answered, by what was asked for.
    """

    def __init__(self, base: str, texts: Sequence[str], *, seed: int) -> None:
        self._place, self._texts = urlsplit(base).netloc, texts
        self._draw = random.Random(seed)
        self._swaps = 0
        self.statuses: Counter[tuple[str, int]] = Counter()

    def visit(self) -> None:
        """Annotate a few sentences that nobody has yet, and look at one thing."""
        number = self._draw.getrandbits(60)
        rows = [
            {"text": f"{text} ({number})", "labels": [], "annotator": f"a{number % 5}"}
            for text in self._draw.choices(self._texts, k=3)
        ]
        self._ask("POST", "/v1/annotations", {"annotations": rows})
        self._ask("GET", self._draw.choice(_LOOKED_AT))

    def swap(self) -> None:
        """Put the other model into service."""
        version = VERSIONS[self._swaps % len(VERSIONS)]
        self._swaps += 1
        self._ask("POST", f"/v1/models/{version}/activate", known="/v1/models/activate")

    def stay(self, over: Event) -> None:
        """Visit, rest for half a second, and so on until it is over; swap at times."""
        visits = _VISITS_BETWEEN_SWAPS // 2
        while not over.wait(_EVERY_SECONDS):
            self.visit()
            visits += 1
            if visits % _VISITS_BETWEEN_SWAPS == 0:
                self.swap()

    def _ask(self, method: str, path: str, body: object = None, known: str = "") -> None:
        connection = http.client.HTTPConnection(self._place, timeout=120)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"content-type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            status = BROKEN
        finally:
            connection.close()
        self.statuses[f"{method} {known or path.partition('?')[0]}", status] += 1
