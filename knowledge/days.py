"""The day that figures count up to, as people write it: beside a file, above a table, in its name, as an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.headers import Headers, headers
from knowledge.intake_model import Cell
from knowledge.text import clean, fold

CENTURY = 2000
LONGEST = 2000
ONE_DAY = timedelta(days=1)

_BREAK = "\n"
_DAY = re.compile(
    r"(?<!\d)(?P<y1>20\d\d)[/.\-](?P<m1>\d{1,2})[/.\-](?P<d1>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<d2>\d{1,2})\s?[/.\-]\s?(?P<m2>\d{1,2})\s?[/.\-]\s?(?P<y2>20\d\d|\d\d)(?![\d])"
    r"|(?<!\d)(?P<d3>\d{1,2})\s*thang\s*(?P<m3>\d{1,2})\s*(?:,?\s*nam|/|-)?\s*(?P<y3>20\d\d)(?!\d)"
)
_IN_A_NAME = re.compile(
    r"(?<!\d)(?P<y1>20\d\d)(?P<m1>\d\d)(?P<d1>\d\d)(?!\d)|(?<!\d)(?P<d2>\d\d)(?P<m2>\d\d)(?P<y2>20\d\d)(?!\d)"
)
_WITHOUT_YEAR = re.compile(r"(?<![\d/.\-])(\d{1,2})\s?(?:[/.\-]|thang)\s?(\d{1,2})(?![\d/.\-]*\d)")
_MONTH = re.compile(r"(?:thang|\bt)\s*(\d{1,2})\s*(?:/|-|\.|nam)?\s*(20\d\d)(?!\d)")
#: Before a day: the number of a document, whose day it is ("123/BC-UBND ngay").
_DOCUMENT = re.compile(r"\d+\s*/\s*(?:20\d\d\s*/\s*)?[a-z]")


@dataclass(frozen=True, slots=True)
class _Found:
    """A day, and what is said before it, back to the day before."""

    day: date
    before: str


def typed_day(text: str, today: date, words: Headers | None = None) -> date | None:
    """The day that an answer such as "30/9", "30.9.26" or "today" means; without a year the last such day."""
    known = (words or headers()).days
    said = " ".join(fold(clean(text[:LONGEST])).split()).strip(" .!")
    if said in known["today"]:
        return today
    if said in known["yesterday"]:
        return today - ONE_DAY
    if said in known["month_end"]:
        return last_month_end(today)
    found = {each.day for each in _days(said, _DAY)}
    if not found:
        found = set(_lately(said, today))
    return found.pop() if len(found) == 1 else None


def is_day_like(text: str, words: Headers | None = None) -> bool:
    """Whether ``text`` is meant as a day, be it a possible one or not."""
    known = (words or headers()).days
    said = " ".join(fold(clean(text[:LONGEST])).split()).strip(" .!")
    if said in (*known["today"], *known["yesterday"], *known["month_end"]):
        return True
    return bool(_WITHOUT_YEAR.search(said) or re.search(r"\d[/.\-]\d{1,2}[/.\-]\d", said) or _DAY.search(said))


def as_of_in(text: str, today: date | None = None, words: Headers | None = None) -> date | None:
    """The one day that ``text`` says the figures count up to. A day of the targets and that of a document are none.
    With ``today`` the year may be missing after "up to"."""
    known = (words or headers()).days
    found = [each for each in _days(_folded(text), _DAY) if not _says(each.before, known["target"])]
    until = {each.day for each in found if _ends(each.before, known["until"])}
    others = {each.day for each in found if not _DOCUMENT.search(each.before)}
    days = until or others
    if not days and today is not None:
        days = _until_lately(_folded(text), known, today)
    return days.pop() if len(days) == 1 else None


def due_in(text: str, words: Headers | None = None) -> date | None:
    """The one day that ``text`` says the targets are due."""
    known = (words or headers()).days
    days = {each.day for each in _days(_folded(text), _DAY) if _says(each.before, known["target"])}
    return days.pop() if len(days) == 1 else None


def as_of_name(filename: str) -> date | None:
    """The one day in the name of a file."""
    name = fold(filename).replace("_", "-").replace(" ", "-")
    days = {each.day for each in _days(name, _DAY)} or {each.day for each in _days(name, _IN_A_NAME)}
    return days.pop() if len(days) == 1 else None


def month_ends(text: str) -> tuple[date, ...]:
    """The last days of the months that ``text`` names, in its order."""
    found = (_made(int(year), int(month), 1) for month, year in _MONTH.findall(_folded(text)))
    return tuple(dict.fromkeys(month_end(first) for first in found if first is not None))


def above_table(rows: Sequence[Sequence[Cell]], words: Headers | None = None) -> str:
    """What stands above a table of figures and in its heading, a line for each cell."""
    header = (words or headers()).find(rows)
    last = header.last if header else 0
    return _BREAK.join(str(cell) for row in rows[: last + 1] for cell in row if cell != "")[:LONGEST]


def source_in(caption: str, words: Headers | None = None) -> str:
    """Where a caption says that the figures come from, "" when it does not."""
    known = (words or headers()).days["source"]
    text = clean(caption[:LONGEST])
    for mark in known:
        start = fold(text).find(mark)
        if start >= 0:
            return re.split(r"[;\n]", text[start + len(mark) :], maxsplit=1)[0].strip(" .")
    return ""


def last_month_end(today: date) -> date:
    return today.replace(day=1) - ONE_DAY


def month_end(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - ONE_DAY


def _folded(text: str) -> str:
    return fold(_BREAK.join(" ".join(line.split()) for line in text[:LONGEST].splitlines()))


def _days(text: str, pattern: re.Pattern[str]) -> Iterator[_Found]:
    """The days in ``text``, which is folded; what is none (31/2) is passed over."""
    start = 0
    for match in pattern.finditer(text):
        parts = {name[0]: int(part) for name, part in match.groupdict().items() if part}
        day = _made(parts["y"], parts["m"], parts["d"])
        if day is not None:
            yield _Found(day, text[start : match.start()].rpartition(_BREAK)[2])
            start = match.end()


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year if year >= CENTURY else CENTURY + year, month, day)
    except ValueError:
        return None


def _lately(text: str, today: date) -> Iterator[date]:
    """The last day, up to today, of each day and month in ``text``."""
    for day, month in _WITHOUT_YEAR.findall(text):
        this_year = _made(today.year, int(month), int(day))
        found = this_year if this_year and this_year <= today else _made(today.year - 1, int(month), int(day))
        if found is not None:
            yield found


def _until_lately(text: str, known: dict[str, tuple[str, ...]], today: date) -> set[date]:
    starts = [match.end() for word in known["until"] for match in re.finditer(rf"\b{re.escape(word)}\b", text)]
    heads = (text[start : start + len(" ngay 30 thang 09")] for start in starts)
    return {day for head in heads for day in _lately(head, today)}


def _says(text: str, phrases: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(phrase)}\b", text) for phrase in phrases)


def _ends(text: str, phrases: Sequence[str]) -> bool:
    """Whether ``text`` ends with one of ``phrases``, a word such as "day" between allowed."""
    return any(re.search(rf"\b{re.escape(phrase)}(?:\W+\w+){{0,2}}\W*$", text) for phrase in phrases)
