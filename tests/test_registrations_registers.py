"""Which registers are kept: what the table says, what the rows say, and what is warned about."""

from datetime import date

import pandas as pd
import pytest
from data_folder import TODAY, make
from hypothesis import given
from hypothesis import strategies as st

from bwk import registrations
from bwk.periods import Span
from bwk.registrations import persons

HEADER = "datum;locatie;dienst;deelnemer;aantal\n"


@pytest.fixture
def folder(tmp_path):
    """A folder of which the rows alone say what is registered."""
    make(tmp_path)
    (tmp_path / "bijgehouden.csv").unlink()
    return tmp_path


def put(folder, **tables):
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def rows(*days, people="p1", place="top"):
    return "".join(f"{day};{place};taal;{people};\n" for day in days)


def check(folder):
    return registrations.check(folder, today=TODAY)


def kept(folder, kind, place="top"):
    return registrations.read(folder, today=TODAY).registers.kept(place, kind)


def month(year, number, last):
    return Span(date(year, number, 1), date(year, number, last))


class TestRead:
    def test_without_the_table_visits_are_registered_from_the_first_to_the_last_month(self, folder):
        put(folder, deelnames=HEADER + rows("2018-01-20", "2018-02-03"))
        assert [*kept(folder, "deelnames")] == [Span(date(2018, 1, 1), date(2018, 2, 28))]

    def test_a_month_without_visits_is_a_gap(self, folder):
        put(folder, deelnames=HEADER + rows("2018-01-20", "2018-03-03"))
        assert [*kept(folder, "deelnames")] == [month(2018, 1, 31), month(2018, 3, 31)]

    def test_persons_are_registered_only_where_they_stand(self, folder):
        counted = "".join(f"2018-{n:02}-03;top;taal;;9\n" for n in (1, 2, 3))
        put(folder, deelnames=HEADER + counted)
        assert kept(folder, "deelnemers") == ()
        put(folder, deelnames=HEADER + counted + rows("2018-02-20"))
        assert [*kept(folder, "deelnemers")] == [month(2018, 2, 28)]

    def test_persons_are_not_registered_where_head_counts_stand_alone_whatever_is_said(
        self, folder
    ):
        counted = "".join(f"2018-{n:02}-03;top;taal;;9\n" for n in (1, 2, 3))
        put(folder, bijgehouden="locatie;wat;van\ntop;deelnemers;2017-04-01\n")
        put(folder, deelnames=HEADER + counted)
        assert kept(folder, "deelnemers") == ()
        for some in (rows("2017-12-20", "2018-01-20") + counted, ""):
            put(folder, deelnames=HEADER + some)
            assert [*kept(folder, "deelnemers")] == [Span(date(2017, 4, 1), date.max)]

    def test_roles_and_referrals_are_registered_where_there_are_rows(self, folder):
        put(folder, deelnames=HEADER + rows("2018-01-20"))
        assert kept(folder, "rollen")
        assert not kept(folder, "rollen", "hart-voor-leidsche-rijn")
        assert not kept(folder, "verwijzingen")

    def test_the_table_goes_before_the_rows(self, folder):
        table = (
            "locatie;wat;van;tot\ntop;deelnames;2017-04-01;2017-06-30\ntop;deelnames;2018-01-01;\n"
        )
        put(folder, deelnames=HEADER + rows("2018-01-20"), bijgehouden=table)
        expected = [
            Span(date(2017, 4, 1), date(2017, 6, 30)),
            Span(date(2018, 1, 1), date.max),
        ]
        assert [*kept(folder, "deelnames")] == expected


class TestWarnings:
    def messages(self, folder):
        return [finding.message for finding in check(folder).warnings if "top" in finding.message]

    def test_a_register_that_begins_later_is_named_with_place_and_months(self, folder):
        put(folder, deelnames=HEADER + rows("2018-01-20"))
        [message] = self.messages(folder)
        assert message.startswith("Van top is van 1 april 2017 tot en met 31 december 2017 niets")

    def test_a_gap_is_named_with_place_and_months(self, folder):
        put(folder, deelnames=HEADER + rows("2017-04-20", "2017-06-03"))
        [message] = self.messages(folder)
        assert message.startswith("Van top is van 1 mei 2017 tot en met 31 mei 2017 niets")

    def test_head_counts_where_persons_should_stand_are_named(self, folder):
        put(
            folder,
            deelnames=HEADER + rows("2017-04-20") + "2017-05-03;top;taal;;9\n",
            bijgehouden="locatie;wat;van\ntop;deelnemers;2017-04-01\n",
        )
        [message] = self.messages(folder)
        expected = "Van top staan er van 1 mei 2017 tot en met 31 mei 2017 alleen tellingen"
        assert message.startswith(expected)

    def test_a_location_without_a_row_is_named(self, folder):
        put(folder, deelnames=HEADER)
        assert self.messages(folder) == ["Van top staan er geen deelnames in de gegevens."]

    def test_who_says_what_was_kept_is_not_warned(self, folder):
        put(
            folder,
            deelnames=HEADER + rows("2018-01-20"),
            bijgehouden="locatie;wat;van\ntop;deelnames;2017-04-01\n",
        )
        assert self.messages(folder) == []


class TestRefused:
    @pytest.mark.parametrize(
        ("kind", "row", "refused"),
        [
            ("deelnames", "2018-01-20;top;taal;p1;", True),
            ("deelnemers", "2018-01-20;top;taal;p1;", True),
            ("deelnemers", "2018-01-20;top;taal;;4", False),
            ("rollen", "2018-01-20;top;taal;p1;", False),
            ("deelnames", "2018-02-01;top;taal;p1;", False),
        ],
    )
    def test_rows_on_days_when_nobody_kept_the_register(self, folder, kind, row, refused):
        put(
            folder,
            deelnames=f"{HEADER}{row}\n",
            bijgehouden=f"locatie;wat;van\ntop;{kind};2018-02-01\n",
        )
        found = [(finding.row, finding.column) for finding in check(folder).errors]
        assert found == ([(2, "datum")] if refused else [])

    @pytest.mark.parametrize(
        ("after", "message"),
        [
            ("hart-voor-leidsche-rijn", "De opvolgers lopen in een kring."),
            ("nergens", "Deze opvolger staat niet in de tabel."),
        ],
    )
    def test_a_successor_that_leads_nowhere(self, folder, after, message):
        text = (
            "locatie;naam;wijk;geopend_op;gesloten_op;opvolger\n"
            f"top;TOP;W;2017-04-01;2018-06-30;{after}\n"
            "hart-voor-leidsche-rijn;H;W;2017-04-01;2018-06-30;top\n"
        )
        put(folder, locaties=text)
        assert message in {finding.message for finding in check(folder).errors}

    def test_services_in_a_circle(self, folder):
        put(folder, diensten="dienst;naam;opvolger\ntaal;T;koffie\nkoffie;K;les taal\nles;L;\n")
        errors = [(finding.row, finding.message) for finding in check(folder).errors]
        assert errors == [(row, "De opvolgers lopen in een kring.") for row in (2, 3)]

    def test_a_location_that_moved_has_closed(self, folder):
        text = "locatie;naam;wijk;geopend_op;opvolger\ntop;T;W;2017-04-01;hart-voor-leidsche-rijn\n"
        put(folder, locaties=text + "hart-voor-leidsche-rijn;H;W;2017-04-01;\n")
        [error] = check(folder).errors
        assert (error.row, error.column) == (2, "gesloten_op")


PSEUDONYMS = st.sampled_from([f"p{number}" for number in range(6)])


class TestPersons:
    @given(st.lists(st.tuples(PSEUDONYMS, PSEUDONYMS), max_size=6))
    def test_pseudonyms_are_joined_over_any_chain(self, pairs):
        groups = [{f"p{number}"} for number in range(6)]
        for pair in pairs:
            whole = set().union(*(group for group in groups if group & {*pair}))
            groups = [group for group in groups if not group & whole] + [whole]
        table = pd.DataFrame(pairs, columns=["deelnemer", "zelfde_als"])
        stands_for = persons.same(table)
        expected = {name: min(group) for group in groups for name in group - {min(group)}}
        assert stands_for == expected

    def test_a_visit_under_two_pseudonyms_counts_once(self, folder):
        put(
            folder,
            deelnemers="deelnemer;zelfde_als\np1;p2\n",
            deelnames=HEADER + rows("2018-01-20") + rows("2018-01-20", people="p2"),
        )
        data = registrations.read(folder, today=TODAY)
        assert data.participations["deelnemer"].tolist() == ["p1"]
