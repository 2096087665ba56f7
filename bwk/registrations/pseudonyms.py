"""Names or member numbers made into stable pseudonyms, with a key that stays on the machine."""

import hashlib
import hmac
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bwk import keys, programme
from bwk.apart import apart
from bwk.errors import DataError
from bwk.formats import count, enumeration, unaccented
from bwk.registrations.columns import NAMES, column_name
from bwk.registrations.findings import RefusedError, write_csv
from bwk.registrations.grids import below_header, opened
from bwk.registrations.values import is_nobody, refuse_rounded

_COLUMNS = frozenset({"deelnemer", "persoon"})
_ENDINGS = (".csv", ".xlsx", ".ods")
_SUFFIX = ".pseudoniem"
_DIGITS = 12
_OURS = re.compile(f"p[0-9a-f]{{{_DIGITS}}}")
_PADDING = re.compile(r"(?<=\D)0+(?=\d)")
_ONLY_PEOPLE = (
    "Van {} blijven alleen de mensen over: {} ken ik niet. Er is niets gemaakt, en haal niets weg. "
    "Een presentielijst of een formulier neemt bwk import over, met pseudoniemen."
)
_TWO_PEOPLE = "Ik lees ze als twee mensen. Is het één mens? Schrijf de code dan overal hetzelfde."
_REMOVE = "Haal het bestand met de namen nu weg uit de datamap, en bewaar de sleutel goed."
_KEEP = (
    f"{_REMOVE} Wat niet is overgenomen, staat alleen in dat bestand: hebt u het nog nodig, "
    "bewaar het bestand dan buiten de datamap."
)
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
    names_left_out = frame.columns.difference([*_kept(chosen)], sort=False)
    left_out = [f"‘{name or 'zonder naam'}’" for name in names_left_out]
    if len(left_out) == frame.shape[1] - 1 > 0:  # a grid of days, or an export of a form
        columns = count(len(left_out), "andere kolom", "andere kolommen")
        raise DataError(_ONLY_PEOPLE.format(path.name, columns))
    key, notes = _key(key_file, path, data)
    new, people = _hidden(frame, chosen, key, notes)
    if column:
        new = new.rename(columns={column_name(column): "persoon" if "rol" in new else "deelnemer"})
    target = path.with_name(f"{path.stem}{_SUFFIX}.csv")
    write_csv(new, target, private=True)
    if left_out:
        notes = [f"Niet overgenomen: {enumeration(left_out)}.", *notes]
    return Pseudonymized(target, len(new), people, (*notes, _KEEP if left_out else _REMOVE))


def pseudonyms_of(data: Path, people: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """Return the pseudonyms of people of a programme, and notes on the key.

    What is a pseudonym of ours already stays as it is.

    Raises
    ------
    DataError
        If the key cannot be used.
    """
    key, notes = _key(None, data / programme.FILE, data)
    return _pseudonyms(people, key, notes), notes


def _people(path: Path, chosen: Set[str]) -> pd.DataFrame:
    """Read the rows of every sheet that has a column with people."""
    ending = path.suffix.lower()
    if ending not in _ENDINGS or path.stem.endswith(_SUFFIX):
        raise DataError(
            f"Van {path.name} kan bwk geen pseudoniemen maken: "
            "kies het bestand met de namen, als csv, xlsx of ods."
        )
    frames = []
    for grid in apart(opened, path):
        with suppress(RefusedError):
            frames.append(below_header(grid, chosen | NAMES, least=1)[1])
    frames = [frame for frame in frames if chosen & set(frame)]
    if not frames:
        wanted = enumeration(sorted(chosen), "of")
        raise DataError(f"{path.name} heeft geen kolom {wanted}: noem de kolom met de namen.")
    if any(frame.columns.has_duplicates for frame in frames):
        raise DataError(f"{path.name} heeft een kolom twee keer: houd er één over.")
    return pd.concat(frames, ignore_index=True).astype("str").fillna("")


def _kept(chosen: Set[str]) -> Set[str]:
    """Return the names of the columns that go along."""
    return chosen | NAMES - {"naam"}


def _hidden(
    frame: pd.DataFrame, chosen: Set[str], key: bytes, notes: list[str]
) -> tuple[pd.DataFrame, int]:
    """Return the columns that are known, with pseudonyms for people, and how many people."""
    kept = frame.loc[:, frame.columns.isin(_kept(chosen))]
    names = kept.loc[:, kept.columns.isin(chosen)]
    people = {text for text in names.to_numpy().ravel() if not is_nobody(text)}
    pseudonyms = _pseudonyms(people, key, notes)
    hidden = names.map(lambda text: pseudonyms.get(text, ""))
    return kept.assign(**hidden), len({*pseudonyms.values()})


def _pseudonyms(people: Collection[str], key: bytes, notes: list[str]) -> dict[str, str]:
    """Make a pseudonym for each spelling of a person; note codes with several spellings."""
    pseudonyms: dict[str, str] = {}
    for text in people:
        try:
            refuse_rounded(text)
        except RefusedError as error:
            raise DataError(" ".join(error.args)) from None
        pseudonyms[text] = text if _OURS.fullmatch(text) else _pseudonym(text, key)
    spellings = Counter(pseudonyms[text] for text in people if any(map(str.isdigit, text)))
    if several := sum(number > 1 for number in spellings.values()):
        codes = count(several, "code staat", "codes staan")
        notes.append(f"{codes} er in meer schrijfwijzen: ik lees die als één mens.")
    apart = {normal(text) for text in alike(people)}
    if pairs := len(apart) - len({*map(_without_zeros, apart)}):
        codes = count(pairs, "code verschilt", "codes verschillen")
        notes.append(f"{codes} alleen in nullen van een andere, zoals p01 en p1. {_TWO_PEOPLE}")
    return pseudonyms


def alike(texts: Iterable[str]) -> set[str]:
    """Return the codes that differ from another in capitals, spaces or zeros alone.

    >>> sorted(alike(["p01", "P1", "p2", "p10"]))
    ['P1', 'p01']
    """
    forms = {
        text: _without_zeros(normal(text))
        for text in texts
        if any(map(str.isdigit, text)) and not _OURS.fullmatch(text)
    }
    number = Counter(forms.values())
    return {text for text, form in forms.items() if number[form] > 1}


def _without_zeros(form: str) -> str:
    return _PADDING.sub("", form)


def _pseudonym(text: str, key: bytes) -> str:
    """Make one pseudonym of what `normal` leaves of a name or number."""
    code = hmac.new(key, normal(text).encode(), hashlib.sha256).hexdigest()
    return f"p{code[:_DIGITS]}"


def normal(text: str) -> str:
    """Fold a name or number: capitals, spaces, accents and what is not seen make no difference.

    Zeros before a number neither: a spreadsheet drops them.

    >>> normal("José  de\u200b Vries"), normal("0012"), normal("A-07")
    ('jose de vries', '12', 'a-07')
    """
    folded = text.lower()
    if not (text.isascii() and text.isprintable()):  # of millions of codes most are plain
        # Folded twice: some Greek letters carry a sign that is a letter in their capital.
        letters = unaccented(text.casefold())
        seen = "".join(sign for sign in letters if unicodedata.category(sign) != "Cf")
        folded = unicodedata.normalize("NFKC", seen.casefold())
    words = " ".join(folded.split())
    return words.lstrip("0") or "0" if words.isdecimal() else words


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
