"""Whether this machine can make reports: each thing that a run needs is tried beforehand."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir

import nbformat.v4 as nbf
import psutil  # type: ignore[import-untyped]

from bwk import execute, export, files, formats, kernel, keys, programme
from bwk.errors import BwkError, readable

LEAST_SPACE = 500_000_000  # bytes: a year of reports, with their versions
LEAST_NODES = 2_000  # files of a run over forty locations, twice
LEAST_MEMORY = 1_000_000_000  # bytes: what a run over forty locations takes
SLOW = 60  # seconds for a report of nothing
A_DAY = 86_400


@dataclass(frozen=True)
class Folders:
    """The folders that a run is given."""

    data: Path
    notebooks: Path
    output: Path


@dataclass(frozen=True)
class Trial:
    """What was tried, and what to do; nothing where all is well. A run goes on without advice."""

    subject: str
    remedies: Sequence[str]
    is_advice: bool

    @property
    def hinders(self) -> bool:
        return bool(self.remedies) and not self.is_advice

    def __str__(self) -> str:
        if not self.remedies:
            return f"✓ {self.subject}: goed."
        return f"{'!' if self.is_advice else '✗'} {self.subject}: {' '.join(self.remedies)}"


def examine(folders: Folders) -> Iterator[Trial]:
    """Try all that a run needs, and what helps; yield each trial when it is done."""
    for subject, attempt in NEEDED.items():
        yield Trial(subject, _outcome(attempt, folders), is_advice=False)
    for subject, attempt in USEFUL.items():
        yield Trial(subject, _outcome(attempt, folders), is_advice=True)


def _outcome(attempt: Callable[[Folders], Iterator[str]], folders: Folders) -> list[str]:
    try:
        return list(attempt(folders))
    except Exception as failure:
        return [str(readable(failure))]


def _data(folders: Folders) -> Iterator[str]:
    """The data folder and its programme can be read."""
    programme.read(folders.data)
    for path in folders.data.rglob("*"):
        if path.is_file():
            try:
                path.open("rb").close()
            except OSError:
                place = path.relative_to(folders.data).as_posix()
                yield f"{place} kan niet worden gelezen: geef deze gebruiker het recht daarop."


def _writing(folders: Folders) -> Iterator[str]:
    """Files can be written whole in the output folder, and workbooks renewed."""
    for folder in (folders.output, folders.notebooks):
        is_new = not folder.exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            trial = folder / f"{files.UNFINISHED}proef"
            files.write(trial, "proef", lasting=True)
            trial.unlink()
        except OSError:
            yield f"In {folder.name} kan deze gebruiker niet schrijven: geef hem het recht daarop."
        if is_new:
            with suppress(OSError):
                folder.rmdir()


def _space(folders: Folders) -> Iterator[str]:
    """The disks of the output and of temporary files have room."""
    places = {"de uitvoermap": folders.output, "tijdelijke bestanden": Path(gettempdir())}
    for name, folder in places.items():
        free = shutil.disk_usage(_nearest(folder)).free
        if free < LEAST_SPACE:
            yield f"Voor {name} is nog {formats.number(free / 1e6)} MB vrij: maak ruimte."
        if _free_nodes(_nearest(folder)) < LEAST_NODES:
            yield f"Waar {name} staat, kunnen bijna geen bestanden meer bij: ruim er op."


def _memory(folders: Folders) -> Iterator[str]:
    if (free := psutil.virtual_memory().available) < LEAST_MEMORY:
        yield f"Er is {formats.number(free / 1e6)} MB geheugen vrij: sluit andere programma's."


def _clock(folders: Folders) -> Iterator[str]:
    """No file comes from the future, which is what a clock that was set back looks like."""
    now = datetime.now(UTC).timestamp()
    places = (folders.data, folders.output, folders.notebooks)
    changed = [path.stat().st_mtime for place in places for path in place.glob("*")]
    if max(changed, default=0) > now + A_DAY:
        yield "De klok van deze computer loopt achter op de bestanden: zet hem goed."


def _report(folders: Folders) -> Iterator[str]:
    """A report of one cell is made, as page and as PDF, in the way in which a run does."""
    began = time.monotonic()
    cells = [nbf.new_markdown_cell("## Proef"), nbf.new_code_cell("import pandas, seaborn")]
    metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    notebook = nbf.new_notebook(cells=cells, metadata=metadata)
    with kernel.server(), files.workplace() as folder:
        executed = execute.execute(notebook, {})
        export.publish(export.build(executed), folder, "proef")
    if (seconds := time.monotonic() - began) > SLOW:
        yield (
            f"Een leeg verslag kost {formats.number(seconds)} seconden: "
            "kijk wat deze computer nog meer doet."
        )


def _locks(folders: Folders) -> Iterator[str]:
    folder = _nearest(folders.output)
    if not files.has_locks(folder):
        yield (
            f"De schijf van {folder.name} kent geen sloten: "
            "laat maar één computer tegelijk verslagen maken."
        )


def _key(folders: Folders) -> Iterator[str]:
    try:
        keys.of_user()
    except BwkError as error:
        yield str(error)


def _lab(folders: Folders) -> Iterator[str]:
    if not find_spec("jupyterlab"):
        yield "JupyterLab is niet geïnstalleerd. Alleen wie tekst schrijft, heeft het nodig."


def _spelling(folders: Folders) -> Iterator[str]:
    if not shutil.which("hunspell"):
        yield "Zonder hunspell met Nederlands is er geen advies over spelling."


def _telling(folders: Folders) -> Iterator[str]:
    chosen = programme.read(folders.data)
    if not chosen.notice_command and not chosen.notice_file:
        yield "Niemand krijgt bericht van een run: zie [melden] in programma.toml."
    if chosen.notice_command and not shutil.which(chosen.notice_command[0]):
        yield "Het programma in [melden] is er niet: installeer het, of noem een ander."


def _nearest(folder: Path) -> Path:
    """Return a folder, or the one in which it will be made."""
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())


def _free_nodes(folder: Path) -> int:
    """Return how many files a disk can still hold; many where it does not say."""
    if not hasattr(os, "statvfs"):
        return LEAST_NODES
    status = os.statvfs(folder)
    return status.f_favail if status.f_files else LEAST_NODES


NEEDED = {
    "De datamap": _data,
    "Schrijven": _writing,
    "Ruimte op de schijf": _space,
    "Geheugen": _memory,
    "De klok": _clock,
    "Een proefverslag": _report,
}
USEFUL = {
    "Sloten": _locks,
    "De sleutel": _key,
    "JupyterLab": _lab,
    "Spelling": _spelling,
    "Bericht van een run": _telling,
}
