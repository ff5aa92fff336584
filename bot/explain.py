"""Why a question was answered as it was: for those who write the content."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.decide import Thresholds, decide
from knowledge.model import Knowledge
from knowledge.rank import contributions
from knowledge.search import Search

SHOWN = 5
PARTS = 6


def explain(text: str, search: Search, knowledge: Knowledge) -> Iterator[str]:
    """Lines that tell what the normaliser did, how the candidates were scored and why the decision fell so."""
    found = search.find(text)
    query = found.query
    yield f"words     {' '.join(query.words)}"
    for step in query.steps:
        if step.why:
            yield f"          {step.typed} -> {' '.join(step.words)} ({step.why})"
    yield f"subject   {' '.join(query.core)}{'' if query.accented else '  (typed without diacritics)'}"
    yield f"facet     {query.facet.value if query.facet else '-'}"
    if found.exact:
        yield "code      the question names a procedure by its code"
    for chance, candidate in [] if found.exact else search.ranked(query)[:SHOWN]:
        yield f"{chance:9.3f} {candidate.owner.id}  {candidate.owner.title}"
        yield f"          nearest line: {search.line(candidate)}"
        parts = contributions(candidate.features, knowledge.weights)[:PARTS]
        yield "          " + "  ".join(f"{name} {value:+.2f}" for name, value in parts)
    yield from _decision(search, text)


def _decision(search: Search, text: str) -> Iterator[str]:
    found, limits = search.find(text), Thresholds()
    verdict = decide(found, limits)
    hits = [hit for hit in found.hits if not hit.is_talk][:3]
    best, together = (hits[0].score if hits else 0.0), sum(hit.score for hit in hits)
    yield f"decision  {verdict.decision.value}: best {best:.3f} (answers from {limits.answer:.2f}), "
    yield f"          best three together {together:.3f} (offered from {limits.offer:.2f})"
