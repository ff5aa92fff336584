"""Question files for ``dvcbot eval`` and ``make eval``, our own answerer, and the table that is printed."""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.errors import UserError
from knowledge.decide import decide
from knowledge.evaluate import Answerer, Given, Question, Score, score
from knowledge.model import Facet
from knowledge.search import Search

Results = Sequence[tuple[Question, Given]]


def read_questions(paths: Iterable[Path]) -> list[Question]:
    """The questions of TOML files (``[[question]]``: text, expect, style, facet) and JSONL files (query, gold, kind,
    style), and of the TOML files in a folder. Raises UserError naming the file that cannot be read."""
    found: list[Question] = []
    for path in paths:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            try:
                rows = _jsonl(file) if file.suffix == ".jsonl" else _toml(file)
                found += rows
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise UserError(f"cannot read questions from {file}: {error!r}") from error
    return found


def _toml(path: Path) -> list[Question]:
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("question", [])
    return [
        Question(
            row["text"],
            tuple(row["expect"]),
            row.get("kind") or group_of(row["expect"]),
            (row["style"],) if "style" in row else (),
            Facet(row["facet"]) if "facet" in row else None,
        )
        for row in rows
    ]


def _jsonl(path: Path) -> list[Question]:
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    strange = ("oos", "smalltalk")
    return [
        Question(
            row["query"],
            () if row["kind"] in strange else tuple(row["gold"]),
            f"{path.stem}:{row['kind']}",
            tuple(row.get("style", ())),
        )
        for row in rows
    ]


def group_of(expect: Sequence[str]) -> str:
    if not expect:
        return "oos"
    return "procedure" if expect[0][0].isdigit() else "guidance"


def our_answerer(search: Search) -> Answerer:
    """Search and decision, as the assistant uses them."""

    def answer(text: str) -> Given:
        started = time.perf_counter()
        found = search.find(text)
        verdict = decide(found)
        elapsed = (time.perf_counter() - started) * 1000
        ids = tuple(hit.id for hit in found.hits if not hit.is_talk)
        return Given(verdict.decision, ids, found.facet, elapsed)

    return answer


COLUMNS: dict[str, Callable[[Score], float | None]] = {
    "hit@1": lambda s: s.hit1,
    "hit@3": lambda s: s.hit3,
    "none": lambda s: s.none,
    "wrong": lambda s: s.wrong,
    "refused": lambda s: s.refused,
    "facet": lambda s: s.facet,
}


def table(results: Results, by: Callable[[Question], Iterable[str]]) -> list[str]:
    """Lines of a table with a row for each group that ``by`` puts the questions in."""
    groups: dict[str, list[tuple[Question, Given]]] = {}
    for question, given in results:
        for name in by(question):
            groups.setdefault(name, []).append((question, given))
    return [heading(), *(row(name, score(rows)) for name, rows in sorted(groups.items()))]


def heading() -> str:
    return f"{'':34}{'n':>6}" + "".join(f"{name:>9}" for name in COLUMNS) + f"{'p50 ms':>9}{'p95 ms':>9}"


def row(name: str, figures: Score) -> str:
    shares = "".join(f"{_percent(part(figures)):>9}" for part in COLUMNS.values())
    return f"{name:34}{figures.count:>6}{shares}{figures.p50:>9.2f}{figures.p95:>9.2f}"


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{part * 100:.1f}"
