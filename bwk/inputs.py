"""What the reports of a period are made from, as hashes: soon told where nothing has changed.

This module needs no pandas, so that such a run is over before that is loaded.
"""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bwk import keys, outputs
from bwk.errors import UsageError, WorkbookError

TOOLS = ("bwk", "matplotlib", "nbconvert", "pandas", "papermill", "scipy", "seaborn", "typst")
PACKAGE = Path(__file__).parent
_CARRIED = PACKAGE / "project"  # in a wheel: what stands beside the package in a checkout
PROJECT = _CARRIED if _CARRIED.is_dir() else PACKAGE.parent
OWN_TEMPLATES = PROJECT / "notebooks" / outputs.TEMPLATES


def template(notebooks: Path, scope: str) -> Path:
    """Return the template of a report (the city's, or of any location): the folder's, else our own.

    Raises
    ------
    WorkbookError
        If there is none.
    """
    kind = outputs.CITY if scope == outputs.CITY else "locatie"
    for folder in (notebooks / outputs.TEMPLATES, OWN_TEMPLATES):
        if (path := folder / f"{kind}.ipynb").is_file():
            return path
    raise WorkbookError(f"Het sjabloon {outputs.TEMPLATES}/{kind}.ipynb ontbreekt: zet het terug.")


def digest(paths: Iterable[Path]) -> str:
    """Return the sha256 of files, one after the other; a file that is not there is empty."""
    sha256 = hashlib.sha256()
    for path in paths:
        sha256.update(path.read_bytes() if path.is_file() else b"")
    return sha256.hexdigest()


def hashed(content: Any) -> str:
    """Return the sha256 of plain values."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@cache
def versions() -> dict[str, str]:
    """Return the versions of what a report is made with."""
    return {"python": platform.python_version(), **{tool: version(tool) for tool in TOOLS}}


@cache
def code() -> str:
    """Return a hash of the package: its modules, templates, styles and declarations."""
    return digest(_files(PACKAGE))


def key(data: Path, notebooks: Path, output: Path, folder: str, skip_bad_rows: bool = False) -> str:
    """Return a hash of everything that the reports of a period, by its folder, are made from.

    It begins with that of `sources`.
    """
    own = sources(data, notebooks, folder, skip_bad_rows)
    return f"{own}-{issued_key(output, folder)}"


def sources(data: Path, notebooks: Path, folder: str, skip_bad_rows: bool = False) -> str:
    """Return a hash of data, templates, workbooks and code, apart from what was issued before."""
    files = [
        *_files(notebooks / "sjablonen"),
        *_files(OWN_TEMPLATES),
        *(path for path in _files(notebooks / folder) if path.suffix in (".ipynb", ".json")),
        notebooks / outputs.WORDS,
    ]
    made_with = [folder, skip_bad_rows, code(), versions()]
    return hashed([*made_with, registered(data), _named(files)])


def facts_key(data: Path, output: Path, folder: str, skip_bad_rows: bool = False) -> str:
    """Return a hash of everything that the facts of a period are worked out from."""
    made_with = [folder, skip_bad_rows, code(), versions()]
    return hashed([*made_with, registered(data), issued_key(output, folder)])


def issued_key(output: Path, folder: str) -> str:
    """Return a hash of all that was issued before the facts of a period are worked out.

    Where nothing was issued since the period itself, its last issue is left out: the same facts
    follow without it.
    """
    path = output / outputs.ISSUED
    lines = path.read_bytes().splitlines() if path.exists() else []
    start = f'{{"periode":"{folder}","cijfers":[['.encode()
    if lines and lines[-1].startswith(start):
        lines.pop()
    beside = [each for each in output.glob(outputs.ISSUED.replace(".", "-*.")) if each != path]
    earlier = [target / outputs.FACTS for target in outputs.period_folders(output)]
    unnoted = [facts for facts in earlier if not record(facts.parent).issued]
    return hashed(
        [[line.decode(errors="replace") for line in lines], _named([*sorted(beside), *unnoted])]
    )


def registered(data: Path) -> str:
    """Return a keyed hash of the data files."""
    return keys.seal(data, hashed(_named(_files(data))))


def made(target: Path, wanted: str, stems: Sequence[str] = ()) -> list[outputs.Made] | None:
    """Return the records of reports whose key is, or begins with, `wanted`.

    None where one was not, failed, or is no longer as it was written. Without `stems` all
    reports of the period are meant.
    """
    run = record(target)
    reports = [run.reports.get(stem, outputs.Made()) for stem in stems or run.stems]
    up_to_date = all(report.key.startswith(wanted) and intact(target, report) for report in reports)
    is_whole = run.files and unchanged(target, run.files)
    return reports if reports and up_to_date and is_whole else None


def record(target: Path) -> outputs.Run:
    """Read what the last run left of itself; empty where there is nothing that can be read."""
    try:
        return outputs.load(outputs.intern(target) / outputs.RUN, outputs.Run)
    except (OSError, UsageError):
        return outputs.Run()


def intact(target: Path, report: outputs.Made) -> bool:
    """Tell whether a report did not fail, and its files are as they were written."""
    return not report.error and unchanged(target, report.files)


def unchanged(target: Path, files: Mapping[str, str]) -> bool:
    """Tell whether files, by their name, still have their hash."""
    return all(digest([target / name]) == sha256 for name, sha256 in files.items())


def _named(paths: Iterable[Path]) -> list[list[str]]:
    return [[f"{path.parent.name}/{path.name}", digest([path])] for path in paths]


def _files(folder: Path) -> list[Path]:
    """Return all files in a folder but the hidden, and what Python keeps of its modules."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and not any(step.startswith(".") for step in path.relative_to(folder).parts)
    )
