"""The sections of docs/benchmarks.md: one a benchmark, replaced by its next run."""

import re
from pathlib import Path

from model.durable import replace_text

_TITLE = """# Benchmarks

Written by `make bench`, `make bench-load` and `make soak`, each its own sections, never by hand.
Times depend on the machine: compare the ratios, which come from runs in turns.
"""
ORDER = ("Engines", "Token budgets and padding", "Other servers", "Under load", "Soak")


def write_section(path: Path, title: str, body: str) -> None:
    """Write a section in place of the one of the same title; the others stay."""
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = {**parse_sections(present), title: body.strip()}
    known = [name for name in ORDER if name in sections]
    parts = [_TITLE, *(f"## {name}\n\n{sections[name]}\n" for name in known)]
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, "\n".join(parts))


def parse_sections(text: str) -> dict[str, str]:
    """Parse what `write_section` wrote into bodies by title."""
    _, *parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {title: body.strip() for title, body in zip(parts[::2], parts[1::2], strict=True)}
