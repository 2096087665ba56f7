"""Whatever people write, no page that is made of it runs it, asks for it, or shows a form of it.

The texts stand at once in every column, setting, name of a file and kind of cell, and in the
answers of a reviewer; each says in `place` where. What is published of the notebooks is opened as
`jupyter nbconvert --to html` makes a page of it, without bwk.
"""

import itertools
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import data_folder
import nbformat
import pytest
import reviewed
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from playwright.sync_api import Browser
from reports import svg
from small import bwk

PERIOD = "2018-H1"
ELSEWHERE = "//elsewhere.example"
TEXTS = (
    "<script>{run}</script>", "</script><script>{run}</script>", "<img src=x onerror={run}>",
    '"><svg onload={run}>', "'><body onpageshow={run}>", '" autofocus onfocus={run} x="',
    "</title><script>{run}</script>", "</style><script>{run}</script>", "--><script>{run}</script>",
    "]]><script>{run}</script>", "<!--<script>", "&lt;img src=x onerror={run}&gt;",
    "&#60;script&#62;{run}&#60;/script&#62;", "\\<script>{run}\\</script>", "<scr<script>ipt>{run}",
    "<a href=javascript:{run}>x</a>", "[x](javascript:{run})", "[x](JaVa&#x09;Script:{run})",
    "![x](javascript:{run})", "![x](https:{away}/p.png)", '![x](y "onerror={run}")',
    '[x](https:{away} "\\" onmouseover={run}")', "<javascript:{run}>", "[x](data:text/html,{run})",
    "<iframe src=https:{away}></iframe>", "<iframe srcdoc='<script>{run}</script>'></iframe>",
    "<meta http-equiv=refresh content='0;url=https:{away}'>", "<base href=https:{away}>",
    "<form action=https:{away}><input name=x autofocus onfocus={run}><button>x</button></form>",
    "<link rel=stylesheet href=https:{away}/x.css>", "<style>@import 'https:{away}/y.css';</style>",
    "<object data=https:{away}></object>", "<embed src=https:{away}>",
    "<audio src=x onerror={run}>", "<details open ontoggle={run}><summary>x</summary></details>",
    "<video poster=https:{away}>", "<svg><style>*{{background:url(https:{away}/z)}}</style></svg>",
    "<math><mi href=javascript:{run}>", "<svg><animate onbegin={run} attributeName=x dur=1s></svg>",
    "<svg><use href=https:{away}#x></svg>",
    '<noscript><p title="</noscript><img src=x onerror={run}>">',
    "<x style=animation-name:x onx={run}>",
    '<svg></p><style><a id="</style><img src=1 onerror={run}>">', "<table background=https:{away}>",
    "<p style='background:url(https:{away}/w)'>", "{{{{7*7}}}}{{% raise %}}", "';{run};'",
    "`${{{run}}}`", "$\\href{{javascript:{run}}}{{x}}$",
    "<template><script>{run}</script></template>", "x\u2028{run}",
    "<img srcset='https:{away}/s 1x'>", "<input type=image src=https:{away}>",
    "<svg/onload={run}/>", "| <script>{run}</script> |", "`<script>{run}</script>`",
    "```\n<script>{run}</script>\n```", "    <script>{run}</script>", "> <script>{run}</script>",
    "- <script>{run}</script>", "[^n]\n\n[^n]: <img src=x onerror={run}>",
    "[x][r]\n\n[r]: javascript:{run}", "### <svg onload={run}>",
    "<div>\n\n<script>{run}</script>\n\n</div>", "<script\n>{run}</script\n>",
    "<?x <img src=x onerror={run}>",
)  # fmt: skip
# In the place of a page: what nobody but a hostile text gives it. nbconvert has scripts of its own.
STRANGE = """() => [
    ...document.querySelectorAll('form, iframe, object, embed, base, meta[http-equiv=refresh i]'),
    ...[...document.querySelectorAll('*')].filter(element => [...element.attributes].some(
        ({name, value}) => /^on/i.test(name) || /^\\s*(javascript|vbscript):/i.test(value)
            || /^(href|src|action)$/i.test(name) && /^\\s*data:text.html/i.test(value))),
].map(element => element.outerHTML.slice(0, 200))"""
RAN = "() => [window.ran, document.querySelectorAll('script[src*=\"elsewhere\"]').length]"
OF_NBCONVERT = "https://cdnjs.cloudflare.com/"


class Texts:
    """Hostile texts, one after another; each has a place of its own to tell of."""

    def __init__(self, shift: int) -> None:
        self._texts = itertools.islice(itertools.cycle(TEXTS), shift, None)
        self.places: list[str] = []

    def at(self, place: str, *, on_one_line: bool = True) -> str:
        self.places.append(place)
        text = next(self._texts)
        if on_one_line:
            text = text.replace("\n", " ")
        run = f"window.ran=`{place}`".replace(" ", "_")
        return text.format(run=run, away=f"{ELSEWHERE}/{place}".replace(" ", "_"))


def write_data(data: Path, texts: Texts) -> None:
    """Write a data folder in which each text that is free is hostile."""
    days = [date(2017, 7, 2) + timedelta(number) for number in range(360)]
    people = [f"p{number % 40:04}" for number in range(len(days))]
    visits = {
        "datum": days,
        "locatie": ["top", "hart"] * 180,
        "dienst": ["taal", "taal", "koffie"] * 120,
        "deelnemer": people,
        "aantal": [1] * len(days),
    }
    keys = {
        "locaties": ("locatie", ["top", "hart"]),
        "diensten": ("dienst", ["taal", "koffie"]),
        "partners": ("partner", ["bieb", "arts"]),
        "rolnamen": ("rol", ["deelnemers", "vrijwilliger"]),
        "buurten": ("buurt", ["ondiep", "zuilen"]),
    }
    tables: dict[str, dict] = {
        table: {column: slugs, "naam": [texts.at(f"{table} naam") for _ in slugs]}
        for table, (column, slugs) in keys.items()
    }
    tables["locaties"] |= {
        "wijk": [texts.at("wijk") for _ in range(2)],
        "geopend_op": [date(2017, 4, 1)] * 2,
    }
    tables["diensten"]["leefgebied"] = [texts.at("leefgebied") for _ in range(2)]
    tables["buurten"]["omgeving_van"] = ["top", "hart"]
    tables["rollen"] = {
        "locatie": ["top"] * 10,
        "persoon": people[:10],
        "rol": ["vrijwilliger"] * 10,
        "van": [date(2018, 1, 1)] * 10,
    }
    tables["verwijzingen"] = {
        "datum": days[200:230],
        "locatie": ["top"] * 30,
        "partner": ["bieb", "arts"] * 15,
        "richting": ["naar", "van", "van"] * 10,
        "deelnemer": people[:30],
    }
    tables["deelnemers"] = {"deelnemer": people[:40], "buurt": ["ondiep"] * 25 + ["zuilen"] * 15}
    tables["bijgehouden"] = {
        "locatie": ["top", "hart"] * 2,
        "wat": ["deelnames"] * 2 + ["deelnemers"] * 2,
        "van": [date(2017, 4, 1)] * 4,
    }
    for table, columns in tables.items():
        data_folder.write(data / f"{table}.csv", columns)
    for part in (0, 1):
        half = {name: cells[part * 180 : (part + 1) * 180] for name, cells in visits.items()}
        name = texts.at("naam van een bestand").replace("/", "").replace("\u2028", "")
        data_folder.write(data / "deelnames/x.csv", half).rename(
            data / f"deelnames/{name[:150]}.csv"
        )
    settings = {name: texts.at(name) for name in ("naam", "plaats", "toelichting")}
    lines = [f"{name} = {json.dumps(text)}" for name, text in settings.items()]
    (data / "programma.toml").write_text("\n".join(lines), encoding="utf-8")


def write_in(path: Path, texts: Texts, extra: str = "") -> None:
    """Write hostile texts in every text of a workbook, and cells of every kind below each."""
    workbook = nbformat.read(path, 4)
    filled = []
    for number, cell in enumerate(workbook.cells):
        filled.append(cell)
        if cell.cell_type != "markdown" or cell.metadata.get("bwk", {}).get("role") != "narrative":
            continue
        cell.source = f"{texts.at('een tekst', on_one_line=False)}\n\n{extra}"
        own = new_markdown_cell(
            texts.at("een eigen tekst", on_one_line=False), id=f"t{number}-{len(texts.places)}"
        )
        own.metadata = {
            "tags": [texts.at("een tag").replace(",", "")],
            "name": texts.at("metadata"),
        }
        own["attachments"] = {"a.svg": {"image/svg+xml": svg(texts.at("een bijlage"))},
                              texts.at("naam van een bijlage"): {"image/png": texts.at("bijlage")},
                              "b": {texts.at("soort bijlage"): "eA=="}}  # fmt: skip
        own.source += "\n\n![x](attachment:a.svg)\n\n![x](attachment:b)"
        outputs = [
            new_output("display_data", {kind: texts.at("een uitvoer")}) for kind in KINDS_OF_OUTPUT
        ]
        code = new_code_cell(
            f"# {texts.at('code')}", outputs=outputs, id=f"c{number}-{len(texts.places)}"
        )
        filled += [own, code]
    workbook.cells = filled
    workbook.metadata |= {"title": texts.at("titel"), "authors": [{"name": texts.at("auteur")}]}
    workbook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {
        "x": {"model_name": texts.at("widget"), "model_module": "y", "state": {}}}}}  # fmt: skip
    nbformat.write(workbook, path)


KINDS_OF_OUTPUT = ("text/html", "application/javascript", "image/svg+xml", "text/markdown",
                   "text/latex", "text/plain")  # fmt: skip


@pytest.fixture(scope="module", params=[0, 23])
def period(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a period with every page that bwk makes, twice run, reviewed and compared."""
    work, texts = tmp_path_factory.mktemp("vijandig"), Texts(request.param)
    folders = [f"--{name}={work / name}" for name in ("data", "notebooks", "output")]
    target = work / "output" / PERIOD

    def done(*words: str) -> None:
        ended = bwk(*words, *folders)
        assert ended.returncode == 0, (words, ended.stdout, ended.stderr)

    write_data(work / "data", texts)
    done("open", PERIOD)
    for path in (work / "notebooks" / PERIOD).glob("*.ipynb"):
        write_in(path, texts, "Er kwamen veel mensen.")
    done("run", PERIOD)
    done("review", PERIOD)
    asked = {place: texts.at("een vraag") for place in (1, 2)}
    answers = reviewed.answers(target, 1, asked, name=texts.at("een beoordelaar"), scope="top")
    (work / "antwoorden.json").write_text(json.dumps(answers), encoding="utf-8")
    done("review", PERIOD, f"--answers={work / 'antwoorden.json'}")
    for path in (work / "notebooks" / PERIOD).glob("*.ipynb"):
        write_in(path, texts)
    done("run", PERIOD)
    done("review", PERIOD)
    done("compare", PERIOD, "--with", "1")
    assert len(texts.places) > 100
    return target


def strange(browser: Browser, page: Path, *, of_nbconvert: bool) -> Iterator[str]:
    """Open a page, and yield what it runs, asks for, or shows that it must not."""
    tab = browser.new_page()
    asked, told = [], []
    tab.route("**/*", lambda route: (
        route.continue_() if route.request.url.startswith(("file:", "data:")) else route.abort()
    ))  # fmt: skip
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    if not of_nbconvert:  # that cannot do without its libraries, and says so
        tab.on("console", lambda message: told.append(message.text))
    tab.on("pageerror", lambda error: None if of_nbconvert else told.append(str(error)))
    tab.goto(page.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    ran, _ = tab.evaluate(RAN)
    yield from told + ([f"ran: {ran}"] if ran else [])
    for url in asked:
        is_own = url.startswith("data:") or url == page.as_uri()
        if not is_own and not (of_nbconvert and url.startswith(OF_NBCONVERT)):
            yield f"asked for {url[:200]}"
    yield from tab.evaluate(STRANGE)
    tab.close()


def test_no_page_runs_or_fetches_anything_of_what_people_wrote(browser, period):
    pages = sorted(period.parent.rglob("*.html"))
    assert {"index.html", "tussenrapportage.html", "stad.html", "top.html", "wijzigingen.html",
            "beoordeling.html", "controleblad.html"} <= {page.name for page in pages}  # fmt: skip
    problems = {page.name: [*strange(browser, page, of_nbconvert=False)] for page in pages}
    assert {name: told for name, told in problems.items() if told} == {}


def test_no_published_notebook_runs_anything_in_a_page_of_nbconvert(browser, period, tmp_path):
    problems = {}
    for notebook in sorted(period.glob("*.ipynb")):
        page = tmp_path / f"{notebook.stem}.html"
        page.write_text(HTMLExporter().from_filename(str(notebook))[0], encoding="utf-8")
        problems[page.name] = [*strange(browser, page, of_nbconvert=True)]
    assert len(problems) == 3
    assert {name: told for name, told in problems.items() if told} == {}
