"""A sign-off belongs to a number and the words around it, and survives edits elsewhere."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwk.errors import WorkbookError
from bwk.narrative import signoffs
from bwk.narrative.claims import find
from bwk.narrative.signoffs import Signoff

NOTEBOOKS = Path(__file__).parents[1] / "notebooks" / "2018-H1"
TEXT = "In de eerste helft van 2018 deden 335 mensen mee in TOP. Dat waren er eerst 220."


def signed(text: str) -> list[Signoff]:
    """Sign off every claim of a text, each with its number in the sources."""
    return [
        Signoff(claim.text, *signoffs.around(text, claim), "", "", None, f"nummer {number}", "", "")
        for number, claim in enumerate(find(text))
    ]


def matched(text: str, known: list[Signoff]) -> list[str | None]:
    found = signoffs.match([(text, claim) for claim in find(text)], known)
    return [one and one.source for one in found]


class TestMatching:
    def test_each_number_finds_its_own(self):
        assert matched(TEXT, signed(TEXT)) == ["nummer 0", "nummer 1"]

    def test_edits_elsewhere_change_nothing(self):
        text = f"Een nieuwe zin vooraf, met 12 bomen.\n\n{TEXT} En een zin erna."
        assert matched(text, signed(TEXT)) == [None, "nummer 0", "nummer 1"]

    def test_a_word_beside_it_may_change(self):
        text = TEXT.replace("mensen mee", "bewoners mee")
        assert matched(text, signed(TEXT)) == ["nummer 0", "nummer 1"]

    def test_another_number_has_to_be_confirmed_anew(self):
        assert matched(TEXT.replace("335", "353"), signed(TEXT)) == [None, "nummer 1"]

    def test_the_same_number_in_another_sentence_is_another_claim(self):
        text = "De kamer telt 335 stoelen en ook nog een piano."
        assert matched(text, signed(TEXT)) == [None]

    def test_numbers_that_change_places_keep_theirs(self):
        first, second = "Er kwamen 12 mannen uit Zuilen.", "Er hielpen 12 vrouwen in de keuken."
        known = signed(f"{first} {second}")
        assert matched(f"{second} {first}", known) == ["nummer 1", "nummer 0"]

    def test_one_sign_off_serves_once(self):
        assert matched(f"{TEXT}\n\n{TEXT}", signed(TEXT)).count("nummer 0") == 1


class TestFile:
    WORDS = st.text(max_size=9)
    VALUES = st.none() | st.integers(0, 9) | st.floats(0, 1)

    @given(st.lists(st.builds(Signoff, *[WORDS] * 5, VALUES, *[WORDS] * 3)))
    def test_what_was_saved_is_read(self, tmp_path_factory, known):
        path = tmp_path_factory.mktemp("akkoord") / "top.akkoord.json"
        signoffs.save(path, known)
        assert signoffs.read(path) == known

    def test_the_file_speaks_dutch(self, tmp_path):
        signed = Signoff("335", "deden", "mensen", "top", "deelnemers", 335, "", "Ans", "")
        signoffs.save(tmp_path / "a.json", [signed])
        [entry] = json.loads((tmp_path / "a.json").read_text())["akkoord"]
        assert (entry["tekst"], entry["door"]) == ("335", "Ans")

    def test_files_of_the_sample_are_read_and_written_alike(self, tmp_path):
        for path in sorted(NOTEBOOKS.glob("*.akkoord.json")):
            signoffs.save(tmp_path / path.name, signoffs.read(path))
            assert (tmp_path / path.name).read_text() == path.read_text()

    @pytest.mark.parametrize("key", ["feit", "bron", "waarde"])
    def test_a_sign_off_that_lost_a_line_is_refused(self, tmp_path, key):
        path = tmp_path / "top.akkoord.json"
        signoffs.save(path, [Signoff("335", "deden", "mensen", "", "", None, "geteld", "Ans", "")])
        content = json.loads(path.read_text())
        del content["akkoord"][0][key]
        path.write_text(json.dumps(content))
        with pytest.raises(WorkbookError, match="niet meer leesbaar"):
            signoffs.read(path)

    def test_no_file_is_no_sign_offs(self, tmp_path):
        assert signoffs.read(tmp_path / "top.akkoord.json") == []

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "{}",
            "[" * 5000,
            '{"akkoord": [{}]}',
            '{"akkoord": 3}',
            '{"akkoord": [{"tekst": 1}]}',
        ],
    )
    def test_a_file_spoilt_by_hand_is_refused_and_left_as_it_was(self, tmp_path, text):
        path = tmp_path / "top.akkoord.json"
        path.write_text(text)
        with pytest.raises(WorkbookError, match=r"top\.akkoord\.json is niet meer leesbaar"):
            signoffs.read(path)
        assert path.read_text() == text
