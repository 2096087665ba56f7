"""A definitive period: frozen whole, with its sums; corrected only by a new one beside it."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

import msgspec
from nbformat import NotebookNode

from bwk import (
    cells,
    export,
    facts,
    formats,
    inputs,
    kernel,
    keys,
    outputs,
    periods,
    report,
)
from bwk.apart import apart
from bwk.errors import DataError, DefinitiveError, ReportError, UsageError, unwritable
from bwk.export.document import Document
from bwk.facts import FactBook
from bwk.files import alone, clear, settle, workplace, write
from bwk.narrative import signoffs
from bwk.outputs import CITY, EDITION, Run, Version
from bwk.review import changes, custody, errata, reviewing, state

_CANNOT_COMPARE = (
    "Of de databestanden anders zijn, is niet te zeggen: hun kenmerken zijn met een andere sleutel "
    "gemaakt. Die staat op de computer waar het verslag definitief werd."
)

_NO_KEY = (
    "Of de data na de laatste run zijn veranderd, is niet te zeggen: deze gebruiker kan geen "
    "sleutel bewaren. Noem een map daarvoor in XDG_CONFIG_HOME, en"
)


def finalize(
    target: Path,
    data: Path,
    notebooks: Path,
    open_points: Callable[[], Mapping[str, Sequence[str]]],
    day: date,
    reason: str = "",
) -> Path:
    """Freeze the reports of a period, with all that they were made from; whole or not at all.

    The `open_points` tell what is still to be done, sentences by report; the `reason` is why a
    definitive period is corrected: then an errata page says what changed. Returns the new folder.

    Raises
    ------
    DefinitiveError
        If the period is definitive already and there is no reason to correct it.
    UsageError
        If something is open, or the reports are not as the last run made them of the data,
        templates, texts and confirmations as they are now.
    ReportError
        If it cannot be written, or a run or somebody else is busy with the period.
    """
    reason = reason.strip()
    try:
        with alone(target):
            number = custody.is_definitive(target) + 1
            _refuse_reason(target, number, reason)
            _refuse_stale(target, data, notebooks)
            return _frozen(target, notebooks, number, open_points(), day, reason)
    except OSError as failure:
        raise ReportError(f"Er is niets definitief geworden. {unwritable(failure)}") from None


def _frozen(
    target: Path,
    notebooks: Path,
    number: int,
    open_points: Mapping[str, Sequence[str]],
    day: date,
    reason: str,
) -> Path:
    reports = dict(state.notebooks(target))
    edition = target / f"{EDITION}-{number}"
    clear(target)
    with workplace(target) as building:
        _copy(_originals(target, notebooks, reports), building)
        sums = custody.sums_of(building) | custody.sum_before(edition)
        documents = _documents(reports, target.name, number, custody.code_of(sums))
        current = state.described(target, documents)
        _refuse_open(target, current, open_points)
        _refuse_concepts(current, reports)
        if number > 1:
            frozen = state.read(edition.with_name(f"{EDITION}-{number - 1}"))
            _refuse_same(frozen, current)
            page = errata.page(target, notebooks, frozen, current, number, reason, day)
            write(building / outputs.ERRATA, page)
        state.keep(target, day, current)
        _publish(building, reports, documents)
        custody.seal(building, edition)
        building.rename(edition)
    settle(target)
    return edition


def reproduce(folder: Path, data: Path) -> list[str]:
    """Make the facts and reports of a definitive folder anew from a data folder, and compare.

    Returns the facts and files that differ, and then which inputs, versions and code do, a Dutch
    sentence each; nothing where all are the same. Of a folder that is no longer as it was frozen
    nothing is executed. DataError where the data are refused.
    """
    folder = folder.resolve()
    if not (outputs.is_edition(folder) and folder.is_dir()):
        raise UsageError(f"Noem een definitieve map, zoals output/2018-H1/{EDITION}-1.")
    frozen = outputs.load(folder / outputs.FACTS, outputs.Book)
    run = outputs.load(outputs.intern(folder) / outputs.RUN, Run)
    if problems := custody.what_changed(folder):
        return [f"{folder.name}: {problem}" for problem in problems]
    issued = facts.issued.NOTHING
    with suppress(DataError):  # an edition that was sent stands without what was issued before it
        issued = facts.issued.read(folder.parent.parent)
    period, baseline = periods.parse(frozen.period), periods.parse(frozen.baseline)
    work = partial(facts.work_out, skip_bad_rows=bool(run.skipped_rows))
    book = apart(work, data, period, baseline, issued)
    sentences = [*_other_facts(frozen, book), *_other_reports(folder, book)]
    return [*sentences, *_differences(run, book.files)] if sentences else []


def _other_facts(frozen: outputs.Book, book: FactBook) -> list[str]:
    """Say which facts are no longer those of an edition."""
    anew = msgspec.convert(book.published(), outputs.Book)
    if anew.facts == frozen.facts:
        return []
    return [
        f"{number.scope}: {number.name} was {number.before}, nu {number.after}."
        for number in changes.numbers(frozen.facts, anew.facts)
    ] or ["Cijfers verschillen achter de afronding."]


def _other_reports(folder: Path, book: FactBook) -> list[str]:
    """Execute the workbooks of an edition anew, and say which files come out otherwise."""
    with workplace() as notebooks, workplace() as building:
        _restore(folder, notebooks, book.period.folder)
        reports = _executed(book, notebooks)
        code = custody.code_of(custody.stated_sums(folder))
        documents = _documents(reports, book.period.folder, outputs.edition_number(folder), code)
        _publish(building, reports, documents)
        frozen, anew = custody.sums_of(folder), custody.sums_of(building)
    return [
        f"{name} komt nu anders uit de data en de werkboeken."
        for name in sorted(anew)
        if anew[name] != frozen.get(name)
    ]


def _restore(folder: Path, notebooks: Path, period: str) -> None:
    """Copy the workbooks, words and templates of an edition to where a run finds them."""
    for name, place in ((outputs.WORKBOOKS, period), (outputs.TEMPLATES, outputs.TEMPLATES)):
        if (folder / name).exists():
            shutil.copytree(folder / name, notebooks / place)
    words = folder / outputs.WORKBOOKS / outputs.WORDS
    if words.exists():
        shutil.copy(words, notebooks)


def _executed(book: FactBook, notebooks: Path) -> dict[str, NotebookNode]:
    """Return the executed notebooks of a period, by scope."""
    with kernel.server(), facts.prepared(book, BWK_NOTEBOOKS=notebooks):
        return {
            scope: report.executed(*report.sources(notebooks, book.period, scope), sheet)
            for scope, sheet in book.sheets.items()
        }


def _documents(
    reports: Mapping[str, NotebookNode], period: str, number: int, code: str
) -> dict[str, Document]:
    """Say in reports, in place, of which edition they are; return the document of each."""
    place = f"{code} (na te gaan met bwk verify {period})"
    for notebook in reports.values():
        cells.label(notebook, status=f"{EDITION} {number}", code=place)
    return {scope: export.build(notebook) for scope, notebook in reports.items()}


def _refuse_reason(target: Path, number: int, reason: str) -> None:
    """Refuse a correction without a reason, and a reason without anything to correct."""
    if number > 1 and not reason:
        raise DefinitiveError(
            f"{target.name} is al definitief: geef met --correct de reden van een correctie."
        )
    if number == 1 and reason:
        raise UsageError(f"{target.name} is nog niet definitief: er is niets te corrigeren.")


def _refuse_open(target: Path, current: Version, open_points: Mapping[str, Sequence[str]]) -> None:
    lines = [f"{scope}: {point}" for scope, points in open_points.items() for point in points]
    for scope in current.reports:
        lines += [
            f"{scope}: {reviewing.worded(question)}"
            for question in reviewing.questions(target, scope, current)
            if not question.changed
        ]
    if lines:
        counted = formats.count(len(lines), "punt staat", "punten staan")
        raise UsageError(
            f"{target.name} kan niet definitief worden: {counted} nog open.\n" + "\n".join(lines)
        )


def _refuse_stale(target: Path, data: Path, notebooks: Path) -> None:
    """Refuse what a run did not finish, and what is not as it made that of all as it is now."""
    run = outputs.load(outputs.intern(target) / outputs.RUN, Run)
    again = f"maak alle verslagen met bwk run {run.period}."
    made = {stem for stem, record in run.reports.items() if record.state == "klaar"}
    if missing := [stem for stem in run.stems if stem not in made]:
        raise UsageError(f"Niet elk verslag is er ({', '.join(missing)}): {again}")
    stated = dict(run.files)
    for record in run.reports.values():
        stated.update(record.files)
    for name, sha256 in stated.items():
        if not inputs.unchanged(target, {name: sha256}):
            raise UsageError(f"{name} is veranderd na de laatste run: {again}")
    if not inputs.made(target, inputs.sources(data, notebooks, target.name, run.skip_bad_rows)):
        if keys.OF_THIS_RUN in os.environ:
            raise UsageError(f"{_NO_KEY} {again}")
        raise UsageError(
            f"Na de laatste run is iets veranderd (data, sjabloon, tekst, akkoord of bwk): {again}"
        )


def _refuse_same(frozen: Version, current: Version) -> None:
    """Refuse a correction of an edition that says the same."""
    if frozen.hash == current.hash:
        raise UsageError(
            f"De verslagen over {current.period} zijn dezelfde als de definitieve: verander eerst "
            "wat verbeterd moet worden, de gegevens of de tekst."
        )


def _refuse_concepts(current: Version, reports: Mapping[str, NotebookNode]) -> None:
    """Refuse reports that say themselves that they are not finished."""
    for scope, notebook in reports.items():
        if points := export.open_points(notebook):
            raise UsageError(
                f"In het verslag {scope} staat nog {formats.count(points, 'punt', 'punten')} open: "
                f"maak de verslagen opnieuw met bwk run {current.period}."
            )


def _originals(target: Path, notebooks: Path, scopes: Iterable[str]) -> dict[str, Path]:
    """Return what is copied into an edition, by its name there."""
    workbooks = [
        notebooks / target.name / f"{scope}{ending}"
        for scope in scopes
        for ending in (".ipynb", signoffs.SUFFIX)
    ]
    templates = [inputs.template(notebooks, kind) for kind in ("locatie", CITY)]
    originals = {
        **{name: target / name for name in (outputs.FACTS, outputs.TABLE, outputs.INDEX)},
        f"{outputs.INTERN}/{outputs.RUN}": outputs.intern(target) / outputs.RUN,
        **{f"{outputs.WORKBOOKS}/{path.name}": path for path in workbooks},
        **{f"{outputs.TEMPLATES}/{path.name}": path for path in templates},
        f"{outputs.WORKBOOKS}/{outputs.WORDS}": notebooks / outputs.WORDS,
    }
    return {name: path for name, path in originals.items() if path.exists()}


def _publish(
    building: Path,
    reports: Mapping[str, NotebookNode],
    documents: Mapping[str, Document],
) -> None:
    """Write the reports, and the whole report of them, each from one document."""
    for scope, notebook in reports.items():
        report.publish(notebook, documents[scope], building, scope)
    for volume in export.volumes(reports):
        report.publish_volume(volume, reports, building)


def _copy(originals: Mapping[str, Path], folder: Path) -> None:
    for name, path in originals.items():
        copy = folder / name
        copy.parent.mkdir(exist_ok=True)
        write(copy, path.read_bytes(), source=path)


def _differences(run: Run, data: Mapping[str, str]) -> Iterator[str]:
    """Yield which inputs, versions and code are not those of a run."""
    for name in sorted(run.data.keys() | data.keys()):
        if name not in data:
            yield f"Databestand {name} ontbreekt."
        elif name not in run.data:
            yield f"Databestand {name} is nieuw."
        elif keys.same_key(run.data[name], data[name]) and run.data[name] != data[name]:
            yield f"Databestand {name} is anders."
    if any(name in data and not keys.same_key(run.data[name], data[name]) for name in run.data):
        yield _CANNOT_COMPARE
    versions = inputs.versions()
    for tool, version in run.versions.items():
        if versions.get(tool) != version:
            current = versions.get(tool, "niet geïnstalleerd")
            yield f"{tool} was versie {version}, nu {current}."
    if run.code != inputs.code():
        yield "De code van bwk is anders."
