"""The secret key of a programme, for its pseudonyms and for hashes that nobody can guess from.

The key stands in the configuration folder of the user, never with the data. A hidden file in the
data folder (`MARK`) tells of which programme the folder is, and by a keyed hash with which key its
pseudonyms were made. It is made with the first pseudonyms, and goes along where the folder is
moved or copied; until then a programme is known by the place of its data folder.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

import msgspec

from bwk.errors import DataError
from bwk.files import create, decoded, write

MARK = ".programma"
CHOSEN = "BWK_KEY"
FILE = "sleutel"
_OF_HASHES = "kenmerken"  # folder of the keys of programmes without pseudonyms of ours
OF_THIS_RUN = "BWK_RUN_KEY"
_LEAST = 32
LABEL = 16  # hexadecimal digits
_PSEUDONYM = re.compile(rb"\bp[0-9a-f]{12}\b")
MISSING = (
    "De sleutel van dit programma is niet op deze computer: breng hem over met "
    "bwk pseudonymize --export-key op de computer waar hij is, en --import-key hier."
)
ANOTHER = (
    "De pseudoniemen in deze datamap zijn met een andere sleutel gemaakt: met deze zou iedereen "
    f"twee keer tellen. Breng de goede sleutel over, of haal {MARK} weg uit de datamap om met deze "
    "sleutel opnieuw te beginnen."
)
FOREIGN = (
    "In de datamap staan al pseudoniemen, en de sleutel is nieuw. Zijn ze met een andere sleutel "
    f"gemaakt? Haal dan {MARK} weg uit de datamap, breng die sleutel over met --import-key, en "
    "maak dit bestand opnieuw."
)
HOMELESS = (
    "Deze gebruiker heeft geen eigen map waarin de sleutel kan staan: noem er een in "
    "XDG_CONFIG_HOME."
)
INSIDE = "De sleutel staat in de datamap: zet hem ergens anders, alleen voor u."
_LABELLED = "kenmerk\0"
_SEALED = "zegel\0"


class _Mark(msgspec.Struct, rename={"programme": "programma", "label": "sleutel"}):
    """Which programme a data folder is of, and the label of the key of its pseudonyms."""

    programme: str
    label: str


def of_people(data: Path) -> tuple[bytes, list[str]]:
    """Return the key with which the people of a programme get pseudonyms, and notes on it.

    Raises
    ------
    DataError
        If the key cannot be used, or is not that of the pseudonyms in the data folder.
    """
    notes: list[str] = []
    mark = _mark(data)
    if not mark:
        mark, notes = _begun(data)
    file = _place(mark.programme)
    if not file.exists():
        raise DataError(MISSING)
    key = read(file)
    if _label(key) != mark.label:
        raise DataError(ANOTHER)
    return key, notes


def seal(data: Path, content: str) -> str:
    """Return a keyed hash: it tells whether content changed, and nothing of what it is.

    It begins with the label of the key, which is another on each computer: see `same_key`.
    """
    key = _of_hashes(data)
    return _label(key) + _keyed(key, _SEALED + content)[LABEL:]


def same_key(seal: str, another: str) -> bool:
    """Tell whether two keyed hashes can be compared."""
    return seal[:LABEL] == another[:LABEL]


def export_key(data: Path, file: Path) -> None:
    """Write the key of a programme's pseudonyms to a file, for another computer.

    DataError where there is none, or the file stands in the data folder or is there already.
    """
    mark = _mark(data)
    if not mark:
        raise DataError(
            "Dit programma heeft nog geen sleutel: die komt met de eerste pseudoniemen."
        )
    refuse_inside(file, [data])
    key, _ = of_people(data)
    try:
        is_new = create(file, key.decode(), private=True)
    except OSError:
        raise DataError(f"{file.name} is niet te schrijven: kies een andere plek.") from None
    if not is_new:
        raise DataError(f"{file.name} is er al: kies een andere naam.")


def import_key(data: Path, file: Path) -> None:
    """Bring in the key of a programme's pseudonyms from another computer.

    DataError where it is not the key that the data folder tells of.
    """
    try:
        key = file.read_bytes().strip()
    except OSError:
        raise DataError(f"{file.name} is niet te openen: kijk of de naam klopt.") from None
    _refuse_short(key)
    mark = _mark(data) or _marked(data, key)
    if mark.label != _label(key):
        raise DataError(ANOTHER)
    place = _place(mark.programme)
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(place, key, private=True, lasting=True)
    except OSError:
        raise DataError("De sleutel is niet te bewaren: kies een andere plek.") from None


def read(file: Path) -> bytes:
    """Return the key in a file, which is made where it is not there.

    Raises
    ------
    DataError
        If the file cannot be used, or others can read it.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            create(file, secrets.token_hex(_LEAST), private=True)
        if os.name != "nt" and file.stat().st_mode & 0o077:
            raise DataError("Anderen kunnen de sleutel lezen: geef alleen uzelf rechten (0600).")
        key = file.read_bytes().strip()
    except OSError:
        raise DataError("De sleutel is niet te lezen of te maken: kies een andere plek.") from None
    _refuse_short(key)
    return key


def of_user() -> Path:
    """Return the key of the user, of before each programme had its own."""
    return _settings() / FILE


def refuse_inside(file: Path, folders: list[Path]) -> None:
    """Refuse a place for the key that is in a data folder; DataError."""
    place = file.expanduser().resolve()
    if any(place.is_relative_to(folder.resolve()) for folder in folders):
        raise DataError(INSIDE)


def _refuse_short(key: bytes) -> None:
    if len(key) < _LEAST:
        raise DataError("De sleutel is te kort: zet de goede terug, of kies een nieuwe plek.")


def _begun(data: Path) -> tuple[_Mark, list[str]]:
    """Have a key for the first pseudonyms of a programme; return its mark, and notes."""
    old = of_user()
    has_pseudonyms = _has_pseudonyms(data)
    is_only_programme = not list(_settings().glob(f"*/{FILE}"))
    notes = []
    if old.exists() and (has_pseudonyms or is_only_programme):
        key = read(old)
        notes = ["Dit programma houdt de sleutel die u al had."]
    else:
        key = secrets.token_hex(_LEAST).encode()
        if has_pseudonyms:
            notes = [FOREIGN]
    return _marked(data, key), notes


def _marked(data: Path, key: bytes) -> _Mark:
    """Keep a key under a new name, and mark the data folder with it; return what it is marked with.

    Where another process marks it at the same time, that holds.
    """
    mark = _Mark(secrets.token_hex(LABEL // 2), _label(key))
    place = _place(mark.programme)
    try:
        place.parent.mkdir(mode=0o700, parents=True)
        create(place, key.decode(), private=True)
        if create(data / MARK, msgspec.json.encode(mark).decode() + "\n"):
            return mark
    except OSError:
        raise DataError(
            "De sleutel is niet te maken: kijk of u in de datamap en in uw eigen map mag schrijven."
        ) from None
    place.unlink()
    place.parent.rmdir()
    return _mark(data) or mark


def _mark(data: Path) -> _Mark | None:
    try:
        return decoded((data / MARK).read_bytes(), _Mark)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        raise DataError(
            f"{MARK} in de datamap is beschadigd: zet het bestand terug zoals het was."
        ) from None


def _of_hashes(data: Path) -> bytes:
    """Return the key of a programme, else of its data folder; one for this run if none can be kept.

    Hashes of before are then not recognised, and what they stand for is worked out anew.
    """
    try:
        if chosen := os.environ.get(CHOSEN):
            return read(Path(chosen).expanduser())
        mark = _mark(data)
        if mark and _place(mark.programme).exists():
            return read(_place(mark.programme))
        place = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:LABEL]
        return read(_settings() / _OF_HASHES / place)
    except (DataError, OSError):
        # In the environment, as a process that this one starts must have the same.
        return os.environ.setdefault(OF_THIS_RUN, secrets.token_hex(_LEAST)).encode()


def _settings() -> Path:
    """Return the folder of the keys of this user; DataError where he has no place for it."""
    try:
        return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "bwk"
    except RuntimeError:
        raise DataError(HOMELESS) from None


def _place(programme: str) -> Path:
    return _settings() / programme / FILE


def _label(key: bytes) -> str:
    return _keyed(key, _LABELLED)[:LABEL]


def _keyed(key: bytes, content: str) -> str:
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def _has_pseudonyms(data: Path) -> bool:
    """Tell whether a text file in the data folder holds what looks like our pseudonyms."""
    for path in data.rglob("*.csv"):
        with path.open("rb") as lines:
            if any(map(_PSEUDONYM.search, lines)):
                return True
    return False
