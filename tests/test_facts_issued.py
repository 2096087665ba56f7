"""The ledger of what was issued: nothing is lost from it unseen, and it binds what comes after."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import small
from small import visits

from bwk import facts, inputs, outputs, periods
from bwk.errors import DataError
from bwk.facts import issued
from bwk.facts.counting import PORTIONS
from bwk.facts.expressions import (
    HOLDS,
    LIVES,
    RECIPROCAL,
    SEEN,
    TIMES,
    Condition,
    Count,
    Interval,
    Referrals,
    Sum,
    Visits,
    people_who,
)
from bwk.facts.issued import Line, Shown
from bwk.keys import LABEL

H1 = periods.parse("2018-H1")
HALF = Interval(date(2018, 1, 1), date(2018, 6, 30))
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"


def shown(value: int | None, service: str = "koffie") -> Shown:
    return Shown(Visits((service,)), HALF, ("noord",), value)


def issue(output: Path, folder: str, *counts: Shown) -> str:
    """Note counts, and write the facts as a run does after it."""
    total = issued.append(output, Line(folder, counts), inputs.issued_key(output, folder))
    target = output / folder
    (target / outputs.INTERN).mkdir(parents=True, exist_ok=True)
    (target / outputs.FACTS).write_text("{}")
    (target / outputs.INTERN / outputs.RUN).write_text(json.dumps({"uitgegeven": total}))
    return total


@pytest.fixture
def output(tmp_path):
    return tmp_path / "uit"


@pytest.fixture
def ledger(output):
    """The file, in which three periods were issued."""
    for number, folder in enumerate(("2017-H1", "2017-H2", "2018-H1")):
        issue(output, folder, shown(10 * (number + 1)))
    return output / "uitgegeven.jsonl"


def dropped(lines: list[bytes], place: int) -> list[bytes]:
    return lines[:place] + lines[place + 1 :]


class TestLines:
    def test_all_that_was_shown_and_held_back_is_read(self, output):
        issue(output, "2017-H2", shown(7), shown(None, "taal"))
        issue(output, "2018-H1", shown(9))
        read = issued.read(output)
        assert read.told == {shown(7).count: {7, 9}}
        assert read.held == {shown(None, "taal").count}
        assert read.counts == [shown(7).count, shown(None, "taal").count]

    def test_nothing_was_issued_from_an_empty_folder(self, output):
        assert issued.read(output) == issued.NOTHING

    def test_whatever_is_counted_is_read_as_it_was_written(self, output):
        role, home = Condition(HOLDS, ("stagiair",)), Condition(LIVES, ("a", "b"))
        sets = people_who(role), people_who(Condition(SEEN), home, Condition(TIMES, (3,)))
        kinds = [*sets, Sum(sets), Referrals("naar", "team"), Visits()]
        counts = [Shown(kind, HALF, ("noord", "zuid"), 8) for kind in kinds]
        issue(output, "2018-H1", *counts)
        assert [*issued.read(output).told] == [each.count for each in counts]

    def test_the_same_issue_twice_is_one_line(self, output):
        first = issue(output, "2018-H1", shown(7))
        issue(output, "2018-H2", shown(8))
        written = (output / "uitgegeven.jsonl").read_bytes()
        assert issue(output, "2018-H1", shown(7)) == first
        assert (output / "uitgegeven.jsonl").read_bytes() == written

    def test_two_files_side_by_side_are_both_read(self, tmp_path):
        here, there = tmp_path / "hier", tmp_path / "daar"
        issue(here, "2018-H1", shown(7))
        issue(there, "2018-H2", shown(8))
        shutil.copytree(there / "2018-H2", here / "2018-H2")
        with pytest.raises(DataError):
            issued.read(here)
        shutil.copy(there / "uitgegeven.jsonl", here / "uitgegeven-2.jsonl")
        assert issued.read(here).told == {shown(7).count: {7, 8}}

    def test_a_line_is_refused_where_another_run_issued_in_between(self, output):
        after = inputs.issued_key(output, "2018-H1")
        issue(output, "2017-H2", shown(7))
        written = (output / "uitgegeven.jsonl").read_bytes()
        with pytest.raises(DataError, match="probeer het opnieuw"):
            issued.append(output, Line("2018-H1", (shown(8),)), after)
        assert (output / "uitgegeven.jsonl").read_bytes() == written


class TestLost:
    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_a_line_that_is_gone_is_missed(self, ledger, place):
        lines = ledger.read_bytes().splitlines(keepends=True)
        ledger.write_bytes(b"".join(dropped(lines, place)))
        self.assert_refused(ledger)

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_a_line_that_was_edited_is_seen(self, ledger, place):
        lines = ledger.read_bytes().splitlines(keepends=True)
        lines[place] = lines[place].replace(b"%d]]" % (10 * (place + 1)), b"99]]")
        assert b"99]]" in lines[place]
        ledger.write_bytes(b"".join(lines))
        self.assert_refused(ledger)

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_a_line_that_stands_there_in_part_is_seen(self, ledger, place):
        lines = ledger.read_bytes().splitlines(keepends=True)
        lines[place] = lines[place][:20] + b"\n"
        ledger.write_bytes(b"".join(lines))
        self.assert_refused(ledger)

    def test_lines_in_another_order_are_seen(self, ledger):
        ledger.write_bytes(b"".join(reversed(ledger.read_bytes().splitlines(keepends=True))))
        self.assert_refused(ledger)

    def test_a_file_that_is_gone_is_missed(self, ledger):
        ledger.unlink()
        self.assert_refused(ledger)

    def test_a_file_without_a_line_is_missed(self, ledger):
        ledger.write_bytes(b"")
        self.assert_refused(ledger)

    def test_facts_of_which_no_line_tells_are_refused(self, output):
        (output / "2018-H1").mkdir(parents=True)
        (output / "2018-H1/feiten.json").write_text("{}")
        with pytest.raises(DataError, match="reservekopie"):
            issued.read(output)

    def assert_refused(self, ledger):
        """Reading and noting are refused, in one line that says what to do; nothing is written."""
        written = ledger.read_bytes() if ledger.exists() else None
        output = ledger.parent
        with pytest.raises(DataError, match=r"uitgegeven\.jsonl .* reservekopie") as refused:
            issued.read(output)
        assert "\n" not in str(refused.value)
        with pytest.raises(DataError, match="reservekopie"):
            issued.append(
                output, Line("2019-H1", (shown(5),)), inputs.issued_key(output, "2019-H1")
            )
        assert written == (ledger.read_bytes() if ledger.exists() else None)


class TestForgotten:
    def test_what_was_not_sent_binds_nobody_and_the_rest_does(self, output):
        issue(output, "2017-H2", shown(7))
        issue(output, "2018-H1", shown(8), shown(None, "taal"))
        issued.forget(output, "2018-H1")
        assert issued.read(output) == issued.Issued({shown(7).count: {7}})
        issue(output, "2018-H1", shown(9))
        assert issued.read(output).told == {shown(7).count: {7, 9}}

    def test_after_a_file_was_lost_all_is_forgotten_and_can_be_issued_again(self, ledger):
        ledger.write_bytes(ledger.read_bytes()[10:])
        issued.forget(ledger.parent, "2018-H1")
        assert issued.read(ledger.parent) == issued.NOTHING
        assert ledger.with_suffix(".kapot").exists()
        issue(ledger.parent, "2018-H1", shown(12))
        assert issued.read(ledger.parent).told == {shown(12).count: {12}}

    def test_what_never_was_issued_can_be_forgotten(self, output):
        issued.forget(output, "2018-H1")
        assert issued.read(output) == issued.NOTHING


class TestBinding:
    """What was issued before decides what is issued after it."""

    @pytest.fixture
    def folder(self, make_folder):
        return make_folder(deelnames=visits("2018-02-01", "noord", "koffie", LETTERS[:30]))

    def correct(self, folder: Path, people: str) -> None:
        rows = visits("2018-02-01", "noord", "koffie", people)
        (folder / "deelnames.csv").write_text("datum;locatie;dienst;deelnemer;aantal\n" + rows)

    def run(self, folder: Path, output: Path, period: periods.Period = H1) -> facts.FactBook:
        return small.issue(folder, output, period.name)

    def people(self, book: facts.FactBook) -> tuple[int | None, bool]:
        fact = book.sheets["noord"]["deelnemers"]
        return fact.value, fact.withheld

    def test_a_second_run_leaves_the_same_bytes(self, folder, output):
        once = self.run(folder, output)
        written = (output / "uitgegeven.jsonl").read_bytes()
        again = self.run(folder, output)
        assert again.published() == once.published()
        assert (output / "uitgegeven.jsonl").read_bytes() == written

    def test_a_run_that_was_killed_after_its_line_is_made_as_if_it_had_not_been(
        self, folder, output
    ):
        key = inputs.facts_key(folder, output, H1.folder)
        once = self.run(folder, output)  # its facts are written nowhere
        assert inputs.facts_key(folder, output, H1.folder) == key
        assert self.run(folder, output).published() == once.published()
        assert len((output / "uitgegeven.jsonl").read_text().splitlines()) == 1

    @pytest.mark.parametrize("moved", [-5, -4, -1, 1, 4, 5])
    def test_a_correction_by_few_is_held_back_and_by_many_is_shown(self, folder, output, moved):
        assert self.people(self.run(folder, output)) == (30, False)
        self.correct(folder, LETTERS[: 30 + moved])
        few = abs(moved) < 5
        assert self.people(self.run(folder, output)) == (None if few else 30 + moved, few)

    @pytest.mark.parametrize(
        ("forgotten", "is_shown"),
        [
            (visits("2018-03-01", "noord", "koffie", LETTERS[:20]), True),
            (
                "".join(visits(f"2018-03-{d:02}", "noord", "koffie", "a") for d in range(1, 21)),
                False,
            ),
            ("2018-03-01;noord;koffie;;20\n", True),
        ],
        ids=["one day of many", "many days of one", "heads"],
    )
    def test_visits_forgotten_are_shown_where_many_people_made_them(
        self, folder, output, forgotten, is_shown
    ):
        assert self.run(folder, output).sheets["noord"]["deelnames.koffie"].value == 30
        with (folder / "deelnames.csv").open("a") as file:
            file.write(forgotten)
        fact = self.run(folder, output).sheets["noord"]["deelnames.koffie"]
        assert (fact.value, fact.withheld) == ((50, False) if is_shown else (None, True))

    def test_a_correction_with_another_key_is_taken_for_one_by_few(
        self, folder, output, monkeypatch, tmp_path
    ):
        monkeypatch.setenv("BWK_KEY", str(tmp_path / "a"))
        self.run(folder, output)
        monkeypatch.setenv("BWK_KEY", str(tmp_path / "b"))
        with (folder / "deelnames.csv").open("a") as file:
            file.write(visits("2018-03-01", "noord", "koffie", LETTERS[:20]))
        assert self.run(folder, output).sheets["noord"]["deelnames.koffie"].withheld

    def test_once_held_back_stays_so_and_once_told_is_told_again(self, folder, output):
        self.run(folder, output)
        self.correct(folder, LETTERS[:28])
        assert self.people(self.run(folder, output)) == (None, True)
        self.correct(folder, LETTERS[:20])
        assert self.people(self.run(folder, output)) == (None, True)
        self.correct(folder, LETTERS[:30])
        assert self.people(self.run(folder, output)) == (30, False)

    def test_a_number_told_stays_told_where_a_later_period_would_have_held_it_back(
        self, folder, output
    ):
        once = self.run(folder, output)
        with (folder / "deelnames.csv").open("a") as file:
            file.write(visits("2018-08-01", "noord", "koffie", LETTERS[30:33]))
        year = self.run(folder, output, periods.parse("2018"))
        assert year.sheets["noord"]["deelnemers"].withheld  # 33 - 30 = 3 came later
        assert self.run(folder, output).published()["feiten"] == once.published()["feiten"]

    def test_what_was_held_back_in_one_period_is_held_back_in_another(self, folder, output):
        half = issued.Shown(Visits(("koffie",)), HALF, ("noord",), None)
        issued.append(output, Line("2018", (half,)), inputs.issued_key(output, "2018"))
        sheet = self.run(folder, output).sheets["noord"]
        assert sheet["deelnames.koffie"].withheld
        assert sheet["deelnames"].withheld  # of nothing else

    @pytest.mark.parametrize(
        ("service", "where", "value"),
        [("schaak", "noord", 9), ("koffie", "oost", None)],
        ids=["a service that was told", "a location that was held back"],
    )
    def test_what_was_issued_and_left_the_tables_is_asked_back(
        self, folder, output, service, where, value
    ):
        gone = issued.Shown(Visits((service,)), HALF, (where,), value)
        issued.append(output, Line("2018", (gone,)), inputs.issued_key(output, "2018"))
        name = where if service == "koffie" else service
        with pytest.raises(DataError, match=rf"^Over {name} is al uitgegeven.*zet de rij terug"):
            self.run(folder, output)

    def test_what_left_the_tables_and_was_nothing_is_still_known(self, folder, output):
        gone = issued.Shown(Visits(("schaak",)), HALF, ("noord",), 0)
        issued.append(output, Line("2018", (gone,)), inputs.issued_key(output, "2018"))
        assert self.people(self.run(folder, output)) == (30, False)

    def test_two_small_corrections_that_make_a_large_one_are_not_worked_out(self, folder, output):
        """Of 60 at two services 68 became: that is four more at each, and no other numbers."""
        coffee, language = LETTERS[:18], LETTERS[18:28]
        for more in (0, 4):
            added = LETTERS[28:]
            text = visits("2018-02-01", "noord", "koffie", coffee + added[:more])
            text += visits("2018-02-01", "noord", "taal", language + added[4 : 4 + more])
            (folder / "deelnames.csv").write_text(f"datum;locatie;dienst;deelnemer;aantal\n{text}")
            noord = self.run(folder, output).sheets["noord"]
        both = [noord[f"deelnemers.{service}"] for service in ("koffie", "taal")]
        assert all(fact.withheld for fact in both)
        assert noord["deelnemers"].withheld or noord["aandeel_meer_diensten"].withheld

    @pytest.mark.parametrize(
        ("users", "corrected"),
        [(LETTERS[:16], LETTERS[2:16]), (LETTERS[2:16], LETTERS[:16])],
        ids=["16, then 14", "14, then 16"],
    )
    def test_a_small_correction_does_not_move_what_is_shown_of_sharing(
        self, folder, output, users, corrected
    ):
        """Below 15 users of a service it is not shown what they share: 16 that is x is 12 to 14."""
        reasons = []
        for people in (users, corrected):
            self.correct(folder, LETTERS[8:])
            with (folder / "deelnames.csv").open("a") as file:
                file.write(visits("2018-02-01", "noord", "taal", people))
            sheet = self.run(folder, output).sheets["noord"]
            reasons.append(sheet["samen.koffie.taal"].missing)
        assert sheet["deelnemers.taal"].withheld
        assert len(set(reasons)) == 1

    def test_referrals_of_few_people_are_a_correction_by_few(self, make_folder, output):
        rows = "".join(f"2018-02-01;noord;team;naar;p{person}1\n" for person in LETTERS[:10])
        head = "datum;locatie;partner;richting;deelnemer\n"
        folder = make_folder(
            deelnames=visits("2018-02-01", "noord", "koffie", LETTERS[:30]),
            partners="partner;naam\nteam;Team\n",
            verwijzingen=head + rows,
        )
        assert self.run(folder, output).sheets["noord"]["verwijzingen.naar.team"].value == 10
        more = "2018-03-01;noord;team;naar;pa1\n" * 6
        (folder / "verwijzingen.csv").write_text(head + rows + more)
        assert self.run(folder, output).sheets["noord"]["verwijzingen.naar.team"].withheld

    def test_hashes_of_portions_do_not_tell_who_is_in_neither_of_two_counts(self, folder, output):
        portions = [*self.run(folder, output).portions.values()]
        hashes = [own[LABEL:] for own in portions]
        size = len(hashes[0]) // PORTIONS
        for place in range(0, len(hashes[0]), size):
            alike = {own[place : place + size] for own in hashes}
            assert len(alike) == len(hashes)

    def test_a_count_over_a_role_that_nobody_has_still_binds(self, make_folder, output):
        # The share of who gives back counts two roles; a programme may know one of them.
        folder = make_folder(
            deelnames=visits("2018-02-01", "noord", "koffie", LETTERS[:30]),
            rollen="".join(f"noord;p{c}1;vrijwilliger;2018-01-01;\n" for c in LETTERS[:12]),
        )
        roles = Condition(HOLDS, RECIPROCAL)
        giving = issued.Shown(people_who(Condition(SEEN), roles), HALF, ("noord",), None)
        issued.append(output, Line("2018", (giving,)), inputs.issued_key(output, "2018"))
        assert self.run(folder, output).sheets["noord"]["wederkerigheid"].withheld

    def test_the_line_has_every_count_behind_the_facts(self, folder, output):
        book = self.run(folder, output)
        read = issued.read(output)
        assert Count(Visits(("koffie",)), HALF, ("noord",)) in read.told
        assert {each.count for each in book.line.shown} == {*read.told} | {*read.held}
        assert re.search("p[a-zA-Z]1", (output / "uitgegeven.jsonl").read_text()) is None
