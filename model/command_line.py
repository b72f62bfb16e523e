"""Run the commands of the project: errors go to stderr, and each error has its exit code."""

import signal
import sys
from collections.abc import Callable
from typing import TextIO

from model.errors import DemarcheError

Say = Callable[[str], None]  # tells the person at the terminal something, such as `say` does

EXIT_CODES = (
    "exit codes: 0 done, 1 failed, 2 usage, 3 invalid data or model, 4 gate failed (the live model "
    "stays), 5 locked by another training or promotion, 6 nothing new, 7 not enough data, "
    "70 engine hung, 130 stopped"
)
_FAILED, STOPPED = 1, 130


def run(command: Callable[[], int | None], *, stopped: str = "stopped: nothing was written") -> int:
    """Run a command and return its exit code; None from it means 0.

    SIGTERM stops it as Ctrl-C does, so that temporary files are removed; `stopped` is then said.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return command() or 0
    except DemarcheError as error:
        say(f"error: {error}", stream=sys.stderr)
        return error.exit_code
    except OSError as error:  # a full disk, a missing file, a folder that may not be written
        say(f"error: {error}", stream=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        say(stopped, stream=sys.stderr)
        return STOPPED


def say(text: str, *, stream: TextIO | None = None) -> None:
    """Write a line for the person at the terminal, at once."""
    print(text, file=stream or sys.stdout, flush=True)
