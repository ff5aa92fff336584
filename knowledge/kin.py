"""Near-identical procedures: what sets one apart from the one that is usually meant."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.model import Knowledge
from knowledge.phrases import Phrases
from knowledge.text import fold, sound, tokens


class Kin:
    """Knows for each procedure whether it is the usual one of a subject, or stands beside the usual one.

    A procedure stands beside the one that it is a ``variant_of`` or the ``same_as``, or beside the usual one of the
    longest subject in its name or label.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._subjects = Phrases([(code, subject) for subject, code in knowledge.usual.items()], _sounds)
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

    def common(self, code: str) -> str | None:
        """The common case that ``code`` is a rare variant of, or the same procedure at its lowest level."""
        spoken = self._knowledge.spoken.get(code)
        return (spoken and spoken.variant_of) or self._levels.get(code)

    def _beside(self, code: str) -> str | None:
        common = self.common(code)
        if common or code in self._usual:
            return common
        return self._usual_of(tuple(map(sound, self._named(code))))

    def _usual_of(self, words: tuple[str, ...]) -> str | None:
        """The usual procedure of the longest subject in ``words``."""
        found = (self._subjects.at(words, start) for start in range(len(words)))
        longest = min(filter(None, found), key=lambda match: (-len(match.places), match.rank), default=None)
        return longest.meaning if longest else None

    def _named(self, code: str) -> list[str]:
        label = self._knowledge.spoken[code].label if code in self._knowledge.spoken else ""
        return tokens(f"{self._knowledge.procedures[code].name} {label}")


def _sounds(text: str) -> tuple[str, ...]:
    return tuple(map(sound, tokens(text)))


def _by_code(usual: Mapping[str, str]) -> dict[str, tuple[frozenset[str], ...]]:
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for subject, code in usual.items():
        found[code] = (*found.get(code, ()), frozenset(map(fold, tokens(subject))))
    return found
