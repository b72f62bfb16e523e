"""What importing a folder pulls in, how long files are, and that the map of packages is true."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "torch",
    "transformers",
    "datasets",
    "nncf",
    "sklearn",
    "matplotlib",
    "cleanlab",
    "training",
}
FOLDERS = ("model", "data", "training", "serve", "benchmarks")


def imported_by(module: str) -> set[str]:
    code = f"import sys, {module}; print('\\n'.join({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("serve.__main__", HEAVY),
        ("serve.app", HEAVY | {"pyarrow", "pandas"}),
        ("model.classifier", HEAVY | {"fastapi", "pydantic", "data", "serve"}),
        ("model.text.sentences", HEAVY | {"numpy", "openvino", "tokenizers"}),
        ("model.errors", HEAVY | {"numpy", "openvino", "tokenizers", "pycld2"}),
        ("model.registry.versions", HEAVY | {"openvino", "tokenizers", "pycld2", "fastapi"}),
        # rollback and models run in the serving environment, where there is no training/
        ("training.__main__", HEAVY - {"training"}),
        ("model.registry.__main__", HEAVY | {"openvino", "tokenizers", "pycld2", "fastapi"}),
        ("training.commands.promote", {"torch", "transformers", "datasets", "nncf", "matplotlib"}),
        ("data.annotation.files", HEAVY | {"numpy", "openvino", "tokenizers", "fastapi"}),
        (
            "data.commands.import_file",
            HEAVY | {"numpy", "openvino", "tokenizers", "fastapi", "pyarrow"},
        ),
        ("data.annotation.split", HEAVY | {"numpy", "openvino", "tokenizers", "fastapi"}),
    ],
)
def test_importing_is_silent_and_light(module: str, unwanted: set[str]):
    assert imported_by(module) & unwanted == set()


def sources() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_under_two_hundred_lines(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 200


def test_there_are_no_drawers():
    names = {path.stem for path in sources()}

    assert names & {"utils", "helpers", "common", "misc", "base", "manager"} == set()


def test_the_architecture_page_has_a_line_for_every_package():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = {str(path.parent.relative_to(ROOT)) for path in sources()}
    named = set(re.findall(r"^\| `([a-z_/]+)` \|", page, re.MULTILINE))

    without_a_line = {*FOLDERS[:-1], "data/store/migrations/versions"}

    assert folders - without_a_line == named


def test_contracts_hold():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
