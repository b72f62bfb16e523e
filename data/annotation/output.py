"""Which files no command may write to, whatever it is told to replace."""

from pathlib import Path

from data.annotation.files import CORPUS
from model.durable import check_output
from model.errors import OutputRefused


def check_output_file(path: Path) -> None:
    """Refuse a database, a model, and the corpus that comes with the project.

    Raises:
        OutputRefused: the path leads to one of them, however it is spelt.
    """
    check_output(path)
    corpus = CORPUS.parent.resolve()
    if corpus in path.resolve().parents:
        raise OutputRefused(f"{path} is in the corpus of the project: name another file")
