"""Hides personal data in typed text: before it is kept, and to tell the writer that it does not belong here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.guard_words import SecretWords
from knowledge.text import accented, fold

#: Digits together, or in groups as people write them; shorter ones than MIN_DIGITS are left alone.
_NUMBER = re.compile(
    r"(?<![\w./])\+?(?:\d{6}[ .\-]\d{6}|\d{6,19}|\d{1,4}(?:[ .\-]\d{2,7}){1,6}|\d(?:[ .\-]\d){5,11})(?![\w/]|[.]\d)"
)
MIN_DIGITS = 6
_CODE = re.compile(r"\d\.\d{6}")
_DAY = re.compile(r"\d{1,2}[ .\-]\d{1,2}[ .\-]\d{4}")
_MONEY = re.compile(r"[1-9]\d{0,2}((\.\d{3}|[. ]000)*[. ]000|\.\d{3})")
_HOTLINES = re.compile(r"11\d([ .\-]11\d)+|1[89]00[ .\-]?\d{4}|1[89]00\d{2,4}")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+")
#: Numbers that are nobody's.
PUBLIC = (_CODE, _MONEY, _HOTLINES)
LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_PLATE = re.compile(r"\b\d{2}[A-Z]{1,2}\d?[ \-.]?\d{3}[.]?\d{2}\b")
_WORD = re.compile(r"[^\W_]+")
_VALUE = re.compile(r"[\s\"'(]*([^\s,;]*[^\s,;.!?\"')])")
#: Behind the first word of a value: "Me@1968".
_GLUED = re.compile(r"[@#$!*_&+]\w")
_MARKED = re.compile(r"\s*[:=]\s*")
_SHORT_CODE = re.compile(r"\d{4,8}")
_CARD_CODE = re.compile(r"\d{3}")
_RANGE = re.compile(r"\d+[\-/.]\d+")
_MIXED = re.compile(r"(?=.*\d)(?=.*[^\W\d_])[^%]{6,}")
_SIGNED = re.compile(r"(?=.{6})[^\W_]{2,}[@#$!*]\w\S*")
_LETTERS = re.compile(r"[a-z]{6,}", re.IGNORECASE)
#: One Vietnamese syllable without its diacritics: a word rather than a password.
_SYLLABLE = re.compile(r"(ngh?|[ckgpt]h|nh|tr|gi|qu|[bcdghklmnprstvx])?[aeiouy]{1,3}(ng|nh|ch|[cmnpt])?")
_CLAUSE_END = re.compile(r"[,;.?!]")
_BARE = re.compile(r"^\d{6}$")
_NAME = re.compile(r"(?:\s+[A-Z\u00C0-\u1EF9][^\W\d_]*){2,4}")
HIDDEN = "***"
_CARD_WORDS = frozenset({"cvv", "cvc"})
#: Short for a password, and for who writes.
_ALSO_I = frozenset({"mk"})
#: What is written behind a colon and ends the message is taken for a password from this length on.
MIN_MARKED = 4
#: Within how many words after a word for it a password may be told.
TOLD_WITHIN = 8
#: Lengths in digits: of a citizen's number, of the old identity card, of cards, of phone numbers.
CITIZEN, OLD_CARD, BANK_CARD = 12, 9, 16
CARDS, PHONES = range(13, 20), range(9, 12)
#: Digits of a code that is sent to a phone, and within how many words before it the word for it stands.
SENT_CODE, NEAR = 6, 8


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
        self._secrets = _by_first(words.words)
        self._between = frozenset(word for phrase in words.between for word in fold(phrase).split())
        self._telling = frozenset(map(fold, words.telling))
        self._plain = tuple("".join(fold(phrase).split()) for phrase in words.plain)
        self._accounts = [fold(word) for word in words.account]
        self._names = _by_first(words.name)
        self._codes = tuple(fold(word) for word in words.code)
        self._amounts = frozenset(fold(word) for word in words.amount)
        self._harmless = tuple(fold(word) for word in words.harmless)

    def mask(self, text: str) -> Masked:
        """``text`` with personal data hidden. Procedure codes, document numbers, dates and money stay."""
        if _BARE.match(text.strip()):
            return Masked(HIDDEN, frozenset({Kind.SECRET}))
        kinds: set[Kind] = set()
        for kind, pattern in ((Kind.MAIL, _MAIL), (Kind.LINK, LINK), (Kind.PLATE, _PLATE)):
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
        if self._is_amount(found.string[found.end() :]):
            return typed
        kinds.add(self._kind_of(digits, typed, fold(found.string[: found.start()])))
        return HIDDEN

    def _kind_of(self, digits: str, typed: str, before: str) -> Kind:
        if announced := self._announced(digits, before):
            return announced
        if len(digits) == CITIZEN and not typed.startswith("+"):
            return Kind.IDENTITY
        if len(digits) in CARDS and (_luhn(digits) or len(digits) == BANK_CARD):
            return Kind.CARD
        if digits.startswith(("0", "84")) and len(digits) in PHONES:
            return Kind.PHONE
        return Kind.IDENTITY if len(digits) == OLD_CARD and not digits.endswith("000") else Kind.NUMBER

    def _announced(self, digits: str, before: str) -> Kind | None:
        """What the words ``before`` say of the number: "the OTP that came is…", "my account is…"."""
        near = _WORD.findall(before[-80:])[-NEAR:]
        spoken = " ".join(near)
        if spoken.endswith(self._harmless):
            return Kind.NUMBER
        told = next(_announced(near, self._secrets), None) is not None
        if len(digits) == SENT_CODE and (told or spoken.endswith(self._codes)):
            return Kind.SECRET
        return Kind.ACCOUNT if any(word in before[-40:] for word in self._accounts) else None

    def _is_amount(self, after: str) -> bool:
        """Whether what was counted follows: "8 characters", "120000 dong"."""
        word = _WORD.match(after.lstrip()[:12])
        return word is not None and fold(word[0]) in self._amounts

    def _told(self, text: str) -> list[tuple[int, int]]:
        """The places of codes and passwords that follow a word for them."""
        words = [(fold(word[0]), word.end()) for word in _WORD.finditer(text)]
        told = (self._value(text, words, after) for after in _announced([word for word, _ in words], self._secrets))
        return [span for span in told if span]

    def _value(self, text: str, words: list[tuple[str, int]], place: int) -> tuple[int, int] | None:
        """The place of the value that is told from word number ``place`` on."""
        card = words[place - 1][0] in _CARD_WORDS
        while place < len(words) and words[place][0] in self._between and not _GLUED.match(text, words[place][1]):
            place += 1
        word, end = words[place - 1]
        marked = _MARKED.match(text, end)
        value = _VALUE.match(text, marked.end() if marked else end)
        if not value or HIDDEN in value[1]:
            return None
        alone = not text[value.end() :].strip(" .!?")
        told = self._is_secret(value[1], text[value.end() :], card=card) or (
            marked is not None and alone and len(value[1]) >= MIN_MARKED and not accented(value[1])
        )
        telling = marked is not None or (word in self._telling and words[place - 2][0] not in _ALSO_I)
        if told or self._is_made_up(value[1], telling=telling):
            return value.span(1)
        return self._told_later(text, words, place)

    def _told_later(self, text: str, words: list[tuple[str, int]], place: int) -> tuple[int, int] | None:
        """The place of a value that is told in the same clause: "the password of my father at the bank: …"."""
        for at in range(place, min(place + TOLD_WITHIN, len(words))):
            word, end = words[at]
            if _CLAUSE_END.search(text, words[at - 1][1], end):
                return None
            marked = _MARKED.match(text, end)
            value = _VALUE.match(text, marked.end() if marked else end)
            if value and (marked or word in self._telling) and HIDDEN not in value[1]:
                return value.span(1) if self._is_strong(value[1], text[value.end() :]) else None
        return None

    def _is_strong(self, value: str, after: str) -> bool:
        """Whether ``value`` looks like a code or password wherever it stands."""
        public = any(pattern.fullmatch(value) for pattern in PUBLIC)
        return not public and not self._is_plain(value) and self._is_secret(value, after, card=False)

    def _is_made_up(self, value: str, *, telling: bool) -> bool:
        """Whether ``value`` is no word that people say, so that it is a password. Letters alone only where a value is
        told."""
        if self._is_plain(value):
            return False
        letters = _LETTERS.fullmatch(value) is not None and _SYLLABLE.fullmatch(value.lower()) is None
        return _SIGNED.fullmatch(value) is not None or (telling and letters)

    def _is_plain(self, value: str) -> bool:
        return fold(value).startswith(self._plain)

    def _is_secret(self, value: str, after: str, *, card: bool) -> bool:
        if _SHORT_CODE.fullmatch(value) or (card and _CARD_CODE.fullmatch(value)):
            return not self._is_amount(after)
        return _MIXED.fullmatch(value) is not None and not _RANGE.fullmatch(value)

    def _named(self, text: str) -> list[tuple[int, int]]:
        """The places of capitalised names after "my name is"."""
        words = [(fold(word[0]), word.end()) for word in _WORD.finditer(text)]
        spans = []
        for after in _announced([word for word, _ in words], self._names):
            name = _NAME.match(text, words[after - 1][1])
            spans += [name.span()] if name and text[name.start()].isspace() else []
        return [(start + 1, end) for start, end in spans]


Phrases = dict[str, list[list[str]]]


def _by_first(phrases: Iterable[str]) -> Phrases:
    """``phrases`` as folded words, by the first of them."""
    found: Phrases = {}
    for phrase in phrases:
        words = fold(phrase).split()
        found.setdefault(words[0], []).append(words)
    return found


def _announced(words: Sequence[str], phrases: Phrases) -> Iterator[int]:
    """The places after each of ``phrases`` in ``words``."""
    for start, word in enumerate(words):
        for phrase in phrases.get(word, ()):
            if words[start : start + len(phrase)] == phrase:
                yield start + len(phrase)


def _hidden(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(set(spans), reverse=True):
        text = text[:start] + HIDDEN + text[end:]
    return text


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0
