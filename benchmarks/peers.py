"""What else could rank the same lines: rapidfuzz, SQLite FTS5, bm25s, and a classifier over TF-IDF.

A peer ranks but does not decide. It is given the threshold with which it refuses 90 % of the out-of-scope texts of the
run, or as near to that as it can, which is what one would have to do with it. Where its best line is small talk, that
is a refusal as well.
"""

from __future__ import annotations

import sqlite3
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import bm25s
import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_union

from knowledge.decide import Decision
from knowledge.evaluate import Given, Question
from knowledge.model import Knowledge
from knowledge.search import texts_of
from knowledge.text import fold, tokens

REFUSED = 0.90
DEPTH = 30
ASIDE = ("talk:", "elsewhere:")

Lines = Sequence[tuple[str, str]]
Ranking = list[tuple[str, float]]
Ranker = Callable[[str], Ranking]


def lines_of(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """(id, folded line) of everything that can be found."""
    for item_id, _, texts in texts_of(knowledge):
        for text in texts:
            yield item_id, folded(text)


def folded(text: str) -> str:
    return " ".join(tokens(fold(text)))


def wratio(lines: Lines) -> Ranker:
    return _fuzzy(lines, fuzz.WRatio)


def token_set_ratio(lines: Lines) -> Ranker:
    return _fuzzy(lines, fuzz.token_set_ratio)


def _fuzzy(lines: Lines, scorer: Callable[..., float]) -> Ranker:
    ids = [item_id for item_id, _ in lines]
    texts = [text for _, text in lines]

    def rank(question: str) -> Ranking:
        found = process.extract(question, texts, scorer=scorer, limit=DEPTH)
        return [(ids[place], value) for _, value, place in found]

    return rank


def fts5(lines: Lines) -> Ranker:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE line USING fts5(item UNINDEXED, words)")
    database.executemany("INSERT INTO line VALUES (?, ?)", lines)

    def rank(question: str) -> Ranking:
        match = " OR ".join(f'"{word}"' for word in question.split())
        if not match:
            return []
        query = f"SELECT item, -bm25(line) FROM line WHERE line MATCH ? ORDER BY bm25(line) LIMIT {DEPTH}"
        return [(str(item), float(value)) for item, value in database.execute(query, (match,))]

    return rank


def bm25(lines: Lines) -> Ranker:
    ids = [item_id for item_id, _ in lines]
    index = bm25s.BM25()
    index.index([text.split() for _, text in lines], show_progress=False)

    def rank(question: str) -> Ranking:
        known = [word for word in question.split() if word in index.vocab_dict]
        if not known:
            return []
        values = index.get_scores(known)
        return _best(values, ids)

    return rank


def classifier(lines: Lines) -> Ranker:
    """Logistic regression of each item against the rest, over TF-IDF of words, word pairs and letters within words.
    It is fitted by stochastic descent: with as many classes as there are items the exact solvers take minutes to hours
    and gigabytes. Of the strengths of its penalty the one that did best on the questions was kept."""
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=np.float32),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, min_df=3, dtype=np.float32),
    )
    known = features.fit_transform([text for _, text in lines])
    model = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=5, tol=None, random_state=0)
    model.fit(known, [item_id for item_id, _ in lines])
    ids = model.classes_.tolist()
    weights = np.ascontiguousarray(model.coef_.T)  # its own predict_proba copies them for every question

    def rank(question: str) -> Ranking:
        given = features.transform([question])
        if not given.nnz:
            return []
        chances = 1 / (1 + np.exp(-(given.data @ weights[given.indices] + model.intercept_)))
        return _best(chances / chances.sum(), ids)

    return rank


def _best(values: np.ndarray, ids: Sequence[str]) -> Ranking:
    places = np.argpartition(-values, min(DEPTH, len(values) - 1))[:DEPTH]
    ordered = places[np.argsort(-values[places], kind="stable")]
    return [(ids[place], float(values[place])) for place in ordered.tolist()]


PEERS: dict[str, Callable[[Lines], Ranker]] = {
    "rapidfuzz WRatio": wratio,
    "rapidfuzz token_set_ratio": token_set_ratio,
    "SQLite FTS5 bm25": fts5,
    "bm25s": bm25,
    "TF-IDF + logistic": classifier,
}


def peer_results(rank: Ranker, questions: Sequence[Question]) -> list[tuple[Question, Given]]:
    """Every question answered by ``rank`` and its threshold; what was said before stands in front of the question.
    No peer knows facets."""
    timed = [_timed(rank, " ".join((*question.history, question.text))) for question in questions]
    strange = [found for question, (found, _) in zip(questions, timed, strict=True) if not question.in_scope]
    threshold = threshold_for([0.0 if is_talk(found) else found[0][1] for found in strange])
    return [
        (replace(question, facet=None), _given(found, threshold, elapsed))
        for question, (found, elapsed) in zip(questions, timed, strict=True)
    ]


def threshold_for(best: Sequence[float]) -> float:
    """The value of ``best`` that a share nearest to REFUSED of them does not pass. A scorer that gives many the same
    value leaves no finer choice."""
    ordered = sorted(best)
    refused = [(bisect_right(ordered, value) / len(ordered), value) for value in sorted(set(ordered))]
    return min(refused, key=lambda pair: (round(abs(pair[0] - REFUSED), 9), -pair[0]), default=(1.0, 0.0))[1]


def is_talk(found: Ranking) -> bool:
    """Whether nothing is found but small talk."""
    return not found or found[0][0].startswith(ASIDE)


def _timed(rank: Ranker, text: str) -> tuple[Ranking, float]:
    """The ranking with each item once, and the milliseconds it took."""
    started = time.perf_counter()
    best: dict[str, float] = {}
    for item_id, value in rank(folded(text)):
        best.setdefault(item_id, value)
    return list(best.items()), (time.perf_counter() - started) * 1000


def _given(found: Ranking, threshold: float, elapsed: float) -> Given:
    sure = not is_talk(found) and found[0][1] > threshold
    ids = tuple(item_id for item_id, _ in found if not item_id.startswith(ASIDE))
    return Given(Decision.ANSWER if sure else Decision.NONE, ids, None, elapsed)
