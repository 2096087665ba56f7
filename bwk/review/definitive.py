"""A definitive period: frozen whole, with its sums; corrected only by a new one beside it."""

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import filterfalse
from pathlib import Path, PurePosixPath

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
    workbook,
)
from bwk.apart import apart
from bwk.errors import DataError, DefinitiveError, ReportError, UsageError, unwritable
from bwk.export.document import Document
from bwk.facts import FactBook
from bwk.facts.derivations import Growth, GrowthPerMonth
from bwk.facts.expressions import Each, When
from bwk.files import alone, clear, settle, workplace, write
from bwk.narrative import signoffs
from bwk.outputs import CITY, EDITION, Run, Version
from bwk.review import changes, reviewing, state

_CANNOT_COMPARE = (
    "Of de databestanden anders zijn, is niet te zeggen: hun kenmerken zijn met een andere sleutel "
    "gemaakt. Die staat op de computer waar het verslag definitief werd."
)

_NO_KEY = (
    "Of de data na de laatste run zijn veranderd, is niet te zeggen: deze gebruiker kan geen "
    "sleutel bewaren. Noem een map daarvoor in XDG_CONFIG_HOME, en"
)
WRITABLE = 0o222
# What the reports of an edition are made from, by the beginning of its name there.
ORIGINS = (outputs.FACTS, outputs.TABLE, f"{outputs.WORKBOOKS}/", f"{outputs.TEMPLATES}/", "../")
LINK = "koppeling"
SIGNATURES = (".minisig", ".asc", ".sig")
CODE = re.compile(rb"bwk-[0-9a-f]{16}")
Place = tuple[str, str]  # of a fact: its scope and name


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
            number = is_definitive(target) + 1
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
        sums = _contents(building) | _before(edition)
        documents = _documents(reports, target.name, number, code_of(sums))
        current = state.described(target, documents)
        _refuse_open(target, current, open_points)
        _refuse_concepts(current, reports)
        if number > 1:
            frozen = state.read(edition.with_name(f"{EDITION}-{number - 1}"))
            _refuse_same(frozen, current)
            errata = _errata(target, notebooks, frozen, current, number, reason, day)
            write(building / outputs.ERRATA, errata)
        state.keep(target, day, current)
        _publish(building, reports, documents)
        _seal(building, edition)
        building.rename(edition)
    settle(target)
    return edition


def is_definitive(target: Path) -> int:
    """Return the number of the newest definitive version of a period; 0 where there is none."""
    return max(map(outputs.edition_number, outputs.editions(target)), default=0)


def verify(folder: Path) -> list[str]:
    """Check a definitive folder, or all those of a period: is each as it was frozen?

    Returns what is wrong, a Dutch sentence each; UsageError where nothing is definitive.
    """
    folders = [folder] if outputs.is_edition(folder) else outputs.editions(folder)
    problems = [] if outputs.is_edition(folder) else _lost(folder)
    if not folders and not problems:
        raise UsageError(f"{folder.name} is nog niet definitief: er is niets om na te gaan.")
    for edition in folders:
        problems += [f"{edition.name}: {problem}" for problem in _problems(edition)]
        problems += [f"{edition.name}: {name} kan veranderd worden." for name in _open(edition)]
    return problems


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
    if problems := _problems(folder):
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
        code = code_of(_stated(folder))
        documents = _documents(reports, book.period.folder, outputs.edition_number(folder), code)
        _publish(building, reports, documents)
        frozen, anew = _contents(folder), _contents(building)
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
    templates = [workbook.template(notebooks, kind) for kind in ("locatie", CITY)]
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


def _seal(folder: Path, edition: Path) -> None:
    """Write the sums, with that of the edition before, and let nobody change the folder.

    Those of all editions are noted beside them: then none can go unseen. Of one that was noted
    and did not come to be, as somebody stopped the command, the next has the same name.
    """
    write(folder / outputs.SUMS, _listed(_contents(folder) | _before(edition)))
    for path in (*folder.rglob("*"), folder):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~WRITABLE)
        settle(path)
    beside = outputs.intern(edition.parent)
    noted = _sealed(outputs.editions(edition.parent)) | _stated(beside)
    noted[edition.name] = inputs.digest([folder / outputs.SUMS])
    write(beside / outputs.SUMS, _listed(noted), lasting=True)


def code_of(sums: Mapping[str, str]) -> str:
    """Return the code that the reports of an edition print, of its sums.

    It is of what they are made from, and of the edition before: not of the reports, which print
    it, nor of `run.json`, which holds times.
    """
    origins = {name: sha256 for name, sha256 in sums.items() if name.startswith(ORIGINS)}
    return f"bwk-{hashlib.sha256(_listed(origins).encode()).hexdigest()[:16]}"


def _listed(sums: Mapping[str, str]) -> str:
    """Write sums as `sha256sum` does."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items()) if sha256)


def _stated(folder: Path) -> dict[str, str]:
    """Read the sums that a folder states; UsageError where they are damaged."""
    path = folder / outputs.SUMS
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return {name: sha256 for sha256, name in (line.split("  ", 1) for line in lines)}
    except ValueError:
        raise UsageError(f"{folder.name}/{outputs.SUMS} is beschadigd.") from None


def _contents(folder: Path) -> dict[str, str]:
    """Return all that stands in a folder, with its sum; the sum of a folder is empty.

    What is stated in the folder is left out. A link has no sum: what it leads to may change.
    """
    contents = {}
    for path in folder.rglob("*"):
        sha256 = "" if path.is_dir() else inputs.digest([path])
        name = path.relative_to(folder).as_posix()
        contents[name] = LINK if path.is_symlink() else sha256
    contents.pop(outputs.SUMS, None)
    return contents


def _sealed(folders: Iterable[Path]) -> dict[str, str]:
    """Return the sum of the sums in each edition, by its name."""
    return {
        folder.name: LINK if folder.is_symlink() else inputs.digest([folder / outputs.SUMS])
        for folder in folders
    }


def _before(folder: Path) -> dict[str, str]:
    """Return the name and the sum of the sums of the edition before; empty where it is gone."""
    name = f"../{EDITION}-{outputs.edition_number(folder) - 1}/{outputs.SUMS}"
    path = folder.parent / Path(name).relative_to("..")
    return {name: inputs.digest([path])} if path.exists() else {}


def _problems(folder: Path) -> list[str]:
    """Say what in an edition is not as it states."""
    if not (folder / outputs.SUMS).is_file():
        return [f"{outputs.SUMS} ontbreekt."]
    try:
        stated = _stated(folder)
    except UsageError as damage:
        return [str(damage)]
    before = _before(folder)
    names = [name for name in stated if not name.startswith("../")]
    parents = {parent.as_posix(): "" for name in names for parent in PurePosixPath(name).parents}
    parents.pop(".", None)
    own = {name: stated[name] for name in names}
    chain = {name: stated[name] for name in stated if name in before}
    problems = _unlike(own | parents | chain, _contents(folder) | before)
    return problems or [*_misprinted(folder, code_of(stated))]


def _misprinted(folder: Path, code: str) -> Iterator[str]:
    """Yield which reports of an edition print another code than its own.

    Until version 0.2 they printed none.
    """
    printed = {
        path.name: CODE.findall(path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.is_file()
        and path.suffix[1:] in outputs.KINDS
        and path.name not in (outputs.INDEX, outputs.ERRATA)
    }
    if any(printed.values()):
        for name, codes in printed.items():
            if code.encode() not in codes:
                yield f"{name} noemt niet {code}, de controlecode van deze map."


def _lost(target: Path) -> list[str]:
    """Say which editions of a period went, came or changed since they were frozen."""
    editions = _sealed(outputs.editions(target))
    earlier = {f"{EDITION}-{number}": "" for number in range(1, is_definitive(target))}
    stated = _stated(outputs.intern(target))
    # Until version 0.2 they were not noted, nor had they such a folder.
    if not stated and any((target / name / outputs.INTERN).exists() for name in editions):
        return [f"{outputs.INTERN}/{outputs.SUMS} ontbreekt."]
    noted = earlier | (stated or editions)
    return _unlike(noted, _sealed(filterfalse(_is_signature, target.glob(f"{EDITION}*"))))


def _is_signature(path: Path) -> bool:
    """Tell whether a file beside an edition is what somebody signed its sums with."""
    return path.suffix in SIGNATURES and outputs.is_edition(path.with_suffix("")) and path.is_file()


def _unlike(stated: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """Say what is missing, added or changed."""
    names = {
        "ontbreekt": stated.keys() - present.keys(),
        "hoort er niet": present.keys() - stated.keys(),
        "is veranderd": {name for name in stated.keys() & present if stated[name] != present[name]},
    }
    return [f"{name} {problem}." for problem in names for name in sorted(names[problem])]


def _open(folder: Path) -> Iterator[str]:
    """Yield what in an edition can be written."""
    for path in (folder, *sorted(folder.rglob("*"))):
        if path.lstat().st_mode & WRITABLE and not path.is_symlink():
            yield "de map" if path == folder else path.relative_to(folder).as_posix()


def _errata(
    target: Path,
    notebooks: Path,
    frozen: Version,
    current: Version,
    number: int,
    reason: str,
    day: date,
) -> str:
    """Return the page that says what an edition corrects in the one before."""
    editions = f"{EDITION} {number} anders is dan in {EDITION} {number - 1}"
    return changes.render(
        frozen,
        current,
        title=f"Errata: de verslagen over de {periods.parse(current.period).label}",
        subtitle=f"Wat in {editions}. {formats.day(day)}.",
        reason=reason,
        later=list(_later(target, notebooks, frozen, current)),
    )


def _later(
    target: Path, notebooks: Path, frozen: Version, current: Version
) -> Iterator[tuple[str, list[list[str]], list[str]]]:
    """Yield the later periods that tell a number that changed: label, numbers, sentences."""
    changed = changes.numbers(frozen.facts, current.facts)
    corrected = {(number.scope, number.fact): number.after for number in changed}
    end = periods.parse(current.period).last
    for folder in outputs.period_folders(target.parent):
        if folder == target:
            continue
        later = state.read(folder)
        period = periods.parse(later.period)
        outdated = _outdated(later, current.period, corrected) if period.first > end else {}
        if outdated:
            rows = [
                [fact, changes.title_of(scope, later, current), later.facts[scope][fact].text, text]
                for (scope, fact), text in outdated.items()
            ]
            yield period.label, rows, list(_sentences(notebooks / period.folder, outdated))


def _outdated(later: Version, period: str, corrected: Mapping[Place, str]) -> dict[Place, str]:
    """Return what the facts of a later period should say that repeat a corrected fact of this."""
    outdated = {}
    for scope, sheet in later.facts.items():
        for name, fact in sheet.items():
            origin = _origin(name, period, later)
            text = corrected.get((scope, origin), fact.text)
            if text != fact.text:
                outdated[scope, name] = text
    return outdated


def _origin(fact: str, period: str, later: Version) -> str:
    """Return which fact of a period a fact of a later period repeats; empty where none."""
    try:
        declaration, keys = facts.parsed(fact)
    except UsageError:  # a fact that only an earlier version of bwk had
        return ""
    if keys.get(Each.HALF_YEAR) == period:
        return fact
    intervals = {
        When.BASELINE: later.baseline,
        When.YEAR_BEFORE: periods.parse(later.period).year_before().name,
    }
    if declaration.subject and intervals.get(declaration.subject.when) == period:
        return facts.kin(fact, type(declaration.derivation), when=When.PERIOD)
    return ""


def _sentences(folder: Path, outdated: Iterable[Place]) -> Iterator[str]:
    """Yield the words around each number that was confirmed as one of some facts, or its growth."""
    growths = {(scope, facts.kin(fact, Growth, GrowthPerMonth)) for scope, fact in outdated}
    for path in sorted(folder.glob(f"*{signoffs.SUFFIX}")):
        for signoff in signoffs.read(path):
            if {*signoff.facts} & {*outdated, *growths}:
                words = f"… {signoff.before} {signoff.text} {signoff.after} …"
                yield f"{path.name.removesuffix(signoffs.SUFFIX)}: {words}"


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
