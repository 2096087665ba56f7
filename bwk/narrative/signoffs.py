"""Sign-offs: what an evaluator said of a number in the text, kept beside the workbook.

A sign-off belongs to a claim with the same text and about the same words around it, so it
survives edits elsewhere; a number that is written anew has to be confirmed anew. It keeps the
statement that was confirmed: whether that is still what the sentence says is for `tracing`.
"""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from bwk.errors import WorkbookError
from bwk.files import decoded, write
from bwk.narrative import claims, formulas
from bwk.narrative.grammar import rows
from bwk.narrative.statements import Statement

SUFFIX = ".akkoord.json"
WORDS = 6  # on each side
ALIKE = 0.5  # of the words around
Context = tuple[str, str]  # the words before and after a claim


_DUTCH = """
text      tekst
before    ervoor
after     erna
scope     over
fact      feit
value     waarde
source    bron
name      door
day       op
statement uitspraak
"""  # the names in the file


class Signoff(
    Struct,
    frozen=True,
    omit_defaults=True,
    rename=dict(rows(_DUTCH)),
):
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
    statement : Statement or None
        What the sentence said of the number; None in a file of a version that did not keep it.
    """

    text: str
    before: str
    after: str
    scope: str
    fact: str
    value: int | float | None
    source: str
    name: str
    day: str
    statement: Statement | None = None

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The scope and the name of each fact that it rests on: more where it is a formula."""
        return formulas.terms(self.fact) or [(self.scope, self.fact)] * bool(self.fact)

    @property
    def context(self) -> Context:
        """The words around the claim."""
        return self.before, self.after


class _File(Struct, frozen=True):
    akkoord: list[Signoff]


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
        return decoded(path.read_bytes(), _File).akkoord
    except (ValueError, OSError, RecursionError):
        raise WorkbookError(
            f"{path.name} is niet meer leesbaar: zet de vorige versie terug, of verwijder het "
            "bestand en bevestig de getallen opnieuw."
        ) from None


def save(path: Path, signoffs: Sequence[Signoff]) -> None:
    """Write sign-offs, whole or not at all."""
    raw = msgspec.json.encode(_File([*signoffs]))
    write(path, msgspec.json.format(raw, indent=1) + b"\n", lasting=True)


class Spanned(Protocol):
    """A claim, or a word, in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...


def around(text: str, claim: Spanned) -> Context:
    """Return the words before and after a claim, within its paragraph.

    >>> from bwk.narrative.claims import find
    >>> text = "In TOP deden 335 mensen mee."
    >>> around(text, find(text)[0])
    ('In TOP deden', 'mensen mee.')
    """
    _, _, before = text[: claim.start].rpartition("\n\n")
    after, _, _ = text[claim.end :].partition("\n\n")
    return " ".join(before.split()[-WORDS:]), " ".join(after.split()[:WORDS])


def match(
    numbers: Sequence[tuple[str, Spanned]],
    signoffs: Sequence[Signoff],
    fits: Callable[[int, Signoff], bool] = lambda *_: False,
) -> list[Signoff | None]:
    """Return the sign-off of each claim, which comes with its cell's text; each is used once.

    Where the words around a claim are others, it `fits` that claim all the same where the sentence
    says what was confirmed. Where another number went from one side of the claim to the other they
    may have changed places, so that what was confirmed is no longer what is said.
    """
    pairs = []
    for place, (text, claim) in enumerate(numbers):
        context = around(text, claim)
        for index, signoff in enumerate(signoffs):
            is_same = signoff.text.lower() == claim.text.lower()
            if is_same and not _crossed(signoff.context, context):
                pairs.append((_likeness(context, signoff.context), place, index))
    matched: list[Signoff | None] = [None] * len(numbers)
    used = set()
    for likeness, place, index in sorted(pairs, key=lambda pair: -pair[0]):
        if matched[place] or index in used:
            continue
        if likeness >= ALIKE or fits(place, signoffs[index]):
            matched[place] = signoffs[index]
            used.add(index)
    return matched


def _crossed(signed: Context, current: Context) -> bool:
    left, right = map(_numbers, signed)
    current_left, current_right = map(_numbers, current)
    to_right = (left - right) & (current_right - current_left)
    to_left = (right - left) & (current_left - current_right)
    return bool(to_right | to_left)


@cache
def _numbers(text: str) -> frozenset[str]:
    return frozenset(claim.text for claim in claims.find(text))


def _likeness(current: Context, signed: Context) -> float:
    words = " \0 ".join(current).lower().split()
    signed_words = " \0 ".join(signed).lower().split()
    return SequenceMatcher(None, words, signed_words, autojunk=False).ratio()
