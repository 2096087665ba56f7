"""The tables of the data folder and their columns, declared as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bwk.formats import slug


@dataclass(frozen=True)
class Table:
    """What a table of the data folder may hold.

    Attributes
    ----------
    attribute : str
        Its name in `Registrations`.
    required, optional : mapping of str to str
        Each column with what stands in it: `slug`, `text`, `pseudonym`, `date`, `day` (a date
        that is not in the future), `count` (whole, 0 or more), `number` (0 or more), `direction`,
        or the name of a table whose key it is. A required column is filled in every row.
    key : str
        The column in which no value stands twice.
    """

    attribute: str
    required: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """All columns, in order."""
        return {**self.required, **self.optional}


# A table stands below the tables that it refers to.
TABLES = {
    "locaties": Table(
        "locations",
        {"locatie": "slug", "naam": "text", "wijk": "text", "geopend_op": "date"},
        {"formeel_vanaf": "date", "gesloten_op": "date", "oppervlakte_m2": "number"},
        key="locatie",
    ),
    "diensten": Table(
        "services", {"dienst": "slug", "naam": "text"}, {"leefgebied": "text"}, key="dienst"
    ),
    "rolnamen": Table("role_names", {"rol": "slug", "naam": "text"}, key="rol"),
    "buurten": Table(
        "neighbourhoods",
        {"buurt": "slug", "naam": "text"},
        {"omgeving_van": "locaties"},
        key="buurt",
    ),
    "partners": Table("partners", {"partner": "slug", "naam": "text"}, key="partner"),
    "deelnemers": Table(
        "participants", {"deelnemer": "pseudonym"}, {"buurt": "buurten"}, key="deelnemer"
    ),
    "rollen": Table(
        "roles",
        {"locatie": "locaties", "persoon": "pseudonym", "rol": "rolnamen", "van": "day"},
        {"tot": "date"},
    ),
    "verwijzingen": Table(
        "referrals",
        {"datum": "day", "locatie": "locaties", "partner": "partners", "richting": "direction"},
        {"deelnemer": "pseudonym"},
    ),
    "deelnames": Table(
        "participations",
        {"datum": "day", "locatie": "locaties", "dienst": "diensten"},
        {"deelnemer": "pseudonym", "aantal": "count"},
    ),
}
MAY_BE_ABSENT = frozenset({"buurten", "partners", "deelnemers", "verwijzingen"})
NAMES = frozenset(name for table in TABLES.values() for name in table.columns)


def column_name(text: str) -> str:
    """Write a heading as the name of a column.

    >>> column_name(" Geopend op"), column_name("Oppervlakte (m²)")
    ('geopend_op', 'oppervlakte_m2')
    """
    return slug(text).replace("-", "_")
