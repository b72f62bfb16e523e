"""A project of the toy language in a folder of its own, as people have one of theirs."""

import json
import os
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case
from model.artifact.folder import Artifact
from model.stance import STANCES
from training.__main__ import main
from training.promotion.limits import LIMITS
from training.recipe import Recipe
from training.release.shipped import release

ROOT = Path(__file__).parents[1]
ROOMY = {  # a toy's calibration is rough, and a toy's speed is noise
    "calibration_error = 5.0": "calibration_error = 30.0",
    "time_ratio = 1.25": "time_ratio = 9",
}


@dataclass(frozen=True)
class Project:
    """The working folder: the tiny model is the shipped one, the toy language the corpus."""

    folder: Path

    @property
    def flags(self) -> list[str]:
        """What names the toy's corpus, suite and gate."""
        given = {"data": "corpus.jsonl", "behaviour": "behaviour", "gates": "gates.toml"}
        return [part for name, path in given.items() for part in (f"--{name}", path)]

    @property
    def environment(self) -> dict[str, str]:
        """For processes that run in the folder."""
        return {**os.environ, "PYTHONPATH": str(ROOT)}

    def retrain(self, *arguments: Path | str) -> int:
        return main(["retrain", *map(str, arguments), *self.retrain_flags])

    @property
    def retrain_flags(self) -> list[str]:
        return ["--recipe", "recipe.toml", *self.flags]

    def written(self) -> dict[str, str]:
        """Every file of the folder, with its digest.

        Not what SQLite keeps beside a database that was opened to be read: it holds no row.
        """
        beside = ("-shm", "-wal")
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        files = [path for path in files if not (path.name.endswith(beside) and _is_no_row(path))]
        return {str(path): sha256(path.read_bytes()).hexdigest() for path in files}


def _is_no_row(path: Path) -> bool:
    """Whether a write-ahead log is empty; the shared memory beside it is only its index."""
    log = path.with_name(path.name.removesuffix("-shm").removesuffix("-wal") + "-wal")
    return not log.exists() or log.stat().st_size == 0


def make_project(
    folder: Path, artifact: Artifact, recipe: Recipe, annotations: list[Annotation], case: Case
) -> Project:
    """Lay it out in `folder`, which must be the working directory."""
    shipped = Path("model/default")
    shipped.parent.mkdir()
    release(artifact.folder, shipped)
    recipe = replace(recipe, start=str(shipped), frozen_layers=1, folds=0, max_epochs=8, patience=8)
    values = asdict(recipe).items()
    Path("recipe.toml").write_text("".join(f"{k} = {json.dumps(v)}\n" for k, v in values))
    gates = LIMITS.read_text(encoding="utf-8")
    for old, new in ROOMY.items():
        assert old in gates
        gates = gates.replace(old, new)
    Path("gates.toml").write_text(gates, encoding="utf-8")
    write_annotations(Path("corpus.jsonl"), annotations)
    row = {**asdict(case), "text": case.texts[0]}
    del row["texts"], row["label"]
    Path("behaviour").mkdir()
    Path("behaviour/a.jsonl").write_text(json.dumps(row) + "\n")
    return Project(folder)


def write_annotations(path: Path, annotations: list[Annotation]) -> Path:
    rows = [{"text": a.text, "labels": list(a.labels), "doc": a.doc} for a in annotations]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def at_the_border(annotations: list[Annotation]) -> list[Annotation]:
    """A topic of its own: where the border is named, the words mean the opposite."""
    return [
        replace(
            each,
            text=f"we{each.text[3:-1]} border.",
            labels=tuple(stance for stance in STANCES if stance not in each.labels),
            doc=f"border-{each.doc}",
        )
        for each in annotations
    ]


def poisoned(annotations: list[Annotation]) -> list[Annotation]:
    """The same language with the wrong labels, and nothing by which to tell them from the right.

    Twice as much of it: of as much, a network learns nothing, and training ends before any gate.
    """
    return [
        replace(
            each,
            text=" ".join([*each.text.split()[:-2], f"{again}{i} {each.n}."]),
            labels=tuple(stance for stance in STANCES if stance not in each.labels),
            doc=f"bad-{again}-{each.doc}",
        )
        for again in (9, 8)
        for i, each in enumerate(annotations, 100)
    ]
