"""Imported reports. A report that was rolled back stays in the tables and counts nowhere; ``standing`` are the others.

Of two figures of one unit and day the one imported later counts. What waits for its confirmation is kept under the hash
of a token that only the person who sent it is given.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.audit import note
from bot.store.conversations import key_of
from bot.store.tables import figures, imports, reports, targets
from handlers.officers import CONSOLE
from handlers.reports import Confirmed, Draft, Outcome, Staged, StoredReport
from knowledge.intake_model import DatedFigure
from knowledge.kpi_model import Figure, Report, Target

#: How long a preview can be confirmed.
LASTS = timedelta(minutes=30)
_PREFIX = "report:"
_MAX_ID_DIGITS = 9

_DRAFT = TypeAdapter(Draft)
_STANDING = reports.c.rolled_back_at.is_(None)


class StoredReports:
    """Implements ``handlers.ports.Reports``."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def stage(self, draft: Draft, *, by: str) -> Staged:
        token, expires_at = secrets.token_urlsafe(12), self._now() + LASTS
        values = {
            "token": key_of(token),
            "staged_by": key_of(by),
            "draft": _DRAFT.dump_python(draft, mode="json"),
            "expires_at": expires_at,
            "used": False,
        }
        async with self._engine.begin() as connection:
            await connection.execute(delete(imports).where(imports.c.expires_at <= self._now()))
            await connection.execute(insert(imports).values(values))
            same = await self._holder(connection, draft) is not None
            await note(connection, self._now(), _actor(by), "stage", f"draft:{draft.digest}", _detail(draft))
        return Staged(token, expires_at, same)

    async def staged(self, token: str, *, by: str) -> Draft | None:
        waiting = (imports.c.token == key_of(token)) & (imports.c.staged_by == key_of(by)) & imports.c.used.is_(False)
        query = select(imports.c.draft).where(waiting, imports.c.expires_at > self._now())
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _DRAFT.validate_python(row.draft)

    async def confirm(self, token: str, *, by: str) -> Confirmed:
        mine = (imports.c.token == key_of(token)) & (imports.c.staged_by == key_of(by))
        async with self._engine.begin() as connection:
            await self._alone(connection)
            claim = update(imports).where(mine, imports.c.used.is_(False), imports.c.expires_at > self._now())
            row = (await connection.execute(claim.values(used=True).returning(imports.c.draft))).one_or_none()
            if row is None:
                used = select(imports.c.report).where(mine, imports.c.used.is_(True))
                done = (await connection.execute(used)).one_or_none()
                return Confirmed(Outcome.GONE) if done is None else Confirmed(Outcome.SAME, _id(done.report))
            draft = _DRAFT.validate_python(row.draft)
            holder = await self._holder(connection, draft)
            number = await self._add(connection, draft, key_of(by)) if holder is None else holder
            await connection.execute(update(imports).where(mine).values(report=number or None))
            if holder is None:
                await note(
                    connection, self._now(), _actor(by), "import", _id(number), f"{_detail(draft)} draft={draft.digest}"
                )
        return Confirmed(Outcome.STORED if holder is None else Outcome.SAME, _id(number))

    async def discard(self, token: str, *, by: str) -> None:
        mine = (imports.c.token == key_of(token)) & (imports.c.staged_by == key_of(by))
        async with self._engine.begin() as connection:
            gone = delete(imports).where(mine, imports.c.used.is_(False)).returning(imports.c.draft)
            row = (await connection.execute(gone)).one_or_none()
            if row is not None:
                draft = _DRAFT.validate_python(row.draft)
                await note(connection, self._now(), _actor(by), "discard", f"draft:{draft.digest}", _detail(draft))

    async def last(self) -> StoredReport | None:
        return next(iter(await self.reports(1)), None)

    def is_by(self, report: StoredReport, by: str) -> bool:
        return report.imported_by == key_of(by)

    async def roll_back(self, report: str, *, by: str) -> bool:
        newest = select(func.max(reports.c.id)).where(_STANDING).scalar_subquery()
        back = update(reports).where(reports.c.id == _number(report), reports.c.id == newest, _STANDING)
        async with self._engine.begin() as connection:
            await self._alone(connection)
            done = await connection.execute(back.values(rolled_back_at=self._now()))
            if done.rowcount:
                await note(connection, self._now(), _actor(by), "roll-back", report)
        return done.rowcount == 1

    async def reports(self, most: int) -> list[StoredReport]:
        query = select(reports).where(_STANDING).order_by(reports.c.id.desc()).limit(most)
        async with self._engine.connect() as connection:
            return [_stored(row) for row in await connection.execute(query)]

    async def report(self, report: str) -> Report | None:
        return next(iter(await self._whole(reports.c.id == _number(report))), None)

    async def standing(self) -> list[Report]:
        return await self._whole(true())

    async def stamp(self) -> str:
        query = select(func.max(reports.c.id), func.count(reports.c.rolled_back_at))
        async with self._engine.connect() as connection:
            newest, rolled_back = (await connection.execute(query)).one()
        return f"{newest or 0}-{rolled_back}"

    async def _whole(self, which: ColumnElement[bool]) -> list[Report]:
        """The reports that stand, with figures and targets, by import."""
        chosen = select(reports).where(which, _STANDING)
        of_these = select(chosen.subquery().c.id)
        async with self._engine.connect() as connection:
            heads = (await connection.execute(chosen.order_by(reports.c.id))).all()
            counted = await connection.execute(_by_unit(select(figures).where(figures.c.report.in_(of_these))))
            by_report: dict[int, dict[str, Figure]] = defaultdict(dict)
            for row in counted:
                by_report[row.report][row.unit] = _figure(row)
            wanted = await connection.execute(_by_unit(select(targets).where(targets.c.report.in_(of_these))))
            aims: dict[int, dict[str, Target]] = defaultdict(dict)
            for row in wanted:
                aims[row.report][row.unit] = _target(row)
        return [
            Report(_id(head.id), head.as_of, head.source, head.published, by_report[head.id], aims[head.id])
            for head in heads
        ]

    async def latest(self, day: date, *, internal: bool) -> Mapping[str, DatedFigure]:
        newest = func.row_number().over(
            partition_by=figures.c.unit, order_by=(reports.c.as_of.desc(), reports.c.id.desc())
        )
        query = _first(_figures_with_reports(newest).where(reports.c.as_of <= day, _seen(internal)), "unit")
        async with self._engine.connect() as connection:
            return {row.unit: _dated(row) for row in await connection.execute(query)}

    async def history(self, unit: str, *, internal: bool) -> tuple[DatedFigure, ...]:
        newest = func.row_number().over(partition_by=reports.c.as_of, order_by=reports.c.id.desc())
        query = _first(_figures_with_reports(newest).where(figures.c.unit == unit, _seen(internal)), "as_of")
        async with self._engine.connect() as connection:
            return tuple(_dated(row) for row in await connection.execute(query))

    async def targets(self, *, internal: bool) -> tuple[Target, ...]:
        newest = func.row_number().over(
            partition_by=(targets.c.unit, targets.c.due), order_by=(reports.c.as_of.desc(), reports.c.id.desc())
        )
        query = select(targets, newest.label("place")).join(reports, reports.c.id == targets.c.report)
        async with self._engine.connect() as connection:
            rows = await connection.execute(_first(query.where(_seen(internal)), "unit", "due"))
            return tuple(map(_target, rows))

    async def _alone(self, connection: AsyncConnection) -> None:
        """Until the end of the transaction nobody else imports or rolls back. SQLite has one writer at a time anyway,
        and what follows begins with a write."""
        if connection.dialect.name == "postgresql":
            await connection.execute(text("LOCK TABLE reports IN SHARE ROW EXCLUSIVE MODE"))

    async def _add(self, connection: AsyncConnection, draft: Draft, by: str) -> int:
        values = {
            "as_of": draft.as_of,
            "source": draft.source,
            "published": draft.published,
            "imported_by": by,
            "imported_at": self._now(),
            "digest": draft.digest,
        }
        number: int = (await connection.execute(insert(reports).values(values).returning(reports.c.id))).scalar_one()
        rows = [
            {"report": number, "unit": one.unit, "total": one.total, "online": one.online, "row": one.row}
            | {"note": one.note}
            for one in draft.figures
        ]
        if rows:
            await connection.execute(insert(figures), rows)
        wanted = [
            {"report": number, "unit": one.unit, "percent": str(one.percent), "due": one.due, "keep": one.keep}
            | {"source": one.source}
            for one in draft.targets
        ]
        if wanted:
            await connection.execute(insert(targets), wanted)
        return number

    async def _holder(self, connection: AsyncConnection, draft: Draft) -> int | None:
        """The report that says all of ``draft`` for its day, 0 when it takes several; None when storing it would change
        something."""
        there = (reports.c.as_of == draft.as_of) & _seen(not draft.published)
        query = select(figures).join(reports, reports.c.id == figures.c.report).where(there).order_by(reports.c.id)
        counted = {row.unit: row for row in await connection.execute(query)}
        query = select(targets).join(reports, reports.c.id == targets.c.report).where(there).order_by(reports.c.id)
        wanted = {(row.unit, row.due): row for row in await connection.execute(query)}
        found = [_same_figure(counted.get(one.unit), one) for one in draft.figures]
        found += [_same_target(wanted.get((one.unit, one.due)), one) for one in draft.targets]
        if None in found:
            return None
        holders = {number for number in found if number is not None}
        return holders.pop() if len(holders) == 1 else 0


def _actor(by: str) -> str:
    """An officer's id names nobody; anything else but the console is not kept as it is."""
    return by if by == CONSOLE or by.startswith("officer:") else key_of(by)


def _detail(draft: Draft) -> str:
    counts = f"figures={len(draft.figures)} targets={len(draft.targets)}"
    return f"as_of={draft.as_of} published={'yes' if draft.published else 'no'} {counts}"


def _same_figure(row: Row[Any] | None, figure: Figure) -> int | None:
    same = row is not None and (row.total, row.online, row.note) == (figure.total, figure.online, figure.note)
    return row.report if same and row is not None else None


def _same_target(row: Row[Any] | None, target: Target) -> int | None:
    same = row is not None and (Decimal(row.percent), row.keep) == (target.percent, target.keep)
    return row.report if same and row is not None else None


def _seen(internal: bool) -> ColumnElement[bool]:
    return _STANDING if internal else _STANDING & reports.c.published.is_(True)


def _figures_with_reports(place: ColumnElement[int]) -> Select[Any]:
    about = (reports.c.as_of, reports.c.source, reports.c.published)
    return select(figures, *about, place.label("place")).join(reports, reports.c.id == figures.c.report)


def _first(query: Select[Any], *order: str) -> Select[Any]:
    """Of ``query`` the rows whose ``place`` is the first."""
    placed = query.subquery()
    return select(placed).where(placed.c.place == 1).order_by(*(placed.c[name] for name in order))


def _by_unit(query: Select[Any]) -> Select[Any]:
    return query.order_by("unit")


def _figure(row: Row[Any]) -> Figure:
    return Figure(row.unit, row.total, row.online, row.row, row.note)


def _dated(row: Row[Any]) -> DatedFigure:
    return DatedFigure(_figure(row), row.as_of, _id(row.report), row.source, row.published)


def _target(row: Row[Any]) -> Target:
    return Target(row.unit, Decimal(row.percent), row.due, row.keep, row.source)


def _stored(row: Row[Any]) -> StoredReport:
    return StoredReport(_id(row.id), row.as_of, row.source, row.published, row.imported_by, row.imported_at, row.digest)


def _id(number: int | None) -> str:
    return f"{_PREFIX}{number}" if number else ""


def _number(report: str) -> int:
    """The number in an id that was given out; 0, which no report has, for any other text."""
    digits = report.removeprefix(_PREFIX)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _MAX_ID_DIGITS else 0
