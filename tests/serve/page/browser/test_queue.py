"""The queue and the conflicts in a browser, by keys alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browsers import Site, saved

KEYS = {
    "a demand": ["d", "Enter"],
    "criticism": ["c", "Enter"],
    "an agreement": ["a", "Enter"],
    "the weather": ["n"],
}
WORDS = list(KEYS)


def begin(page: Page, path: str, name: str) -> None:
    page.goto(path)
    page.locator("main").get_by_label("Your name").fill(name)
    page.keyboard.press("Enter")
    page.locator(".ask.current").wait_for()
    page.wait_for_load_state()


def test_thirty_sentences_are_answered_with_two_presses_each(page: Page, site: Site):
    site.score(" ".join(f"Sentence {n} is about {WORDS[n % 4]}." for n in range(30)))
    begin(page, "/queue", "anna")
    for n in range(30):
        if n == 20:
            expect(page.get_by_role("button", name="The next ones")).to_be_focused()
            page.keyboard.press("Enter")
            expect(page.locator(".ask")).to_have_count(10)
            page.wait_for_load_state()
        text = page.locator(".ask.current .unit").text_content() or ""
        for key in next(keys for word, keys in KEYS.items() if word in text):
            page.keyboard.press(key)
    saved(page)

    given = site.judgements()
    assert len(given) == 30
    assert all((labels or ["weather"])[0] in text for text, _, labels in given)
    expect(page.locator("#revealed")).to_contain_text("Same as yours.")


def test_the_answer_of_the_model_comes_after_ones_own(page: Page, site: Site):
    site.score("This is criticism. It rained. And more.")
    begin(page, "/queue", "anna")
    while "criticism" not in (page.locator(".ask.current .unit").text_content() or ""):
        page.keyboard.press("j")
    expect(page.locator("#revealed")).to_be_empty()

    page.keyboard.press("d")
    page.keyboard.press("Enter")

    expect(page.locator("#revealed")).to_contain_text("The model: criticism")
    expect(page.locator("#revealed")).to_contain_text("Differs from yours.")
    (held,) = site.get("/v1/annotations")["sentences"]
    assert held["judgements"][0]["suggested_by"] is None


def test_undo_takes_an_item_back(page: Page, site: Site):
    site.score("One thing. Two things. Three things.")
    begin(page, "/queue", "anna")
    first = page.locator(".ask.current .unit").text_content()
    page.keyboard.press("n")
    saved(page)

    page.keyboard.press("z")
    saved(page)

    expect(page.locator(".ask.current .unit")).to_have_text(first or "")
    assert site.judgements() == []


def test_two_who_differ_are_decided_by_a_third(visit: Callable[..., Page], site: Site):
    text = "They should leave."
    for name, key in (("anna", "d"), ("berta", "n")):
        page = visit()
        page.goto("/")
        page.get_by_label("Statement").fill(text)
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/read")
        page.wait_for_load_state()
        page.locator("#s1").click()
        page.keyboard.press(key)
        page.locator("#who-name").fill(name)
        page.keyboard.press("Enter")
        expect(page.locator("#told")).not_to_be_empty()
        saved(page)
    expect(page.locator("#told")).to_contain_text("conflict about demand")

    lead = visit()
    begin(lead, "/conflicts", "christa")
    expect(lead.get_by_role("cell", name="annotator 1")).to_be_visible()
    lead.keyboard.press("v")
    expect(lead.get_by_role("cell", name="anna")).to_be_visible()
    lead.keyboard.press("d")
    lead.keyboard.press("Enter")
    expect(lead.get_by_text("There is no conflict")).to_be_visible()
    saved(lead)

    (held,) = site.get("/v1/annotations")["sentences"]
    assert (held["status"], held["labels"]) == ("adjudicated", ["demand"])
