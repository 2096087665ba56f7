"""The commands: prints errors as a sentence, sets the exit status.

Each command imports what it needs: a run in which nothing has changed loads no pandas.
"""

import argparse
import os
import re
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, NoReturn

from tqdm import tqdm

from bwk import console, formats, inputs, outputs, periods
from bwk.apart import apart
from bwk.errors import (
    LOG,
    DataError,
    DefinitiveError,
    ReportError,
    UsageError,
    WorkbookError,
    readable,
)
from bwk.files import alone, clear, refuse_endless
from bwk.periods import Period

if TYPE_CHECKING:
    from bwk.batch import Order, Report
    from bwk.batch.notices import Outcome
    from bwk.facts import FactBook
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
_EARLY = (
    "{0} is een deel van {1}. Wat u nu uitgeeft, staat vast: van {1} is straks minder te tonen. "
    "Is {1} het belangrijkst, geef dat dan eerst uit."
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
    _settle_without_home()
    with console.patient(sys.stdout, sys.stderr):
        return _obeyed(arguments)


def _settle_without_home() -> None:
    """Have Jupyter look for no settings of a user who has no home, as a service has none."""
    try:
        Path.home()
    except RuntimeError:
        os.environ |= dict.fromkeys(("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"), os.devnull)


def _obeyed(arguments: Sequence[str] | None) -> int:
    try:
        return _command(arguments)
    except KeyboardInterrupt:
        print("Gestopt. Wat klaar was, is bewaard.", file=sys.stderr)
        return INTERRUPTED
    except Exception as failure:
        error = readable(failure)
        print(f"Fout: {error}", file=sys.stderr)
        return error.exit_status


def _command(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    given = vars(options)
    places = [value for value in given.values() if isinstance(value, Path)]
    refuse_endless(*places, *given.get("files", ()))
    os.environ[LOG] = str(options.log or options.output / HIDDEN_LOG)
    options.period, options.locations = _period_and_locations(options.words)
    options.target = options.output / options.period.folder
    if options.skip_bad_rows is None:  # only a run chooses
        options.skip_bad_rows = inputs.record(options.target).skip_bad_rows
    return options.command(options)


def check(options: argparse.Namespace) -> int:
    """Check the data folder, print a summary and write the list of findings."""
    from bwk import registrations

    checked = _checked(options.data)
    options.output.mkdir(parents=True, exist_ok=True)
    registrations.write_findings(checked.findings, options.output / FINDINGS)
    for finding in checked.findings[:SHOWN]:
        sentence = f"{finding.severity}: {finding.place}: {finding.message} {finding.remedy}"
        print(formats.visible(sentence.rstrip()))  # on one line, whatever a name holds
    rows = {file.name: formats.count(file.read, "rij", "rijen") for file in checked.counts}
    for account in checked.accounts[:SHOWN]:
        visits = formats.count(account.visits, "bezoek", "bezoeken")
        people = formats.count(account.people, "mens", "mensen")
        days = f"{formats.day(account.first)} tot en met {formats.day(account.last)}"
        file = formats.visible(account.file)
        print(
            f"gelezen: {file}: {rows[account.file]}, {visits}, {people} met een pseudoniem, {days}."
        )
    print(_summary(checked))
    return DataError.exit_status if checked.errors else DONE


def run(options: argparse.Namespace) -> int:
    """Make the reports of a period that are out of date, and tell whoever wants to know."""
    if options.dry_run:
        return _plan(options)
    try:
        with alone(options.target):
            return _made(options)
    except DefinitiveError:
        from bwk import review

        review.write_overview(options.output)  # whoever made it definitive may have been stopped
        raise
    except Exception as failure:
        _tell(options, "mislukt", [f"Fout: {readable(failure)}"])
        raise


def _tell(options: argparse.Namespace, outcome: "Outcome", lines: Sequence[str]) -> None:
    from bwk.batch.notices import Notice, send

    notice = Notice(str(options.period), outcome, lines)
    if problem := send(notice, options.data, options.output):
        print(problem, file=sys.stderr)


def _refuse_definitive(options: argparse.Namespace) -> None:
    if outputs.editions(options.target):
        raise DefinitiveError(
            f"De verslagen over {options.period} zijn definitief: verbeter ze met "
            f'bwk finalize {options.period} --correct "waarom".'
        )


def _made(options: argparse.Namespace) -> int:
    """Make reports, where no other command works on the period."""
    clear(options.data, options.notebooks, options.output)
    _refuse_definitive(options)
    if options.nothing_sent:
        from bwk.facts import issued

        issued.forget(options.output, options.period.folder)
    if not options.force and (ready := _up_to_date(options)):
        count = len(ready)
        print(f"Niets veranderd: {count} van {count} klaar, in {options.period.folder}.")
        status, points = DONE, [report.open for report in ready]
    else:
        if _is_early(options):
            print(_EARLY.format(options.period, periods.half_year_of(options.period.last)))
        reports = _run(options)
        status, points = _concluded(options, reports), [report.open for report in reports]
    if status == DONE and options.fail_on_open_points and any(points):
        return SOME_FAILED
    return status


def _concluded(options: argparse.Namespace, reports: "Sequence[Report]") -> int:
    """Say how a run came out, here and to whoever wants to know; return its exit status."""
    failed = [report for report in reports if report.error]
    record = inputs.record(options.target)
    outcome = [f"{len(reports) - len(failed)} van {len(reports)} klaar, in {options.period.folder}"]
    outcome += [f"{report.title}: {report.error}".rstrip(".") for report in failed]
    lines = ["; ".join(outcome) + "."]
    lines += [_warned(record.warnings)] * bool(record.warnings)
    lines += [_corrected(record.corrected, options.period)] * bool(record.corrected)
    lines += _strays(options, record.stems)
    print(*lines, sep="\n")
    _tell(options, "mislukt" if failed else "waarschuwingen" if lines[1:] else "klaar", lines)
    if not failed:
        return DONE
    refused = all(isinstance(report.error, WorkbookError) for report in failed)
    return WorkbookError.exit_status if refused else SOME_FAILED


def _plan(options: argparse.Namespace) -> int:
    from bwk import batch

    _refuse_definitive(options)
    for job in batch.plan(_order(options)):
        prospect = f"wordt gemaakt: {job.reason}" if job.reason else "is klaar"
        print(f"{job.title}: {prospect}.")
    return DONE


def _warned(count: int) -> str:
    number = formats.count(count, "waarschuwing", "waarschuwingen")
    return f"Over de gegevens: {number}. Met ‘bwk check’ ziet u wat er niet of anders is gelezen."


def _corrected(count: int, period: Period) -> str:
    cause = "omdat ze door een kleine correctie veranderden"
    held = formats.count(count, "cijfer is achtergehouden,", "cijfers zijn achtergehouden,")
    return (
        f"{held} {cause}. Is van {period} nog niets verstuurd? Dan staan ze er weer met "
        f"bwk run {period} --nothing-sent."
    )


def _up_to_date(options: argparse.Namespace) -> "list[Made] | None":
    """Return the records of the reports where nothing has to be made."""
    folders = options.data, options.notebooks, options.output
    key = inputs.key(*folders, options.period.folder, options.skip_bad_rows)
    return inputs.made(options.target, key, options.locations)


def _order(options: argparse.Namespace) -> "Order":
    from bwk import batch

    return batch.Order(
        options.period,
        options.locations,
        options.data,
        options.notebooks,
        options.output,
        skip_bad_rows=options.skip_bad_rows,
        force=options.force,
        workers=options.jobs,
        cluster=options.dask,
    )


def _run(options: argparse.Namespace) -> "list[Report]":
    """Make reports, telling of each, and keep the version that they are."""
    from bwk import batch, review

    def conclude() -> None:
        review.keep(options.target, date.today())
        review.judge(options.target)
        review.write_overview(options.output)

    log = _logged(options.log, options.period)
    period = str(options.period)
    with tqdm(desc=period, unit="verslag", disable=not sys.stderr.isatty()) as bar:

        def tell(report: "Report", total: int) -> None:
            bar.total = total
            bar.update()
            tqdm.write(_line(report))
            log(_line(report))

        return batch.run(_order(options), tell, conclude)


def _is_early(options: argparse.Namespace) -> bool:
    """Whether a part of a half-year is to be issued, and nothing of that part or the whole was."""
    period, half_year = options.period, periods.half_year_of(options.period.last)
    is_part = half_year.first <= period.first and period.name != half_year.name
    folders = (half_year.folder, period.folder)
    return is_part and not any((options.output / folder).exists() for folder in folders)


def _logged(folder: Path | None, period: Period) -> Callable[[str], None]:
    """Return what writes a line, with the time, in the log of this run, if there is to be one."""
    path = folder / f"{period.folder}-{datetime.now():%Y%m%d-%H%M%S}.log" if folder else None
    if folder:  # who may not write there hears so before any work
        try:
            folder.mkdir(parents=True, exist_ok=True)
            TemporaryFile(dir=folder).close()
        except OSError:
            raise UsageError(
                f"In {folder} kan geen logboek worden geschreven. Kies bij --log een andere map."
            ) from None

    def log(line: str) -> None:
        if path:
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{datetime.now():%H:%M:%S} {line}\n")

    return log


def open_(options: argparse.Namespace) -> int:
    """Make the workbooks of a period, and bring those that are there to the current template."""
    from bwk import opening

    def tell(workbook: "Opened", total: int) -> None:
        print(f"{workbook.path.name}: {workbook.state}.", *workbook.notes, flush=True)

    with alone(options.target):
        opened = opening.open_period(_book(options), options.notebooks, tell=tell)
    for sentence in _strays(options, [workbook.path.stem for workbook in opened]):
        print(sentence)
    refused = any(workbook.error for workbook in opened)
    return WorkbookError.exit_status if refused else DONE


def status(options: argparse.Namespace) -> int:
    """List what is still open in the workbooks of a period, and what reviewers asked."""
    from bwk import review

    refused = False
    listed = dict(_points(options))
    for scope, points in listed.items():
        if isinstance(points, WorkbookError):
            refused = True
            print(f"{scope}.ipynb: {REFUSED}. {points}")
            continue
        count = sum(not point.advice for point in points)
        print(f"{scope}.ipynb: {formats.count(count, 'open punt', 'open punten')}.")
        for point in points:
            print(f"  {'advies – ' * point.advice}{point}")
        for question in review.questions(options.target, scope):
            print(f"  {review.worded(question)}")
    for sentence in _strays(options, listed):
        print(sentence)
    return WorkbookError.exit_status if refused else DONE


def _strays(options: argparse.Namespace, scopes: Collection[str]) -> list[str]:
    """Return a sentence on each notebook beside the workbooks that comes in no report."""
    from bwk import workbook

    return list(workbook.strays(options.notebooks / options.period.folder, scopes))


def _book(options: argparse.Namespace) -> "FactBook":
    from bwk import facts

    return facts.read_book(
        options.data, options.output, options.period, skip_bad_rows=options.skip_bad_rows
    )


def _points(options: argparse.Namespace) -> "Iterator[tuple[str, list[Point] | WorkbookError]]":
    """Yield the open points of each workbook, or why it is refused."""
    from bwk import narrative

    sheets = _book(options).sheets
    for scope in sheets:
        path = options.notebooks / options.period.folder / f"{scope}.ipynb"
        try:
            yield scope, narrative.open_points(path, sheets, scope)
        except WorkbookError as error:
            yield scope, error


def compare(options: argparse.Namespace) -> int:
    """Write a page with what changed in the reports of a period."""
    from bwk import review

    against = options.against
    if re.fullmatch(r"\d{1,3}", against or ""):
        against = int(against)
    elif against is not None:
        against = options.output / periods.parse(against).folder
    page, sentences = review.compare(options.target, against)
    print(*sentences, f"De wijzigingen staan in {page.parent.name}/{page.name}.", sep="\n")
    return DONE


def review_(options: argparse.Namespace) -> int:
    """Write the page for a reviewer, or bring in the answers."""
    from bwk import review

    if options.answers:
        print(*review.bring_in(options.target, options.answers), sep="\n")
    else:
        page = review.review_file(options.target)
        print(f"Stuur {page.parent.name}/{page.name} naar de beoordelaar.")
    return DONE


def finalize(options: argparse.Namespace) -> int:
    """Make a period definitive, or correct what is."""
    from bwk import review

    options.locations = ()  # all of them, or nothing
    with alone(options.target):
        if options.correct and any(report.error for report in _run(options)):
            raise ReportError(
                "Een verslag kon niet worden gemaakt: er is niets definitief geworden."
            )
        folder = review.finalize(
            options.target,
            options.data,
            options.notebooks,
            partial(_open_points, options),
            date.today(),
            options.correct,
        )
    review.write_overview(options.output)
    place = f"{folder.parent.name}/{folder.name}"
    print(f"De verslagen over {options.period} zijn definitief. Ze staan in {place}.")
    return DONE


def _open_points(options: argparse.Namespace) -> dict[str, list[str]]:
    """Return what is still to be done in each workbook; WorkbookError where one is refused."""
    points = {}
    for scope, listed in _points(options):
        if isinstance(listed, WorkbookError):
            raise listed
        points[scope] = [str(point) for point in listed if not point.advice]
    return points


def verify(options: argparse.Namespace) -> int:
    """Check that what is definitive is still as it was."""
    from bwk import review

    problems = review.verify(options.target)
    return _told(problems, f"Alles in {options.target.name} is zoals het definitief werd.")


def reproduce(options: argparse.Namespace) -> int:
    """Make the reports of a definitive folder anew."""
    from bwk import review

    differences = review.reproduce(options.folder, options.data)
    return _told(differences, "De cijfers en verslagen komen precies zo uit de data.")


def _told(problems: Sequence[str], success: str) -> int:
    print(*(problems or [success]), sep="\n")
    return SOME_FAILED if problems else DONE


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


def doctor_(options: argparse.Namespace) -> int:
    """Try whether this machine can make reports."""
    from bwk import doctor

    hindered = False
    for trial in doctor.examine(doctor.Folders(options.data, options.notebooks, options.output)):
        print(trial, flush=True)
        hindered |= trial.hinders
    return SOME_FAILED if hindered else DONE


def init(options: argparse.Namespace) -> int:
    """Write a data folder to begin with."""
    from bwk.lists import starting

    start = starting.Start(
        options.name,
        options.city,
        [starting.location(text) for text in options.location],
        [starting.service(text) for text in options.service],
        options.threshold,
    )
    if not options.yes:
        start = starting.asked(start, _asked)
    steps = starting.begin(options.folder, start)
    print(
        f"De map {options.folder.name} is gemaakt. Lees {starting.GUIDE} daarin.", *steps, sep="\n"
    )
    return DONE


def import_(options: argparse.Namespace) -> int:
    """Bring lists that people keep into the data folder."""
    from bwk import lists

    year = str(options.year or "")
    answers = lists.Answers(location=options.location, service=options.service, year=year)
    ask = None if options.yes else _asked
    for file in options.files:
        brought = lists.bring(file, options.data, answers, ask=ask)
        visits = formats.count(brought.visits, "bezoek", "bezoeken")
        people = formats.count(brought.people, "mens", "mensen")
        place = f"{brought.path.parent.name}/{brought.path.name}"
        closing = f"{place} is gemaakt, met {visits}; {people} met een pseudoniem."
        print(f"{closing} {brought.unread}".strip())
    return DONE


def _asked(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        raise UsageError(
            "Niemand kan antwoorden: gebruik --yes, met --location, --service en --year."
        ) from None


def _checked(data: Path) -> "Check":
    """Check the registrations, and `programma.toml` with them."""
    from bwk import programme, registrations

    checked = apart(registrations.check, data)
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


def _option(name: str, help: str, **settings: Any) -> Option:
    return name, {"help": help, **settings}


_PERIOD = _option("words", "zoals 2018-H1", nargs="*", metavar="PERIODE")
_RUN = [
    _option("words", "zoals 2018-H1 top", nargs="*", metavar="PERIODE LOCATIE"),
    _option("--jobs", "zoveel verslagen tegelijk", type=int, metavar="N"),
    _option("--dask", "maak ze op een Dask-cluster", default="", metavar="ADRES"),
    _option("--log", "schrijf daar een logboek", type=Path, metavar="MAP"),
    _option("--force", "maak ook wat niet veranderd is", action="store_true"),
    _option("--dry-run", "zeg wat er zou gebeuren, en waarom", action="store_true"),
    _option("--fail-on-open-points", "status 1 als er open punten zijn", action="store_true"),
    _option("--nothing-sent", "er is nog niets van verstuurd", action="store_true"),
    _option("--skip-bad-rows", "laat rijen met fouten weg en tel ze", action="store_true"),
]
_WITH = _option("--with", "versie, of een andere periode", dest="against", metavar="N")
_ANSWERS = _option("--answers", "antwoorden van de beoordelaar", type=Path, metavar="FILE")
_CORRECT = _option("--correct", "verbeter wat definitief is", default="", metavar="REDEN")
_FOLDER = _option("folder", "zoals output/2018-H1/definitief-1", type=Path, metavar="FOLDER")
_FILE = _option("file", "bestand met namen of nummers", type=Path, nargs="?", metavar="FILE")
_COLUMN = _option("--column", "kolom met namen of nummers", default="", metavar="KOLOM")
_EXPORT = _option("--export-key", "schrijf de sleutel in een bestand", type=Path, metavar="FILE")
_IMPORT = _option("--import-key", "neem de sleutel van elders over", type=Path, metavar="FILE")
_PSEUDONYMS = [_FILE, _COLUMN, _EXPORT, _IMPORT]
_START = [
    _option("folder", "de nieuwe datamap", type=Path, metavar="NIEUWE-MAP"),
    _option("--name", "naam van het programma", default="", metavar="NAAM"),
    _option("--city", "plaats", default="", metavar="PLAATS"),
    _option(
        "--location", "'naam; wijk; opening', mag vaker", action="append", default=[], metavar="L"
    ),
    _option("--service", "'naam; leefgebied', mag vaker", action="append", default=[], metavar="D"),
    _option("--threshold", "minste aantal mensen", type=int, default=5, metavar="N"),
    _option("--yes", "stel geen vragen", action="store_true"),
]
_LISTS = [
    _option("files", "lijst, als xlsx, ods of csv", type=Path, nargs="+", metavar="FILE"),
    _option("--yes", "stel geen vragen", action="store_true"),
    _option("--location", "van deze locatie", default="", metavar="LOCATIE"),
    _option("--service", "van deze dienst", default="", metavar="DIENST"),
    _option("--year", "van dit jaar", type=int, metavar="JAAR"),
]
COMMANDS: dict[str, tuple[Callable, str, list[Option]]] = {
    "check": (check, "Controleer de registraties.", []),
    "compare": (compare, "Toon wat er in de verslagen is veranderd.", [_PERIOD, _WITH]),
    "doctor": (doctor_, "Probeer of deze computer verslagen kan maken.", []),
    "finalize": (finalize, "Maak de verslagen van een periode definitief.", [_PERIOD, _CORRECT]),
    "init": (init, "Maak een datamap om mee te beginnen.", _START),
    "import": (import_, "Neem een lijst over in de datamap.", _LISTS),
    "lab": (start_lab, "Open de werkboeken in JupyterLab.", [_PERIOD]),
    "open": (open_, "Maak de werkboeken van een periode, of werk ze bij.", [_PERIOD]),
    "pseudonymize": (pseudonymize, "Maak van namen pseudoniemen.", _PSEUDONYMS),
    "reproduce": (reproduce, "Maak een definitief verslag na uit de data.", [_FOLDER]),
    "review": (review_, "Maak het bestand voor de beoordelaar.", [_PERIOD, _ANSWERS]),
    "run": (run, "Maak de verslagen van een periode.", _RUN),
    "status": (status, "Toon wat er in de werkboeken nog open staat.", [_PERIOD]),
    "verify": (verify, "Controleer of wat definitief is niet is veranderd.", [_PERIOD]),
}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="bwk", description="Van registraties naar tussenrapportage.")
    # A correction is a run as well, without the options of one.
    parser.set_defaults(skip_bad_rows=None, force=False, jobs=None, dask="", log=None, words=())
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
