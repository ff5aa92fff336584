"""Learns the weights of ``knowledge/rank.py`` and prints what they are worth on questions they were not learned from.

    python -m benchmarks.train [FILE …] [--write]

Questions are those of tests/questions and of FILEs (also from EVAL_FILES), but for those that go on from others. They
are split in five by the entry they ask for, so that no entry is judged by weights learned from it. ``--write`` puts the
weights learned from all of them into knowledge/content/weights.toml.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.answers import QUESTIONS, further_files
from bot.app import read_knowledge
from bot.evaluate import in_search, percent, read_questions
from knowledge.decide import Decision, Thresholds, decide
from knowledge.evaluate import REFUSALS, Given, Question, Results, is_fooled, is_hit, is_wrong, score, share
from knowledge.load import content_root
from knowledge.model import Weights
from knowledge.rank import FEATURES, probabilities
from knowledge.search import CANDIDATES, Candidate, Found, Hit, Search

Array = npt.NDArray[np.float64]
PARTS = 5
STEPS = 1500
RATE = 0.05
ANSWER_LEVELS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
OFFER_LEVELS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
PULL = 1e-3  # towards zero, so that no weight grows without need

HEAD = """\
# How much each feature of knowledge/rank.py counts; `none` is what the best candidate has to beat.
# Learned: python -m benchmarks.train FILE … --write

"""


@dataclass(frozen=True, slots=True)
class Example:
    """``found`` is what the search finds with the present weights; its hits stay where a code is named."""

    question: Question
    candidates: list[Candidate]
    found: Found

    @property
    def part(self) -> int:
        key = self.question.expect[0] if self.question.expect else self.question.text
        return blake2b(key.encode(), digest_size=4).digest()[0] % PARTS

    def is_right(self, candidate: Candidate) -> bool:
        """Small talk is as good an answer to what is out of scope as none."""
        return candidate.owner.id in self.question.expect or (candidate.owner.talk and not self.question.in_scope)


def learn(examples: Sequence[Example]) -> Weights:
    """Weights under which right candidates (or none, where none is right) are likely: softmax regression with Adam."""
    features, right, there = _arrays(examples)
    mean, spread = features[there[:, :-1]].mean(0), features[there[:, :-1]].std(0) + 1e-6
    scaled = (features - mean) / spread
    weights = np.zeros(len(FEATURES) + 1)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = np.concatenate([scaled @ weights[:-1], np.full((len(examples), 1), weights[-1])], axis=1)
        chances = _softmax(np.where(there, scores, -1e9))
        hoped = chances * right
        error = chances - hoped / (hoped.sum(1, keepdims=True) + 1e-12)
        slope = np.append(np.einsum("nk,nkf->f", error[:, :-1], scaled), error[:, -1].sum()) / len(examples)
        slope[:-1] += PULL * weights[:-1]
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    raw = weights[:-1] / spread
    return Weights(float(weights[-1] + raw @ mean), dict(zip(FEATURES, raw.tolist(), strict=True)))


def _arrays(examples: Sequence[Example]) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Features (example, candidate, feature), right ones and present ones (example, candidate; the last is none)."""
    features = np.zeros((len(examples), CANDIDATES, len(FEATURES)))
    right = np.zeros((len(examples), CANDIDATES + 1))
    there = np.zeros((len(examples), CANDIDATES + 1), dtype=bool)
    there[:, -1] = True
    for number, example in enumerate(examples):
        for place, candidate in enumerate(example.candidates):
            features[number, place] = candidate.features
            there[number, place] = True
            right[number, place] = example.is_right(candidate)
        right[number, -1] = not example.question.in_scope or not right[number].any()
    return features, right, there


def _softmax(scores: Array) -> Array:
    powers: Array = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


@dataclass(frozen=True, slots=True)
class Judged:
    question: Question
    found: Found

    def given(self, thresholds: Thresholds) -> Given:
        ids = tuple(hit.id for hit in self.found.hits if not hit.is_talk)
        return Given(decide(self.found, thresholds).decision, ids, self.found.facet, 0.0)


def judge(example: Example, weights: Weights) -> Judged:
    if example.found.exact:
        return Judged(example.question, example.found)
    chances = probabilities([candidate.features for candidate in example.candidates], weights)
    ranked = sorted(zip(chances, example.candidates, strict=True), key=lambda pair: -pair[0])
    hits = tuple(Hit(found.owner.id, found.owner.title, chance) for chance, found in ranked)
    return Judged(example.question, replace(example.found, hits=hits))


def cross_validated(examples: Sequence[Example]) -> list[Judged]:
    """Every example judged by weights learned without its part."""
    judged = []
    for part in range(PARTS):
        weights = learn([example for example in examples if example.part != part])
        judged += [judge(example, weights) for example in examples if example.part == part]
    return judged


def report(judged: Sequence[Judged]) -> None:
    groups: dict[str, list[tuple[Question, Given]]] = defaultdict(list)
    for row in judged:
        given = row.given(Thresholds())
        groups[row.question.group].append((row.question, given))
        groups["all in scope" if row.question.in_scope else "all out of scope"].append((row.question, given))
    print(f"{'cross-validated':24}{'n':>6}{'hit@1':>9}{'hit@3':>9}{'wrong':>9}{'refused':>9}")
    for name, rows in sorted(groups.items()):
        found = score(rows)
        parts = (found.hit1, found.hit3, found.wrong, found.refused)
        print(f"{name:24}{len(rows):>6}" + "".join(f"{percent(part):>9}" for part in parts))
    print("\n".join(("", *answer_curve(judged), "", *offer_curve(judged))))


def answer_curve(judged: Sequence[Judged]) -> list[str]:
    """What each threshold of answering would do; the one in use is marked."""
    lines = [f"{'answer from':>12}{'answered':>10}{'wrong':>8}{'out of scope answered':>23}"]
    for level in _levels(ANSWER_LEVELS, Thresholds().answer):
        asked, strange = _given(judged, replace(Thresholds(), answer=level))
        answered = percent(share(given.decision is Decision.ANSWER for _, given in asked))
        wrong = percent(share(is_wrong(question, given) for question, given in asked))
        fooled = percent(share(is_fooled(question, given) for question, given in strange))
        lines.append(f"{_marked(level, Thresholds().answer):>12}{answered:>10}{wrong:>8}{fooled:>23}")
    return lines


def offer_curve(judged: Sequence[Judged]) -> list[str]:
    """What each threshold of offering would do. Lost are in-scope questions refused; the last column, those of them
    with a right choice among the best three."""
    lines = [f"{'offer from':>12}{'refused':>10}{'lost':>8}{'with a right choice':>21}"]
    for level in _levels(OFFER_LEVELS, Thresholds().offer):
        asked, strange = _given(judged, replace(Thresholds(), offer=level))
        refused = percent(score(strange).refused)
        lost = [given.decision in REFUSALS for _, given in asked]
        useful = [is_lost and is_hit(*pair, 3) for is_lost, pair in zip(lost, asked, strict=True)]
        cells = f"{refused:>10}{percent(share(lost)):>8}{percent(share(useful)):>21}"
        lines.append(f"{_marked(level, Thresholds().offer):>12}{cells}")
    return lines


def _given(judged: Sequence[Judged], thresholds: Thresholds) -> tuple[Results, Results]:
    """What in-scope questions and out-of-scope texts would get."""
    results = [(row.question, row.given(thresholds)) for row in judged]
    return [pair for pair in results if pair[0].in_scope], [pair for pair in results if not pair[0].in_scope]


def _levels(levels: Sequence[float], chosen: float) -> list[float]:
    return sorted({*levels, chosen})


def _marked(level: float, chosen: float) -> str:
    return f"{'> ' if level == chosen else ''}{level:.2f}"


def write(weights: Weights, path: Path) -> None:
    lines = [f"none = {weights.none:.4f}", "", "[features]"]
    lines += [f"{name} = {value:.4f}" for name, value in weights.features.items()]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def example(search: Search, question: Question) -> Example:
    query = search.read(question.text)
    return Example(question, search.candidates(query), search.find(question.text))


def main(arguments: Sequence[str]) -> None:
    search = Search(read_knowledge())
    files = further_files([name for name in arguments if name != "--write"])
    asked = read_questions([QUESTIONS, *files])
    questions = [question for question in asked if not question.history and in_search(question)]
    examples = [example(search, question) for question in questions]
    report(cross_validated(examples))
    if "--write" in arguments:
        write(learn(examples), content_root() / "weights.toml")


if __name__ == "__main__":
    main(sys.argv[1:])
