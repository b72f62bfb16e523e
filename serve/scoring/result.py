"""What scoring a request gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from model.artifact.manifest import Manifest
from model.decide.second_opinion import Effort
from model.scored import ScoredSentence


@dataclass(frozen=True)
class Timing:
    """Seconds that one request spent splitting, tokenising, waiting and being scored.

    Attributes:
        second: of the second reading, from the end of the first, waiting included.
    """

    split: float
    tokenise: float
    wait: float
    infer: float
    second: float = 0.0


@dataclass(frozen=True)
class ScoringResult:
    """The result of one request. One model, that of `manifest`, scored all of its sentences.

    Attributes:
        foreign: the languages, as ISO 639 codes, of sentences that are not English, by index.
        effort: how many sentences the model reads twice.
    """

    manifest: Manifest
    scored: list[ScoredSentence]
    tokens: int
    timing: Timing
    foreign: Mapping[int, str] = field(default_factory=dict)
    effort: Effort = Effort.FAST

    @property
    def asked_twice(self) -> int | None:
        """How many sentences were read twice; None if the model reads none twice."""
        if self.effort is Effort.FAST:
            return None
        return sum(row.asked_twice for row in self.scored)


def merged(results: Sequence[ScoringResult]) -> ScoringResult:
    """The result of a whole request, from those of its parts in order, at least one."""
    first = results[0]
    timings = [each.timing for each in results]
    return ScoringResult(
        manifest=first.manifest,
        scored=[row for each in results for row in each.scored],
        tokens=sum(each.tokens for each in results),
        timing=Timing(
            split=sum(each.split for each in timings),
            tokenise=sum(each.tokenise for each in timings),
            wait=sum(each.wait for each in timings),
            infer=sum(each.infer for each in timings),
            second=sum(each.second for each in timings),
        ),
        foreign={index: code for each in results for index, code in each.foreign.items()},
        effort=first.effort,
    )
