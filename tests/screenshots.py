"""Take the pictures of docs/page.md, and one of every page in both schemes, from the shipped model.

Usage: python -m tests.screenshots FOLDER [--docs FOLDER]
"""

import argparse
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from model.registry.history import Action, RegistryEvent, now
from model.registry.registry import Registry
from serve.app import create_app
from serve.settings import Settings
from tests.browsers import CHROMIUM, Site, launch, listening, read
from training.promotion.rules import AT_LEAST, AT_MOST, Verdict

WIDTHS = (1280, 768, 360)
TALL = 1280  # pixels, in which all of the statement is to be seen
TEXT = """Note on the ferry inspections at Calder Point

The Ministry of Transport of Veldt received the harbour board's findings on Monday. We thank the \
board for its thorough work and endorse its first five recommendations. Nine ferries were held at \
the point in spring.

Their captains have yet to hear a single reason, and what was told to reporters contradicts the \
logbooks. Holding civilian ferries there violates the treaty that Morrow ratified in 2011. All of \
the seized cargo has to be given back this week.

Our envoy is prepared to meet hers in Port Sable whenever she likes. We value the friendly words \
in her last letter, but its proposals are those we turned down in winter. Morrow ought to name the \
officers who gave the orders, which its own courts have never seen.

MS. TARN: One wonders what the delay is for. A calmer tone from the capital could help. We urge \
every shipping company to keep its crews informed. It is untrue that our boats fired first. We \
agree to an inquiry as long as both navies testify.

Page 2 of 2
"""


def shoot(page: Page, folder: Path, name: str) -> None:
    """Take every page in the state in which most of it is to be seen."""

    def take(what: str) -> None:
        page.screenshot(path=folder / f"{what}-{name}.png")

    page.goto("/")
    page.wait_for_load_state()
    take("start")
    read(page, TEXT)
    take("statement")
    page.keyboard.press("u")
    page.keyboard.press("u")
    take("note")
    for path in ("queue", "conflicts"):
        page.goto(f"/{path}")
        page.locator("main").get_by_label("Your name").fill("christa")
        page.keyboard.press("Enter")
        page.locator(".ask.current").wait_for()
        page.wait_for_load_state()
        page.keyboard.press("c")
        take(path)
    page.goto("/models")
    take("models")


def shoot_whole(page: Page, folder: Path) -> None:
    """Take all of a statement, with the note of one sentence."""
    page.set_viewport_size({"width": WIDTHS[0], "height": TALL})
    read(page, TEXT)
    for _ in range(2):
        page.keyboard.press("u")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=folder / "whole.png")


def prepare(site: Site) -> None:
    """Have something for the queue, and two who differ."""
    site.score(TEXT)
    rows = [("anna", ["demand"]), ("berta", [])]
    text = "The owners ought to raise the wreck."
    said = [{"text": text, "labels": each, "annotator": name} for name, each in rows]
    site.post("/v1/annotations", {"annotations": said})


def refuse(registry: Registry) -> None:
    """Have the gate refuse a candidate, so that there is a history."""
    rules = (
        ("test: macro-F1, lower bound", -1.4, -0.5, False, AT_LEAST, "85.6, was 86.5: -0.9"),
        ("own: macro-F1", 2.1, 0.0, True, AT_LEAST, "78.9, was 76.8, 212 sentences"),
        ("behaviour: critical cases newly failed", 0.0, 0.0, True, AT_MOST, ""),
    )
    gate = [asdict(Verdict(*each[:5], required=True, remark=each[5])) for each in rules]
    live, refused = registry.live_version(), "20261128T091500-4f2c81aa"
    why = "test: macro-F1, lower bound"
    registry.record(RegistryEvent(now(), "anna@desk", Action.REFUSE, live, refused, why, gate=gate))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--docs", type=Path, help="where the pictures of docs/page.md go")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if not CHROMIUM.exists():
        parser.error(f"there is no Chromium at {CHROMIUM}: CHROMIUM= says where one is")
    with tempfile.TemporaryDirectory() as left:
        registry = Registry(Path(left) / "models")
        app = create_app(
            Settings(annotations=f"{left}/a.db", models=registry.models, keep_scored=1000)
        )
        refuse(registry)
        with listening(app) as port, sync_playwright() as playwright:
            site, browser = Site(app, port), launch(playwright)
            prepare(site)
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    context = browser.new_context(
                        base_url=site.url,
                        viewport={"width": width, "height": 900},
                        color_scheme=scheme,
                        reduced_motion="reduce",
                    )
                    shoot(context.new_page(), options.folder, f"{width}-{scheme}")
                    context.close()
            shoot_whole(
                browser.new_page(base_url=site.url, reduced_motion="reduce"), options.folder
            )
            browser.close()
    if options.docs:
        shutil.copyfile(options.folder / "whole.png", options.docs / "page-read.png")
        shutil.copyfile(options.folder / "queue-1280-light.png", options.docs / "page-queue.png")


if __name__ == "__main__":
    main()
