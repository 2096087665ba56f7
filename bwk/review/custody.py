"""The sums of definitive editions: what they state, what they print, what is no longer so."""

import hashlib
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from itertools import filterfalse
from pathlib import Path, PurePosixPath

from bwk import inputs, outputs
from bwk.errors import UsageError
from bwk.files import settle, write
from bwk.outputs import EDITION

WRITABLE = 0o222
# What the reports of an edition are made from, by the beginning of its name there.
ORIGINS = (outputs.FACTS, outputs.TABLE, f"{outputs.WORKBOOKS}/", f"{outputs.TEMPLATES}/", "../")
LINK = "koppeling"
SIGNATURES = (".minisig", ".asc", ".sig")
CODE = re.compile(rb"bwk-[0-9a-f]{16}")


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
        problems += [f"{edition.name}: {problem}" for problem in what_changed(edition)]
        problems += [f"{edition.name}: {name} kan veranderd worden." for name in _open(edition)]
    return problems


def seal(folder: Path, edition: Path) -> None:
    """Write the sums, with that of the edition before, and let nobody change the folder.

    Those of all editions are noted beside them: then none can go unseen. Of one that was noted
    and did not come to be, as somebody stopped the command, the next has the same name.
    """
    write(folder / outputs.SUMS, _listed(sums_of(folder) | sum_before(edition)))
    for path in (*folder.rglob("*"), folder):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~WRITABLE)
        settle(path)
    beside = outputs.intern(edition.parent)
    noted = _sealed(outputs.editions(edition.parent)) | stated_sums(beside)
    noted[edition.name] = inputs.digest([folder / outputs.SUMS])
    write(beside / outputs.SUMS, _listed(noted), lasting=True)


def code_of(sums: Mapping[str, str]) -> str:
    """Return the code that the reports of an edition print, of its sums.

    It is of what they are made from, and of the edition before: not of the reports, which print
    it, nor of `run.json`, which holds times.
    """
    origins = {name: sha256 for name, sha256 in sums.items() if name.startswith(ORIGINS)}
    return f"bwk-{hashlib.sha256(_listed(origins).encode()).hexdigest()[:16]}"


def stated_sums(folder: Path) -> dict[str, str]:
    """Read the sums that a folder states; UsageError where they are damaged."""
    path = folder / outputs.SUMS
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return {name: sha256 for sha256, name in (line.split("  ", 1) for line in lines)}
    except ValueError:
        raise UsageError(f"{folder.name}/{outputs.SUMS} is beschadigd.") from None


def sums_of(folder: Path) -> dict[str, str]:
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


def sum_before(folder: Path) -> dict[str, str]:
    """Return the name and the sum of the sums of the edition before; empty where it is gone."""
    name = f"../{EDITION}-{outputs.edition_number(folder) - 1}/{outputs.SUMS}"
    path = folder.parent / Path(name).relative_to("..")
    return {name: inputs.digest([path])} if path.exists() else {}


def what_changed(folder: Path) -> list[str]:
    """Say what in an edition is not as it states."""
    if not (folder / outputs.SUMS).is_file():
        return [f"{outputs.SUMS} ontbreekt."]
    try:
        stated = stated_sums(folder)
    except UsageError as damage:
        return [str(damage)]
    before = sum_before(folder)
    names = [name for name in stated if not name.startswith("../")]
    parents = {parent.as_posix(): "" for name in names for parent in PurePosixPath(name).parents}
    parents.pop(".", None)
    own = {name: stated[name] for name in names}
    chain = {name: stated[name] for name in stated if name in before}
    problems = _unlike(own | parents | chain, sums_of(folder) | before)
    return problems or [*_misprinted(folder, code_of(stated))]


def _listed(sums: Mapping[str, str]) -> str:
    """Write sums as `sha256sum` does."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items()) if sha256)


def _sealed(folders: Iterable[Path]) -> dict[str, str]:
    """Return the sum of the sums in each edition, by its name."""
    return {
        folder.name: LINK if folder.is_symlink() else inputs.digest([folder / outputs.SUMS])
        for folder in folders
    }


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
    stated = stated_sums(outputs.intern(target))
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
