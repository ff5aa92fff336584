"""An inverted index over short lines: words, word pairs, exact words and letter trigrams, as cosine similarity."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from knowledge.text import fold, sound

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """A text that stands for the item with number ``owner``; ``weight`` (0..1] scales what it can score."""

    owner: int
    words: tuple[str, ...]
    weight: float = 1.0


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
        self._idf = np.log1p(self.size / np.maximum(frequency, 1))
        self._rarest = math.log1p(self.size)
        weights = (1 + np.log(counts)) * self._idf[features_at]
        weights /= np.sqrt(np.bincount(rows, weights**2, minlength=self.size))[rows]
        order = np.argsort(features_at, kind="stable")
        self._rows = rows[order].astype(np.int32)
        self._weights = weights[order].astype(np.float32)
        self._ends = np.cumsum(frequency).tolist()

    def score(self, features: Sequence[str]) -> Scores:
        """Cosine of ``features`` with every line. Features that no line has count into the length of the question."""
        rows, weights, length = [], [], 0.0
        for feature, count in Counter(features).items():
            number = self._numbers.get(feature)
            idf = self._rarest if number is None else float(self._idf[number])
            value = (1 + math.log(count)) * idf
            length += value * value
            if number is not None:
                start, end = self._ends[number - 1] if number else 0, self._ends[number]
                rows.append(self._rows[start:end])
                weights.append(self._weights[start:end] * np.float32(value))
        if not rows:
            return np.zeros(self.size)
        return np.bincount(np.concatenate(rows), np.concatenate(weights), self.size) / math.sqrt(length)


def word_features(words: Sequence[str]) -> list[str]:
    """Words and pairs of neighbours."""
    return [*words, *map(" ".join, pairwise(words))]


def letter_features(words: Sequence[str]) -> list[str]:
    """Trigrams of the words written one after the other."""
    text = f" {' '.join(words)} "
    return [text[start : start + 3] for start in range(len(text) - 2)]


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each block counts. Without diacritics in the question, ``exact`` is added to ``words``."""

    words: float = 0.45
    exact: float = 0.25
    letters: float = 0.30


class Index:
    """Similarity of a question to every line."""

    def __init__(self, lines: Sequence[Line], mix: Mix | None = None) -> None:
        self.lines = lines
        self.mix = mix or Mix()
        folded = [[fold(word) for word in line.words] for line in lines]
        self._words = Block(map(word_features, folded))
        self._exact = Block(word_features([sound(word) for word in line.words]) for line in lines)
        self._letters = Block(map(letter_features, folded))
        self._vocabulary = sorted({word for words in folded for word in words})
        self._known = frozenset(self._vocabulary)
        self._scale = np.array([line.weight for line in lines])

    def score(self, words: Sequence[str], accented: bool) -> Scores:
        """Similarity 0..1 of ``words`` to each line."""
        folded = [self.repaired(fold(word)) for word in words]
        plain = self._words.score(word_features(folded))
        letters = self._letters.score(letter_features(folded))
        exact = self._exact.score(word_features([sound(word) for word in words])) if accented else plain
        mixed = self.mix.words * plain + self.mix.exact * exact + self.mix.letters * letters
        scaled: Scores = mixed * self._scale
        return scaled

    def repaired(self, word: str) -> str:
        """``word``, or the one known word that differs from it by one slip of the finger."""
        if word in self._known or len(word) < MIN_REPAIR or not word.isalpha():
            return word
        found = process.extract(word, self._vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=2)
        return found[0][0] if len(found) == 1 else word


#: Shorter words have too many neighbours to be repaired.
MIN_REPAIR = 4
