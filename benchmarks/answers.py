"""Answer quality: ours beside rapidfuzz WRatio and SQLite FTS5 on the same lines, the same folding, in one run.

    python -m benchmarks.answers [FILE …]      FILEs are further questions, TOML or JSONL (also from EVAL_FILES)

A peer ranks but does not decide. It is given the threshold with which it refuses 90 % of the out-of-scope texts of the
run, which is what we would have to do with it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.app import read_knowledge
from bot.evaluate import heading, our_answerer, read_questions, row, table
from knowledge.decide import Decision
from knowledge.evaluate import Answerer, Given, Question, quantile, run, score
from knowledge.model import Knowledge
from knowledge.search import Search, texts_of
from knowledge.text import fold, tokens

QUESTIONS = Path(__file__).parent.parent / "tests" / "questions"
REFUSED = 0.90

Ranking = list[tuple[str, float]]
Ranker = Callable[[str], Ranking]


def lines_of(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """(id, folded line) of everything that can be found."""
    for item_id, _, texts in texts_of(knowledge):
        for text in texts:
            yield item_id, " ".join(tokens(fold(text)))


def wratio(lines: Sequence[tuple[str, str]]) -> Ranker:
    ids = [item_id for item_id, _ in lines]
    texts = [text for _, text in lines]

    def rank(question: str) -> Ranking:
        found = process.extract(question, texts, scorer=fuzz.WRatio, limit=30)
        return [(ids[place], value) for _, value, place in found]

    return rank


def fts5(lines: Sequence[tuple[str, str]]) -> Ranker:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE line USING fts5(item UNINDEXED, words)")
    database.executemany("INSERT INTO line VALUES (?, ?)", lines)

    def rank(question: str) -> Ranking:
        match = " OR ".join(f'"{word}"' for word in question.split())
        if not match:
            return []
        query = "SELECT item, -bm25(line) FROM line WHERE line MATCH ? ORDER BY bm25(line) LIMIT 30"
        return [(str(item), float(value)) for item, value in database.execute(query, (match,))]

    return rank


def peer_answerer(rank: Ranker, questions: Sequence[Question]) -> Answerer:
    """``rank`` with the threshold that refuses 90 % of the out-of-scope texts among ``questions``."""
    best = sorted((found[0][1] if (found := ranked(rank, q.text)) else 0.0) for q in questions if not q.in_scope)
    threshold = quantile(best, REFUSED)

    def answer(text: str) -> Given:
        started = time.perf_counter()
        found = ranked(rank, text)
        elapsed = (time.perf_counter() - started) * 1000
        sure = bool(found) and found[0][1] > threshold
        ids = tuple(item_id for item_id, _ in found if not item_id.startswith("talk:"))
        return Given(Decision.ANSWER if sure else Decision.NONE, ids, None, elapsed)

    return answer


def ranked(rank: Ranker, text: str) -> Ranking:
    """The ranking with each item once."""
    best: dict[str, float] = {}
    for item_id, value in rank(" ".join(tokens(fold(text)))):
        best.setdefault(item_id, value)
    return list(best.items())


def main(files: Sequence[str]) -> None:
    extra = [Path(name) for name in (*files, *os.environ.get("EVAL_FILES", "").split())]
    questions = read_questions([QUESTIONS, *extra])
    knowledge = read_knowledge()
    ours = run(questions, our_answerer(Search(knowledge)))
    print("\n".join(["dvcbot by group", *table(ours, lambda q: (q.group,))]))
    print("\n".join(["", "dvcbot by style", *table(ours, lambda q: q.styles)]))
    lines = list(lines_of(knowledge))
    print(f"\nall questions, {len(lines)} lines; peers refuse {REFUSED:.0%} of the out-of-scope texts by threshold")
    print(heading())
    print(row("dvcbot", score(ours)))
    for name, rank in (("rapidfuzz WRatio", wratio(lines)), ("SQLite FTS5 bm25", fts5(lines))):
        print(row(name, score(run(questions, peer_answerer(rank, questions)))))


if __name__ == "__main__":
    main(sys.argv[1:])
