"""Units by what people type, letter by letter but without regard to diacritics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.kpi_model import Unit
from knowledge.text import fold, tokens


def units_named(text: str, units: Mapping[str, Unit]) -> Sequence[Unit]:
    """The units that are called ``text``, else those whose title has all its words; the shortest titles first."""
    if text.strip() in units:
        return (units[text.strip()],)
    words = _words(text)
    if not words:
        return ()
    exact = [unit for unit in units.values() if words in map(_words, (unit.name, unit.title, *unit.aliases))]
    found = exact or [unit for unit in units.values() if set(words) <= set(_words(unit.title))]
    return sorted(found, key=lambda unit: (len(unit.title), unit.id))


def _words(text: str) -> list[str]:
    return [fold(word) for word in tokens(text)]
