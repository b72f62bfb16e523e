"""The results of two models to a verdict on every rule, whether or not another one fails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from model.stance import STANCES
from training.measure.behaviour import overall_pass_rate
from training.measure.evaluate import Predictions, expected_calibration_error, macro_f1, stance_f1
from training.measure.paired import f1_difference, macro_f1_difference
from training.promotion.compare import TEST, ModelResult
from training.promotion.limits import PromotionLimits

_REMARK = 90  # characters of it in the table
AT_LEAST, AT_MOST = "at least", "at most"


@dataclass(frozen=True)
class Verdict:
    """The verdict of one rule on a candidate.

    Attributes:
        value: what was measured; a difference is the candidate's value less the live model's.
        wanted: AT_LEAST or AT_MOST the limit.
        required: False for a wish, which refuses no candidate.
        remark: the figures behind the value.
    """

    rule: str
    value: float
    limit: float
    passed: bool
    wanted: str
    required: bool
    remark: str

    def __str__(self) -> str:
        said = "pass" if self.passed else "FAIL" if self.required else "wish"
        sign = "≥" if self.wanted == AT_LEAST else "≤"
        remark = shorten(self.remark, _REMARK, placeholder=" … (the history has all)")
        return f"{said}  {self.rule:<40}{self.value:>8.2f}  {sign} {self.limit:<7.2f} {remark}"


def apply_rules(
    candidate: ModelResult, live: ModelResult, limits: PromotionLimits
) -> list[Verdict]:
    """Return the verdict of every rule, in the order of training/gates.toml."""
    return [
        *_test(candidate.predictions[TEST], live.predictions[TEST], limits),
        *(
            verdict
            for name, predictions in candidate.predictions.items()
            if name != TEST
            for verdict in _own(name, predictions, live.predictions[name], limits)
        ),
        *_behaviour(candidate, live, limits),
        _calibration(candidate.predictions[TEST], live.predictions[TEST], limits),
        *_cost(candidate, live, limits),
    ]


def failures(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return the verdicts for which the candidate is refused."""
    return [each for each in verdicts if each.required and not each.passed]


def verdict_table(candidate: ModelResult, live: ModelResult, verdicts: Sequence[Verdict]) -> str:
    """Show each rule with its value, limit and verdict, as fixed-width text."""
    failed = len(failures(verdicts))
    end = f"{failed} of {len(verdicts)} rules failed" if failed else "no rule failed"
    head = (
        f"candidate {candidate.version} against live {live.version} (points, candidate less live)"
    )
    return "\n".join([head, *(str(each).rstrip() for each in verdicts), end])


def _test(candidate: Predictions, live: Predictions, limits: PromotionLimits) -> Iterator[Verdict]:
    between = macro_f1_difference(candidate, live, level=limits.confidence / 100)
    low, high = 100 * between.low, 100 * between.high
    remark = f"{_macro(candidate, live)}: {100 * between.value:+.2f} ({low:+.2f} to {high:+.2f})"
    yield _at_least("test: macro-F1, lower bound", low, limits.test_macro_f1_low, remark)
    yield from _labels(TEST, candidate, live, limits.test_label_f1, positives=0)


def _own(
    name: str, candidate: Predictions, live: Predictions, limits: PromotionLimits
) -> Iterator[Verdict]:
    difference = 100 * (macro_f1(candidate) - macro_f1(live))
    remark = f"{_macro(candidate, live)}, {len(candidate.groups)} sentences"
    yield _at_least(f"{name}: macro-F1", difference, limits.own_macro_f1, remark)
    yield from _labels(
        name, candidate, live, limits.own_label_f1, positives=int(limits.own_positives)
    )


def _labels(
    name: str, candidate: Predictions, live: Predictions, limit: float, *, positives: int
) -> Iterator[Verdict]:
    for i, stance in enumerate(STANCES):
        count = int(candidate.gold[:, i].sum())
        if count >= positives:
            figures = f"{100 * stance_f1(candidate, i):.1f}, was {100 * stance_f1(live, i):.1f}"
            value = 100 * f1_difference(candidate, live, i)
            yield _at_least(f"{name}: F1 of {stance}", value, limit, f"{figures}, n = {count}")


def _behaviour(
    candidate: ModelResult, live: ModelResult, limits: PromotionLimits
) -> Iterator[Verdict]:
    critical = sum(each.critical for each in candidate.behaviour)
    failed, before = _critical_failed(candidate), _critical_failed(live)
    new = [case for case in failed if case not in before]
    limit = limits.critical_newly_failed
    yield _at_most("behaviour: critical cases newly failed", len(new), limit, ", ".join(new))
    rate = 100 * (1 - len(failed) / critical) if critical else 100.0
    remark = f"{critical - len(failed)} of {critical}" + (", not " if failed else "")
    yield _at_least(
        "behaviour: critical cases passed, %",
        rate,
        limits.critical_wish,
        remark + ", ".join(failed),
        required=False,
    )
    now, was = (100 * overall_pass_rate(each.behaviour) for each in (candidate, live))
    yield _at_least(
        "behaviour: all cases", now - was, limits.behaviour, f"{now:.1f} %, was {was:.1f} %"
    )


def _critical_failed(result: ModelResult) -> list[str]:
    return [case for each in result.behaviour for case in each.critical_failed]


def _calibration(candidate: Predictions, live: Predictions, limits: PromotionLimits) -> Verdict:
    now, was = (100 * _calibration_error(each) for each in (candidate, live))
    limit = max(limits.calibration_error, was + limits.calibration_error_more)
    return _at_most("test: calibration error", now, limit, f"was {was:.2f}")


def _calibration_error(predictions: Predictions) -> float:
    columns = range(len(STANCES))
    each = [
        expected_calibration_error(predictions.probabilities[:, i], predictions.gold[:, i])
        for i in columns
    ]
    return sum(each) / len(each)


def _cost(candidate: ModelResult, live: ModelResult, limits: PromotionLimits) -> Iterator[Verdict]:
    seconds = f"{1000 * candidate.seconds:.0f} ms, was {1000 * live.seconds:.0f}"
    ratio = candidate.seconds / live.seconds
    yield _at_most("processor time, ratio", ratio, limits.time_ratio, seconds)
    size, was = candidate.served_bytes / 1e6, live.served_bytes / 1e6
    yield _at_most("size of what serves, MB", size, limits.served_megabytes, f"was {was:.1f}")


def _macro(candidate: Predictions, live: Predictions) -> str:
    return f"{100 * macro_f1(candidate):.1f}, was {100 * macro_f1(live):.1f}"


def _at_least(
    rule: str, value: float, limit: float, remark: str, *, required: bool = True
) -> Verdict:
    # not a number is never at least the limit
    return Verdict(rule, value, limit, value >= limit, AT_LEAST, required, remark)


def _at_most(rule: str, value: float, limit: float, remark: str) -> Verdict:
    return Verdict(rule, value, limit, value <= limit, AT_MOST, required=True, remark=remark)
