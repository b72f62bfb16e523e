"""What holds on every page: axe, the console, other hosts, small screens, forced colours, paper."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, expect

from serve.guard.keys import Scope, new_key
from serve.page.rendering import POLICY
from tests.browsers import Seen, Site, read, serving

TEXT = (
    "Words on the harbour\n\nMR. ODAL: This is an agreement. This is criticism and a demand, at "
    "length, so that it takes more than one line of any screen that people hold in one hand. "
    "It rained.\n\n(a) A demand.\n(b) An agreement, criticism and demand.\n\nPage 1 of 2"
)
PAGES = ("start", "statement", "queue", "conflicts", "models", "problem")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all: no test here looks at what is stored."""
    with serving(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    _, key = new_key("anna", list(Scope))
    with serving(tmp_path_factory.mktemp("keyed"), keys=key.to_line()) as made:
        yield made


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
        page.locator(".ask.current").wait_for()
    elif name == "problem":
        page.goto("/")
        page.get_by_label("Statement").fill(" ")
        page.get_by_role("button", name="Read it").click()
        page.get_by_role("heading", name="That did not work").wait_for()
    else:
        page.goto("/" if name == "start" else f"/{name}")
    page.wait_for_load_state()


def every_page(
    visit: Callable[..., Page], site: Site, keyed: Site, seen: Seen, **options: Any
) -> Iterator[tuple[str, Page]]:
    """Show one page after the other, by its name; the last is where a wrong key was given."""
    page = visit(**options)
    for name in PAGES:
        show(page, site, name)
        yield name, page
    page = visit(at=keyed, **options)
    page.goto("/session")
    page.get_by_label("Key", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").filter(has_text="key").wait_for()
    yield "session", page
    expected = ("401", "422")  # that the key is wrong, and the problem's own
    seen.console[:] = [e for e in seen.console if not any(status in e for status in expected)]


def violations(page: Page, **options: Any) -> list[tuple[str, str]]:
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]]


def test_axe_finds_nothing_in_either_scheme(
    visit: Callable[..., Page], site: Site, keyed: Site, seen: Seen
):
    found = {}
    # axe is a script of ours, and not the page's
    for name, page in every_page(visit, site, keyed, seen, bypass_csp=True):
        found[name] = violations(page)
        page.emulate_media(color_scheme="dark")
        found[f"{name}, dark"] = violations(page, runOnly=["color-contrast"])
        page.emulate_media(color_scheme="light")

    assert len(found) == 2 * (len(PAGES) + 1)
    assert {name: each for name, each in found.items() if each} == {}


def test_every_page_has_the_policy_and_stays_within_320_pixels(
    visit: Callable[..., Page], site: Site, keyed: Site, seen: Seen
):
    policies, wide = set(), {}

    def note(answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.status != 303:
            policies.add(answer.headers.get("content-security-policy"))

    def small(**options: Any) -> Page:
        page = visit(viewport={"width": 320, "height": 640}, **options)
        page.on("response", note)
        return page

    for name, page in every_page(small, site, keyed, seen):
        wide[name] = page.evaluate("document.documentElement.scrollWidth")

    assert policies == {POLICY}
    assert {name: each for name, each in wide.items() if each > 320} == {}


def decoration(page: Page, sentence: str) -> str:
    style = f"getComputedStyle(document.querySelector('{sentence}'))"
    return str(page.evaluate(f"{style}.textDecorationLine + ' ' + {style}.textDecorationStyle"))


def shapes(page: Page) -> list[str]:
    return [decoration(page, each) for each in ("#s3", "#s4", "#s6")]


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_every_paragraph_starts_on_a_whole_pixel(visit: Callable[..., Page], width: int):
    page = visit(viewport={"width": width, "height": 900})
    read(page, TEXT)

    boxes = [each.bounding_box() for each in page.locator("#reading p").all()]

    assert [box["y"] % 1 for box in boxes if box] == [0] * 5


def test_shapes_and_letters_remain_without_colours_and_on_paper(visit: Callable[..., Page]):
    page = visit(forced_colors="active")
    read(page, TEXT)
    assert shapes(page) == ["underline solid", "underline wavy", "underline double"]
    expect(page.locator("#s4 .marks")).to_have_text("CD")

    page.emulate_media(media="print", forced_colors="none")
    assert shapes(page) == ["underline solid", "underline wavy", "underline double"]
    ground = "getComputedStyle(document.querySelector('#s3')).backgroundColor"
    assert page.evaluate(ground) == "rgba(0, 0, 0, 0)"
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("#s4 .marks")).to_be_visible()


def test_paper_is_white_for_those_who_read_in_the_dark(visit: Callable[..., Page]):
    page = visit(color_scheme="dark")
    read(page, TEXT)
    page.emulate_media(media="print")

    colour = page.evaluate("getComputedStyle(document.body).color")

    assert colour == "rgb(24, 27, 32)"


def test_single_letters_can_be_switched_off(page: Page):
    read(page, TEXT)
    page.keyboard.press("?")
    page.get_by_label("Single letters").uncheck()
    page.keyboard.press("Escape")

    page.keyboard.press("j")
    expect(page.locator("#card")).to_be_hidden()
    page.keyboard.press("Alt+Shift+J")
    expect(page.locator("#card")).to_be_visible()


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
