"""From what was typed to what is searched for: normalised words, the asked facet and the fillers set apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.model import Facet, Lexicon
from knowledge.normal import Normaliser, Step, Vocabulary
from knowledge.text import fold, is_accented, tokens


@dataclass(frozen=True, slots=True)
class Query:
    """``words`` are all words after normalising (``steps`` tells how), of which ``core`` name the subject; it is empty
    only if ``words`` is. ``accented``: the writer uses diacritics. ``facet``: what is asked of the subject."""

    words: tuple[str, ...]
    is_core: tuple[bool, ...]
    accented: bool
    facet: Facet | None
    steps: tuple[Step, ...] = ()

    @property
    def core(self) -> tuple[str, ...]:
        return tuple(word for word, core in zip(self.words, self.is_core, strict=True) if core)


class QueryReader:
    """Reads questions with one lexicon."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._normaliser = Normaliser(lexicon, vocabulary)
        self._facets = _phrases(lexicon.facets)
        self._fillers = _phrases({None: lexicon.fillers})
        self._longest = max((len(phrase) for phrase in (*self._facets, *self._fillers)), default=0)

    def read(self, text: str) -> Query:
        steps = self._normaliser.steps(text)
        words = tuple(word for step in steps for word in step.words)
        folded = [fold(word) for word in words]
        facet, asking = self._asked(folded)
        spoken = self._covered(folded, self._fillers)
        core = tuple(place not in asking and place not in spoken for place in range(len(words)))
        typed = [step.typed for step in steps]
        return Query(words, core if any(core) else (True,) * len(words), is_accented(typed), facet, tuple(steps))

    def _asked(self, folded: list[str]) -> tuple[Facet | None, set[int]]:
        """The facet of the longest phrase that asks for one, and the places of all such phrases."""
        found: tuple[int, Facet | None] = (0, None)
        places: set[int] = set()
        for start, length, facet in self._matches(folded, self._facets):
            places.update(range(start, start + length))
            if length > found[0]:
                found = (length, facet)
        return found[1], places

    def _covered(self, folded: list[str], phrases: Mapping[tuple[str, ...], Facet | None]) -> set[int]:
        return {place for start, length, _ in self._matches(folded, phrases) for place in range(start, start + length)}

    def _matches(
        self, folded: list[str], phrases: Mapping[tuple[str, ...], Facet | None]
    ) -> Iterable[tuple[int, int, Facet | None]]:
        """(start, length, facet) of the phrases found, longest first at each place, not overlapping."""
        start = 0
        while start < len(folded):
            for length in range(min(self._longest, len(folded) - start), 0, -1):
                window = tuple(folded[start : start + length])
                if window in phrases:
                    yield start, length, phrases[window]
                    start += length - 1
                    break
            start += 1


def _phrases(
    table: Mapping[Facet, tuple[str, ...]] | Mapping[None, tuple[str, ...]],
) -> dict[tuple[str, ...], Facet | None]:
    return {tuple(tokens(fold(phrase))): facet for facet, phrases in table.items() for phrase in phrases}
