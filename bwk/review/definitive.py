"""A definitive period: frozen whole, with its sums; corrected only by a new one beside it."""

import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import msgspec
import nbformat
from nbformat import NotebookNode

from bwk import cells, export, facts, formats, inputs, keys, outputs, periods, workbook
from bwk.errors import DataError, DefinitiveError, ReportError, UsageError, unwritable
from bwk.export.document import Document
from bwk.facts.derivations import Growth, GrowthPerMonth
from bwk.facts.expressions import Each, When
from bwk.files import alone, clear, workplace, write
from bwk.narrative import signoffs
from bwk.outputs import CITY, EDITION, Run, Version
from bwk.review import changes, reviewing, state

_CANNOT_COMPARE = (
    "Of de databestanden anders zijn, is niet te zeggen: hun kenmerken zijn met een andere sleutel "
    "gemaakt. Die staat op de computer waar het verslag definitief werd."
)

Place = tuple[str, str]  # of a fact: its scope and name


def finalize(
    target: Path,
    notebooks: Path,
    open_points: Mapping[str, Sequence[str]],
    day: date,
    reason: str = "",
) -> Path:
    """Freeze the reports of a period, with all that they were made from; whole or not at all.

    The `open_points` are what is still to be done, sentences by report; the `reason` is why a
    definitive period is corrected: then an errata page says what changed. Returns the new folder.

    Raises
    ------
    DefinitiveError
        If the period is definitive already and there is no reason to correct it.
    UsageError
        If something is open, or the reports are not those of the workbooks as they are now.
    ReportError
        If it cannot be written, or a run or somebody else is busy with the period.
    """
    try:
        # The lock of a run: none may change the reports meanwhile.
        with alone(target, f"Er is al iemand bezig met {target.name}: wacht tot dat klaar is."):
            return _frozen(target, notebooks, open_points, day, reason.strip())
    except OSError as failure:
        raise ReportError(f"Er is niets definitief geworden. {unwritable(failure)}") from None


def _frozen(
    target: Path, notebooks: Path, open_points: Mapping[str, Sequence[str]], day: date, reason: str
) -> Path:
    number = is_definitive(target) + 1
    _refuse_reason(target, number, reason)
    reports = dict(state.notebooks(target))
    for notebook in reports.values():
        cells.label(notebook, status=f"{EDITION} {number}")
    documents = {scope: export.build(notebook) for scope, notebook in reports.items()}
    current = state.described(target, documents)
    originals = _originals(target, notebooks, reports)
    _refuse_open(target, current, open_points)
    _refuse_stale(target, current, reports, originals.values())
    state.keep(target, day, current)
    clear(target)
    with workplace(target) as building:
        if number > 1:
            errata = _errata(target, notebooks, current, number, reason, day)
            write(building / outputs.ERRATA, errata)
        _publish(building, reports, documents)
        _copy(originals, building)
        _seal(building)
        return building.rename(target / f"{EDITION}-{number}")


def is_definitive(target: Path) -> int:
    """Return the number of the newest definitive version of a period; 0 where there is none."""
    return max(map(outputs.edition_number, outputs.editions(target)), default=0)


def verify(folder: Path) -> list[str]:
    """Check the sums of a definitive folder, or of all those of a period.

    Returns what is wrong, a Dutch sentence each; UsageError where nothing is definitive.
    """
    folders = [folder] if outputs.is_edition(folder) else outputs.editions(folder)
    if not folders:
        raise UsageError(f"{folder.name} is nog niet definitief: er is niets om na te gaan.")
    return [problem for edition in folders for problem in _problems(edition)]


def reproduce(folder: Path, data: Path) -> list[str]:
    """Work out the facts of a definitive folder anew from a data folder, and compare.

    Returns the facts that differ, and then which inputs, versions and code do, a Dutch sentence
    each; nothing where the facts are the same. DataError where the data are refused.
    """
    folder = folder.resolve()
    if not outputs.is_edition(folder):
        raise UsageError(f"Noem een definitieve map, zoals output/2018-H1/{EDITION}-1.")
    frozen = outputs.load(folder / outputs.FACTS, outputs.Book)
    run = outputs.load(outputs.intern(folder) / outputs.RUN, Run)
    period = periods.parse(frozen.period)
    baseline = periods.parse(frozen.baseline)
    issued = facts.issued.NOTHING
    with suppress(DataError):  # an edition that was sent stands without what was issued before it
        issued = facts.issued.read(folder.parent.parent)
    skip_bad_rows = bool(run.skipped_rows)
    book = facts.work_out(data, period, baseline, issued, skip_bad_rows=skip_bad_rows)
    anew = msgspec.convert(book.published(), outputs.Book)
    if anew.facts == frozen.facts:
        return []
    sentences = [
        f"{number.scope}: {number.name} was {number.before}, nu {number.after}."
        for number in changes.numbers(frozen.facts, anew.facts)
    ]
    if not sentences:
        sentences = ["Cijfers verschillen achter de afronding."]
    return [*sentences, *_differences(run, book.files)]


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


def _refuse_stale(
    target: Path,
    current: Version,
    reports: Mapping[str, NotebookNode],
    originals: Iterable[Path],
) -> None:
    """Refuse what a run did not finish, or what was edited after it."""
    run = outputs.load(outputs.intern(target) / outputs.RUN, Run)
    failed = [stem for stem, record in run.reports.items() if record.state == "mislukt"]
    absent = [scope for scope in current.facts if scope not in reports]
    if missing := [*failed, *absent]:
        raise UsageError(
            f"Niet elk verslag is er ({', '.join(missing)}): maak alle verslagen met bwk run "
            f"{current.period}."
        )
    for path in originals:
        name = f"{path.parent.name}/{path.name}"
        is_notebook = path.suffix == ".ipynb"  # of sign-offs a run does not note the hash
        if is_notebook and run.sources.get(name) != inputs.digest([path]):
            raise UsageError(
                f"{path.name} is veranderd na de laatste run: maak alle verslagen opnieuw met "
                f"bwk run {current.period}."
            )
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
    }
    return {name: path for name, path in originals.items() if path.exists()}


def _publish(
    building: Path,
    reports: Mapping[str, NotebookNode],
    documents: Mapping[str, Document],
) -> None:
    """Write the reports, and the whole report of them, each from one document."""
    for scope, notebook in reports.items():
        write(building / f"{scope}.ipynb", nbformat.writes(notebook))
        export.publish(documents[scope], building, scope)
    for volume in export.volumes(reports):
        chapters = [reports[location] for location in volume.chapters]
        together = export.combine(reports[CITY], chapters, volume.number, volume.count)
        export.publish(export.build(together), building, volume.name)


def _copy(originals: Mapping[str, Path], folder: Path) -> None:
    for name, path in originals.items():
        copy = folder / name
        copy.parent.mkdir(exist_ok=True)
        write(copy, path.read_bytes(), source=path)


def _seal(folder: Path) -> None:
    """Write the sums, and let nobody change the folder."""
    sums = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(_sums(folder).items()))
    write(folder / outputs.SUMS, sums)
    for path in (folder, *folder.rglob("*")):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)


def _sums(folder: Path) -> dict[str, str]:
    """Return the sum of each file in a folder but that of the sums themselves."""
    files = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return {
        path.relative_to(folder).as_posix(): inputs.digest([path])
        for path in files
        if path != folder / outputs.SUMS
    }


def _problems(folder: Path) -> list[str]:
    try:
        lines = (folder / outputs.SUMS).read_text(encoding="utf-8").splitlines()
        stated = {name: sha256 for sha256, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError):
        return [f"{folder.name}: {outputs.SUMS} ontbreekt of is beschadigd."]
    sums = _sums(folder)
    names = {
        "ontbreekt": stated.keys() - sums.keys(),
        "hoort er niet": sums.keys() - stated.keys(),
        "is veranderd": {name for name in stated.keys() & sums if stated[name] != sums[name]},
    }
    return [
        f"{folder.name}: {name} {problem}." for problem in names for name in sorted(names[problem])
    ]


def _errata(
    target: Path, notebooks: Path, current: Version, number: int, reason: str, day: date
) -> str:
    """Return the page that says what an edition corrects in the one before."""
    frozen = state.read(target / f"{EDITION}-{number - 1}")
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
