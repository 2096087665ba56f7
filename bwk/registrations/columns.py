"""The tables of the data folder and their columns, declared as data."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """What may stand in one column.

    Attributes
    ----------
    name, description : str
        As the user writes and reads them.
    kind : str
        `slug`, `text`, `pseudonym`, `date`, `count` (whole, 0 or more) or `number` (0 or more).
    required : bool
        The column must be there and each of its cells filled.
    key : bool
        No two rows hold the same value.
    refers_to : str
        The table whose key stands here.
    allowed : tuple of str
        The only values, if any are named.
    past : bool
        A date that cannot lie in the future.
    """

    name: str
    kind: str
    description: str
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


def _key(name: str, kind: str = "slug") -> Column:
    return Column(name, kind, "korte naam, één keer", required=True, key=True)


def _slug(name: str, table: str, required: bool = True) -> Column:
    return Column(name, "slug", f"korte naam uit {table}", required=required, refers_to=table)


def _date(name: str, description: str, required: bool = False, past: bool = False) -> Column:
    return Column(name, "date", description, required=required, past=past)


_NAME = Column("naam", "text", "naam in het rapport", required=True)
_PARTICIPANT = Column("deelnemer", "pseudonym", "pseudoniem; leeg is anoniem")

# A table stands below the tables that it refers to.
_ALL = (
    Table(
        "locaties",
        "locations",
        (
            _key("locatie"),
            _NAME,
            Column("wijk", "text", "wijk van de stad", required=True),
            _date("geopend_op", "eerste dag dat de locatie open was", required=True),
            _date("formeel_vanaf", "eerste dag dat de locatie formeel meetelt"),
            _date("gesloten_op", "laatste dag dat de locatie open was"),
            Column("oppervlakte_m2", "number", "oppervlakte in vierkante meter"),
        ),
    ),
    Table(
        "diensten",
        "services",
        (_key("dienst"), _NAME, Column("leefgebied", "text", "leefgebied van de dienst")),
    ),
    Table("rolnamen", "role_names", (_key("rol"), _NAME)),
    Table(
        "buurten",
        "neighbourhoods",
        (_key("buurt"), _NAME, _slug("omgeving_van", "locaties", required=False)),
        required=False,
    ),
    Table("partners", "partners", (_key("partner"), _NAME), required=False),
    Table(
        "deelnemers",
        "participants",
        (_key("deelnemer", "pseudonym"), _slug("buurt", "buurten", required=False)),
        required=False,
    ),
    Table(
        "rollen",
        "roles",
        (
            _slug("locatie", "locaties"),
            Column("persoon", "pseudonym", "pseudoniem", required=True),
            _slug("rol", "rolnamen"),
            _date("van", "eerste dag van de rol", required=True, past=True),
            _date("tot", "laatste dag van de rol; leeg is nog steeds"),
        ),
    ),
    Table(
        "verwijzingen",
        "referrals",
        (
            _date("datum", "dag van de verwijzing", required=True, past=True),
            _slug("locatie", "locaties"),
            _slug("partner", "partners"),
            Column(
                "richting", "slug", "naar of van de partner", required=True, allowed=("naar", "van")
            ),
            _PARTICIPANT,
        ),
        required=False,
    ),
    Table(
        "deelnames",
        "participations",
        (
            _date("datum", "dag van de deelname", required=True, past=True),
            _slug("locatie", "locaties"),
            _slug("dienst", "diensten"),
            _PARTICIPANT,
            Column("aantal", "count", "aantal mensen; leeg is 1, met een deelnemer altijd 1"),
        ),
    ),
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
