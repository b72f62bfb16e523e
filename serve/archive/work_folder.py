"""The folder of a run: what it is of, and its finished parts. What is in it can be trusted.

job.json    the fingerprint of the run, see fingerprint.py
lock        held while a run goes on
ids.db      the ids that were read
input       what came by a pipe
000/000123.part   the part's sentences, documents and rejects, as lines of JSON
000/000123.done   written last: lengths and digest of the part, where the next begins, its counts
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from model.durable import replace_text, sync, whole_file
from model.errors import Locked
from serve.archive.errors import JobDiffers
from serve.archive.inputs.record import Position
from serve.archive.parts import Place
from serve.archive.scoring import ScoredPart

SECTIONS = ("sentences", "documents", "rejects")
_JOB, _LOCK, _IDS, _INPUT = "job.json", "lock", "ids.db", "input"
_A_FOLDER = 1000  # parts in one folder; a million files in one are slow to list


@dataclass(frozen=True)
class DonePart:
    """A finished part, as its marker tells it."""

    number: int
    sections: Mapping[str, int]
    digest: str
    end: Place
    counts: Mapping[str, int]
    rejected: Mapping[str, int]
    columns: Mapping[str, list[str]]


class WorkFolder:
    """The folder beside an output in which a run keeps its parts."""

    def __init__(self, output: Path) -> None:
        self.path = output.with_name(output.name + ".work")
        self.ids = self.path / _IDS
        self.input = self.path / _INPUT

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder; the kernel frees it as the process ends, however it ends.

        Raises:
            Locked: another run holds it.
        """
        self.path.mkdir(exist_ok=True)
        lock = FileLock(self.path / _LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise Locked(f"another run writes to {self.path}: wait until it has ended") from error
        try:
            yield
        finally:
            lock.release()

    def job(self) -> dict[str, Any] | None:
        """The fingerprint of the run that began here; None if none did.

        Raises:
            JobDiffers: it cannot be read.
        """
        try:
            job = json.loads((self.path / _JOB).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise JobDiffers(f"{self.path / _JOB} is damaged: start over with RESTART=1") from error
        return dict(job)

    def begin(self, job: Mapping[str, Any]) -> None:
        """Note what the run is of, before anything else of it is kept."""
        replace_text(self.path / _JOB, json.dumps(job, ensure_ascii=False, indent=1) + "\n")

    def clear(self) -> None:
        """Remove everything but the lock and what came by a pipe."""
        for each in self.path.iterdir():
            if each.name not in (_LOCK, _INPUT):
                shutil.rmtree(each) if each.is_dir() else each.unlink()

    def remove(self) -> None:
        """Remove the folder of a run that is finished."""
        (self.path / _JOB).unlink(missing_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)

    def commit(self, scored: ScoredPart) -> DonePart:
        """Keep a part: its bytes first, then its marker."""
        number, part = scored.number, self._place(scored.number, "part")
        part.parent.mkdir(exist_ok=True)
        content = [getattr(scored, name) for name in SECTIONS]
        with part.open("wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        sync(part.parent)
        lengths = dict(zip(SECTIONS, map(len, content), strict=True))
        digest = blake2b(b"".join(content), digest_size=16).hexdigest()
        done = DonePart(
            number,
            lengths,
            digest,
            scored.end,
            dict(scored.counts),
            dict(scored.rejected),
            scored.columns,
        )
        with whole_file(self._place(number, "done")) as marker:
            marker.write(json.dumps(asdict(done), ensure_ascii=False) + "\n")
        return done

    def done(self, number: int, *, verify: bool = True) -> DonePart | None:
        """Return a finished part; None if it is not finished or not as it was written."""
        try:
            row = json.loads(self._place(number, "done").read_text(encoding="utf-8"))
            end = Place(row["end"]["file"], Position(**row["end"]["position"]))
            part = DonePart(**{**row, "end": end})
            content = self.content(part) if verify else b""
        except (OSError, ValueError, KeyError, TypeError):
            return None
        digest = blake2b(content, digest_size=16).hexdigest()
        return part if not verify or digest == part.digest else None

    def finished(self, *, verify: bool = False) -> Iterator[DonePart]:
        """Yield the finished parts from the first on, until one is missing."""
        number = 0
        while part := self.done(number, verify=verify):
            yield part
            number += 1

    def content(self, part: DonePart) -> bytes:
        """Read all sections of a part."""
        return self._place(part.number, "part").read_bytes()

    def section(self, part: DonePart, name: str) -> bytes:
        """Read one section of a part."""
        start = 0
        for each in SECTIONS:
            if each == name:
                break
            start += part.sections[each]
        with self._place(part.number, "part").open("rb") as file:
            file.seek(start)
            return file.read(part.sections[name])

    def _place(self, number: int, ending: str) -> Path:
        return self.path / f"{number // _A_FOLDER:03}" / f"{number:06}.{ending}"
