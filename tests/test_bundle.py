"""What stands in a MIME bundle, and the words that figures and tables share."""

import json

import pytest
from IPython.core.formatters import DisplayFormatter
from sheets import fact, sheet

from bwk import bundle, periods
from bwk.bundle import MIME

HELD, ZERO, SOME = (fact("deelnames.taal", value) for value in ("x", 0, 1234))
UNKNOWN = fact("deelnames.taal", None, "De locatie was toen nog niet open.")


def rows(*values, stem="deelnames"):
    return [(f"D{index}", fact(f"{stem}.x", value)) for index, value in enumerate(values)]


def content(columns, *rows):
    return bundle.numbers("table", "tab-x", "Een tabel.", columns, rows)["table"]


class TestNumbers:
    def test_a_cell_stands_as_text_and_as_value(self):
        made = content(["Dienst", "Deelnames"], ["Taal", SOME])
        assert made["rows"] == [["Taal", "1.234"]]
        assert made["values"] == [["Taal", 1234]]

    def test_what_is_held_back_or_unknown_has_no_value(self):
        made = content(["A", "B"], [HELD, UNKNOWN])
        assert made["rows"] == [["x", "–"]]
        assert made["values"] == [[None, None]]

    def test_zero_is_a_value(self):
        assert content(["A"], [ZERO])["values"] == [[0]]

    def test_a_column_of_judgements_or_words_is_not_numeric(self):
        row = ["Taal", SOME, fact("koers.taal", "op koers")]
        assert content(["A", "B", "C"], row)["numeric"] == [False, True, False]

    def test_a_numeric_column_may_have_gaps(self):
        assert content(["A", "B"], ["Taal", HELD], ["Samen", ""])["numeric"] == [False, True]


class TestTable:
    shown = bundle.table("tab-x", "Een tabel.", ["<b>", "Aantal"], [["<script>", HELD]])

    def test_holds_what_the_report_needs(self):
        own = self.shown.data[MIME]
        assert own["kind"] == "table"
        assert own["id"] == "tab-x"
        assert own["caption"] == "Een tabel. x = achtergehouden om herkenning te voorkomen."

    def test_its_html_escapes_text_of_the_data(self):
        assert "<script>" not in self.shown.data["text/html"]
        assert "<td>&lt;script&gt;</td>" in self.shown.data["text/html"]
        assert '<th scope="col">&lt;b&gt;</th>' in self.shown.data["text/html"]

    def test_its_plain_text_is_a_title_and_aligned_columns(self):
        shown = bundle.table("t", "Titel.", ["Dienst", "N"], [["Taal", SOME], ["Klussen", ZERO]])
        assert shown.data["text/plain"].split("\n") == [
            "Titel.",
            "",
            " Dienst     N",
            "   Taal 1.234",
            "Klussen     0",
        ]


class TestOutputs:
    def test_ipython_shows_the_bundle_and_nothing_else(self):
        shown = bundle.text("Tekst")
        data, _ = DisplayFormatter().format(shown)
        assert data == {"text/markdown": "Tekst", "text/plain": "Tekst"}

    def test_a_masthead_holds_its_fields(self):
        data = bundle.masthead(title="<i>", subtitle="S", status="concept").data
        assert data[MIME] == {
            "kind": "masthead",
            "title": "<i>",
            "subtitle": "S",
            "status": "concept",
        }
        assert "<i>" not in data["text/html"]

    def test_every_bundle_can_be_written_as_json(self):
        assert json.dumps(bundle.table("t", "c", ["A"], [[HELD]]).data)


class TestWords:
    def test_the_signs_are_explained_once(self):
        assert bundle.explained("Bij.", [[HELD, SOME], [HELD]]) == f"Bij. {bundle.LEGEND}"

    def test_what_the_caption_explains_is_not_explained_again(self):
        caption = f"Achtergehouden {bundle.REASON}: Taal (x)."
        assert bundle.explained(caption, [[HELD]]) == caption

    def test_an_unknown_number_is_explained_with_its_reason(self):
        explained = bundle.explained("Bij.", [[UNKNOWN]])
        assert explained == "Bij. – = onbekend: de locatie was toen nog niet open."

    def test_no_signs_need_no_explanation(self):
        assert bundle.explained("Bij.", [[SOME, ZERO, "tekst"]]) == "Bij."

    @pytest.mark.parametrize(
        ("each", "said"),
        [(HELD, "achtergehouden"), (UNKNOWN, "onbekend"), (ZERO, "0"), (SOME, "1.234")],
    )
    def test_a_screen_reader_says_words_for_signs(self, each, said):
        assert bundle.spoken(each) == said

    def test_the_largest_is_named(self):
        assert bundle.largest("bezoeken", rows(1, 7)) == "De meeste bezoeken: D1, 7."

    @pytest.mark.parametrize("gap", ["x", None])
    def test_the_largest_is_named_with_care_where_a_number_is_not_known(self, gap):
        assert bundle.largest("bezoeken", rows(7, gap)).startswith("De meeste bezoeken van wat")

    @pytest.mark.parametrize("values", [(), (0, 0), ("x", None), (4, 4, 1)])
    def test_no_largest_where_nothing_stands_out(self, values):
        assert bundle.largest("bezoeken", rows(*values)) == ""

    def test_judgements_are_named_in_the_order_of_the_verdicts(self):
        given = rows("minder", "meer", "x", "meer", stem="oordeel_per_maand")
        assert bundle.judged(given) == "Duidelijk meer: D1 en D3. Duidelijk minder: D0."

    @pytest.mark.parametrize("word", ["*", "_", "`", "[a](b)", "<b>", "# kop", "|", "\\"])
    def test_text_of_the_data_is_no_markdown(self, word):
        assert bundle.escaped(word).startswith("\\")

    @pytest.mark.parametrize(
        ("period", "said"),
        [
            ("2018-Q2", "in het tweede kwartaal van 2018"),
            ("2018-06-01/2018-06-15", "van 1 juni tot en met 15 juni 2018"),
            ("2018-06/2018-06", "in juni 2018"),
        ],
    )
    def test_a_period_stands_in_a_sentence(self, period, said):
        assert bundle.during(periods.parse(period)) == said

    def test_the_months_of_the_city_are_added_up(self):
        assert bundle.opened(sheet({})) == ("6 maanden open", "9 maanden open")
        assert bundle.opened(sheet({}, "stad"))[0] == "samen 6 maanden open"

    def test_months_that_nobody_registered_are_told(self):
        partly = sheet({}, baseline_months=3.0, baseline_months_open=9.0, months_open=6.0)
        assert bundle.opened(partly) == (
            "6 maanden open",
            "3 van de 9 maanden geregistreerd",
        )
