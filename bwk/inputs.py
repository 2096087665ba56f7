"""What the reports of a period are made from, as hashes: soon told where nothing has changed.

This module needs no other package, so that such a run is over before they are loaded.
"""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

RUN = "run.json"
TOOLS = ("bwk", "matplotlib", "nbconvert", "pandas", "papermill", "scipy", "seaborn", "typst")
PACKAGE = Path(__file__).parent
_CARRIED = PACKAGE / "project"  # in a wheel: what stands beside the package in a checkout
PROJECT = _CARRIED if _CARRIED.is_dir() else PACKAGE.parent


def digest(paths: Iterable[Path]) -> str:
    """Return the sha256 of files, one after the other; a file that is not there is empty."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()


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


def key(data: Path, notebooks: Path, output: Path, slug: str, skip_bad_rows: bool = False) -> str:
    """Return a hash of everything that the reports of a period are made from."""
    templates = (folder / "sjablonen" for folder in (notebooks, PROJECT / "notebooks"))
    written = [path for path in _files(notebooks / slug) if path.suffix in (".ipynb", ".json")]
    files = [named for group in (*map(_files, templates), written) for named in _named(group)]
    return hashed([facts_key(data, output, slug, skip_bad_rows), files])


def facts_key(data: Path, output: Path, slug: str, skip_bad_rows: bool = False) -> str:
    """Return a hash of everything that the facts of a period are worked out from."""
    published = sorted(path for path in output.glob("*/feiten.json") if path.parent.name != slug)
    made_with = [slug, skip_bad_rows, code(), versions()]
    return hashed([*made_with, registered(data), _named(published)])


def registered(data: Path) -> str:
    """Return a hash of the data files."""
    return hashed(_named(_files(data)))


def made(target: Path, wanted: str, names: Sequence[str] = ()) -> dict[str, Any] | None:
    """Return the records of reports where each was made from what `wanted` is the key of.

    None where one was not, failed, or is no longer as it was written. Without `names` all
    reports of the period are meant.
    """
    run = record(target)
    reports = run.get("verslagen", {})
    found = {name: reports.get(name, {}) for name in names or run.get("alle", [])}
    same = all(each.get("invoer") == wanted and intact(target, each) for each in found.values())
    return found if found and same and intact(target, run) else None


def record(target: Path) -> dict[str, Any]:
    """Read what the last run left of itself; empty where there is nothing that can be read."""
    try:
        run = json.loads((target / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return run if isinstance(run, dict) else {}


def intact(target: Path, record: Mapping[str, Any]) -> bool:
    """Tell whether the files of a record are there as they were written, and nothing failed."""
    files = record.get("bestanden", {})
    return not record.get("fout") and all(digest([target / n]) == h for n, h in files.items())


def _named(paths: Iterable[Path]) -> list[list[str]]:
    return [[f"{path.parent.name}/{path.name}", digest([path])] for path in paths]


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sorted(p for p in found if not f"/{p.relative_to(folder).as_posix()}".count("/."))
