"""How an entry and a procedure are shown, whole or from one side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.render import render
from knowledge.facets import channels, fees, known_facets, paper_pages, times
from knowledge.model import Entry, Facet, Hotline, Item, Procedure

#: Characters of papers on one screen, so that the whole reply stays within 2,000.
PAPERS_PAGE = 1300


@dataclass(frozen=True, slots=True)
class Around:
    """What is shown with an item: its ``label`` in plain words, the day, and the ``numbers`` to ask at."""

    label: str
    today: date
    numbers: Sequence[Hotline] = ()


def item_screen(item: Item, around: Around, unknown: Facet | None = None) -> str:
    """The answer that ``item`` gives. An ``unknown`` side that was asked for is said to be so, with where to ask."""
    if isinstance(item, Entry):
        return render("entry.j2", entry=item, today=around.today, unknown=unknown, numbers=around.numbers)
    return render(
        "procedure.j2",
        procedure=item,
        label=around.label,
        channels=channels(item),
        times=times(item),
        fees=fees(item),
        today=around.today,
    )


def facet_screen(item: Item, facet: Facet, page: int, around: Around) -> tuple[str, int]:
    """One side of ``item``, and the number of pages it has. What is not known is said, with where to ask."""
    if isinstance(item, Entry):
        return render("entry_facet.j2", entry=item, facet=facet, today=around.today, numbers=around.numbers), 1
    return _procedure_facet(item, facet, page, around)


def _procedure_facet(procedure: Procedure, facet: Facet, page: int, around: Around) -> tuple[str, int]:
    pages = paper_pages(procedure.documents, PAPERS_PAGE) if facet is Facet.DOCUMENTS else [[]]
    page = min(max(page, 1), len(pages))
    html = render(
        "procedure_facet.j2",
        procedure=procedure,
        label=around.label,
        facet=facet,
        known=facet in known_facets(procedure),
        papers=pages[page - 1],
        page=page,
        pages=len(pages),
        channels=channels(procedure),
        times=times(procedure),
        fees=fees(procedure),
        today=around.today,
        numbers=around.numbers,
    )
    return html, len(pages)
