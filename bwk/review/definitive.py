"""A definitive period: frozen whole, with its sums; corrected only by a new one beside it."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import nbformat

from bwk import cells, export, facts, formats, inputs, periods, workbook
from bwk.errors import DefinitiveError, ReportError, UsageError, unwritable
from bwk.facts import CITY
from bwk.files import alone, write
from bwk.narrative import signoffs
from bwk.review import changes, reviewing, state
from bwk.review.state import State

NAME, SUMS, ERRATA = "definitief", "SHA256SUMS", "errata.html"
COPIED = (facts.FILE, "feiten.csv", inputs.RUN, "index.html")
WORKBOOKS = "werkboeken"


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
    if number > 1 and not reason:
        raise DefinitiveError(
            f"{target.name} is al definitief: geef met --correct de reden van een correctie."
        )
    if number == 1 and reason:
        raise UsageError(f"{target.name} is nog niet definitief: er is niets te corrigeren.")
    now = state.read(target)
    _refuse_open(target, now, open_points)
    _refuse_stale(target, notebooks, now)
    state.keep(target, day)
    errata = _errata(target, notebooks, number, reason, day) if number > 1 else ""
    for abandoned in target.glob(f".{NAME}-*"):  # of a process that was killed
        _remove(abandoned)
    building = Path(tempfile.mkdtemp(prefix=f".{NAME}-", dir=target))
    try:
        _fill(building, target, notebooks, f"{NAME} {number}")
        if errata:
            write(building / ERRATA, errata)
        _seal(building)
        return building.rename(target / f"{NAME}-{number}")
    except BaseException:
        _remove(building)
        raise


def is_definitive(target: Path) -> int:
    """Return the number of the newest definitive version of a period; 0 where there is none."""
    return max((int(path.name.rpartition("-")[2]) for path in _definitive(target)), default=0)


def verify(folder: Path) -> list[str]:
    """Check the sums of a definitive folder, or of all those of a period.

    Returns what is wrong, a Dutch sentence each; UsageError where nothing is definitive.
    """
    folders = [folder] if folder.name.startswith(f"{NAME}-") else _definitive(folder)
    if not folders:
        raise UsageError(f"{folder.name} is nog niet definitief: er is niets om na te gaan.")
    return [problem for each in folders for problem in _problems(each)]


def reproduce(folder: Path, data: Path) -> list[str]:
    """Work out the facts of a definitive folder anew from a data folder, and compare.

    Returns the facts that differ, and then which inputs, versions and code do, a Dutch sentence
    each; nothing where the facts are the same. DataError where the data are refused.
    """
    folder = folder.resolve()
    if not folder.name.startswith(f"{NAME}-"):
        raise UsageError(f"Noem een definitieve map, zoals output/2018-H1/{NAME}-1.")
    then, run = state.read(folder), state.load(folder / inputs.RUN)
    period, baseline = periods.parse(then.period), periods.parse(then.baseline)
    others = facts.read_published(folder.parent.parent, period)
    skip = bool(run.get("weggelaten_rijen"))
    book = facts.work_out(data, period, baseline, others, skip_bad_rows=skip)
    found = state.told(book.published()["feiten"])
    if found == then.facts:
        return []
    differ = [
        f"{one.scope}: {one.name} was {one.was}, nu {one.now}."
        for one in changes.numbers(then.facts, found)
    ]
    said = differ or ["Cijfers verschillen achter de afronding."]
    return [*said, *_differences(run, book.files)]


def _definitive(target: Path) -> list[Path]:
    found = [path for path in target.glob(f"{NAME}-*") if path.name.rpartition("-")[2].isdecimal()]
    return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]))


def _refuse_open(target: Path, now: State, open_points: Mapping[str, Sequence[str]]) -> None:
    lines = [f"{name}: {point}" for name, points in open_points.items() for point in points]
    lines += [
        f"{name}: {question}"
        for name in now.reports
        for question in reviewing.questions(target, name)
        if not question.changed
    ]
    if lines:
        counted = formats.count(len(lines), "punt staat", "punten staan")
        raise UsageError(
            f"{target.name} kan niet definitief worden: {counted} nog open.\n" + "\n".join(lines)
        )


def _refuse_stale(target: Path, notebooks: Path, now: State) -> None:
    """Refuse what a run did not finish, or what was edited after it."""
    run = state.load(target / inputs.RUN)
    made, hashes = run.get("verslagen", {}), run.get("sjablonen_en_werkboeken", {})
    failed = [name for name, one in made.items() if one.get("staat") == "mislukt"]
    if missing := [*failed, *(set(now.facts) - set(now.reports))]:
        raise UsageError(
            f"Niet elk verslag is er ({', '.join(missing)}): maak alle verslagen met bwk run "
            f"{now.period}."
        )
    for path in [*_templates(notebooks), *_workbooks(notebooks, target, now)]:
        if hashes.get(f"{path.parent.name}/{path.name}") != inputs.digest([path]):
            raise UsageError(
                f"{path.name} is veranderd na de laatste run: maak alle verslagen opnieuw met "
                f"bwk run {now.period}."
            )
    for name in now.reports:
        if left := export.open_points(workbook.read(target / f"{name}.ipynb")):
            raise UsageError(
                f"In het verslag {name} staat nog {formats.count(left, 'punt', 'punten')} open: "
                f"maak de verslagen opnieuw met bwk run {now.period}."
            )


def _fill(building: Path, target: Path, notebooks: Path, status: str) -> None:
    """Make what a definitive folder holds."""
    now = state.read(target)
    reports = {name: workbook.read(target / f"{name}.ipynb") for name in now.reports}
    for name, notebook in reports.items():
        cells.label(notebook, status=status)
        write(building / f"{name}.ipynb", nbformat.writes(notebook))
        export.publish(notebook, building, name)
    if CITY in reports:
        for volume in export.volumes([name for name in reports if name != CITY]):
            chapters = [reports[name] for name in volume.chapters]
            whole = export.combine(reports[CITY], chapters, volume.number, volume.count)
            export.publish(whole, building, volume.name)
    for name in COPIED:
        if (target / name).exists():
            shutil.copyfile(target / name, building / name)
    for folder, paths in (
        (WORKBOOKS, _workbooks(notebooks, target, now, signed=True)),
        (workbook.TEMPLATES, _templates(notebooks)),
    ):
        (building / folder).mkdir()
        for path in paths:
            shutil.copyfile(path, building / folder / path.name)


def _templates(notebooks: Path) -> list[Path]:
    return [workbook.template(notebooks, kind) for kind in ("locatie", CITY)]


def _workbooks(notebooks: Path, target: Path, now: State, signed: bool = False) -> list[Path]:
    """Return the workbooks of the reports, and with `signed` what was confirmed in them."""
    endings = (".ipynb", signoffs.SUFFIX) if signed else (".ipynb",)
    names = [f"{name}{ending}" for name in now.reports for ending in endings]
    found = [notebooks / target.name / name for name in names]
    return [path for path in found if path.exists()]


def _seal(folder: Path) -> None:
    """Write the sums, and let nobody change the folder."""
    sums = "".join(f"{sum}  {name}\n" for name, sum in sorted(_sums(folder).items()))
    write(folder / SUMS, sums)
    for path in folder.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    folder.chmod(0o555)


def _remove(folder: Path) -> None:
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(0o755)
    shutil.rmtree(folder)


def _sums(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return {path.relative_to(folder).as_posix(): inputs.digest([path]) for path in files}


def _problems(folder: Path) -> list[str]:
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        stated = {name: sum for sum, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError):
        return [f"{folder.name}: {SUMS} ontbreekt of is beschadigd."]
    there = {name: sum for name, sum in _sums(folder).items() if name != SUMS}
    said = {
        "ontbreekt": stated.keys() - there.keys(),
        "hoort er niet": there.keys() - stated.keys(),
        "is veranderd": {name for name, sum in there.items() if stated.get(name, sum) != sum},
    }
    return [
        f"{folder.name}: {name} {what}." for what, names in said.items() for name in sorted(names)
    ]


def _errata(target: Path, notebooks: Path, number: int, reason: str, day: date) -> str:
    old, new = state.read(target / f"{NAME}-{number - 1}"), state.read(target)
    label = periods.parse(new.period).label
    return changes.render(
        old,
        new,
        title=f"Errata: de verslagen over de {label}",
        subtitle=f"Wat in {NAME} {number} anders is dan in {NAME} {number - 1}. "
        f"{formats.day(day)}.",
        reason=reason,
        later=list(_later(target, notebooks, old, new)),
    )


def _later(
    target: Path, notebooks: Path, old: State, new: State
) -> Iterator[tuple[str, list[list[str]], list[str]]]:
    """Yield the later periods that tell a number that changed: label, numbers, sentences."""
    changed = {(one.scope, one.fact) for one in changes.numbers(old.facts, new.facts)}
    for path in sorted(target.parent.glob(f"*/{facts.FILE}")):
        if path.parent == target:
            continue
        later = state.read(path.parent)
        period = periods.parse(later.period)
        if period.first <= periods.parse(new.period).last:
            continue
        told = [
            (scope, name, fact["tekst"], new.facts[scope][origin]["tekst"])
            for scope, sheet in later.facts.items()
            for name, fact in sheet.items()
            if (scope, (origin := _origin(name, new.period, later))) in changed
        ]
        rows = [one for one in told if one[2] != one[3]]
        if rows:
            quoted = {(scope, name) for scope, name, *_ in rows}
            sentences = list(_sentences(notebooks / period.folder, quoted))
            yield (
                period.label,
                [[one[1], changes.title_of(one[0], later, new), *one[2:]] for one in rows],
                sentences,
            )


def _origin(name: str, period: str, later: State) -> str:
    """Return which fact of a period a fact of a later period repeats; empty where none."""
    if name.endswith(f".{period}"):
        return name
    stem, dot, key = name.partition(".")
    told = {
        "_basis": later.baseline,
        "_jaar_ervoor": periods.parse(later.period).year_before().name,
    }
    for suffix, interval in told.items():
        if stem.endswith(suffix) and interval == period:
            return stem.removesuffix(suffix) + dot + key
    return ""


def _sentences(folder: Path, quoted: set[tuple[str, str]]) -> Iterator[str]:
    """Yield the words around each number that was confirmed as one of some facts, or its growth."""
    keys = {(scope, name.partition(".")[2]) for scope, name in quoted}
    for path in sorted(folder.glob(f"*{signoffs.SUFFIX}")):
        for one in signoffs.read(path):
            grows = (
                one.fact.startswith("groei_") and (one.scope, one.fact.partition(".")[2]) in keys
            )
            if (one.scope, one.fact) in quoted or grows:
                words = f"… {one.before} {one.text} {one.after} …"
                yield f"{path.name.removesuffix(signoffs.SUFFIX)}: {words}"


def _differences(run: Mapping, now: Mapping[str, str]) -> Iterator[str]:
    """Yield which inputs, versions and code are not those of a run."""
    then = run.get("data", {})
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            how = (
                "ontbreekt" if name not in now else "is nieuw" if name not in then else "is anders"
            )
            yield f"Databestand {name} {how}."
    there = inputs.versions()
    for tool, was in run.get("versies", {}).items():
        if there.get(tool) != was:
            yield f"{tool} was versie {was}, nu {there.get(tool, 'niet geïnstalleerd')}."
    if run.get("code") != inputs.code():
        yield "De code van bwk is anders."
