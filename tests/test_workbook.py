"""The workbook: code from the template, text from the evaluator, and none of it lost."""

import copy
import json
import random

import nbformat
import pytest
from bench import edits
from bench.edits import LOCKS, template
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from bwk import inputs, workbook
from bwk.errors import WorkbookError

RUNS = 300
OLD, NEW = template("diensten", "rollen"), template("rollen", "diensten", version=2)
PROMPT = "*Schrijf hier: diensten, versie 1.*"
LIST = "Onze plannen.\n\n- **Een nieuwsbrief.** In maart.\n- **Meer taal.** Later.\n"


def made(start=OLD, **texts):
    """A workbook of a template; `diensten="..."` is what was written under that heading."""
    notebook = workbook.update(start, None).notebook
    for name, text in texts.items():
        at(notebook, f"{name}-tekst").source = text
    return notebook


def at(notebook, key):
    return next(cell for cell in notebook.cells if key_of(cell) == key)


def key_of(cell):
    return cell.metadata.get("bwk", {}).get("key")


def place(notebook, key):
    return [key_of(cell) for cell in notebook.cells].index(key)


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def updated(notebook, start=OLD, previous=None):
    return workbook.update(start, notebook, previous).notebook


def notes(notebook, start=OLD, previous=None):
    return workbook.update(start, notebook, previous).notes


def appendix(notebook):
    head = place(notebook, "bijlage")
    assert "niet-exporteren" in notebook.cells[head].metadata.tags
    assert all("niet-exporteren" in cell.metadata.tags for cell in notebook.cells[head:])
    return sources(notebook)[head + 1 :]


def written_before(**texts):
    """A workbook of 2017-H2, of a template that has the section with intentions."""
    start = workbook.parametrized(template("diensten", "voornemens"), "x", "2017-H2")
    return made(start, **texts)


class TestWhateverTheEvaluatorDoes:
    @pytest.mark.parametrize("part", range(3))
    def test_no_character_is_lost_and_the_skeleton_stays(self, part):
        wrong = [problem for seed in range(part, RUNS, 3) for problem in edits.session(seed)]
        assert wrong == []

    def test_the_search_sees_a_lost_word(self, monkeypatch):
        deal = workbook._deal

        def lossy(skeleton, current):
            return deal(skeleton, current) | {workbook.APPENDIX: []}

        monkeypatch.setattr(workbook, "_deal", lossy)
        assert any("lost" in problem for seed in range(20) for problem in edits.session(seed))

    def test_both_halves_of_a_split_text_stay_in_order(self):
        notebook = made(diensten="Eerst.")
        lower = copy.deepcopy(at(notebook, "diensten-tekst"))
        at(notebook, "diensten-tekst")["id"] = "nieuw"
        lower.source = "Daarna."
        notebook.cells.insert(place(notebook, "diensten-tekst") + 1, lower)
        done = updated(notebook)
        first = place(done, "diensten-tekst")
        assert sources(done)[first : first + 2] == ["Eerst.", "Daarna."]
        assert [cell.metadata.get("deletable") for cell in done.cells[first : first + 2]] == [
            False,
            None,
        ]

    def test_after_a_merge_the_other_section_gets_its_prompt_back(self):
        notebook = made(diensten="Samen.")
        notebook.cells.remove(at(notebook, "rollen-tekst"))
        assert at(updated(notebook), "rollen-tekst").source.startswith("*Schrijf hier: rollen")
        assert notes(notebook) == ("Bij ‘Rollen’ ontbrak een cel. Die staat er nu.",)

    def test_a_text_that_was_moved_goes_back_to_its_section(self):
        notebook = made(diensten="Tekst.")
        notebook.cells.append(notebook.cells.pop(place(notebook, "diensten-tekst")))
        assert [key_of(cell) for cell in updated(notebook).cells] == [cell.id for cell in OLD.cells]
        assert notes(notebook) == ("De cellen staan weer in de volgorde van het sjabloon.",)

    @pytest.mark.parametrize("make", [new_markdown_cell, new_code_cell, new_raw_cell])
    def test_a_cell_that_was_added_stays_beside_the_one_that_it_followed(self, make):
        notebook = made(diensten="Tekst.")
        notebook.cells.insert(place(notebook, "diensten-figuur") + 1, make("Erbij.", id="eigen"))
        done = updated(notebook, NEW)
        assert done.cells[place(done, "diensten-figuur") + 1] == make("Erbij.", id="eigen")

    def test_a_picture_stays_with_its_text(self):
        notebook = made(diensten="![](attachment:a.png)")
        picture = {"a.png": {"image/png": "iVBORw0KGgo="}}
        at(notebook, "diensten-tekst")["attachments"] = picture
        assert at(updated(notebook, NEW), "diensten-tekst").attachments == picture

    def test_a_picture_that_a_split_left_without_text_is_kept(self):
        notebook = made(diensten="![](attachment:a.png)")
        notebook.cells.append(copy.deepcopy(at(notebook, "diensten-tekst")))
        picture = {"a.png": {"image/png": "iVBORw0KGgo="}}
        notebook.cells[-1].update(id="onder", source="", attachments=picture)
        done = updated(notebook)
        assert done.cells[place(done, "diensten-tekst") + 1].attachments == picture

    def test_text_typed_in_a_heading_or_in_code_goes_to_the_appendix(self):
        notebook = made()
        at(notebook, "diensten-kop").source = "## Diensten en meer"
        at(notebook, "diensten-figuur").source = "figures.other()\n# waarom?"
        done = updated(notebook)
        assert at(done, "diensten-kop").source == "## Diensten"
        assert appendix(done) == ["## Diensten en meer", "    figures.other()\n    # waarom?"]
        said = "Bij ‘Diensten’ was een vaste cel veranderd. Wat er stond, staat in de bijlage."
        assert notes(notebook) == (said,)
        assert notes(done) == ()

    def test_a_copy_of_a_locked_cell_goes_and_its_own_text_stays(self):
        notebook = made()
        for name, text in (("a", "## Diensten"), ("b", "## Diensten toen")):
            notebook.cells.append(copy.deepcopy(at(notebook, "diensten-kop")))
            notebook.cells[-1].update(id=name, source=text)
        assert appendix(updated(notebook)) == ["## Diensten toen"]
        assert "Bij ‘Diensten’ is een kopie van een vaste cel weggehaald." in notes(notebook)

    def test_text_that_became_code_is_text_again(self):
        notebook = made()
        index = place(notebook, "diensten-tekst")
        metadata = notebook.cells[index].metadata
        notebook.cells[index] = new_code_cell("420 mensen", id="diensten-tekst", metadata=metadata)
        assert at(updated(notebook), "diensten-tekst").cell_type == "markdown"


class TestANewTemplate:
    def test_order_code_and_prompts_are_the_new_ones_and_text_is_kept(self):
        notebook = made(diensten="Er kwamen 420 mensen.")
        done = updated(notebook, NEW)
        assert [cell.id for cell in done.cells] == [cell.id for cell in NEW.cells]
        assert at(done, "diensten-figuur").source == "figures.diensten(sheet, 2)"
        assert at(done, "rollen-tekst").source == "*Schrijf hier: rollen, versie 2.*"
        assert at(done, "diensten-tekst").source == "Er kwamen 420 mensen."
        assert done.metadata.bwk.version == 2
        assert notes(notebook, NEW) == (
            "Bij ‘Diensten’ is een vaste cel vernieuwd.",
            "Bij ‘Rollen’ is een vaste cel vernieuwd.",
            "Bij ‘Rollen’ staat een nieuwe vraag of tekst.",
            "De cellen staan weer in de volgorde van het sjabloon.",
        )

    def test_a_section_that_is_gone_keeps_its_text_in_the_appendix(self):
        notebook = made(rollen="Veel hulp.")
        notebook.cells.insert(place(notebook, "rollen-tekst") + 1, new_markdown_cell("Erbij."))
        done = updated(notebook, template("diensten"))
        assert appendix(done) == ["Veel hulp.", "Erbij."]
        said = "‘Rollen’ is geen deel meer van het sjabloon. Uw tekst staat in de bijlage."
        assert said in notes(notebook, template("diensten"))

    def test_text_stays_beside_what_is_left_when_one_figure_goes(self):
        notebook = made()
        notebook.cells.insert(place(notebook, "rollen-figuur") + 1, new_markdown_cell("Erbij."))
        start = template("diensten", "rollen")
        start.cells.remove(at(start, "rollen-figuur"))
        done = updated(notebook, start)
        assert sources(done)[place(done, "rollen-kop") + 1] == "Erbij."

    def test_what_is_moved_out_of_the_appendix_is_exported_again(self):
        done = updated(made(rollen="Veel hulp."), template("diensten"))
        done.cells.insert(place(done, "diensten-tekst") + 1, done.cells.pop())
        again = updated(done, template("diensten"))
        cell = again.cells[place(again, "diensten-tekst") + 1]
        assert (cell.source, cell.metadata.tags) == ("Veel hulp.", [])
        assert "bijlage" not in map(key_of, again.cells)

    def test_outputs_stay_with_code_that_did_not_change(self):
        notebook = made()
        for key in ("diensten-figuur", "controle"):
            at(notebook, key).outputs = [nbformat.v4.new_output("stream", text="getekend")]
        assert at(updated(notebook), "diensten-figuur").outputs[0].text == "getekend"
        done = updated(notebook, NEW)
        assert at(done, "diensten-figuur").outputs == []
        assert at(done, "controle").outputs[0].text == "getekend"

    def test_a_template_with_a_key_twice_is_refused(self):
        start = template("diensten", "diensten")
        with pytest.raises(WorkbookError, match="diensten-kop"):
            updated(None, start)

    def test_a_cell_without_a_key_counts_as_a_fixed_one(self):
        start = new_notebook(cells=[new_markdown_cell("## Los", id="los"), *OLD.cells])
        assert sources(updated(made(), start))[0] == "## Los"


class TestTheNotebookForARun:
    def test_code_is_the_template_s_and_text_the_workbook_s(self):
        notebook = made(diensten="Er kwamen 420 mensen.")
        at(notebook, "diensten-figuur").source = "kapot("
        run = workbook.assemble(NEW, notebook)
        assert at(run, "diensten-figuur").source == "figures.diensten(sheet, 2)"
        assert at(run, "diensten-tekst").source == "Er kwamen 420 mensen."

    def test_appendix_references_screen_and_own_code_are_left_out(self):
        notebook = made(diensten="Tekst.")
        notebook.cells += [new_code_cell("1 / 0"), new_markdown_cell("Tot slot.")]
        at(notebook, "rollen-kop").source = "## Anders"
        done = updated(notebook, previous=made(diensten="Toen."))
        run = sources(workbook.assemble(OLD, done))
        assert run[-1] == "Tot slot."
        assert not {"1 / 0", "narrative.control()", "## Anders"} & set(run)
        assert not any("Toen." in source for source in run)

    def test_without_a_workbook_the_bare_template_is_run(self):
        run = workbook.assemble(OLD, None)
        assert sources(run) == sources(OLD)[:-1]


class TestFromHalfYearToHalfYear:
    def test_last_period_s_text_is_folded_beside_its_section(self):
        previous = written_before(diensten="Toen 300.")
        previous.cells.insert(place(previous, "diensten-kop") + 1, new_markdown_cell("Erbij."))
        done = updated(made(), previous=previous)
        shown = done.cells[place(done, "diensten-tekst") + 1]
        assert shown.source == (
            "<details><summary>Vorige periode (2017-H2)</summary>\n\n"
            "Erbij.\n\nToen 300.\n\n</details>"
        )
        assert shown.metadata.bwk.role == "reference"
        assert {name: shown.metadata[name] for name in LOCKS} == LOCKS
        assert shown.metadata.tags == ["niet-exporteren"]
        assert "rollen-tekst-vorige" not in map(key_of, done.cells)
        assert notes(made(), previous=previous) == (workbook._NOTES["previous"],)

    def test_html_in_it_does_not_break_the_fold(self):
        text = "A </details> <!-- b --> <https://utrecht.nl> 3 < 4"
        done = updated(made(), previous=written_before(diensten=text))
        shown = at(done, "diensten-tekst-vorige").source
        assert "A &lt;/details> &lt;!-- b --> <https://utrecht.nl> 3 < 4" in shown
        assert shown.count("</details>") == 1

    def test_its_pictures_come_along(self):
        previous = written_before(diensten="![](attachment:a.png)")
        at(previous, "diensten-tekst")["attachments"] = {"a.png": {"image/png": "iVBORw0KGgo="}}
        done = updated(made(), previous=previous)
        assert [*at(done, "diensten-tekst-vorige").attachments] == ["a.png"]

    def test_a_prompt_is_not_worth_showing(self):
        assert updated(made(), previous=written_before()) == updated(made())

    def test_text_typed_in_a_reference_goes_to_the_appendix(self):
        previous = written_before(diensten="Toen.")
        done = updated(made(), previous=previous)
        at(done, "diensten-tekst-vorige").source += "\n\nNu."
        assert any("Nu." in source for source in appendix(updated(done, previous=previous)))


FOLLOWED = template("opvolging", "voornemens")


class TestFollowUp:
    def test_last_period_s_intentions_are_the_start_text(self):
        done = updated(None, FOLLOWED, written_before(voornemens=LIST))
        choice = "*Kies: gedaan, loopt nog of vervallen. **Schrijf hier:** wat ervan kwam.*"
        wanted = f"- **Een nieuwsbrief.** {choice}\n- **Meer taal.** {choice}"
        assert at(done, "opvolging-tekst").source == wanted
        assert at(workbook.assemble(FOLLOWED, done), "opvolging-tekst").source == wanted

    def test_without_intentions_there_is_no_such_section(self):
        for previous in (None, written_before(voornemens="Geen lijst.")):
            done = updated(None, FOLLOWED, previous)
            assert not {"opvolging-kop", "opvolging-tekst"} & set(map(key_of, done.cells))
        run = workbook.assemble(FOLLOWED, copy.deepcopy(FOLLOWED))
        assert "opvolging-kop" not in map(key_of, run.cells)

    def test_an_untouched_list_follows_a_correction_of_last_period(self):
        done = updated(None, FOLLOWED, written_before(voornemens=LIST))
        again = updated(done, FOLLOWED, written_before(voornemens="- **Iets anders.** Toch."))
        assert at(again, "opvolging-tekst").source.startswith("- **Iets anders.** *Kies")

    @pytest.mark.parametrize("later", [None, "- **Iets anders.** Toch."])
    def test_what_was_written_in_it_is_never_replaced(self, later):
        done = updated(None, FOLLOWED, written_before(voornemens=LIST))
        at(done, "opvolging-tekst").source = "- **Een nieuwsbrief.** Gedaan: in maart."
        previous = written_before(voornemens=later) if later else None
        again = updated(done, FOLLOWED, previous)
        assert at(again, "opvolging-tekst").source == "- **Een nieuwsbrief.** Gedaan: in maart."


class TestReading:
    @pytest.mark.parametrize("content", ["{ kapot", "[]", "", '{"cells": 3}'])
    def test_what_is_no_notebook_is_refused_by_name(self, tmp_path, content):
        (tmp_path / "top.ipynb").write_text(content)
        with pytest.raises(WorkbookError, match=r"/top\.ipynb is geen leesbaar werkboek"):
            workbook.read(tmp_path / "top.ipynb")

    @pytest.mark.parametrize(
        ("other", "said"),
        [
            ({"template": "stad"}, "hoort bij sjabloon ‘stad’"),
            ({"location": "zuilen"}, "hoort bij locatie ‘zuilen’"),
            ({"version": 3}, "nieuwer sjabloon"),
        ],
    )
    def test_a_workbook_of_something_else_is_refused(self, tmp_path, other, said):
        start = workbook.parametrized(NEW, "top", "2018-H1")
        notebook = updated(None, start)
        notebook.metadata.bwk |= other
        with pytest.raises(WorkbookError, match=said):
            self.read_back(notebook, tmp_path, start)

    def test_a_workbook_of_another_period_is_refused(self, tmp_path):
        start = workbook.parametrized(NEW, "top", "2018-H2")
        with pytest.raises(WorkbookError, match=r"top\.ipynb hoort bij periode ‘2018-H1’"):
            self.read_back(made(), tmp_path, start)

    def test_a_notebook_without_a_single_key_is_no_workbook(self, tmp_path):
        notebook = new_notebook(cells=[new_markdown_cell("Aantekeningen")])
        with pytest.raises(WorkbookError, match="is geen werkboek"):
            self.read_back(notebook, tmp_path, NEW)

    def test_its_own_workbook_is_read(self, tmp_path):
        start = workbook.parametrized(NEW, "top", "2018-H1")
        assert self.read_back(updated(None, start), tmp_path, start) == updated(None, start)

    def read_back(self, notebook, folder, start):
        nbformat.write(notebook, folder / "top.ipynb")
        return workbook.read(folder / "top.ipynb", start)

    def test_a_file_of_an_older_notebook_version_gets_cell_ids(self, tmp_path):
        notebook = made(diensten="Tekst.")
        notebook.nbformat_minor = 4
        for cell in notebook.cells:
            del cell["id"]
        done = updated(self.read_back(notebook, tmp_path, OLD))
        nbformat.validate(done)
        assert at(done, "diensten-tekst").source == "Tekst."


def test_parameters_are_set_in_the_template_and_nothing_else():
    start = workbook.parametrized(OLD, "de-klop", "2017-04/2017-12")
    wanted = 'location = "de-klop"\nperiod = "2017-04/2017-12"\nbaseline = None'
    assert start.cells[0].source == wanted
    assert sources(start)[1:] == sources(OLD)[1:]


def test_the_project_s_templates_have_the_hashes_of_this_rule():
    for kind in ("locatie", "stad"):
        for cell in workbook.read(inputs.OWN_TEMPLATES / f"{kind}.ipynb").cells:
            assert cell.metadata.bwk.hash == workbook.fingerprint(cell.source)


def test_the_folder_s_own_template_goes_before_the_project_s(tmp_path):
    assert inputs.template(tmp_path, "stad") == inputs.OWN_TEMPLATES / "stad.ipynb"
    (tmp_path / "sjablonen").mkdir()
    own = tmp_path / "sjablonen/stad.ipynb"
    own.write_text("{}")
    assert inputs.template(tmp_path, "stad") == own


@pytest.mark.parametrize("strange", [{"bwk": 3}, {"bwk": {"key": ["a"]}}, {"bwk": {"role": 1}}])
def test_strange_metadata_stops_nothing(strange):
    notebook = made()
    random.Random(1).choice(notebook.cells).metadata |= strange
    notebook.cells.append(new_markdown_cell("Tekst.", metadata=strange))
    assert "Tekst." in sources(updated(notebook))


class TestNotebooksBesideTheWorkbooks:
    @staticmethod
    def put(folder, name, location):
        own = {"bwk": {"location": location}} if location else {}
        (folder / name).write_text(json.dumps({"metadata": own, "cells": []}))

    @pytest.mark.parametrize(
        ("names", "said"),
        [
            ({"top.ipynb": "top", "stad.ipynb": "stad"}, ""),
            ({"top.ipynb": "top", "top-Copy1.ipynb": "top"}, "een kopie van top.ipynb"),
            ({"top (nieuw).ipynb": "top"}, "het werkboek van ‘top’"),
            ({"probeersel.ipynb": ""}, "geen werkboek"),
            ({"top.ipynb": ""}, ""),  # its metadata are gone, or it is damaged: a run reads it
            ({"top.ipynb": "stad", "stad.ipynb": "stad"}, "een kopie van stad.ipynb"),
        ],
    )
    def test_they_are_named_with_what_they_say_of_themselves(self, tmp_path, names, said):
        for name, location in names.items():
            self.put(tmp_path, name, location)
        sentences = " ".join(workbook.strays(tmp_path, ["stad", "top"]))
        assert said in sentences
        assert bool(said) == ("komt in geen verslag" in sentences)

    @pytest.mark.parametrize("content", ["", "[]", '{"metadata": {"bwk": 3}}', "[" * 100_000])
    def test_a_file_of_any_shape_is_no_workbook(self, tmp_path, content):
        (tmp_path / "x.ipynb").write_text(content)
        (sentence,) = workbook.strays(tmp_path, ["top"])
        assert "x.ipynb is geen werkboek" in sentence

    def test_without_a_folder_there_are_none(self, tmp_path):
        assert list(workbook.strays(tmp_path / "2018-H1", ["top"])) == []
