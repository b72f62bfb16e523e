"""Sentences stay what they are however their lines are laid out."""

from collections import Counter

from tests.model.text.layouts import documents, layouts, units, wrong

# Where even a reader must guess: names cut between short or uneven lines.
GUESSES = ("30 columns", "40 columns", "set apart", "flattened", "record")


def test_sixty_documents_in_every_layout():
    """At most 2 wrong boundaries of 100; no document changed but in the layouts of GUESSES."""
    faults: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    sentences = 0
    for paragraphs in documents(60):
        expected = units("\n\n".join(paragraphs))
        sentences += len(expected)
        for name, text in layouts(paragraphs):
            got = units(text)
            faults[name] += wrong(expected, got)
            changed[name] += got != expected

    assert {name: n for name, n in faults.items() if n > 0.02 * sentences} == {}
    certain = {name: n for name, n in changed.items() if n and "ragged" not in name}
    assert {name: n for name, n in certain.items() if name not in GUESSES} == {}
