"""An inverted index over short lines: words and word pairs, folded and with diacritics, as cosine similarity."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import sub
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.normal import Vocabulary
from knowledge.text import fold, line_features, sound

Scores = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
#: What more lines than this have is not looked up: it fills the postings and tells little.
COMMON = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """A text that stands for the item with number ``owner``."""

    owner: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The features of ``size`` rows: row ``rows[i]`` has the feature whose number in ``numbers`` is ``features[i]``."""

    numbers: Mapping[str, int]
    rows: Numbers
    features: Numbers
    size: int

    @classmethod
    def of(cls, lines: Iterable[Collection[str]]) -> Listed:
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        listed = array("q")
        lengths = []
        for features in lines:
            listed.extend(map(numbers.__getitem__, features))
            lengths.append(len(features))
        rows = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        return cls(dict(numbers), rows, np.asarray(listed, dtype=np.int64), len(lengths))

    def joined(self, groups: Numbers) -> Listed:
        """The same with rows joined: row i is now part of row ``groups[i]``."""
        return replace(self, rows=groups[self.rows], size=int(groups[-1]) + 1 if len(groups) else 0)


class Block:
    """One kind of feature, tf-idf weighted, as postings sorted by feature.

    Each line has a feature once and counts by its length (cosine), and features that are too common count into lengths
    only. When ``even``, a feature may be there several times, every one is looked up and all lines count by the mean
    length: an owner of many lines is then not held to be about each of them a little only.
    """

    def __init__(self, listed: Listed, *, even: bool = False) -> None:
        self.size, self._numbers = listed.size, listed.numbers
        width = max(len(self._numbers), 1)
        rows, features_at, counts = listed.rows, listed.features, np.ones(len(listed.rows), dtype=np.int64)
        if even:
            codes, counts = np.unique(rows * width + features_at, return_counts=True)
            rows, features_at = np.divmod(codes, width)
        frequency = np.bincount(features_at, minlength=width)
        idf = np.log1p(self.size / np.maximum(frequency, 1))
        self._idf = array("d", idf)
        self._rarest = math.log1p(self.size)
        weights = (1 + np.log(counts)) * idf[features_at]
        norms = np.sqrt(np.bincount(rows, weights**2, minlength=self.size))
        weights /= norms[norms > 0].mean() if even else norms[rows]
        order = np.argsort(features_at, kind="stable")
        if not even:
            order = order[frequency[features_at[order]] <= COMMON]
            frequency[frequency > COMMON] = 0
        # Half the width: a question reads thousands of postings, and reading them is what takes the time.
        self._rows = rows[order].astype(np.int32)
        self._weights = weights[order].astype(np.float32)
        self._ends = array("q", np.cumsum(frequency))

    def features(self) -> Iterable[str]:
        return self._numbers.keys()

    def idf(self, feature: str) -> float:
        number = self._numbers.get(feature)
        return self._rarest if number is None else self._idf[number]

    def score(self, features: Mapping[str, float]) -> Scores:
        """``features`` (with what each counts) times every line. What no line has counts into their length."""
        rows: list[npt.NDArray[np.int32]] = []
        weights: list[npt.NDArray[np.float32]] = []
        values, counts, length = [], [], 0.0
        ends, numbered = self._ends, self._numbers.get
        for feature, weight in features.items():
            number = numbered(feature)
            value = weight * (self._rarest if number is None else self._idf[number])
            length += value * value
            if number is None:
                continue
            start, end = ends[number - 1] if number else 0, ends[number]
            if start < end:
                rows.append(self._rows[start:end])
                weights.append(self._weights[start:end])
                values.append(value)
                counts.append(end - start)
        if not rows:
            return np.zeros(self.size)
        weighed = np.concatenate(weights, dtype=np.float64)  # wide from here on, as bincount would widen it again
        weighed *= (np.array(values) / math.sqrt(length)).repeat(counts)
        return np.asarray(np.bincount(np.concatenate(rows, dtype=np.intp), weighed, self.size), dtype=np.float64)


Weighted = Sequence[tuple[str, float]]


def word_features(words: Weighted) -> dict[str, float]:
    """Words and pairs of neighbours, each with what it counts."""
    found: dict[str, float] = {}
    before, weight_before = "", 0.0
    for word, weight in words:
        found[word] = max(weight, found.get(word, 0.0))
        if before:
            found[f"{before} {word}"] = min(weight_before, weight)
        before, weight_before = word, weight
    return found


class Near(NamedTuple):
    """How near an owner is to a question: cosines of its best line, and how much (``whole``) all its lines together
    say of what is asked."""

    owner: int
    line: int
    words: float
    exact: float
    whole: float


#: How a first selection is made, as shares of the best line's words and how they are written and of all lines; the
#: ranking itself is learned (see ``rank``).
WORDS, EXACT, WHOLE = 0.45, 0.25, 0.40


class Index:
    """Finds the owners whose lines are nearest to a question. Lines of one owner stand together."""

    def __init__(self, lines: Sequence[Line]) -> None:
        folded = [[fold(word) for word in line.words] for line in lines]
        owners = np.array([line.owner for line in lines], dtype=np.int64)
        self._first = np.flatnonzero(np.diff(owners, prepend=-1))
        self._starts = self._first.tolist()
        self._ends = [*self._starts[1:], len(lines)]
        by_word = Listed.of(dict.fromkeys(line_features(words)) for words in folded)
        self._words = Block(by_word)
        self._whole = Block(by_word.joined(owners), even=True)
        self._exact = Block(Listed.of(dict.fromkeys(line_features(list(map(sound, line.words)))) for line in lines))
        self.folded = [tuple(words) for words in folded]

    def vocabulary(self) -> Vocabulary:
        """The folded words and pairs of neighbours in the lines."""
        names = self._words.features()
        return Vocabulary(frozenset(n for n in names if " " not in n), frozenset(n for n in names if " " in n))

    def idf(self, word: str) -> float:
        """How telling a folded word is."""
        return self._words.idf(word)

    def nearest(self, words: Weighted, sounds: Weighted, limit: int) -> list[Near]:
        """The ``limit`` nearest owners. ``words`` are folded and repaired, each with what it counts; ``sounds`` the
        same with diacritics, or nothing when the writer uses none."""
        by_word = word_features(words)
        plain = self._words.score(by_word)
        lines, share = plain, WORDS + EXACT
        if sounds:  # in place, as these are the biggest arrays there are
            lines, share = self._exact.score(word_features(sounds)), WORDS
            lines *= EXACT / WORDS
            lines += plain
        total = np.maximum.reduceat(lines, self._first)
        total *= share
        whole = self._whole.score(by_word)
        total += WHOLE * whole
        below = -total
        chosen = below.argpartition(min(limit, len(total) - 1))[:limit]
        return [self._near(owner, plain, lines, whole) for owner in chosen[below[chosen].argsort()].tolist()]

    def _near(self, owner: int, plain: Scores, lines: Scores, whole: Scores) -> Near:
        """``lines`` are ``plain`` scores, or with those of how the words are written added by their share."""
        start, end = self._starts[owner], self._ends[owner]
        near, words = lines[start:end].tolist(), plain[start:end].tolist()
        best = max(words)
        exact = best if lines is plain else max(map(sub, near, words)) * (WORDS / EXACT)
        return Near(owner, start + near.index(max(near)), best, exact, float(whole[owner]))
