"""Whether reports are up to date: the hash of all that they are made from, and their own."""

import json

import pytest

from bwk import inputs


@pytest.fixture
def folders(tmp_path):
    """Data, notebooks and output with a report that was made."""
    for name in ("data", "notebooks/2018-H1", "notebooks/sjablonen", "output/2018-H1"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data/deelnames.csv").write_text("datum")
    (tmp_path / "notebooks/2018-H1/top.ipynb").write_text("{}")
    return tmp_path / "data", tmp_path / "notebooks", tmp_path / "output"


def key(folders, **options):
    return inputs.key(*folders, "2018-H1", **options)


def made(folders, error=None):
    """Write what a run leaves of itself, and return its folder."""
    target = folders[2] / "2018-H1"
    (target / "top.html").write_text("<p>")
    files = {"top.html": inputs.digest([target / "top.html"])}
    report = {"invoer": key(folders), "bestanden": files} | ({"fout": error} if error else {})
    run = {"alle": ["top"], "verslagen": {"top": report}, "bestanden": files}
    (target / "intern").mkdir(exist_ok=True)
    (target / "intern/run.json").write_text(json.dumps(run))
    return target


class TestKey:
    def test_is_the_same_for_the_same_inputs(self, folders):
        assert key(folders) == key(folders)

    @pytest.mark.parametrize(
        "changed", ["data/deelnames.csv", "data/nieuw.csv", "notebooks/2018-H1/top.ipynb",
                    "notebooks/2018-H1/top.akkoord.json", "notebooks/sjablonen/locatie.ipynb"]
    )  # fmt: skip
    def test_changes_with_every_input(self, folders, changed):
        before = key(folders)
        (folders[0].parent / changed).write_text("anders")
        assert key(folders) != before

    def test_changes_with_what_another_period_published(self, folders):
        before = key(folders)
        (folders[2] / "2017-H2").mkdir()
        (folders[2] / "2017-H2/feiten.json").write_text("{}")
        assert key(folders) != before

    def test_changes_with_the_choice_to_skip_rows(self, folders):
        assert key(folders, skip_bad_rows=True) != key(folders)

    def test_what_the_run_itself_writes_does_not_count(self, folders):
        before = key(folders)
        made(folders)
        assert key(folders) == before


class TestMade:
    def test_a_report_from_these_inputs_is_up_to_date(self, folders):
        assert [list(each.files) for each in inputs.made(made(folders), key(folders))] == [
            ["top.html"]
        ]

    def test_one_from_other_inputs_is_not(self, folders):
        assert inputs.made(made(folders), "another key") is None

    def test_one_that_failed_is_not(self, folders):
        assert inputs.made(made(folders, error="mislukt"), key(folders)) is None

    def test_one_whose_file_was_changed_is_not(self, folders):
        target = made(folders)
        (target / "top.html").write_text("<p>anders")
        assert inputs.made(target, key(folders)) is None

    def test_one_that_was_never_made_is_not(self, folders):
        assert inputs.made(made(folders), key(folders), ["stad"]) is None

    @pytest.mark.parametrize("content", ["", "{ kapot", "[]"])
    def test_a_record_that_cannot_be_read_counts_for_nothing(self, folders, content):
        target = made(folders)
        (target / "intern/run.json").write_text(content)
        assert inputs.made(target, key(folders)) is None
