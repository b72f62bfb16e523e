"""One training or promotion at a time: a lock that names its holder and does not outlive it."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from model.durable import TEMPORARY_PREFIX, replace_text
from model.errors import Locked

_LOCK, _OWNER = ".retraining.lock", ".retraining.json"


@dataclass(frozen=True)
class Owner:
    """The process that holds, or held, the lock.

    Attributes:
        started: ticks from the machine's start to the process's, since a pid can be given again.
        since: when it took the lock.
    """

    pid: int
    started: int | None
    host: str
    since: str
    doing: str

    @property
    def lives(self) -> bool:
        """Whether that very process still runs here."""
        started = _started(self.pid)
        return self.host == socket.gethostname() and started is not None and started == self.started

    def __str__(self) -> str:
        return f"{self.doing}, pid {self.pid} on {self.host}, since {self.since}"


@contextmanager
def one_at_a_time(models: Path, *, doing: str) -> Iterator[Owner | None]:
    """Hold the lock of a registry's folder while the block runs.

    Gives the owner that ended without releasing it, such as a killed run, whose place is taken.
    The kernel frees a lock as its process ends, however it ends: there is nothing to wait for.
    Model folders that killed runs left unfinished are removed.

    Raises:
        Locked: another process holds it.
    """
    models.mkdir(parents=True, exist_ok=True)
    lock, record = FileLock(models / _LOCK), models / _OWNER
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Locked(_refusal(_read_owner(record))) from error
    try:
        left = _read_owner(record)
        _sweep(models)
        replace_text(record, json.dumps(asdict(_this_process(doing))) + "\n")
        yield left
    finally:
        record.unlink(missing_ok=True)
        lock.release()


def _sweep(models: Path) -> None:
    """Only the lock's holder fills such folders; a pid that runs may be of one still on its way."""
    for folder in models.glob(f"{TEMPORARY_PREFIX}*-*"):
        pid = folder.name.rpartition("-")[2]
        if folder.is_dir() and pid.isdecimal() and _started(int(pid)) is None:
            shutil.rmtree(folder, ignore_errors=True)


def _refusal(owner: Owner | None) -> str:
    if owner is None:
        return "another training or promotion has just begun: wait until it has ended"
    if owner.host == socket.gethostname() and not owner.lives:
        return f"a process left by one that ended ({owner}) still holds the lock: end it first"
    return f"another training or promotion runs ({owner}): wait until it has ended, or stop it"


def _read_owner(record: Path) -> Owner | None:
    try:
        return Owner(**json.loads(record.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _this_process(doing: str) -> Owner:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    pid = os.getpid()
    return Owner(pid, _started(pid), socket.gethostname(), since, doing)


def _started(pid: int) -> int | None:
    """Start time of a process, field 22 of its stat; None if there is none (proc_pid_stat(5))."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[19])
