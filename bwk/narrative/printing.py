"""What the screen shows and the report cannot print, which would be lost in silence."""

import re
from collections.abc import Iterator

from bwk import glyphs

_PICTURE = re.compile(r"!\[([^\]]*)\]|<img\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(?!br\b|img\b)([a-z][a-z0-9]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TITLE = re.compile(r"^# +(\S.*)$", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*([•●▪◦‣·])[ \t]", re.MULTILINE)
_MOST = 10  # characters that one sentence names


def lost(text: str) -> Iterator[str]:
    """Yield what of a passage the report cannot print, a Dutch sentence each with its remedy."""
    for picture in _PICTURE.finditer(text):
        name = f" ‘{picture[1]}’" if picture[1] else ""
        yield f"De afbeelding{name} komt niet in het verslag: vertel in woorden wat erop staat."
    for tag in dict.fromkeys(match[1].lower() for match in _TAG.finditer(text)):
        yield f"De opmaak <{tag}> komt als letters in het verslag: haal die weg."
    for title in _TITLE.finditer(text):
        yield f"De kop ‘{title[1]}’ is te hoog: zet er ### voor in plaats van #."
    for bullet in dict.fromkeys(_BULLET.findall(text)):
        yield f"Met ‘{bullet}’ komt er geen lijst: begin elke regel met een streepje en een spatie."
    if missing := sorted({*text} - glyphs.printable() - {"\n", "\t", "\r"}):
        signs = " ".join(missing[:_MOST])
        more = " en meer" if missing[_MOST:] else ""
        yield (
            f"In de PDF staat een hokje waar dit teken hoort: {signs}{more}. "
            "Schrijf het met andere letters."
        )
