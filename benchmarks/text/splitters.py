"""Sentence splitters side by side, on the case tables and for speed.

`.venv/text/bin/python -m benchmarks.text.splitters`; benchmarks/text/requirements.txt says how to
make the environment.
"""

import importlib
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from data.annotation.files import corpus_files
from data.annotation.json_lines import read_json_lines
from model.text.sentences import read_sentences

Split = Callable[[str], list[str]]
TABLES = Path(__file__).parents[2] / "tests" / "model" / "text"
LIMIT = 20


def demarche(text: str) -> list[str]:
    return [each.text for each in read_sentences(text) if each.kind in ("sentence", "heading")]


def splitters() -> dict[str, Split]:
    sentencex, pysbd, blingfire = map(importlib.import_module, ("sentencex", "pysbd", "blingfire"))
    syntok = importlib.import_module("syntok.segmenter")
    segtok = importlib.import_module("segtok.segmenter")
    punkt = importlib.import_module("nltk.tokenize.punkt").PunktSentenceTokenizer()
    return {
        "Demarche": demarche,
        "sentencex": lambda text: list(sentencex.segment("en", text)),
        "pysbd": pysbd.Segmenter(language="en", clean=False).segment,
        "syntok": lambda text: [
            "".join(token.spacing + token.value for token in sentence)
            for paragraph in syntok.process(text)
            for sentence in paragraph
        ],
        "segtok": lambda text: list(segtok.split_multi(text)),
        "blingfire": lambda text: blingfire.text_to_sentences(text).split("\n"),
        "nltk punkt, untrained": punkt.tokenize,
    }


def cases(name: str) -> list[tuple[str, list[str]]]:
    found = []
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        marked = line.rpartition("\t")[2] if name.startswith("boundary") else line
        for escape, char in (("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t")):
            marked = marked.replace(escape, char)
        marked = re.sub("[⟨⟩]", "", marked)
        found.append((marked.replace("¦", ""), [flat(part) for part in marked.split("¦")]))
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


def is_right(got: list[str], expected: list[str]) -> bool:
    """Whether the ends are right; what stands before a sentence may be in it or not."""
    units = [flat(unit) for unit in got if unit.strip()]
    return len(units) == len(expected) and all(
        unit and want.endswith(unit) for unit, want in zip(units, expected, strict=True)
    )


def documents() -> list[str]:
    rows = [row for path in corpus_files() for _, row, _ in read_json_lines(path)]
    kept = [row for row in rows if isinstance(row, dict)]
    return [
        " ".join(row["text"] for row in document)
        for _, document in groupby(kept[:4000], key=lambda row: row["doc"])
    ]


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def seconds_for(split: Split, texts: list[str]) -> tuple[float, int]:
    began = time.process_time()
    count = sum(len(split(text)) for text in texts)
    return time.process_time() - began, count


def quotes(split: Split) -> str:
    """Seconds for 100,000 opening quotes, or that it took too long."""
    try:
        with limited(LIMIT):
            return f"{seconds_for(split, ['“' * 100_000])[0]:.2f}"
    except (TimeoutError, RecursionError):
        return f"over {LIMIT}"


def main() -> None:
    """Print the table of docs/sentences.md."""
    tables = [cases("sentence_cases.txt"), cases("boundary_cases.txt")]
    sizes = [len(table) for table in tables]
    out = sys.stdout.write
    out(f"| splitter | right of {sizes[0]} | right of {sizes[1]} | sentences/s | quotes, s |\n")
    out("|---|---|---|---|---|\n")
    texts = documents()
    for name, split in splitters().items():
        right = [sum(is_right(split(text), want) for text, want in table) for table in tables]
        seconds, count = min(seconds_for(split, texts) for _ in range(3))
        out(f"| {name} | {right[0]} | {right[1]} | {count / seconds:,.0f} | {quotes(split)} |\n")


if __name__ == "__main__":
    main()
