"""Command line of annotations: `python -m data import --help`."""

import sys
from collections.abc import Sequence
from importlib import import_module

from model.command_line import say

# each command is `main` of a file of data/commands/, loaded when it is run
_FILES = {
    "import": "import_file",
    "export": "export_file",
    "agreement": "agreement",
    "annotators": "annotators",
    "composition": "composition",
    "standoff": "standoff",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command by its name; returns its exit code."""
    name, *rest = [*(sys.argv[1:] if arguments is None else arguments)] or [""]
    if name not in _FILES:
        stream = sys.stdout if name in ("-h", "--help") else sys.stderr
        say(f"usage: python -m data {{{','.join(_FILES)}}} … [--help]", stream=stream)
        return 0 if stream is sys.stdout else 2
    code: int = import_module(f"data.commands.{_FILES[name]}").main(rest)
    return code


if __name__ == "__main__":
    sys.exit(main())
