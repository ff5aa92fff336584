"""Learns the weights of ``knowledge/rank.py`` and prints what they are worth on questions they were not learned from.

    python -m benchmarks.train [FILE …] [--write]

Questions are those of tests/questions and of FILEs (also from EVAL_FILES). They are split in five by the entry they ask
for, so that no entry is judged by weights learned from it. ``--write`` puts the weights learned from all of them into
knowledge/content/weights.toml.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.answers import QUESTIONS
from bot.app import read_knowledge
from bot.evaluate import read_questions
from knowledge.evaluate import Question, share
from knowledge.load import content_root
from knowledge.model import Weights
from knowledge.rank import FEATURES, probabilities
from knowledge.search import CANDIDATES, Candidate, Search

Array = npt.NDArray[np.float64]
PARTS = 5
STEPS = 1500
RATE = 0.05
PULL = 1e-3  # towards zero, so that no weight grows without need

HEAD = """\
# How much each feature of knowledge/rank.py counts; `none` is what the best candidate has to beat.
# Learned: python -m benchmarks.train FILE … --write

"""


@dataclass(frozen=True, slots=True)
class Example:
    question: Question
    candidates: list[Candidate]

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
    ids: list[str]
    chances: list[float]

    def right(self, depth: int) -> bool:
        return any(item_id in self.question.expect for item_id in self.ids[:depth])


def judge(example: Example, weights: Weights) -> Judged:
    chances = probabilities([candidate.features for candidate in example.candidates], weights)
    ranked = sorted(zip(chances, example.candidates, strict=True), key=lambda pair: -pair[0])
    ranked = [(chance, candidate) for chance, candidate in ranked if not candidate.owner.talk]
    return Judged(example.question, [c.owner.id for _, c in ranked], [chance for chance, _ in ranked])


def cross_validated(examples: Sequence[Example]) -> list[Judged]:
    """Every example judged by weights learned without its part."""
    judged = []
    for part in range(PARTS):
        weights = learn([example for example in examples if example.part != part])
        judged += [judge(example, weights) for example in examples if example.part == part]
    return judged


def report(judged: Sequence[Judged]) -> None:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for row in judged:
        groups[row.question.group].append(row)
    print(f"{'cross-validated':34}{'n':>6}{'hit@1':>9}{'hit@3':>9}")
    for name, rows in sorted(groups.items()):
        if rows[0].question.in_scope:
            print(f"{name:34}{len(rows):>6}{_share(r.right(1) for r in rows):>9}{_share(r.right(3) for r in rows):>9}")
    asked = [row for row in judged if row.question.in_scope]
    strange = [row for row in judged if not row.question.in_scope]
    print(f"\n{'answer from':>12}{'answered':>10}{'wrong':>8}{'strange answered':>18}")
    for level in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9):
        sure = [row for row in asked if row.chances and row.chances[0] >= level]
        wrong = sum(not row.right(1) for row in sure) / len(asked)
        fooled = _share(bool(row.chances) and row.chances[0] >= level for row in strange)
        print(f"{level:>12}{len(sure) / len(asked) * 100:>10.1f}{wrong * 100:>8.1f}{fooled:>18}")
    print(f"\n{'offer from':>12}{'shown':>10}{'with right':>12}{'strange refused':>17}")
    for level in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        shown = [row for row in asked if sum(row.chances[:3]) >= level]
        useful = sum(row.right(3) for row in shown) / len(asked)
        refused = _share(sum(row.chances[:3]) < level for row in strange)
        print(f"{level:>12}{len(shown) / len(asked) * 100:>10.1f}{useful * 100:>12.1f}{refused:>17}")


def _share(flags: object) -> str:
    part = share(flags)  # type: ignore[arg-type]
    return "-" if part is None else f"{part * 100:.1f}"


def write(weights: Weights, path: Path) -> None:
    lines = [f"none = {weights.none:.4f}", "", "[features]"]
    lines += [f"{name} = {value:.4f}" for name, value in weights.features.items()]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    files = [Path(name) for name in (*arguments, *os.environ.get("EVAL_FILES", "").split()) if name != "--write"]
    knowledge = read_knowledge()
    search = Search(knowledge)
    questions = read_questions([QUESTIONS, *files])
    examples = [Example(question, search.candidates(search.read(question.text))) for question in questions]
    report(cross_validated(examples))
    if "--write" in arguments:
        write(learn(examples), content_root() / "weights.toml")


if __name__ == "__main__":
    main(sys.argv[1:])
