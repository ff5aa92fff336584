"""Hides personal data in typed text: before it is kept, and to tell the writer that it does not belong here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import SecretWords
from knowledge.text import fold

#: Digits together, or in groups as people write them; shorter ones than MIN_DIGITS are left alone.
_NUMBER = re.compile(r"(?<![\w./])\+?(?:\d{6,19}|\d{1,4}(?:[ .\-]\d{2,7}){1,6})(?![\w/]|[.]\d)")
MIN_DIGITS = 6
_CODE = re.compile(r"\d\.\d{6}")
_DAY = re.compile(r"\d{1,2}[ .\-]\d{1,2}[ .\-]\d{4}")
_MONEY = re.compile(r"[1-9]\d{0,2}([. ]000|\.\d{3})+")
_HOTLINES = re.compile(r"1\d\d([ .\-]1\d\d)+|1[89]00[ .\-]?\d{4}|1[89]00\d{2,4}")
#: Numbers that are nobody's.
PUBLIC = (_CODE, _MONEY, _HOTLINES)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_PLATE = re.compile(r"\b\d{2}[A-Z]{1,2}\d?[ \-.]?\d{3}[.]?\d{2}\b")
_WORD = re.compile(r"[^\W_]+")
_SECRET = re.compile(r"(?=\S*\d)[^\s,;]{4,}")
_MARKED = re.compile(r"\s*[:=]\s*")
_BARE = re.compile(r"^\d{6}$")
_NAME = re.compile(r"(?:\s+[A-Z\u00C0-\u1EF9][^\W\d_]*){2,4}")
HIDDEN = "***"
#: Lengths in digits: of a citizen's number, of the old identity card, of cards, of phone numbers.
CITIZEN, OLD_CARD, BANK_CARD = 12, 9, 16
CARDS, PHONES = range(13, 20), range(9, 12)


class Kind(StrEnum):
    """What was hidden."""

    SECRET = "secret"  # noqa: S105 a name
    IDENTITY = "identity"
    CARD = "card"
    ACCOUNT = "account"
    PHONE = "phone"
    NUMBER = "number"
    MAIL = "mail"
    LINK = "link"
    PLATE = "plate"
    NAME = "name"


#: What nobody should send to an assistant.
DELICATE = frozenset({Kind.SECRET, Kind.IDENTITY, Kind.CARD, Kind.ACCOUNT})


@dataclass(frozen=True, slots=True)
class Masked:
    """``text`` with stars where personal data stood, and what ``kinds`` it was."""

    text: str
    kinds: frozenset[Kind]


class Masker:
    """Masks with one list of words that announce a secret."""

    def __init__(self, words: SecretWords) -> None:
        self._secrets = [fold(word).split() for word in words.words]
        self._between = frozenset(fold(word) for word in words.between)
        self._accounts = [fold(word) for word in words.account]
        self._names = [fold(word).split() for word in words.name]

    def mask(self, text: str) -> Masked:
        """``text`` with personal data hidden. Procedure codes, document numbers, dates and money stay."""
        if _BARE.match(text.strip()):
            return Masked(HIDDEN, frozenset({Kind.SECRET}))
        kinds: set[Kind] = set()
        for kind, pattern in ((Kind.MAIL, _MAIL), (Kind.LINK, _LINK), (Kind.PLATE, _PLATE)):
            text, count = pattern.subn(HIDDEN, text)
            kinds |= {kind} if count else set()
        for spans, kind in ((self._told(text), Kind.SECRET), (self._named(text), Kind.NAME)):
            text = _hidden(text, spans)
            kinds |= {kind} if spans else set()
        text = _NUMBER.sub(lambda found: self._number(found, kinds), text)
        return Masked(text, frozenset(kinds))

    def _number(self, found: re.Match[str], kinds: set[Kind]) -> str:
        typed = found[0]
        digits = re.sub(r"\D", "", typed)
        if len(digits) < MIN_DIGITS or any(p.fullmatch(typed) for p in (*PUBLIC, _DAY)):
            return typed
        kinds.add(self._kind_of(digits, typed, fold(found.string[: found.start()])))
        return HIDDEN

    def _kind_of(self, digits: str, typed: str, before: str) -> Kind:
        if any(word in before[-40:] for word in self._accounts):
            return Kind.ACCOUNT
        if len(digits) == CITIZEN and not typed.startswith("+"):
            return Kind.IDENTITY
        if len(digits) in CARDS and (_luhn(digits) or len(digits) == BANK_CARD):
            return Kind.CARD
        if digits.startswith(("0", "84")) and len(digits) in PHONES:
            return Kind.PHONE
        return Kind.IDENTITY if len(digits) == OLD_CARD else Kind.NUMBER

    def _told(self, text: str) -> list[tuple[int, int]]:
        """The places of codes and passwords that follow a word for them."""
        words = [(fold(word[0]), word.start(), word.end()) for word in _WORD.finditer(text)]
        spans = []
        for start in range(len(words)):
            for secret in self._secrets:
                if [word for word, _, _ in words[start : start + len(secret)]] == secret:
                    span = self._value(text, words, start + len(secret))
                    spans += [span] if span else []
        return spans

    def _value(self, text: str, words: list[tuple[str, int, int]], place: int) -> tuple[int, int] | None:
        """The place of the value that is told from word number ``place`` on."""
        end = words[place - 1][2]
        while place < len(words) and words[place][0] in self._between:
            end = words[place][2]
            place += 1
        if marked := _MARKED.match(text, end):
            value = re.compile(r"[^\s,;]{4,}").match(text, marked.end())
        else:
            value = _SECRET.match(text, end + len(text[end:]) - len(text[end:].lstrip()))
        return value.span() if value and value[0] != HIDDEN else None

    def _named(self, text: str) -> list[tuple[int, int]]:
        """The places of capitalised names after "my name is"."""
        words = [(fold(word[0]), word.end()) for word in _WORD.finditer(text)]
        spans = []
        for start in range(len(words)):
            for announced in self._names:
                if [word for word, _ in words[start : start + len(announced)]] == announced:
                    name = _NAME.match(text, words[start + len(announced) - 1][1])
                    spans += [name.span()] if name and text[name.start()].isspace() else []
        return [(start + 1, end) for start, end in spans]


def _hidden(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(set(spans), reverse=True):
        text = text[:start] + HIDDEN + text[end:]
    return text


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0
