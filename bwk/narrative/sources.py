"""What the report says of the numbers in its text: what each is, and who confirmed it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from bwk import bundle, facts, formats
from bwk.bundle import Shown
from bwk.facts import Fact, FactSheet
from bwk.facts.expressions import When
from bwk.files import nearest
from bwk.narrative import formulas, tracing
from bwk.narrative.candidates import Candidate, Sheets, own_sheet
from bwk.narrative.signoffs import Signoff
from bwk.narrative.tracing import Text, Traced

COLUMNS = ["Getal", "Wat het is", "Waarde", "Bron", "Bevestigd door"]
ELSEWHERE = "Geteld of gemeten buiten de registraties."
NONE = "Nog geen getal in de tekst is bevestigd."
Card = dict[str, Any]
Lines = list[tuple[str, str]]  # in pairs, as a notebook sorts its keys


def sources(sheet: FactSheet) -> Shown:
    """Show where the numbers in the text come from; the report also learns what is still open.

    Each fact, or other source, has a row and a card, with all numbers that state it; the `marks`
    say where in the text those stand. The text and its sign-offs are those of the workbook in
    `BWK_NOTEBOOKS`, else in `notebooks`.

    Raises
    ------
    WorkbookError
        If the workbook or its sign-offs cannot be read.
    """
    path = nearest("notebooks") / sheet.period.folder / f"{sheet.scope.slug}.ipynb"
    text = tracing.text_of(path, {sheet.scope.slug: sheet})
    text = replace(text, sheets=_sheets(sheet, text))
    groups: dict[tuple[str, ...], list[Traced]] = {}
    marks = []
    for number in filter(_is_sourced, text.numbers):
        origin = _origin(number)
        groups.setdefault(origin, []).append(number)
        marks.append(_mark(number, [*groups].index(origin)))
    cards = [_card(group, text.sheets) for group in groups.values()]
    shown = _table(cards, len(marks)) if cards else bundle.text(NONE)
    still_open = len(text.points) if text.passages else 1
    own = {**shown.data.get(bundle.MIME, {}), "open": still_open, "cards": cards, "marks": marks}
    return Shown({**shown.data, bundle.MIME: own})


def passage_key(text: str) -> str:
    """Return by what a mark names the cell that it is in: the start of a hash of its text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _sheets(sheet: FactSheet, text: Text) -> Sheets:
    """Return the sheets of the facts that were signed, and of the places that are named."""
    own = sheet.scope.slug
    words = " ".join(passage.text for passage in text.passages)
    scopes = {label.slug for label in sheet.locations if label.name in words}
    scopes |= {scope for signoff in text.signed for scope, _ in signoff.facts}
    if not scopes - {own}:
        return text.sheets
    others = facts.load_all(own, sheet.period.name, sheet.baseline.name, only=scopes)
    return {**text.sheets, **others}


def _is_sourced(number: Traced) -> bool:
    return number.settled and _origin(number) != ("", tracing.NO_COUNT)


def _origin(number: Traced) -> tuple[str, ...]:
    """Return what the numbers on one card have in common."""
    signoff = number.signoff
    assert signoff is not None  # a confirmed claim has a sign-off
    return (signoff.scope, signoff.fact) if signoff.fact else ("", signoff.source)


def _mark(number: Traced, card: int) -> dict[str, Any]:
    return {
        "passage": passage_key(number.passage.text),
        "start": number.claim.start,
        "end": number.claim.end,
        "card": card,
    }


def _table(cards: Sequence[Card], count: int) -> Shown:
    numbers = formats.count(count, "getal", "getallen").capitalize()
    caption = f"{numbers} in de tekst: wat elk getal is, en waar het vandaan komt."
    return bundle.table("tab-getallen", caption, COLUMNS, [_row(card) for card in cards])


def _row(card: Card) -> list[str]:
    lines = dict(card["lines"])
    more = [f"{name}: {lines[name]}." for name in ("Periode", "Vorige waarde") if name in lines]
    meaning = bundle.sentences(card["title"], *more)
    cells = [lines.get(name, "") for name in COLUMNS[2:]]
    return [card["numbers"], meaning, *cells]


def _card(group: Sequence[Traced], sheets: Sheets) -> Card:
    """Make the card of one fact, or of one other source, from the numbers that state it."""
    signed = [number.signoff for number in group if number.signoff]
    written = {number.claim.text.lower(): number.claim.text for number in group}
    fact, title, lines = group[0].fact, ELSEWHERE, [("Bron", signed[0].source)]
    if fact:
        sheet = sheets[signed[0].scope]
        title = _place(fact, sheet, own_sheet(sheets)) + fact.definition
        lines = _lines(fact, sheet)
    signers = dict.fromkeys(_signer(signoff) for signoff in signed)
    lines.append(("Bevestigd door", "; ".join(signers)))
    numbers = formats.enumeration([*written.values()])
    return {"numbers": numbers, "title": title, "lines": lines}


def _signer(signoff: Signoff) -> str:
    day = ""
    with suppress(ValueError):
        day = formats.day(date.fromisoformat(signoff.day))
    return ", ".join(filter(None, (signoff.name, day)))


def _place(fact: Fact, sheet: FactSheet, own: FactSheet) -> str:
    """Say of which other location a fact is, and of which service, role and so on."""
    if formulas.is_formula(fact.name):
        return ""
    place = "" if sheet.scope == own.scope else f"{sheet.scope.name}: "
    names = ", ".join(label.name for label in Candidate(fact, sheet).labels.values())
    return place + (names and f"{names}. ")


def _lines(fact: Fact, sheet: FactSheet) -> Lines:
    """Return name and words of each line of a card."""
    period, earlier = sheet.period, None
    if not formulas.is_formula(fact.name):
        candidate = Candidate(fact, sheet)
        earlier = candidate.kin(type(candidate.declaration.derivation), when=When.BASELINE)
        period = sheet.baseline if candidate.declaration.is_past else period
    lines = [("Waarde", fact.text), ("Periode", period.months_label)]
    if earlier and period is sheet.period:
        lines.append(("Vorige waarde", f"{bundle.spoken(earlier)} ({sheet.baseline.label})"))
    return [*lines, ("Bron", _files(fact.sources))]


def _files(names: Sequence[str]) -> str:
    """Name files shortly: those of a folder are counted.

    >>> _files(["deelnames/2017.csv", "deelnames/2018.csv", "rollen.xlsx"])
    'deelnames (2 bestanden) en rollen.xlsx'
    """
    folders = Counter(name.rpartition("/")[0] or name for name in names)
    return formats.enumeration(
        [f"{name} ({count} bestanden)" if count > 1 else name for name, count in folders.items()]
    )
