"""What the report says of the numbers in its text: what each is, and who confirmed it."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from bwk import bundle, facts, formats
from bwk.bundle import Rows, Shown
from bwk.facts import Fact, FactSheet
from bwk.facts.expressions import When
from bwk.files import nearest
from bwk.narrative import tracing
from bwk.narrative.tracing import Traced

COLUMNS = ["Getal", "Wat het is", "Waarde", "Bron", "Bevestigd door"]
ELSEWHERE = "Geteld of gemeten buiten de registraties."
NONE = "Nog geen getal in de tekst is bevestigd."
Card = dict[str, Any]


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
    found, signed = tracing.read(path)
    scopes = {one.scope for one in signed if one.fact} - {sheet.scope.slug}
    sheets = {sheet.scope.slug: sheet}
    if scopes:
        asked = sheet.scope.slug, sheet.period.name, sheet.baseline.name
        sheets |= facts.load_all(*asked, only=scopes)
    traced = tracing.trace(found, signed, sheets)
    confirmed = [one for one in traced if one.settled and _is_number(one)]
    origins: dict[tuple[str, ...], list[Traced]] = {}
    for one in confirmed:
        origins.setdefault(_origin(one), []).append(one)
    cards = [_card(group, sheet, sheets) for group in origins.values()]
    rows: Rows = [_row(card) for card in cards]
    shown = bundle.text(NONE)
    if rows:
        shown = bundle.table("tab-getallen", _caption(confirmed), COLUMNS, rows)
    places = {origin: index for index, origin in enumerate(origins)}
    marks = [_mark(one, places[_origin(one)]) for one in confirmed]
    left = len(tracing.points(found, traced, sheet)) if found else 1
    own = {**shown.data.get(bundle.MIME, {}), "open": left, "cards": cards, "marks": marks}
    return Shown({**shown.data, bundle.MIME: own})


def passage_key(text: str) -> str:
    """Return by what a mark names the cell that it is in: the start of a hash of its text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _is_number(one: Traced) -> bool:
    return one.signoff is not None and one.signoff.source != tracing.NO_COUNT


def _origin(one: Traced) -> tuple[str, ...]:
    signed = one.signoff
    assert signed is not None  # a confirmed claim has a sign-off
    return (signed.scope, signed.fact) if signed.fact else (signed.source,)


def _mark(one: Traced, card: int) -> dict[str, Any]:
    place = {"start": one.claim.start, "end": one.claim.end, "card": card}
    return {"passage": passage_key(one.passage.text), **place}


def _caption(confirmed: Sequence[Traced]) -> str:
    number = formats.count(len(confirmed), "getal", "getallen")
    return f"{number} in de tekst: wat elk getal is, en waar het vandaan komt.".capitalize()


def _card(group: Sequence[Traced], own: FactSheet, sheets: Mapping[str, FactSheet]) -> Card:
    """Make the card of one fact, or of one other source, from the numbers that state it."""
    first, signed = group[0], [one.signoff for one in group if one.signoff]
    words = {one.claim.text.lower(): one.claim.text for one in group}
    who = dict.fromkeys(", ".join(filter(None, (one.name, _day(one.day)))) for one in signed)
    card: Card = {"numbers": formats.enumeration([*words.values()])}
    if first.fact is None:
        card |= {"title": ELSEWHERE, "lines": [("Bron", signed[0].source)]}
    else:
        sheet = sheets[signed[0].scope]
        prefix = "" if sheet.scope.slug == own.scope.slug else f"{sheet.scope.name}: "
        title = prefix + _subject(first.fact, sheet) + first.fact.definition
        card |= {"title": title, "lines": _lines(first.fact, sheet)}
    card["lines"].append(("Bevestigd door", "; ".join(who)))
    return card


def _lines(fact: Fact, sheet: FactSheet) -> list[tuple[str, str]]:
    """Return name and words of each line of a card: in pairs, as a notebook sorts its keys."""
    declaration, _ = facts.parsed(fact.name)
    period = sheet.baseline if declaration.is_past else sheet.period
    earlier = facts.kin(fact.name, declaration.derivation.__class__, when=When.BASELINE)
    before = None if declaration.is_past else sheet.facts.get(earlier)
    lines = [("Waarde", fact.text), ("Periode", period.months_label)]
    if before:
        lines.append(("Vorige waarde", f"{bundle.spoken(before)} ({sheet.baseline.label})"))
    return [*lines, ("Bron", _files(fact.sources))]


def _row(card: Card) -> list[str]:
    lines = dict(card["lines"])
    more = [f"{name}: {lines[name]}." for name in ("Periode", "Vorige waarde") if name in lines]
    what = bundle.sentences(card["title"], *more)
    return [card["numbers"], what, *(lines.get(name, "") for name in COLUMNS[2:])]


def names_of(sheet: FactSheet) -> dict[str, str]:
    """Return the names of what facts are divided by, by the slug that stands in their own name."""
    divisions = (sheet.services, sheet.roles, sheet.neighbourhoods, sheet.partners, sheet.domains)
    labels = [label for each in (*divisions, sheet.locations, sheet.half_years) for label in each]
    return {label.slug: label.name for label in reversed(labels)}


def _subject(fact: Fact, sheet: FactSheet) -> str:
    """Name what a fact is divided by: the service, role, neighbourhood and so on."""
    names = names_of(sheet)
    named = [names[part] for part in fact.name.split(".")[1:] if part in names]
    return f"{', '.join(named)}. " if named else ""


def _files(names: Sequence[str]) -> str:
    """Name files shortly: those of a folder are counted.

    >>> _files(["deelnames/2017.csv", "deelnames/2018.csv", "rollen.xlsx"])
    'deelnames (2 bestanden) en rollen.xlsx'
    """
    folders = Counter(name.rpartition("/")[0] or name for name in names)
    return formats.enumeration(
        [f"{name} ({n} bestanden)" if n > 1 else name for name, n in folders.items()]
    )


def _day(iso: str) -> str:
    with suppress(ValueError):
        return formats.day(date.fromisoformat(iso))
    return ""
