"""From what was typed to what is searched for: normalised words, the asked facet and the fillers set apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.model import Facet, FollowingWords, Lexicon
from knowledge.normal import Normaliser, Step, Vocabulary
from knowledge.phrases import Phrases
from knowledge.text import fold, is_accented

#: Begins a phrase that counts at the beginning only.
FIRST = "^"
#: Asked for in passing, beside another facet, and known of no procedure.
WEAK = frozenset({Facet.CONDITIONS})
#: Everyone who looks at a message reads it: what it asks of figures, what it goes on about, what it means.
READ_AGAIN = 4


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
        facets = list(lexicon.facets.items())
        self._usual = _Asides(facets, lexicon.fillers, lexicon.named)
        fillers = (*lexicon.fillers, *more.fillers)
        self._following = _Asides([*facets, *more.facets.items()], fillers, lexicon.named)
        self._read_once = lru_cache(maxsize=READ_AGAIN)(self._read)

    def read(self, text: str, *, following: bool = False) -> Query:
        """``following``: something was talked about just before, so that fewer words name a subject."""
        return self._read_once(text, following)

    def _read(self, text: str, following: bool) -> Query:
        steps = self._normaliser.steps(text)
        words = tuple(word for step in steps for word in step.words)
        folded = [fold(word) for word in words]
        asides = self._following if following else self._usual
        spoken = asides.spoken(folded)
        facet, asking = asides.asked(folded, spoken)
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


class _Asides:
    """Phrases beside the subject: those that ask for a facet of it, and those that say nothing."""

    def __init__(
        self, facets: Sequence[tuple[Facet | None, Sequence[str]]], fillers: Sequence[str], named: Sequence[str]
    ) -> None:
        phrases = [(facet, phrase) for facet, listed in (*facets, (None, named)) for phrase in listed]
        self._facets = Phrases([(facet, phrase) for facet, phrase in phrases if phrase[0] != FIRST])
        self._first = Phrases([(facet, phrase[1:]) for facet, phrase in phrases if phrase[0] == FIRST])
        self._fillers = Phrases([(None, phrase) for phrase in fillers])

    def asked(self, folded: Sequence[str], spoken: Collection[int]) -> tuple[Facet | None, set[int]]:
        """The facet of the longest phrase that asks for one, and the places of all such phrases. The shortest ones only
        count before all but what is ``spoken``."""
        found = [match for match in self._facets.found(folded) if match.meaning]
        first = [match for match in self._first.found(folded) if match.meaning]
        found += [match for match in first if all(place in spoken for place in range(match.places[0]))]
        longest = min(found, key=lambda match: (-len(match.places), match.meaning in WEAK, match.rank), default=None)
        return longest.meaning if longest else None, {place for match in found for place in match.places}

    def spoken(self, folded: Sequence[str]) -> set[int]:
        """The places of fillers."""
        return self._fillers.places(folded)
