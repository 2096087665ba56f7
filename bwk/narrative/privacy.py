"""What must not be in a text: persons, how to reach them, and counts that are too small.

Rules and a list of first names tell a person; what looks like one and is none stands in the
evaluators' own list of words. Who has no name is told by what fits one person alone, or by two
things that are said of one. A message says where it stands, and never what.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bwk import cells
from bwk.facts import FactSheet
from bwk.facts.expressions import Referrals
from bwk.narrative import proposals, sentences, statements, wording
from bwk.narrative.candidates import Candidate, candidates
from bwk.narrative.claims import Claim, cover
from bwk.narrative.statements import Statement
from bwk.personal import is_citizen_number, is_first_name

_words = partial(wording.words, "privacy")
_patterns = partial(wording.patterns, "privacy")
_WORD = re.compile(r"\w[\w-]+")
_CITIZEN_NUMBER = "burgerservicenummer"
_NEAR = 150  # characters, within which what is said is of the same person
_TOO_FEW = "Zo weinig mensen kan iemand herkennen: haal het getal weg"
_WITHHELD = "Dit cijfer is achtergehouden om herkenning te voorkomen: haal het getal weg"
_NAME = (
    "Hier staat misschien de naam van een mens: haal die weg. Is het geen naam? Zet het woord dan "
    "in woordenlijst.txt"
)

_DESCRIPTION = (
    "Hieraan is misschien één mens te herkennen: schrijf dit algemener. Gaat het niet over één "
    "mens? Zeg dat dan bij Controle"
)


@dataclass(frozen=True)
class Seen:
    """What must not be in a sentence: the sentence, its number, and what to do."""

    sentence: str
    number: int
    message: str

    @property
    def remark(self) -> str:
        """Where it stands and the remedy, in Dutch."""
        return f"Zin {self.number}: {self.message}."

    @property
    def fingerprint(self) -> str:
        """Of what was seen in which words, without telling them: another sentence has another."""
        return cells.fingerprint(f"{self.message} {self.sentence}")


def found(text: str, own: FactSheet, known: Collection[str] = ()) -> Iterator[Seen]:
    """Yield what must not be in a text.

    Parameters
    ----------
    text : str
        Markdown source of a cell.
    own : FactSheet
        Of the report: the names in its data are none of persons.
    known : collection of str
        Words that are no names, in small letters.
    """
    accepted = {word.lower() for word in known} | _own_words(own)
    yield from _numbered(
        text, [*_contacts(text, accepted), *_named_persons(text, accepted), *_described(text)]
    )


def _numbered(text: str, told: Sequence[tuple[int, str]]) -> Iterator[Seen]:
    """Yield each message once with the number of its sentence: a word of it could be a name."""
    filled = [span for span in sentences.spans(text) if text[slice(*span)].strip()]
    for number, (start, end) in enumerate(filled, 1):
        inside = [message for place, message in sorted(told) if start <= place < end]
        sentence = " ".join(text[start:end].split())
        yield from (Seen(sentence, number, message) for message in dict.fromkeys(inside))


def _own_words(own: FactSheet) -> set[str]:
    divisions = (*own.services, *own.roles, *own.neighbourhoods, *own.partners, *own.domains)
    labels = (*divisions, *own.locations, own.scope)
    names = [name for label in labels for name in (label.name, label.group)]
    names += [*own.not_reported, *own.programme.values()]
    return {word for name in names for word in re.findall(r"[\w-]+", name.lower())}


def _contacts(text: str, accepted: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield where one stands who can be reached, and what to do."""
    for name, pattern in _patterns("contact"):
        for match in pattern.finditer(text):
            is_nine_digits = name == _CITIZEN_NUMBER and match[0].isdecimal()
            if match[0].lower() in accepted:
                continue
            if not is_nine_digits or is_citizen_number(match[0]):
                yield match.start(), f"Hier staat een {name}: haal dat weg"


def _named_persons(text: str, accepted: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield where a person is named: after a title, with a verb of speech, or by first name."""
    for _, pattern in _patterns("no_person"):
        text = cover(text, pattern)
    for _, pattern in _patterns("named"):
        for match in pattern.finditer(text):
            word = match["it"].split()[-1].lower()
            if word not in accepted and not _words("no_name").fullmatch(word):
                yield match.start("it"), _NAME
    for match in _WORD.finditer(text):
        as_written = match[0].lower() if _words("as_word").match(text, match.start()) else match[0]
        if match[0].lower() not in accepted and is_first_name(as_written):
            yield match.start(), _NAME


def _described(text: str) -> Iterator[tuple[int, str]]:
    """Yield where a description fits one person: by one telling mark, or by two together."""
    for _, pattern in _patterns("apart"):
        yield from ((match.start(), _DESCRIPTION) for match in pattern.finditer(text))
    for start, end in sentences.spans(text):
        for person in _words("somebody").finditer(text, start, end):
            near = min(end, person.end() + _NEAR)
            about = _words("many").split(text[person.start() : near])[0]
            if len({kind for kind, mark in _patterns("mark") if mark.search(about)}) > 1:
                yield person.start(), _DESCRIPTION


def small_counts(text: str, numbers: Sequence[Claim], own: FactSheet) -> Iterator[Seen]:
    """Yield what is said of each claim that tells of too few people, or of what is held back."""
    threshold = int(own.programme.get("threshold", 0))
    people = {label.slug for label in own.roles} | {"personen"}
    told = []
    for claim in numbers:
        if claim.kind != "count":
            continue
        statement = statements.derive(text, claim, own)
        if 0 < claim.value < threshold and statement.unit in people:
            told.append((claim.start, _TOO_FEW))
        elif _is_held_back(text, claim, statement, own):
            told.append((claim.start, _WITHHELD))
    yield from _numbered(text, told)


def _is_held_back(text: str, claim: Claim, statement: Statement, own: FactSheet) -> bool:
    """Whether what a number is told of is likelier a count held back than one that is shown."""
    words = statements.context(text, claim)
    about = {*statements.named(_words("aside").sub(" ", words.clause), own), statement.place}
    held_back = [
        proposals.score(claim, words, statement, fact)
        for fact in candidates(own)
        if fact.fact.withheld and fact.keys and {*fact.keys.values()} <= about
        if fact.place == statement.place and _is_counted(fact, statement.unit)
    ]
    shown = proposals.single(text, claim, {own.scope.slug: own})
    return max(held_back, default=0) > max((each.score for each in shown), default=0)


def _is_counted(fact: Candidate, unit: str) -> bool:
    return unit in (fact.unit, *fact.keys.values()) or bool(unit and isinstance(fact.of, Referrals))
