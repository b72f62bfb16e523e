"""Documents to parts, cut from the input alone: not from workers, time or memory.

A part that is made again is the same part, so that doing it twice does no harm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from serve.archive.documents import Document, Documents, Reject
from serve.archive.inputs.read import SourceReader
from serve.archive.inputs.record import START, Position, ReadOptions
from serve.archive.inputs.sources import Source

# A part is whole documents until they have so many characters, about 2,000 sentences, enough to
# sort them by length, or until they and the rejects are so many. Scoring one takes a second or
# two, committing it milliseconds. Sentences are not counted: splitting is left to who scores.
PART_CHARACTERS = 256 * 1024
PART_DOCUMENTS = 2048


@dataclass(frozen=True, slots=True)
class Place:
    """Where an input goes on after a part: the number of a file, and how far that was read."""

    file: int = 0
    position: Position = START


@dataclass
class Part:
    """Some documents in order, and the rejects between them.

    Attributes:
        end: where the next part begins.
        share: how much of the file of `end` was read, from 0 to 1.
    """

    number: int
    documents: list[Document] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    end: Place = field(default_factory=Place)
    share: float = 0.0
    characters: int = 0

    @property
    def full(self) -> bool:
        """Whether the next record belongs to the next part."""
        return (
            len(self.documents) + len(self.rejects) >= PART_DOCUMENTS
            or self.characters >= PART_CHARACTERS
        )

    def add(self, found: Document | Reject) -> None:
        """Add what a record is."""
        if isinstance(found, Reject):
            self.rejects.append(found)
            return
        self.documents.append(found)
        self.characters += len(found.text)


def cut(
    sources: Sequence[Source],
    options: ReadOptions,
    documents: Documents,
    *,
    start: Place,
    number: int,
) -> Iterator[Part]:
    """Yield the parts after a place, the first of them with the number given."""
    part = Part(number)
    for index in range(start.file, len(sources)):
        position = start.position if index == start.file else START
        reader = SourceReader(sources[index], position, options)
        for found in reader:
            part.add(documents.document(sources[index], index, found))
            part.end = Place(index + 1) if found.ends else Place(index, found.after)
            if part.full:
                part.share = 0.0 if found.ends else reader.share
                yield part
                part = Part(part.number + 1)
    if part.documents or part.rejects:
        part.end = Place(len(sources))
        yield part
