"""What people call the service, role, neighbourhood and so on that a fact is about."""

from bwk import facts
from bwk.facts import FactSheet, Label
from bwk.facts.expressions import Each


def labels_of(fact: str, sheet: FactSheet) -> dict[Each, Label]:
    """Return the label of each key in the name of a fact."""
    labels = {
        Each.SERVICE: sheet.services,
        Each.OTHER_SERVICE: sheet.services,
        Each.ROLE: sheet.roles,
        Each.HOME: sheet.neighbourhoods,
        Each.PARTNER: sheet.partners,
        Each.DOMAIN: sheet.domains,
        Each.LOCATION: sheet.locations,
        Each.HALF_YEAR: sheet.half_years,
    }
    _, keys = facts.parsed(fact)
    return {
        blank: label
        for blank, slug in keys.items()
        for label in labels[blank]
        if label.slug == slug
    }
