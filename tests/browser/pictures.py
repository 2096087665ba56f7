"""Make the pictures of the manual anew: the real screens, with made-up text.

After a change of what evaluators see, run it in the project's folder. It needs /usr/bin/chromium,
takes about two minutes, and puts the pictures in `notebooks/beelden/`:

    .venv/bin/python tests/browser/pictures.py
"""

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import nbformat
from lab import (
    PERIOD,
    ROOT,
    allow_root,
    cell,
    entered,
    number,
    run_all,
    save,
    show,
    started,
    wait,
    write,
)
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

PICTURES = ROOT / "notebooks/beelden"
LOCATION, BEFORE = "hart-voor-leidsche-rijn", "2017-H2"
VISITS = f"deelnames/2018-h1-{LOCATION}.csv"
SIZE = {"width": 1280, "height": 900}
MARGIN = 6
LAST_PERIOD = {
    "samenvatting-tekst": "Het was een goed half jaar. De lessen in taal zaten vol.",
    "voornemens-tekst": "- **Een nieuwsbrief.** Dan weet de buurt wat er te doen is.\n"
    "- **Meer taalgroepen.** Er staan mensen op een wachtlijst.\n"
    "- **Een eigen keuken.** We zoeken geld voor een fornuis.",
}
TEXT = "In de eerste helft van 2018 deden 420 mensen mee. De kamer heeft 60 stoelen."
LEFT = ("samenvatting-tekst", "opvolging-tekst", "voornemens-tekst")  # for the evaluator to write
DONE, STILL = "Gedaan: de eerste kwam in maart.", "Loopt nog: we zoeken vrijwilligers."


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        workbook = prepared(folder)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        with started(folder, workbook.parent.parent) as address:
            page = entered(browser.new_context(viewport=SIZE, locale="nl-NL"), address)
            show(page, workbook)
            wait(page)
            writing(page)
            checking(page)
            correcting(page, folder / "data" / VISITS)
            disturbing(page, workbook)
        report(browser, folder)


def prepared(folder: Path) -> Path:
    """Make a workbook, with the text of last period, in which little is left to write."""
    shutil.copytree(ROOT / "data", folder / "data")
    allow_root(folder / "notebooks")
    for period, texts in ((BEFORE, LAST_PERIOD), (PERIOD, {})):
        bwk(folder, "open", period)
        path = folder / "notebooks" / period / f"{LOCATION}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for each in notebook.cells:
            if each.metadata.bwk.role == "narrative" and (texts or each.id not in LEFT):
                each.source = texts.get(each.id, "Het gaat goed.")
        nbformat.write(notebook, path)
    return path


def bwk(folder: Path, *words: str) -> None:
    """Give a command in the folder."""
    subprocess.run([sys.executable, "-m", "bwk", *words], cwd=folder, check=True)


def writing(page: Page) -> None:
    """Read what was written last time, write, and follow up."""
    picture(page, "werkboek", page.locator("#main"), width=1080, height=560)
    head, first = cell(page, "Samenvatting"), cell(page, "Vraag aan u: Wat ging goed")
    page.locator("summary").first.click()
    picture(page, "vorige", head, first, cell(page, "Vorige periode"))
    write(page, first, TEXT)
    tab = page.get_by_role("tab", name=f"{LOCATION}.ipynb")
    picture(page, "schrijven", tab, page.locator(".jp-Cell.jp-mod-active"))
    page.keyboard.press("Shift+Enter")
    points = cell(page, "Een nieuwsbrief. Kies")
    points.scroll_into_view_if_needed()
    write(page, points, f"- **Een nieuwsbrief.** {DONE}")
    page.keyboard.press("Enter")
    page.keyboard.type(f"**Meer taalgroepen.** {STILL}")
    page.keyboard.press("Enter")
    page.keyboard.type("**Een eigen keuken.** *Kies: gedaan, loopt nog of vervallen. ")
    page.keyboard.type("**Schrijf hier:** wat ervan kwam.*")
    page.keyboard.press("Shift+Enter")
    page.mouse.move(0, 0)
    picture(page, "opvolging", cell(page, "Wat kwam er van"), cell(page, STILL))
    save(page)


def checking(page: Page) -> None:
    """Confirm one number, and give another its source."""
    run_all(page)
    row, other = number(page, "420"), number(page, "60 stoelen")
    row.wait_for()
    page.get_by_label("Uw naam").fill("Ans")
    row.get_by_role("button", name="Klopt").click()
    other.get_by_placeholder("Waar komt").fill("geteld in de kamer")
    head = cell(page, "Dit deel komt niet in het verslag")
    head.evaluate("node => node.scrollIntoView()")
    picture(page, "controle", head, other)
    other.get_by_role("button", name="Klopt").click()
    save(page)


def correcting(page: Page, visits: Path) -> None:
    """Take out two people who were there once, and see what the text has to say instead."""
    first, *rows = visits.read_text(encoding="cp1252").splitlines(keepends=True)
    times = Counter(row.split(";")[3] for row in rows)
    gone = [row for row in rows if times[row.split(";")[3]] == 1][:2]
    visits.write_text("".join([first, *(row for row in rows if row not in gone)]), "cp1252")
    run_all(page)
    row = number(page, "was 420, nu 418")
    row.wait_for()
    row.scroll_into_view_if_needed()
    picture(page, "verbeterd", page.get_by_label("Uw naam"), row)


def disturbing(page: Page, workbook: Path) -> None:
    """Save what was changed elsewhere too."""
    save(page)
    page.wait_for_timeout(1000)  # JupyterLab forgives half a second
    workbook.write_bytes(workbook.read_bytes() + b"\n")
    write(page, cell(page, "deden 420 mensen mee"), TEXT)
    page.keyboard.type(" Dat is veel.")
    page.keyboard.press("Control+s")
    picture(page, "gewijzigd", page.locator(".jp-Dialog-content"))


def report(browser: Browser, folder: Path) -> None:
    """Show the first page of the sample's own report."""
    own = ("--notebooks", str(ROOT / "notebooks"), "--data", str(ROOT / "data"))
    bwk(folder, "run", PERIOD, LOCATION, *own)
    page = browser.new_page(viewport=SIZE)
    page.goto((folder / "output" / PERIOD / f"{LOCATION}.html").as_uri())
    picture(page, "verslag", page.locator("body"), width=1280, height=860)


def picture(
    page: Page, name: str, *parts: Locator, width: float = 950, height: float = 900
) -> None:
    """Keep the part of the screen in which these parts are, in few colours."""
    for part in parts:
        part.wait_for()
    page.wait_for_timeout(500)  # until nothing moves any more
    boxes = [box for part in parts if (box := part.bounding_box())]
    left, top = (max(0, min(box[side] for box in boxes) - MARGIN) for side in "xy")
    right = max(box["x"] + box["width"] for box in boxes) + MARGIN
    low = min(SIZE["height"], max(box["y"] + box["height"] for box in boxes) + MARGIN)
    size = {"width": min(width, right - left), "height": min(height, low - top)}
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, clip={"x": left, "y": top, **size})
    Image.open(path).convert("RGB").quantize(dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
