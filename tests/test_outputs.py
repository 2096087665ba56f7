"""The files of a period: reserved names, what may not leave, records read or refused."""

import json
import shutil
from datetime import date

import pytest
from reviewed import FIRST, answers, make, workbooks

from bwk import export, facts, inputs, outputs, review
from bwk.errors import UsageError
from bwk.narrative import signoffs
from bwk.registrations import check
from bwk.review import state

DAY = date(2018, 7, 13)
TAKEN = (
    "beoordeling wijzigingen index tussenrapportage tussenrapportage-deel-2 feiten run intern "
    "versies definitief-1 definitief-12 stad errata werkboeken sjablonen controleblad"
).split()


class TestReserved:
    @pytest.mark.parametrize("slug", TAKEN)
    def test_a_location_with_the_name_of_a_file_is_refused(self, make_folder, slug):
        data = make_folder(locaties=f"{slug};Oost;Oost;2017-01-01;;\n")
        (finding,) = check(data).errors
        assert (finding.file, finding.row, finding.column) == ("locaties.csv", 4, "locatie")
        assert finding.message == "Deze korte naam gebruikt bwk zelf."
        assert finding.remedy == "Kies een andere korte naam."

    @pytest.mark.parametrize("slug", ["top", "top-2", "oost-1", "stadshart", "definitief-oost"])
    def test_any_other_name_is_free(self, slug):
        assert not outputs.reserved(slug)

    def test_what_other_rooms_name_is_reserved_too(self):
        volumes = export.volumes(["x"] * 90)
        names = [facts.CITY, outputs.TEMPLATES, *(volume.name for volume in volumes)]
        assert [name for name in names if not outputs.reserved(name)] == []
        assert not signoffs.SUFFIX.endswith(outputs.KINDS)


class TestBroughtOver:
    """What an earlier bwk left beside the reports is moved into `intern`, and nothing is lost."""

    @pytest.fixture
    def before(self, tmp_path):
        """The folder of a period as the version before left it, with two versions and answers."""
        target = make(tmp_path / "output")
        workbooks(target, tmp_path / "notebooks")
        review.keep(target, DAY)
        file = tmp_path / "antwoorden.json"
        file.write_text(json.dumps(answers(target, 1, {3: "Hoe vol?"})))
        review.bring_in(target, file)
        make(tmp_path / "output", FIRST.replace("420", "418"), 418)
        review.keep(target, DAY)
        for name in ("run.json", "versies", "beoordeling.json"):
            (target / "intern" / name).rename(target / name)
        shutil.rmtree(target / "intern")  # with the files of answers, which it did not keep
        return target

    def test_it_is_read_as_before(self, before):
        content = {path.name: path.read_bytes() for path in (before / "versies").iterdir()}
        assert [question.question for question in review.questions(before, "top")] == ["Hoe vol?"]
        assert state.versions(before) == [1, 2]
        assert inputs.record(before).data == {"deelnames.csv": "oud"}
        moved = before / "intern"
        assert {path.name for path in moved.iterdir()} == {
            *("run.json", "versies", "beoordeling.json")
        }
        assert {path.name: path.read_bytes() for path in (moved / "versies").iterdir()} == content
        assert {path.suffix for path in before.iterdir()} == {".ipynb", ".json", ""}
        assert [path.name for path in before.glob("*.json")] == ["feiten.json"]

    def test_the_same_state_makes_no_new_version(self, before):
        assert review.keep(before, DAY) is None

    def test_what_stands_in_intern_already_is_never_overwritten(self, before):
        (before / "intern").mkdir()
        (before / "intern/run.json").write_text('{"code": "nieuw"}')
        assert inputs.record(before).code == "nieuw"
        assert json.loads((before / "run.json").read_text())["code"] == "oud"

    def test_the_folder_of_something_else_is_left_alone(self, tmp_path):
        other = tmp_path / "output/iets"
        other.mkdir(parents=True)
        (other / "run.json").write_text("{}")
        review.write_overview(tmp_path / "output")
        assert [path.name for path in other.iterdir()] == ["run.json"]


def shapes(content: dict) -> dict[str, str]:
    """Return what may have become of a file: half, deep, or of another shape."""
    name = next(iter(content))
    return {
        "empty": "",
        "half": json.dumps(content)[:-5],
        "a list": "[]",
        "nothing in it": "{}",
        "another kind": json.dumps({**content, name: {"a": 1}}),
        "null": json.dumps({**content, name: None}),
        "deep": json.dumps(content)[:-1]
        + ', "x": '
        + '{"a":' * 100_000
        + "1"
        + "}" * 100_000
        + "}",
        "no UTF-8": "\udcff",
    }


FILES = {
    outputs.FACTS: outputs.Book,
    outputs.ANSWERS: outputs.Answers,
    outputs.RUN: outputs.Run,
    "1.json": outputs.Version,
}
CONTENT = {
    outputs.FACTS: {"periode": "2018-H1", "basisperiode": "2017", "feiten": {}},
    outputs.ANSWERS: {"periode": "2018-H1", "versie": 1, "antwoorden": []},
    outputs.RUN: {"verslagen": {}},
    "1.json": {"period": "2018-H1", "baseline": "2017", "facts": {}, "reports": {}},
}


DAMAGED = [(name, shape) for name in FILES for shape in shapes({"x": 1})]
DAMAGED.remove((outputs.RUN, "nothing in it"))  # of a run nothing needs to be there


@pytest.mark.parametrize(("name", "shape"), DAMAGED)
def test_a_damaged_file_is_a_sentence(tmp_path, name, shape):
    path = tmp_path / name
    path.write_bytes(shapes(CONTENT[name])[shape].encode(errors="surrogateescape"))
    with pytest.raises(UsageError, match=f"{name} is beschadigd: zet de vorige versie"):
        outputs.load(path, FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_a_record_reads_back_as_it_was_written(tmp_path, name):
    (tmp_path / name).write_text(json.dumps(CONTENT[name]))
    record = outputs.load(tmp_path / name, FILES[name])
    outputs.save(record, tmp_path / "terug" / name)
    assert outputs.load(tmp_path / "terug" / name, FILES[name]) == record
    assert json.loads((tmp_path / "terug" / name).read_text()).items() >= CONTENT[name].items()
