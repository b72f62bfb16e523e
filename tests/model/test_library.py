"""Scoring from Python: in order, each once, and with nothing installed but what serving has."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from model.library import score_texts, score_with
from model.repeats import ScoreOnce
from tests.fakes import FakeClassifier, NamingEngine, TwoNetworks

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "model" / "default"
# Imports only what the serving group installs; a folder that is not the project's, no variables.
CLEAN = """
import sys
from importlib.abc import MetaPathFinder

allowed = set(sys.argv[2].split()) | set(sys.stdlib_module_names) | {"model"}

class OnlyServing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in allowed:
            raise ModuleNotFoundError("not in the serving group: " + name, name=name)

sys.meta_path.insert(0, OnlyServing())
sys.path.insert(0, sys.argv[3])
folder = sys.argv[1]
"""
THREE_LINES = """
from model import score_texts
for document in score_texts(["We welcome the truce. They must leave.", "They met."], model=folder):
    print(document.id, [[str(s) for s in sentence.labels] for sentence in document.sentences])
"""


def serving_modules() -> set[str]:
    """The modules that `pip install --group serve` brings, by what is installed here."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    waiting = [Requirement(each) for each in groups["serve"]]
    wanted: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        name = canonicalize_name(requirement.name)
        if name not in wanted:
            wanted.add(name)
            waiting += needs(name)
    distributions = packages_distributions()
    return {
        module
        for module, names in distributions.items()
        if wanted & {canonicalize_name(name) for name in names}
    }


def needs(name: str) -> list[Requirement]:
    try:
        return [Requirement(each) for each in requires(name) or ()]
    except PackageNotFoundError:
        return []


def test_three_lines_score_texts_in_a_clean_environment(tmp_path: Path):
    allowed = " ".join(serving_modules())
    assert "torch" not in allowed.split()

    done = subprocess.run(
        [sys.executable, "-I", "-c", CLEAN + THREE_LINES, SHIPPED, allowed, ROOT],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["0 [['agreement'], ['demand']]", "1 [[]]"]
    assert list(tmp_path.iterdir()) == []


def test_lists_iterators_and_data_sets_give_the_same():
    from datasets import Dataset  # noqa: PLC0415 - slow to import

    texts = ["An agreement. A demand.", "Nothing."]
    rows = [{"key": f"k{n}", "body": text, "actor": "north"} for n, text in enumerate(texts)]
    scorer = ScoreOnce(FakeClassifier())

    from_list = list(score_with(scorer, texts))
    from_iterator = list(score_with(scorer, (text for text in texts)))
    from_rows = list(score_with(scorer, Dataset.from_list(rows), text="body", id="key"))

    assert from_list == from_iterator
    assert [each.sentences for each in from_rows] == [each.sentences for each in from_list]
    assert [(each.id, each.fields) for each in from_rows] == [
        ("k0", {"actor": "north"}),
        ("k1", {"actor": "north"}),
    ]
    assert from_list[0].sentences[1].labels == ("demand",)


def test_every_text_gives_one_answer_and_bad_ones_stop_nothing():
    class Fragile(NamingEngine):
        def score(self, text: str):
            logits = super().score("" if "BREAK" in text else text)
            return logits * float("nan") if "BREAK" in text else logits

    texts = ["They met.", "", None, {"body": "x"}, "BREAK it.", 7, "\ud800", "An agreement."]

    answers = list(score_with(ScoreOnce(FakeClassifier(Fragile())), texts))  # type: ignore[arg-type]

    assert [each.id for each in answers] == list(range(8))
    codes = [each.fault.code if each.fault else None for each in answers]
    assert codes == [None, "unusable", "type", "type", "engine", "type", "unusable", None]
    assert answers[-1].sentences[0].labels == ("agreement",)


def test_repeated_sentences_are_scored_once_and_texts_are_taken_as_needed():
    engine, taken = NamingEngine(), list[int]()

    def endless() -> Iterator[str]:
        number = 0
        while True:
            taken.append(number)
            yield "They met. They voiced agreement."
            number += 1

    answers = score_with(ScoreOnce(FakeClassifier(engine)), endless())
    first = [next(answers) for _ in range(3000)]

    assert len(taken) < 5000
    assert [text for call in engine.calls for text in call] == [
        "They met.",
        "They voiced agreement.",
    ]
    assert {each.sentences[1].labels for each in first} == {("agreement",)}


def test_one_text_or_several_splits_are_refused_at_once():
    with pytest.raises(TypeError, match="in a list"):
        score_texts("They met.")
    with pytest.raises(TypeError, match="choose one of train, test"):
        score_texts({"train": [], "test": []})


def test_with_two_networks_each_sentence_is_read_again_once_and_scored_as_by_the_classifier():
    model = TwoNetworks()
    texts = ["agreement", "perhaps a demand", "agreement", "perhaps a demand"]
    scorer = ScoreOnce(model)

    first = [each.sentences[0].scores for each in score_with(scorer, texts)]
    again = [each.sentences[0].scores for each in score_with(scorer, texts)]

    assert model.second.calls == [["perhaps a demand"]]
    assert first == again == [each.scores for each in TwoNetworks().classify_each(texts)]
