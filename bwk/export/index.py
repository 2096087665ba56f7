"""The page that leads to the reports of a period."""

from collections.abc import Mapping, Sequence
from typing import Any

from bwk.export import exporters
from bwk.periods import Period


def index(
    programme: str,
    period: Period,
    entries: Sequence[Mapping[str, Any]],
    not_reported: Sequence[str],
) -> str:
    """Return the page, as HTML.

    Parameters
    ----------
    programme : str
    period : Period
    entries : sequence of mapping
        Of each report `name`, `title`, `made` (bool) and `error` (a sentence or None).
    not_reported : sequence of str
        Why a location has no report, a sentence each.
    """
    return exporters.template("index.html.j2").render(
        programme=programme,
        title=f"Verslagen over de {period.label}",
        subtitle=period.months_label.capitalize(),
        entries=entries,
        not_reported=not_reported,
        style=exporters.style(),
    )
