"""The neutral format of an answer: Telegram's HTML subset. Checking it and reading it as plain text."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

ALLOWED = {
    "b": frozenset[str](),
    "i": frozenset[str](),
    "u": frozenset[str](),
    "s": frozenset[str](),
    "code": frozenset[str](),
    "pre": frozenset[str](),
    "blockquote": frozenset[str](),
    "a": frozenset({"href"}),
}
_LINK = re.compile(r"(https?://|tel:|mailto:)\S+")
_BARE_AMPERSAND = re.compile(r"&(?!(amp|lt|gt|quot|#\d+|#x[0-9a-fA-F]+);)")
_ANCHOR = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"</?[a-z]+[^<>]*>")


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.errors: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if (self.get_starttag_text() or "").endswith("/>"):
            self.errors.append(f"<{tag}/> is not allowed: close it with </{tag}>")
        elif tag not in ALLOWED:
            self.errors.append(f"tag <{tag}> is not allowed")
        elif names - ALLOWED[tag]:
            self.errors.append(
                f"<{tag}> has an attribute that is not allowed: {', '.join(sorted(names - ALLOWED[tag]))}"
            )
        elif tag == "a" and not _LINK.fullmatch(dict(attrs).get("href") or ""):
            self.errors.append("<a> needs an href with http, https, tel or mailto")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.errors.append(f"</{tag}> closes nothing that is open")
        else:
            self.open.pop()


def errors(html: str) -> list[str]:
    """What keeps ``html`` from being shown by every channel; empty when all is well."""
    checker = _Checker()
    checker.feed("".join(_TAG.findall(html)))  # nothing but tags: on odd text the parser fails
    checker.close()
    found = checker.errors + [f"<{tag}> is not closed" for tag in checker.open]
    if re.search("[<>]", _TAG.sub("", html)):
        found.append("write < and > as &lt; and &gt;, and tags in small letters")
    if _BARE_AMPERSAND.search(html):
        found.append("write & as &amp;")
    return found


def plain(html: str) -> str:
    """The words of ``html``; a link whose text does not show its address has it added in brackets."""
    return unescape(_TAG.sub("", _ANCHOR.sub(_spell_out, html)))


def _spell_out(link: re.Match[str]) -> str:
    address, label = link.groups()
    shown = address.removeprefix("https://").removeprefix("http://").removeprefix("tel:").rstrip("/")
    return label if shown in label or address.startswith("tel:") else f"{label} ({address})"
