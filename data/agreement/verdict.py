"""Say what a coefficient of agreement lets one conclude, prevalence and interval considered."""

from dataclasses import dataclass

from data.agreement.bootstrap import Interval

# Krippendorff, "Content Analysis", 2004, p. 241: below, no conclusions
LOW = 0.667
# Of a label on 1 sentence in 20, alpha falls below 0.667 when two annotators differ on 1 sentence
# in 32: it then tells how rare the label is, and AC1 how far they agree.
_RARE = 0.05
# With fewer, over 1 % of samples are one document again and again, and the interval says nothing.
DOCUMENTS_OF_INTERVAL = 5
# 30 sentences without a disagreement leave it possible that 1 in 10 is one (3 / n, at 95 %): alpha
# of a label on half of them may then be 0.8, of one on a fifth 0.69; of fewer sentences, less.
_SENTENCES, _DOCUMENTS = 30, 10
# With the label, and without it: of 3 sentences with it, 1 sample in 20 has none and is left out.
_ANSWERS = 10


@dataclass(frozen=True)
class Basis:
    """What the figures of a stance are from.

    Attributes:
        sentences, documents: read by two or more.
        answers: how many have the label, or lack it, whichever is fewer.
    """

    sentences: int
    documents: int
    answers: int

    @property
    def missing(self) -> str | None:
        """What there is too little of for any verdict, in words."""
        if self.sentences < _SENTENCES:
            return f"{_few(self.sentences, 'sentence')} read twice, {_SENTENCES} are needed"
        if self.documents < _DOCUMENTS:
            return f"all of {_few(self.documents, 'document')}, {_DOCUMENTS} are needed"
        return None


def verdict(alpha: Interval, ac1: Interval, prevalence: float, basis: Basis) -> str:
    """Say in one line what the figures of a stance mean; "reliable" needs no action."""
    if not alpha.defined:
        all_say = "yes" if prevalence else "no"
        return f"every answer is {all_say}: alpha is not defined, and nothing is known of the rest"
    if alpha.low < LOW <= alpha.high and min(prevalence, 1 - prevalence) >= _RARE:
        return f"open: the interval reaches over {LOW}, more sentences read twice would tell"
    if basis.missing:
        return f"open: {basis.missing} for a verdict"
    return _of_enough(alpha, ac1, prevalence, basis)


def _of_enough(alpha: Interval, ac1: Interval, prevalence: float, basis: Basis) -> str:
    if alpha.low >= LOW and basis.answers >= _ANSWERS:
        return "reliable"
    if min(prevalence, 1 - prevalence) < _RARE and ac1.low >= LOW:
        rare = "rare" if prevalence < 0.5 else "nearly always there"
        return f"{rare} ({prevalence:.1%} of answers): alpha says little, AC1 says reliable"
    if basis.answers < _ANSWERS:
        side = "have the label" if prevalence < 0.5 else "lack the label"
        return f"open: {basis.answers} answers {side}, {_ANSWERS} are needed for a verdict"
    if alpha.high >= LOW:
        return f"open: the interval reaches over {LOW}, more sentences read twice would tell"
    return f"below {LOW}: the codebook, not the model"


def _few(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
