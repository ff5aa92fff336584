"""How much a word, or a pair of neighbours, speaks for an item rather than for any other.

Learned from the items' own lines (``benchmarks/word_weights.py``), stored in ``content/word-weights.json``, an item on
each line. An item that is not there yet is ranked without them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.text import line_features

#: Weights are stored as whole numbers of this.
UNIT = 0.1


@dataclass(frozen=True, slots=True)
class WordWeights:
    """``of_items``: for each item the weights of its own words and pairs, in UNITs. ``known``: all of these words."""

    of_items: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> WordWeights:
        """From the ``text`` of the file. Raises ValueError when it is not as it should be."""
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError("is not an object")
        for item_id, weights in found.items():
            if not isinstance(weights, dict) or set(map(type, weights.values())) - {int}:
                raise ValueError(f"{item_id}: needs a whole number for each word")
        return cls(found, frozenset().union(*found.values()))

    def written(self) -> str:
        """The text of the file."""
        items = (
            f"{json.dumps(item_id)}:{json.dumps(weights, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}"
            for item_id, weights in sorted(self.of_items.items())
        )
        return "{\n" + ",\n".join(items) + "\n}\n"

    def told(self, words: Sequence[str]) -> Told:
        """What of folded ``words`` is known."""
        return Told(self, [word for word in dict.fromkeys(line_features(words)) if word in self.known])


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
