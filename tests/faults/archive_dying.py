"""Scores an archive again and again, dying before each change to the disk in turn; run by a test.

One process forks a child for every moment, so that what is slow to import is imported once. The
child that dies is followed by one that goes on, and what that leaves is compared with the files of
a run that nothing stopped.
"""

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from model.command_line import say
from serve.archive import parts
from tests.serve.archive.archives import score

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
NAMES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}


def forked(action: Callable[[], object]) -> int:
    """Do something in a child; gives its exit status, negative for a signal."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        action()
    except BaseException as error:  # noqa: BLE001 - told, and the child ends here whatever it is
        say(repr(error))
        os._exit(1)
    os._exit(0)


def dying_before(change: int, action: Callable[[], object]) -> Callable[[], None]:
    """The action, whose process is killed before its nth change to the disk."""

    def run() -> None:
        numbers = count(1)

        def note(event: str, details: tuple[object, ...]) -> None:
            opened = event == "open" and details[2] and int(str(details[2])) & WRITING
            if (opened or event in NAMES) and next(numbers) == change:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(note)
        action()

    return run


def files(folder: Path) -> dict[str, bytes]:
    """What a run leaves; the manifest says how long it took and is only looked for."""
    return {
        path.name: b"" if path.name.endswith(".manifest.json") else path.read_bytes()
        for path in folder.iterdir()
    }


def main(source: str, folder: str, ending: str) -> None:
    """Try every moment; prints how many there were, or exits with what went wrong."""
    parts.PART_DOCUMENTS = 8
    place = Path(folder)

    def run(name: str) -> Callable[[], object]:
        (place / name).mkdir()
        return lambda: score(source, place / name / f"out{ending}")

    assert forked(run("whole")) == 0
    expected = files(place / "whole")
    for moment in count(1):
        action = run(str(moment))
        died = forked(dying_before(moment, action))
        if died == 0:
            say(f"moments: {moment - 1}")
            return
        assert died == -signal.SIGKILL, died
        again = forked(action)
        assert again == 0, (moment, again)
        assert files(place / str(moment)) == expected, moment


if __name__ == "__main__":
    main(*sys.argv[1:])
