"""Sign-offs: what an evaluator said of a number in the text, kept beside the workbook.

A sign-off belongs to a claim with the same text and about the same words around it, so it
survives edits elsewhere; a number that is written anew has to be confirmed anew.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from bwk.errors import WorkbookError
from bwk.files import write
from bwk.narrative import claims
from bwk.narrative.claims import Claim

SUFFIX = ".akkoord.json"
WORDS = 6  # on each side
ALIKE = 0.5  # of the words around
_DUTCH = {
    "text": "tekst",
    "before": "ervoor",
    "after": "erna",
    "scope": "over",
    "fact": "feit",
    "value": "waarde",
    "source": "bron",
    "name": "door",
    "day": "op",
}


@dataclass(frozen=True)
class Signoff:
    """A number that somebody confirmed.

    Attributes
    ----------
    text, before, after : str
        The claim as written, and the words around it.
    scope, fact : str
        The fact that it states and whose it is: a location's or the city's (`stad`); empty where
        the number comes from elsewhere.
    value : int, float or None
        Of the fact when it was confirmed.
    source : str
        Where the number comes from, in words; empty where it is a fact.
    name, day : str
        Who confirmed it, and the ISO date.
    """

    text: str
    before: str
    after: str
    scope: str = ""
    fact: str = ""
    value: float | None = None
    source: str = ""
    name: str = ""
    day: str = ""


def beside(workbook: Path) -> Path:
    """Return the path of the sign-offs of a workbook.

    >>> beside(Path("2018-H1/top.ipynb")).name
    'top.akkoord.json'
    """
    return workbook.with_name(workbook.stem + SUFFIX)


def read(path: Path) -> list[Signoff]:
    """Read sign-offs; none where there is no file.

    Raises
    ------
    WorkbookError
        If the file was changed so that it cannot be read; it stays as it was.
    """
    if not path.exists():
        return []
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["akkoord"]
        made = [
            Signoff(**{name: entry[dutch] for name, dutch in _DUTCH.items()}) for entry in entries
        ]
        if not all(map(_sound, made)):
            raise ValueError
    except (ValueError, KeyError, TypeError, OSError):
        raise WorkbookError(
            f"{path.name} is niet meer leesbaar: zet de vorige versie terug, of verwijder het "
            "bestand en bevestig de getallen opnieuw."
        ) from None
    return made


def save(path: Path, signoffs: Sequence[Signoff]) -> None:
    """Write sign-offs, whole or not at all."""
    entries = [{_DUTCH[name]: value for name, value in asdict(one).items()} for one in signoffs]
    write(path, json.dumps({"akkoord": entries}, ensure_ascii=False, indent=1) + "\n")


def around(text: str, claim: Claim) -> tuple[str, str]:
    """Return the words before and after a claim, within its paragraph.

    >>> from bwk.narrative.claims import find
    >>> text = "In TOP deden 335 mensen mee."
    >>> around(text, find(text)[0])
    ('In TOP deden', 'mensen mee.')
    """
    before = text[: claim.start].rpartition("\n\n")[2].split()[-WORDS:]
    after = text[claim.end :].partition("\n\n")[0].split()[:WORDS]
    return " ".join(before), " ".join(after)


def match(found: Sequence[tuple[str, Claim]], signoffs: Sequence[Signoff]) -> list[Signoff | None]:
    """Return the sign-off of each claim, given with its cell's text; each is used once.

    Where another number went from one side of the claim to the other they may have changed
    places, so that what was confirmed is no longer what is said.
    """
    places = [around(text, claim) for text, claim in found]
    pairs = sorted(
        (
            (-_alike(_words(*places[place]), _words(one.before, one.after)), place, index)
            for place, (_, claim) in enumerate(found)
            for index, one in enumerate(signoffs)
            if one.text == claim.text and not _crossed((one.before, one.after), places[place])
        ),
    )
    matched: list[Signoff | None] = [None] * len(found)
    used = set()
    for score, place, index in pairs:
        if -score >= ALIKE and matched[place] is None and index not in used:
            matched[place] = signoffs[index]
            used.add(index)
    return matched


def _sound(one: Signoff) -> bool:
    texts = (one.text, one.before, one.after, one.scope, one.fact, one.source, one.name, one.day)
    return all(isinstance(text, str) for text in texts) and isinstance(
        one.value, int | float | None
    )


def _crossed(was: tuple[str, str], now: tuple[str, str]) -> bool:
    (left, right), (new_left, new_right) = map(_numbers, was), map(_numbers, now)
    return bool((left - right) & (new_right - new_left) | (right - left) & (new_left - new_right))


@cache
def _numbers(text: str) -> frozenset[str]:
    return frozenset(claim.text for claim in claims.find(text))


def _words(before: str, after: str) -> list[str]:
    return [*before.lower().split(), "\0", *after.lower().split()]


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
