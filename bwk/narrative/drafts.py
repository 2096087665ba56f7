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
from bwk.facts import DECLARED, FactSheet, Label
from bwk.facts.expressions import PARTICIPANTS, RECIPROCAL, Each
from bwk.files import read_json
from bwk.narrative import claims, prompts, signoffs, statements, tracing
from bwk.narrative.candidates import Candidate, candidates
from bwk.narrative.signoffs import Signoff

NOBODY = "automatisch opgesteld"  # who confirmed the numbers of a draft
LONGEST = 5  # names in a sentence
_MARK = "*Automatisch opgesteld. Niemand heeft deze tekst nog gelezen.*"
_PLURAL = r"(?:(?:\w+e )?-?\w+(?:en|[^ads]s)(?: en |$))+"
_PLACE = re.compile(r"\{([^{}]+)\}")
Piece = tuple[str, str]  # words, and the fact that they state


class _Sentence(Struct, frozen=True, forbid_unknown_fields=True):
    say: tuple[str, ...]
    needs: str = ""
    when: Mapping[str, str] = {}
    most: str = ""
    shown: str = ""
    beside: str = ""
    names: Mapping[str, str] = {}


class _Part(Struct, frozen=True, forbid_unknown_fields=True):
    question: str
    tell: tuple[tuple[_Sentence, ...], ...]


class _Drafts(Struct, frozen=True):
    draft: Mapping[str, Mapping[str, _Part]]


# Has msgspec learn the type before any thread reads: see `files.decoded`.
msgspec.json.Decoder(_Drafts)


@dataclass(frozen=True)
class Draft:
    """The text of a part with the question below it, and the sign-offs of its numbers."""

    text: str
    signoffs: tuple[Signoff, ...]


def draft(key: str | None, sheet: FactSheet) -> Draft | None:
    """Draft a part of a report, which goes by the key of its cell; None where there is no draft.

    The same facts give the same text.
    """
    part = _parts("stad" if sheet.is_city else "locatie").get(key or "")
    told = [*_told(part, f"{key} {sheet.scope.slug} {sheet.period.name}", sheet)] if part else []
    if not part or not told:
        return None
    pieces = [piece for sentence in told for piece in (*sentence, (" ", ""))]
    pieces[-1] = f"\n\n***{prompts.QUESTION}** {part.question}*", ""
    text = "".join(words for words, _ in pieces)
    return Draft(text, tuple(_signed(text, pieces, sheet)))


def fill(template: Node, sheet: FactSheet) -> Node:
    """Return a template with a draft in each part that has one."""
    filled = copy.deepcopy(template)
    for cell in filled.cells:
        drafted = draft(cells.key_of(cell), sheet)
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
    untouched = [cell for cell in notebook.cells if cells.is_untouched(cell)]
    drafted = [(cell.source, draft(cells.key_of(cell), sheet)) for cell in untouched]
    fresh = [
        signoff
        for source, part in drafted
        if part and part.text == source
        for signoff in part.signoffs
    ]
    if not fresh:
        return
    kept = signoffs.read(signoffs.beside(path))
    signed = [*dict.fromkeys([*kept, *fresh])]
    written = tracing.Text(tracing.passages(notebook), signed, {sheet.scope.slug: sheet})
    used = [number.signoff for number in written.numbers]
    confirmed = [signoff for signoff in signed if signoff.name != NOBODY or signoff in used]
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
    untouched = filter(cells.is_untouched, notebook["cells"])
    drafted = {cells.key_of(cell): cells.text_of(cell) for cell in untouched}
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


def _told(part: _Part, report: str, sheet: FactSheet) -> Iterator[Sequence[Piece]]:
    """Yield the sentences of a part, in pieces."""
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
    words, *rest = _PLACE.split(wording)
    pieces = [(words, "")] if words else []
    for place, words in zip(rest[::2], rest[1::2], strict=True):
        pieces += [_filled(place, subject, sheet), (words, "")]
        if not pieces[-2][0]:
            return ()
    told = [sheet[name].number for _, name in pieces if name]
    if sentence.beside and {*told} == {sheet[sentence.beside].number}:
        return ()
    words, fact = pieces[0]
    return [(words[0].upper() + words[1:], fact), *pieces[1:]]


def _subject(sentence: _Sentence, sheet: FactSheet) -> _Subject | None:
    if spec := sentence.most or sentence.shown:
        labels = _largest(_of(spec, sheet), must_be_most=bool(sentence.most))
        return _Subject(labels) if labels else None
    for spec, verdict in sentence.names.items():
        facts = [fact for fact in _of(spec, sheet) if fact.fact.value == verdict]
        names = [label.name for fact in facts for label in fact.labels.values()]
        return _Subject(names=names) if names else None
    return _Subject()


def _of(spec: str, sheet: FactSheet) -> list[Candidate]:
    """Return the facts of a declaration, but for the role that all participants have."""
    facts = [fact for fact in candidates(sheet) if fact.declaration.name == spec]
    return [fact for fact in facts if PARTICIPANTS not in fact.keys.values()]


def _largest(facts: Sequence[Candidate], must_be_most: bool) -> Mapping[Each, Label]:
    numbers = [fact.number for fact in facts if fact.number is not None]
    largest = [fact for fact in facts if numbers and fact.number == max(numbers)]
    is_most = len(numbers) == len(facts) > 1 and len(largest) == 1
    return largest[0].labels if largest and (is_most or not must_be_most) else {}


def _filled(place: str, subject: _Subject, sheet: FactSheet) -> Piece:
    """Return what stands in a place; empty where it is not known."""
    if "|" in place:
        return place.split("|")[len(subject.names) > 1], ""
    declared = next((declared for declared in DECLARED if declared.name == place), None)
    if declared is None:
        return _word(place, subject, sheet), ""
    name = declared.formed({blank: label.slug for blank, label in subject.labels.items()})
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
    is_covered = sheet.baseline_months == sheet.baseline_months_open
    roles = [role.slug for role in sheet.roles]
    locations, year = [label.name for label in sheet.locations], sheet.period.calendar_year
    reference = re.sub("^(in|van) ", "", bundle.during(sheet.baseline))
    baseline = reference * (sheet.baseline_months > 0)  # else there is nothing to compare with
    is_as_long = sheet.months == sheet.baseline_months and not bundle.unequal(sheet)
    words = {
        "during": bundle.during(sheet.period),
        "then": bundle.during(sheet.baseline) * is_covered,
        "baseline": baseline,
        "as_long": baseline if is_as_long else baseline and f"even veel maanden van {baseline}",
        "at": f"in {sheet.scope.name}",
        "name": sheet.scope.name,
        "year": year.label * (sheet.period.last < year.last),  # else there is nothing to expect
        "programme": sheet.programme["name"],
        "partial": "Niet de hele periode is geregistreerd." * (sheet.months < sheet.months_open),
        "unequal": bundle.unequal(sheet),
        "active": " of ".join(role for role in RECIPROCAL if role in roles),
        "names": _listed(subject.names),
        "locations": _listed(locations) * (len(locations) <= LONGEST),
        "absent": _listed([*sheet.not_reported]),
    }
    if sheet.is_city:
        is_one = len(locations) == 1
        words["name"] = locations[0] if is_one else "de locaties"
        words["at"] = f"in {locations[0]}" if is_one else "op de locaties in dit verslag"
    words |= {blank.value: label.name for blank, label in subject.labels.items()}
    words["holders"] = _holders(words.get(Each.ROLE.value, ""))
    return bundle.escaped(words[place])


def _holders(role: str) -> str:
    """Say who have a role: in the plural of its name, where it is one or has a plain one.

    >>> [_holders(role) for role in ("Vrijwilligers", "Stagiair", "Gastheren en -vrouwen", "Kok")]
    ['vrijwilligers', 'stagiairs', 'gastheren en -vrouwen', 'mensen met de rol Kok']
    """
    if re.search(r"(?:[^e]er|eur|air)$", role) and " " not in role:
        role += "s"
    if not re.fullmatch(_PLURAL, role):
        return f"mensen met de rol {role}"
    return role if role[:2].isupper() else role[0].lower() + role[1:]


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
