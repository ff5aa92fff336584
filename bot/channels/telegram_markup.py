"""A reply as Telegram takes it: texts of at most 4,096 characters, and a keyboard."""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import takewhile
from typing import Any

from handlers.model import Button, Rows
from knowledge import markup

MAX_TEXT = 4096
MAX_COPY = 256
#: ``InlineKeyboardMarkup`` of the Bot API.
Keyboard = dict[str, list[list[dict[str, Any]]]]

_TOKEN = re.compile(r"</?[a-z]+(?:\s[^<>]*)?>|&(?:amp|lt|gt|quot|#\d+|#x[0-9a-fA-F]+);|.", re.DOTALL)
_MARKUP = re.compile(r"</?[a-z]+(?:\s[^<>]*)?>")
_SENTENCE_END = re.compile(r"[.!?…]\0*\s")
_EMPTY_TAG = re.compile(r"<([a-z]+)(?:\s[^<>]*)?></\1>")
_TAG = "\0"


def keyboard(rows: Rows) -> Keyboard | None:
    """The buttons below a message. A text too long to copy has no button: half of it would mislead."""
    shown = [[_button(button) for button in row if len(button.copy or "") <= MAX_COPY] for row in rows]
    return {"inline_keyboard": [row for row in shown if row]} if any(shown) else None


def _button(button: Button) -> dict[str, Any]:
    if button.copy is not None:
        return {"text": button.label, "copy_text": {"text": button.copy}}
    return {"text": button.label} | ({"url": button.url} if button.url else {"callback_data": button.action})


def length(html: str) -> int:
    """The UTF-16 units of ``html`` that are shown, as Telegram counts them."""
    return len(unescape(_MARKUP.sub("", html)).encode("utf-16-le", "surrogatepass")) // 2


def split_plain(html: str, limit: int = MAX_TEXT) -> list[str]:
    """The words of ``html`` without markup, in pieces within ``limit``."""
    return [unescape(piece) for piece in split(escape(markup.plain(html), quote=False), limit)]


def split(html: str, limit: int = MAX_TEXT) -> list[str]:
    """Pieces of ``html`` of at most ``limit`` UTF-16 units each, markup not counted; every piece is whole by itself.

    Cuts are made between paragraphs, else lines, else sentences, else words; the white space there is left out.
    """
    if len(html.encode("utf-16-le", "surrogatepass")) <= 2 * limit:
        return [html]
    tokens = _TOKEN.findall(html)
    shape = "".join(map(_shown, tokens))
    pieces: list[str] = []
    carried: list[str] = []
    start = 0
    while start < len(tokens):
        end = _end(shape, start, limit)
        piece, carried = _whole(carried, tokens[start:end], shape[start:end])
        pieces += [piece] if piece else []
        start = end
    return pieces


def _shown(token: str) -> str:
    """One character for every token, so that positions in the two agree."""
    if len(token) == 1:
        return token
    return _TAG if token[0] == "<" else unescape(token) or " "


def _end(shape: str, start: int, limit: int) -> int:
    """Where the piece that begins at ``start`` ends."""
    room = limit
    for at in range(start, len(shape)):
        if shape[at] != _TAG:
            room -= 2 if shape[at] > "\uffff" else 1
        if room < 0:
            return _good_cut(shape, start, max(at, start + 1))
    return len(shape)


def _good_cut(shape: str, start: int, over: int) -> int:
    """The best place to cut at ``over`` or before. Pieces under a third of the limit are not worth a paragraph."""
    floor = start + max(1, (over - start) // 3)
    for gap in ("\n\n", "\n"):
        if (at := shape.rfind(gap, floor, over + len(gap))) > 0:
            return at
    if ends := [match.end() - 1 for match in _SENTENCE_END.finditer(shape, floor, over + 1)]:
        return ends[-1]
    at = shape.rfind(" ", start + 1, over + 1)
    return at if at > 0 else over


def _whole(carried: list[str], tokens: list[str], shape: str) -> tuple[str, list[str]]:
    """The piece with the ``carried`` tags opened again and all tags closed, and the tags to carry on."""
    kept = _strip(tokens, shape)
    stack = list(carried)
    for token, sign in zip(tokens, shape, strict=True):
        if sign == _TAG and token[0] == "<":
            _follow(stack, token)
    if all(token[0] == "<" and len(token) > 1 for token in kept):
        return "", stack
    piece = "".join([*carried, *kept, *(f"</{_name(tag)}>" for tag in reversed(stack))])
    return _without_empty_tags(piece), stack


def _strip(tokens: list[str], shape: str) -> list[str]:
    """``tokens`` without the white space at both ends, tags kept."""

    def blank(at: int) -> bool:
        return shape[at].isspace() or shape[at] == _TAG

    front = set(takewhile(blank, range(len(tokens))))
    back = set(takewhile(blank, reversed(range(len(tokens)))))
    return [token for at, token in enumerate(tokens) if at not in front | back or shape[at] == _TAG]


def _follow(stack: list[str], tag: str) -> None:
    if not tag.startswith("</"):
        stack.append(tag)
    elif stack and _name(stack[-1]) == _name(tag):
        stack.pop()


def _name(tag: str) -> str:
    return tag.strip("</>").split()[0]


def _without_empty_tags(html: str) -> str:
    while (shorter := _EMPTY_TAG.sub("", html)) != html:
        html = shorter
    return html
