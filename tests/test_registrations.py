"""What is refused, warned about and noted, and that every row is accounted for."""

import csv
import hashlib
import io
from datetime import date, timedelta
from pathlib import Path

import data_folder
import pytest
from data_folder import TODAY, make, replace, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bwk import registrations
from bwk.errors import DataError
from bwk.registrations import Finding
from bwk.registrations.values import _CODE, is_nobody, personal

HEADER = "datum;locatie;dienst;deelnemer;aantal\n"
GOOD = "3-1-2018;top;taal;p1;1\n"


def check(folder: Path) -> registrations.Check:
    return registrations.check(folder, today=TODAY)


def summary(findings: tuple[Finding, ...]) -> list[tuple]:
    return [(found.file, found.row, found.column, found.message) for found in findings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path)


def test_a_sound_folder_gives_no_findings(folder):
    assert check(folder).findings == ()


def test_a_copy_of_a_file_is_refused_because_its_head_counts_would_count_twice(folder):
    (folder / "deelnames.csv").unlink()
    (folder / "deelnames").mkdir()
    for name in ("maart.csv", "maart (kopie).csv"):
        (folder / "deelnames" / name).write_text(HEADER + "3-3-2018;top;taal;;7\n")
    error, *others = check(folder).errors
    assert (error.row, others) == (None, [])
    assert error.message.startswith("Dit bestand is een kopie van deelnames/maart")


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("3-1-2018;tpo;taal;p1;", "locatie", "Deze waarde is onbekend."),
        ("3-1-2018;top;tall;p1;", "dienst", "Deze waarde is onbekend."),
        ("30-2-2018;top;taal;p1;", "datum", "Dit is geen datum."),
        ("gisteren;top;taal;p1;", "datum", "Dit is geen datum."),
        ("31-12-18;top;taal;p1;", "datum", "Dit is geen datum."),
        ("14-7-2018;top;taal;p1;", "datum", "Deze datum ligt in de toekomst."),
        ("31-3-2017;top;taal;p1;", "datum", "Deze datum ligt voor de opening van de locatie."),
        ("1-7-2018;top;taal;p1;", "datum", "Deze datum ligt na de sluiting van de locatie."),
        ("3-1-2018;top;taal;;-2", "aantal", "Dit getal is kleiner dan nul."),
        ("3-1-2018;top;taal;;2,5", "aantal", "Dit is geen heel getal."),
        ("3-1-2018;top;taal;;veel", "aantal", "Dit is geen getal."),
        ("3-1-2018;top;taal;;99999999999999999999", "aantal", "Dit getal is te groot."),
        ("3-1-2018;top;taal;p1;2", "aantal", "Bij een deelnemer is het aantal altijd 1."),
        ("3-1-2018;top;taal;p1;0", "aantal", "Bij een deelnemer is het aantal altijd 1."),
        ("#VERW!;top;taal;p1;", "datum", "Hier staat een fout van een formule."),
        ("3-1-2018;#N/B;taal;p1;", "locatie", "Hier staat een fout van een formule."),
        ("3-1-2018;top;taal;#REF!;", "deelnemer", "Hier staat een fout van een formule."),
        ("3-1-2018;top;taal;;#DEEL/0!", "aantal", "Hier staat een fout van een formule."),
        (";top;taal;p1;", "datum", "Deze cel is leeg."),
        ("3-1-2018;;taal;p1;", "locatie", "Deze cel is leeg."),
        ("3-1-2018;top;;p1;", "dienst", "Deze cel is leeg."),
        ("3-1-2018;top;taal;onbekend;", "deelnemer",
         "Dit staat voor ‘onbekend’ en is geen pseudoniem."),
        ("3-1-2018;top;taal;Jan;", "deelnemer", "Dit lijkt een naam en geen pseudoniem."),
    ],
)  # fmt: skip
def test_errors_in_a_participation(folder, row, column, message):
    replace(folder, "deelnames", f"{HEADER}{GOOD}{row}\n")
    found = check(folder)
    assert summary(found.findings) == [("deelnames.csv", 3, column, message)]
    assert found.errors[0].remedy


def test_the_edges_of_opening_closing_and_today_are_inside(folder):
    text = (
        "1-4-2017;top;taal;p1;\n30-6-2018;top;taal;p2;\n13-7-2018;hart-voor-leidsche-rijn;taal;;0\n"
    )
    replace(folder, "deelnames", HEADER + text)
    assert check(folder).findings == ()


def test_the_likely_slug_is_named(folder):
    replace(folder, "deelnames", f"{HEADER}3-1-2018;hart-voor-leidse-rijn;taal;p1;\n")
    assert check(folder).errors[0].remedy == "Bedoelt u ‘hart-voor-leidsche-rijn’?"


@pytest.mark.parametrize(
    ("table", "columns", "column", "message"),
    [
        ("locaties", {"locatie": ["top", "hart-voor-leidsche-rijn", "top"], "naam": ["a", "b", "c"],
                      "wijk": ["w"] * 3, "geopend_op": [date(2017, 4, 1)] * 3},
         "locatie", "Deze sleutel staat er al."),
        ("locaties", {"locatie": ["top", "hart-voor-leidsche-rijn", "stad"],
                      "naam": ["a", "b", "c"], "wijk": ["w"] * 3,
                      "geopend_op": [date(2017, 4, 1)] * 3},
         "locatie", "Deze korte naam gebruikt bwk zelf."),
        ("diensten", {"dienst": ["taal", "koffie", "../x"], "naam": ["a", "b", "c"]},
         "dienst", "Dit is geen korte naam."),
        ("locaties", {"locatie": ["hart-voor-leidsche-rijn", "x", "top"], "naam": ["a", "b", "c"],
                      "wijk": ["w"] * 3, "geopend_op": [date(2017, 4, 1)] * 3,
                      "gesloten_op": [None, None, date(2017, 3, 1)]},
         "gesloten_op", "De locatie sluit voor de opening."),
        ("rollen", {"locatie": ["top"] * 3, "persoon": ["p1"] * 3, "rol": ["vrijwilliger"] * 3,
                    "van": [date(2018, 1, 2)] * 3,
                    "tot": [date(2018, 1, 2), None, date(2018, 1, 1)]},
         "tot", "Deze datum ligt voor die in ‘van’."),
        ("rollen", {"locatie": ["top"] * 3, "persoon": ["p1", "p2", None],
                    "rol": ["vrijwilliger"] * 3, "van": [date(2018, 1, 2)] * 3},
         "persoon", "Deze cel is leeg."),
        ("rollen", {"locatie": ["top"] * 3, "persoon": ["p1"] * 3,
                    "rol": ["vrijwilliger", "vrijwilliger", "baas"], "van": [date(2018, 1, 2)] * 3},
         "rol", "Deze waarde is onbekend."),
        ("deelnemers", {"deelnemer": ["p1", "p2", "p1"]}, "deelnemer", "Deze sleutel staat er al."),
    ],
)  # fmt: skip
def test_errors_in_the_other_tables(tmp_path, table, columns, column, message):
    tables = {table: columns}
    if table == "locaties":
        tables["deelnames"] = {name: [] for name in HEADER.strip().split(";")}
    found = check(make(tmp_path, **tables)).errors
    assert summary(found) == [(f"{table}.csv", 4, column, message)]


def test_references_of_the_optional_tables(tmp_path):
    make(
        tmp_path,
        buurten={"buurt": ["ondiep"], "naam": ["Ondiep"], "omgeving_van": ["tob"]},
        deelnemers={"deelnemer": ["p1", "p2"], "buurt": ["Ondiep", "pijlsweerd"]},
        partners={"partner": ["buurtteam"], "naam": ["Buurtteam"]},
        verwijzingen={
            "datum": [date(2018, 1, 3)] * 3,
            "locatie": ["top"] * 3,
            "partner": ["Buurtteam", "lister", "buurtteam"],
            "richting": ["naar", "Van", "heen"],
        },
    )
    assert summary(check(tmp_path).errors) == [
        ("buurten.csv", 2, "omgeving_van", "Deze waarde is onbekend."),
        ("deelnemers.csv", 3, "buurt", "Deze waarde is onbekend."),
        ("verwijzingen.csv", 3, "partner", "Deze waarde is onbekend."),
        ("verwijzingen.csv", 4, "richting", "Deze waarde is onbekend."),
    ]


def test_every_error_of_every_file_is_found_in_one_pass(folder):
    replace(folder, "deelnames", f"{HEADER}fout;tpo;taal;Jan de Vries;-1\n")
    replace(folder, "rolnamen", "rol;naam\nvrijwilliger;\n")
    assert {(found.file, found.column) for found in check(folder).errors} == {
        ("deelnames.csv", "datum"),
        ("deelnames.csv", "locatie"),
        ("deelnames.csv", "deelnemer"),
        ("deelnames.csv", "aantal"),
        ("rolnamen.csv", "naam"),
    }


def test_a_missing_optional_table_that_is_referred_to_is_a_warning(tmp_path):
    make(tmp_path, deelnemers={"deelnemer": ["p1"], "buurt": ["ondiep"]})
    assert [(found.severity, found.file) for found in check(tmp_path).findings] == [
        ("waarschuwing", "buurten")
    ]
    assert registrations.read(tmp_path, today=TODAY).participants["buurt"].tolist() == ["ondiep"]


def test_errors_stand_before_warnings_and_notes(folder):
    replace(folder, "deelnames", f"{HEADER}{GOOD}{GOOD}3-1-2018;TOP;taal;;1\n")
    replace(folder, "rollen", "locatie;persoon;rol;van\ntop;p1;vrijwilliger;ooit\n")
    severities = [finding.severity for finding in check(folder).findings]
    assert severities == ["fout", "waarschuwing", "opmerking"]


@pytest.mark.parametrize("table", list(data_folder.TABLES))
def test_a_missing_table_is_refused(folder, table):
    (folder / f"{table}.csv").unlink()
    [error] = check(folder).errors
    assert error.message == f"De tabel ‘{table}’ ontbreekt in de datamap."
    with pytest.raises(DataError, match=table):
        registrations.read(folder, today=TODAY)


def test_a_missing_folder_is_refused_without_its_path(tmp_path):
    with pytest.raises(DataError) as caught:
        registrations.read(tmp_path / "geheim")
    assert "geheim" not in str(caught.value)


def test_a_missing_column_is_one_error_and_its_rows_are_reported(folder):
    replace(folder, "deelnames", "datum;locatie;deelnemer\n3-1-2018;top;p1\n4-1-2018;top;p1\n")
    found = check(folder)
    assert summary(found.errors) == [("deelnames.csv", 1, "dienst", "Deze kolom ontbreekt.")]
    assert {count.name: count.reported for count in found.counts}["deelnames.csv"] == 2


@pytest.mark.parametrize(
    ("header", "severity"),
    [("deelnemr", "fout"), ("opmerking", "waarschuwing"), ("Telefoon", "waarschuwing"),
     ("datum", "fout"), ("", "waarschuwing")],
)  # fmt: skip
def test_an_unknown_column(folder, header, severity):
    replace(folder, "deelnames", f"datum;locatie;dienst;{header}\n3-1-2018;top;taal;x\n")
    assert [found.severity for found in check(folder).findings] == [severity]


def test_a_table_that_stands_twice_is_refused(folder):
    write(folder / "deelnames" / "a.csv", data_folder.TABLES["deelnames"])
    assert "Deze tabel staat twee keer in de datamap." in [e.message for e in check(folder).errors]


def test_a_participation_counts_once_and_head_counts_add_up(folder):
    anonymous = "4-1-2018;top;koffie;;5\n"
    replace(folder, "deelnames", HEADER + GOOD + GOOD + anonymous + anonymous)
    found = check(folder)
    assert summary(found.warnings) == [
        ("deelnames.csv", 3, "", "Deze deelname staat er al en telt één keer.")
    ]
    assert registrations.read(folder, today=TODAY).participations["aantal"].tolist() == [1, 5, 5]


def test_bad_rows_can_be_left_out_and_are_counted(folder):
    replace(folder, "deelnames", f"{HEADER}{GOOD}fout;top;taal;p2;\n3-1-2018;tpo;taal;p3;\n")
    with pytest.raises(DataError, match=r"2 fouten in 1 bestand.*deelnames.csv, rij 3"):
        registrations.read(folder, today=TODAY)
    data = registrations.read(folder, today=TODAY, skip_bad_rows=True)
    assert data.skipped_rows == 2
    assert data.participations["deelnemer"].tolist() == ["p1"]
    assert len(data.findings) == 2


def test_a_row_that_refers_to_a_bad_row_is_left_out_with_it(folder):
    text = (
        "locatie;naam;wijk;geopend_op\ntop;TOP;Ondiep;1-4-2017\nhart-voor-leidsche-rijn;H;L;ooit\n"
    )
    replace(folder, "locaties", text)
    assert len(check(folder).errors) == 1
    data = registrations.read(folder, today=TODAY, skip_bad_rows=True)
    assert set(data.participations["locatie"]) == {"top"}
    assert data.skipped_rows == 2


def test_a_bad_file_is_refused_also_when_bad_rows_are_left_out(folder):
    replace(folder, "deelnames", "geen tabel\n")
    with pytest.raises(DataError):
        registrations.read(folder, today=TODAY, skip_bad_rows=True)


def test_the_default_of_today_is_today(folder):
    tomorrow = date.today() + timedelta(days=1)
    replace(folder, "deelnames", f"{HEADER}{tomorrow};hart-voor-leidsche-rijn;taal;p1;\n")
    assert [found.column for found in registrations.check(folder).errors] == ["datum"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jan", "een naam"), ("jan", "een naam"), ("JANSEN", "een naam"),
        ("Jan de Vries", "een naam"), ("J. Jansen", "een naam"), ("Vries, Jan de", "een naam"),
        ("José", "een naam"), ("Jansen-Smit", "een naam"), ("Fatima El Amrani", "een naam"),
        ("d'Hondt", "een naam"), ("王伟", "een naam"), ("Jan Jansen 1985", "een naam"),
        ("jan@voorbeeld.nl", "een e-mailadres"),
        ("06-12345678", "een telefoonnummer"), ("0612345678", "een telefoonnummer"),
        ("612345678", "een telefoonnummer"), ("+31 6 12345678", "een telefoonnummer"),
        ("030-2345678", "een telefoonnummer"), ("(030) 234 56 78", "een telefoonnummer"),
        ("111222333", "een burgerservicenummer"), ("123456782", "een burgerservicenummer"),
        ("1234.56.782", "een burgerservicenummer"), ("10000008", "een burgerservicenummer"),
        ("12-03-1985", "een datum"),
        *((code, "") for code in (
            "P0001", "p1", "d-3f9a2c", "a1b2c3d4e5", "4512", "123456789", "20180013", "2018-0012",
            "A", "AB", "X-12", "HLR-042", "deelnemer 12", "pabcdefab", "lid_7", "00000000",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        )),
    ],
)  # fmt: skip
def test_what_a_pseudonym_looks_like(text, kind):
    assert personal(text) == kind


@given(st.from_regex("p[0-9a-f]{8,12}", fullmatch=True))
def test_a_made_pseudonym_never_looks_like_a_person(text):
    assert personal(text) == ""


@given(st.from_regex(_CODE, fullmatch=True))
def test_what_is_taken_as_a_code_unseen_looks_like_nobody(text):
    assert (personal(text), is_nobody(text), text.removesuffix(".0")) == ("", False, text)


SECRETS = ["Fatima Geheim", "geheim@voorbeeld.nl", "0687654321", "111222333", "2-31-1985", "Geheim"]


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    secret=st.sampled_from(SECRETS),
    place=st.integers(0, 4),
    table=st.sampled_from(["deelnames", "rollen", "locaties", "diensten"]),
    in_header=st.booleans(),
)
def test_no_message_holds_the_value_of_a_cell(tmp_path_factory, secret, place, table, in_header):
    columns = {name: list(cells) for name, cells in data_folder.TABLES[table].items()}
    name = list(columns)[place % len(columns)]
    if in_header:
        columns[secret] = columns.pop(name)
    else:
        columns[name][0] = secret
    folder = make(tmp_path_factory.mktemp("data"), **{table: columns})
    texts = [f"{found.place} {found.message} {found.remedy}" for found in check(folder).findings]
    try:
        registrations.read(folder, today=TODAY)
    except DataError as error:
        texts.append(str(error))
    assert not [text for text in texts if secret in text or secret.casefold() in text.casefold()]


cells = st.sampled_from(
    ["", "3-1-2018", "fout", "top", "tpo", "taal", "p1", "p2", "1", "2", "Totaal"]
)


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(cells, cells, cells, cells, cells), max_size=15))
def test_every_row_is_used_or_reported(tmp_path_factory, table):
    folder = make(tmp_path_factory.mktemp("data"))
    replace(folder, "deelnames", HEADER + "".join(";".join(row) + "\n" for row in table))
    found = check(folder)
    [count] = [count for count in found.counts if count.name == "deelnames.csv"]
    assert count.read == sum(any(row) for row in table)
    named = {finding.row for finding in found.findings if finding.severity != "opmerking"} - {1}
    totals = [finding for finding in found.findings if "totaal" in finding.message]
    assert count.reported >= len(named)
    assert (count.reported > 0) == bool(named or totals)
    data = registrations.read(folder, today=TODAY, skip_bad_rows=True)
    assert len(data.participations) == count.used


def test_many_equal_errors_are_counted(folder):
    replace(folder, "deelnames", HEADER + "fout;top;taal;;1\n" * 1200)
    errors = check(folder).errors
    assert len(errors) == 1000
    assert errors[-1].message == "Dit is geen datum. (En nog 200 rijen hieronder.)"


def test_findings_are_written_for_a_dutch_excel(tmp_path):
    findings = [Finding("fout", "=a.csv", "", 3, "datum", "Dit is geen datum.", "Verbeter; echt.")]
    registrations.write_findings(findings, tmp_path / "controle.csv")
    raw = (tmp_path / "controle.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["ernst", "bestand", "blad", "rij", "kolom", "melding", "oplossing"],
        ["fout", "'=a.csv", "", "3", "datum", "Dit is geen datum.", "Verbeter; echt."],
    ]


def test_files_are_named_with_their_rows(folder):
    files = registrations.read(folder, today=TODAY).files
    assert [(file.name, file.table, file.used) for file in files] == [
        ("bijgehouden.csv", "bijgehouden", 2),
        ("deelnames.csv", "deelnames", 3),
        ("diensten.csv", "diensten", 2),
        ("locaties.csv", "locaties", 2),
        ("rollen.csv", "rollen", 1),
        ("rolnamen.csv", "rolnamen", 2),
    ]


def test_the_hash_of_a_file_tells_a_change_and_cannot_be_guessed(folder, tmp_path, monkeypatch):
    before = registrations.read(folder, today=TODAY).files
    assert before == registrations.read(folder, today=TODAY).files
    content = (folder / "deelnames.csv").read_bytes()
    for name in hashlib.algorithms_guaranteed - {"shake_128", "shake_256"}:
        assert hashlib.new(name, content).hexdigest()[:12] not in before[0].seal
    data_folder.replace(folder, "deelnames", content + b"2018-01-05;top;taal;;2\r\n")
    after = registrations.read(folder, today=TODAY).files
    assert [old.seal == new.seal for old, new in zip(before, after, strict=True)] == [
        True, False, True, True, True, True,
    ]  # fmt: skip
    monkeypatch.setenv("BWK_KEY", str(tmp_path / "sleutels/andere"))
    anew = registrations.read(folder, today=TODAY).files
    assert not {file.seal for file in anew} & {file.seal for file in after}


def test_locations_without_their_key_are_refused_with_all_else_that_is_wrong(tmp_path):
    columns = {**data_folder.TABLES["locaties"]}
    columns["plek"] = columns.pop("locatie")
    found = registrations.check(data_folder.make(tmp_path, locaties=columns), today=TODAY)
    assert ("locaties.csv", "locatie") in {(one.file, one.column) for one in found.errors}


def test_visits_outside_the_days_of_a_service_are_warned_of_once_a_sheet(folder):
    table = "dienst;naam;van;tot\ntaal;Taal;2018-01-05;2018-03-15\nkoffie;K;;\n"
    replace(folder, "diensten", table)
    days = ("2018-01-03", "2018-01-04", "2018-01-05", "2018-03", "2018-03-16", "2018-W11")
    rows = "".join(f"{day};top;{service};;2\n" for day in days for service in ("taal", "koffie"))
    replace(folder, "deelnames", HEADER + rows)
    found = [(finding.row, finding.message) for finding in check(folder).warnings]
    assert found == [
        (2, "Deze datum ligt voor de eerste dag van de dienst. (En nog 1 rij hieronder.)"),
        (10, "Deze datum ligt na de laatste dag van de dienst."),
    ]


class TestARegistrationOfAMonth:
    """A tally by month has no day, and none is made up: `datum` may be a month or a week."""

    @pytest.mark.parametrize(
        ("written", "counted_on"),
        [
            ("2018-03", date(2018, 3, 31)),
            ("2018-02", date(2018, 2, 28)),
            ("2018-W01", date(2018, 1, 4)),
            ("2018-06", date(2018, 6, 10)),  # the month in which the location closed
            ("2017-04", date(2017, 4, 30)),  # and opened
        ],
    )
    def test_it_counts_in_the_period_that_it_is_of(self, folder, written, counted_on):
        closing = data_folder.TABLES["locaties"] | {"gesloten_op": [date(2018, 6, 10), None]}
        data_folder.write(folder / "locaties.csv", closing)
        replace(folder, "deelnames", f"{HEADER}{written};top;taal;;12\n")
        rows = registrations.read(folder, today=TODAY).participations
        assert [
            (day.date(), heads) for day, heads in zip(rows["datum"], rows["aantal"], strict=True)
        ] == [(counted_on, 12)]

    def test_a_person_may_have_come_more_than_once_in_it(self, folder):
        replace(folder, "deelnames", f"{HEADER}2018-03;top;taal;p1;4\n")
        rows = registrations.read(folder, today=TODAY).participations
        assert rows["aantal"].tolist() == [4]

    @pytest.mark.parametrize("written", ["2018-13", "2018-08", "2018-W60", "2017-03"])
    def test_a_month_that_cannot_be_is_an_error(self, folder, written):
        replace(folder, "deelnames", f"{HEADER}{written};top;taal;;12\n")
        assert [finding.column for finding in check(folder).errors] == ["datum"]


@pytest.mark.parametrize("written", ["1,2E+15", "1.23457E+11", "4E+08"])
def test_a_number_that_a_spreadsheet_rounded_is_of_nobody(folder, written):
    replace(folder, "deelnames", f"{HEADER}3-1-2018;top;taal;{written};\n")
    assert [finding.column for finding in check(folder).errors] == ["deelnemer"]


def test_check_tells_of_each_file_what_was_read(folder):
    (account,) = check(folder).accounts
    assert (account.file, account.visits, account.people) == ("deelnames.csv", 14, 2)
    assert (account.first, account.last) == (date(2018, 1, 3), date(2018, 1, 4))


class TestHeadCountsInTwoFiles:
    HEADS = "".join(f"{day}-1-2018;top;taal;;{day + 3}\n" for day in range(3, 11))

    def test_the_same_counts_in_a_longer_file_are_told(self, folder):
        (folder / "deelnames.csv").unlink()
        (folder / "deelnames").mkdir()
        later = self.HEADS + "12-1-2018;top;taal;;4\n"
        (folder / "deelnames/a.csv").write_text(HEADER + self.HEADS, encoding="utf-8")
        (folder / "deelnames/b.csv").write_text(HEADER + later, encoding="utf-8")
        (warning,) = check(folder).warnings
        assert (warning.file, "8 tellingen ook in deelnames/a.csv" in warning.message) == (
            "deelnames/b.csv",
            True,
        )

    def test_another_place_or_number_is_no_reason(self, folder):
        (folder / "deelnames.csv").unlink()
        (folder / "deelnames").mkdir()
        there = self.HEADS.replace("top", "hart-voor-leidsche-rijn")
        (folder / "deelnames/a.csv").write_text(HEADER + self.HEADS, encoding="utf-8")
        (folder / "deelnames/b.csv").write_text(HEADER + there + "12-1-2018;top;taal;;4\n")
        assert check(folder).warnings == ()


def test_codes_that_differ_in_capitals_or_zeros_alone_are_warned_of(folder):
    (folder / "deelnames.csv").write_text(HEADER + GOOD + GOOD.replace("p1", "P01"))
    checked = check(folder)
    assert not checked.errors
    alike = [found for found in checked.warnings if "hoofdletters of nullen" in found.message]
    [found] = alike
    assert found.row == 2
    assert "En nog 1 rij" in found.message
