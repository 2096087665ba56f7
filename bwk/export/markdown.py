"""Report text: Markdown to a small closed set of tokens, and those to safe HTML.

Both exporters start from the same tokens. What could run, or fetch something, is no longer in
them: raw HTML has become text, an image its description, an unsafe link its words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import unescape
from typing import Any, cast

import mistune
from markupsafe import Markup, escape

Token = dict[str, Any]
SAFE_LINK = re.compile(r"https://\S|mailto:\S|#\S", re.IGNORECASE)
_COMMENT = re.compile(r"\s*<!--.*-->\s*", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PLUGINS = ("table", "footnotes", "strikethrough", "url")
_PARSER = mistune.create_markdown(renderer=None, plugins=_PLUGINS)


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
        blocks of its note under `footnote`.
    """
    state = _PARSER.block.state_cls()
    state.env["ref_footnotes"] = {**(elsewhere or {}), **footnotes(source)}
    tokens = cast(list[Token], _PARSER.parse(source, state)[0])
    sections = [token["children"] for token in tokens if token["type"] == "footnotes"]
    notes = {item["attrs"]["key"]: item["children"] for section in sections for item in section}
    return _closed([token for token in tokens if token["type"] != "footnotes"], notes)


def footnotes(source: str) -> dict[str, str]:
    """Return the footnotes that a text defines: key to Markdown."""
    state = _PARSER.parse(source)[1]
    return dict(state.env.get("ref_footnotes", {}))


def transform(tokens: Iterable[Token], change: Callable[[Token], list[Token]]) -> list[Token]:
    """Return new tokens, notes included: each replaced by what `change` makes of it."""
    changed: list[Token] = []
    for token in tokens:
        parts = token.keys() & {"children", "footnote"}
        changed += change(token | {part: transform(token[part], change) for part in parts})
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


def html(tokens: Sequence[Token]) -> Markup:
    """Write tokens as HTML; every text in it is escaped."""
    return Markup(_RENDERER.render_tokens(list(tokens), mistune.BlockState()))


def _closed(tokens: list[Token], notes: Mapping[str, list[Token]]) -> list[Token]:
    """Bring tokens back to the closed set; a note within a note becomes text."""

    def change(token: Token) -> list[Token]:
        kind, raw = token["type"], token.get("raw", "")
        if kind == "footnote_ref":
            if raw not in notes:
                return [_words(f"[^{raw}]")]
            return [{"type": kind, "key": raw, "footnote": _closed(notes[raw], {})}]
        if kind == "link":
            return [token] if SAFE_LINK.match(token["attrs"]["url"]) else token["children"]
        if kind == "image":
            return [_words(f"[afbeelding: {plain(token['children']) or 'zonder beschrijving'}]")]
        if kind in ("inline_html", "block_html", "blank_line"):
            return _escaped_html(kind, raw)
        return [_words(unescape(raw))] if kind == "text" else [token]

    closed = transform(tokens, change)
    return [
        t | {"children": transform(t["children"], _bold)} if "children" in t else t for t in closed
    ]


def _words(text: str) -> Token:
    return {"type": "text", "raw": text}


def _escaped_html(kind: str, raw: str) -> list[Token]:
    if not raw.strip() or _COMMENT.fullmatch(raw):
        return []
    if kind == "block_html":
        return [{"type": "paragraph", "children": [_words(raw.strip())]}]
    return [{"type": "linebreak"}] if _BREAK.fullmatch(raw) else [_words(raw)]


def _bold(token: Token) -> list[Token]:
    """Make a heading within a list or a quotation bold text: it is no part of the contents."""
    if token["type"] != "heading":
        return [token]
    bold = {"type": "strong", "children": token["children"]}
    return [{"type": "paragraph", "children": [bold]}]


class _Renderer(mistune.HTMLRenderer):
    """mistune's own HTML, with what the report needs of its links, tables and notes."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return f'<a href="{escape(url)}">{text}</a>'

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<pre tabindex="0"><code>{escape(code)}</code></pre>\n'

    def strikethrough(self, text: str) -> str:
        return f"<del>{text}</del>"

    def table(self, text: str) -> str:
        frame = '<div class="frame" role="group" aria-label="Tabel in de tekst" tabindex="0">'
        return f"{frame}<table>{text}</table></div>\n"

    def table_head(self, text: str) -> str:
        return f"<thead><tr>{text}</tr></thead>"

    def table_body(self, text: str) -> str:
        return f"<tbody>{text}</tbody>"

    def table_row(self, text: str) -> str:
        return f"<tr>{text}</tr>\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        tag = 'th scope="col"' if head and text else "td"
        number = ' class="num"' if align == "right" else ""
        return f"<{tag}{number}>{text}</{tag[:2]}>"

    def footnote_ref(self, text: str, number: int, place: str) -> str:
        label = f'<span class="sr">noot </span>{number}'
        return f'<sup><a id="{place}" href="#noot-{number}">{label}</a></sup>'


_RENDERER = _Renderer(escape=True)
