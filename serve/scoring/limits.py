"""How much one request may bring: characters, sentences, seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from model.errors import EmptyText, TooLarge
from model.text.checks import check_text


@dataclass(frozen=True)
class Limits:
    """The published limits of one request; `seconds` in which it is answered or given up."""

    characters: int
    sentences: int
    seconds: float = 10.0
    annotations: int = 512

    def check_characters(self, count: int) -> None:
        """Raise TooLarge for more characters than allowed."""
        if count > self.characters:
            raise TooLarge("characters", self.characters, count)

    def check_sentences(self, count: int) -> None:
        """Raise TooLarge for more sentences than allowed."""
        if count > self.sentences:
            raise TooLarge("sentences", self.sentences, count)

    def check_annotations(self, count: int) -> None:
        """Raise TooLarge for more annotations than allowed."""
        if count > self.annotations:
            raise TooLarge("annotations", self.annotations, count)


def check_sentences(sentences: Sequence[str]) -> None:
    """Refuse an empty list, and any sentence that cannot be scored; see `check_text`."""
    if not sentences:
        raise EmptyText("sentences is empty: send at least one sentence")
    for i, sentence in enumerate(sentences):
        check_text(sentence, name=f"sentences[{i}]")
