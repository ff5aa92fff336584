"""An inverted index over short lines: words, word pairs, exact words and letter trigrams, as cosine similarity."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from knowledge.text import fold, sound

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """A text that stands for the item with number ``owner``."""

    owner: int
    words: tuple[str, ...]


class Block:
    """One kind of feature, tf-idf weighted and length-normalised, as postings sorted by feature."""

    def __init__(self, lines: Iterable[Sequence[str]]) -> None:
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        listed = array("q")
        lengths = []
        for features in lines:
            listed.extend(map(numbers.__getitem__, features))
            lengths.append(len(features))
        self.size = len(lengths)
        self._numbers = dict(numbers)
        width = max(len(numbers), 1)
        at_line = np.repeat(np.arange(self.size, dtype=np.int64), lengths)
        codes, counts = np.unique(at_line * width + np.asarray(listed, dtype=np.int64), return_counts=True)
        rows, features_at = np.divmod(codes, width)
        frequency = np.bincount(features_at, minlength=width)
        idf = np.log1p(self.size / np.maximum(frequency, 1))
        self._idf: list[float] = idf.tolist()
        self._rarest = math.log1p(self.size)
        weights = (1 + np.log(counts)) * idf[features_at]
        weights /= np.sqrt(np.bincount(rows, weights**2, minlength=self.size))[rows]
        order = np.argsort(features_at, kind="stable")
        self._rows = rows[order].astype(np.int32)
        self._weights = weights[order].astype(np.float32)
        self._ends = np.cumsum(frequency).tolist()

    def idf(self, feature: str) -> float:
        number = self._numbers.get(feature)
        return self._rarest if number is None else self._idf[number]

    def score(self, features: Sequence[str]) -> Scores:
        """Cosine of ``features`` with every line. Features that no line has count into the length of the question."""
        rows, weights, length = [], [], 0.0
        for feature, count in Counter(features).items():
            number = self._numbers.get(feature)
            idf = self._rarest if number is None else self._idf[number]
            value = (1 + math.log(count)) * idf
            length += value * value
            if number is not None:
                start, end = self._ends[number - 1] if number else 0, self._ends[number]
                rows.append(self._rows[start:end])
                weights.append(self._weights[start:end] * np.float32(value))
        if not rows:
            return np.zeros(self.size)
        return np.bincount(np.concatenate(rows), np.concatenate(weights), self.size) / math.sqrt(length)


def _best(scores: Iterable[Scores]) -> Scores:
    return reduce(np.maximum, scores)


def word_features(words: Sequence[str]) -> list[str]:
    """Words and pairs of neighbours."""
    return [*words, *map(" ".join, pairwise(words))]


def letter_features(words: Sequence[str]) -> list[str]:
    """Trigrams of the words written one after the other."""
    text = f" {' '.join(words)} "
    return [text[start : start + 3] for start in range(len(text) - 2)]


@dataclass(frozen=True, slots=True)
class Near:
    """How near an owner is to a question: cosines of its best line and (``whole_``) of all its lines together."""

    owner: int
    line: int
    words: float
    exact: float
    letters: float
    whole_words: float
    whole_letters: float


#: How a first selection is made; the ranking itself is learned (see ``rank``).
_SELECTION = {"words": 0.45, "exact": 0.25, "letters": 0.30, "whole_words": 0.40, "whole_letters": 0.20}


class Index:
    """Finds the owners whose lines are nearest to a question. Lines of one owner stand together."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        folded = [[fold(word) for word in line.words] for line in lines]
        owners = np.array([line.owner for line in lines], dtype=np.int64)
        self._starts = np.flatnonzero(np.diff(owners, prepend=-1))
        self._ends = [*self._starts[1:].tolist(), len(lines)]
        self._words = Block(map(word_features, folded))
        self._exact = Block(word_features([sound(word) for word in line.words]) for line in lines)
        self._letters = Block(map(letter_features, folded))
        whole = [folded[start:end] for start, end in zip(self._starts, self._ends, strict=True)]
        self._whole_words = Block([f for words in group for f in word_features(words)] for group in whole)
        self._whole_letters = Block([f for words in group for f in letter_features(words)] for group in whole)
        self._vocabulary = sorted({word for words in folded for word in words})
        self._known = frozenset(self._vocabulary)
        self.folded = [tuple(words) for words in folded]

    def idf(self, word: str) -> float:
        """How telling a folded word is."""
        return self._words.idf(word)

    def nearest(self, forms: Sequence[Sequence[str]], sounds: Sequence[Sequence[str]], limit: int) -> list[Near]:
        """The ``limit`` nearest owners. ``forms`` are ways to put the question, folded and repaired, of which the
        better counts; ``sounds`` the same with diacritics, or nothing when the writer uses none."""
        words = _best(self._words.score(word_features(form)) for form in forms)
        letters = _best(self._letters.score(letter_features(form)) for form in forms)
        exact = _best(self._exact.score(word_features(form)) for form in sounds) if sounds else words
        lines = _SELECTION["words"] * words + _SELECTION["exact"] * exact + _SELECTION["letters"] * letters
        whole_words = _best(self._whole_words.score(word_features(form)) for form in forms)
        whole_letters = _best(self._whole_letters.score(letter_features(form)) for form in forms)
        total = np.maximum.reduceat(lines, self._starts)
        total = total + _SELECTION["whole_words"] * whole_words + _SELECTION["whole_letters"] * whole_letters
        chosen = np.argpartition(-total, min(limit, len(total) - 1))[:limit]
        found = []
        for owner in chosen[np.argsort(-total[chosen], kind="stable")].tolist():
            part = slice(int(self._starts[owner]), self._ends[owner])
            found.append(
                Near(
                    owner,
                    part.start + int(lines[part].argmax()),
                    float(words[part].max()),
                    float(exact[part].max()),
                    float(letters[part].max()),
                    float(whole_words[owner]),
                    float(whole_letters[owner]),
                )
            )
        return found

    def repaired(self, word: str) -> str:
        """``word``, or the one known word that differs from it by one slip of the finger."""
        if word in self._known or len(word) < MIN_REPAIR or not word.isalpha():
            return word
        found = process.extract(word, self._vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=2)
        return found[0][0] if len(found) == 1 else word


#: Shorter words have too many neighbours to be repaired.
MIN_REPAIR = 4
