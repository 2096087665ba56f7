"""The commands: prints errors as a sentence, sets the exit status.

Each command imports what it needs: a run in which nothing has changed loads no pandas.
"""

import argparse
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tqdm import tqdm

from bwk import formats, inputs, periods
from bwk.errors import (
    LOG,
    DataError,
    DefinitiveError,
    ReportError,
    UsageError,
    WorkbookError,
    readable,
)
from bwk.files import clear
from bwk.periods import Period

if TYPE_CHECKING:
    from bwk.batch import Report
    from bwk.narrative import Point
    from bwk.opening import Opened
    from bwk.outputs import Made
    from bwk.registrations import Check

# Takes a second to load, and checks a kind of address that no notebook's schema has.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
DONE, SOME_FAILED, INTERRUPTED = 0, 1, 130
FINDINGS, SHOWN, REFUSED = "controle.csv", 20, "geweigerd"
HIDDEN_LOG = ".fouten"
_EXPORTED = (
    "De sleutel staat in {}. Neem het bestand en de datamap mee naar de andere computer, typ daar "
    "bwk pseudonymize --import-key met dit bestand, en haal het daarna overal weg."
)
_IMPORTED = "De sleutel van dit programma is overgenomen. Haal {} nu weg."
Option = tuple[str, dict[str, Any]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        options = _parser().parse_args(arguments)
        os.environ[LOG] = str(options.log or options.output / HIDDEN_LOG)
        return options.command(options)
    except KeyboardInterrupt:
        print("Gestopt. Wat klaar was, is bewaard.", file=sys.stderr)
        return INTERRUPTED
    except Exception as failure:
        error = readable(failure)
        print(f"Fout: {error}", file=sys.stderr)
        return error.exit_status


def check(options: argparse.Namespace) -> int:
    """Check the data folder, print a summary and write the list of findings."""
    from bwk import registrations

    checked = _checked(options.data)
    options.output.mkdir(parents=True, exist_ok=True)
    registrations.write_findings(checked.findings, options.output / FINDINGS)
    for finding in checked.findings[:SHOWN]:
        sentence = f"{finding.severity}: {finding.place}: {finding.message} {finding.remedy}"
        print(sentence.rstrip())
    print(_summary(checked))
    return DataError.exit_status if checked.errors else DONE


def run(options: argparse.Namespace) -> int:
    """Make the reports of a period that are out of date."""
    period, locations = _period_and_locations(options.words)
    target = options.output / period.folder
    if any(target.glob("definitief-*")):
        raise DefinitiveError(
            f"De verslagen over {period} zijn definitief: verbeter ze met "
            f'bwk finalize {period} --correct "waarom".'
        )
    if options.dry_run:
        for report in _run(options, period, locations, dry=True):
            prospect = f"wordt gemaakt: {report.why}" if report.why else "is klaar"
            print(f"{report.title}: {prospect}.")
        return DONE
    clear(options.data, options.notebooks, options.output)
    if not options.force and (ready := _up_to_date(options, period, locations)):
        count = len(ready)
        print(f"Niets veranderd: {count} van {count} klaar, in {period.folder}.")
        points = [report.open for report in ready]
    else:
        reports = _run(options, period, locations)
        failed = [report for report in reports if report.error]
        count = len(reports) - len(failed)
        outcome = [f"{count} van {len(reports)} klaar, in {period.folder}"]
        outcome += [f"{report.title}: {report.error}".rstrip(".") for report in failed]
        print("; ".join(outcome) + ".")
        if failed:
            refused = all(isinstance(report.error, WorkbookError) for report in failed)
            return WorkbookError.exit_status if refused else SOME_FAILED
        points = [report.open for report in reports]
    return SOME_FAILED if options.fail_on_open_points and any(points) else DONE


def _up_to_date(
    options: argparse.Namespace, period: Period, locations: Sequence[str]
) -> "list[Made] | None":
    """Return the records of the reports where nothing has to be made."""
    folders = options.data, options.notebooks, options.output
    key = inputs.key(*folders, period.folder, options.skip_bad_rows)
    return inputs.made(options.output / period.folder, key, locations)


def _run(
    options: argparse.Namespace, period: Period, locations: Sequence[str], dry: bool = False
) -> "list[Report]":
    """Make reports, telling of each, and keep the version that they are."""
    from bwk import batch, review

    log = _logged(options.log, period)
    with tqdm(desc=str(period), unit="verslag", disable=dry or not sys.stderr.isatty()) as bar:

        def tell(report: "Report", total: int) -> None:
            bar.total = total
            bar.update()
            tqdm.write(_line(report))
            log(_line(report))

        reports = batch.run(
            period,
            locations,
            batch.Folders(options.data, options.notebooks, options.output),
            skip_bad_rows=options.skip_bad_rows,
            force=options.force,
            dry=dry,
            workers=options.jobs,
            cluster=options.dask,
            tell=tell,
        )
    if not dry:
        review.keep(options.output / period.folder, date.today())
        review.judge(options.output / period.folder)
        review.write_overview(options.output)
    return reports


def _logged(folder: Path | None, period: Period) -> Callable[[str], None]:
    """Return what writes a line, with the time, in the log of this run, if there is to be one."""
    path = folder / f"{period.folder}-{datetime.now():%Y%m%d-%H%M%S}.log" if folder else None

    def log(line: str) -> None:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{datetime.now():%H:%M:%S} {line}\n")

    return log


def open_(options: argparse.Namespace) -> int:
    """Make the workbooks of a period, and bring those that are there to the current template."""
    from bwk import facts, opening

    period, _ = _period_and_locations(options.words)
    book = facts.read_book(options.data, options.output, period)

    def tell(workbook: "Opened", total: int) -> None:
        print(f"{workbook.path.name}: {workbook.state}.", *workbook.notes, flush=True)

    opened = opening.open_period(book, options.notebooks, tell=tell)
    refused = any(workbook.error for workbook in opened)
    return WorkbookError.exit_status if refused else DONE


def status(options: argparse.Namespace) -> int:
    """List what is still open in the workbooks of a period, and what reviewers asked."""
    from bwk import review

    period, _ = _period_and_locations(options.words)
    refused = False
    for scope, points in _points(options, period):
        if isinstance(points, WorkbookError):
            refused = True
            print(f"{scope}.ipynb: {REFUSED}. {points}")
            continue
        count = sum(not point.advice for point in points)
        print(f"{scope}.ipynb: {formats.count(count, 'open punt', 'open punten')}.")
        for point in points:
            print(f"  {'advies – ' * point.advice}{point}")
        for question in review.questions(options.output / period.folder, scope):
            print(f"  {question}")
    return WorkbookError.exit_status if refused else DONE


def _points(
    options: argparse.Namespace, period: Period
) -> "Iterator[tuple[str, list[Point] | WorkbookError]]":
    """Yield the open points of each workbook, or why it is refused."""
    from bwk import facts, narrative

    sheets = facts.read_book(options.data, options.output, period).sheets
    for scope in sheets:
        path = options.notebooks / period.folder / f"{scope}.ipynb"
        try:
            yield scope, narrative.open_points(path, sheets, scope)
        except WorkbookError as error:
            yield scope, error


def compare(options: argparse.Namespace) -> int:
    """Write a page with what changed in the reports of a period."""
    from bwk import review

    target, against = _target(options), options.against
    if re.fullmatch(r"\d{1,3}", against or ""):
        against = int(against)
    elif against is not None:
        against = options.output / periods.parse(against).folder
    page, sentences = review.compare(target, against)
    print(*sentences, f"De wijzigingen staan in {target.name}/{page.name}.", sep="\n")
    return DONE


def review_(options: argparse.Namespace) -> int:
    """Write the page for a reviewer, or bring in the answers."""
    from bwk import review

    target = _target(options)
    if options.answers:
        print(*review.bring_in(target, options.answers), sep="\n")
    else:
        print(f"Stuur {target.name}/{review.review_file(target).name} naar de beoordelaar.")
    return DONE


def finalize(options: argparse.Namespace) -> int:
    """Make a period definitive, or correct what is."""
    from bwk import review

    period, _ = _period_and_locations(options.words)
    target = _target(options)
    if options.correct and any(report.error for report in _run(options, period, ())):
        raise ReportError("Een verslag kon niet worden gemaakt: er is niets definitief geworden.")
    points = {}
    for scope, listed in _points(options, period):
        if isinstance(listed, WorkbookError):
            raise listed
        points[scope] = [str(point) for point in listed if not point.advice]
    folder = review.finalize(target, options.notebooks, points, date.today(), options.correct)
    review.write_overview(options.output)
    print(f"De verslagen over {period} zijn definitief. Ze staan in {target.name}/{folder.name}.")
    return DONE


def verify(options: argparse.Namespace) -> int:
    """Check that what is definitive is still as it was."""
    from bwk import review

    target = _target(options)
    problems = review.verify(target)
    print(*(problems or [f"Alles in {target.name} is zoals het definitief werd."]), sep="\n")
    return SOME_FAILED if problems else DONE


def reproduce(options: argparse.Namespace) -> int:
    """Work out the facts of a definitive folder anew."""
    from bwk import review

    differences = review.reproduce(options.folder, options.data)
    print(*(differences or ["De cijfers komen precies zo uit de data."]), sep="\n")
    return SOME_FAILED if differences else DONE


def start_lab(options: argparse.Namespace) -> int:
    """Open JupyterLab with the workbooks."""
    from bwk import lab

    period = periods.parse(options.words[0]) if options.words else None
    return lab.start(options.notebooks, period, data=options.data, output=options.output)


def pseudonymize(options: argparse.Namespace) -> int:
    """Turn names or member numbers in a file into pseudonyms; or bring the key elsewhere."""
    from bwk import keys, registrations

    if options.export_key:
        keys.export_key(options.data, options.export_key)
        print(_EXPORTED.format(options.export_key.name))
        return DONE
    if options.import_key:
        keys.import_key(options.data, options.import_key)
        print(_IMPORTED.format(options.import_key.name))
        return DONE
    if not options.file:
        raise UsageError("Noem het bestand met namen of nummers.")
    result = registrations.pseudonymize(options.file, column=options.column, data=options.data)
    rows = formats.count(result.rows, "rij", "rijen")
    people = formats.count(result.people, "mens", "mensen")
    print(f"{result.path.name} is gemaakt, met {rows} van {people}.", *result.notes, sep="\n")
    return DONE


def _checked(data: Path) -> "Check":
    """Check the registrations, and `programma.toml` with them."""
    from bwk import programme, registrations

    checked = registrations.check(data)
    try:
        programme.read(data)
    except DataError as error:
        wrong = registrations.Finding("fout", programme.FILE, message=str(error))
        return replace(checked, findings=(wrong, *checked.findings))
    return checked


def _summary(checked: "Check") -> str:
    rows = sum(file.read for file in checked.counts)
    used = sum(file.used for file in checked.counts)
    errors, warnings = len(checked.errors), len(checked.warnings)
    notes = len(checked.findings) - errors - warnings
    kinds = (
        formats.count(errors, "fout", "fouten"),
        formats.count(warnings, "waarschuwing", "waarschuwingen"),
        formats.count(notes, "opmerking", "opmerkingen"),
    )
    return (
        f"{formats.enumeration(kinds)}. {formats.count(rows, 'rij', 'rijen')} gelezen, "
        f"{formats.number(used)} gebruikt, {formats.number(rows - used)} gemeld en niet gebruikt. "
        f"De hele lijst staat in {FINDINGS} in de uitvoermap."
    )


def _line(report: "Report") -> str:
    if report.error:
        return f"✗ {report.title}: {report.error}"
    if not report.seconds:
        return f"= {report.title} (niets veranderd)"
    points = formats.count(report.open or 0, "open punt", "open punten")
    concept = f"; concept, {points}" if report.open else ""
    return f"✓ {report.title} ({formats.number(report.seconds, 1)} s{concept})"


def _period_and_locations(words: Sequence[str]) -> tuple[Period, Sequence[str]]:
    if words and re.match(r"\d+\b", words[0]):  # a location may be called `3hoek`
        return periods.parse(words[0]), words[1:]
    return periods.last_ended_half_year(date.today()), words


def _target(options: argparse.Namespace) -> Path:
    return options.output / _period_and_locations(options.words)[0].folder


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, "Gebruik: " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Speaks Dutch; wrong use is an error of our own."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, add_help=False, formatter_class=_Formatter)
        self._positionals.title, self._optionals.title = "Wat", "Keuzes"
        self.add_argument("-h", "--help", action="help", help="toon deze uitleg")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"Dit commando klopt niet; zie {self.prog} --help voor het gebruik.")


_PERIOD = ("words", {"nargs": "*", "metavar": "PERIODE", "help": "zoals 2018-H1"})
_RUN: list[Option] = [
    ("words", {"nargs": "*", "metavar": "PERIODE LOCATIE", "help": "zoals 2018-H1 top"}),
    ("--jobs", {"type": int, "metavar": "N", "help": "zoveel verslagen tegelijk"}),
    ("--dask", {"default": "", "metavar": "ADRES", "help": "maak ze op een Dask-cluster"}),
    ("--log", {"type": Path, "metavar": "MAP", "help": "schrijf daar een logboek"}),
    ("--force", {"action": "store_true", "help": "maak ook wat niet veranderd is"}),
    ("--dry-run", {"action": "store_true", "help": "zeg wat er zou gebeuren, en waarom"}),
    ("--fail-on-open-points", {"action": "store_true", "help": "status 1 als er open punten zijn"}),
    ("--skip-bad-rows", {"action": "store_true", "help": "laat rijen met fouten weg en tel ze"}),
]
_WITH = ("--with", {"dest": "against", "metavar": "N", "help": "versie, of een andere periode"})
_ANSWERS = ("--answers", {"type": Path, "metavar": "FILE", "help": "antwoorden van de beoordelaar"})
_CORRECT = ("--correct", {"default": "", "metavar": "REDEN", "help": "verbeter wat definitief is"})
_FOLDER = (
    "folder",
    {"type": Path, "metavar": "FOLDER", "help": "zoals output/2018-H1/definitief-1"},
)
_FILE = (
    "file",
    {"type": Path, "nargs": "?", "metavar": "FILE", "help": "bestand met namen of nummers"},
)
_EXPORT = (
    "--export-key",
    {"type": Path, "metavar": "FILE", "help": "schrijf de sleutel in een bestand"},
)
_IMPORT = (
    "--import-key",
    {"type": Path, "metavar": "FILE", "help": "neem de sleutel van een andere computer over"},
)
_COLUMN = ("--column", {"default": "", "metavar": "KOLOM", "help": "kolom met namen of nummers"})
_PSEUDONYMIZE: list[Option] = [_FILE, _COLUMN, _EXPORT, _IMPORT]
COMMANDS: dict[str, tuple[Callable, str, list[Option]]] = {
    "check": (check, "Controleer de registraties.", []),
    "compare": (compare, "Toon wat er in de verslagen is veranderd.", [_PERIOD, _WITH]),
    "finalize": (finalize, "Maak de verslagen van een periode definitief.", [_PERIOD, _CORRECT]),
    "lab": (start_lab, "Open de werkboeken in JupyterLab.", [_PERIOD]),
    "open": (open_, "Maak de werkboeken van een periode, of werk ze bij.", [_PERIOD]),
    "pseudonymize": (pseudonymize, "Maak van namen pseudoniemen.", _PSEUDONYMIZE),
    "reproduce": (reproduce, "Maak de cijfers van een definitief verslag na.", [_FOLDER]),
    "review": (review_, "Maak het bestand voor de beoordelaar.", [_PERIOD, _ANSWERS]),
    "run": (run, "Maak de verslagen van een periode.", _RUN),
    "status": (status, "Toon wat er in de werkboeken nog open staat.", [_PERIOD]),
    "verify": (verify, "Controleer of wat definitief is niet is veranderd.", [_PERIOD]),
}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="bwk", description="Van registraties naar tussenrapportage.")
    # A correction is a run as well, without the options of one.
    parser.set_defaults(skip_bad_rows=False, force=False, jobs=None, dask="", log=None)
    commands = parser.add_subparsers(required=True, metavar="COMMANDO", parser_class=_Parser)
    data = os.environ.get("BWK_DATA") or "data"
    folders = {"data": data, "notebooks": "notebooks", "output": "output"}
    for name, (command, help, options) in COMMANDS.items():
        added = commands.add_parser(name, help=help, description=help)
        added.set_defaults(command=command)
        for option, settings in options:
            added.add_argument(option, **settings)
        for folder, default in folders.items():
            usual = f"standaard {default}"
            added.add_argument(
                f"--{folder}", type=Path, default=Path(default), metavar="MAP", help=usual
            )
    return parser


if __name__ == "__main__":
    sys.exit(main())
