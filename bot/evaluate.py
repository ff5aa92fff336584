"""Question files for ``dvcbot eval`` and ``make eval``, how the assistant is asked, and the table that is printed."""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.errors import UserError
from handlers.assistant import Assistant
from handlers.model import Message
from knowledge.decide import Decision
from knowledge.evaluate import Given, Question, Results, Score, score
from knowledge.markup import plain
from knowledge.model import Facet

PERSON = "console:citizen"


def read_questions(paths: Iterable[Path]) -> list[Question]:
    """The questions of TOML and JSONL files, and of the TOML files in a folder.

    TOML: ``[[question]]`` with text, or ``[[conversation]]`` with turns of which the last is judged; expect, kind,
    style (one or several), facet, and of figures decision and says (see ``Question``). JSONL: query, gold, kind, style,
    facet, history (the turns before); what is of a kind that starts with "oos", or "smalltalk", is out of scope and its
    gold tolerated. Raises UserError naming the file that cannot be read.
    """
    found: list[Question] = []
    for path in paths:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            try:
                rows = _jsonl(file) if file.suffix == ".jsonl" else _toml(file)
                found += rows
            except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
                raise UserError(f"cannot read questions from {file}: {error!r}") from error
    return found


def _toml(path: Path) -> list[Question]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    alone = [_question(row, row["text"], (), group_of(row["expect"])) for row in content.get("question", [])]
    talks = [
        _question(row, row["turns"][-1], tuple(row["turns"][:-1]), "multiturn" if row["expect"] else "oos")
        for row in content.get("conversation", [])
    ]
    return alone + talks


def _question(row: dict[str, Any], text: str, history: tuple[str, ...], group: str) -> Question:
    return Question(
        text,
        tuple(row["expect"]),
        row.get("kind") or group,
        _listed(row.get("style", ())),
        Facet(row["facet"]) if "facet" in row else None,
        history,
        decision=Decision(row["decision"]) if "decision" in row else None,
        says=tuple(row.get("says", ())),
    )


def _jsonl(path: Path) -> list[Question]:
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [_from_json(row, f"{path.stem}:{row['kind']}") for row in rows]


def _from_json(row: dict[str, Any], group: str) -> Question:
    strange = row["kind"] == "smalltalk" or row["kind"].startswith("oos")
    gold = tuple(row["gold"])
    return Question(
        row["query"],
        () if strange else gold,
        group,
        _listed(row.get("style", ())),
        Facet(row["facet"]) if row.get("facet") else None,
        history=tuple(row.get("history", ())),
        tolerated=gold if strange else (),
    )


def _listed(style: str | Sequence[str]) -> tuple[str, ...]:
    return (style,) if isinstance(style, str) else tuple(style)


def is_of_figures(item_id: str) -> bool:
    """Whether it is a unit, an indicator or a task: these are found without the search."""
    return item_id.startswith(("unit:", "indicator:", "task:"))


def in_search(question: Question) -> bool:
    """Whether the search is asked for it. Questions about figures are answered before."""
    return question.decision is None


def group_of(expect: Sequence[str]) -> str:
    if not expect:
        return "oos"
    if is_of_figures(expect[0]):
        return "figures"
    if expect[0].startswith("kpi"):
        return "kpi"
    return "procedure" if expect[0][0].isdigit() else "guidance"


async def ask_all(assistant: Assistant, questions: Iterable[Question]) -> list[tuple[Question, Given]]:
    """Every question in a new conversation, after the turns before it; time and answer are those of the last turn."""
    return [(question, await _ask(assistant, question, f"{PERSON}:{uuid4()}")) for question in questions]


async def _ask(assistant: Assistant, question: Question, conversation: str) -> Given:
    for turn in question.history:
        await assistant.ask(Message("console", PERSON, conversation, turn))
    started = time.perf_counter()
    outcome = await assistant.ask(Message("console", PERSON, conversation, question.text))
    elapsed = (time.perf_counter() - started) * 1000
    text = "\n".join(plain(reply.html) for reply in outcome.replies)
    return Given(outcome.decision, tuple(hit.id for hit in outcome.hits), outcome.facet, elapsed, text)


COLUMNS: dict[str, Callable[[Score], float | None]] = {
    "hit@1": lambda s: s.hit1,
    "hit@3": lambda s: s.hit3,
    "answer": lambda s: s.answer,
    "choose": lambda s: s.choose,
    "none": lambda s: s.none,
    "wrong": lambda s: s.wrong,
    "refused": lambda s: s.refused,
    "fooled": lambda s: s.fooled,
    "facet": lambda s: s.facet,
}
TIMES: dict[str, Callable[[Score], float]] = {"p50 ms": lambda s: s.p50, "p95": lambda s: s.p95, "p99": lambda s: s.p99}


def table(results: Results, by: Callable[[Question], Iterable[str]]) -> list[str]:
    """Lines of a table with a row for each group that ``by`` puts the questions in."""
    groups: dict[str, list[tuple[Question, Given]]] = {}
    for question, given in results:
        for name in by(question):
            groups.setdefault(name, []).append((question, given))
    return [heading(), *(row(name, score(rows)) for name, rows in sorted(groups.items()))]


def heading() -> str:
    return f"{'':28}{'n':>6}" + "".join(f"{name:>8}" for name in (*COLUMNS, *TIMES))


def row(name: str, figures: Score) -> str:
    shares = "".join(f"{percent(part(figures)):>8}" for part in COLUMNS.values())
    return f"{name:28}{figures.count:>6}{shares}" + "".join(f"{time_of(figures):>8.2f}" for time_of in TIMES.values())


def percent(part: float | None) -> str:
    return "-" if part is None else f"{part * 100:.1f}"
