"""Executed notebooks to HTML and PDF: what stands in them, what may not, and what is refused."""

import base64
import copy
import io
import itertools
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pdfua
import pikepdf
import pytest
from conftest import need
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from nbformat import NotebookNode
from nbformat.v4 import new_output
from reports import (
    MIME,
    PIXEL,
    TABLE,
    figure,
    masthead,
    notebook,
    report,
    shown,
    table,
    text,
)

from bwk.errors import WorkbookError
from bwk.export import (
    HTMLReportExporter,
    PDFReportExporter,
    combine,
    index,
    overview,
    strip,
    volumes,
)
from bwk.export.document import build
from bwk.export.notebook import CHAPTERS
from bwk.narrative.sources import passage_key
from bwk.periods import parse

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>"


def page(nb: NotebookNode) -> str:
    return HTMLReportExporter().from_notebook_node(nb)[0]


def tree(nb: NotebookNode) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(page(nb))


def pdf(nb: NotebookNode) -> bytes:
    return PDFReportExporter().from_notebook_node(nb)[0]


def words(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def pdf_text(content: bytes, *options: str) -> str:
    command = [need("pdftotext"), *options, "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def confirmed(source: str, *numbers: str, title: str = "Wie meededen.") -> list[NotebookNode]:
    """Return the cell of a text, and one with a card for each of its numbers."""
    places = [(source.index(number), number) for number in numbers]
    marks = [
        {"passage": passage_key(source), "start": at, "end": at + len(number), "card": card}
        for card, (at, number) in enumerate(places)
    ]
    lines = [
        ["Waarde", "420"],
        ["Periode", "2018"],
        ["Bron", "rollen.xlsx"],
        ["Bevestigd door", "Ans"],
    ]
    cards = [{"numbers": number, "title": title, "lines": lines} for number in numbers]
    return [text(source), table("tab-getallen", cards=cards, marks=marks, open=0)]


def marked(source: str, *numbers: str) -> list[tuple[str, str]]:
    made = tree(notebook(*confirmed(source, *numbers)))
    return [(words(mark), mark.get("popovertarget")) for mark in made.find_class("fact")]


@pytest.fixture(scope="module")
def made() -> lxml_html.HtmlElement:
    return tree(report())


@pytest.fixture(scope="module")
def made_pdf() -> bytes:
    return pdf(report())


class TestPage:
    def test_says_what_it_is(self, made):
        assert made.get("lang") == "nl"
        assert made.findtext(".//title") == "Tussenrapportage TOP – Buurtwerkkamers Utrecht"
        assert [words(h) for h in made.iter("h1")] == ["Tussenrapportage TOP"]

    def test_names_period_date_and_status(self, made):
        facts = {words(row[0]): words(row[1]) for row in made.find_class("facts")[0]}
        assert facts == {
            "Periode": "januari tot en met juni 2018",
            "Datum": "13 juli 2018",
            "Status": "concept",
        }

    def test_shows_the_note(self, made):
        assert words(made.find_class("notice")[0]) == "De gegevens zijn verzonnen."

    def test_numbers_sections(self, made):
        headings = [words(h) for h in made.xpath("//main//h2[not(@id='voetnoten')]|//main//h3")]
        assert headings == ["1 Samenvatting", "2 Diensten", "2.1 Op koers", "3 Vooruitblik"]

    def test_contents_lead_to_the_headings(self, made):
        links = made.xpath("//nav[@class='aside']//a/@href")
        assert links == ["#samenvatting", "#diensten", "#op-koers", "#vooruitblik"]

    def test_every_link_within_the_page_has_its_target(self, made):
        targets = {href[1:] for href in made.xpath("//a/@href") if href.startswith("#")}
        assert targets <= set(made.xpath("//@id"))

    def test_ids_are_unique(self, made):
        ids = made.xpath("//@id")
        assert len(ids) == len(set(ids))

    def test_figure_has_number_caption_and_alternative_text(self, made):
        (shown_figure,) = made.iter("figure")
        assert words(shown_figure.find("figcaption")) == "Figuur 1. Deelnames per dienst."
        assert shown_figure.find("img").get("alt") == "Ontmoeting 1.592, taal 65."

    def test_figure_gives_its_data(self, made):
        rows = made.xpath("//figure//tbody/tr")
        assert [words(cell) for cell in rows[1]] == ["Ontmoeting", "1.592", "71%"]

    def test_footnotes_are_numbered_through_the_document(self, made):
        notes = [words(note) for note in made.xpath("//section[@class='notes']//li/p[1]")]
        assert notes == ["Geteld per persoon.", "Ook vrijwilligers."]

    def test_csv_opens_in_a_dutch_excel(self, made):
        url = made.xpath("//figure//a[@download]/@href")[0]
        content = base64.b64decode(url.partition("base64,")[2])
        assert content.decode("utf-8").startswith("\ufeffDienst;Deelnames;Aandeel\r\nTaal;65;0,08")
        assert content.decode("utf-8").endswith("Klussen;;\r\n")

    def test_one_file_that_may_fetch_nothing(self, made):
        policy = made.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert policy.startswith("default-src 'none'; img-src data:; font-src data:;")
        assert all(src.startswith("data:") for src in made.xpath("//@src"))

    def test_only_script_is_the_hashed_one(self, made):
        assert len(made.xpath("//script")) == 1
        assert "script-src 'sha256-" in page(report())

    def test_code_and_what_it_prints_are_left_out(self):
        cell = table()
        cell.source = "geheime_code()"
        cell.outputs.append(new_output("stream", name="stderr", text="waarschuwing"))
        assert not re.search("geheime_code|waarschuwing", page(notebook(cell)))

    @pytest.mark.parametrize(
        "tag", ["niet-exporteren", "remove_cell", "parameters", "injected-parameters"]
    )
    def test_tagged_cells_are_left_out(self, tag):
        cell = text("Niet voor het rapport.")
        cell.metadata["tags"] = [tag]
        assert "Niet voor" not in page(notebook(cell))

    def test_is_small(self):
        assert len(page(report())) < 150_000

    @pytest.mark.parametrize(
        ("nb", "title"),
        [(notebook(), "Rapport"), (notebook(text("## Begin")), "Begin")],
    )
    def test_without_masthead_there_is_a_title(self, nb, title):
        assert words(tree(nb).find(".//h1")) == title


class TestNothingRuns:
    @pytest.mark.parametrize(
        "nb",
        [
            notebook(text(f"## Kop {ATTACK}\n\n{ATTACK}\n\n`{ATTACK}`")),
            notebook(text(f"a[^1]\n\n[^1]: {ATTACK}")),
            notebook(text(f"| {ATTACK} |\n|---|\n| {ATTACK} |")),
            notebook(masthead(title=ATTACK, note=ATTACK, status=ATTACK, date=ATTACK)),
            notebook(figure(alt=ATTACK, caption=ATTACK, id=ATTACK)),
            notebook(table(table={**TABLE, "columns": [ATTACK] * 3, "rows": [[ATTACK] * 3]})),
            notebook(shown({"text/html": f"<p onclick='x()'>{ATTACK}</p>"})),
            notebook(shown({"text/markdown": ATTACK})),
            notebook(shown({"image/svg+xml": f"<svg>{ATTACK}</svg>"}, alt=ATTACK)),
            notebook(shown({"image/png": PIXEL}, alt=ATTACK)),
        ],
    )
    def test_of_what_stands_in_the_notebook(self, nb):
        made = tree(nb)
        assert len(made.xpath("//script")) == 1
        assert not made.xpath("//@onerror|//@onclick")
        assert all(src.startswith("data:") for src in made.xpath("//@src"))

    def test_title_cannot_end_the_style(self):
        made = tree(notebook(masthead(title="</style><script>alert(1)</script>")))
        assert len(made.xpath("//style")) == len(made.xpath("//script")) == 1

    @pytest.mark.parametrize(
        "url",
        ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "http://a.nl", "file:///"],
    )
    def test_unsafe_links_become_text(self, url):
        made = tree(notebook(text(f"[woorden]({url})")))
        assert not made.xpath("//main//a")
        assert words(made.find(".//main")) == "woorden"

    @pytest.mark.parametrize("url", ["https://a.nl/?b=1&c=2", "mailto:a@b.nl"])
    def test_safe_links_stay(self, url):
        assert tree(notebook(text(f"[woorden]({url})"))).xpath("//main//a/@href") == [url]

    def test_link_to_nothing_becomes_text(self):
        assert not tree(notebook(text("[woorden](#nergens)"))).xpath("//main//a")

    @pytest.mark.parametrize("start", "=+-@")
    def test_csv_cells_are_no_formulas(self, start):
        rows = {"rows": [["x"] * 3], "values": [[f"{start}1+1", -5, 0.5]]}
        url = tree(notebook(table(table=TABLE | rows))).xpath("//a[@download]/@href")[0]
        line = base64.b64decode(url.partition("base64,")[2]).decode().splitlines()[1]
        assert line == f"'{start}1+1;-5;0,5"


class TestText:
    @pytest.mark.parametrize(
        ("source", "shown_as"),
        [
            ("![een foto](foto.png)", "[afbeelding: een foto]"),
            ("![](foto.png)", "[afbeelding: zonder beschrijving]"),
            ("<b>vet</b>", "<b>vet</b>"),
            ("voor <!-- stil --> na", "voor na"),
            ("&lt;x&gt; &amp;", "<x> &"),
            ("**half", "**half"),
            ("[^9] zonder noot", "[^9] zonder noot"),
            ("שלום 🎉", "שלום 🎉"),
        ],
    )
    def test_shows_as(self, source, shown_as):
        assert words(tree(notebook(text(source))).find(".//main")) == shown_as

    def test_markdown_output_is_report_text(self):
        made = tree(notebook(shown({"text/markdown": "## Kop\n\n**vet**"})))
        assert [words(e) for e in made.xpath("//main//h2|//main//strong")] == ["1 Kop", "vet"]

    def test_html_output_keeps_its_table(self):
        made = tree(notebook(shown({"text/html": "<table><tr><td>1</td></tr></table>"})))
        assert words(made.find(".//table")) == "1"

    def test_headings_in_a_quotation_are_no_sections(self):
        assert not tree(notebook(text("> #### diep"))).xpath("//main//h4")

    def test_footnote_may_stand_in_another_cell(self):
        made = tree(notebook(text("Tekst[^a]"), text("[^a]: De noot.")))
        assert words(made.find_class("notes")[0].find(".//p")) == "De noot."

    def test_a_note_named_twice_stands_there_once(self):
        made = tree(notebook(text("a[^1] b[^1]\n\n[^1]: De noot.")))
        assert made.xpath("//sup/a/@href") == ["#noot-1", "#noot-1"]
        assert len(made.xpath("//section[@class='notes']//li")) == 1

    def test_a_table_of_a_thousand_rows_is_there_whole(self):
        rows = [[f"rij {n}", str(n), "x"] for n in range(1000)]
        made = tree(notebook(table(table=TABLE | {"rows": rows, "values": rows})))
        assert len(made.xpath("//tbody/tr")) == 1000

    def test_same_heading_twice_has_two_anchors(self):
        made = tree(notebook(text("## Kop"), text("## Kop")))
        assert made.xpath("//main//h2/@id") == ["kop", "kop-2"]

    @settings(max_examples=60, deadline=None)
    @given(st.text("#*_[]()!<>|`~^:-&\\ \n\tab1é😀\u05d0\ue000", max_size=60))
    def test_any_markdown_is_shown_or_refused_with_a_sentence(self, source):
        try:
            made = tree(notebook(text(source)))
        except WorkbookError:
            return
        assert len(made.xpath("//script")) == 1


class TestConfirmedNumbers:
    def test_each_opens_its_card(self):
        source = "Er kwamen **420 mensen**, van wie *ruim 60* vaker.\n\n- Taal: 65"
        assert marked(source, "420", "ruim 60", "65") == [
            ("420", "kaart_1"),
            ("ruim 60", "kaart_2"),
            ("65", "kaart_3"),
        ]

    def test_the_card_tells_all(self):
        made = tree(notebook(*confirmed("Er kwamen 420 mensen.", "420")))
        card = made.get_element_by_id("kaart_1")
        assert card.get("popover") is not None
        assert words(card) == (
            "420 Wie meededen. Waarde420Periode2018Bronrollen.xlsxBevestigd doorAns Sluiten"
        )

    def test_only_the_place_that_was_confirmed_is_marked(self):
        made = tree(notebook(*confirmed("Toen 420 en nu ook 420.", "420")))
        assert [mark.tail for mark in made.find_class("fact")] == [" en nu ook 420."]

    @pytest.mark.parametrize(
        "source",
        [
            "## Alle 420",
            "[de 420](https://a.nl/)",
            "`420`",
            "<b id=x420>",
            "[zie](https://a.nl/420)",
            "&#420;",
            "<!-- 420 -->",
            "~~~\n420\n~~~",
            "[^420]\n\n[^420]: Noot.",
        ],
    )
    def test_where_no_mark_can_be_the_text_stays_as_it_was(self, source):
        made, plain = (
            tree(notebook(*cells)) for cells in (confirmed(source, "420"), [text(source)])
        )
        assert not made.find_class("fact")
        first, expected = ([*page.find(".//main")][:1] for page in (made, plain))
        assert [*map(words, first)] == [*map(words, expected)] or source.startswith("<!--")

    def test_a_text_that_stands_there_twice_has_no_marks(self):
        first, shown_table = confirmed("Er kwamen 420 mensen.", "420")
        again = text(first.source)
        assert not tree(notebook(first, again, shown_table)).find_class("fact")

    def test_a_number_in_a_footnote(self):
        assert marked("Zo[^1].\n\n[^1]: Dat zijn er 420.", "420") == [("420", "kaart_1")]

    def test_nothing_in_a_card_runs(self):
        made = tree(notebook(*confirmed("Er kwamen 420 mensen.", "420", title=ATTACK)))
        assert len(made.xpath("//script")) == 1
        assert not made.xpath("//@onerror")

    @settings(max_examples=60, deadline=None)
    @given(st.text("#*_[]()!<>|`~^:-&\\ \n\tab1é😀.", max_size=60).filter(lambda s: "1" in s))
    def test_marks_change_nothing_but_what_they_mark(self, source):
        both = confirmed(source, "1")
        try:
            made, plain = (tree(notebook(*cells)).find(".//main") for cells in (both, both[:1]))
        except WorkbookError:
            return
        for added in [*made.find_class("table"), *made.find_class("card")]:
            added.drop_tree()
        assert words(made) == words(plain)

    def test_in_the_whole_report_each_chapter_has_its_own_cards(self):
        city = notebook(masthead(), text("## Stad"), *confirmed("Er kwamen 420 mensen.", "420"))
        chapter = notebook(masthead(short="Hart"), *confirmed("Er kwamen 420 mensen.", "420"))
        whole = combine(city, [chapter, notebook(masthead(short="TOP"))])
        made = tree(whole)
        targets = [mark.get("popovertarget") for mark in made.find_class("fact")]
        assert targets == [card.get("id") for card in made.find_class("card")]
        assert len(set(made.xpath("//@id"))) == len(made.xpath("//@id"))
        assert pdf_text(pdf(whole)).count("Er kwamen 420 mensen.") == 2

    def test_in_the_pdf_it_leads_to_the_list(self, tmp_path):
        content = pdf(notebook(text("## Kop"), *confirmed("Er kwamen 420 mensen.", "420")))
        with pikepdf.open(io.BytesIO(content)) as document:
            links = [note for page in document.pages for note in page.get("/Annots", [])]
        assert len(links) == 2  # the contents, and the number
        (tmp_path / "a.pdf").write_bytes(content)
        assert list(pdfua.validate(tmp_path / "a.pdf").findings) == []


class TestStatus:
    def test_that_of_the_notebook_goes_first(self):
        nb = report()
        nb.metadata["bwk"] = {"status": "definitief 1"}
        assert words(tree(nb).find_class("badge")[0]) == "definitief 1"
        assert "definitief 1" in pdf_text(pdf(nb))

    def test_a_concept_without_open_points_is_fit_for_review(self):
        nb = notebook(masthead(), *confirmed("Er kwamen 420 mensen.", "420"))
        assert words(tree(nb).find_class("badge")[0]) == "ter beoordeling"


class TestLists:
    def listed(self, **changes: object) -> str:
        entry = {"name": "top", "title": "TOP", "made": True, "error": None, "open": 0, **changes}
        made = index("Kamers", parse("2018-H1"), [entry], [])
        return words(lxml_html.document_fromstring(made).find(".//li"))

    def test_the_index_says_the_state_and_what_is_open(self):
        assert self.listed() == "TOP (pdf van TOP)"
        assert self.listed(open=1) == "TOP (pdf van TOP) – concept, 1 open punt"
        assert self.listed(state="definitief 1") == "TOP (pdf van TOP) – definitief 1"

    def test_the_overview_leads_to_each_period(self):
        period = parse("2018-H1")
        entries = [
            {
                "period": period,
                "folder": "2018-H1/definitief-2",
                "state": "definitief 2",
                "open": 0,
                "made": True,
            },
            {"period": parse("2017"), "folder": "2017", "state": "", "open": 3, "made": False},
        ]
        made = lxml_html.document_fromstring(overview("Kamers", entries))
        assert made.xpath("//main//a/@href") == [
            "2018-H1/definitief-2/index.html",
            "2018-H1/definitief-2/tussenrapportage.html",
            "2018-H1/definitief-2/tussenrapportage.pdf",
            "2017/index.html",
        ]
        assert [words(line) for line in made.xpath("//main/p")] == [
            "Definitief 2. Het hele verslag over de eerste helft van 2018 "
            "(pdf over de eerste helft van 2018)",
            "Concept, 3 open punten. Het hele verslag is er nog niet.",
        ]

    def test_without_periods_the_overview_says_what_to_do(self):
        assert "bwk run" in overview("Kamers", [])


class TestRefused:
    @pytest.mark.parametrize(
        ("cell", "sentence"),
        [
            (figure(alt=" "), "Cel 2 .* ‘Begin’.* zonder alternatieve tekst"),
            (figure(caption=""), "zonder bijschrift"),
            (table(table={"columns": ["a"]}), "zonder gegevens"),
            (shown({MIME: {"kind": "anders"}}), "zonder soort"),
            (shown({MIME: "kapot"}), "zonder soort"),
            (shown({"image/png": PIXEL}), "Cel 2 .* afbeelding zonder alternatieve tekst"),
            (text("#### Diep"), "Cel 2: de kop ‘Diep’ slaat een niveau over: .* ###"),
            (text("# Titel"), "Cel 2: de kop ‘Titel’ begint met één #"),
        ],
    )
    def test_names_the_cell_and_what_to_mend(self, cell, sentence):
        with pytest.raises(WorkbookError, match=sentence):
            build(notebook(text("## Begin"), cell))

    def test_failed_cell_without_what_the_error_says(self):
        cell = shown({})
        cell.outputs = [new_output("error", ename="KeyError", evalue="p123", traceback=["p123"])]
        with pytest.raises(WorkbookError, match=r"Cel 1 geeft een fout \(KeyError\)") as refused:
            build(notebook(cell))
        assert "p123" not in str(refused.value)

    def test_a_whole_report_passes(self):
        build(report())


class TestPDF:
    def test_says_what_it_is(self, made_pdf):
        with pikepdf.open(io.BytesIO(made_pdf)) as document:
            assert document.Root.Lang == "nl-NL"
            assert document.Root.MarkInfo.Marked
            assert document.open_metadata()["dc:title"] == "Tussenrapportage TOP"
            assert document.open_metadata()["pdfuaid:part"] == "1"
            assert document.open_metadata()["pdfaid:conformance"] == "A"
            assert "/PageLabels" in document.Root

    def test_bookmarks_are_the_sections(self, made_pdf):
        with pikepdf.open(io.BytesIO(made_pdf)) as document, document.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[-3:] == ["1 Samenvatting", "2 Diensten", "3 Vooruitblik"]

    def test_passes_the_checks_of_pdf_ua(self, made_pdf, tmp_path):
        file = tmp_path / "rapport.pdf"
        file.write_bytes(made_pdf)
        assert list(pdfua.validate(file).findings) == []
        subprocess.run([need("qpdf"), "--check", file], check=True, capture_output=True)

    def test_has_head_foot_and_contents(self, made_pdf):
        pages = pdf_text(made_pdf, "-layout").split("\f")
        assert re.search(r"13 juli 2018 +Tussenrapportage TOP", pages[1])
        assert re.search(r"Pagina 2 van \d", pages[1])
        assert re.search(r"2\.1 +Op koers .*3", pages[1])
        assert "Pagina" not in pages[0]

    def test_how_sure_the_numbers_are_begins_a_page(self):
        account = [text("## Verantwoording"), text("### Hoe zeker?"), text("### Wat niet?")]
        for cell in account:
            cell.metadata["bwk"] = {"appendix": True}
        pages = pdf_text(pdf(notebook(text("## Diensten"), *account))).split("\f")
        (page,) = [page for page in pages if "Verantwoording" in page and "Inhoud" not in page]
        assert all(words in page for words in ("Hoe zeker?", "Wat niet?"))
        assert "1 Diensten" not in page

    def test_words_in_figures_can_be_found(self, made_pdf):
        assert "Zoekwoord" in pdf_text(made_pdf)

    def test_alternative_text_is_in_the_tags(self, made_pdf):
        with pikepdf.open(io.BytesIO(made_pdf)) as document:
            alts = [str(o.Alt) for o in document.objects if "/Alt" in getattr(o, "keys", list)()]
        assert "Ontmoeting 1.592, taal 65." in alts

    def test_has_the_same_numbers_as_the_page(self, made_pdf):
        content = " ".join(pdf_text(made_pdf).split())
        assert all(part in content for part in ("Tabel 1. Kerncijfers", "Figuur 1. Deelnames"))
        assert "Geteld per persoon." in content

    def test_is_small(self, made_pdf):
        assert len(made_pdf) < 100_000

    def test_a_table_of_a_thousand_rows_runs_on_with_its_head(self):
        rows = [[f"rij {n}", str(n), "x"] for n in range(1000)]
        long = pdf(notebook(table(table=TABLE | {"rows": rows, "values": rows})))
        pages = pdf_text(long).split("\f")[:-1]
        assert "rij 999" in pages[-1]
        assert all("Deelnames" in made for made in pages[1:])

    @pytest.mark.parametrize("lines", range(22, 34))
    def test_a_short_table_leaves_no_row_alone_on_another_page(self, lines):
        rows = [[f"rij {n}", str(n), "x"] for n in range(8)]
        before = text("\n\n".join(f"Regel {n}" for n in range(lines)))
        short = pdf(notebook(before, table(table=TABLE | {"rows": rows, "values": rows})))
        (page_of_first,) = (page for page in pdf_text(short).split("\f") if "rij 0" in page)
        assert "rij 7" in page_of_first

    @pytest.mark.parametrize(
        "nb",
        [
            notebook(),
            notebook(text("## 🎉 Feest 😀\n\nשלום مرحبا 汉字 \ue000 \ufffe \u200b")),
            notebook(
                text(
                    "✨ \x00 \x1b[2J \x7f \u2728 \u202e a\u20dd z\u1ab0 \U000e0001 \ufffe \\\\u0000"
                )
            ),
            notebook(masthead(title="T\x00\x1b\u202e✨ 漢字 " + "Z\u0336\u0328" * 50, short="קפה")),
            notebook(text('```\n#panic("x")\n```\n\n#panic("x") @ref <label> $x$ \\')),
            notebook(text("## Kop[^1]\n\n[^1]: Noot[^1] en[^2].\n\n[^2]: Twee.")),
            notebook(text("> > - a\n\n1) b\n   - c\n\n***\n\n|a|\n|-|\n\n-\n\n[x](#kop)")),
            notebook(shown({"image/png": PIXEL}, alt="een punt")),
            notebook(shown({"text/html": "<b>x</b>", "text/plain": "x"})),
            notebook(table(table={"columns": ["a"], "numeric": [False], "rows": [], "values": []})),
        ],
    )
    def test_is_made_of_whatever_stands_in_the_notebook(self, nb):
        assert pdf(nb).startswith(b"%PDF")

    def test_warns_of_a_sign_that_no_font_has(self, caplog):
        exporter = PDFReportExporter()
        exporter.log.propagate = True
        exporter.from_notebook_node(notebook(text("🎉")))
        assert "Geen lettertype heeft '🎉'" in caplog.text


class TestWhole:
    @pytest.fixture(scope="class")
    def whole(self) -> NotebookNode:
        chapters = [report(short="Hart", location="hart"), report(short="TOP")]
        return combine(report(title="Tussenrapportage Utrecht"), chapters)

    def test_is_a_valid_notebook(self, whole):
        nbformat.validate(whole)

    def test_chapters_follow_the_city_and_their_headings_go_down(self, whole):
        headings = tree(whole).xpath("//main//*[self::h2 or self::h3 or self::h4]")
        assert [(h.tag, words(h)) for h in headings[2:8]] == [
            ("h3", "2.1 Op koers"),
            ("h2", "3 Vooruitblik"),
            ("h2", "4 Hart"),
            ("h3", "4.1 Samenvatting"),
            ("h3", "4.2 Diensten"),
            ("h4", "4.2.1 Op koers"),
        ]

    def test_ids_are_unique_and_links_stay_in_their_chapter(self, whole):
        made = tree(whole)
        ids = made.xpath("//@id")
        assert len(ids) == len(set(ids))
        links = made.xpath("//main//p/a[text()='Diensten']/@href")
        assert links == ["#diensten"] * 2 + ["#hart-diensten"] * 2 + ["#top-diensten"] * 2

    def test_figures_and_notes_are_numbered_through(self, whole):
        made = tree(whole)
        assert [words(c)[:9] for c in made.iter("figcaption")] == [
            "Figuur 1.",
            "Figuur 2.",
            "Figuur 3.",
        ]
        assert len(made.xpath("//section[@class='notes']//li")) == 6

    def test_pdf_starts_each_chapter_on_a_new_page(self, whole):
        pages = pdf_text(pdf(whole), "-layout").split("\f")
        tops = [re.sub(r"^.*\n", "", made).split()[:2] for made in pages]
        assert ["4", "Hart"] in tops
        assert ["5", "TOP"] in tops

    def test_chapter_without_masthead_is_refused(self):
        with pytest.raises(WorkbookError, match="Hoofdstuk 1 heeft geen titelblok"):
            combine(report(), [notebook(text("## Kop"))])

    def test_changes_no_notebook(self):
        city, chapter = report(), report()
        before = copy.deepcopy((city, chapter))
        combine(city, [chapter], 2, 2)
        assert (city, chapter) == before

    def test_the_first_of_two_volumes_has_what_the_city_tells(self):
        made = tree(combine(report(), [report(short="Hart", location="hart")], 1, 2))
        assert "4 Hart" in map(words, made.iter("h2"))
        assert "3 Vooruitblik" in map(words, made.iter("h2"))
        assert words(made.xpath("//p[@class='subtitle']")[0]).endswith(", deel 1 van 2")

    def test_the_second_of_two_volumes_has_its_chapters_alone(self):
        made = tree(combine(report(), [report(short="TOP")], 2, 2))
        assert next(words(h) for h in made.iter("h2")) == "1 TOP"
        assert words(made.xpath("//p[@class='subtitle']")[0]).endswith(", deel 2 van 2")


@given(st.integers(0, 1000))
def test_each_chapter_stands_in_one_volume_and_none_is_too_big(count):
    chapters = [str(number) for number in range(count)]
    divided = [volume.chapters for volume in volumes(chapters)]
    assert list(itertools.chain.from_iterable(divided)) == chapters
    assert max(map(len, divided)) <= CHAPTERS
    assert max(map(len, divided)) - min(map(len, divided)) <= 1


class TestStrip:
    @pytest.fixture
    def run(self) -> NotebookNode:
        nb = report()
        nb.metadata["papermill"] = {"input_path": "/home/iemand/top.ipynb", "duration": 1.5}
        injected = text("")
        injected.update(cell_type="code", source='location = "top"', outputs=[])
        injected.update(execution_count=1, id="a1b2")
        injected.metadata["tags"] = ["injected-parameters"]
        injected.metadata["papermill"] = {"start_time": "2018-07-13T10:00:00"}
        injected.metadata["execution"] = {"iopub.status.busy": "2018-07-13T10:00:00"}
        injected.outputs.append(new_output("stream", name="stderr", text="/home/iemand: let op"))
        nb.cells.insert(0, injected)
        return nb

    def test_leaves_no_trace_of_the_run(self, run):
        assert not re.search("papermill|/home|10:00:00|iopub", nbformat.writes(strip(run)))

    def test_keeps_parameters_and_results(self, run):
        published = strip(run)
        assert published.cells[0].source == 'location = "top"'
        assert page(published) == page(run)
        nbformat.validate(published)

    @pytest.mark.parametrize(
        ("written", "published"),
        [
            ("Voor <18 jaar, < 5 en > 3.", "Voor <18 jaar, < 5 en > 3."),
            ("een<br>twee", "een<br>twee"),
            ("<https://a.nl> en <mailto:a@b.nl>", "<https://a.nl> en <mailto:a@b.nl>"),
            ("<b>x</b>", "&lt;b>x&lt;/b>"),
            ("a<!-- een aantekening -->b", "ab"),
            ("<scr<!-- -->ipt>", "&lt;script>"),
            ("<https://a.nl onclick=x>", "&lt;https://a.nl onclick=x>"),
            ("![tuin](attachment:tuin.png)", "![tuin](attachment:tuin.png)"),
            ("![tuin](https://a.nl/tuin.png)", "&#33;[tuin](https://a.nl/tuin.png)"),
            ("[x](javascript:x)", r"\[x\]\(javascript\:x\)"),
            ("> [x](\n> Java&#x0a;Script:x)", "\\> \\[x\\]\\(\n\\> Java\\&\\#x0a\\;Script\\:x\\)"),
        ],
    )
    def test_what_an_evaluator_wrote_runs_and_fetches_nothing(self, written, published):
        assert strip(notebook(text(written))).cells[0].source == published

    def test_is_the_same_whatever_id_the_run_gave(self, run):
        other = copy.deepcopy(run)
        other.cells[0]["id"] = "c3d4"
        assert nbformat.writes(strip(run)) == nbformat.writes(strip(other))


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("*Schrijf hier: wat u zag.*", ""),
        ("Veel mensen.\n\n*Schrijf hier: wat u zag.*  \n", "Veel mensen."),
        ("- **Plan.** *Kies: gedaan, loopt nog of vervallen. Schrijf hier: wat ervan kwam.*", ""),
        ("*Nadruk* en **vet**.", "Nadruk en vet."),
    ],
)
def test_what_is_asked_of_an_evaluator_is_never_printed(source, printed):
    assert words(tree(notebook(text(source)))) == words(tree(notebook(text(printed))))


def test_same_notebook_gives_the_same_bytes():
    assert page(report()) == page(report())
    assert pdf(report()) == pdf(report())


@pytest.mark.parametrize(("to", "name"), [("bwk-html", "out.html"), ("bwk-pdf", "out.pdf")])
def test_nbconvert_knows_the_exporters(tmp_path: Path, to: str, name: str):
    nbformat.write(report(), tmp_path / "out.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", to, "out.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / name).stat().st_size > 10_000
