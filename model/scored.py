"""One scored sentence, and its fields as HTTP answers and files show them."""

from dataclasses import dataclass
from typing import Any

from model.stance import STANCES, Stance
from model.text.sentences import Sentence


@dataclass(frozen=True)
class ScoredSentence:
    """A sentence with its scores and labels.

    Attributes:
        scores: calibrated probability of each stance, in the order of STANCES.
        labels: the stances assigned; empty means none.
        uncertain: the stances whose probability lies in their uncertain band; see Decision.
        windows: forward passes it took; above 1 if the sentence exceeds the model's window.
    """

    sentence: Sentence
    scores: tuple[float, ...]
    labels: tuple[Stance, ...]
    uncertain: tuple[Stance, ...]
    windows: int

    def to_fields(self) -> dict[str, Any]:
        """Return the fields of an answer, over HTTP and in files alike; scores to four decimals."""
        return {
            "index": self.sentence.index,
            "start": self.sentence.start,
            "end": self.sentence.end,
            "text": self.sentence.text,
            "labels": list(self.labels),
            "scores": {s: round(score, 4) for s, score in zip(STANCES, self.scores, strict=True)},
            "uncertain": list(self.uncertain),
            "windows": self.windows,
        }
