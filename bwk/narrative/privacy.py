"""What must not be in a text: persons, how to reach them, and counts that are too small.

Rules and a list of first names tell a person; what looks like one and is none stands in the
evaluators' own list of words. A message says where it stands, and never what.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from bwk.facts import FactSheet
from bwk.facts.expressions import Each
from bwk.narrative import proposals, sentences, statements
from bwk.narrative.candidates import Candidate, candidates
from bwk.narrative.claims import Claim
from bwk.narrative.statements import Context, Statement, plain

_FIRST_NAMES = frozenset(
    """ahmed aicha aisha ali alex amina amira anja anke anna anne anneke anouk ans arie arjan
    astrid ayse bart bas bep bert bilal bob bram carla carlos chantal chris christa coby cor
    corrie daan daniel david dennis dewi diana dick dirk elif ellen els emine emma erik esther
    eva fatih fatima fatma femke frank frans fred gerard gerda gerrit greet guus halima hanna
    hannah hannie hans harry hassan hatice heleen henk henny herman hugo hussein ibrahim ineke
    ingrid irene iris jaap jacob jacqueline jamila jan janneke jannie jasper jeroen joke
    jolanda joost joris joyce jos judith julia kaoutar karel karim karin kees khadija khalid
    kim klaas laila lars latifa layla leila leo leonie lies lieke linda lisa loes lotte lucas
    maaike malika manon marga margriet maria marianne marieke marijke mark marloes martijn
    martin mehmet merel mia michiel miriam mo mohamed mohammed monique mustafa nadia naima nel
    nick nico nicole nienke noor noah nora omar oscar osman pascal paul peter petra piet
    pieter pim rachid ria richard rik rita rob robert roel ron ronald ruud saida salma samira
    sander sandra sara sarah sem selma sevda sjaak sjoerd sofie sonja stefan stijn sven tanja
    theo thea thijs thomas tim tineke tom truus ursula vera wendy willem willemijn willy wilma
    wim yasmina yassin youssef yusuf yvonne zahra zeynep""".split()
)
_TITLE = (
    r"\b(?:[Mm]evrouw|[Mm]eneer|[Dd]e heer|[Mm]w\.|[Dd]hr\.|[Mm]evr\.|[Dd]okter|[Ff]amilie|"
    r"[Ww]ijkagent|[Oo]om|[Tt]ante|[Bb]uurvrouw|[Bb]uurman|[Dd]eelnem(?:er|ster),?|[Vv]rijwillig(?:er|ster),?|"
    r"[Ss]tagiaire?,?|[Ss]leutelhouder,?|[Ss]tatushouder,?|[Dd]ocent,?|[Cc]oördinator,?|"
    r"heet|noemen we)"
)
_CAPITAL = r"(?:(?:van |de |den |der |el )*[A-Z][\w'’-]+)"
_TITLED = re.compile(rf"{_TITLE} ((?:De |El |Van |Den |Der |Ten )?{_CAPITAL})")
_SPEAKS = re.compile(r"(?<!\w)([A-Z][\w-]+) (?:vertelt|vertelde|zegt|zei|verzucht|lacht)\b")
_SAID = re.compile(r"\b(?:zegt|zei|vertelt|vertelde|aldus|volgens) ([A-Z][\w-]+)")
_WORD = re.compile(r"(?<![\w-])[A-Z][\w-]+")
_CITIZEN_NUMBER = "burgerservicenummer"
_CONTACTS = {  # by which somebody can be reached, or is known
    "mailadres": r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+",
    "telefoonnummer": r"(?<![\w.,])(?:\+31|0031|0)[\s-]?(?:\d[\s-]?){8}\d(?!\d)",
    _CITIZEN_NUMBER: r"(?<!\d)\d{9}(?!\d)",
}
_TOO_FEW = "Zo weinig mensen kan iemand herkennen: haal het getal weg"
_WITHHELD = "Dit cijfer is achtergehouden om herkenning te voorkomen: haal het getal weg"
_NAME = (
    "Hier staat misschien de naam van een mens: haal die weg. Is het geen naam? Zet het woord dan "
    "in woordenlijst.txt"
)


def found(text: str, own: FactSheet, known: Collection[str] = ()) -> Iterator[str]:
    """Yield what must not be in a text, a Dutch sentence each with its place and remedy.

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
    yield from _numbered(text, [*_contacts(text), *_named_persons(text, accepted)])


def _numbered(text: str, told: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Yield each message once with the number of its sentence: a word of it could be a name."""
    filled = [span for span in sentences.spans(text) if text[slice(*span)].strip()]
    for number, (start, end) in enumerate(filled, 1):
        inside = [message for place, message in sorted(told) if start <= place < end]
        yield from (f"Zin {number}: {message}." for message in dict.fromkeys(inside))


def _own_words(own: FactSheet) -> set[str]:
    divisions = (*own.services, *own.roles, *own.neighbourhoods, *own.partners, *own.domains)
    labels = (*divisions, *own.locations, own.scope)
    names = [name for label in labels for name in (label.name, label.group)]
    names += [*own.not_reported, *own.programme.values()]
    return {word for name in names for word in re.findall(r"[\w-]+", name.lower())}


def _contacts(text: str) -> Iterator[tuple[int, str]]:
    """Yield where one stands who can be reached, and what to do."""
    for name, pattern in _CONTACTS.items():
        for match in re.finditer(pattern, text):
            if name != _CITIZEN_NUMBER or _is_citizen_number(match[0]):
                yield match.start(), f"Hier staat een {name}: haal dat weg"


def _named_persons(text: str, accepted: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield where a person is named: after a title, with a verb of speech, or by first name."""
    for pattern in (_TITLED, _SPEAKS, _SAID):
        for match in pattern.finditer(text):
            word = match[1].split()[-1].lower()
            if word not in accepted and word not in _NO_NAMES:
                yield match.start(1), _NAME
    for match in _WORD.finditer(text):
        if plain(match[0]) in _FIRST_NAMES and match[0].lower() not in accepted:
            yield match.start(), _NAME


_NO_NAMES = frozenset("iedereen iemand hij zij ze het de dit een er wij we men ook maar".split())


def _is_citizen_number(digits: str) -> bool:
    """Whether nine digits pass the test of citizen service numbers.

    >>> _is_citizen_number("111222333"), _is_citizen_number("123456789")
    (True, False)
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


def small_counts(text: str, numbers: Sequence[Claim], own: FactSheet) -> Iterator[str]:
    """Yield a message for each claim that tells of too few people, or of what is held back."""
    threshold = int(own.programme.get("threshold", 0))
    people = {label.slug for label in own.roles} | {"personen"}
    told = []
    held_back = [fact for fact in candidates(own) if fact.fact.withheld]
    for claim in numbers:
        if claim.kind != "count":
            continue
        statement = statements.derive(text, claim, own)
        if 0 < claim.value < threshold and statement.unit in people:
            told.append((claim.start, _TOO_FEW))
        elif _tells_one_of(held_back, statement, statements.context(text, claim)):
            told.append((claim.start, _WITHHELD))
    yield from _numbered(text, told)


def _tells_one_of(held_back: Sequence[Candidate], statement: Statement, words: Context) -> bool:
    """Whether a sentence tells of a count that the report holds back."""
    for fact in held_back:
        is_about = {*fact.keys.values()} <= {
            *statement.subjects
        } and Each.HALF_YEAR not in fact.keys
        is_same = statement.place == fact.sheet.scope.slug and statement.unit == fact.unit
        if fact.keys and is_about and is_same and proposals.agrees(statement, words, fact):
            return True
    return False
