"""Colours that can be told apart and read, strings in one place, templates that escape."""

import re
import tomllib
from itertools import combinations
from math import dist
from operator import mul

import pytest

from model.stance import STANCES
from serve.page.rendering import FOLDER, STATIC

CSS = (STATIC / "page.css").read_text(encoding="utf-8")
COLOURS = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
SCHEMES = {
    "light": {name: light for name, light, _ in COLOURS},
    "dark": {name: dark for name, _, dark in COLOURS},
}
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# Ottosson (2020): linear RGB to cones, and their cube roots to Oklab
CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
OKLAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)

Matrix = tuple[tuple[float, ...], ...]


def times(matrix: Matrix, vector: list[float]) -> list[float]:
    return [sum(map(mul, row, vector)) for row in matrix]


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def luminance(colour: str) -> float:
    return sum(map(mul, (0.2126, 0.7152, 0.0722), linear(colour)))


def seen_as(colour: str, eyes: str) -> list[float]:
    """A hundred times its place in Oklab."""
    light = [min(1, max(0, each)) for each in times(EYES[eyes], linear(colour))]
    return [100 * each for each in times(OKLAB, [cone ** (1 / 3) for cone in times(CONES, light)])]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_is_readable_on_every_ground(scheme: str):
    of = SCHEMES[scheme]

    for stance in STANCES:
        wash = of[f"{stance}-wash"]
        assert contrast(of["ink"], wash) >= 7
        assert contrast(of["soft"], wash) >= 4.5
        assert contrast(of[stance], wash) >= 3
    for ground in (of["ground"], of["sheet"]):
        assert contrast(of["ink"], ground) >= 7
        for words in ("soft", "anchor", "alarm", *STANCES):
            assert contrast(of[words], ground) >= 4.5, words


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_stances_are_told_apart_by_every_eye(scheme: str, eyes: str):
    of = SCHEMES[scheme]

    for kind, least in (("", 9), ("-wash", 5)):
        places = [seen_as(of[f"{stance}{kind}"], eyes) for stance in STANCES]
        for one, other in combinations(places, 2):
            assert dist(one, other) >= least


def templates() -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in (FOLDER / "templates").iterdir()}


@pytest.mark.parametrize("name", templates())
def test_templates_escape_everything_and_hold_no_code(name: str):
    text = templates()[name]

    assert "|safe" not in text.replace(" ", "")
    assert "autoescape" not in text
    assert not re.search(r"\son[a-z]+=|style=|javascript:", text)
    assert not re.search(r"<script(?! type=\"module\" src=\"/static/)", text)


@pytest.mark.parametrize("name", templates())
def test_words_are_in_the_table_of_strings(name: str):
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", templates()[name], flags=re.DOTALL)
    text = re.sub(r"<kbd[^>]*>.*?</kbd>|<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)

    assert re.findall(r"[A-Za-z]{3,}", text) == []


def test_every_string_is_used():
    table = tomllib.loads((FOLDER / "strings" / "en.toml").read_text(encoding="utf-8"))
    used = "".join([*templates().values(), *(p.read_text() for p in STATIC.glob("*.js"))])
    indirect = (
        "statement.export_",
        "stance",
        "sheet",
        "queue.reason",
        "models.states",
        "models.action",
        "top",
    )

    def unused(part: dict[str, object], path: str) -> list[str]:
        found = []
        for name, value in part.items():
            place = f"{path}.{name}".strip(".")
            if isinstance(value, dict):
                found += unused(value, place)
            elif not place.startswith(indirect) and not re.search(rf"\b{name}\b", used):
                found.append(place)
        return found

    assert unused(table, "") == []


def test_the_modules_stay_three_and_small():
    modules = sorted(STATIC.glob("*.js"))
    code = [
        line
        for each in modules
        for line in each.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.strip().startswith(("//", "*", "/**"))
    ]

    assert [each.name for each in modules] == ["keys.js", "outbox.js", "page.js"]
    assert len(code) <= 600
    assert not re.search(
        "innerHTML|outerHTML|insertAdjacentHTML|document.write|eval", "".join(code)
    )
