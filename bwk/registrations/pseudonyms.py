"""Names or member numbers made into stable pseudonyms, with a key that stays on the machine."""

import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bwk import programme
from bwk.errors import DataError
from bwk.formats import enumeration
from bwk.registrations.cells import is_unknown
from bwk.registrations.columns import NAMES, fold
from bwk.registrations.findings import write_csv
from bwk.registrations.grids import Grid, UnreadableError, body, categories, header, parse
from bwk.registrations.reading import PERSONAL, letter

_COLUMNS = frozenset({"deelnemer", "persoon"})
_ENDINGS = (".csv", ".xlsx", ".ods")
_SUFFIX = ".pseudoniem"
_DIGITS, _LEAST = 12, 32


@dataclass(frozen=True)
class Pseudonymized:
    """The file that was made.

    Attributes
    ----------
    path : Path
        The new csv.
    rows, people : int
        Rows written, and distinct people in them.
    notes : tuple of str
        What was left out and what the user does next, in Dutch.
    """

    path: Path
    rows: int
    people: int
    notes: tuple[str, ...]


def pseudonymize(
    path: Path, *, column: str = "", key_file: Path | None = None, data: Path | None = None
) -> Pseudonymized:
    """Write `<stem>.pseudoniem.csv` beside a file, with pseudonyms in place of people.

    A pseudonym is the first 12 hexadecimal digits of the HMAC-SHA256 of the folded name
    (FIPS 198-1), after a `p`: the same key gives the same person the same pseudonym.

    Parameters
    ----------
    path : Path
        A csv, xlsx or ods with names or member numbers in `deelnemer` or `persoon`.
    column : str
        The column that holds them, where it has another name.
    key_file : Path, optional
        The key, made at first use; else the environment's `BWK_KEY`, else in the user's
        configuration folder.
    data : Path, optional
        The data folder, which may not hold the key.

    Raises
    ------
    DataError
        If the file or the key cannot be used.
    """
    path = Path(path)
    chosen = {fold(column, "_")} if column else _COLUMNS
    frame = _people(path, chosen)
    key = _key(Path(key_file or _default_key()), path, data)
    kept = [name for name in map(str, frame) if name in chosen or _is_safe(name)]
    new = frame[kept].assign(**{name: _hide(frame[name], key) for name in chosen & {*frame}})
    if column:
        new = new.rename(columns={fold(column, "_"): "persoon" if "rol" in new else "deelnemer"})
    target = path.with_name(f"{path.stem}{_SUFFIX}.csv")
    write_csv([[*new.columns], *new.astype(object).fillna("").itertuples(index=False)], target)
    hidden = pd.concat([new[name].astype(object) for name in new if name in _COLUMNS])
    left_out = [name for name in map(str, frame) if name not in kept]
    return Pseudonymized(target, len(new), hidden.nunique(), tuple(_notes(left_out)))


def _people(path: Path, chosen: Set[str]) -> pd.DataFrame:
    """Read the rows of every sheet that has a column with people."""
    try:
        if path.suffix.lower() not in _ENDINGS or path.stem.endswith(_SUFFIX):
            remedy = "Kies het bestand met de namen, als csv, xlsx of ods."
            raise UnreadableError("Van dit bestand kan bwk geen pseudoniemen maken.", remedy)
        found = [_rows(grid, chosen) for grid in parse(path.read_bytes(), path.suffix.lower())]
    except OSError:
        raise DataError(f"{path.name} is niet te openen: kijk of de naam klopt.") from None
    except UnreadableError as error:
        raise DataError(f"{path.name}: {' '.join(error.args)}") from None
    frames = [frame for frame in found if chosen & {*frame}]
    if not frames:
        raise DataError(
            f"{path.name} heeft geen kolom {enumeration(sorted(chosen), 'of')}: "
            "noem de kolom met de namen."
        )
    return pd.concat(frames, ignore_index=True)


def _rows(grid: Grid, chosen: Set[str]) -> pd.DataFrame:
    try:
        position, names = header(grid, NAMES | chosen, 1)
    except UnreadableError:
        return pd.DataFrame()
    if len({*names} - {""}) < len([name for name in names if name]):
        raise UnreadableError("Een kolom staat er twee keer.", "Houd er één over.")
    frame, _ = body(grid, position, names, {"aantal"})
    frame.columns = pd.Index([name or letter(place) for place, name in enumerate(names)])
    return frame


def _is_safe(name: str) -> bool:
    return name in NAMES and not PERSONAL.search(name)


def _hide(people: pd.Series, key: bytes) -> pd.Categorical:
    cells = people.astype("category").array
    texts = ["" if is_unknown(text) else _pseudonym(text, key) for text in cells.categories]
    return categories(texts, cells.codes)


def _pseudonym(text: str, key: bytes) -> str:
    """Make one pseudonym; capitals, spaces and accents make no difference."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    folded = " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())
    return "p" + hmac.new(key, folded.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def _notes(left_out: Sequence[str]) -> Iterator[str]:
    if left_out:
        yield f"Niet overgenomen: {enumeration([f'‘{name}’' for name in left_out])}."
    yield "Haal het bestand met de namen nu weg uit de datamap, en bewaar de sleutel goed."


def _default_key() -> Path:
    settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(os.environ.get("BWK_KEY") or Path(settings) / "bwk" / "sleutel")


def _key(file: Path, path: Path, data: Path | None) -> bytes:
    file, parents = file.expanduser().resolve(), path.resolve().parents
    folders = [parent for parent in parents if (parent / programme.FILE).exists()]
    folders += [Path(data).resolve()] if data else []
    if file.parent == parents[0] or any(file.is_relative_to(folder) for folder in folders):
        raise DataError("De sleutel staat in de datamap: zet hem ergens anders, alleen voor u.")
    try:
        if not file.exists():
            _make_key(file)
        if os.name != "nt" and file.stat().st_mode & 0o077:
            raise DataError("Anderen kunnen de sleutel lezen: geef alleen uzelf rechten (0600).")
        key = file.read_bytes().strip()
    except OSError:
        raise DataError("De sleutel is niet te lezen of te maken: kies een andere plek.") from None
    if len(key) < _LEAST:
        raise DataError("De sleutel is te kort: zet de goede terug, of kies een nieuwe plek.")
    return key


def _make_key(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(secrets.token_hex(_LEAST))
