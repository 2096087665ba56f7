"""Names or member numbers made into stable pseudonyms, with a key that stays on the machine."""

import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bwk import programme
from bwk.errors import DataError
from bwk.formats import enumeration
from bwk.registrations.columns import NAMES, column_name
from bwk.registrations.findings import RefusedError, write_csv
from bwk.registrations.grids import below_header, parse
from bwk.registrations.values import is_nobody

_COLUMNS = frozenset({"deelnemer", "persoon"})
_ENDINGS = (".csv", ".xlsx", ".ods")
_SUFFIX = ".pseudoniem"
_DIGITS, _LEAST = 12, 32


@dataclass(frozen=True)
class Pseudonymized:
    """The csv that was made, its rows, the distinct people in them, and notes for the user."""

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
    path, chosen = Path(path), {column_name(column)} if column else _COLUMNS
    frame = _people(path, chosen)
    key = _key(key_file or _default_key(), path, data)
    new, people = _hidden(frame, chosen, key)
    left_out = [f"‘{name or 'zonder naam'}’" for name in frame if name not in new]
    if column:
        new = new.rename(columns={column_name(column): "persoon" if "rol" in new else "deelnemer"})
    target = path.with_name(f"{path.stem}{_SUFFIX}.csv")
    write_csv(new, target)
    notes = ["Haal het bestand met de namen nu weg uit de datamap, en bewaar de sleutel goed."]
    if left_out:
        notes.insert(0, f"Niet overgenomen: {enumeration(left_out)}.")
    return Pseudonymized(target, len(new), people, tuple(notes))


def _people(path: Path, chosen: Set[str]) -> pd.DataFrame:
    """Read the rows of every sheet that has a column with people."""
    ending = path.suffix.lower()
    if ending not in _ENDINGS or path.stem.endswith(_SUFFIX):
        raise DataError(
            f"Van {path.name} kan bwk geen pseudoniemen maken: "
            "kies het bestand met de namen, als csv, xlsx of ods."
        )
    frames = []
    try:
        for grid in parse(path.read_bytes(), ending):
            with suppress(RefusedError):
                frames.append(below_header(grid, chosen | NAMES, least=1)[1])
    except OSError:
        raise DataError(f"{path.name} is niet te openen: kijk of de naam klopt.") from None
    except RefusedError as error:
        raise DataError(f"{path.name}: {' '.join(error.args)}") from None
    frames = [frame for frame in frames if chosen & set(frame)]
    if not frames:
        wanted = enumeration(sorted(chosen), "of")
        raise DataError(f"{path.name} heeft geen kolom {wanted}: noem de kolom met de namen.")
    if any(frame.columns.has_duplicates for frame in frames):
        raise DataError(f"{path.name} heeft een kolom twee keer: houd er één over.")
    return pd.concat(frames, ignore_index=True).astype("str").fillna("")


def _hidden(frame: pd.DataFrame, chosen: Set[str], key: bytes) -> tuple[pd.DataFrame, int]:
    """Return the columns that are known, with pseudonyms for people, and how many people."""
    kept = frame.loc[:, frame.columns.isin(chosen | NAMES - {"naam"})]
    names = kept.loc[:, kept.columns.isin(chosen)]
    pseudonyms = names.map(lambda text: "" if is_nobody(text) else _pseudonym(text, key))
    people = set(pseudonyms.to_numpy().ravel()) - {""}
    return kept.assign(**pseudonyms), len(people)


def _pseudonym(text: str, key: bytes) -> str:
    """Make one pseudonym; capitals, spaces and accents make no difference."""
    # Folded before and after: some Greek letters carry a sign that is a letter in their capital.
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    folded = unicodedata.normalize("NFKC", plain.casefold())
    words = " ".join(folded.split())
    code = hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
    return f"p{code[:_DIGITS]}"


def _default_key() -> Path:
    settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(os.environ.get("BWK_KEY") or Path(settings) / "bwk" / "sleutel")


def _key(file: Path, path: Path, data: Path | None) -> bytes:
    file, parents = file.expanduser().resolve(), path.resolve().parents
    folders = [folder for folder in parents if (folder / programme.FILE).exists()]
    folders += [Path(data).resolve()] if data else []
    if file.parent == parents[0] or any(file.is_relative_to(folder) for folder in folders):
        raise DataError("De sleutel staat in de datamap: zet hem ergens anders, alleen voor u.")
    try:
        if not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600, exist_ok=False)
            file.write_text(secrets.token_hex(_LEAST))
        if os.name != "nt" and file.stat().st_mode & 0o077:
            raise DataError("Anderen kunnen de sleutel lezen: geef alleen uzelf rechten (0600).")
        key = file.read_bytes().strip()
    except OSError:
        raise DataError("De sleutel is niet te lezen of te maken: kies een andere plek.") from None
    if len(key) < _LEAST:
        raise DataError("De sleutel is te kort: zet de goede terug, of kies een nieuwe plek.")
    return key
