"""How people refer to what was said before: a choice by its place, a correction, a follow-up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge.model import DialogueWords
from knowledge.phrases import Phrase, Phrases
from knowledge.text import fold, tokens

_PARTS = re.compile(r"[,.;:!?]+(?=\s|$)")
_RUN = re.compile(r"([^\W\d_])\1+")


class Dialogue:
    """Reads references in typed text. Diacritics do not matter."""

    def __init__(self, words: DialogueWords) -> None:
        self._aside = _phrases(words.choice.aside)
        self._places = [_phrases(names) for names in words.choice.places]
        self._last = _phrases(words.choice.last)
        self._address = _phrases(words.address)
        self._yes = _phrases(words.choice.yes)
        self._meant = _phrases(words.correction.meant)
        self._wrong = _phrases(words.correction.wrong)
        self._instead = _phrases(words.correction.instead)
        self._insisting = frozenset(words.correction.insisting)
        self._denied = _phrases(words.correction.denied)
        self._nothing = _phrases(words.correction.aside)
        self._cues = _phrases(words.following.cues)
        self._openings = _phrases(words.following.openings)
        self._turning = _phrases(words.following.turning)
        self._unlike = _phrases(words.following.unlike)

    def picked(self, text: str, count: int) -> int | None:
        """The place (from 0) of the choice that ``text`` names among ``count``, or None when it names none."""
        if not count:
            return None
        folded = _folded(text)
        if count == 1 and folded in self._yes:
            return 0
        left = _without(folded, self._aside)
        if left in self._last:
            return count - 1
        places = (place for place, names in enumerate(self._places[:count]) if left in names)
        return next(places, None)

    def corrected(self, text: str) -> str | None:
        """What was meant, when ``text`` corrects what was understood ("" when it only says that it is wrong)."""
        folded = _folded(text)
        for start in range(len(folded)):
            if length := _longest_at(folded, start, self._meant):
                return _from(text, start + length)
        if length := _longest_at(folded, 0, self._wrong):
            rest = self._rest(text, length)
            return rest if _without(_folded(rest), self._nothing) else ""
        length = _longest_at(folded, 0, self._instead)
        if length and _without(folded[length:], self._nothing):
            return _from(text, length)
        return text if folded and tokens(text)[-1] in self._insisting else None

    def _rest(self, text: str, length: int) -> str:
        """What follows the first ``length`` words of ``text``, and the part that these deny."""
        first, mark, others = _parted(text)
        is_denied = _longest_at(_folded(text), 0, self._denied) and _without(_folded(first)[length:], self._nothing)
        return others if mark and is_denied else _from(text, length)

    def denied(self, text: str) -> tuple[str, str]:
        """What is left of ``text``, and what it says that is not so, as in "not to renew, I lost it"."""
        left: list[str] = []
        denied: list[str] = []
        for part in _PARTS.split(text):
            folded = _folded(part)
            starts = (place for place in range(len(folded)) if _longest_at(folded, place, self._denied))
            start = next(starts, len(folded))
            length = _longest_at(folded, start, self._denied) if start < len(folded) else 0
            left += tokens(part)[:start]
            denied += folded[start + length :]
        return " ".join(left), " ".join(denied)

    def goes_on(self, text: str) -> bool:
        """Whether ``text`` sounds like the next question on the same subject."""
        folded = _folded(text)
        if _longest_at(folded, 0, self._openings) > _longest_at(folded, 0, self._unlike):
            return True
        return any(self._cues.found(folded))

    def bare(self, text: str) -> Phrase:
        """The folded words of ``text`` without those that only address somebody."""
        return _without(_folded(text), self._address)

    def turns_away(self, text: str) -> bool:
        """Whether ``text`` says that it is about something else."""
        folded = _folded(text)
        return any(self._turning.found(folded))


def _folded(text: str) -> Phrase:
    """The words without diacritics and without letters typed twice."""
    return tuple(map(_single, tokens(text)))


@lru_cache(maxsize=65536)
def _single(token: str) -> str:
    return _RUN.sub(r"\1", fold(token))


def _from(text: str, start: int) -> str:
    """The words of ``text`` from the place ``start`` on."""
    return " ".join(tokens(text)[start:])


def _parted(text: str) -> tuple[str, str, str]:
    """``text`` up to its first stop, the stop, and what follows."""
    stop = _PARTS.search(text)
    return (text[: stop.start()], stop[0], text[stop.end() :].strip()) if stop else (text, "", "")


def _phrases(texts: Iterable[str]) -> Phrases[None]:
    return Phrases([(None, text) for text in texts], _folded)


def _longest_at(folded: Phrase, start: int, phrases: Phrases[None]) -> int:
    """The length of the longest of ``phrases`` at ``start``, or 0."""
    match = phrases.at(folded, start) if start < len(folded) else None
    return len(match.places) if match else 0


def _without(folded: Phrase, phrases: Phrases[None]) -> Phrase:
    places = phrases.places(folded)
    return tuple(word for place, word in enumerate(folded) if place not in places)
