"""Colours that can be told apart and read, strings in one place, templates that escape."""

import re
import tomllib

import pytest

from serve.page.rendering import FOLDER, STATIC

CSS = (STATIC / "page.css").read_text(encoding="utf-8")
TOKENS = re.compile(r"--([a-z]+): (#[0-9a-f]{6});")
SCHEMES = {
    "light": dict(TOKENS.findall(CSS.split("@media screen")[0])),
    "dark": dict(TOKENS.findall(CSS.split("@media screen")[1])),
}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_is_readable_on_every_ground(scheme: str):
    of = SCHEMES[scheme]

    for ground in (of["at"], of["ct"], of["dt"]):
        assert contrast(of["text"], ground) >= 7
        assert contrast(of["muted"], ground) >= 4.5
    for ground in (of["bg"], of["card"]):
        assert contrast(of["text"], ground) >= 7
        for words in ("muted", "link", "bad", "a", "c", "d"):
            assert contrast(of[words], ground) >= 4.5, words
    for stance in "acd":
        assert contrast(of[stance], of[f"{stance}t"]) >= 3


def test_the_two_ways_to_dark_are_the_same():
    _, by_preference, by_choice = CSS.split("@media screen")

    assert TOKENS.findall(by_preference) == TOKENS.findall(by_choice)[: len(SCHEMES["dark"])]


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
