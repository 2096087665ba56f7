"""What the rows of a table must hold to, by themselves and with the other tables."""

from collections.abc import Iterator, Mapping

import pandas as pd

from bwk import outputs
from bwk.registrations import registers
from bwk.registrations.columns import DATE, TABLES
from bwk.registrations.findings import Finding, error, warning

Above = Mapping[str, pd.DataFrame]  # the tidy tables that a table may refer to, by name
Problem = tuple[pd.Series, Finding]  # the same finding at all rows of a mask

_RESERVED = error("Deze korte naam gebruikt bwk zelf.", "Kies een andere korte naam.", "locatie")
_ENDS_EARLY = {
    "gesloten_op": error(
        "De locatie sluit voor de opening.", "Verbeter een van de datums.", "gesloten_op"
    ),
    "tot": error("Deze datum ligt voor die in ‘van’.", "Verbeter een van de datums.", "tot"),
}
_STILL_OPEN = error(
    "De locatie heeft een opvolger, maar is niet gesloten.",
    "Vul de datum van sluiting in.",
    "gesloten_op",
)
_OF_PLACE = "Verbeter de datum, de locatie, of de tabel locaties."
_OF_SERVICE = "Verbeter de datum, de dienst, of de tabel diensten."
# Of the column with a key: the table, its columns with the first and last day, what is outside.
_DAYS = {
    "locatie": (
        ("locaties", "geopend_op", "gesloten_op"),
        error("Deze datum ligt voor de opening van de locatie.", _OF_PLACE, "datum"),
        error("Deze datum ligt na de sluiting van de locatie.", _OF_PLACE, "datum"),
    ),
    "dienst": (
        ("diensten", "van", "tot"),
        warning("Deze datum ligt voor de eerste dag van de dienst.", _OF_SERVICE, "datum"),
        warning("Deze datum ligt na de laatste dag van de dienst.", _OF_SERVICE, "datum"),
    ),
}
_UNKNOWN_AFTER = error(
    "Deze opvolger staat niet in de tabel.", "Kies een korte naam uit deze tabel.", "opvolger"
)
_IN_A_RING = error("De opvolgers lopen in een kring.", "Haal een van de opvolgers weg.", "opvolger")
_ONE_PERSON = error(
    "Bij een deelnemer is het aantal altijd 1.",
    "Maak het aantal leeg, of haal de deelnemer weg.",
    "aantal",
)


def broken(name: str, frame: pd.DataFrame, above: Above) -> Iterator[Problem]:
    """Yield the rows that do not hold to a rule, with the rule."""
    key = TABLES[name].key
    if key:
        is_taken = frame[key].duplicated() & frame[key].notna()
        yield is_taken, error("Deze sleutel staat er al.", "Houd één van beide rijen over.", key)
    for begin, end in (("geopend_op", "gesloten_op"), ("van", "tot")):
        if end in frame:
            yield frame[end] < frame[begin], _ENDS_EARLY[end]
    if name == "locaties":
        reserved = filter(outputs.reserved, frame["locatie"].dropna())
        yield frame["locatie"].isin([*reserved]), _RESERVED
        yield frame["opvolger"].notna() & frame["gesloten_op"].isna(), _STILL_OPEN
    if name == "deelnames":
        is_day = frame["length"].isna()
        is_many = frame["aantal"].notna() & (frame["aantal"] != 1)
        is_wrong = is_many & (is_day | (frame["aantal"] == 0))
        yield frame["deelnemer"].notna() & is_wrong, _ONE_PERSON
    if "opvolger" in frame:
        yield from _successor_rules(frame[key], frame["opvolger"])
    if "datum" in frame:
        yield from _outside(frame, above)
    if "datum" in frame and "bijgehouden" in above:
        yield from _register_rules(frame, name, above["bijgehouden"])


def _outside(frame: pd.DataFrame, above: Above) -> Iterator[Problem]:
    """Find rows on days on which the location was not open, or the service not there."""
    for key, (first, last) in days_of(frame, above).items():
        _, early, late = _DAYS[key]
        yield frame["datum"] < first, early
        yield frame["datum"] > last, late


def days_of(frame: pd.DataFrame, above: Above) -> dict[str, list[pd.Series]]:
    """Return the first and last day of the location, and of the service, of each row."""
    days = {}
    for key, ((table, *columns), *_) in _DAYS.items():
        if key in frame and table in above:
            rows = above[table].dropna(subset=key).drop_duplicates(key).set_index(key)
            days[key] = [frame[key].map(rows[name].to_dict()).astype(DATE) for name in columns]
    return days


def _successor_rules(keys: pd.Series, successors: pd.Series) -> Iterator[Problem]:
    """Find successors that are not in the table, and those that come round to where they began."""
    known = {*keys.dropna()}
    pairs = zip(keys.astype(object), successors.astype(object).fillna(""), strict=True)
    after = {key: words.split() for key, words in pairs}
    is_unknown = [not known.issuperset(after[key]) for key in keys]
    returns = [key in _reached(after, key) for key in keys]
    for mask, problem in ((is_unknown, _UNKNOWN_AFTER), (returns, _IN_A_RING)):
        yield pd.Series(mask, index=keys.index, dtype=bool), problem


def _reached(after: Mapping[str, list[str]], start: str) -> set[str]:
    """Return all that comes after, near or far."""
    reached: set[str] = set()
    ahead = list(after[start])
    while ahead:
        key = ahead.pop()
        if key not in reached:
            reached.add(key)
            ahead += after.get(key, [])
    return reached


def _register_rules(frame: pd.DataFrame, name: str, kept: pd.DataFrame) -> Iterator[Problem]:
    """Find rows on days on which, as the table `bijgehouden` says, nobody kept the register."""
    remedy = "Verbeter de datum, of de tabel bijgehouden."
    message = "Volgens de tabel bijgehouden is op deze dag niets bijgehouden."
    for (location, kind), spans in registers.declared(kept).items():
        if kind != name and (kind, name) != (registers.PERSONS, registers.VISITS):
            continue
        outside = (frame["locatie"] == location) & frame["datum"].notna()
        for first, last in spans:
            outside &= ~frame["datum"].between(pd.Timestamp(first), pd.Timestamp(last))
        if kind == registers.PERSONS:
            outside &= frame["deelnemer"].notna()
        yield outside, error(message, remedy, "datum")
