"""Read an archive without scoring it: how much there is, and what would be rejected."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from model.errors import Fault
from serve.archive.documents import Documents, Reject
from serve.archive.inputs.read import SourceReader
from serve.archive.inputs.record import START
from serve.archive.request import Request, check_output, check_read_options, sources_of
from serve.archive.seen_ids import SeenIds
from serve.archive.work_folder import WorkFolder

_TOLD = 1000


@dataclass
class Checked:
    """What an archive holds. `faults` are the first of the rejects."""

    files: int = 0
    documents: int = 0
    characters: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)


def check_archive(request: Request) -> Checked:
    """Read everything; nothing is written beside the output.

    Raises:
        OutputRefused: the output could not be written.
        InvalidData: the input is not there.
    """
    check_output(request)
    check_read_options(request.read)
    with TemporaryDirectory(prefix="demarche-check-") as folder:
        work = WorkFolder(Path(folder) / request.output.name)
        work.path.mkdir()
        with SeenIds(work.ids) as seen:
            return _checked(request, work, Documents(request.read, seen))


def _checked(request: Request, work: WorkFolder, documents: Documents) -> Checked:
    checked = Checked()
    for number, source in enumerate(sources_of(request, work)):
        checked.files += 1
        for found in SourceReader(source, START, request.read):
            each = documents.document(source, number, found)
            if isinstance(each, Reject):
                checked.rejected[each.problem.code] += 1
                if len(checked.faults) < _TOLD:
                    checked.faults.append(each.fault())
            else:
                checked.documents += 1
                checked.characters += len(each.text)
    return checked
