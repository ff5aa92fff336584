"""Why a question was answered as it was: for those who write the content."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from handlers.board import LiveBoard
from handlers.kpi import KpiScreens
from handlers.kpi_answer import KpiAnswering
from handlers.state import State
from knowledge.decide import Decision, Thresholds, decide
from knowledge.guards import Alarm, Guards, Seen
from knowledge.kpi_ask import KpiQuestion
from knowledge.model import Knowledge
from knowledge.rank import contributions
from knowledge.search import Found, Search
from knowledge.text import clean

SHOWN = 5
PARTS = 6


def explain(text: str, search: Search, knowledge: Knowledge) -> Iterator[str]:
    """Lines that tell what was looked for first, what the normaliser did, how the candidates were scored and why the
    decision fell so. Secrets in ``text`` are not told."""
    seen = Guards(knowledge.guards).look(clean(text))
    yield from _guards(seen)
    if seen.alarm in (Alarm.EMERGENCY, Alarm.FRAUD):
        yield f"decision  answer: the warning {seen.entry} comes first, whatever else is asked"
        return
    if seen.alarm is Alarm.GAME:
        yield "decision  none: a calm reply, the same to every such message"
        return
    for rest in seen.rests if seen.alarm else (seen.text,):
        yield from _question(rest, search, knowledge)
    if seen.alarm is Alarm.SECRET:
        yield f"decision  answer: the warning {seen.entry} comes first, then what is decided above, if anything"
    if seen.alarm is Alarm.ABUSE:
        yield "decision  a calm reply (none), unless what is decided above helps"


def _guards(seen: Seen) -> Iterator[str]:
    hidden = f", hidden: {', '.join(sorted(kind.value for kind in seen.kinds))}" if seen.kinds else ""
    yield f"guards    {seen.alarm.value if seen.alarm else '-'}{hidden}"


def _question(text: str, search: Search, knowledge: Knowledge) -> Iterator[str]:
    found = search.find(text)
    yield from _read(found)
    figures = _figures(text, search, knowledge)
    if figures:
        yield f"figures   {figures.intent.value}  {' '.join(figures.choices or figures.units) or figures.within or '-'}"
        decision = Decision.CHOOSE if figures.choices else Decision.ANSWER
        yield f"decision  {decision.value}: it asks for figures, which go before the guidance"
        return
    for chance, candidate in [] if found.exact else search.ranked(found.query)[:SHOWN]:
        yield f"{chance:9.3f} {candidate.owner.id}  {candidate.owner.title}"
        yield f"          nearest line: {search.line(candidate)}"
        parts = contributions(candidate.features, knowledge.weights)[:PARTS]
        yield "          " + "  ".join(f"{name} {value:+.2f}" for name, value in parts)
    yield from _decision(found)


def _read(found: Found) -> Iterator[str]:
    query = found.query
    yield f"words     {' '.join(query.words)}"
    for step in query.steps:
        if step.why:
            yield f"          {step.typed} -> {' '.join(step.words)} ({step.why})"
    yield f"subject   {' '.join(query.core)}{'' if query.accented else '  (typed without diacritics)'}"
    yield f"facet     {query.facet.value if query.facet else '-'}"
    if found.exact:
        yield "code      the question names a procedure by its code"


def _figures(text: str, search: Search, knowledge: Knowledge) -> KpiQuestion | None:
    """What is asked of figures, unless the guidance has the better answer."""
    board = LiveBoard(knowledge.plan.report).board
    answering = KpiAnswering(knowledge, search, KpiScreens(knowledge.plan, lambda: board, date.today), lambda: board)
    question = answering.read(text, State(), fresh=False)
    return None if question is None or answering.yields(text, question, None) else question


def _decision(found: Found) -> Iterator[str]:
    limits = Thresholds()
    verdict = decide(found, limits)
    hits = [hit for hit in found.hits if not hit.is_talk][:3]
    best, together = (hits[0].score if hits else 0.0), sum(hit.score for hit in hits)
    yield f"decision  {verdict.decision.value}: best {best:.3f} (answers from {limits.answer:.2f}), "
    yield f"          best three together {together:.3f} (offered from {limits.offer:.2f})"
