"""Phrases, and where they stand in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from knowledge.text import fold, tokens

T = TypeVar("T")
Phrase = tuple[str, ...]
#: How many words "*" in a phrase may stand for.
GAP = 6


class Match(NamedTuple, Generic[T]):
    """A phrase found: the places of its words, what it stands for, and its rank in the table."""

    places: tuple[int, ...]
    meaning: T
    rank: int


def folded_words(text: str) -> Phrase:
    return tuple(tokens(fold(text)))


class Phrases(Generic[T]):
    """Finds phrases, each with what it stands for, in words that are read like them: by default folded. "*" in a phrase
    stands for up to GAP words. Of equal phrases the first counts."""

    def __init__(self, phrases: Iterable[tuple[T, str]], read: Callable[[str], Sequence[str]] = folded_words) -> None:
        self._plain: dict[Phrase, tuple[T, int]] = {}
        self._gapped: dict[str, list[tuple[tuple[Phrase, ...], T, int]]] = {}
        sizes: dict[str, set[int]] = {}
        for rank, (meaning, phrase) in enumerate(phrases):
            parts = tuple(tuple(read(part)) for part in phrase.split("*"))
            first = parts[0][0]
            if len(parts) == 1:
                self._plain.setdefault(parts[0], (meaning, rank))
                sizes.setdefault(first, set()).add(len(parts[0]))
            else:
                self._gapped.setdefault(first, []).append((parts, meaning, rank))
        for listed in self._gapped.values():
            listed.sort(key=lambda each: -_size(each[0]))
        self._sizes = {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}
        self._first = frozenset((*self._sizes, *self._gapped))

    def __contains__(self, words: Phrase) -> bool:
        return words in self._plain

    def may_stand_in(self, words: Sequence[str]) -> bool:
        """Whether the first word of a phrase is among ``words``."""
        return not self._first.isdisjoint(words)

    def found(self, words: Sequence[str]) -> Iterator[Match[T]]:
        """The longest phrase at each place. Phrases without a gap do not overlap."""
        if not self.may_stand_in(words):
            return
        words, start = tuple(words), 0
        while start < len(words):
            match = self.at(words, start) if words[start] in self._first else None
            if match:
                yield match
            start += _run(match.places) if match else 1

    def places(self, words: Sequence[str]) -> set[int]:
        """The places of the words of all phrases found."""
        if not self.may_stand_in(words):
            return set()
        return {place for match in self.found(words) for place in match.places}

    def at(self, words: Phrase, start: int) -> Match[T] | None:
        """The longest phrase that begins at ``start``."""
        found: Match[T] | None = None
        for size in self._sizes.get(words[start], ()):
            told = self._plain.get(words[start : start + size])
            if told and start + size <= len(words):
                found = Match(tuple(range(start, start + size)), *told)
                break
        for parts, meaning, rank in self._gapped.get(words[start], ()):
            if found and _size(parts) <= len(found.places):
                break
            if places := _places_of(words, start, parts):
                return Match(places, meaning, rank)
        return found

    def meanings(self, words: Phrase) -> Iterator[T]:
        """What every phrase in ``words`` stands for, also of those within others."""
        for start, word in enumerate(words):
            if word not in self._first:
                continue
            for size in self._sizes.get(word, ()):
                if told := self._plain.get(words[start : start + size]):
                    yield told[0]
            for parts, meaning, _ in self._gapped.get(word, ()):
                if _places_of(words, start, parts):
                    yield meaning


def _size(parts: Sequence[Phrase]) -> int:
    return sum(map(len, parts))


def _run(places: Sequence[int]) -> int:
    """How many of ``places`` follow one another from the first."""
    if places[-1] - places[0] == len(places) - 1:
        return len(places)
    return next(n for n, place in enumerate(places) if place != places[0] + n)


def _places_of(words: Phrase, start: int, parts: Sequence[Phrase]) -> tuple[int, ...]:
    """The places of the words of a phrase's ``parts``, the first at ``start``, or nothing."""
    end = start + len(parts[0])
    if words[start:end] != parts[0]:
        return ()
    found = tuple(range(start, end))
    for part in parts[1:]:
        reach = range(end, end + GAP + 1)
        at = next((place for place in reach if words[place : place + len(part)] == part), None)
        if at is None:
            return ()
        end = at + len(part)
        found += tuple(range(at, end))
    return found
