"""Reading and correcting in a browser: nothing is lost, and every answer says what was in sight."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from serve.app import create_app
from serve.guard.keys import Scope, new_key
from serve.service import service_of
from serve.settings import Settings
from tests.browsers import Seen, Site, listening, read, saved, until
from tests.fakes import FakeClassifier

TEXT = (
    "A Note\n\nWe voice agreement 🚢 today. This is criticism and a demand at once. It rained. "
    "Another demand follows. The end."
)


def test_a_first_reader_corrects_three_sentences_and_finds_them_in_the_export(
    visit: Callable[..., Page], tmp_path: Path
):
    page = visit()
    read(page, TEXT)
    expect(page.locator("#s3")).to_have_attribute("data-shown", "cd")

    page.locator("#s2").click()
    page.locator("#card").get_by_role("button", name="demand").click()
    page.get_by_label("Your name").fill("anna")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="My answers").click()

    kept = tmp_path / "mine.jsonl"
    download.value.save_as(kept)
    lines = kept.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert all('"suggested_by": "v1"' in line for line in lines)


def test_answers_after_an_emoji_are_about_the_right_words(page: Page, site: Site):
    read(page, TEXT)
    page.locator("#s2").click()
    page.keyboard.press("y")
    page.keyboard.press("j")
    page.keyboard.press("y")
    saved(page)

    assert site.judgements() == [
        ("We voice agreement 🚢 today.", "anna", ["agreement"]),
        ("This is criticism and a demand at once.", "anna", ["criticism", "demand"]),
    ]


def test_two_toggles_are_one_answer(page: Page, site: Site):
    read(page, TEXT)
    page.locator("#s4").click()
    page.keyboard.press("a")
    page.keyboard.press("d")
    saved(page)

    events = service_of(site.app).annotations().events()
    assert [tuple(map(str, each.labels)) for each in events] == [("agreement", "demand")]


def test_undo_goes_back_over_a_reload(page: Page, site: Site):
    read(page, TEXT)
    page.locator("#s2").click()
    for key in ("d", "j", "n", "k", "n"):
        page.keyboard.press(key)
    saved(page)
    page.reload()
    expect(page.locator("#s3")).to_have_attribute("data-shown", "")

    page.keyboard.press("z")
    saved(page)
    assert site.judgements()[0][2] == ["agreement", "demand"]
    page.keyboard.press("z")
    page.keyboard.press("z")
    saved(page)

    assert site.judgements() == []
    expect(page.locator("#s2")).to_have_attribute("data-shown", "a")
    expect(page.locator("#s2")).to_have_class("claim current")
    page.keyboard.press("z")
    expect(page.locator("#told")).to_have_text("Nothing to undo")


def test_a_pulled_cable_loses_nothing(page: Page, site: Site, seen: Seen):
    read(page, TEXT)
    page.context.set_offline(True)
    page.locator("#s2").click()
    for key in ("n", "j", "n", "j", "d"):
        page.keyboard.press(key)
    expect(page.locator("#trouble")).to_contain_text("Not connected")
    assert site.judgements() == []

    page.context.set_offline(False)
    saved(page)

    events = service_of(site.app).annotations().events()
    assert [each.n for each in events] == [1, 2, 3], "each once"
    assert all("ERR_INTERNET_DISCONNECTED" in each for each in seen.console)
    seen.console.clear()  # the browser itself says that it has no network


def test_a_closed_tab_loses_nothing(page: Page, site: Site, seen: Seen):
    read(page, TEXT)
    page.context.set_offline(True)
    page.locator("#s2").click()
    page.keyboard.press("n")
    expect(page.locator("#trouble")).to_contain_text("1")
    page.close()
    seen.console.clear()
    other = page.context.new_page()
    page.context.set_offline(False)

    other.goto("/models")
    saved(other)

    assert len(site.judgements()) == 1


def test_a_busy_service_is_asked_again(page: Page, site: Site, seen: Seen):
    refusals = [{"status": 503, "headers": {"retry-after": "1"}, "json": {"title": "busy"}}]
    page.route(
        "**/v1/annotations",
        lambda route: route.fulfill(**refusals.pop()) if refusals else route.continue_(),
    )
    read(page, TEXT)
    page.locator("#s2").click()
    page.keyboard.press("n")
    expect(page.locator("#trouble")).to_contain_text("busy")

    saved(page)

    assert len(site.judgements()) == 1
    expect(page.locator("#trouble")).to_be_empty()
    assert all("503" in each for each in seen.console)
    seen.console.clear()


def test_a_swapped_model_is_told_and_the_answer_names_the_one_in_sight(page: Page, site: Site):
    read(page, TEXT)
    live = service_of(site.app).scoring.activation.live
    live.classifier = FakeClassifier(version="v2")
    page.locator("#s2").click()
    page.keyboard.press("n")

    expect(page.locator("#swapped")).to_contain_text("read by v1; v2 is live")

    (held,) = site.get("/v1/annotations")["sentences"]
    assert held["judgements"][0]["suggested_by"] == "v1"
    page.get_by_role("button", name="Read again").click()
    page.get_by_role("link", name="v2").wait_for()


def test_text_is_only_ever_text(visit: Callable[..., Page], site: Site):
    page = visit()
    page.add_init_script("localStorage.setItem('demarche-name', '<img src=x onerror=alert(1)>')")
    text = "A demand <script>alert(1)</script>. <img src=x onerror=alert(2)> agrees. \u202eThe end."
    read(page, text)
    page.locator("#s1").click()
    page.keyboard.press("n")
    saved(page)

    assert page.locator("#reading script, #reading img").count() == 0
    assert site.judgements()[0][0] == "A demand <script>alert(1)</script>."
    assert page.title() == "Statement – Demarche"


def test_the_filter_dims_and_hides_nothing(page: Page):
    read(page, TEXT)
    page.keyboard.press("3")

    expect(page.locator(".claim.match")).to_have_count(2)
    expect(page.locator("#s4")).to_be_visible()
    expect(page.get_by_role("button", name="demand 2")).to_have_attribute("aria-pressed", "true")


def test_one_tab_stop_leads_into_the_text_and_out_again(page: Page):
    read(page, TEXT)

    assert page.locator("#reading .marks[tabindex='0']").count() == 1
    page.keyboard.press("j")
    expect(page.locator("#s1 .marks")).to_be_focused()
    expect(page.get_by_role("dialog", name="Sentence 1 of 6")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()


def test_without_scripts_a_statement_is_read_and_corrected(visit: Callable[..., Page], site: Site):
    page = visit(java_script_enabled=False)
    read(page, TEXT)
    page.get_by_role("button", name="Sentence 2: agreement").click()
    page.get_by_role("checkbox", name="demand").check()
    page.locator("#note").get_by_label("Your name").fill("anna")
    page.locator("#note").get_by_role("button", name="Save").click()

    page.get_by_role("button", name="Sentence 2: agreement; demand, your answer").wait_for()
    assert site.judgements()[0][1:] == ("anna", ["agreement", "demand"])


def test_a_long_statement_is_shown_from_its_first_sentence_on(page: Page, site: Site):
    text = "\n\n".join(f"Sentence number {n} is a demand. And it rained." for n in range(256))
    read(page, text)

    until(lambda: page.locator("#reading .claim").count() == 512)
    page.locator("#s500").click()
    page.keyboard.press("c")
    saved(page)
    assert site.judgements()[0][2] == ["criticism"]


def test_a_session_that_is_over_keeps_the_answers(chromium: Browser, tmp_path: Path):
    secret, key = new_key("anna", list(Scope))
    settings = Settings(annotations=str(tmp_path / "a.db"), keys=key.to_line())
    app = create_app(settings, FakeClassifier())
    with listening(app) as port:
        page = chromium.new_context(base_url=f"http://localhost:{port}").new_page()
        page.goto("/")
        page.get_by_label("Key", exact=True).fill(secret)
        page.get_by_role("button", name="Sign in").click()
        read(page, TEXT)
        page.context.clear_cookies()
        page.locator("#s2").click()
        page.keyboard.press("n")
        expect(page.locator("#trouble")).to_contain_text("Your session is over")

        page.get_by_role("link", name="Sign in").click()
        page.get_by_label("Key", exact=True).fill(secret)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Statement").wait_for()
        saved(page)
        page.context.close()

    (event,) = service_of(app).annotations().events()
    assert (event.annotator, event.labels) == ("anna", ())
