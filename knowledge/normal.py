"""Vietnamese as people type it, made into the words that are known: abbreviations, Telex and VNI left in the text,
doubled and wrong letters, words run together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sys import intern

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.model import Lexicon
from knowledge.text import accented, fold, tokens

#: Shorter words have too many neighbours to be repaired.
MIN_REPAIR = 4
MIN_JOINED = 5
MAX_JOINED = 40

_RUN = re.compile(r"(.)\1+")
_TELEX_TONE = re.compile(r"(?<=[aeiouyw])([^sfrxj]*)[sfrxj](?=[^aeiouy]*$)")
_TELEX_MARK = re.compile(r"w|(?<=a)a|(?<=e)e|(?<=o)o|(?<=^d)d")
_DIGITS = re.compile(r"\d")
_NUMBERED = re.compile(r"([a-z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Folded words, and pairs of neighbours ("khai sinh"), that occur in the content."""

    words: frozenset[str]
    pairs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a typed token, and why: "" when it was kept."""

    typed: str
    words: tuple[str, ...]
    why: str = ""


class Abbreviations:
    """Short forms and what they stand for. Texts to be found are written out with them as well as questions."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._exact = {short.lower(): tuple(tokens(long)) for short, long in lexicon.abbreviations.items()}
        self._folded = {fold(short): long for short, long in self._exact.items()}

    def meaning(self, token: str, words: frozenset[str]) -> tuple[str, ...]:
        """What ``token`` stands for, or nothing. Typed without its diacritics it is taken for a short form only when it
        is none of the known ``words``."""
        if token in self._exact:
            return self._exact[token]
        return () if accented(token) or token in words else self._folded.get(token, ())

    def written_out(self, text: str) -> tuple[str, ...]:
        """The words of a ``text`` whose spelling can be trusted."""
        words = tokens(text)
        if not self._exact.keys().isdisjoint(words):
            words = [word for token in words for word in self._exact.get(token, (token,))]
        return tuple(map(intern, words))


class Normaliser:
    """Turns typed text into words, token by token."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._sorted = sorted(vocabulary.words)
        self._short = Abbreviations(lexicon)
        self._ambiguous = {
            key: tuple(tuple(tokens(meaning)) for meaning in meanings)
            for short, meanings in lexicon.ambiguous.items()
            for key in (fold(short), *tokens(short))
        }

    def steps(self, text: str) -> list[Step]:
        """What becomes of each token of ``text``."""
        typed = tokens(text)
        found: list[Step] = []
        for place, token in enumerate(typed):
            before = fold(found[-1].words[-1]) if found and found[-1].words else ""
            after = fold(typed[place + 1]) if place + 1 < len(typed) else ""
            found.append(self._step(token, before, after))
        return found

    def _step(self, token: str, before: str, after: str) -> Step:
        if meanings := self._ambiguous.get(token):
            return Step(token, self._meant(meanings, before, after), "abbreviation")
        if meaning := self._short.meaning(token, self._vocabulary.words):
            return Step(token, meaning, "abbreviation")
        word = fold(token)
        if word in self._vocabulary.words or word.isdigit():
            return Step(token, (token,))
        return next(self._mended(token, word), Step(token, (token,)))

    def _meant(self, meanings: Sequence[tuple[str, ...]], before: str, after: str) -> tuple[str, ...]:
        """The meaning that goes with a neighbour, otherwise the usual one."""
        pairs = self._vocabulary.pairs
        for meaning in meanings:
            if f"{before} {fold(meaning[0])}" in pairs or f"{fold(meaning[-1])} {after}" in pairs:
                return meaning
        return meanings[0]

    def _mended(self, token: str, word: str) -> Iterator[Step]:
        """Ways to make a known word of an unknown one, the surest first."""
        words = self._vocabulary.words
        if (numbered := _NUMBERED.fullmatch(word)) and f"{numbered[1]} {numbered[2]}" in self._vocabulary.pairs:
            yield Step(token, numbered.groups(), "run together")
        if (without := _DIGITS.sub("", word)) != word and without in words:
            yield Step(token, (without,), "VNI")
        if (decoded := telex(word)) in words:
            yield Step(token, (decoded,), "Telex")
        if (single := _RUN.sub(r"\1", word)) in words:
            yield Step(token, (single,), "doubled letter")
        if parts := self._split(word):
            yield Step(token, parts, "run together")
        if near := self._nearest(word):
            yield Step(token, (near,), "typing slip")

    def _split(self, word: str) -> tuple[str, ...]:
        """``word`` as known words that are known to follow one another; the fewest possible."""
        if not MIN_JOINED <= len(word) <= MAX_JOINED or not word.isalpha():
            return ()
        best: list[dict[str, tuple[str, ...]]] = [{} for _ in range(len(word) + 1)]
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 7), end - 1):
                piece = word[start:end]
                if piece not in self._vocabulary.words:
                    continue
                if start == 0:
                    best[end][piece] = (piece,)
                for last, path in best[start].items():
                    if f"{last} {piece}" in self._vocabulary.pairs and len(path) < len(best[end].get(piece, path * 9)):
                        best[end][piece] = (*path, piece)
        paths = [path for path in best[-1].values() if len(path) > 1]
        return min(paths, key=len, default=())

    def _nearest(self, word: str) -> str:
        """The one known word that a single slip of the finger makes into ``word``."""
        if len(word) < MIN_REPAIR or not word.isalpha():
            return ""
        found = process.extract(word, self._sorted, scorer=OSA.distance, score_cutoff=1, limit=2)
        return found[0][0] if len(found) == 1 else ""


def telex(word: str) -> str:
    """``word`` without the letters that Telex uses for tones and marks."""
    return _TELEX_MARK.sub("", _TELEX_TONE.sub(r"\1", word))
