"""Learns ``knowledge/content/word-weights.json`` from the lines of the items alone; no question is looked at.

Softmax regression of the item on the words and pairs of a line. An item only gets weights for what stands in its own
lines: that keeps the file small and what it says readable, and was no worse.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from knowledge.model import Knowledge
from knowledge.search import Search, texts_of
from knowledge.text import fold, line_features
from knowledge.word_weights import UNIT, WordWeights

Floats = npt.NDArray[np.float32]
STEPS = 20
RATE = 0.5
PULL = 0.2  # towards zero


def learn_words(knowledge: Knowledge, search: Search) -> WordWeights:
    """The weights of all items that people have words of their own for."""
    lines = [(item_id, _features(search, text)) for item_id, _, texts in texts_of(knowledge) for text in texts]
    lines = [(item_id, found) for item_id, found in lines if found and _is_common(knowledge, item_id)]
    items = list(dict.fromkeys(item_id for item_id, _ in lines))
    words = list(dict.fromkeys(word for _, found in lines for word in found))
    place = {word: number for number, word in enumerate(words)}
    number_of = {item_id: number for number, item_id in enumerate(items)}
    rows = _rows([[place[word] for word in found] for _, found in lines], len(words))
    owners = _rows([[number_of[item_id]] for item_id, _ in lines], len(items))
    weights = np.rint(_learn(rows, owners.toarray()) / UNIT).astype(int)
    found: dict[str, dict[str, int]] = {item_id: {} for item_id in items}
    for word, item in np.argwhere(weights).tolist():
        found[items[item]][words[word]] = int(weights[word, item])
    return WordWeights(found, frozenset(words))


def _features(search: Search, text: str) -> list[str]:
    return list(dict.fromkeys(line_features([fold(word) for word in search.read(text).words])))


def _is_common(knowledge: Knowledge, item_id: str) -> bool:
    return item_id not in knowledge.procedures or item_id in knowledge.spoken


def _rows(rows: Sequence[Sequence[int]], width: int) -> csr_array:
    """Rows of length 1 in which the columns that they name count alike."""
    lengths = np.array([len(row) for row in rows])
    values = np.repeat(1 / np.sqrt(lengths), lengths).astype(np.float32)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    return csr_array((values, np.concatenate(rows), ends), shape=(len(rows), width))


def _learn(rows: csr_array, right: Floats) -> Floats:
    """Weights (word, item) by Adagrad over all lines at once; ``right`` (line, item) is 1 at the line's item."""
    columns = rows.T.tocsr()
    own = columns @ right > 0
    weights = np.zeros(own.shape, dtype=np.float32)
    slopes = np.zeros_like(weights)
    for _ in range(STEPS):
        chances = rows @ weights
        np.exp(chances - chances.max(1, keepdims=True), out=chances)
        chances /= chances.sum(1, keepdims=True)
        slope = (columns @ (chances - right) + PULL * weights) * own
        slopes += slope * slope
        weights -= RATE * slope / (np.sqrt(slopes) + np.float32(1e-3))
    return weights
