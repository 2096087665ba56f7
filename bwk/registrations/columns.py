"""The tables of the data folder and their columns, declared as data."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """What may stand in one column.

    Attributes
    ----------
    kind : str
        `slug`, `text`, `pseudonym`, `date`, `count` (whole, 0 or more) or `number` (0 or more).
    required, key : bool
        Whether each cell is filled, and whether each value stands once.
    refers_to : str
        The table whose key stands here.
    allowed : tuple of str
        The only values, if any are named.
    past : bool
        A date that cannot lie in the future.
    """

    name: str
    kind: str
    required: bool = False
    key: bool = False
    refers_to: str = ""
    allowed: tuple[str, ...] = ()
    past: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its name in the data folder, its field in `Registrations`, its columns."""

    name: str
    field: str
    columns: tuple[Column, ...]
    required: bool = True

    @property
    def key(self) -> str:
        """The name of the key column, or an empty text."""
        return next((column.name for column in self.columns if column.key), "")

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The names of the columns that each file must have."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def numeric(self) -> frozenset[str]:
        """The names of the columns that hold numbers."""
        return frozenset(item.name for item in self.columns if item.kind in ("count", "number"))


def _key(name: str, kind: str = "slug") -> Column:
    return Column(name, kind, required=True, key=True)


def _slug(name: str, table: str, required: bool = True) -> Column:
    return Column(name, "slug", required=required, refers_to=table)


_DAY = Column("datum", "date", required=True, past=True)
_LOCATION = _slug("locatie", "locaties")
_NAME = Column("naam", "text", required=True)
_WHO = Column("deelnemer", "pseudonym")
_WAY = Column("richting", "slug", required=True, allowed=("naar", "van"))
_SINCE = Column("van", "date", required=True, past=True)
_OPENED = Column("geopend_op", "date", required=True)
_PLACE = (
    *(_key("locatie"), _NAME, Column("wijk", "text", required=True), _OPENED),
    *(Column("formeel_vanaf", "date"), Column("gesloten_op", "date")),
    Column("oppervlakte_m2", "number"),
)
_ROLE = (
    *(_LOCATION, Column("persoon", "pseudonym", required=True), _slug("rol", "rolnamen")),
    *(_SINCE, Column("tot", "date")),
)
_SURROUNDED = _slug("omgeving_van", "locaties", required=False)
_HOME = _slug("buurt", "buurten", required=False)
_VISIT = (_DAY, _LOCATION, _slug("dienst", "diensten"), _WHO, Column("aantal", "count"))

# A table stands below the tables that it refers to.
_ALL = (
    Table("locaties", "locations", _PLACE),
    Table("diensten", "services", (_key("dienst"), _NAME, Column("leefgebied", "text"))),
    Table("rolnamen", "role_names", (_key("rol"), _NAME)),
    Table("buurten", "neighbourhoods", (_key("buurt"), _NAME, _SURROUNDED), required=False),
    Table("partners", "partners", (_key("partner"), _NAME), required=False),
    Table("deelnemers", "participants", (_key("deelnemer", "pseudonym"), _HOME), required=False),
    Table("rollen", "roles", _ROLE),
    Table(
        "verwijzingen",
        "referrals",
        (_DAY, _LOCATION, _slug("partner", "partners"), _WAY, _WHO),
        required=False,
    ),
    Table("deelnames", "participations", _VISIT),
)
TABLES = {table.name: table for table in _ALL}
NAMES = frozenset(column.name for table in _ALL for column in table.columns)


def fold(text: str, separator: str) -> str:
    """Reduce a text to its lower-case letters and digits, without accents.

    >>> fold(" Hart voor  Leidsche Rijn", "-"), fold("Oppervlakte (m²)", "_")
    ('hart-voor-leidsche-rijn', 'oppervlakte_m2')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub("[^a-z0-9]+", separator, plain).strip(separator)
