"""The commands: what they print, and their exit status."""

import csv

import pytest
from small import bwk, visits

from bwk.cli import COMMANDS, main


def test_help_is_in_dutch_and_names_every_command(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    said = capsys.readouterr().out
    assert stopped.value.code == 0
    assert all(name in said for name in COMMANDS)
    assert not [word for word in ("usage", "options", "positional", "show this") if word in said]


@pytest.mark.parametrize(
    "arguments", [[], ["onzin"], ["run", "--onzin"], ["run", "--jobs", "veel"]]
)
def test_wrong_use_is_a_sentence_and_status_2(arguments, capsys):
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("Fout: ")
    assert len(said.strip().splitlines()) == 1


class TestCheck:
    def test_sound_data_give_a_summary_and_status_0(self, make_folder, tmp_path, capsys):
        folder = make_folder(deelnames=visits("2018-02-01", "noord", "koffie", "abc"))
        assert main(["check", "--data", str(folder), "--output", str(tmp_path / "uit")]) == 0
        assert "0 fouten" in capsys.readouterr().out

    def test_every_error_is_listed_with_its_row_and_without_the_person(
        self, make_folder, tmp_path, capsys
    ):
        rows = visits("2018-02-01", "noord", "koffie", "a")
        rows += "2018-02-31;noord;koffie;jan@geheim.nl;1\n2018-02-01;oost;koffie;pgeheim1;-2\n"
        folder = make_folder(deelnames=rows)
        assert main(["check", "--data", str(folder), "--output", str(tmp_path / "uit")]) == 3
        with (tmp_path / "uit/controle.csv").open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.DictReader(file, delimiter=";"))
        places = {(row["rij"], row["kolom"]) for row in found if row["ernst"] == "fout"}
        assert {("3", "datum"), ("3", "deelnemer"), ("4", "locatie"), ("4", "aantal")} <= places
        said = capsys.readouterr()
        assert "geheim" not in said.out + said.err + (tmp_path / "uit/controle.csv").read_text()

    def test_an_error_in_the_programme_stands_in_the_list_with_the_others(
        self, make_folder, tmp_path, capsys
    ):
        folder = make_folder(0, deelnames="2018-02-31;noord;koffie;pa1;1\n")
        assert main(["check", "--data", str(folder), "--output", str(tmp_path / "uit")]) == 3
        said = capsys.readouterr().out
        assert "drempel" in said
        assert "deelnames.csv, rij 2" in said

    def test_a_missing_folder_is_a_sentence_and_status_3(self, tmp_path):
        done = bwk("check", "--data", tmp_path / "weg")
        assert done.returncode == 3
        assert done.stderr.startswith("Fout: De datamap is er niet")


class TestStatus:
    def test_a_workbook_that_is_refused_hides_no_other(self, make_folder, tmp_path, capsys):
        folder = make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "abcdef"))
        (tmp_path / "notebooks/2018-H1").mkdir(parents=True)
        (tmp_path / "notebooks/2018-H1/stad.ipynb").write_text("{ kapot")
        places = {"--data": folder, "--notebooks": tmp_path / "notebooks", "--output": tmp_path}
        words = [str(word) for pair in places.items() for word in pair]
        assert main(["status", "2018-H1", *words]) == 4
        said = capsys.readouterr().out
        assert "stad.ipynb: geweigerd. stad.ipynb is geen leesbaar werkboek" in said
        assert "noord.ipynb: 1 open punt." in said


class TestPseudonymize:
    def test_one_person_gets_the_same_pseudonym_and_the_name_is_gone(
        self, tmp_path, monkeypatch, capsys
    ):
        monkeypatch.setenv("BWK_KEY", str(tmp_path / "sleutels/sleutel"))
        rows = "2018-02-01;top;taal;Jan Jansen\n2018-03-01;top;taal;jan  jansen\n"
        (tmp_path / "lijst.csv").write_text("datum;locatie;dienst;deelnemer\n" + rows)
        assert main(["pseudonymize", str(tmp_path / "lijst.csv")]) == 0
        text = (tmp_path / "lijst.pseudoniem.csv").read_text(encoding="utf-8-sig")
        made = [row["deelnemer"] for row in csv.DictReader(text.splitlines(), delimiter=";")]
        assert len(made) == 2
        assert len(set(made)) == 1
        said = capsys.readouterr()
        assert "ansen" not in text + said.out + said.err
        assert "1 mens" in said.out

    def test_a_file_that_is_not_there_is_a_sentence(self, tmp_path):
        done = bwk("pseudonymize", tmp_path / "weg.csv", BWK_KEY=str(tmp_path / "sleutel"))
        assert done.returncode == 3
        assert done.stderr.startswith("Fout: weg.csv")
