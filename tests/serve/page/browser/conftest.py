"""A browser a module, a new context and an empty store a test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browsers import Seen, Site, launch, require_chromium, serving


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    require_chromium()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def seen() -> Iterator[Seen]:
    """What the pages of a test did that they should not have: nothing."""
    noted = Seen()
    yield noted
    assert noted.console == []
    assert noted.elsewhere == []


@pytest.fixture
def visit(chromium: Browser, site: Site, seen: Seen) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own, of the site or another one."""
    contexts: list[BrowserContext] = []

    def opened(at: Site = site, **options: Any) -> Page:
        settings = {"base_url": at.url, "reduced_motion": "reduce", **options}
        context = chromium.new_context(**settings)
        context.set_default_timeout(10_000)
        contexts.append(context)
        seen.watch(context, f"localhost:{at.port}")
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """A page of somebody who has said their name before."""
    made = visit()
    made.add_init_script("localStorage.setItem('demarche-name', 'anna')")
    return made
