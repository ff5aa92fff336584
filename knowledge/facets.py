"""What is known of an item from each side: papers, fee, time, place…"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from knowledge.model import Channel, Entry, Facet, Item, Method, Paper, Procedure


@dataclass(frozen=True, slots=True)
class Term:
    """A time or a fee (``value``) with what it holds for."""

    value: str
    note: str
    case: str
    channels: tuple[Channel, ...]


def known_facets(item: Item) -> tuple[Facet, ...]:
    """The facets that something is known about, in the order they are offered."""
    if isinstance(item, Entry):
        return tuple(facet for facet in Facet if facet in item.facets or facet in _derived(item))
    return tuple(facet for facet in Facet if _KNOWN[facet](item))


def _derived(entry: Entry) -> set[Facet]:
    return {Facet.LEGAL} | ({Facet.HOW} if entry.steps else set())


_KNOWN: dict[Facet, Callable[[Procedure], bool]] = {
    Facet.DOCUMENTS: lambda procedure: bool(procedure.documents),
    Facet.FEE: lambda procedure: bool(fees(procedure)),
    Facet.TIME: lambda procedure: bool(times(procedure)),
    Facet.WHERE: lambda procedure: bool(procedure.agency or procedure.one_stop),
    Facet.HOW: lambda procedure: bool(procedure.methods),
    Facet.CONDITIONS: lambda _: False,  # the collections do not have them
    Facet.RESULT: lambda procedure: bool(procedure.result),
    Facet.LEGAL: lambda procedure: bool(procedure.legal_basis),
}


def times(procedure: Procedure) -> list[Term]:
    """How long it takes from a complete dossier, by case. Several are different cases, never a range."""
    return _terms(procedure.methods, lambda method: (method.time, "", method.case))


def fees(procedure: Procedure) -> list[Term]:
    """The fees that the source states reliably. None stated does not mean free."""
    return _terms(procedure.methods, lambda method: (method.fee, method.fee_note, method.case))


def channels(procedure: Procedure) -> tuple[Channel, ...]:
    """The ways to file, each once, in the source's order."""
    return tuple(dict.fromkeys(method.channel for method in procedure.methods))


def _terms(methods: Iterable[Method], part: Callable[[Method], tuple[str, str, str]]) -> list[Term]:
    grouped: dict[tuple[str, str, str], list[Channel]] = {}
    for method in methods:
        if (key := part(method))[0]:
            grouped.setdefault(key, []).append(method.channel)
    return [Term(*key, tuple(dict.fromkeys(used))) for key, used in grouped.items()]


def paper_pages(papers: Iterable[Paper], size: int) -> list[list[Paper]]:
    """``papers`` in pages of about ``size`` characters; a heading never stands alone at the end of a page."""
    pages: list[list[Paper]] = [[]]
    filled = 0
    heading: Paper | None = None
    for paper in papers:
        if paper.case:
            heading = paper
            continue
        block = [heading, paper] if heading else [paper]
        length = sum(len(part.name) + len(part.case) for part in block)
        if pages[-1] and filled + length > size:
            pages.append([])
            filled = 0
        pages[-1] += block
        filled += length
        heading = None
    return pages
