"""What the report says of the numbers in its text: what each is, and who confirmed it."""

from contextlib import suppress
from datetime import date

from bwk import bundle, facts, formats
from bwk.bundle import Rows, Shown
from bwk.facts import FactSheet
from bwk.narrative import tracing
from bwk.narrative.tracing import Traced


def sources(sheet: FactSheet) -> Shown:
    """Show where the numbers in the text come from; the report also learns what is still open.

    The text and its sign-offs are those of the workbook in `BWK_NOTEBOOKS`, else in `notebooks`.

    Raises
    ------
    WorkbookError
        If the workbook or its sign-offs cannot be read.
    """
    path = tracing.workbook_of(sheet)
    found, signed = tracing.read(path)
    scopes = {one.scope for one in signed if one.fact} - {sheet.scope.slug}
    sheets = {sheet.scope.slug: sheet}
    if scopes:
        sheets |= facts.load_all(sheet.scope.slug, sheet.period.name, sheet.baseline.name)
    traced = tracing.trace(found, signed, sheets)
    confirmed = [one for one in traced if one.settled and _is_number(one)]
    rows: Rows = [_row(one, sheet) for one in confirmed]
    columns = ["Getal", "Wat het is", "Waarde", "Bron", "Bevestigd door"]
    shown = bundle.table("tab-getallen", _caption(confirmed), columns, rows)
    left = len(tracing.points(found, traced, sheet)) if found else 1
    own = {**shown.data[bundle.MIME], "open": left}
    return Shown({**shown.data, bundle.MIME: own})


def _is_number(one: Traced) -> bool:
    return one.signoff is not None and one.signoff.source != tracing.NO_COUNT


def _caption(confirmed: list[Traced]) -> str:
    if not confirmed:
        return "Nog geen getal in de tekst is bevestigd."
    number = formats.count(len(confirmed), "getal", "getallen")
    return f"{number} in de tekst: wat elk getal is, en waar het vandaan komt.".capitalize()


def _row(one: Traced, sheet: FactSheet) -> list[str]:
    signed, fact = one.signoff, one.fact
    assert signed is not None  # a confirmed claim has a sign-off
    who = ", ".join(filter(None, (signed.name, _day(signed.day))))
    if fact is None:
        return [one.claim.text, "Geteld of gemeten buiten de registraties.", "", signed.source, who]
    place = "" if signed.scope == sheet.scope.slug else f"({signed.scope}) "
    files = formats.enumeration([name.rpartition("/")[2] for name in fact.sources])
    return [one.claim.text, place + fact.definition, fact.text, files, who]


def _day(iso: str) -> str:
    with suppress(ValueError):
        return formats.day(date.fromisoformat(iso))
    return ""
