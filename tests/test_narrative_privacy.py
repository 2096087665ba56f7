"""No person, no way to reach one, and no count that is too small stands in a text."""

import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest
from sheets import labels, sheet

from bwk.narrative import privacy
from bwk.narrative.claims import find

CASES = Path(__file__).parent / "ground_truth" / "private" / "persons.txt"
RECALL, PRECISION = 0.95, 0.9


def own(**values: object):
    """Make the facts of TOP, with the names that its data hold; `__` stands for the dot."""
    facts = {"deelnemers": 335} | {name.replace("__", "."): each for name, each in values.items()}
    return sheet(
        facts,
        "top",
        services=labels({"koken": "Koken", "ontmoeting": "Ontmoeting", "taal": "Taal"}),
        roles=labels({"vrijwilliger": "Vrijwilligers"}),
        partners=labels({"doenja": "Doenja", "mitros": "Mitros"}),
        neighbourhoods=labels({"ondiep": "Ondiep"}),
        not_reported={"De Klop": "nog niet lang genoeg open"},
    )


def told(text: str, known: Collection[str] = ()) -> list[str]:
    """Return what is said of what must not be in a text."""
    return [seen.remark for seen in privacy.found(text, own(), known)]


def test_persons_and_contact_details_are_seen():
    rows = [line.split(" | ") for line in CASES.read_text().splitlines() if line[0] != "#"]
    judged = [(wanted == "ja", bool(told(text)), text) for wanted, text in rows]
    right = sum(wanted and is_seen for wanted, is_seen, _ in judged)
    missed = [text for wanted, is_seen, text in judged if wanted != is_seen]
    assert right >= RECALL * sum(wanted for wanted, _, _ in judged), missed
    assert right >= PRECISION * sum(is_seen for _, is_seen, _ in judged), missed


@pytest.mark.parametrize("text", ["Het was druk. Fatima kwam ook.", "Bel 06-12345678."])
def test_a_message_tells_where_and_what_to_do_but_not_what_stands_there(text: str):
    [message] = told(text)
    assert message.startswith("Zin ")
    assert "haal" in message
    assert not any(word in message for word in ("Fatima", "12345678"))


@pytest.mark.parametrize(
    ("text", "is_of_one"),
    [
        ("De zoon van de groenteboer leert koken.", True),
        ("De zonen van de groenteboeren leren koken.", False),
        ("De oudste deelnemer komt op een scootmobiel.", True),
        ("De oudste groep komt het langst.", False),
        ("Het eerste venster blijft open.", False),
        ("De vrijwilliger die vorig jaar werd neergestoken, is terug.", True),
        ("De vrijwilliger die opent, zet ook koffie.", False),
        ("De man van vierhoog eet nu mee.", True),
        ("Iedereen kent haar als de koekjesmevrouw.", True),
        ("Ze noemen haar ‘de baas van het plein’.", True),
    ],
)
def test_what_fits_one_person_alone_must_be_told_more_broadly(text: str, is_of_one: bool):
    assert any("één mens" in message for message in told(text)) == is_of_one


@pytest.mark.parametrize(
    "text",
    [
        "Een vrouw van 47 leerde lezen.",
        "Een vrouw met MS leerde lezen.",
        "De beheerder van de speeltuin leerde lezen.",
        "Een vrouw helpt mensen met MS en schulden.",
        "De burgemeester van Utrecht sprak over ziekte.",
    ],
)
def test_one_mark_of_a_person_or_the_marks_of_others_may_stand(text: str):
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    ["Een vrouw van 47 met MS leerde lezen.", "De beheerder van de speeltuin heeft schulden."],
)
def test_two_marks_of_one_person_are_too_many(text: str):
    [message] = told(text)
    assert "één mens" in message


@pytest.mark.parametrize(
    ("text", "is_person"),
    [
        ("Gijsbert heeft de zolder opgeruimd.", True),
        ("Op vrijdag neemt Ngozi soep mee.", True),
        ("Toch heeft de zolder nut.", False),
        ("Humanitas betaalt de zolder.", False),
        ("Wethouder De Boer bleef een uur.", False),
        ("Wij leerden Nederlands.", False),
    ],
)
def test_an_unknown_word_with_a_capital_that_does_what_people_do_may_be_a_name(
    text: str, is_person: bool
):
    assert bool(told(text)) == is_person


@pytest.mark.parametrize("text", ["Woord " * 3000, "A" * 9000, "de man die " * 800])
def test_a_long_row_of_words_is_read_in_seconds(text: str):
    start = time.perf_counter()
    list(told(text))
    assert time.perf_counter() - start < 10


def test_a_word_of_the_own_list_is_no_name():
    assert told("Roos is open.", ["roos"]) == []
    assert told("Noor is onze zaal.", ["noor"]) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Koken deden 3 mensen.", 1),
        ("Er hielpen vier vrijwilligers.", 1),
        ("Aan koken deden 12 mensen mee.", 1),
        ("Aan taal deden 12 mensen mee.", 0),
        ("Er kwamen 335 mensen.", 0),
        ("Er zijn 3 zalen.", 0),
    ],
)
def test_too_few_people_and_what_is_held_back_must_go(text: str, count: int):
    facts = own(deelnemers__koken="x", deelnemers__taal=12)
    assert len([*privacy.small_counts(text, find(text), facts)]) == count


@pytest.mark.parametrize(
    ("text", "is_held_back"),
    [
        ("Er waren 18 mensen die zowel Taal als Koken gebruikten.", False),
        ("Naast Koken was Taal geliefd bij 40 mensen.", False),
        ("Dankzij Koken telde TOP 335 deelnemers.", False),
        ("Wij zoeken nog 12 stagiairs.", False),
        ("Koken trok 18 mensen.", True),
        ("Koken trok 335 mensen.", True),
        ("Koken trok 12 mensen, van wie er 18 ook naar Taal gingen.", True),
        ("Er liepen 12 stagiairs mee.", True),
        ("Wij verwezen 12 mensen naar Doenja.", True),
        ("Er gingen 12 mensen op bezoek bij Doenja.", False),
    ],
)
def test_a_number_is_told_of_what_is_shown_where_the_sentence_says_that(
    text: str, is_held_back: bool
):
    shown = {"deelnemers__taal": 40, "samen__koken__taal": 18}
    hidden = {"deelnemers__koken": "x", "rol__stagiair": "x", "verwijzingen__naar__doenja": "x"}
    facts = replace(own(**shown, **hidden), roles=labels({"stagiair": "Stagiairs"}))
    assert bool([*privacy.small_counts(text, find(text), facts)]) == is_held_back
