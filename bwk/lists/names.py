"""The services and places of a programme, found by what a list calls them."""

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from bwk.formats import slug

_STRONG = re.compile(r"\s*[;,\n|]\s*")
_WEAK = re.compile(r"\s*[/+&]\s*|\s+(?:en|and|of|or)\s+")
_LEAST = 4  # letters of a name that may stand in a longer word, or be spelled otherwise


class Names:
    """The rows of a table with a key and a name, and what else they are called.

    Parameters
    ----------
    names : mapping of str to str
        The names by key.
    aliases : mapping of str to str
        Keys by what a list calls them, as was answered before; an empty key is left out.
    """

    def __init__(self, names: Mapping[str, str], aliases: Mapping[str, str] | None = None) -> None:
        self.names = dict(names)
        self._keys = {slug(name): key for key, name in names.items()}
        self._keys |= {slug(key): key for key in names}
        self._keys |= {slug(alias): key for alias, key in (aliases or {}).items()}

    @property
    def only(self) -> str:
        """The key where there is no more than one."""
        return _single(self.names) or ""

    def match(self, text: str) -> str | None:
        """Return the key that a text names, also misspelled; None where it names none or several.

        >>> names = Names({"plek-0": "Plek 0", "plek-1": "Plek 1", "taal": "Taal"})
        >>> [names.match(text) for text in ("plek 1", "Locatie Plek 0", "Taall", "Plek")]
        ['plek-1', 'plek-0', 'taal', None]
        """
        wanted = slug(text)
        if wanted in self._keys:
            return self._keys[wanted] if wanted else None
        return self.named_in(text) or self._near(wanted)

    def named_in(self, text: str) -> str | None:
        """Return the only key whose name stands in a text as whole words."""
        words = f"-{slug(text)}-"
        inside = [name for name in self._keys if name and f"-{name}-" in words]
        longest = {
            self._keys[name]
            for name in inside
            if not any(name != wider and f"-{name}-" in f"-{wider}-" for wider in inside)
        }
        return _single(longest)

    def likely(self, text: str) -> str | None:
        """Return the only key whose name begins a word of a text, as in `taalgroep`: a guess."""
        words = slug(text).split("-")
        keys = {
            key
            for name, key in self._keys.items()
            if len(name) >= _LEAST and any(word.startswith(name) for word in words)
        }
        return _single(keys)

    def keys_in(self, text: str, *, several: bool = True) -> list[str] | None:
        """Return the keys of all that a cell names; None where it names none or something else.

        >>> names = Names({"taal": "Taal", "geld": "Geld en regelingen", "klus": "Klussen"})
        >>> names.keys_in("Geld en regelingen; taal"), names.keys_in("Taal en klussen")
        (['geld', 'taal'], ['taal', 'klus'])
        """
        keys = self._several(text) if several else None
        if keys is None and (key := self.match(text)) is not None:
            return [key]
        return keys

    def _several(self, text: str) -> list[str] | None:
        if slug(text) in self._keys:
            return [self._keys[slug(text)]]
        keys: list[str | None] = []
        for part in filter(None, _STRONG.split(text)):
            pieces = [self.match(piece) for piece in _WEAK.split(part) if piece]
            is_whole = slug(part) in self._keys or None in pieces
            keys += [self.match(part)] if is_whole else pieces
        named = [key for key in dict.fromkeys(keys) if key is not None]
        return named if named and None not in keys else None

    def unknown(self, texts: Iterable[str]) -> list[str]:
        """Return the parts of texts that name nothing, each once."""
        pieces = (piece for text in texts for piece in _STRONG.split(text) if piece)
        return [*dict.fromkeys(piece for piece in pieces if self._several(piece) is None)]

    def share(self, texts: Iterable[str]) -> float:
        """Return of which share of the texts all parts are known, and counted."""
        known = [bool(self._several(text)) for text in texts]
        return sum(known) / len(known) if known else 0.0

    def _near(self, wanted: str) -> str | None:
        if len(wanted) < _LEAST:
            return None
        near = get_close_matches(wanted, self._keys, n=3, cutoff=0.84)
        return _single({self._keys[name] for name in near if _digits(name) == _digits(wanted)})


def _single(keys: Collection[str]) -> str | None:
    """Return the key where there is one and no other."""
    return next(iter(keys)) if len(keys) == 1 else None


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)
