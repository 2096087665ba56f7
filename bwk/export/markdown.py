"""Report text: Markdown to a small closed set of tokens, and those to safe HTML.

Both exporters start from the same tokens. What could run, or fetch something, is no longer in
them: raw HTML has become text, an image its description, an unsafe link its words.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import unescape
from inspect import cleandoc
from typing import Any, cast

import mistune
from markupsafe import Markup

from bwk import formats

Token = dict[str, Any]
SAFE_LINK = re.compile(r"https://\S|mailto:\S|#\S", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Of a tag, but for a break and the address of a link.
_OPENING = re.compile(r"<(?=[a-z/!?])(?!br\s*/?>|(?:https://|mailto:)[^\s<>]*>)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"!(?=\[)(?!\[[^\]]*\]\(attachment:)")
_RUNNING = re.compile(r"(?:java|vb)script:|data:text/", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\\>\x00-\x1f]+")  # in an address, or before it on a line of a quotation
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PLUGINS = ("table", "footnotes", "strikethrough", "url")
_SIGNS = re.compile("\ufdd0[\U000f0000-\U000ffffd]|\ufdd1")  # characters that no text may hold
_MARKED = re.compile("\ufdd0([\U000f0000-\U000ffffd])([^\ufdd0\ufdd1]+)\ufdd1")
_PARSER = mistune.create_markdown(renderer=None, plugins=_PLUGINS)
_PARSER.after_render_hooks.clear()  # a report has one list of footnotes, not one in each cell


def parse(source: str, elsewhere: Mapping[str, str] | None = None) -> list[Token]:
    """Read Markdown as block tokens: those of mistune, closed.

    A heading also holds its `level` and `text`; a `footnote_ref` holds the `source` of its note
    and the tokens of it under `note`. Footnotes of other cells, as `footnotes` returns them, may
    stand `elsewhere`; those of this text go first.
    """
    source = _COMMENT.sub("", source)
    notes = {**(elsewhere or {}), **footnotes(source)}
    state = _PARSER.block.state_cls()
    state.env["ref_footnotes"] = notes
    tokens = cast(list[Token], _PARSER.parse(source, state)[0])
    return transform(tokens, partial(_closed, notes))


def inert(source: str) -> str:
    """Return Markdown that runs and fetches nothing, whoever makes a page of it.

    Tags are text and pictures from elsewhere their words; where an address might run, all is text.
    """
    source = _COMMENT.sub("", source)
    if _RUNNING.search(_BETWEEN.sub("", unescape(source))):
        return _SIGN.sub(r"\\\g<0>", source)
    return _OPENING.sub("&lt;", _ELSEWHERE.sub("&#33;", source))


def footnotes(source: str) -> dict[str, str]:
    """Return the footnotes that a text defines: key to Markdown."""
    return _PARSER.parse(source)[1].env.get("ref_footnotes", {}) if "[^" in source else {}


def marked(source: str, marks: Iterable[tuple[int, int, int]]) -> str:
    """Return Markdown with signs around some of its words, of which `parse` makes `mark` tokens.

    Each of the `marks` holds the start and the end of its words, and the number of a card. One
    that would change anything else in the text is left out, and so is one in a heading or a link.
    """
    for start, end, card in sorted(marks, reverse=True):
        opening = f"\ufdd0{chr(0xF0000 + card)}"
        words = source[start:end]
        changed = f"{source[:start]}{opening}{words}\ufdd1{source[end:]}"
        if _SIGNS.sub("", _raw(changed)) == _SIGNS.sub("", _raw(source)):
            source = changed
    return source


def _raw(source: str) -> str:
    tokens, state = _PARSER.parse(source)
    return unescape(json.dumps([tokens, state.env.get("ref_footnotes")], ensure_ascii=False))


def transform(tokens: Iterable[Token], change: Callable[[Token], list[Token]]) -> list[Token]:
    """Return new tokens, notes included: each replaced by what `change` makes of it."""
    changed: list[Token] = []
    for token in tokens:
        inner: dict[str, Any] = {
            field: transform(token[field], change)
            for field in ("children", "note")
            if field in token
        }
        changed += change({**token, **inner})
    return changed


def slug(*words: str) -> str:
    """Return words as an anchor.

    >>> slug("TOP", "Rollen en wederkerigheid – ’t Zant")
    'top-rollen-en-wederkerigheid-t-zant'
    """
    return formats.slug("-".join(words)) or "deel"


def html(tokens: Iterable[Token]) -> Markup:
    """Write tokens as HTML; every text in it is escaped."""
    return Markup(_RENDERER.render_tokens(tokens, mistune.BlockState()))


def _closed(notes: Mapping[str, str], token: Token) -> list[Token]:
    """Bring a token back to the closed set; a note within a note becomes text."""
    match token:
        case {"type": "text", "raw": raw}:
            return _with_marks(unescape(raw))
        case {"type": "heading", "attrs": {"level": level}, "children": inner}:
            inner = transform(inner, _unmarked)
            text = " ".join(_plain(inner).split())
            heading = {**token, "level": level, "text": text, "children": inner}
            return [heading] if text else []
        case {"type": "codespan" | "block_code", "raw": raw}:
            return [token | {"raw": _SIGNS.sub("", raw)}]
        case {"type": "inline_html", "raw": raw}:
            return [{"type": "linebreak"} if _BREAK.fullmatch(raw) else _words(raw)]
        case {"type": "block_html", "raw": raw}:
            return [{"type": "paragraph", "children": [_words(raw.strip())]}]
        case {"type": "image", "children": alt}:
            return [_words(f"[afbeelding: {_plain(alt) or 'zonder beschrijving'}]")]
        case {"type": "link", "attrs": {"url": url}, "children": inner}:
            words = transform(inner, _unmarked)
            return [token | {"children": words}] if SAFE_LINK.match(url) else inner
        case {"type": "footnote_ref", "raw": key}:
            note = parse(cleandoc(notes[key]))
            return [{"type": "footnote_ref", "source": notes[key], "note": note}]
    return [token]


def _words(text: str) -> Token:
    return {"type": "text", "raw": _SIGNS.sub("", text)}


def _with_marks(text: str) -> list[Token]:
    before, *pieces = _MARKED.split(text)
    tokens = [_words(before)]
    for sign, words, after in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        mark = {
            "type": "mark",
            "attrs": {"card": ord(sign) - 0xF0000},
            "children": [_words(words)],
        }
        tokens += [mark, _words(after)]
    return tokens


def _unmarked(token: Token) -> list[Token]:
    return token["children"] if token["type"] == "mark" else [token]


def _plain(tokens: Iterable[Token]) -> str:
    """Return the words of tokens, without footnotes."""
    return "".join(
        _plain(token["children"]) if "children" in token else token.get("raw", " ")
        for token in tokens
        if token["type"] != "footnote_ref"
    )


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

    def mark(self, text: str, card: int) -> str:
        return f'<button type="button" class="fact" popovertarget="kaart_{card}">{text}</button>'

    def footnote_ref(self, number: int, place: str) -> str:
        label = f'<span class="sr">noot </span>{number}'
        return f'<sup><a id="{place}" href="#noot-{number}">{label}</a></sup>'


_RENDERER = _Renderer(escape=True)
mistune.create_markdown(renderer=_RENDERER, plugins=("table", "strikethrough"))
