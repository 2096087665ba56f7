"""The commands: prints errors as a sentence, sets the exit status."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from tqdm import tqdm

from bwk import batch, facts, formats, lab, narrative, opening, periods, programme, registrations
from bwk.batch import Folders, Report
from bwk.errors import BwkError, DataError, UsageError, WorkbookError
from bwk.periods import Period

DONE, SOME_FAILED, INTERRUPTED = 0, 1, 130
FINDINGS, SHOWN = "controle.csv", 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.
    """
    try:
        options = _parser().parse_args(arguments)
        return options.command(options)
    except BwkError as error:
        print(f"Fout: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("Gestopt. Wat klaar was, is bewaard.", file=sys.stderr)
        return INTERRUPTED


def check(options: argparse.Namespace) -> int:
    """Check the data folder, print a summary and write the list of findings."""
    found = _checked(options.data)
    options.output.mkdir(parents=True, exist_ok=True)
    registrations.write_findings(found.findings, options.output / FINDINGS)
    for finding in found.findings[:SHOWN]:
        place = f"{finding.severity}: {finding.place}"
        print(" ".join(filter(None, (f"{place}:", finding.message, finding.remedy))))
    print(_summary(found))
    return DataError.exit_status if found.errors else DONE


def run(options: argparse.Namespace) -> int:
    """Make the reports of a period."""
    period, locations = _period_and_locations(options.words)
    with tqdm(desc=str(period), unit="verslag", disable=not sys.stderr.isatty()) as bar:

        def tell(report: Report, total: int) -> None:
            bar.total = total
            bar.update()
            tqdm.write(_line(report))

        reports = batch.run(
            period,
            locations,
            _folders(options),
            skip_bad_rows=options.skip_bad_rows,
            workers=options.jobs,
            tell=tell,
        )
    failed = [report for report in reports if report.error]
    print(f"{len(reports) - len(failed)} van {len(reports)} klaar, in {period.slug}.")
    refused = [isinstance(report.error, WorkbookError) for report in failed]
    if refused and all(refused):
        return WorkbookError.exit_status
    return SOME_FAILED if failed else DONE


def open_(options: argparse.Namespace) -> int:
    """Make the workbooks of a period, and bring those that are there to the current template."""
    period, _ = _period_and_locations(options.words)
    opened = opening.open_period(
        facts.read_book(options.data, options.output, period), options.notebooks
    )
    for one in opened:
        print(f"{one.path.name}: {one.state}.", *one.notes)
    refused = any(one.error for one in opened)
    return WorkbookError.exit_status if refused else DONE


def status(options: argparse.Namespace) -> int:
    """List what is still open in the workbooks of a period."""
    period, _ = _period_and_locations(options.words)
    sheets = facts.read_book(options.data, options.output, period).sheets
    for name in sheets:
        path = options.notebooks / period.slug / f"{name}.ipynb"
        points = narrative.open_points(path, sheets, name)
        left = sum(not point.advice for point in points)
        print(f"{path.name}: {formats.count(left, 'open punt', 'open punten')}.")
        for point in points:
            print(f"  {'advies – ' * point.advice}{point.section}: {point.message}")
    return DONE


def start_lab(options: argparse.Namespace) -> int:
    """Open JupyterLab with the workbooks."""
    period = periods.parse(options.words[0]) if options.words else None
    return lab.start(options.notebooks, period, data=options.data, output=options.output)


def pseudonymize(options: argparse.Namespace) -> int:
    """Turn names or member numbers in a file into pseudonyms."""
    made = registrations.pseudonymize(options.file, column=options.column, data=options.data)
    rows, people = (
        formats.count(made.rows, "rij", "rijen"),
        formats.count(made.people, "mens", "mensen"),
    )
    print(f"{made.path.name} is gemaakt, met {rows} van {people}.", *made.notes, sep="\n")
    return DONE


def _checked(data: Path) -> registrations.Check:
    """Check the registrations, and `programma.toml` with them."""
    found = registrations.check(data)
    try:
        programme.read(data)
    except DataError as error:
        wrong = registrations.Finding("fout", programme.FILE, message=str(error))
        return replace(found, findings=(wrong, *found.findings))
    return found


def _summary(found: registrations.Check) -> str:
    read, used = (sum(getattr(file, name) for file in found.counts) for name in ("read", "used"))
    notes = len(found.findings) - len(found.errors) - len(found.warnings)
    kinds = (
        formats.count(len(found.errors), "fout", "fouten"),
        formats.count(len(found.warnings), "waarschuwing", "waarschuwingen"),
        formats.count(notes, "opmerking", "opmerkingen"),
    )
    return (
        f"{formats.enumeration(kinds)}. {formats.count(read, 'rij', 'rijen')} gelezen, "
        f"{formats.number(used)} gebruikt, {formats.number(read - used)} gemeld en niet gebruikt. "
        f"De hele lijst staat in {FINDINGS} in de uitvoermap."
    )


def _line(report: Report) -> str:
    if report.error:
        return f"✗ {report.title}: {report.error}"
    if report.open:
        points = formats.count(report.open, "open punt", "open punten")
        return f"✓ {report.title} ({formats.number(report.seconds, 1)} s; concept, {points})"
    return f"✓ {report.title} ({formats.number(report.seconds, 1)} s)"


def _period_and_locations(words: Sequence[str]) -> tuple[Period, Sequence[str]]:
    if words and re.match(r"\d", words[0]):
        return periods.parse(words[0]), words[1:]
    return periods.last_ended_half_year(date.today()), words


def _folders(options: argparse.Namespace) -> Folders:
    return Folders(options.data, options.notebooks, options.output)


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


def _run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="PERIODE LOCATIE", help="zoals 2018-H1 top")
    parser.add_argument("--jobs", type=int, metavar="N", help="zoveel verslagen tegelijk")
    parser.add_argument("--force", action="store_true", help="maak ook wat niet veranderd is")
    parser.add_argument(
        "--skip-bad-rows", action="store_true", help="laat rijen met fouten weg en tel ze"
    )


def _pseudonymize_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="bestand met namen of nummers")
    parser.add_argument("--column", default="", metavar="KOLOM", help="kolom met namen of nummers")


def _period_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="PERIODE", help="zoals 2018-H1")


def _no_options(parser: argparse.ArgumentParser) -> None:
    pass


COMMANDS: dict[str, tuple[Callable, Callable, str]] = {
    "check": (check, _no_options, "Controleer de registraties."),
    "lab": (start_lab, _period_options, "Open de werkboeken in JupyterLab."),
    "open": (open_, _period_options, "Maak de werkboeken van een periode, of werk ze bij."),
    "pseudonymize": (pseudonymize, _pseudonymize_options, "Maak van namen pseudoniemen."),
    "run": (run, _run_options, "Maak de verslagen van een periode."),
    "status": (status, _period_options, "Toon wat er in de werkboeken nog open staat."),
}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="bwk", description="Van registraties naar tussenrapportage.")
    commands = parser.add_subparsers(required=True, metavar="COMMANDO", parser_class=_Parser)
    for name, (command, add_options, help) in COMMANDS.items():
        added = commands.add_parser(name, help=help, description=help)
        added.set_defaults(command=command)
        add_options(added)
        _add_folders(added)
    return parser


def _add_folders(parser: argparse.ArgumentParser) -> None:
    data = os.environ.get("BWK_DATA") or "data"
    for name, default in (("data", data), ("notebooks", "notebooks"), ("output", "output")):
        parser.add_argument(
            f"--{name}",
            type=Path,
            default=Path(default),
            metavar="MAP",
            help=f"standaard {default}",
        )


if __name__ == "__main__":
    sys.exit(main())
