"""The reviewer's file and the pages of changes in a browser: from a file, offline, accessible."""

from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from reviewed import FIRST, agreed, freeze, make, ran, workbooks

from bwk import review

DAY = date(2018, 7, 13)
OPEN = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
PAGES = ("beoordeling.html", "wijzigingen.html", "definitief-2/errata.html")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    made = make(tmp_path / "output")
    review.keep(made, DAY)
    review.review_file(made)
    return made


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A period with every page of the review: a correction after it was definitive."""
    folder = tmp_path_factory.mktemp("beoordeling")
    made = make(folder / "output")
    notebooks = workbooks(made, folder / "notebooks")
    freeze(made, notebooks)
    make(made.parent, FIRST.replace("420", "418") + f"\n\n{'pad' * 60}", 418, "6" * 60)
    ran(made, notebooks)
    freeze(made, notebooks, "Twee mensen stonden dubbel.")
    review.compare(made, 1)
    review.review_file(made)
    return made


def opened(browser: Browser, file: Path, width: int = 1280, scheme: str = "light") -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    return page


def part(page: Page, words: str):
    return page.locator("fieldset", has=page.locator("legend", has_text=words))


def saved(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Bewaar de antwoorden").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser, pages, name, width, scheme):
    page = opened(browser, pages / name, width, scheme)
    page.evaluate(OPEN)
    found = Axe().run(page).response
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("name", PAGES)
def test_asks_nothing_of_the_network_and_breaks_no_rule_of_its_own(browser, pages, name):
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((pages / name).as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [(pages / name).as_uri()]
    assert said == []


def test_three_questions_are_typed_saved_and_brought_in(browser, target, tmp_path):
    page = opened(browser, target / review.review_file(target).name)
    asked = {
        "Er kwamen 420": "Is dat met kinderen?",
        "De taallessen": 'Hoe "vol"\\?\n\nEn é of 😀?',
        "De keuken": "<b>Hoe klein?</b>",
    }
    for words, question in asked.items():
        assert part(page, words).get_by_label("Uw vraag").is_hidden()
        part(page, words).get_by_label("Ik heb een vraag").check()
        part(page, words).get_by_label("Uw vraag").fill(question)
    part(page, "Deelnames per dienst").last.get_by_label("Akkoord").check()
    assert page.get_by_role("status").inner_text() == "4 van 10 stukken beantwoord."
    page.get_by_label("Uw naam").fill("Ria")
    file = saved(page, tmp_path)
    assert file.name == "antwoorden-2018-H1.json"
    assert review.bring_in(target, file)[0] == "Ria: 1 keer akkoord en 3 vragen."
    assert [one.question for one in review.questions(target, "top")] == [*asked.values()]
    assert agreed(target, "top") == 1


def test_without_a_name_or_words_nothing_is_saved_and_the_page_says_why(browser, target):
    page = opened(browser, target / "beoordeling.html")
    save, status = page.get_by_role("button", name="Bewaar"), page.get_by_role("status")
    save.click()
    assert status.inner_text() == "U hebt nog niets beantwoord."
    part(page, "De keuken").get_by_label("Ik heb een vraag").check()
    save.click()
    assert status.inner_text() == "Schrijf bij elke vraag wat u wilt vragen."
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    part(page, "De keuken").get_by_label("Uw vraag").fill("Hoe klein?")
    save.click()
    assert status.inner_text() == "Vul eerst uw naam in."
    assert page.evaluate("document.activeElement.id") == "naam"


def test_the_second_review_shows_only_what_changed(browser, target, tmp_path):
    page = opened(browser, target / "beoordeling.html")
    part(page, "Er kwamen 420").get_by_label("Akkoord").check()
    page.get_by_label("Uw naam").fill("Ria")
    review.bring_in(target, saved(page, tmp_path))
    make(target.parent, FIRST.replace("420", "418"), 418)
    review.keep(target, DAY)
    again = opened(browser, review.review_file(target))
    visible = [each for each in again.locator("legend").all() if each.is_visible()]
    assert [each.inner_text() for each in visible] == [
        "Uw oordeel over tekst ‘Er kwamen 418 mensen naar TOP.’"
    ]
    assert again.locator("ins").inner_text().endswith("418")
