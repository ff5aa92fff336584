"""How search bears ten times the documents: time from files to ready, memory, and milliseconds a question.

    python -m benchmarks.growth              also part of ``make eval``

Each size is measured in a process of its own on one core, in which nothing but ``knowledge`` is loaded. Further
procedures are made of the words of those there are: the first half of one name and the second half of another, and the
same with what people call them, so that there are as many lines to each.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import psutil

from knowledge.decide import decide
from knowledge.evaluate import quantile
from knowledge.load import load
from knowledge.model import Knowledge, Procedure, Spoken
from knowledge.search import Search

TIMES = (1, 10)
ROUNDS = 3
SECONDS, MEGABYTES, P50, P99, RATIO = 2.0, 200.0, 1.0, 5.0, 4.0
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds to load and to index, resident megabytes after it, milliseconds a question (median of the rounds)."""

    documents: int
    load: float
    index: float
    megabytes: float
    p50: float
    p99: float


class Grower:
    """Makes procedures of the words of others; always the same ones."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._random = random.Random(269)
        self._codes = list(knowledge.procedures)

    def times(self, factor: int) -> Knowledge:
        procedures, spoken = dict(self._knowledge.procedures), dict(self._knowledge.spoken)
        for number in range(len(self._codes) * (factor - 1)):
            model = self._codes[number % len(self._codes)]
            code = f"9.{number:06}"
            procedures[code] = self._procedure(code, self._knowledge.procedures[model])
            if said := self._knowledge.spoken.get(model):
                spoken[code] = self._spoken(code, said)
        return replace(self._knowledge, procedures=procedures, spoken=spoken)

    def _procedure(self, code: str, model: Procedure) -> Procedure:
        other = self._knowledge.procedures[self._random.choice(self._codes)]
        return replace(model, code=code, name=_crossed(model.name, other.name))

    def _spoken(self, code: str, model: Spoken) -> Spoken:
        other = self._knowledge.procedures[self._random.choice(self._codes)]
        said = tuple(_crossed(phrasing, other.name) for phrasing in model.phrasings)
        return replace(model, code=code, label=_crossed(model.label, other.name), phrasings=said)


def _crossed(first: str, second: str) -> str:
    """The first half of the words of ``first`` and as many from the end of ``second``."""
    words = first.split()
    half = max(len(words) // 2, 1)
    return " ".join(words[:half] + second.split()[-half:])


def measure(factor: int, texts: Sequence[str]) -> Measured:
    """Load, index and ask, on one core of this process."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    gc.disable()
    loaded = -time.perf_counter()
    knowledge = load()
    loaded += time.perf_counter()
    if factor > 1:
        knowledge = Grower(knowledge).times(factor)
    indexed = -time.perf_counter()
    search = Search(knowledge)
    indexed += time.perf_counter()
    gc.enable()
    gc.collect()
    gc.freeze()
    memory = psutil.Process().memory_info().rss / 1e6
    times = sorted(median(_ms(search, text) for _ in range(ROUNDS)) for text in texts)
    documents = len(knowledge.procedures) + len(knowledge.entries)
    return Measured(documents, loaded, indexed, memory, quantile(times, 0.50), quantile(times, 0.99))


def _ms(search: Search, text: str) -> float:
    started = time.perf_counter()
    decide(search.find(text))
    return (time.perf_counter() - started) * 1000


def measured_apart(factor: int, texts: Sequence[str]) -> Measured:
    """``measure`` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.growth", str(factor)],
        input=json.dumps(list(texts)),
        capture_output=True,
        encoding="utf-8",
        env=os.environ | ONE_THREAD | {"PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parent.parent,
        check=True,
    )
    return Measured(**json.loads(done.stdout))


def report(texts: Sequence[str]) -> list[str]:
    """Lines of a table of the sizes, and how the goals are met."""
    found = [measured_apart(factor, texts) for factor in TIMES]
    head = f"{'documents':>12}{'load s':>9}{'index s':>9}{'RSS MB':>9}{'p50 ms':>9}{'p99 ms':>9}"
    rows = [
        f"{m.documents:>12,}{m.load:>9.2f}{m.index:>9.2f}{m.megabytes:>9.0f}{m.p50:>9.2f}{m.p99:>9.2f}" for m in found
    ]
    now, grown = found[0], found[-1]
    goals = (
        goal("files to ready", now.load + now.index, SECONDS, "s"),
        goal("resident", now.megabytes, MEGABYTES, "MB"),
        goal("one question p50", now.p50, P50, "ms"),
        goal("one question p99", now.p99, P99, "ms"),
        goal(f"p50 at {grown.documents / now.documents:.1f} times the documents", grown.p50 / now.p50, RATIO, "times"),
        goal(f"p99 at {grown.documents / now.documents:.1f} times the documents", grown.p99 / now.p99, RATIO, "times"),
    )
    return [head, *rows, *goals]


def goal(what: str, value: float, limit: float, unit: str) -> str:
    return f"  {what:36}{value:>8.2f} {unit:6} goal {limit:g} {unit:6} {'reached' if value <= limit else 'MISSED'}"


def main(arguments: Sequence[str]) -> None:
    if arguments:
        found = measure(int(arguments[0]), json.load(sys.stdin))
        print(json.dumps({name: getattr(found, name) for name in Measured.__slots__}))
        return
    from benchmarks.answers import QUESTIONS, read_questions  # noqa: PLC0415 not in the measured processes

    print("\n".join(report([question.text for question in read_questions([QUESTIONS])])))


if __name__ == "__main__":
    main(sys.argv[1:])
