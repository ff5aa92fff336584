"""Which rows of the plan's appendices a question means, and which days it names."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from knowledge.kpi_model import Indicator, PlanTask
from knowledge.rank import Worded
from knowledge.text import fold, tokens

#: The share of a question's words, by how telling they are, that a row must have.
ENOUGH = 0.6
#: Rows so near the best are asked back together.
NEAR = 0.02
MOST_ROWS = 5
_NUMBER = re.compile(r"(?<![\w.])([ivx]+\.\d+)(?![\w.])")
_DAY = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_MONTH = re.compile(r"thang\s*(\d{1,2})(?:\s*(?:/|-|nam)\s*(\d{4}))?(?!\d)")
_QUARTER = re.compile(r"quy\s*(\d|i{1,3}|iv)(?:\s*(?:/|-|nam)\s*(\d{4}))?(?!\w)")
_YEAR = re.compile(r"nam\s*(20\d{2})")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
FIRST_YEAR, FIRST_MONTH = 2023, 10

Row = Indicator | PlanTask
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Known:
    row: Row
    terms: frozenset[str]
    most: int


class RowFinder:
    """Finds rows of one appendix by their numbers and by words of their names."""

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._by_number = {fold(row.row): row.id for row in reversed(list(rows.values()))}
        self._known = [_Known(row, *_terms_of(row)) for row in rows.values()]
        self._alone = {fold(name) for row in rows.values() for name in row.said if len(tokens(name)) == 1}
        self._count = Counter(term for known in self._known for term in known.terms)

    def numbered(self, text: str) -> str:
        """The id of the row whose number stands in ``text``, or ""."""
        found = _NUMBER.search(fold(text))
        return self._by_number.get(found[1], "") if found else ""

    def find(self, words: Sequence[str], enough: float = ENOUGH) -> tuple[str, ...]:
        """The ids of the rows that ``words`` (folded) name, the best first; several when they are equally meant, and
        none when too little of what is said is in any row. Where a row and one below it are meant, it is the row."""
        if not words:
            return ()
        asked = Worded.of(tuple(_terms(words)), self._weight)
        scored = [(asked.share(known.terms), known) for known in self._known]
        best = max((score for score, _ in scored), default=0.0)
        if best < enough or (len(words) < 2 and words[0] not in self._alone):  # noqa: PLR2004 most words have two
            return ()
        near = sorted(
            ((score, known) for score, known in scored if score >= best - NEAR),
            key=lambda pair: (-pair[0], pair[1].most),
        )
        rows = [known.row for _, known in near]
        mains = {row.row for row in rows if _is_main(row)}
        rows = [row for row in rows if _is_main(row) or row.row not in mains]
        return tuple(row.id for row in rows) if len(rows) <= MOST_ROWS else ()

    def _weight(self, term: str) -> float:
        if " " in term and term not in self._count:
            return 0.0
        return math.log((len(self._known) + 1) / (self._count[term] + 0.5))


def _is_main(row: Row) -> bool:
    return row.id.partition(":")[2] == row.row


def _terms_of(row: Row) -> tuple[frozenset[str], int]:
    phrases = [[fold(token) for token in tokens(text)] for text in (row.name, *row.said)]
    terms = frozenset(term for words in phrases for term in _terms(words))
    return terms, len(terms)


def _terms(words: Sequence[str]) -> Iterator[str]:
    """The words and the pairs of neighbours: most Vietnamese words are of two syllables."""
    yield from words
    yield from (f"{first} {then}" for first, then in pairwise(words))


def days(text: str, before: Iterable[str]) -> Days | None:
    """The first and last day of the time that ``text`` names, from the beginning when one of ``before`` ("by", "until")
    stands in it. A month without a year is one of the plan's first twelve."""
    folded = fold(text)
    until = any(re.search(rf"\b{re.escape(fold(word))}\b", folded) for word in before)
    for read in (_day, _month, _quarter, _year):
        found = read(folded)
        if found:
            return (date.min, found[1]) if until else found
    return None


def _day(folded: str) -> Days | None:
    found = _DAY.search(folded)
    if not found:
        return None
    try:
        return date.min, date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _month(folded: str) -> Days | None:
    found = _MONTH.search(folded)
    if not found or not 1 <= int(found[1]) <= 12:  # noqa: PLR2004 months of a year
        return None
    month = int(found[1])
    year = int(found[2]) if found[2] else FIRST_YEAR + (month < FIRST_MONTH)
    return _months(year, month, 1)


def _quarter(folded: str) -> Days | None:
    found = _QUARTER.search(folded)
    number = _ROMAN.get(found[1]) or int(found[1]) if found else 0
    if not found or not 1 <= number <= 4:  # noqa: PLR2004 quarters of a year
        return None
    month = 3 * number - 2
    return _months(int(found[2]) if found[2] else FIRST_YEAR + (month < FIRST_MONTH), month, 3)


def _year(folded: str) -> Days | None:
    found = _YEAR.search(folded)
    return _months(int(found[1]), 1, 12) if found else None


def _months(year: int, month: int, count: int) -> Days | None:
    """The first and last day of ``count`` months from ``month`` on, none of them in the next year."""
    after = date(year + 1, 1, 1) if month + count > 12 else date(year, month + count, 1)  # noqa: PLR2004
    return date(year, month, 1), after - timedelta(days=1)
