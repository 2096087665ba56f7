"""Answers of a reviewer: brought in whole or refused; an akkoord ends when its text changes."""

import copy
import json
import shutil
import subprocess
import sys
from datetime import date

import pytest
from reviewed import FIRST, agreed, answers, make, summed

from bwk import review
from bwk.errors import UsageError

DAY = date(2018, 7, 13)
TITLE, VISITS, LESSONS, KITCHEN, PIE = 0, 2, 3, 4, 5  # places of blocks in the report of TOP
JUDGED = {VISITS: "akkoord", LESSONS: "Hoe vol?", KITCHEN: "Hoe klein?", PIE: "akkoord"}


@pytest.fixture
def target(tmp_path):
    made = make(tmp_path / "output")
    review.keep(made, DAY)
    return made


@pytest.fixture
def bring(target, tmp_path):
    """Return a function that saves answers as a file and brings them in."""

    def bring(content):
        file = tmp_path / "antwoorden-2018-H1.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return review.bring_in(target, file)

    return bring


def again(target, number, **changed):
    """Make the reports again, as the next version."""
    make(target.parent, **changed)
    assert review.keep(target, DAY) == number


class TestBringingIn:
    def test_what_was_said_is_told(self, target, bring):
        assert bring(answers(target, 1, JUDGED)) == [
            "Ria: 2 keer akkoord en 2 vragen.",
            "TOP, Samenvatting: Hoe vol?",
            "TOP, Samenvatting: Hoe klein?",
        ]

    def test_questions_and_agreement_are_kept(self, target, bring):
        bring(answers(target, 1, JUDGED))
        assert agreed(target, "top") == 2
        assert agreed(target, "stad") == 0
        first, second = review.questions(target, "top")
        assert (first.question, first.reviewer) == ("Hoe vol?", "Ria")
        assert first.day == date(2018, 7, 14)
        assert (first.section, first.changed) == ("Samenvatting", False)
        assert "De taallessen zijn vol." in review.worded(first)
        assert second.question == "Hoe klein?"

    def test_the_same_file_twice_is_as_once(self, target, bring):
        bring(answers(target, 1, JUDGED))
        before = (target / "intern/beoordeling.json").read_bytes()
        bring(answers(target, 1, JUDGED))
        assert (target / "intern/beoordeling.json").read_bytes() == before

    def test_two_reviewers_stand_side_by_side(self, target, bring):
        bring(answers(target, 1, JUDGED))
        bring(answers(target, 1, {LESSONS: "akkoord"}, name="Jan"))
        assert [one.reviewer for one in review.questions(target, "top")] == ["Ria", "Ria"]
        assert agreed(target, "top") == 3

    def test_a_reviewer_s_akkoord_settles_the_question_of_before(self, target, bring):
        bring(answers(target, 1, JUDGED))
        bring(answers(target, 1, {LESSONS: "akkoord"}))
        assert [one.question for one in review.questions(target, "top")] == ["Hoe klein?"]

    def test_an_answer_on_what_took_its_place_leaves_a_question_open(self, target, bring):
        bring(answers(target, 1, JUDGED))
        again(target, 2, words=FIRST.replace("\n\nDe", "\n\nWelkom.\n\nDe", 1))
        bring(answers(target, 2, {LESSONS: "akkoord"}))
        assert [(one.question, one.changed) for one in review.questions(target, "top")] == [
            ("Hoe vol?", False),
            ("Hoe klein?", False),
        ]

    def test_an_akkoord_on_the_changed_text_settles_its_question(self, target, bring):
        bring(answers(target, 1, JUDGED))
        again(target, 2, words=FIRST.replace("zijn vol", "zitten vol"))
        bring(answers(target, 2, {LESSONS: "akkoord"}))
        assert [one.question for one in review.questions(target, "top")] == ["Hoe klein?"]

    def test_old_answers_do_not_undo_newer_ones(self, target, bring):
        old = answers(target, 1, JUDGED)
        again(target, 2, words=FIRST + "\n\nWelkom.")
        bring(answers(target, 2, {LESSONS: "akkoord"}))
        bring(old)
        assert [one.question for one in review.questions(target, "top")] == ["Hoe klein?"]

    def test_answers_on_an_older_version_count_where_nothing_changed(self, target, bring):
        old = answers(target, 1, JUDGED)
        again(target, 2, words=FIRST.replace("zijn vol", "zitten vol"))
        assert "1 antwoord gaat over tekst die intussen veranderd is." in bring(old)
        assert agreed(target, "top") == 2


class TestFilesThatCameIn:
    def received(self, target):
        return {path.name: path.read_bytes() for path in target.glob("intern/antwoorden/*")}

    def test_each_is_kept_once_as_it_came_and_never_changed(self, target, bring):
        own = answers(target, 1, JUDGED)
        bring(own)
        bring(own)
        before = self.received(target)
        assert before == {"1.json": json.dumps(own).encode()}
        bring(answers(target, 1, {LESSONS: "akkoord"}, name="Jan"))
        again(target, 2, words=FIRST.replace("zijn vol", "zitten vol"))
        assert self.received(target).items() > before.items()

    @pytest.mark.parametrize("is_late", [False, True])
    def test_the_later_day_counts_in_whatever_order_they_came_in(self, target, bring, is_late):
        first = answers(target, 1, JUDGED)
        second = summed({**answers(target, 1, {LESSONS: "akkoord"}), "datum": "2018-07-15"})
        for content in (second, first) if is_late else (first, second):
            bring(content)
        assert [one.question for one in review.questions(target, "top")] == ["Hoe klein?"]

    def test_of_many_at_once_none_is_lost(self, target, tmp_path):
        names = [f"Ria {number}" for number in range(6)]
        files = []
        for number, name in enumerate(names):
            file = tmp_path / f"{number}.json"
            file.write_text(json.dumps(answers(target, 1, {LESSONS: "Hoe vol?"}, name=name)))
            files.append(file)
        code = "import sys; from pathlib import Path; from bwk import review\n"
        code += "review.bring_in(*map(Path, sys.argv[1:]))"
        started = [
            subprocess.Popen([sys.executable, "-c", code, str(target), str(file)]) for file in files
        ]
        assert [process.wait(120) for process in started] == [0] * 6
        assert sorted(one.reviewer for one in review.questions(target, "top")) == names

    def test_what_was_brought_in_before_files_were_kept_still_counts(self, target, bring):
        bring(answers(target, 1, JUDGED))
        shutil.rmtree(target / "intern/antwoorden")
        bring(answers(target, 1, {LESSONS: "Hoe laat?"}, name="Jan"))
        review.judge(target)
        assert {one.question for one in review.questions(target, "top")} == {
            "Hoe vol?", "Hoe klein?", "Hoe laat?"
        }  # fmt: skip

    def test_they_follow_anew_from_the_files(self, target, bring):
        bring(answers(target, 1, JUDGED))
        path = target / "intern/beoordeling.json"
        before = path.read_bytes()
        path.write_bytes(before.replace(b"Hoe vol?", b"Hoe leeg?"))
        review.judge(target)
        assert path.read_bytes() == before


def test_before_the_first_run_nothing_is_asked_or_agreed(tmp_path):
    assert review.questions(tmp_path / "2018-H1", "top") == []
    assert agreed(tmp_path / "2018-H1", "top") == 0


class TestChange:
    def test_an_akkoord_ends_when_its_text_changes(self, target, bring):
        bring(answers(target, 1, JUDGED))
        again(target, 2, words=FIRST.replace("420", "418"), people=418)
        assert agreed(target, "top") == 1

    def test_an_akkoord_ends_when_a_number_in_its_figure_changes(self, target, bring):
        bring(answers(target, 1, JUDGED))
        again(target, 2, language="66")
        assert agreed(target, "top") == 1

    def test_an_akkoord_stays_when_text_comes_above(self, target, bring):
        bring(answers(target, 1, JUDGED))
        again(target, 2, words="Welkom.\n\n" + FIRST)
        assert agreed(target, "top") == 2

    def test_a_question_says_that_its_text_changed(self, target, bring):
        bring(answers(target, 1, JUDGED))
        again(target, 2, words=FIRST.replace("zijn vol", "zitten vol"))
        assert [one.changed for one in review.questions(target, "top")] == [True, False]
        assert "veranderd na de vraag" in review.worded(review.questions(target, "top")[0])

    def test_the_same_figure_in_another_report_keeps_no_question_open(self, target, bring):
        bring(answers(target, 1, {PIE: "Klopt dit?"}))
        again(target, 2, language="66")  # of TOP: that of the city stays as it was
        review.judge(target)
        kept = json.loads((target / "intern/beoordeling.json").read_text())["antwoorden"]
        assert [answer["veranderd"] for answer in kept] == [True]


def other(**changed):
    return lambda content: summed({**content, **changed})


def edited(content):
    content["antwoorden"][0]["oordeel"] = "vraag"
    return content


def foreign(content):
    content["antwoorden"][0]["kenmerk"] = "0" * 16
    return summed(content)


BAD = {
    "truncated": lambda content: json.dumps(content)[:-20],
    "empty": lambda content: "",
    "no object": lambda content: "[1]",
    "deep": lambda content: "[" * 100_000,
    "edited": edited,
    "no name": other(naam=" "),
    "no date": other(datum="gisteren"),
    "no such judgement": lambda content: summed(
        {**content, "antwoorden": [{**content["antwoorden"][0], "oordeel": "nee"}]}
    ),
    "a question without words": lambda content: summed(
        {**content, "antwoorden": [{**content["antwoorden"][1], "vraag": " "}]}
    ),
    "another period": other(periode="2018-H2"),
    "another version": other(versie=9),
    "another state": other(kenmerk="0" * 64),
    "a part that is not there": foreign,
}


@pytest.mark.parametrize("damage", BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_changes_nothing(target, bring, damage):
    bring(answers(target, 1, {VISITS: "akkoord"}))
    before = (target / "intern/beoordeling.json").read_bytes()
    with pytest.raises(UsageError, match=r"antwoorden-2018-H1\.json"):
        bring(damage(copy.deepcopy(answers(target, 1, JUDGED))))
    assert (target / "intern/beoordeling.json").read_bytes() == before


def test_a_file_that_is_not_there_is_refused(target, tmp_path):
    with pytest.raises(UsageError, match=r"weg\.json"):
        review.bring_in(target, tmp_path / "weg.json")


@pytest.mark.parametrize("content", ["{", '{"antwoorden": [1], "versie": 1}', "{}"])
def test_damaged_answers_in_the_folder_are_named(target, content):
    (target / "intern").mkdir(exist_ok=True)
    (target / "intern/beoordeling.json").write_text(content)
    with pytest.raises(UsageError, match=r"beoordeling\.json is beschadigd"):
        review.questions(target, "top")


class TestThePage:
    def test_asks_about_each_part_but_the_headings(self, target):
        page = review.review_file(target).read_text()
        assert page.count("<fieldset") == 4 + 6
        assert "<details><summary>Niet veranderd" not in page

    def test_the_second_time_shows_only_what_changed(self, target, bring):
        bring(answers(target, 1, JUDGED))
        again(target, 2, words=FIRST.replace("420", "418"), people=418)
        page = review.review_file(target).read_text()
        folded = page.count("<summary>Niet veranderd")
        assert page.count("<fieldset") - folded == 3  # the number, and two open questions
        assert '<del><span class="sr">verwijderd: </span>420</del>' in page
        assert "Vraag van Ria op 14 juli 2018: Hoe vol?" in page
        assert "Akkoord van Ria op 14 juli 2018." in page

    def test_is_about_the_reports_as_they_are_now(self, target):
        make(target.parent, people=418)
        assert 'data-versie="2"' in review.review_file(target).read_text()

    def test_what_somebody_typed_never_becomes_html(self, target, bring):
        bring(answers(target, 1, {LESSONS: "<script>alert(1)</script>"}))
        assert "<script>alert" not in review.review_file(target).read_text()
