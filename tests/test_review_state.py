"""The versions of a period: the same inputs make no new one."""

from datetime import date

import pytest
from reports import figure, masthead, notebook, text
from reviewed import FIRST, make

from bwk import review
from bwk.errors import UsageError
from bwk.export.document import build
from bwk.review import state

DAY = date(2018, 7, 13)


def kept(target):
    return review.keep(target, DAY)


def test_the_first_run_makes_version_one_and_the_same_again_makes_none(tmp_path):
    assert kept(make(tmp_path)) == 1
    assert kept(make(tmp_path)) is None
    assert [path.name for path in (tmp_path / "2018-H1/intern/versies").iterdir()] == ["1.json"]


@pytest.mark.parametrize(
    "change",
    [{"people": 418}, {"words": FIRST + " Heel klein."}, {"language": "66"}],
    ids=["fact", "text", "data of a figure"],
)
def test_a_change_makes_the_next_version(tmp_path, change):
    kept(make(tmp_path))
    assert kept(make(tmp_path, **change)) == 2


def test_a_version_reads_back_as_it_was(tmp_path):
    target = make(tmp_path)
    kept(target)
    version = state.version(target, 1)
    assert (version.hash, version.day) == (state.read(target).hash, DAY)
    assert version.reports["top"].blocks == state.read(target).reports["top"].blocks


def test_a_version_holds_no_definitions_and_no_picture(tmp_path):
    target = make(tmp_path)
    kept(target)
    content = (target / "intern/versies/1.json").read_text()
    assert "definitie" not in content
    assert "<svg" not in content


def test_another_picture_of_the_same_data_is_the_same(tmp_path):
    one, other = (notebook(masthead(), figure(words=words)) for words in ("a", "b"))
    hashes = [[block.hash for block, _ in state.shown(build(nb))] for nb in (one, other)]
    assert hashes[0] == hashes[1]


def test_blocks_come_in_reading_order_under_their_heading(tmp_path):
    blocks = state.read(make(tmp_path)).reports["top"].blocks
    assert [block.kind for block in blocks] == [
        *("text", "heading", "text", "text", "text", "figure", "table")
    ]
    assert blocks[3].text == "De taallessen zijn vol."
    assert blocks[3].section == "Samenvatting"
    assert blocks[5].table[1] == ["Taal", "65", "8%"]


def test_points_of_a_list_and_notes_are_text_too():
    words = "- **Taal.** Goed.\n- Koken[^1]\n\n[^1]: Elke dag.\n"
    found = [block.text for block, _ in state.shown(build(notebook(masthead(), text(words))))]
    assert found[1:] == ["• Taal. Goed.\n• Koken [noot]", "Elke dag."]


def test_the_city_comes_first(tmp_path):
    assert list(state.read(make(tmp_path)).reports) == ["stad", "top"]


def test_without_a_run_there_is_a_sentence(tmp_path):
    with pytest.raises(UsageError, match=r"2018-H1/feiten\.json ontbreekt"):
        kept(tmp_path / "2018-H1")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"reports": 1}'])
def test_a_damaged_version_is_named(tmp_path, content):
    target = make(tmp_path)
    kept(target)
    (target / "intern/versies/1.json").write_text(content)
    with pytest.raises(UsageError, match=r"versies/1.json is beschadigd"):
        kept(target)
