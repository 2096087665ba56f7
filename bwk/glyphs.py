"""The typefaces of the report, and the characters that they hold."""

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
# Found, not imported: that takes a quarter of a second.
_MATPLOTLIB = distribution("matplotlib").locate_file("matplotlib")
FALLBACK_FONTS = Path(str(_MATPLOTLIB)) / "mpl-data/fonts/ttf"


@cache
def printable() -> frozenset[str]:
    """Return the characters that the fonts of the PDF hold."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    fonts = (FONTS / "PublicSans-Regular.ttf", FALLBACK_FONTS / "DejaVuSans.ttf")
    return frozenset(chr(code) for font in fonts for code in TTFont(font).getBestCmap())
