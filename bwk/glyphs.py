"""The typefaces of the report, and the characters that they hold."""

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
# Found, not imported: that takes a quarter of a second.
_MATPLOTLIB = distribution("matplotlib").locate_file("matplotlib")
FALLBACK_FONTS = Path(str(_MATPLOTLIB)) / "mpl-data/fonts/ttf"


REGULAR = FONTS / "PublicSans-Regular.ttf"
BOX = "\N{WHITE SQUARE}"  # stands where a character cannot be printed
# What PDF/A refuses, though a font may hold it.
_REFUSED = frozenset([*map(chr, range(0xE000, 0xF900)), "\ufeff", "\x00", "\x7f"])


@cache
def printable(*fonts: Path) -> frozenset[str]:
    """Return the characters that fonts hold; without any named, those of the PDF."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    paths = fonts or (REGULAR, FALLBACK_FONTS / "DejaVuSans.ttf")
    held = (TTFont(path).getBestCmap() for path in paths)
    return frozenset({BOX}.union(*(map(chr, codes) for codes in held))) - _REFUSED
