"""Definitive: frozen whole or not at all, checked by its sums, corrected beside the first."""

import hashlib
import json
import os
import shutil
import subprocess
import threading
from datetime import date

import nbformat
import pytest
from conftest import need
from filelock import FileLock
from reports import text
from reviewed import FIRST, answers, data_of, fact, freeze, make, ran, workbooks
from small import PROGRAMME, ROOT, TABLES, kept, visits

from bwk import batch, export, inputs, keys, outputs, periods, review
from bwk.errors import BwkError, DefinitiveError, ReportError, UsageError
from bwk.export import document
from bwk.review import custody, definitive, errata

DAY = date(2018, 8, 1)


@pytest.fixture
def target(tmp_path):
    return make(tmp_path / "output")


@pytest.fixture
def notebooks(target, tmp_path):
    return workbooks(target, tmp_path / "notebooks")


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def left(target):
    """What stands in the folder of a period, but for what must not leave."""
    return {path.name for path in target.iterdir()} - {"intern"}


def corrected(target, notebooks, people=418):
    """Freeze a period that is definitive once more, with another number in it."""
    make(target.parent, FIRST.replace("420", str(people)), people)
    ran(target, notebooks)
    return freeze(target, notebooks, "Een fout.")


class TestFreezing:
    def test_everything_of_the_contract_is_in_it(self, target, notebooks):
        (notebooks / "2018-H1/top.akkoord.json").write_text('{"akkoord": []}')
        (notebooks / "woordenlijst.txt").write_text("Welkom")
        ran(target, notebooks)
        made = freeze(target, notebooks)
        expected = {
            f"{name}.{kind}" for name in ("stad", "top") for kind in ("html", "pdf", "ipynb")
        }
        expected |= {"tussenrapportage.html", "tussenrapportage.pdf"}
        expected |= {"feiten.json", "intern/run.json", "SHA256SUMS"}
        expected |= {"werkboeken/stad.ipynb", "werkboeken/top.ipynb", "werkboeken/top.akkoord.json"}
        expected |= {"werkboeken/woordenlijst.txt"}
        expected |= {"sjablonen/locatie.ipynb", "sjablonen/stad.ipynb"}
        assert made == target / "definitief-1"
        assert names(made) == expected
        assert review.is_definitive(target) == 1

    @pytest.mark.parametrize("number", [1, 2])
    def test_each_report_is_built_once(self, target, notebooks, monkeypatch, number):
        if number == 2:
            freeze(target, notebooks)
            make(target.parent, FIRST.replace("420", "418"), 418)
            ran(target, notebooks)
        built = []

        def counted(nb):
            built.append(nb)
            return build(nb)

        build = document.build
        for room in (document, export):
            monkeypatch.setattr(room, "build", counted)
        freeze(target, notebooks, "Een fout." * (number - 1))
        frozen = 2 * (number - 1)  # the reports of the edition before, which the errata compare
        assert len(built) == len({"stad", "top", "tussenrapportage"}) + frozen

    def test_page_and_pdf_say_definitive_and_the_version(self, target, notebooks):
        made = freeze(target, notebooks)
        assert '<span class="badge">definitief 1</span>' in (made / "top.html").read_text()
        for name in ("top", "tussenrapportage"):
            told = subprocess.run(
                [need("pdftotext"), made / f"{name}.pdf", "-"], capture_output=True, check=True
            )
            assert b"definitief 1" in told.stdout
            assert b"concept" not in told.stdout
        assert nbformat.read(made / "top.ipynb", 4).metadata.bwk.status == "definitief 1"

    def test_nothing_in_it_can_be_written(self, target, notebooks):
        made = freeze(target, notebooks)
        assert {path.stat().st_mode & 0o777 for path in made.rglob("*.*")} == {0o444}
        assert made.stat().st_mode & 0o777 == 0o555

    def test_the_sums_are_those_of_sha256sum(self, target, notebooks):
        made = freeze(target, notebooks)
        subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=made, check=True)

    def test_the_run_itself_stays_as_it_was(self, target, notebooks):
        before = {path.name: path.read_bytes() for path in target.glob("*.*")}
        freeze(target, notebooks)
        assert {path.name: path.read_bytes() for path in target.glob("*.*")} == before

    def test_what_a_killed_process_left_is_cleared(self, target, notebooks):
        (target / ".bwk-half").mkdir()
        (target / ".bwk-half/top.html").touch()
        freeze(target, notebooks)
        assert not (target / ".bwk-half").exists()


class TestRefusal:
    def refused(self, target, notebooks, said, error=UsageError, **open_points):
        before = left(target)
        with pytest.raises(error, match=said):
            freeze(target, notebooks, **open_points)
        assert left(target) == before

    def test_open_points_are_listed(self, target, notebooks):
        points = ["Samenvatting: het getal ‘420’ is nog niet bevestigd."]
        self.refused(target, notebooks, "(?s)1 punt staat nog open.*top: .*420", top=points)

    def test_an_open_question_is_listed(self, target, notebooks, tmp_path):
        review.keep(target, DAY)
        file = tmp_path / "antwoorden.json"
        file.write_text(json.dumps(answers(target, 1, {3: "Hoe vol?"})))
        review.bring_in(target, file)
        self.refused(target, notebooks, "(?s)nog open.*Hoe vol")

    def test_a_workbook_that_changed_after_the_run(self, target, notebooks):
        path = notebooks / "2018-H1/top.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[text("Nieuw.")]), path)
        self.refused(target, notebooks, "Na de laatste run is iets veranderd")

    def test_a_report_that_was_not_made(self, target, notebooks):
        ran(target, notebooks, alle=["stad", "top", "noord"])
        self.refused(target, notebooks, r"Niet elk verslag is er \(noord\)")

    @pytest.mark.parametrize("name", ["top.ipynb", "feiten.json"])
    def test_what_was_edited_or_removed_after_the_run(self, target, notebooks, name):
        path = target / name
        content = path.read_text()
        path.write_text(content.replace("420", "935"))
        assert path.read_text() != content
        self.refused(target, notebooks, f"{name} is veranderd na de laatste run")
        path.unlink()
        self.refused(target, notebooks, f"{name} (is veranderd|ontbreekt)")

    def test_who_can_keep_no_key_cannot_say_whether_data_changed(
        self, target, notebooks, monkeypatch
    ):
        monkeypatch.setenv("XDG_CONFIG_HOME", os.devnull)
        monkeypatch.setenv(keys.OF_THIS_RUN, "0" * 64)
        self.refused(target, notebooks, "geen sleutel bewaren.*XDG_CONFIG_HOME")

    @pytest.mark.parametrize(
        "place",
        [
            "data/deelnames.csv",
            "data/nieuw.csv",
            "notebooks/2018-H1/top.akkoord.json",
            "notebooks/sjablonen/locatie.ipynb",
            "notebooks/woordenlijst.txt",
        ],
    )
    def test_what_a_report_is_made_from_and_changed_after_the_run(self, target, notebooks, place):
        path = data_of(target).parent / place
        with path.open("a") as file:
            file.write("\n")
        self.refused(target, notebooks, "Na de laatste run is iets veranderd")
        ran(target, notebooks)
        freeze(target, notebooks)

    def test_what_nobody_noted_of_a_run(self, target, notebooks):
        (target / "intern/run.json").unlink()
        self.refused(target, notebooks, "run.json ontbreekt")
        ran(target, notebooks, verslagen={})
        self.refused(target, notebooks, "Niet elk verslag is er")

    def test_a_second_time_without_a_reason(self, target, notebooks):
        freeze(target, notebooks)
        self.refused(target, notebooks, "--correct", DefinitiveError)

    def test_a_correction_that_changes_nothing(self, target, notebooks):
        freeze(target, notebooks)
        with pytest.raises(UsageError, match="dezelfde als de definitieve"):
            freeze(target, notebooks, "Een fout.")
        assert not (target / "definitief-2").exists()

    def test_a_correction_of_nothing(self, target, notebooks):
        with pytest.raises(UsageError, match="nog niet definitief"):
            freeze(target, notebooks, "Een fout.")

    def test_a_full_disk_half_way_leaves_nothing(self, target, notebooks, monkeypatch):
        def full(*arguments):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(definitive, "_copy", full)
        self.refused(target, notebooks, "niets definitief geworden. De schijf is vol", ReportError)
        assert not [path for path in target.iterdir() if path.name.startswith(".")]

    def test_a_run_that_is_busy_with_the_period(self, target, notebooks):
        with FileLock(target.parent / ".2018-H1.bezig"):
            self.refused(target, notebooks, "al iemand bezig met 2018-H1", ReportError)

    @pytest.mark.parametrize(
        "work",
        [
            lambda target: review.keep(target, DAY),
            review.judge,
            review.review_file,
            review.compare,
        ],
        ids=["version", "judge", "review", "compare"],
    )
    def test_whoever_writes_waits_for_who_is_busy_with_the_period(self, target, notebooks, work):
        busy = pytest.raises(ReportError, match="al iemand bezig met 2018-H1")
        with FileLock(target.parent / ".2018-H1.bezig"), busy:
            work(target)
        assert left(target) == {"feiten.json", "stad.ipynb", "top.ipynb"}

    def test_of_two_at_once_one_is_whole_and_the_other_hears_so(self, target, notebooks):
        review.keep(target, DAY)
        said: list[BwkError | None] = []

        def work():
            try:
                freeze(target, notebooks)
                said.append(None)
            except BwkError as error:
                said.append(error)

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert said.count(None) == 1
        assert {path.name for path in target.glob("*definitief*")} == {"definitief-1"}
        assert review.verify(target) == []


def linked(path):
    """Put a link in the place of something, to the same."""
    away = path.parent.parent / path.name
    path.chmod(0o755)
    path.rename(away)
    path.symlink_to(away)


def resealed(edition, name="top.html"):
    """Change a file, and write the sums anew as a forger does."""
    for path in (edition, edition / name, edition / "SHA256SUMS"):
        path.chmod(0o755)
    report, sums = edition / name, edition / "SHA256SUMS"
    before = hashlib.sha256(report.read_bytes()).hexdigest()
    report.write_text(report.read_text().replace("420", "935"))
    after = hashlib.sha256(report.read_bytes()).hexdigest()
    sums.write_text(sums.read_text().replace(before, after))
    for path in (sums, report, edition):
        path.chmod(0o555)


class TestVerifying:
    def test_an_untouched_folder_has_no_problems(self, target, notebooks):
        made = freeze(target, notebooks)
        assert review.verify(target) == review.verify(made) == []

    def test_what_was_touched_is_named(self, target, notebooks):
        made = freeze(target, notebooks)
        os.chmod(made, 0o755)  # noqa: PTH101
        (made / "top.html").chmod(0o644)
        (made / "top.html").write_text("anders")
        (made / "stad.pdf").unlink()
        (made / "extra.txt").write_text("nieuw")
        assert review.verify(target) == [
            "definitief-1: stad.pdf ontbreekt.",
            "definitief-1: extra.txt hoort er niet.",
            "definitief-1: top.html is veranderd.",
            "definitief-1: de map kan veranderd worden.",
            "definitief-1: extra.txt kan veranderd worden.",
            "definitief-1: top.html kan veranderd worden.",
        ]

    @pytest.mark.parametrize(
        ("touch", "told"),
        [
            (lambda made: (made / "leeg").mkdir(), "leeg hoort er niet."),
            (lambda made: linked(made / "top.html"), "top.html is veranderd."),
            (lambda made: linked(made / "werkboeken"), "werkboeken is veranderd."),
            (lambda made: (made / "top.html").chmod(0o464), "top.html kan veranderd worden."),
            (lambda made: (made / "top.pdf").rename(made / "x.pdf"), "top.pdf ontbreekt."),
        ],
        ids=["folder", "link", "linked folder", "mode", "renamed"],
    )
    def test_what_is_no_other_content_is_seen_too(self, target, notebooks, touch, told):
        made = freeze(target, notebooks)
        made.chmod(0o755)
        touch(made)
        made.chmod(0o555)
        assert f"definitief-1: {told}" in review.verify(target)

    def test_an_edition_that_is_gone_renamed_or_made_anew_is_seen(self, target, notebooks):
        freeze(target, notebooks)
        corrected(target, notebooks)
        assert review.verify(target) == []
        first, second = target / "definitief-1", target / "definitief-2"
        for folder, elsewhere in ((first, "weg"), (second, "weg"), (second, "definitief-7")):
            folder.rename(target / elsewhere)
            assert f"{folder.name} ontbreekt." in review.verify(target)
            (target / elsewhere).rename(folder)
        (target / "definitief-kopie").mkdir()
        assert review.verify(target) == ["definitief-kopie hoort er niet."]
        (target / "definitief-kopie").rmdir()
        resealed(first)
        assert review.verify(target) == [
            "definitief-1 is veranderd.",
            "definitief-2: ../definitief-1/SHA256SUMS is veranderd.",
        ]

    def test_a_list_of_editions_that_is_gone_is_seen(self, target, notebooks):
        freeze(target, notebooks)
        (target / "intern/SHA256SUMS").unlink()
        assert review.verify(target) == ["intern/SHA256SUMS ontbreekt."]

    def test_the_sums_of_an_edition_name_those_of_the_one_before(self, target, notebooks):
        first = freeze(target, notebooks)
        second = corrected(target, notebooks)
        sums = (second / "SHA256SUMS").read_text()
        assert "  ../definitief-1/SHA256SUMS\n" in sums
        assert "definitief" not in (first / "SHA256SUMS").read_text()
        subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=second, check=True)
        second.chmod(0o755)
        (second / "SHA256SUMS").chmod(0o644)
        (second / "SHA256SUMS").write_text(sums.partition("../")[0].rpartition("\n")[0])
        assert "definitief-2: ../definitief-1/SHA256SUMS hoort er niet." in review.verify(target)

    @pytest.mark.parametrize("number", [1, 2])
    def test_page_and_pdf_print_a_code_that_the_usual_tools_work_out(
        self, target, notebooks, number
    ):
        for make_edition in (freeze, corrected)[:number]:
            made = make_edition(target, notebooks)
        origins = "feiten|werkboeken/|sjablonen/|../"
        command = f"grep -E '  ({origins})' SHA256SUMS | sha256sum | cut -c 1-16"
        told = subprocess.run(["sh", "-c", command], cwd=made, capture_output=True, text=True)
        code = f"bwk-{told.stdout.strip()} (na te gaan met bwk verify 2018-H1)"
        assert ("../definitief-1" in (made / "SHA256SUMS").read_text()) is (number == 2)
        for name in ("top", "stad", "tussenrapportage"):
            assert code in (made / f"{name}.html").read_text()
            command = [need("pdftotext"), made / f"{name}.pdf", "-"]
            printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            assert code in " ".join(printed.split())

    def test_who_signs_an_edition_puts_the_signature_beside_it(self, target, notebooks):
        freeze(target, notebooks)
        for name in ("definitief-1.minisig", "definitief-1.asc"):
            (target / name).touch()
        assert review.verify(target) == []
        (target / "definitief-x.asc").touch()
        (target / "definitief-1.sig").mkdir()
        problems = review.verify(target)
        assert problems == [f"definitief-{name} hoort er niet." for name in ("1.sig", "x.asc")]

    def test_facts_that_were_changed_and_sealed_anew_are_not_what_the_reports_print(
        self, target, notebooks
    ):
        made = freeze(target, notebooks)
        resealed(made, "feiten.json")
        told = review.verify(made)
        reports = {f"{name}.{kind}" for name in ("stad", "top") for kind in outputs.KINDS}
        reports |= {"tussenrapportage.html", "tussenrapportage.pdf"}
        assert {line.split()[1] for line in told} == reports
        assert all("noemt niet bwk-" in line for line in told)

    def test_an_edition_of_before_there_were_codes_is_whole(self, target, notebooks, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(custody, "code_of", lambda sums: "")
            freeze(target, notebooks)
        assert review.verify(target) == []

    @pytest.mark.parametrize(
        "name", ["definitief-0", "definitief-02", "definitief-٢", "definitief"]
    )
    def test_what_only_looks_like_an_edition_is_none(self, target, notebooks, name):
        (target / name).mkdir()
        assert review.is_definitive(target) == 0
        assert review.verify(target) == [f"{name} hoort er niet."]

    @pytest.mark.parametrize("sums", [None, "onzin\n", "abc  ../../feiten.json\n"])
    def test_damaged_sums_are_a_problem(self, target, notebooks, sums):
        made = freeze(target, notebooks)
        made.chmod(0o755)
        (made / "SHA256SUMS").unlink()
        if sums:
            (made / "SHA256SUMS").write_text(sums)
        assert review.verify(target)

    def test_a_concept_has_nothing_to_verify(self, target):
        with pytest.raises(UsageError, match="nog niet definitief"):
            review.verify(target)


class TestCorrecting:
    @pytest.fixture
    def corrected(self, target, notebooks):
        """A correction, after a later period has quoted the number and its growth."""
        freeze(target, notebooks)
        later = make(target.parent, people=500, period="2018-H2", baseline="2018-H1",
                     deelnemers_basis=fact(420), groei_deelnemers=fact(0.19, "groei"),
                     locaties_formeel=fact(4))  # fmt: skip
        (notebooks / later.name).mkdir()
        signed = [
            {"tekst": number, "ervoor": words, "erna": "", "over": "top", "feit": name,
             "waarde": 1, "bron": "", "door": "Ria", "op": "2019-01-10"}
            for number, words, name in (
                ("420", "Een half jaar eerder waren dat er", "deelnemers_basis"),
                ("19%", "Dat is een groei van", "groei_deelnemers"),
                ("4", "Er zijn officieel", "locaties_formeel"),
            )
        ]  # fmt: skip
        path = notebooks / later.name / "top.akkoord.json"
        path.write_text(json.dumps({"akkoord": signed}))
        make(target.parent, FIRST.replace("420", "418"), 418, "66")
        ran(target, notebooks)
        return freeze(target, notebooks, "Twee mensen stonden dubbel.")

    def test_stands_beside_the_first(self, corrected, target):
        assert corrected.name == "definitief-2"
        assert review.is_definitive(target) == 2
        assert review.verify(target) == []
        assert '<span class="badge">definitief 2</span>' in (corrected / "top.html").read_text()

    def test_the_errata_tell_the_reason_and_what_changed(self, corrected):
        page = (corrected / "errata.html").read_text()
        assert "Twee mensen stonden dubbel." in page
        assert "TOP: deelnemers was 420, nu 418 (−2)." in page
        assert '<del><span class="sr">verwijderd: </span>420</del>' in page
        assert "</span>66</ins>" in page

    def test_the_errata_tell_what_later_reports_quote(self, corrected):
        page = (corrected / "errata.html").read_text()
        assert "tweede helft van 2018" in page
        assert "top: … Een half jaar eerder waren dat er 420" in page
        assert "top: … Dat is een groei van 19%" in page
        assert "Er zijn officieel" not in page


@pytest.mark.parametrize(
    ("fact", "period", "origin"),
    [
        ("deelnemers_basis", "2018-H2", "deelnemers"),
        ("deelnames_basis.taal", "2018-H2", "deelnames.taal"),
        ("deelnames_jaar_ervoor.taal", "2018", "deelnames.taal"),
        ("barometer.geld.2018-H1", "2018-H1", "barometer.geld.2018-H1"),
        ("deelnemers_basis", "2018", ""),
        ("groei_deelnemers", "2018-H2", ""),
        ("een_feit_van_toen_basis", "2018-H2", ""),
    ],
)
def test_which_fact_a_later_period_repeats(fact, period, origin):
    later = outputs.Version("2019-H1", "2018-H2", {}, {})
    assert errata._origin(fact, period, later) == origin


SHORT = ("parameters", "onderdelen", "titelblok", "diensten-verdeling")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A definitive period of a small data folder, made by a run of short templates."""
    folder = tmp_path_factory.mktemp("project")
    rows = "".join(
        visits(f"{year}-03-01", place, "koffie", "abcdefghijkl")
        for year in (2017, 2018)
        for place in ("noord", "zuid")
    )
    data, notebooks = folder / "data", folder / "notebooks"
    data.mkdir()
    (data / "programma.toml").write_text(PROGRAMME.format(threshold=5))
    for table, head in {**TABLES, "bijgehouden": kept("2017-01-01")}.items():
        (data / f"{table}.csv").write_text(head + rows * (table == "deelnames"))
    shutil.copytree(ROOT / "notebooks/sjablonen", notebooks / "sjablonen")
    for path in (notebooks / "sjablonen").iterdir():
        template = nbformat.read(path, 4)
        template.cells = [cell for cell in template.cells if cell.id in SHORT]
        nbformat.write(template, path)
    period = periods.parse("2018-H1")
    reports = batch.run(batch.Order(period, [], data, notebooks, folder / "output"))
    assert not [report.error for report in reports if report.error or report.open]
    return review.finalize(folder / "output/2018-H1", data, notebooks, dict, DAY), data


class TestReproducing:
    @pytest.fixture
    def frozen(self, project, tmp_path):
        """A definitive folder that a test may change, with the data that it came from."""
        made, data = project
        registered = (data / "deelnames.csv").read_bytes()
        copy = shutil.copytree(made, tmp_path / "output/2018-H1/definitief-1")
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o755)
        yield copy, data
        (data / "deelnames.csv").write_bytes(registered)

    def test_the_same_data_make_the_same_facts_and_reports(self, project):
        assert review.reproduce(*project) == []

    def test_a_report_that_was_forged_and_sealed_anew_comes_out_otherwise(self, frozen):
        made, data = frozen
        sums = (made / "SHA256SUMS").read_text()
        report = made / "noord.ipynb"
        before = hashlib.sha256(report.read_bytes()).hexdigest()
        forged = report.read_text().replace('"12"', '"92"')
        assert forged != report.read_text()
        report.write_text(forged)
        assert review.reproduce(*frozen) == ["definitief-1: noord.ipynb is veranderd."]
        after = hashlib.sha256(report.read_bytes()).hexdigest()
        (made / "SHA256SUMS").write_text(sums.replace(before, after))
        assert review.reproduce(made, data) == [
            "noord.ipynb komt nu anders uit de data en de werkboeken."
        ]

    def test_an_edition_that_was_frozen_before_there_was_intern_is_verified_and_reproduced(
        self, frozen
    ):
        made, data = frozen
        (made / "intern/run.json").rename(made / "run.json")
        (made / "intern").rmdir()
        sums = (made / "SHA256SUMS").read_text().replace("intern/run.json", "run.json")
        (made / "SHA256SUMS").write_text(sums)
        assert review.reproduce(made, data) == []
        for path in (*made.rglob("*"), made):
            path.chmod(0o555)
        assert review.verify(made.parent) == []
        with (data / "deelnames.csv").open("a") as file:
            file.write(visits("2018-03-02", "noord", "koffie", "mnopqr"))
        assert "Databestand deelnames.csv is anders." in review.reproduce(made, data)
        assert (made / "run.json").exists()

    def test_with_another_key_it_says_that_files_cannot_be_compared(
        self, frozen, tmp_path, monkeypatch
    ):
        made, data = frozen
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "andere"))
        with (data / "deelnames.csv").open("a") as file:
            file.write(visits("2018-03-02", "noord", "koffie", "mnopqr"))
        differences = review.reproduce(made, data)
        assert [line for line in differences if "met een andere sleutel" in line]
        assert not [line for line in differences if line.startswith("Databestand")]

    def test_other_data_are_named_with_what_differs(self, frozen, monkeypatch):
        made, data = frozen
        with (data / "deelnames.csv").open("a") as file:
            file.write(visits("2018-03-02", "noord", "koffie", "mnopqr"))
        own = inputs.versions()
        monkeypatch.setattr(inputs, "code", lambda: "anders")
        monkeypatch.setattr(inputs, "versions", lambda: own | {"bwk": "9"})
        told = review.reproduce(made, data)
        assert "noord: deelnemers was 12, nu 18." in told
        assert "noord.pdf komt nu anders uit de data en de werkboeken." in told
        assert "Databestand deelnames.csv is anders." in told
        assert "De code van bwk is anders." in told
        assert f"bwk was versie {own['bwk']}, nu 9." in told
        assert not [line for line in told if "locaties.csv" in line or "zuid.html" in line]

    def test_what_is_not_definitive_is_refused(self, frozen, tmp_path):
        for folder in (frozen[0].parent, tmp_path / "definitief-1"):
            with pytest.raises(UsageError, match="zoals output/2018-H1/definitief-1"):
                review.reproduce(folder, frozen[1])
