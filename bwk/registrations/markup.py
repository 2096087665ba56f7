"""Archives and XML that anybody may have made, unpacked and read within limits."""

import io
from collections.abc import Iterator, Mapping
from typing import IO
from xml.parsers.expat import ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from bwk.registrations.findings import RESAVE, RefusedError

LONGEST = 32_767  # letters of a cell, as in Excel
_MOST_UNPACKED = 500_000_000  # bytes: more than the largest sheet that Excel has room for
_ALWAYS_FINE = 20_000_000
_MOST_PACKED = 200  # times smaller than unpacked: a list packs 10 to 50 times, zeros 1,000
_CHUNK = 65_536  # bytes
_LONGEST_TAG = 1_000_000  # bytes: expat looks at an unfinished tag again with each chunk
_DEEPEST = 100
_NAMES = 1000
_INLINE = frozenset({"span", "a", "s", "tab", "line-break"})  # part of the text around them
_SPACES = frozenset({"s", "tab", "line-break"})


# An element that ended: its name, attributes and text, and the name of its parent. No class: there
# are millions.
Element = tuple[str, Mapping[str, str], str, str]


def unpacked(data: bytes) -> ZipFile:
    """Open an archive; RefusedError where what it says that it holds would fill the memory.

    It gives no more than it says.
    """
    archive = ZipFile(io.BytesIO(data))
    parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    if size > _MOST_UNPACKED or size > max(_ALWAYS_FINE, _MOST_PACKED * len(data)):
        raise RefusedError("Uitgepakt is dit bestand veel te groot.", RESAVE)
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise RefusedError("Dit bestand is ingepakt op een manier die bwk niet leest.", RESAVE)
    return archive


def refuse_long(length: int) -> None:
    """Refuse a text that is longer than a cell may be."""
    if length > LONGEST:
        raise RefusedError("Een cel heeft meer dan 32.767 tekens.", "Kort de tekst in.")


def elements(content: IO[bytes]) -> Iterator[Element]:
    """Yield the elements of XML as they end, with local names, and close it; memory stays small.

    Attributes in a namespace have that before their name, with a space.
    """
    path = _Path()
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.StartElementHandler = path.begin
    parser.CharacterDataHandler = path.texts.append
    parser.EndElementHandler = path.end
    fed = 0
    with content:
        while chunk := content.read(_CHUNK):
            parser.Parse(chunk)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                raise RefusedError("Dit bestand is geen gewone spreadsheet.", RESAVE)
            refuse_long(sum(map(len, path.texts)) - _CHUNK)
            yield from path.ended
            path.ended.clear()
    parser.Parse(b"", True)
    yield from path.ended


class _Path:
    """The elements that have begun and not ended, with the texts in them."""

    def __init__(self) -> None:
        self.ended: list[Element] = []
        self.texts: list[str] = []
        self._locals: dict[str, str] = {}
        self._begun: list[tuple[str, dict[str, str], int]] = [("", {}, 0)]

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._begun) > _DEEPEST:
            raise RefusedError("Dit bestand is geen gewone spreadsheet.", RESAVE)
        local = self._locals.get(name) or self._local(name)
        if local in _SPACES:
            self.texts.append(" ")
        self._begun.append((local, attributes, len(self.texts)))

    def end(self, name: str) -> None:
        local, attributes, start = self._begun.pop()
        if local in _INLINE:
            return
        text = ""
        if len(self.texts) > start:
            text = "".join(self.texts[start:])
            del self.texts[start:]
        self.ended.append((local, attributes, text, self._begun[-1][0]))

    def _local(self, name: str) -> str:
        """Return a name without its namespace; the few that there are, are kept."""
        local = name.rpartition(" ")[2]
        if len(self._locals) < _NAMES:
            self._locals[name] = local
        return local


def _refuse_entities(*declaration: object) -> None:
    raise RefusedError("Dit bestand is geen gewone spreadsheet.", RESAVE)
