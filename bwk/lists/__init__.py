"""Lists that people keep, read as visits: layouts, what a sheet does not say, and the account."""

from bwk.lists.bringing import Brought, bring
from bwk.lists.layouts import LAYOUTS
from bwk.lists.starting import Start, begin
from bwk.lists.visits import Answers

__all__ = ["LAYOUTS", "Answers", "Brought", "Start", "begin", "bring"]
