"""One scored sentence, and its fields as HTTP answers and files show them."""

from dataclasses import dataclass
from typing import Any

from model.stance import STANCES, Stance
from model.text.units import Sentence


@dataclass(frozen=True)
class ScoredSentence:
    """A sentence with its scores and labels.

    Attributes:
        scores: calibrated probability of each stance, in the order of STANCES: the network's, of
            every kind of sentence.
        labels: the stances assigned; empty means none, and always for what claims nothing
            (speaker labels, furniture, attributions), whatever its scores.
        uncertain: the stances whose probability lies in their uncertain band; see Decision.
        windows: of the first reading; above 1 if the sentence exceeds the model's window.
        asked_twice: whether the careful network read it too, and the scores are of both.
    """

    sentence: Sentence
    scores: tuple[float, ...]
    labels: tuple[Stance, ...]
    uncertain: tuple[Stance, ...]
    windows: int
    asked_twice: bool = False

    def to_fields(self) -> dict[str, Any]:
        """Return the fields of an answer, over HTTP and in files alike; scores to four decimals.

        What most sentences do not have (parts, mark, speaker, turn, attribution, asked_twice) is
        left out where it does not apply.
        """
        sentence = self.sentence
        layout = {
            "parts": sentence.parts or None,
            "mark": sentence.mark,
            "speaker": sentence.speaker,
            "turn": sentence.turn,
            "attribution": sentence.attribution,
        }
        return {
            "index": sentence.index,
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.text,
            "kind": sentence.kind,
            **{name: value for name, value in layout.items() if value is not None},
            "labels": list(self.labels),
            "scores": {s: round(score, 4) for s, score in zip(STANCES, self.scores, strict=True)},
            "uncertain": list(self.uncertain),
            "windows": self.windows,
            **({"asked_twice": True} if self.asked_twice else {}),
        }
