"""Names or member numbers made into stable pseudonyms, with a key that stays on the machine."""

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Iterable, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bwk import keys, programme
from bwk.errors import DataError
from bwk.formats import enumeration
from bwk.registrations.columns import NAMES, column_name
from bwk.registrations.findings import RefusedError, write_csv
from bwk.registrations.grids import below_header, opened
from bwk.registrations.values import is_nobody

_COLUMNS = frozenset({"deelnemer", "persoon"})
_ENDINGS = (".csv", ".xlsx", ".ods")
_SUFFIX = ".pseudoniem"
_DIGITS = 12
_OURS = re.compile(f"p[0-9a-f]{{{_DIGITS}}}")
_NO_PROGRAMME = (
    "Er is geen datamap: deze sleutel is niet van één programma. Noem de datamap met --data."
)


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
        The key, made at first use; else the environment's `BWK_KEY`, else that of the programme.
    data : Path, optional
        The data folder of the programme, where the file does not stand in one.

    Raises
    ------
    DataError
        If the file or the key cannot be used.
    """
    path, chosen = Path(path), {column_name(column)} if column else _COLUMNS
    frame = _people(path, chosen)
    key, notes = _key(key_file, path, data)
    new, people = _hidden(frame, chosen, key)
    left_out = [f"‘{name or 'zonder naam'}’" for name in frame if name not in new]
    if column:
        new = new.rename(columns={column_name(column): "persoon" if "rol" in new else "deelnemer"})
    target = path.with_name(f"{path.stem}{_SUFFIX}.csv")
    write_csv(new, target, private=True)
    if left_out:
        notes = [f"Niet overgenomen: {enumeration(left_out)}.", *notes]
    advice = "Haal het bestand met de namen nu weg uit de datamap, en bewaar de sleutel goed."
    return Pseudonymized(target, len(new), people, (*notes, advice))


def pseudonyms_of(data: Path, people: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Return the pseudonyms of people of a programme, and notes on the key.

    What is a pseudonym of ours already stays as it is.

    Raises
    ------
    DataError
        If the key cannot be used.
    """
    key, notes = _key(None, data / programme.FILE, data)
    pseudonyms = {text: text if _OURS.fullmatch(text) else _pseudonym(text, key) for text in people}
    return pseudonyms, notes


def _people(path: Path, chosen: Set[str]) -> pd.DataFrame:
    """Read the rows of every sheet that has a column with people."""
    ending = path.suffix.lower()
    if ending not in _ENDINGS or path.stem.endswith(_SUFFIX):
        raise DataError(
            f"Van {path.name} kan bwk geen pseudoniemen maken: "
            "kies het bestand met de namen, als csv, xlsx of ods."
        )
    frames = []
    for grid in opened(path):
        with suppress(RefusedError):
            frames.append(below_header(grid, chosen | NAMES, least=1)[1])
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


def _key(file: Path | None, path: Path, data: Path | None) -> tuple[bytes, list[str]]:
    """Return the key for the people in a file, and notes on it."""
    folders = [folder for folder in path.resolve().parents if (folder / programme.FILE).exists()]
    folders += [Path(data)] if data else []
    if chosen := os.environ.get(keys.CHOSEN):
        file = file or Path(chosen)
    programmes = [folder for folder in folders if folder.is_dir()]
    if not file and programmes:
        return keys.of_people(programmes[0])
    place = (file or keys.of_user()).expanduser().resolve()
    if place.parent == path.resolve().parent:
        raise DataError(keys.INSIDE)
    keys.refuse_inside(place, folders)
    return keys.read(place), [] if file else [_NO_PROGRAMME]
