"""A scored sentence as the page shows it: letters, pieces of text, marks. Knows no HTML."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.annotation.annotation import hash_of
from data.annotation.row_checks import MAX_CHARACTERS
from model.scored import ScoredSentence
from model.stance import STANCES, Stance
from model.text.units import CLAIMS, Sentence

LETTERS: Mapping[Stance, str] = {stance: str(stance)[0] for stance in STANCES}
_BY_LETTER = {letter: stance for stance, letter in LETTERS.items()}
_LANE = 14  # of the course: height of a stance's row
_SPACE = " \t\n\r\f\v\u00a0"


@dataclass(frozen=True)
class Mark:
    """A letter behind a sentence.

    Attributes:
        doubt: "" for a sure yes, "unsure" for a yes in doubt, "perhaps" for a no in doubt.
    """

    letter: str
    stance: Stance
    doubt: str = ""


@dataclass(frozen=True)
class OwnAnswer:
    """What the reader said of a sentence before; `labels` None: cannot decide."""

    labels: tuple[Stance, ...] | None
    suggested_by: str | None
    conflict: bool = False


@dataclass(frozen=True)
class Piece:
    """Some words; quiet ones stand inside of a sentence and are not read, as page headers are."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class SentenceView:
    """A sentence to show.

    Attributes:
        mark: the bullet, number or dateline in front of it.
        last: its last word, which the marks stay with.
        model: letters of the stances that the model found.
        shown: letters of the stances shown: one's own answer, or else the model's.
        unsure: letters of the stances that the model is in doubt about.
        too_long: it cannot be corrected, as no annotation may be that long.
    """

    index: int
    kind: str
    mark: str
    pieces: tuple[Piece, ...]
    last: str
    model: str
    shown: str
    unsure: str
    scores: tuple[float, ...]
    marks: tuple[Mark, ...]
    own: OwnAnswer | None
    too_long: bool

    @property
    def number(self) -> int:
        """Counted from 1."""
        return self.index + 1

    @property
    def hatched(self) -> bool:
        """Whether a stance that is shown is in doubt."""
        return bool(set(self.shown) & set(self.unsure))

    @property
    def claims(self) -> bool:
        """Whether it can express a stance."""
        return self.kind in CLAIMS


def letters(stances: Sequence[Stance]) -> str:
    """Letters of stances, in their order."""
    return "".join(LETTERS[each] for each in STANCES if each in stances)


def stances_of(given: str) -> tuple[Stance, ...]:
    """Stances of letters; others are passed over."""
    return tuple(_BY_LETTER[each] for each in LETTERS.values() if each in given)


def view_sentence(
    row: ScoredSentence, text: str, own: Mapping[str, OwnAnswer], before: int
) -> SentenceView:
    """Make what is shown of a sentence; `before` is where the one before it ended in the text."""
    sentence, answer = row.sentence, own.get(hash_of(row.sentence.text)) if own else None
    *pieces, last = _pieces(sentence, text)
    head, word = _last_word(last.text)
    model, unsure = letters(row.labels), letters(row.uncertain)
    shown = model if answer is None else letters(answer.labels or ())
    start, end = sentence.mark or (0, 0)
    return SentenceView(
        index=sentence.index,
        kind=sentence.kind,
        mark=text[start:end] if start >= before else "",
        pieces=(*pieces, Piece(head)) if head else tuple(pieces),
        last=word,
        model=model,
        shown=shown,
        unsure="" if answer else unsure,
        scores=tuple(row.scores),
        marks=_marks(shown, "" if answer else unsure),
        own=answer,
        too_long=len(sentence.text) > MAX_CHARACTERS,
    )


def _pieces(sentence: Sentence, text: str) -> Iterator[Piece]:
    end = sentence.start
    for start, stop in sentence.parts:
        if text[end:start].strip():
            yield Piece(text[end:start], quiet=True)
        yield Piece(text[start:stop] + " ")
        end = stop
    if not sentence.parts:
        yield Piece(sentence.text)


def _last_word(text: str) -> tuple[str, str]:
    """What stands before the last word, and that word; words of a length that must break: none."""
    text = text.rstrip(_SPACE)
    at = max(text.rfind(space) for space in _SPACE) + 1
    return (text[:at], text[at:]) if len(text) - at <= 40 else (text, "")


def _marks(shown: str, unsure: str) -> tuple[Mark, ...]:
    found = []
    for stance, letter in LETTERS.items():
        if letter in shown:
            found.append(Mark(letter.upper(), stance, "unsure" if letter in unsure else ""))
        elif letter in unsure:
            found.append(Mark(letter.upper(), stance, "perhaps"))
    return tuple(found)


@dataclass(frozen=True)
class Cell:
    """A rectangle of the course: a sentence's stance; lower where it is only perhaps there."""

    letter: str
    doubt: str
    x: int
    y: int
    height: int


def course(views: Sequence[SentenceView]) -> list[Cell]:
    """The course of a statement: a lane a stance, a column of ten a sentence."""
    lanes = {letter.upper(): lane for lane, letter in enumerate(LETTERS.values())}
    return [
        Cell(
            mark.letter.lower(),
            mark.doubt,
            10 * column + 1,
            _LANE * lanes[mark.letter] + (8 if mark.doubt == "perhaps" else 2),
            4 if mark.doubt == "perhaps" else 10,
        )
        for column, view in enumerate(views)
        for mark in view.marks
    ]


def where(views: Sequence[SentenceView]) -> dict[Stance, list[int]]:
    """The numbers of the sentences that show each stance."""
    return {
        stance: [each.number for each in views if letter in each.shown]
        for stance, letter in LETTERS.items()
    }


def counts(views: Sequence[SentenceView]) -> dict[str, int]:
    """How many sentences show each letter, are in doubt ("u") and show none ("z")."""
    claims = [each for each in views if each.claims]
    return {
        **{letter: sum(letter in each.shown for each in claims) for letter in LETTERS.values()},
        "u": sum(bool(each.unsure) for each in claims),
        "z": sum(not each.shown for each in claims),
    }
