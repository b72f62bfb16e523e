"""The codebook as data: what the labels mean, and the rulings on single cases."""

import re
from dataclasses import dataclass
from pathlib import Path

CODEBOOK = Path("data/corpus/codebook.md")
_VERSION = re.compile(r"^Version (\d+)", re.MULTILINE)
_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_RULING = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_LABELS = ("agreement", "criticism", "demand", "none")


@dataclass(frozen=True)
class Meaning:
    """What a label means.

    Attributes:
        definition: in words.
        examples: sentences that have it.
        not_: what does not have it, though it may look so.
    """

    label: str
    definition: str
    examples: str
    not_: str


@dataclass(frozen=True)
class Ruling:
    """How a case is decided; one number may have several."""

    number: int
    case: str
    label: str


@dataclass(frozen=True)
class Codebook:
    """A version of the codebook."""

    version: int
    meanings: tuple[Meaning, ...]
    order: tuple[str, ...]
    rulings: tuple[Ruling, ...]


def read_codebook(path: Path = CODEBOOK) -> Codebook:
    """Read the codebook from its page.

    Raises:
        OSError: it is not there.
    """
    text = path.read_text(encoding="utf-8")
    sections = dict(_SECTION.findall(text))
    version = _VERSION.search(text)
    order = sections.get("In which order to decide", "")
    return Codebook(
        version=int(version[1]) if version else 0,
        meanings=tuple(_meaning(each, sections[each]) for each in _LABELS if each in sections),
        order=tuple(_flowed(step) for step in re.split(r"^\d+\. ", order, flags=re.M)[1:]),
        rulings=tuple(Ruling(int(n), case, label) for n, case, label in _RULING.findall(text)),
    )


def _meaning(label: str, section: str) -> Meaning:
    definition, _, rest = section.partition("\n- ")
    examples, _, not_ = rest.partition("\n- Not: ")
    return Meaning(label, _flowed(definition), _flowed(examples), _flowed(not_))


def _flowed(text: str) -> str:
    return " ".join(text.split())
