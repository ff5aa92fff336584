"""Questions fit to be kept for the editors: without the person who asked, and none that tells a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.guard_words import GuardWords
from knowledge.mask import HIDDEN, PUBLIC
from knowledge.query import Query
from knowledge.text import accented, fold, tokens

#: In characters, of what is kept.
MAX_KEPT = 200
#: In words: of a name, of the name of a street.
MAX_NAME, MAX_STREET = 4, 3
#: A name of so many capitalised words is one wherever it stands.
SURE_NAME = 3
#: Digits of a year.
YEAR = 4
#: In words, of a day that is written out: "12 month 3 year 1990".
WRITTEN_OUT = 5

_TOKEN = re.compile(r"\d+(?:[/.\-]\d+)*[^\W_]*|[^\W_]+")
_BREAK = re.compile(r"[,.;!?()\n*]")
_HANDLE = re.compile(r"@\w+")
_DAY = re.compile(r"\b\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d{2})\b")
_PLATE = re.compile(r"\b\d{2}[\s.\-]?[a-z]{1,2}\d?[\s.\-]*\d{3}[\s.]?\d{1,2}\b", re.IGNORECASE)
_DIGITS = re.compile(r"[^\W_]*\d(?:[\s.,/()_\-\u2013]*\d){5,}\w*")
#: A document's number and year.
_DOCUMENT = re.compile(r"\d{1,4}/20\d{2}")
#: What is hidden already, or digits, alone or apart; fewer of them are a number of digits or tries.
_VALUE = re.compile(r"[\s:=]*(?:\*{3}|\d(?:[\s.,-]*\d){3})")
_AGAIN = re.compile(r"\*{3}(?:[\s,.\-]*\*{3})+")
_BESIDE = re.compile(r"[\w/.\-]*\*{3}[\w/\-]*")
_NUMBER = re.compile(r"\d+(?:[./]\d+)*")


@dataclass(frozen=True, slots=True)
class _Word:
    """A typed word, folded, with its place in the text; ``apart``: a mark stands between it and the one before.
    ``digits``: how many it has."""

    typed: str
    folded: str
    start: int
    end: int
    apart: bool
    digits: int

    @property
    def is_name(self) -> bool:
        return self.typed.isalpha()

    @property
    def is_capital(self) -> bool:
        return self.is_name and self.typed[0].isupper() and (self.typed.istitle() or self.typed.isupper())


Spans = Iterator[tuple[int, int]]


class Anonymiser:
    """Hides what tells of a person, with one set of words. It would rather hide too much than too little."""

    def __init__(self, words: GuardWords) -> None:
        personal = words.personal
        self._secrets = _Phrases(words.secrets.words)
        self._between = frozenset(map(fold, (*words.secrets.between, *words.secrets.telling)))
        self._telling = frozenset(map(fold, words.secrets.telling))
        self._names = _Phrases(personal.name)
        self._maybe_names = _Phrases(personal.maybe_name)
        self._surnames = _Written(personal.surnames)
        self._sure_surnames = _Written(personal.sure_surnames)
        self._middle = _Written((*personal.middle, *personal.sure_middle))
        self._sure_middle = _Written(personal.sure_middle)
        self._stops = _Written(personal.stops)
        self._kin = _Written(personal.kin)
        self._houses = _Phrases(personal.house)
        self._streets = _Written(personal.street)
        self._born = _Phrases(personal.born)
        self._calendar = frozenset(map(fold, personal.calendar))
        self._rules: tuple[Callable[[Sequence[_Word]], Spans], ...] = (
            self._told_names,
            self._usual_names,
            self._houses_in,
            self._births,
        )

    def kept(self, text: str) -> str:
        """``text``, masked already, with everything else that is personal hidden, at most MAX_KEPT characters; "" when
        it tells a secret."""
        if self._tells_secret(text):
            return ""
        for pattern in (_HANDLE, _DAY, _PLATE):
            text = pattern.sub(HIDDEN, text)
        words = _words(text)
        spans = sorted({words[at].start: words[at].end for at in self._personal(words)}.items(), reverse=True)
        for start, end in spans:
            text = text[:start] + HIDDEN + text[end:]
        text = _AGAIN.sub(HIDDEN, _BESIDE.sub(HIDDEN, _DIGITS.sub(_harmless, text)))
        return text if len(text) <= MAX_KEPT else text[:MAX_KEPT].rsplit(" ", 1)[0]

    def _personal(self, words: Sequence[_Word]) -> set[int]:
        return {at for rule in self._rules for start, end in rule(words) for at in range(start, end)}

    def _tells_secret(self, text: str) -> bool:
        """Whether a code or password is told, be it masked already, in single digits or in plain letters."""
        words = _words(text)
        for at in self._secrets.ends(words):
            end = at
            while end < len(words) and words[end].folded in self._between:
                end += 1
            if any(_VALUE.match(text, words[place - 1].end) for place in range(at, end + 1)):
                return True
            told = end > at and words[end - 1].folded in self._telling
            if told and end < len(words) and words[end].is_name and not self._stops.has(words[end]):
                return True
        return False

    def _told_names(self, words: Sequence[_Word]) -> Spans:
        """Names after words that announce one."""
        for at in self._names.ends(words):
            if at < len(words) and not words[at].apart:
                yield at, self._end_of_name(words, at)
        for at in self._maybe_names.ends(words):
            if at < len(words) and not words[at].apart and self._is_surely_surname(words[at]):
                end = self._end_of_name(words, at)
                if end > at + 1:
                    yield at, end

    def _usual_names(self, words: Sequence[_Word]) -> Spans:
        """Names that show by their surname and middle name, or by capitals."""
        telling = any(word.is_name and not word.is_capital for word in words)
        for at, word in enumerate(words):
            if not self._surnames.has(word):
                continue
            middle = self._middle if self._is_surely_surname(word) else self._sure_middle
            named = at + 1 < len(words) and middle.has(words[at + 1], exactly=accented(word.typed))
            if named and self._end_of_name(words, at) >= at + SURE_NAME:
                yield at, self._end_of_name(words, at)
            capitals = _end_of_capitals(words, at)
            if telling and capitals >= at + SURE_NAME:
                yield at, capitals
        for at in range(1, len(words)) if telling else ():
            kin = words[at - 1]
            called = self._kin.has(kin) and (at == 1 or not kin.is_capital) and not words[at].apart
            if called and not words[at].typed.isupper():
                yield at, _end_of_capitals(words, at)

    def _is_surely_surname(self, word: _Word) -> bool:
        """Whether ``word`` is hardly anything else: it has its diacritics or a capital, or needs none."""
        written = accented(word.typed) or word.is_capital
        return self._sure_surnames.has(word) or (written and self._surnames.has(word))

    def _houses_in(self, words: Sequence[_Word]) -> Spans:
        for at in self._houses.ends(words):
            if at < len(words) and words[at].digits:
                yield at, at + 1
        for at, word in enumerate(words[:-1]):
            if word.digits and self._streets.has(words[at + 1]):
                yield at, at + 1
                yield at + 2, self._end_of_name(words, at + 2, MAX_STREET)

    def _births(self, words: Sequence[_Word]) -> Spans:
        """Days and years of birth, and every day that is written out with its year."""
        for at in self._born.ends(words):
            end = at
            while end < len(words) and (words[end].digits or words[end].folded in self._calendar):
                end += 1
            if end > at + 1 or any(word.digits >= YEAR for word in words[at:end]):
                yield next((place for place in range(at, end) if words[place].digits), end), end
        for end, year in enumerate(words[WRITTEN_OUT - 1 :], WRITTEN_OUT):
            if year.digits >= YEAR:
                written = words[end - WRITTEN_OUT : end]
                if all(word.digits or word.folded in self._calendar for word in written):
                    yield end - WRITTEN_OUT, end

    def _end_of_name(self, words: Sequence[_Word], start: int, most: int = MAX_NAME) -> int:
        """The end of the name that begins at ``start``: there when none does. A capitalised name ends with its
        capitals."""
        last = min(len(words), start + most)
        sure = start + 1 + (start + 1 < last and self._middle.has(words[start + 1]))
        for at in range(start, last):
            if not words[at].is_name or (at > start and words[at].apart):
                return at
            if at > sure and words[start + 1].is_capital and not words[at].is_capital:
                return at
            if self._stops.has(words[at]) and not self._in_name(words, start, at):
                return at
        return last

    def _in_name(self, words: Sequence[_Word], start: int, at: int) -> bool:
        """Whether a word that often ends a name is a surname or a middle name here."""
        return self._surnames.has(words[at]) if at == start else at == start + 1 and self._middle.has(words[at])


def _end_of_capitals(words: Sequence[_Word], start: int) -> int:
    for at in range(start, min(len(words), start + MAX_NAME)):
        if not words[at].is_capital or (at > start and words[at].apart):
            return at
    return min(len(words), start + MAX_NAME)


class _Written:
    """Words that count as they are written: with their diacritics, or with none at all."""

    def __init__(self, words: Iterable[str]) -> None:
        self._exact = frozenset(words)
        self._known = self._exact | frozenset(map(fold, self._exact))

    def has(self, word: _Word, *, exactly: bool = False) -> bool:
        return word.typed.lower() in (self._exact if exactly else self._known)


class _Phrases:
    """Finds phrases. Diacritics do not matter."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_last: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            folded = tuple(fold(token) for token in tokens(phrase))
            self._by_last.setdefault(folded[-1], []).append(folded)

    def ends(self, words: Sequence[_Word]) -> Iterator[int]:
        """The places right after a phrase."""
        for end, word in enumerate(words, 1):
            for phrase in self._by_last.get(word.folded, ()):
                if tuple(before.folded for before in words[max(0, end - len(phrase)) : end]) == phrase:
                    yield end
                    break


def form_of(query: Query) -> str:
    """The normalised words of ``query``, folded, numbers as "#": what equal questions have in common. At most MAX_KEPT
    characters."""
    return " ".join(_NUMBER.sub("#", fold(word)) for word in query.words)[:MAX_KEPT].rstrip()


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    for match in _TOKEN.finditer(text):
        between = text[found[-1].end if found else 0 : match.start()]
        typed = match[0]
        digits = 0 if typed.isalpha() else sum(map(str.isdigit, typed))
        found.append(_Word(typed, fold(typed), *match.span(), _BREAK.search(between) is not None, digits))
    return found


def _harmless(found: re.Match[str]) -> str:
    return found[0] if any(pattern.fullmatch(found[0]) for pattern in (*PUBLIC, _DOCUMENT)) else HIDDEN
