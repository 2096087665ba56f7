"""Each number in the text agrees with the data, or is known not to."""

from pathlib import Path

import msgspec
import nbformat
import pytest
from conftest import need
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sheets import published, sheet

from bwk import cells, narrative
from bwk.bundle import MIME
from bwk.errors import WorkbookError
from bwk.narrative import signoffs, sources, statements, tracing
from bwk.narrative.claims import find
from bwk.narrative.signoffs import Signoff
from bwk.narrative.tracing import Passage, Point, Text

PROMPT = "*Schrijf hier: hoeveel mensen meededen.*"
SENTENCE = "In Leidsche Rijn deden 420 mensen mee. De kamer heeft 60 stoelen."


def text_cell(source: str, role: str = "narrative", **more: object):
    return new_markdown_cell(source, metadata={"bwk": {"key": "k", "role": role, **more}})


def signed(text: str, number: str, fact: str = "", value: float | None = None) -> Signoff:
    claim = next(claim for claim in find(text) if claim.text == number)
    scope, source = ("hart", "") if fact else ("", "geteld in de kamer")
    around = signoffs.around(text, claim)
    return Signoff(number, *around, scope, fact, value, source, "Ans", "2018-07-10")


def traced(text: str, known: list[Signoff], **changes: object):
    passages = [Passage("Deelnemers", text)]
    return Text(passages, known, {"hart": published(**changes)}).numbers


class TestPassages:
    def test_only_text_that_is_exported_counts(self):
        notebook = new_notebook(
            cells=[
                text_cell("## Deelnemers", "fixed"),
                text_cell("Tekst."),
                text_cell("Vorig jaar.", "reference"),
                text_cell("## Controle", "fixed", screen=True),
                new_markdown_cell("Los.", metadata={"tags": ["niet-exporteren"]}),
                new_code_cell("1 + 1"),
                new_markdown_cell("Een eigen cel."),
            ]
        )
        wanted = [Passage("Deelnemers", "Tekst."), Passage("Deelnemers", "Een eigen cel.")]
        assert narrative.passages(notebook) == wanted


class TestWhatIsNotWrittenYet:
    def open(self, *passages):
        return [
            (point.section, point.message)
            for point in Text(passages, [], {"hart": published()}).points
        ]

    def test_a_section_without_any_text_is_open(self):
        passages = Passage("Diensten", " "), Passage("Rollen", ""), Passage("Rollen", "Veel hulp.")
        assert self.open(*passages) == [("Diensten", "Hier staat nog geen tekst.")]

    def test_an_empty_cell_that_was_added_asks_nothing(self):
        cells = [text_cell("## Diensten", "fixed"), new_markdown_cell("")]
        assert narrative.passages(new_notebook(cells=cells)) == []

    def test_an_intention_that_nobody_followed_up_is_open(self):
        cell = text_cell("- **Ruimte.** Later.")
        cell.metadata["bwk"]["key"] = cells.FOLLOW_UP
        [(_, message)] = self.open(*narrative.passages(new_notebook(cells=[cell])))
        assert message.startswith("Bij ‘Ruimte’ ontbreekt nog: gedaan, loopt nog of vervallen")


class TestState:
    def test_what_nobody_confirmed_is_open(self):
        assert [one.state for one in traced(SENTENCE, [])] == ["open", "open"]

    def test_a_confirmed_fact_and_a_source_in_words(self):
        known = [signed(SENTENCE, "420", "deelnemers", 420), signed(SENTENCE, "60")]
        assert [one.state for one in traced(SENTENCE, known)] == ["klopt", "bron"]

    def test_a_correction_of_the_data_shows(self):
        [one, _] = traced(SENTENCE, [signed(SENTENCE, "420", "deelnemers", 420)], deelnemers=418)
        assert one.state == "verouderd"
        assert one.remark == "Het getal ‘420’ klopt niet meer: was 420, nu 418."

    def test_a_hedge_that_still_holds_stays_true(self):
        text = "Er deden ruim 400 mensen mee."
        [one] = traced(text, [signed(text, "ruim 400", "deelnemers", 420)], deelnemers=418)
        assert one.state == "klopt"

    def test_a_number_that_is_now_held_back_must_go(self):
        [one, _] = traced(SENTENCE, [signed(SENTENCE, "420", "deelnemers", 420)], deelnemers="x")
        assert one.state == "verouderd"
        assert "mag niet meer in het verslag" in one.remark

    def test_the_sentence_around_a_number_is_whole(self):
        assert [one.sentence for one in traced(SENTENCE, [])] == [
            "In Leidsche Rijn deden 420 mensen mee.",
            "De kamer heeft 60 stoelen.",
        ]

    def test_a_prompt_holds_no_claims(self):
        assert traced("*Schrijf hier: noem 3 dingen.*", []) == []


class TestPoints:
    def points(self, text, known=(), **changes):
        passages, own = [Passage("Deelnemers", text)], published(**changes)
        return Text(passages, known, {"hart": own}).points

    def test_an_untouched_prompt(self):
        assert [p.message for p in self.points(PROMPT)] == ["Hier staat nog een vraag open."]

    def test_every_number_that_is_not_confirmed(self):
        assert [point.message for point in self.points(SENTENCE)] == [
            "Het getal ‘420’ is nog niet bevestigd.",
            "Het getal ‘60’ is nog niet bevestigd.",
        ]

    def test_a_word_that_the_data_contradict(self):
        text = "Het aantal deelnemers is gedaald naar 420."
        known = [signed(text, "420", "deelnemers", 420)]
        assert [p.message.partition(":")[0] for p in self.points(text, known)] == ["‘gedaald’"]

    def test_a_finished_text_has_none(self):
        known = [signed(SENTENCE, "420", "deelnemers", 420), signed(SENTENCE, "60")]
        assert self.points(SENTENCE, known) == []


def test_of_a_long_heading_a_point_tells_the_beginning():
    assert len(str(Point("Deelnemers " * 500, "Dit klopt niet."))) < 150


class TestSpelling:
    FOUND = (Passage("Deelnemers", "De bezoekres kwamen uit Ondiep, *Schrijf hier: gehheel.*"),)

    def test_a_word_that_no_dictionary_or_list_knows_is_advice(self):
        need("hunspell")
        points = narrative.advice(self.FOUND, ["ondiep"])
        assert points == [
            Point("Deelnemers", "Kijk naar de spelling van ‘bezoekres’.", advice=True)
        ]

    def test_each_word_is_told_of_the_text_that_it_stands_in(self):
        need("hunspell")
        texts = ("", "Een bezoekres.", "Alles goed.", "", "Een gehheel, bezoekres.")
        found = [Passage(str(place), text) for place, text in enumerate(texts)]
        told = [(point.section, point.message.split("‘")[1]) for point in narrative.advice(found)]
        assert told == [("1", "bezoekres’."), ("4", "gehheel’."), ("4", "bezoekres’.")]

    def test_without_hunspell_there_is_no_advice(self, monkeypatch):
        monkeypatch.setattr(tracing.shutil, "which", lambda name: None)
        assert narrative.advice(self.FOUND) == []


class TestAdvice:
    def test_a_sentence_of_more_than_25_words(self):
        long = " ".join(["woord"] * 26) + "."
        [point] = narrative.advice([Passage("Slot", long), Passage("Slot", "Een korte zin.")])
        assert (point.advice, point.section) == (True, "Slot")
        assert "meer dan 25 woorden" in point.message


class TestSources:
    @pytest.fixture
    def workbook(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        path = tmp_path / "2018-H1" / "hart.ipynb"
        path.parent.mkdir()
        nbformat.write(new_notebook(cells=[text_cell(SENTENCE)]), path)
        monkeypatch.setenv("BWK_NOTEBOOKS", str(tmp_path))
        return path

    def test_confirmed_numbers_are_listed_and_open_ones_counted(self, workbook):
        signoffs.save(signoffs.beside(workbook), [signed(SENTENCE, "420", "deelnemers", 420)])
        own = sources(published()).data[MIME]
        assert own["open"] == 1
        [row] = own["table"]["rows"]
        assert (row[0], row[2], row[4]) == ("420", "420", "Ans, 10 juli 2018")

    def test_without_a_workbook_the_report_is_not_finished(self, workbook):
        workbook.unlink()
        assert sources(sheet({})).data[MIME]["open"] > 0

    def test_a_workbook_that_is_no_notebook_is_a_sentence(self, workbook):
        workbook.write_text("{")
        with pytest.raises(WorkbookError, match=r"hart\.ipynb is geen leesbaar werkboek"):
            sources(published())


class TestWhatWasConfirmedAndIsEdited:
    """A confirmation holds for the statement, and not for the number alone."""

    def after(
        self, before: str, text: str, number: str, fact: str = "", value: float | None = None
    ):
        [claim] = [each for each in find(before) if each.text == number]
        said = statements.derive(before, claim, published())
        known = msgspec.structs.replace(signed(before, number, fact, value), statement=said)
        return next(each for each in traced(text, [known]) if each.claim.text == number)

    @pytest.mark.parametrize(
        ("text", "now"),
        [
            ("In Zuilen deden 420 mensen mee.", "Zuilen"),
            ("Vorig jaar deden 420 mensen mee.", "de periode ervoor"),
            ("Er deden 420 vrijwilligers mee.", "vrijwilliger"),
            ("Er deden 420 trouwe mensen mee.", "trouwe"),
        ],
    )
    def test_another_statement_is_open_again_and_says_what_differs(self, text: str, now: str):
        number = self.after("Er deden 420 mensen mee.", text, "420", "deelnemers", 420)
        assert number.state == "veranderd"
        assert f"er staat nu ‘{now}’; bevestigd was" in number.remark

    @pytest.mark.parametrize(
        "text",
        [
            "Dit halfjaar deden er 420 mensen mee.",
            "420 bewoners deden mee, jong en oud.",
            "Wij zijn trots: er deden maar liefst 420 mensen mee.",
        ],
    )
    def test_other_words_around_the_same_statement_change_nothing(self, text: str):
        number = self.after("Er deden 420 mensen mee.", text, "420", "deelnemers", 420)
        assert number.state == "klopt"

    def test_numbers_that_were_swapped_are_open_again(self):
        text = "Er kwamen 12 mannen en 15 vrouwen in de keuken."
        swapped = "Er kwamen 15 mannen en 12 vrouwen in de keuken."
        for number in ("12", "15"):
            assert self.after(text, swapped, number).state in ("open", "veranderd")

    def test_a_file_that_kept_no_statement_is_read_by_the_words_that_it_kept(self):
        before, text = "Er deden 420 mensen mee.", "Er deden 420 mensen mee. Mooi!"
        known = [signed(before, "420", "deelnemers", 420)]
        assert [number.state for number in traced(text, known)] == ["klopt"]
        elsewhere = "In Zuilen deden 420 mensen mee."
        assert [number.state for number in traced(elsewhere, known)] == ["veranderd"]
