"""How much a word, or a pair of neighbours, speaks for an item rather than for any other.

Learned from the items' own lines (``benchmarks/word_weights.py``), stored in ``content/word-weights.tsv``: an item on
each line, then "word weight" in tenths, separated by tabs. An item that is not there yet is ranked without them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern

from knowledge.text import line_features

#: Weights are stored as whole numbers of this.
UNIT = 0.1


@dataclass(frozen=True, slots=True)
class WordWeights:
    """``of_items``: for each item the weights of its own words and pairs, in UNITs. ``known``: all of these words."""

    of_items: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @classmethod
    def read(cls, lines: Iterable[str]) -> WordWeights:
        """From the lines of the file. Raises ValueError naming the line that is not as it should be."""
        found = {}
        for number, line in enumerate(lines, 1):
            if line and not line.startswith("#"):
                item_id, *cells = line.split("\t")
                try:
                    found[item_id] = {intern(word): int(weight) for word, _, weight in map(_parted, cells)}
                except ValueError as error:
                    raise ValueError(f"line {number} ({item_id}): {error}") from None
        return cls(found, frozenset(word for weights in found.values() for word in weights))

    def written(self) -> Iterable[str]:
        """The lines of the file."""
        for item_id, weights in sorted(self.of_items.items()):
            yield "\t".join((item_id, *(f"{word} {weight}" for word, weight in sorted(weights.items()))))

    def told(self, words: Sequence[str]) -> Told:
        """What of folded ``words`` is known."""
        return Told(self, [word for word in dict.fromkeys(line_features(words)) if word in self.known])


def _parted(cell: str) -> tuple[str, str, str]:
    return cell.rpartition(" ")


@dataclass(frozen=True, slots=True)
class Told:
    """The known words and pairs of a question."""

    weights: WordWeights
    words: Sequence[str]

    def speaks_for(self, item_id: str) -> float | None:
        """How much the words speak for an item: their mean weight times the root of their number. None when nothing
        was learned of it."""
        own = self.weights.of_items.get(item_id)
        if own is None:
            return None
        return UNIT * sum([own[word] for word in self.words if word in own]) / math.sqrt(len(self.words) or 1)
