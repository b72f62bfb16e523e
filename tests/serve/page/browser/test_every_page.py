"""What holds on every page: axe, the console, other hosts, small screens, forced colours, paper."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from serve.page.rendering import POLICY
from tests.browsers import Seen, Site, read

TEXT = (
    "Words on the harbour\n\nMR. ODAL: This is an agreement. This is criticism and a demand, at "
    "length, so that it takes more than one line of any screen that people hold in one hand. "
    "It rained.\n\n(a) A demand.\n(b) An agreement, criticism and demand.\n\nPage 1 of 2"
)
PAGES = ("start", "statement", "queue", "conflicts", "models", "problem")


def disagree(site: Site) -> None:
    rows = [("anna", ["demand"]), ("berta", [])]
    said = [{"text": "They left.", "labels": each, "annotator": name} for name, each in rows]
    site.post("/v1/annotations", {"annotations": said})


def show(page: Page, site: Site, name: str) -> None:
    """Go to a page, in the state in which most of it is to be seen."""
    if name == "statement":
        read(page, TEXT)
        page.keyboard.press("l")
    elif name in ("queue", "conflicts"):
        site.score(TEXT)
        disagree(site)
        page.goto(f"/{name}")
        page.locator("main").get_by_label("Your name").fill("christa")
        page.keyboard.press("Enter")
        page.locator(".ask.now").wait_for()
    elif name == "problem":
        page.goto("/")
        page.get_by_label("Statement").fill(" ")
        page.get_by_role("button", name="Read it").click()
        page.get_by_role("heading", name="That did not work").wait_for()
    else:
        page.goto("/" if name == "start" else f"/{name}")
    page.wait_for_load_state()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Callable[..., Page], site: Site, seen: Seen, scheme: str):
    page = visit(
        color_scheme=scheme, bypass_csp=True
    )  # axe is a script of ours, and not the page's
    found = {}
    for name in PAGES:
        show(page, site, name)
        violations = Axe().run(page).response["violations"]
        found[name] = [(e["id"], n["html"][:120]) for e in violations for n in e["nodes"]]
    seen.console[:] = [each for each in seen.console if "422" not in each]  # the problem's status

    assert {name: each for name, each in found.items() if each} == {}


def test_every_page_has_the_policy_and_stays_within_320_pixels(
    visit: Callable[..., Page], site: Site, seen: Seen
):
    page = visit(viewport={"width": 320, "height": 640})
    policies = set()
    page.on(
        "response",
        lambda answer: (
            policies.add(answer.headers.get("content-security-policy"))
            if answer.request.is_navigation_request() and answer.status != 303
            else None
        ),
    )
    wide = {}
    for name in PAGES:
        show(page, site, name)
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
    seen.console[:] = [each for each in seen.console if "422" not in each]

    assert policies == {POLICY}
    assert {name: each for name, each in wide.items() if each > 320} == {}


def decoration(page: Page, sentence: str) -> str:
    style = f"getComputedStyle(document.querySelector('{sentence}'))"
    return str(page.evaluate(f"{style}.textDecorationLine + ' ' + {style}.textDecorationStyle"))


def shapes(page: Page) -> list[str]:
    return [decoration(page, each) for each in ("#s3", "#s4", "#s6")]


def test_shapes_and_letters_remain_without_colours_and_on_paper(visit: Callable[..., Page]):
    page = visit(forced_colors="active")
    read(page, TEXT)
    assert shapes(page) == ["underline solid", "underline wavy", "underline double"]
    expect(page.locator("#s4 .k")).to_have_text("CD")

    page.emulate_media(media="print", forced_colors="none")
    assert shapes(page) == ["underline solid", "underline wavy", "underline double"]
    ground = "getComputedStyle(document.querySelector('#s3')).backgroundColor"
    assert page.evaluate(ground) == "rgba(0, 0, 0, 0)"
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("#s4 .k")).to_be_visible()


def test_paper_is_white_for_those_who_read_in_the_dark(visit: Callable[..., Page]):
    page = visit(color_scheme="dark")
    read(page, TEXT)
    page.emulate_media(media="print")

    colour = page.evaluate("getComputedStyle(document.body).color")

    assert colour == "rgb(27, 31, 36)"


def test_single_letters_can_be_switched_off(page: Page):
    read(page, TEXT)
    page.keyboard.press("?")
    page.get_by_label("Single letters").uncheck()
    page.keyboard.press("Escape")

    page.keyboard.press("j")
    expect(page.locator("#pop")).to_be_hidden()
    page.keyboard.press("Alt+Shift+J")
    expect(page.locator("#pop")).to_be_visible()


KEYS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"key": "j"}, {}, "next"),
    ({"key": "ArrowDown"}, {}, ""),
    ({"key": "ArrowDown"}, {"chosen": True}, "next"),
    ({"key": "a"}, {}, ""),
    ({"key": "a"}, {"chosen": True}, "toggle:a"),
    ({"key": "ф", "code": "KeyA"}, {"chosen": True}, "toggle:a"),
    ({"key": "a"}, {"chosen": True, "field": True}, ""),
    ({"key": "a", "ctrlKey": True}, {"chosen": True}, ""),
    ({"key": "a", "altKey": True}, {"chosen": True}, ""),
    ({"key": "a"}, {"chosen": True, "letters": False}, ""),
    ({"key": "Å", "code": "KeyA", "altKey": True, "shiftKey": True}, {"chosen": True}, "toggle:a"),
    ({"key": "Enter", "ctrlKey": True}, {"field": True}, "submit"),
    ({"key": "Enter"}, {"screen": "queue", "chosen": True}, "confirm"),
    ({"key": "Enter"}, {"screen": "queue", "control": True}, ""),
    ({"key": "Escape"}, {"field": True}, "close"),
    ({"key": "q"}, {}, ""),
    ({"key": "q"}, {"going": True}, "go:/queue"),
    ({"key": "2"}, {}, "filter:c"),
    ({"key": "2"}, {"screen": "queue"}, ""),
    ({"key": "n"}, {"screen": "models", "chosen": True}, ""),
    ({"key": "U", "shiftKey": True}, {}, "unsure-back"),
    ({"key": "Backspace"}, {"chosen": True}, ""),
    ({"key": "Delete"}, {"chosen": True}, ""),
]


def test_what_keys_mean(page: Page):
    page.goto("/models")
    state = {"screen": "read", "stances": "acd", "letters": True}
    cases = [({"code": "", **event}, {**state, **more}) for event, more, _ in KEYS]

    meanings = page.evaluate(
        "async cases => { const { meaning } = await import('/static/keys.js');"
        " return cases.map(([event, state]) => meaning(event, state)); }",
        cases,
    )

    assert meanings == [meant for _, _, meant in KEYS]


OUTBOX = """async outcomes => {
  const { Outbox } = await import('/static/outbox.js');
  const held = {}, sent = [], told = [];
  const storage = { getItem: (k) => held[k] ?? null, setItem: (k, v) => (held[k] = v) };
  const made = () => new Outbox({ storage, later: () => {}, now: () => 1000,
    send: async (row) => (sent.push(row), { outcome: outcomes.shift() ?? 'saved', why: 'no' }),
    tell: (answer, _, waiting) => told.push(`${answer.outcome} ${waiting}`) });
  const box = made();
  box.add('one', { labels: ['x'] });
  box.add('one', { labels: ['y'] });
  box.add('two', { labels: [] });
  await box.flush(true); await made().flush(true); await made().flush(true);
  return { sent: sent.map((row) => [row.labels, row.at]), told, left: box.entries.length };
}"""


@pytest.mark.parametrize(
    ("outcomes", "told", "left"),
    [
        ([], ["saved 1", "saved 0"], 0),
        (["offline", "busy"], ["offline 2", "busy 2", "saved 1", "saved 0"], 0),
        (["session", "session", "session"], ["session 2"] * 3, 2),
        (["refused"], ["refused 1", "saved 0"], 1),
    ],
)
def test_the_outbox_keeps_what_was_not_taken(
    page: Page, outcomes: list[str], told: list[str], left: int
):
    page.goto("/models")

    ended = page.evaluate(OUTBOX, outcomes)

    assert ended["told"] == told
    assert ended["left"] == left
    assert [["x"], []] not in ended["sent"]
    times = {tuple(labels): at for labels, at in ended["sent"]}
    assert len({at for _, at in ended["sent"]}) == len(times), "a retry has the time of the first"


@pytest.fixture(autouse=True)
def nothing_else(seen: Seen) -> Iterator[None]:
    """Every test here looks at the console and at other hosts too."""
    yield
    assert seen.elsewhere == []
