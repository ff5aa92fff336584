"""From what was typed to what is searched for: normalised words, the asked facet and the fillers set apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.model import Facet, FollowingWords, Lexicon
from knowledge.normal import Normaliser, Step, Vocabulary
from knowledge.text import fold, is_accented, tokens

Phrase = tuple[str, ...]
#: Words of the longest phrase.
LONGEST = 6


@dataclass(frozen=True, slots=True)
class Query:
    """``words`` are all words after normalising (``steps`` tells how), of which ``core`` name the subject; it is empty
    only if ``words`` is. ``accented``: the writer uses diacritics. ``facet``: what is asked of the subject.
    ``has_subject``: not all words ask or fill, so that something is named. ``is_asking``: which words ask for a facet
    of it; none do when nothing is named."""

    words: tuple[str, ...]
    is_core: tuple[bool, ...]
    accented: bool
    facet: Facet | None
    steps: tuple[Step, ...] = ()
    has_subject: bool = True
    is_asking: tuple[bool, ...] = ()

    @property
    def core(self) -> tuple[str, ...]:
        return tuple(word for word, core in zip(self.words, self.is_core, strict=True) if core)


class QueryReader:
    """Reads questions with one lexicon, and those that go on about a subject with more words beside it."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary, following: FollowingWords | None = None) -> None:
        more = following or FollowingWords()
        self._normaliser = Normaliser(lexicon, vocabulary)
        self._usual = _Asides(_phrases(lexicon.facets), _phrases({None: lexicon.fillers}))
        self._following = _Asides(
            {**_phrases(more.facets), **self._usual.facets}, {**_phrases({None: more.fillers}), **self._usual.fillers}
        )

    def read(self, text: str, *, following: bool = False) -> Query:
        """``following``: something was talked about just before, so that fewer words name a subject."""
        steps = self._normaliser.steps(text)
        words = tuple(word for step in steps for word in step.words)
        folded = [fold(word) for word in words]
        asides = self._following if following else self._usual
        facet, asking = asides.asked(folded)
        spoken = asides.spoken(folded)
        core = tuple(place not in asking and place not in spoken for place in range(len(words)))
        typed = [step.typed for step in steps]
        named = any(core)
        return Query(
            words,
            core if named else (True,) * len(words),
            is_accented(typed),
            facet,
            tuple(steps),
            named,
            tuple(named and place in asking for place in range(len(words))),
        )


@dataclass(frozen=True, slots=True)
class _Asides:
    """Phrases beside the subject: those that ask for a facet of it, and those that say nothing."""

    facets: Mapping[Phrase, Facet | None]
    fillers: Mapping[Phrase, Facet | None]

    def asked(self, folded: list[str]) -> tuple[Facet | None, set[int]]:
        """The facet of the longest phrase that asks for one, and the places of all such phrases."""
        found: tuple[int, Facet | None] = (0, None)
        places: set[int] = set()
        for start, length, facet in _matches(folded, self.facets):
            places.update(range(start, start + length))
            if length > found[0]:
                found = (length, facet)
        return found[1], places

    def spoken(self, folded: list[str]) -> set[int]:
        """The places of fillers."""
        return {place for start, length, _ in _matches(folded, self.fillers) for place in range(start, start + length)}


def _matches(folded: list[str], phrases: Mapping[Phrase, Facet | None]) -> Iterable[tuple[int, int, Facet | None]]:
    """(start, length, facet) of the phrases found, longest first at each place, not overlapping."""
    start = 0
    while start < len(folded):
        for length in range(min(LONGEST, len(folded) - start), 0, -1):
            window = tuple(folded[start : start + length])
            if window in phrases:
                yield start, length, phrases[window]
                start += length - 1
                break
        start += 1


def _phrases(
    table: Mapping[Facet, tuple[str, ...]] | Mapping[None, tuple[str, ...]],
) -> dict[Phrase, Facet | None]:
    return {tuple(tokens(fold(phrase))): facet for facet, phrases in table.items() for phrase in phrases}
