"""The page in a browser: accessible, fetching nothing, never wider than the screen, sortable."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from reports import figure, masthead, notebook, report, table, text
from test_export import confirmed

from bwk.export import HTMLReportExporter, combine

WIDE = {
    "columns": [f"Meervoudige kolomnaam {n}" for n in range(9)],
    "numeric": [False, *[True] * 8],
    "rows": [["Toeleiden naar werk / opleiding", *["1.234.567"] * 8]],
    "values": [["Toeleiden naar werk / opleiding", *[1234567] * 8]],
}
OPEN = "document.querySelectorAll('details').forEach(fold => fold.open = true)"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The whole report, with a very wide table and words that do not break."""
    chapter = notebook(
        masthead(short="Hart"),
        text(f"## {'Samenvatting' * 6}\n\n{'https://example.org/' + 'pad' * 60}\n\n`{'x' * 90}`\n"),
        figure(),
        table(table=WIDE),
        text("|" + "kolom|" * 12 + "\n|" + "--|" * 12 + "\n|" + "een woord|" * 12),
    )
    file = tmp_path_factory.mktemp("pagina") / "rapport.html"
    city = report()
    title = "Verschillende mensen met ten minste één deelname in de periode. " * 2
    words = f"Er kwamen 420 mensen en 65 gasten.\n\n{'Een zin.' * 20}\n\n- Een punt.\n\n{title}"
    city.cells += confirmed(f"## Tot slot\n\n{words}", "420", "65", title=title)
    whole = combine(city, [chapter, report()])
    file.write_text(HTMLReportExporter().from_notebook_node(whole)[0], encoding="utf-8")
    return file.as_uri()


def opened(browser: Browser, address: str, width: int = 1280, scheme: str = "light") -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    return page


def first_column(page: Page) -> list[str]:
    return page.locator("#tab-kern tbody th").all_inner_texts()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_leaves_nothing_open(browser, address, width, scheme):
    page = opened(browser, address, width, scheme)
    page.evaluate(OPEN)
    found = Axe().run(page).response
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["incomplete"]] == []


@pytest.mark.parametrize("width", [1280, 768, 320])
def test_is_never_wider_than_the_screen(browser, address, width):
    page = opened(browser, address, width)
    page.evaluate(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_asks_nothing_of_the_network_and_breaks_no_rule_of_its_own(browser, address):
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert said == []


def test_figures_and_fonts_are_shown(browser, address):
    page = opened(browser, address)
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].some(font => font.status === 'loaded')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_an_open_card(browser, address, width, scheme):
    page = opened(browser, address, width, scheme)
    for mark in page.locator("button.fact").all():
        mark.click()
        card = f"#{mark.get_attribute('popovertarget')}"
        found = Axe().run(page, context=card).response
        assert [rule["id"] for rule in found["violations"] + found["incomplete"]] == []


def card(page: Page):
    return page.locator("#kaart_1")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [1280, 320])
def test_click_on_a_number_shows_its_card_with_and_without_script(browser, address, width, script):
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto(address)
    assert not card(page).is_visible()
    page.locator("button.fact", has_text="420").click()
    assert card(page).is_visible()
    box = card(page).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    card(page).get_by_role("button", name="Sluiten").click()
    assert not card(page).is_visible()


def test_focus_by_keyboard_shows_the_card_and_escape_hides_it(browser, address):
    page = opened(browser, address)
    page.locator("#tot-slot + a").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "420"
    assert card(page).is_visible()
    page.keyboard.press("Escape")
    assert not card(page).is_visible()


def test_card_stands_beside_its_number(browser, address):
    page = opened(browser, address)
    mark = page.locator("button.fact", has_text="420")
    mark.click()
    here, there = mark.bounding_box(), card(page).bounding_box()
    below = there["y"] - here["y"] - here["height"]
    above = here["y"] - there["y"] - there["height"]
    assert 0 < max(below, above) < 20


def test_table_sorts_by_click(browser, address):
    page = opened(browser, address)
    header = page.locator("#tab-kern th", has_text="Deelnames")
    header.get_by_role("button").click()
    assert first_column(page) == ["Taal", "Formulieren", "Ontmoeting", "Klussen"]
    assert header.get_attribute("aria-sort") == "ascending"
    header.get_by_role("button").click()
    assert first_column(page) == ["Ontmoeting", "Formulieren", "Taal", "Klussen"]
    assert header.get_attribute("aria-sort") == "descending"


def test_table_sorts_by_keyboard(browser, address):
    page = opened(browser, address)
    page.locator("#tab-kern th", has_text="Dienst").get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert first_column(page) == ["Formulieren", "Klussen", "Ontmoeting", "Taal"]


def test_without_script_everything_is_there(browser, address):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    assert page.locator("#tab-kern tbody tr").count() == 4
    assert page.locator("#tab-kern button").count() == 0


def test_skip_link_comes_first_and_leads_to_the_text(browser, address):
    page = opened(browser, address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def test_contents_stay_in_view_on_a_wide_screen_and_fold_on_a_narrow_one(browser, address):
    wide = opened(browser, address)
    wide.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    wide.wait_for_function("window.scrollY > 1000")
    assert wide.locator("nav.aside a").first.is_visible()
    assert wide.locator("nav.aside").bounding_box()["y"] >= 0
    narrow = opened(browser, address, width=320)
    assert not narrow.locator("nav.aside").is_visible()
    narrow.locator("nav.folded summary").click()
    assert narrow.locator("nav.folded a").first.is_visible()


def test_csv_downloads(browser, address):
    page = opened(browser, address)
    with page.expect_download() as download:
        page.locator("#tab-kern a[download]").click()
    assert download.value.suggested_filename == "tab-kern.csv"
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbfDienst;Deelnames")


def test_printed_page_has_no_controls(browser, address):
    page = opened(browser, address)
    page.emulate_media(media="print")
    assert not page.locator(".download").first.is_visible()
    assert not page.locator(".anchor").first.is_visible()
    assert page.locator("nav.aside").is_visible()


def test_printed_page_has_the_list_in_place_of_cards(browser, address):
    page = opened(browser, address)
    page.locator("button.fact").first.click()
    page.emulate_media(media="print")
    assert not page.locator(".card").first.is_visible()
    assert page.locator("#tab-getallen").is_visible()
