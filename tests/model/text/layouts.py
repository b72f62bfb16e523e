"""Layouts made of documents: the same sentences, as mail, PDF and cables print them."""

import re
import textwrap
from collections.abc import Iterator
from itertools import groupby, islice
from random import Random

from data.annotation.files import corpus_files
from data.annotation.json_lines import read_json_lines
from model.text.sentences import read_sentences

# Documents that bring labels and datelines of their own are not given others.
_LABELLED = re.compile(r".{0,60}:|.{0,40}\d.{0,10}\s[-–—]\s|[A-Z][A-Z ]{3}")


def documents(count: int) -> list[list[str]]:
    """Paragraphs of documents of the corpus, in an order that every run has."""
    rows = [row for path in corpus_files() for _, row, _ in read_json_lines(path)]
    kept = sorted(
        (row for row in rows if isinstance(row, dict)), key=lambda row: (row["doc"], row["n"])
    )
    random = Random(5)
    found = [
        _paragraphs([row["text"] for row in group], random)
        for _, group in groupby(kept, key=lambda row: row["doc"])
    ]
    # clauses that end in commas cannot be told apart once they stand on one line
    found = [
        each for each in found if not re.search(r"[,;:]$|, [A-Z][a-z]+ing ", "\n".join(each), re.M)
    ]
    random.shuffle(found)
    # letterheads, long headings and the menus of web pages have no full stops: a line break inside
    # them looks like one between them
    return list(islice(filter(_all_sentences, found), count))


def _all_sentences(paragraphs: list[str]) -> bool:
    return all(each.kind == "sentence" for each in read_sentences("\n\n".join(paragraphs)))


def _paragraphs(sentences: list[str], random: Random) -> list[str]:
    found, at = [], 0
    while at < len(sentences):
        size = random.choice([1, 2, 3, 4])
        found.append(" ".join(sentences[at : at + size]))
        at += size
    return found


def wrapped(paragraph: str, width: int) -> str:
    return textwrap.fill(paragraph, width, break_long_words=False, break_on_hyphens=False)


def ragged(paragraph: str, width: int, random: Random) -> str:
    """Lines of three quarters of a width up to all of it."""
    lines, line, limit = [], "", random.randint(width * 3 // 4, width)
    for word in paragraph.split():
        if line and len(line) + 1 + len(word) > limit:
            lines.append(line)
            line, limit = "", random.randint(width * 3 // 4, width)
        line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def paged(text: str, *header: str) -> str:
    """Put a header, numbered, after every ninth line."""
    lines: list[str] = []
    for number, line in enumerate(text.split("\n")):
        lines.append(line)
        if number % 9 == 8:
            lines += ["", *(each.replace("{}", str(number // 9 + 2)) for each in header), ""]
    return "\n".join(lines)


def layouts(paragraphs: list[str]) -> Iterator[tuple[str, str]]:
    """Name and text of each layout."""
    random = Random(7)
    yield "one line a paragraph", "\n".join(paragraphs)
    yield "flattened", " ".join(paragraphs)
    for width in range(30, 141, 10):
        yield f"{width} columns", "\n\n".join(wrapped(each, width) for each in paragraphs)
    for width in (60, 72, 90):
        yield f"{width} columns, tight", "\n".join(wrapped(each, width) for each in paragraphs)
        indented = ("    " + wrapped(each, width) for each in paragraphs)
        yield f"{width} columns, indented", "\n".join(indented)
    for width in (50, 72, 100):
        yield (
            f"{width} columns, ragged",
            "\n\n".join(ragged(each, width, random) for each in paragraphs),
        )
    yield from _printed(paragraphs, "\n\n".join(wrapped(each, 72) for each in paragraphs))


def _printed(paragraphs: list[str], text: str) -> Iterator[tuple[str, str]]:
    yield "CRLF", text.replace("\n", "\r\n")
    yield "quoted mail", "> " + text.replace("\n", "\n> ")
    yield "long address", f"{text}\n\nhttps://ministry.example/{'a-very-long-name/' * 8}"
    yield "set apart", text.replace("\n", "\n\n")
    yield "page headers", paged(text, "Council of the River Lands            Sitting {}")
    yield "symbols", paged(text, "H/PV.{}1 (Resumption 1)                       {}")
    yield "page numbers", paged(text, "- {} -")
    yield (
        "feet and heads",
        paged(text, "31-4{}211 (E)          {}", "\f{}          The River Council"),
    )
    numbered = enumerate((wrapped(each, 66) for each in paragraphs), 1)
    yield "cable", "\n\n".join(f"¶{number}. (C) {each}" for number, each in numbered)
    if not any(_LABELLED.match(each) for each in paragraphs):
        spoken = enumerate(wrapped(each, 72) for each in paragraphs)
        names = ("Mr. ODAR", "Ms. LIND")
        yield "record", "\n".join(f"{names[turn % 2]}: {each}" for turn, each in spoken)
        yield "dateline", f"AUDREY, March 4 (HNA) -- {text}"


def units(text: str) -> list[str]:
    """What is scored of a text, addresses left out, without white space."""
    claims = [each for each in read_sentences(text) if each.kind in ("sentence", "heading")]
    return ["".join(each.scored.split()) for each in claims if "https:" not in each.text]


def wrong(expected: list[str], got: list[str]) -> int:
    """Boundaries missed or too many; more, where words were lost."""
    ends = [set(_ends(each)) for each in (expected, got)]
    lost = sum(map(len, expected)) != sum(map(len, got))
    return len(set(expected) ^ set(got)) if lost else len(ends[0] ^ ends[1])


def _ends(parts: list[str]) -> Iterator[int]:
    at = 0
    for part in parts:
        at += len(part)
        yield at
