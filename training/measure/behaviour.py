"""A classifier and the behavioural suite to pass rates, one row a function of language."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from data.annotation.behaviour_suite import DIRECTION, MINIMUM, Case
from model.classifier import StanceClassifier
from model.scored import ScoredSentence
from model.stance import STANCES

_MARGIN = 0.05  # by how much a direction test wants the probability of its stance to rise


@dataclass(frozen=True)
class FunctionResult:
    """The outcome of the cases of one function.

    Attributes:
        failed: ids of the cases it failed, critical ones among them.
        critical_failed: ids of those whose failure forbids promotion.
    """

    function: str
    rule: str
    cases: int
    failed: list[str]
    critical: int
    critical_failed: list[str]

    @property
    def pass_rate(self) -> float:
        """The share of cases passed."""
        return 1 - len(self.failed) / self.cases


def run_behaviour(classifier: StanceClassifier, cases: Sequence[Case]) -> list[FunctionResult]:
    """Run every case, in one batch; functions come in the order of their first case."""
    scored = iter(classifier.classify_each([text for case in cases for text in case.texts]))
    failed = {case.id for case in cases if not passes(case, list(islice(scored, len(case.texts))))}
    functions = dict.fromkeys(case.function for case in cases)
    return [_result([case for case in cases if case.function == f], failed) for f in functions]


def passes(case: Case, scored: Sequence[ScoredSentence]) -> bool:
    """Return whether the scores of a case's texts are what it asks for."""
    if case.type == MINIMUM:
        return all((stance in scored[0].labels) == wanted for stance, wanted in case.expect.items())
    before, after = scored
    if case.type == DIRECTION:
        i = [str(stance) for stance in STANCES].index(str(case.label))
        return after.scores[i] - before.scores[i] >= _MARGIN
    return set(before.labels) == set(after.labels)


def overall_pass_rate(results: Sequence[FunctionResult]) -> float:
    """Return the share of all cases passed; 1.0 without cases."""
    if not results:
        return 1.0
    return 1 - sum(len(each.failed) for each in results) / sum(each.cases for each in results)


def behaviour_table(results: Sequence[FunctionResult]) -> str:
    """Show one line a function, the worst first, as fixed-width text."""
    critical = sum(each.critical for each in results)
    failed = [case for each in results for case in each.critical_failed]
    head = (
        f"{overall_pass_rate(results):.1%} of {sum(each.cases for each in results):,} cases "
        f"passed; of {critical} critical ones {critical - len(failed)}"
    )
    rows = [
        f"  {each.function:<28}{each.pass_rate:>7.1%} of {each.cases:<5}"
        f"{'critical failed: ' + ', '.join(each.critical_failed) if each.critical_failed else ''}"
        for each in sorted(results, key=lambda each: each.pass_rate)
    ]
    return "\n".join([head, *(row.rstrip() for row in rows)])


def _result(cases: Sequence[Case], failed: set[str]) -> FunctionResult:
    missed = [case for case in cases if case.id in failed]
    return FunctionResult(
        function=cases[0].function,
        rule=cases[0].rule,
        cases=len(cases),
        failed=[case.id for case in missed],
        critical=sum(case.critical for case in cases),
        critical_failed=[case.id for case in missed if case.critical],
    )
