"""Say what a coefficient of agreement lets one conclude, prevalence and interval considered."""

from data.agreement.bootstrap import Interval

# Krippendorff, "Content Analysis", 2004, p. 241: below, no conclusions
LOW = 0.667
# Of a label on 1 sentence in 20, alpha falls below 0.667 when two annotators differ on 1 sentence
# in 32: it then tells how rare the label is, and AC1 how far they agree.
_RARE = 0.05


def verdict(alpha: Interval, ac1: Interval, prevalence: float) -> str:
    """Say in one line what the figures of a stance mean; "reliable" needs no action."""
    if not alpha.defined:
        all_say = "yes" if prevalence else "no"
        return f"every answer is {all_say}: alpha is not defined, and nothing is known of the rest"
    if alpha.low >= LOW:
        return "reliable"
    if min(prevalence, 1 - prevalence) < _RARE and ac1.low >= LOW:
        rare = "rare" if prevalence < 0.5 else "nearly always there"
        return f"{rare} ({prevalence:.1%} of answers): alpha says little, AC1 says reliable"
    if alpha.high >= LOW:
        return f"open: the interval reaches over {LOW}, more sentences read twice would tell"
    return f"below {LOW}: the codebook, not the model"
