"""Near-identical procedures: what sets one apart from the one that is usually meant."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.model import Knowledge
from knowledge.text import fold, sound, tokens


class Kin:
    """Knows for each procedure whether it is the usual one of a subject, or stands beside the usual one.

    A procedure stands beside the one that it is a ``variant_of`` or the ``same_as``, or beside the usual one of the
    longest subject in its name or label.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._subjects = {tuple(map(sound, tokens(subject))): code for subject, code in knowledge.usual.items()}
        self._lengths = sorted({len(subject) for subject in self._subjects}, reverse=True)
        self._usual = _by_code(knowledge.usual)
        self._levels = {code: spoken.code for spoken in knowledge.spoken.values() for code in spoken.same_as}

    def subjects(self, code: str) -> tuple[frozenset[str], ...]:
        """The folded words of the subjects that ``code`` is the usual procedure of."""
        return self._usual.get(code, ())

    def apart(self, code: str) -> frozenset[str] | None:
        """The folded words of the name and label that the usual procedure's do not have; None when it stands alone."""
        usual = self._beside(code)
        return (
            None
            if usual is None
            else frozenset(map(fold, self._named(code))) - frozenset(map(fold, self._named(usual)))
        )

    def _beside(self, code: str) -> str | None:
        spoken = self._knowledge.spoken.get(code)
        if spoken and spoken.variant_of:
            return spoken.variant_of
        if code in self._levels:
            return self._levels[code]
        return None if code in self._usual else self._usual_of(tuple(map(sound, self._named(code))))

    def _usual_of(self, words: tuple[str, ...]) -> str | None:
        """The usual procedure of the longest subject in ``words``."""
        for length in self._lengths:
            found = {words[start : start + length] for start in range(len(words) - length + 1)}
            if found := found & self._subjects.keys():
                return next(code for subject, code in self._subjects.items() if subject in found)
        return None

    def _named(self, code: str) -> list[str]:
        label = self._knowledge.spoken[code].label if code in self._knowledge.spoken else ""
        return tokens(f"{self._knowledge.procedures[code].name} {label}")


def _by_code(usual: Mapping[str, str]) -> dict[str, tuple[frozenset[str], ...]]:
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for subject, code in usual.items():
        found[code] = (*found.get(code, ()), frozenset(map(fold, tokens(subject))))
    return found
