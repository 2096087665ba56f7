"""Lists that people keep, read as visits: layouts, what a sheet does not say, and the account."""

from bwk.lists.answers import Answers
from bwk.lists.bringing import Brought, bring
from bwk.lists.layouts import LAYOUTS
from bwk.lists.starting import Start, begin

__all__ = ["LAYOUTS", "Answers", "Brought", "Start", "begin", "bring"]
