"""The first draft of a report: sentences from its facts, for a person to read and to better.

Which sentences there are stands in `drafts.toml`. A number that may not be shown, or that nobody
registered, is in none of them: a sentence is told where all that it says is known, or not at all.
"""

import copy
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct
from nbformat import NotebookNode as Node
from nbformat import from_dict
from nbformat.v4 import new_markdown_cell

from bwk import bundle, cells, formats, periods
from bwk.errors import BwkError
from bwk.facts import DECLARED, FactSheet, Label, parsed
from bwk.facts.expressions import PARTICIPANTS, Each
from bwk.files import read_json
from bwk.narrative import claims, prompts, signoffs, statements, tracing
from bwk.narrative.labels import labels_of
from bwk.narrative.signoffs import Signoff

NOBODY = "automatisch opgesteld"  # who confirmed the numbers of a draft
LONGEST = 5  # names in a sentence
_MARK = "*Automatisch opgesteld. Niemand heeft deze tekst nog gelezen.*"
_PLACE = re.compile(r"\{([^{}]+)\}")
Piece = tuple[str, str]  # words, and the fact that they state


class _Sentence(Struct, frozen=True, forbid_unknown_fields=True):
    say: tuple[str, ...]
    needs: str = ""
    when: Mapping[str, str] = {}
    most: str = ""
    shown: str = ""
    names: Mapping[str, str] = {}


class _Part(Struct, frozen=True, forbid_unknown_fields=True):
    question: str
    tell: tuple[tuple[_Sentence, ...], ...]


class _Drafts(Struct, frozen=True):
    draft: Mapping[str, Mapping[str, _Part]]


@dataclass(frozen=True)
class Draft:
    """The text of a part with the question below it, and the sign-offs of its numbers."""

    text: str
    signoffs: tuple[Signoff, ...]


def draft(key: str, sheet: FactSheet) -> Draft | None:
    """Draft a part of a report, which goes by the key of its cell; None where there is no draft.

    The same facts give the same text.
    """
    parts = _parts("stad" if sheet.is_city else "locatie")
    part = parts.get(key)
    told = [*_told(part, key, sheet)] if part else []
    if not part or not told:
        return None
    pieces = [*told[0]]
    for sentence in told[1:]:
        pieces += [(" ", ""), *sentence]
    pieces.append((f"\n\n***{prompts.QUESTION}** {part.question}*", ""))
    text = "".join(words for words, _ in pieces)
    return Draft(text, tuple(_signed(text, pieces, sheet)))


def fill(template: Node, sheet: FactSheet) -> Node:
    """Return a template with a draft in each part that has one."""
    filled = copy.deepcopy(template)
    for cell in filled.cells:
        drafted = draft(cells.key_of(cell) or "", sheet)
        if drafted and cells.role_of(cell) == "narrative":
            cell.source = drafted.text
    return filled


def confirm(path: Path, notebook: Node, sheet: FactSheet) -> None:
    """Keep the sign-offs of the drafts in a workbook beside it.

    Those of drafts that are gone are dropped; what a person confirmed stays.

    Raises
    ------
    WorkbookError
        If the file of the sign-offs cannot be read.
    """
    fresh = [
        signoff
        for cell in notebook.cells
        if cells.is_untouched(cell) and (drafted := draft(cells.key_of(cell) or "", sheet))
        if drafted.text == cell.source
        for signoff in drafted.signoffs
    ]
    if not fresh:
        return
    kept = signoffs.read(signoffs.beside(path))
    written = tracing.passages(notebook)
    numbers = tracing.trace(written, [*kept, *fresh], {sheet.scope.slug: sheet})
    used = [number.signoff for number in numbers]
    confirmed = [
        signoff
        for signoff in dict.fromkeys([*kept, *fresh])
        if signoff.name != NOBODY or signoff in used
    ]
    if confirmed != kept:
        signoffs.save(signoffs.beside(path), confirmed)


def unread(path: Path | None, template: Node) -> list[str]:
    """Return the drafts that nobody read: of a workbook, or of a filled template without one.

    Raises
    ------
    WorkbookError
        If the workbook or its sign-offs cannot be read.
    """
    if path is None:
        return [cell.source for cell in template.cells if prompts.QUESTION in cell.source]
    written, signed = tracing.read(path)
    return [passage.text for passage in written if passage.is_unread(signed)]


def earlier(path: Path, sheet: FactSheet) -> dict[str, tuple[str, list[Signoff]]]:
    """Return last period's own text for each draft in a workbook, with what was confirmed in it.

    It is told of this period, so that it can take the place of the draft; one with pictures is
    left out, for those stay behind.
    """
    notebook = json.loads(read_json(path))
    drafted = {
        cells.key_of(cell): cells.text_of(cell)
        for cell in notebook["cells"]
        if cells.is_untouched(cell)
    }
    texts = {}
    for cell in notebook["cells"]:
        reference = cells.own(cell)
        if reference.get("slot") in drafted and "text" in reference and "attachments" not in cell:
            with suppress(BwkError):  # it cannot be read: the draft stays
                texts[drafted[reference["slot"]]] = _renewed(reference, path, sheet)
    return texts


def _renewed(
    reference: Mapping[str, str], path: Path, sheet: FactSheet
) -> tuple[str, list[Signoff]]:
    period, text = periods.parse(reference["period"]), reference["text"]
    signed = signoffs.read(signoffs.beside(path.parent.parent / period.folder / path.name))
    numbers = [(text, claim) for claim in claims.find(text)]
    confirmed = [signoff for signoff in signoffs.match(numbers, signed) if signoff]
    if " " in period.label:  # a year alone may be said of something else
        text = text.replace(period.label, sheet.period.label)
    return text, confirmed


def marked(notebook: Node, texts: Collection[str]) -> Node:
    """Return a notebook that says above each of these texts that nobody wrote it."""
    content = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source in texts:
            content.append(new_markdown_cell(_MARK, id=f"{cell.id[:50]}-opgesteld"))
        content.append(cell)
    return from_dict({**notebook, "cells": content})


@cache
def _parts(template: str) -> Mapping[str, _Part]:
    """Return the parts of a template; the city's are those of a location where it has no own."""
    page = resources.files("bwk.narrative").joinpath("drafts.toml").read_bytes()
    drafts = msgspec.toml.decode(page, type=_Drafts).draft
    return {**drafts["locatie"], **drafts[template]}


@dataclass(frozen=True)
class _Subject:
    """Whom a sentence is about: the label for each blank, or a list of names."""

    labels: Mapping[Each, Label] = field(default_factory=dict)
    names: Sequence[str] = ()


def _told(part: _Part, key: str, sheet: FactSheet) -> Iterator[Sequence[Piece]]:
    """Yield the sentences of a part, in pieces."""
    report = f"{key} {sheet.scope.slug} {sheet.period.name}"
    for group in part.tell:
        sayable = (_sentence(sentence, report, sheet) for sentence in group)
        yield from [pieces for pieces in sayable if pieces][:1]


def _sentence(sentence: _Sentence, report: str, sheet: FactSheet) -> Sequence[Piece]:
    """Return a sentence in pieces; none where something in it is not known, or not so."""
    subject = _subject(sentence, sheet)
    is_so = all(sheet[name].value == verdict for name, verdict in sentence.when.items())
    is_told = not sentence.needs or _number(sentence.needs, sheet)
    if subject is None or not is_so or not is_told:
        return ()
    wording = sentence.say[crc32(report.encode()) % len(sentence.say)]
    parts = _PLACE.split(wording)
    pieces = [
        _filled(part, subject, sheet) if number % 2 else (part, "")
        for number, part in enumerate(parts)
    ]
    if not all(words for (words, _), part in zip(pieces, parts, strict=True) if part):
        return ()
    opening, *_ = [place for place, (words, _) in enumerate(pieces) if words]
    words, fact = pieces[opening]
    pieces[opening] = words[0].upper() + words[1:], fact
    return pieces


def _subject(sentence: _Sentence, sheet: FactSheet) -> _Subject | None:
    if spec := sentence.most or sentence.shown:
        labels = _largest(spec, sheet, must_be_most=bool(sentence.most))
        return _Subject(labels) if labels else None
    for spec, verdict in sentence.names.items():
        names = [
            label.name
            for name in _of(spec, sheet)
            if sheet[name].value == verdict
            for label in labels_of(name, sheet).values()
        ]
        return _Subject(names=names) if names else None
    return _Subject()


def _of(spec: str, sheet: FactSheet) -> list[str]:
    """Return the facts of a declaration, but for the role that all participants have."""
    facts = [name for name in sheet if parsed(name)[0].name == spec]
    return [name for name in facts if PARTICIPANTS not in parsed(name)[1].values()]


def _largest(spec: str, sheet: FactSheet, must_be_most: bool) -> Mapping[Each, Label]:
    facts = {name: sheet[name].number for name in _of(spec, sheet)}
    numbers = sorted((number for number in facts.values() if number is not None), reverse=True)
    is_most = len(numbers) == len(facts) > 1 and numbers[0] > numbers[1]
    if not numbers or (must_be_most and not is_most):
        return {}
    largest = next(name for name, number in facts.items() if number == numbers[0])
    return labels_of(largest, sheet)


def _filled(place: str, subject: _Subject, sheet: FactSheet) -> Piece:
    """Return what stands in a place; empty where it is not known."""
    if "|" in place:
        return place.split("|")[len(subject.names) > 1], ""
    declared = {declaration.name: declaration for declaration in DECLARED}
    if place not in declared:
        return _word(place, subject, sheet), ""
    keys = {blank: label.slug for blank, label in subject.labels.items()}
    name = declared[place].formed(keys)
    return _number(name, sheet), name


def _number(name: str, sheet: FactSheet) -> str:
    """Write a number as it stands in a sentence; empty where nothing is said of it.

    Nothing is said of none and of one, nor of a share that is a whole or nothing when rounded, nor
    of what is shown so round that a reader would not take it for the number.
    """
    fact = sheet[name]
    if fact.number is None or fact.text in ("0%", "100%"):
        return ""
    is_said = fact.unit == "aandeel" or fact.number > 1
    reads_so = any(claims.holds(claim, fact.number) for claim in claims.find(fact.text))
    return fact.text if is_said and reads_so else ""


def _word(place: str, subject: _Subject, sheet: FactSheet) -> str:
    name = "de locaties" if sheet.is_city else sheet.scope.name
    baseline, is_partial = bundle.during(sheet.baseline), sheet.months < sheet.months_open
    covered = sheet.baseline_months == sheet.baseline_months_open
    locations, year = [label.name for label in sheet.locations], sheet.period.calendar_year
    words = {
        "during": bundle.during(sheet.period),
        "then": baseline if covered else "",
        "baseline": re.sub("^(in|van) ", "", baseline),
        "at": "op de locaties in dit verslag" if sheet.is_city else f"in {name}",
        "name": name,
        "year": year.label * (sheet.period.last < year.last),  # else there is nothing to expect
        "programme": sheet.programme["name"],
        "partial": "Niet de hele periode is geregistreerd." * is_partial,
        "unequal": bundle.unequal(sheet),
        "names": _listed(subject.names),
        "locations": _listed(locations) if len(locations) <= LONGEST else "",
        "absent": _listed([*sheet.not_reported]),
    }
    words |= {blank.value: label.name for blank, label in subject.labels.items()}
    return bundle.escaped(words[place])


def _listed(names: Sequence[str]) -> str:
    """Name some; of many the first, as examples.

    >>> _listed(["Taal", "Koken"])
    'Taal en Koken'
    """
    opening = "bijvoorbeeld " * (len(names) > LONGEST)
    return opening + formats.enumeration(names[:LONGEST])


def _signed(text: str, pieces: Sequence[Piece], sheet: FactSheet) -> Iterator[Signoff]:
    """Yield the sign-off of each number; of those in names, that they count nothing."""
    facts, place = {}, 0
    for words, fact in pieces:
        facts[place] = fact
        place += len(words)
    answers = tracing.Passage("", text).answers
    for claim in claims.find(answers):
        name = facts.get(claim.start, "")
        scope, value = (sheet.scope.slug, sheet[name].number) if name else ("", None)
        source = "" if name else tracing.NO_COUNT
        said = statements.derive(answers, claim, sheet)
        around = signoffs.around(answers, claim)
        yield Signoff(claim.text, *around, scope, name, value, source, NOBODY, "", said)
