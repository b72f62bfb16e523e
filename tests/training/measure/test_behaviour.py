"""Pass rates of the behavioural suite, by hand."""

import pytest

from data.annotation.behaviour_suite import Case
from tests.fakes import FakeClassifier
from training.measure.behaviour import behaviour_table, overall_pass_rate, passes, run_behaviour


def case(
    kind: str, *texts: str, function: str = "f", critical: bool = False, **asks: object
) -> Case:
    return Case(f"{function}-{texts[0]}", function, "1", kind, critical, texts, **asks)  # type: ignore[arg-type]


def verdict(one: Case) -> bool:
    return passes(one, FakeClassifier().classify_each(list(one.texts)))


def test_minimum_functionality_asks_for_presence_and_absence_and_ignores_the_rest():
    assert verdict(case("mft", "demand", expect={"demand": True, "criticism": False}))
    assert verdict(case("mft", "demand agreement", expect={"demand": True}))
    assert not verdict(case("mft", "demand", expect={"demand": False}))
    assert not verdict(case("mft", "none", expect={"demand": True}))


def test_invariance_asks_for_one_label_set():
    assert verdict(case("inv", "demand by A", "demand by B"))
    assert not verdict(case("inv", "demand by A", "criticism by B"))


def test_direction_asks_for_a_clearly_higher_score():
    assert verdict(case("dir", "none", "demand", label="demand"))
    assert not verdict(case("dir", "demand", "demand", label="demand"))
    assert not verdict(case("dir", "demand", "none", label="demand"))


def test_results_come_by_function_with_critical_failures_named():
    cases = [
        case("mft", "demand", expect={"demand": True}),
        case("inv", "demand", "agreement", function="g", critical=True),
        case("mft", "none", expect={"demand": True}),
    ]

    results = run_behaviour(FakeClassifier(), cases)

    assert [(r.function, r.pass_rate) for r in results] == [("f", 0.5), ("g", 0.0)]
    assert results[1].critical_failed == ["g-demand"]
    assert overall_pass_rate(results) == pytest.approx(1 / 3)
    table = behaviour_table(results)
    assert "33.3% of 3 cases passed; of 1 critical ones 0" in table
    assert "critical failed: g-demand" in table
