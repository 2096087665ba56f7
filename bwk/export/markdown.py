"""Report text: Markdown to a small closed set of tokens, and those to safe HTML.

Both exporters start from the same tokens. What could run, or fetch something, is no longer in
them: raw HTML has become text, an image its description, an unsafe link its words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import unescape
from typing import Any, cast

import mistune
from markupsafe import Markup

Token = dict[str, Any]
SAFE_LINK = re.compile(r"https://\S|mailto:\S|#\S", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PLUGINS = ("table", "footnotes", "strikethrough", "url")
_PARSER = mistune.create_markdown(renderer=None, plugins=_PLUGINS)
_PARSER.after_render_hooks.clear()  # a report has one list of footnotes, not one in each cell
for _rules in (_PARSER.block.rules, _PARSER.block.block_quote_rules, _PARSER.block.list_rules):
    _rules.remove("raw_html")


def parse(source: str, elsewhere: Mapping[str, str] | None = None) -> list[Token]:
    """Read Markdown as block tokens.

    Parameters
    ----------
    source : str
        The text of a cell.
    elsewhere : mapping of str to str, optional
        Footnotes of other cells, as `footnotes` returns them; those of this text go first.

    Returns
    -------
    list of dict
        Tokens of mistune without raw HTML, images and unsafe links. A `footnote_ref` holds the
        Markdown of its note under `note`.
    """
    notes = {**(elsewhere or {}), **footnotes(source)}
    state = _PARSER.block.state_cls()
    state.env["ref_footnotes"] = notes
    tokens = cast(list[Token], _PARSER.parse(_COMMENT.sub("", source), state)[0])
    return transform(tokens, partial(_safe, notes))


def footnotes(source: str) -> dict[str, str]:
    """Return the footnotes that a text defines: key to Markdown."""
    state = _PARSER.parse(_COMMENT.sub("", source))[1]
    return state.env.get("ref_footnotes", {})


def transform(tokens: Iterable[Token], change: Callable[[Token], list[Token]]) -> list[Token]:
    """Return new tokens: each replaced by what `change` makes of it, children first."""
    changed: list[Token] = []
    for token in tokens:
        if "children" in token:
            token = {**token, "children": transform(token["children"], change)}
        changed += change(token)
    return changed


def plain(tokens: Iterable[Token]) -> str:
    """Return the words of tokens, without footnotes."""
    return "".join(
        plain(token["children"]) if "children" in token else token.get("raw", " ")
        for token in tokens
        if token["type"] != "footnote_ref"
    )


def slug(words: str) -> str:
    """Return words as an anchor.

    >>> slug("Rollen en wederkerigheid – ’t Zant")
    'rollen-en-wederkerigheid-t-zant'
    """
    ascii_words = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_words).strip("-") or "deel"


def html(tokens: Iterable[Token]) -> Markup:
    """Write tokens as HTML; every text in it is escaped."""
    return Markup(_RENDERER.render_tokens(tokens, mistune.BlockState()))


def words(text: str) -> Token:
    """Return text as a token."""
    return {"type": "text", "raw": text}


def _safe(notes: Mapping[str, str], token: Token) -> list[Token]:
    match token:
        case {"type": "text", "raw": raw}:
            return [words(unescape(raw))]
        case {"type": "inline_html", "raw": raw}:
            return [{"type": "linebreak"} if _BREAK.fullmatch(raw) else words(raw)]
        case {"type": "image", "children": alt}:
            return [words(f"[afbeelding: {plain(alt) or 'zonder beschrijving'}]")]
        case {"type": "link", "attrs": {"url": url}, "children": inner}:
            return [token] if SAFE_LINK.match(url) else inner
        case {"type": "footnote_ref", "raw": key}:
            return [{"type": "footnote_ref", "note": notes[key]}]
    return [token]


class _Renderer(mistune.HTMLRenderer):
    """mistune's own HTML, with what the report needs of its tables, notes and small headings."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Write a heading in a list or a quotation, which is no part of the contents."""
        return f"<p><strong>{text}</strong></p>\n"

    def table(self, text: str) -> str:
        frame = '<div class="frame" role="group" aria-label="Tabel in de tekst" tabindex="0">'
        return f"{frame}<table>{text}</table></div>\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        tag = 'th scope="col"' if head and text else "td"
        number = ' class="num"' if align == "right" else ""
        return f"<{tag}{number}>{text}</{tag[:2]}>"

    def footnote_ref(self, number: int, place: str) -> str:
        label = f'<span class="sr">noot </span>{number}'
        return f'<sup><a id="{place}" href="#noot-{number}">{label}</a></sup>'


_RENDERER = _Renderer(escape=True)
mistune.create_markdown(renderer=_RENDERER, plugins=("table", "strikethrough"))
