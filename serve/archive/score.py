"""Score an archive: every record once, whatever stops the run.

Parts are cut from the input alone, scored by threads, and committed one by one in order. The same
command goes on after the last committed part, and gives the same bytes as an undisturbed run.
"""

import errno
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from model.errors import OutputRefused
from serve.archive.assemble import Names, was_assembled
from serve.archive.documents import Documents
from serve.archive.errors import DiskFull, InputChanged, JobDiffers
from serve.archive.fingerprint import difference, fingerprint
from serve.archive.finish import Run, finish
from serve.archive.inputs.sources import changed, with_digests
from serve.archive.instrument import Instrument
from serve.archive.outcome import Outcome, already_done
from serve.archive.parts import Part, Place, cut
from serve.archive.progress import FinishedPart, Progress
from serve.archive.request import (
    Request,
    check_output,
    check_read_options,
    check_space,
    sources_of,
)
from serve.archive.scoring import PartScorer, ScoredPart
from serve.archive.seen_ids import SeenIds
from serve.archive.work_folder import WorkFolder

Spread = Callable[[Iterator[Part], Instrument], Iterator[ScoredPart]]  # in order

_AHEAD = 2  # parts that are read, or scored and wait, beyond those that are being scored


def score_archive(
    request: Request,
    load: Callable[[], Instrument],
    progress: Progress,
    *,
    spread: Spread | None = None,
) -> Outcome:
    """Score an archive, or go on with it; the output appears when all of it is scored.

    `spread` scores parts elsewhere, such as on a cluster; None takes threads of this process.

    Raises:
        OutputRefused: the output is there already, or cannot be written.
        InvalidData: the input is not there, or no record of it can be scored.
        JobDiffers: a run with another input, model, engine or option was stopped here.
        InputChanged: a file changed while it was read.
        DiskFull: there is no space; what is scored is kept.
        Locked: another run writes the same output.
    """
    check_output(request)
    check_read_options(request.read)
    work = WorkFolder(request.output)
    began = time.monotonic()
    with _space_watched(work), work.locked():
        try:
            instrument = load()
            sources = with_digests(sources_of(request, work), lambda _: None)
            run = Run(request, instrument, sources, work)
            done = _begin(run)
        except BaseException:
            if work.job() is None:
                work.remove()
            raise
        if done is not None:
            work.remove()
            return done
        _score(run, progress, spread or _in_order)
        return finish(run, time.monotonic() - began)


def _begin(run: Run) -> Outcome | None:
    """Note what the run is of, or see that it goes on; gives the outcome if it is finished."""
    request, work = run.request, run.work
    job = fingerprint(run.sources, request.options(), run.instrument.fingerprint)
    if request.restart:
        work.clear()
    names, old = Names(request.output), work.job()
    if old is not None and (differs := difference(old, job)):
        raise JobDiffers(
            f"{work.path} holds a stopped run of something else: {differs}. Put it back as it was "
            "and the run goes on, or start over with RESTART=1"
        )
    if request.output.exists() and not request.overwrite and not was_assembled(work):
        if outcome := already_done(names, job):
            return outcome
        raise OutputRefused(
            f"{request.output} is there already: OVERWRITE=1 replaces it when all is scored"
        )
    if old is None:
        check_space(request, run.sources)
        work.begin(job)
    return None


def _score(run: Run, progress: Progress, spread: Spread) -> None:
    """Score and commit every part that is not committed yet."""
    number, start = 0, Place()
    for done in run.work.finished(verify=True):
        number, start = done.number + 1, done.end
    progress.begin(run.sources, start)
    with SeenIds(run.work.ids) as seen:
        documents = Documents(run.request.read, seen)
        parts = cut(run.sources, run.request.read, documents, start=start, number=number)
        for scored in spread(_wanted(parts, run.work, progress), run.instrument):
            seen.keep()
            _check_unchanged(run, scored.end)
            run.work.commit(scored)
            progress.advance(FinishedPart(scored.number, scored.end, scored.share, scored.counts))


def _wanted(parts: Iterator[Part], work: WorkFolder, progress: Progress) -> Iterator[Part]:
    """Those parts that are not committed; of some before which one was damaged, the later are."""
    for part in parts:
        if done := work.done(part.number):
            progress.advance(FinishedPart(part.number, part.end, part.share, done.counts))
        else:
            yield part


def _in_order(parts: Iterator[Part], instrument: Instrument) -> Iterator[ScoredPart]:
    """Score parts on threads and yield them in order; only so many are held at once."""
    scorer = PartScorer(instrument.scorer)
    waiting: deque[Future[ScoredPart]] = deque()
    with ThreadPoolExecutor(instrument.concurrency, thread_name_prefix="score") as threads:
        try:
            for part in parts:
                waiting.append(threads.submit(scorer, part))
                while len(waiting) > instrument.concurrency + _AHEAD or (
                    waiting and waiting[0].done()
                ):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


def _check_unchanged(run: Run, end: Place) -> None:
    """Refuse to go on with a file that is not the one that was listed."""
    for source in run.sources[max(0, end.file - 1) : end.file + 1]:
        if changed(source):
            raise InputChanged(
                f"{source.path} changed while it was read: wait until it is finished, then start "
                "over with RESTART=1"
            )


@contextmanager
def _space_watched(work: WorkFolder) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise DiskFull(
            f"no space left for {work.path}: free some, and the same command goes on"
        ) from error
