"""What a text must be to be scored: some text, of characters, not too much of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from model.errors import EmptyText, TooLarge, UnusableText

_UNUSABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Limits:
    """The published limits of one request; `seconds` in which it is answered or given up."""

    characters: int
    sentences: int
    seconds: float = 10.0

    def check_characters(self, count: int) -> None:
        """Raise TooLarge for more characters than allowed."""
        if count > self.characters:
            raise TooLarge("characters", self.characters, count)

    def check_sentences(self, count: int) -> None:
        """Raise TooLarge for more sentences than allowed."""
        if count > self.sentences:
            raise TooLarge("sentences", self.sentences, count)


def check_text(text: str, *, name: str) -> None:
    """Refuse what cannot be scored; `name` says in the message which text it was.

    Raises:
        EmptyText: nothing but white space.
        UnusableText: a NUL or a lone surrogate.
    """
    if not text.strip():
        raise EmptyText(f"{name} is empty: send at least one sentence")
    if found := _UNUSABLE.search(text):
        raise UnusableText(
            f"{name} has U+{ord(found.group()):04X} at character {found.start()}, which is not "
            "text: decode the source with its right encoding"
        )


def check_sentences(sentences: Sequence[str]) -> None:
    """Refuse an empty list, and any sentence that cannot be scored; see `check_text`."""
    if not sentences:
        raise EmptyText("sentences is empty: send at least one sentence")
    for i, sentence in enumerate(sentences):
        check_text(sentence, name=f"sentences[{i}]")
