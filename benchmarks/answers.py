"""Answer quality: the assistant by group and style, and beside its peers on the same lines, folding and questions.

    python -m benchmarks.answers [--all] [FILE …]  FILEs are further questions, TOML or JSONL (also from EVAL_FILES)

The peers are those of ``peers.py``; they are slow, so they and we are compared on SAMPLE of the questions, on ``--all``
if so asked. Speed and memory at ten times the documents come last (``growth.py``).
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from benchmarks import growth
from benchmarks.peers import PEERS, REFUSED, lines_of, peer_results
from bot.app import console_assistant, read_knowledge
from bot.evaluate import ask_all, heading, in_search, read_questions, row, table
from handlers.assistant import Assistant
from knowledge.evaluate import Question, Results, score
from knowledge.text import fold

QUESTIONS = Path(__file__).parent.parent / "tests" / "questions"
#: So many questions tell peers apart by more than a point.
SAMPLE = 1000
HIT_COLUMNS: dict[str, Callable[[Results], float | None]] = {
    "hit@1": lambda results: score(results).hit1,
    "hit@3": lambda results: score(results).hit3,
}


def is_bare(question: Question) -> bool:
    """Whether it is typed without any diacritic."""
    return fold(question.text) == question.text.lower()


def stripped(question: Question) -> Question:
    """The same, typed without diacritics."""
    return replace(question, text=fold(question.text), history=tuple(map(fold, question.history)))


async def about_diacritics(assistant: Assistant, ours: Results) -> list[str]:
    """In-scope questions with diacritics, without, and the first ones again with their diacritics taken away."""
    asked = [(question, given) for question, given in ours if question.in_scope and in_search(question)]
    marked = [(question, given) for question, given in asked if not is_bare(question)]
    bare = [(question, given) for question, given in asked if is_bare(question)]
    again = await ask_all(assistant, [stripped(question) for question, _ in marked])
    lines = [heading(), row("typed with diacritics", score(marked)), row("typed without", score(bare))]
    return [
        *lines,
        row("the first, stripped of them", score(again)),
        f"points below: {_points(marked, bare)} (typed without), {_points(marked, again)} (the same, stripped)",
    ]


def _points(marked: Results, bare: Results) -> str:
    parts = ((name, part(marked), part(bare)) for name, part in HIT_COLUMNS.items())
    return ", ".join(
        f"{name} {100 * (with_them - without):.1f}"
        for name, with_them, without in parts
        if with_them is not None and without is not None
    )


def titled(title: str, lines: Sequence[str]) -> str:
    return "\n".join((f"\n{title}", *lines))


def sampled(results: Results) -> Results:
    """SAMPLE of ``results``, always the same ones."""
    return Random(1).sample(list(results), min(SAMPLE, len(results)))


async def sections(files: Sequence[Path], *, everything: bool = False) -> None:
    """Print one table after the other."""
    questions = read_questions([QUESTIONS, *files])
    knowledge = read_knowledge()
    assistant = console_assistant(knowledge)
    ours = await ask_all(assistant, questions)
    print(titled("dvcbot by group; times are of the whole answer", table(ours, _groups)))
    print(titled("dvcbot by style", table(ours, lambda question: question.styles or ("untagged",))))
    print(titled("diacritics", await about_diacritics(assistant, ours)))
    lines = list(lines_of(knowledge))
    ours = [each for each in ours if in_search(each[0])]
    ours = ours if everything else sampled(ours)
    questions = [question for question, _ in ours]
    lines_of_all = f"{len(ours)} questions, none about figures, {len(lines)} lines"
    print(f"\n{lines_of_all}; peers refuse {REFUSED:.0%} of the out-of-scope texts by threshold")
    print(heading())
    print(row("dvcbot", score(ours)))
    for name, made in PEERS.items():
        print(row(name, score(peer_results(made(lines), questions))), flush=True)
    print(titled("one core; search and decision", growth.report([question.text for question in questions])))


def _groups(question: Question) -> Iterator[str]:
    yield question.group
    yield "all in scope" if question.in_scope else "all out of scope"


def further_files(arguments: Sequence[str]) -> list[Path]:
    """Question files named by arguments and by EVAL_FILES."""
    return [Path(name) for name in (*arguments, *os.environ.get("EVAL_FILES", "").split())]


if __name__ == "__main__":
    files = [name for name in sys.argv[1:] if name != "--all"]
    asyncio.run(sections(further_files(files), everything="--all" in sys.argv))
