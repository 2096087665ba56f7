"""Counts told as multiples of a number, at random, the same count the same way (`afronden`).

Whoever reads a rounded count knows it but for the number above or below: so small counts can be
told too. Up or down is drawn from who is counted, with the key of the programme: a draw anew each
time would tell the count to who has many of them. On average nothing is added or taken away.
The method is that of random rounding with a record key: B. Fraser and J. Wooton, "A proposed method
for confidentialising tabular output to protect against differencing", UNECE/Eurostat work session
on statistical data confidentiality, 2005.
"""

from collections.abc import Collection

from bwk.disclosure import Range

FURTHER = 2


def rounded(value: int, base: int, draw: int) -> int:
    """Return a multiple of `base` near a count; of nothing it is nothing.

    Parameters
    ----------
    value : int
    base : int
        One or more.
    draw : int
        At random, and always the same of the same people.

    Notes
    -----
    It may move a little further than to the multiple above or below: else of what is told as 0, and
    known to be more, too few counts could be meant.
    """
    noise = draw % base + draw // base % (2 * FURTHER + 1) - FURTHER
    return base * max((value + noise) // base, 0) if value else 0


def bounds(told: int, base: int) -> Range:
    """Return between which counts lies what is told as a multiple of `base`.

    >>> bounds(0, 5), bounds(10, 5)
    (Range(low=0, high=6), Range(low=4, high=16))
    """
    reach = base + FURTHER - 1
    return Range(max(told - reach, min(told, 1)), told + reach)


def remaining(own: Range, value: int, others: Collection[Range]) -> Range:
    """Return what of the bounds of a value is left, where it lies in none of some others.

    >>> remaining(Range(0, 6), 2, [Range(4, 16)])
    Range(low=0, high=3)
    """
    low = max([own.low, *(other.high + 1 for other in others if other.high < value)])
    high = min([own.high, *(other.low - 1 for other in others if value < other.low)])
    return Range(low, high)
