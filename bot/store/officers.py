"""Officers and their codes. Persons and codes are stored as hashes: the database alone names and admits nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.audit import note
from bot.store.tables import code_tries, invitations, officer_links, officers
from handlers.codes import new_code
from handlers.officers import (
    CONSOLE,
    LINK_CODE_LASTS,
    LINK_LASTS,
    LOCK_LASTS,
    MOST_TRIES,
    Invitation,
    Officer,
    Reason,
    Refusal,
    Role,
)

#: Codes are told apart as wrong, used and expired for so long after they have expired.
KEEP_CODES = timedelta(days=30)
_MAX_ID_DIGITS = 9

_ADMINS = select(officers.c.id).where(officers.c.role == Role.ADMIN)


class StoredOfficers:
    """Implements ``handlers.ports.Officers``. Nothing is cached, so that a revocation counts at once everywhere."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def of(self, person: str) -> Officer | None:
        async with self._engine.connect() as connection:
            return await self._of(connection, key_of(person))

    async def invite(self, role: Role, unit: str | None, *, by: str, lasts: timedelta) -> tuple[str, Invitation]:
        Officer("", role, unit)  # a role and its unit belong together
        async with self._engine.begin() as connection:
            maker = None if by == CONSOLE else await self._of(connection, key_of(by))
            if maker is None and by != CONSOLE:
                raise LookupError("an invitation must be made by an officer")
            values = {"role": role, "unit": unit, "officer": maker and int(maker.id)}
            code, row = await self._add_code(connection, lasts, values)
            detail = f"{_detail(role, unit)} expires={row.expires_at.isoformat()}"
            await self._note(connection, by, "invite", f"invitation:{row.id}", detail)
        return code, _invitation(row)

    async def redeem(self, code: str, person: str) -> Officer | Refusal:
        if refusal := await self._try(person):
            return refusal
        own = select(officers.c.id).where(officers.c.person == key_of(person))
        maker = invitations.c.officer
        admitted = or_(maker.is_(None), maker.in_(_ADMINS) & maker.not_in(own))
        async with self._engine.begin() as connection:
            row = await self._claim(connection, code, invitations.c.role.is_not(None) & admitted)
            if row is None:
                return await self._why_not(connection, code, invitations.c.role.is_not(None), own)
            officer = await self._join(connection, row, person)
            await self._forgive(connection, person)
            detail = f"{_detail(officer.role, officer.unit)} invitation={row.id}"
            await self._note(connection, person, "redeem", f"officer:{officer.id}", detail)
        return officer

    async def link_code(self, person: str) -> str | None:
        async with self._engine.begin() as connection:
            officer = await self._of(connection, key_of(person))
            if officer is None:
                return None
            code, _ = await self._add_code(connection, LINK_CODE_LASTS, {"officer": int(officer.id)})
            await self._note(connection, person, "link-code", f"officer:{officer.id}")
        return code

    async def link(self, code: str, conversation: str, *, person: str) -> Officer | Refusal:
        if refusal := await self._try(person):
            return refusal
        key, now = key_of(conversation), self._now()
        async with self._engine.begin() as connection:
            row = await self._claim(connection, code, invitations.c.role.is_(None))
            if row is None:
                return await self._why_not(connection, code, invitations.c.role.is_(None))
            link = self._insert(officer_links).values(person=key, officer=row.officer, made_at=now)
            await connection.execute(
                link.on_conflict_do_update(
                    index_elements=[officer_links.c.person], set_={"officer": row.officer, "made_at": now}
                )
            )
            await self._forgive(connection, person)
            await self._note(connection, conversation, "link", f"officer:{row.officer}")
            officer = await self._of(connection, key)
        return officer or Refusal(Reason.WRONG)

    async def unlink(self, officer_id: str, *, by: str) -> int:
        async with self._engine.begin() as connection:
            ended = await connection.execute(
                delete(officer_links).where(officer_links.c.officer == _number(officer_id))
            )
            await connection.execute(
                delete(invitations).where(
                    invitations.c.officer == _number(officer_id),
                    invitations.c.role.is_(None),
                    invitations.c.used_at.is_(None),
                )
            )
            await self._note(connection, by, "unlink", f"officer:{officer_id}", f"links={ended.rowcount}")
        return ended.rowcount

    async def officers(self) -> list[Officer]:
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(officers).order_by(officers.c.id))
            return [_officer(row) for row in rows]

    async def invitations(self) -> list[Invitation]:
        query = select(invitations).where(
            invitations.c.role.is_not(None),
            invitations.c.used_at.is_(None),
            invitations.c.expires_at > self._now(),
            or_(invitations.c.officer.is_(None), invitations.c.officer.in_(_ADMINS)),
        )
        async with self._engine.connect() as connection:
            return [_invitation(row) for row in await connection.execute(query.order_by(invitations.c.id))]

    async def revoke(self, entry_id: str, *, by: str) -> Officer | Invitation | None:
        if entry_id.startswith("i"):
            return await self._withdraw(_number(entry_id.removeprefix("i")), by)
        async with self._engine.begin() as connection:
            gone = delete(officers).where(officers.c.id == _number(entry_id)).returning(officers)
            row = (await connection.execute(gone)).one_or_none()
            if row is None:
                return None
            await self._note(connection, by, "revoke", f"officer:{row.id}", _detail(row.role, row.unit))
        return _officer(row)

    async def _withdraw(self, number: int, by: str) -> Invitation | None:
        async with self._engine.begin() as connection:
            gone = (
                delete(invitations)
                .where(invitations.c.id == number, invitations.c.role.is_not(None), invitations.c.used_at.is_(None))
                .returning(invitations)
            )
            row = (await connection.execute(gone)).one_or_none()
            if row is None:
                return None
            await self._note(connection, by, "withdraw", f"invitation:{row.id}", _detail(row.role, row.unit))
        return _invitation(row)

    async def _of(self, connection: AsyncConnection, key: str) -> Officer | None:
        linked = select(officer_links.c.officer).where(
            officer_links.c.person == key, officer_links.c.made_at > self._now() - LINK_LASTS
        )
        query = select(officers).where(or_(officers.c.person == key, officers.c.id.in_(linked))).limit(1)
        row = (await connection.execute(query)).one_or_none()
        return None if row is None else _officer(row)

    async def _try(self, person: str) -> Refusal | None:
        """Count one more code typed by ``person``; a refusal when that is one too many. Committed at once, so that
        many tries side by side are counted like tries one after the other."""
        key, now = key_of(person), self._now()
        one = self._insert(code_tries).values(person=key, tries=1, since=now)
        counted = one.on_conflict_do_update(
            index_elements=[code_tries.c.person], set_={"tries": code_tries.c.tries + 1}
        ).returning(code_tries)
        async with self._engine.begin() as connection:
            over = code_tries.c.since <= now - LOCK_LASTS
            await connection.execute(delete(code_tries).where(code_tries.c.person == key, over))
            row = (await connection.execute(counted)).one()
            if row.tries == MOST_TRIES + 1:
                await self._note(connection, person, "lock", "codes")
        if row.tries <= MOST_TRIES:
            return None
        return Refusal(Reason.LOCKED, (row.since + LOCK_LASTS - now).total_seconds())

    async def _forgive(self, connection: AsyncConnection, person: str) -> None:
        await connection.execute(delete(code_tries).where(code_tries.c.person == key_of(person)))

    async def _add_code(
        self, connection: AsyncConnection, lasts: timedelta, values: dict[str, Any]
    ) -> tuple[str, Row[Any]]:
        code, now = new_code(), self._now()
        await connection.execute(delete(invitations).where(invitations.c.expires_at < now - KEEP_CODES))
        await connection.execute(delete(code_tries).where(code_tries.c.since <= now - LOCK_LASTS))
        values = {**values, "code": hash_of(code), "expires_at": now + lasts}
        added = await connection.execute(insert(invitations).values(values).returning(invitations))
        return code, added.one()

    async def _claim(self, connection: AsyncConnection, code: str, kind: ColumnElement[bool]) -> Row[Any] | None:
        """Mark the code as used and return its row, in one statement: of two claims at once one finds nothing."""
        now = self._now()
        claim = (
            update(invitations)
            .where(
                invitations.c.code == hash_of(code),
                invitations.c.used_at.is_(None),
                invitations.c.expires_at > now,
                kind,
            )
            .values(used_at=now)
            .returning(invitations)
        )
        return (await connection.execute(claim)).one_or_none()

    async def _why_not(
        self, connection: AsyncConnection, code: str, kind: ColumnElement[bool], own: Any = None
    ) -> Refusal:
        query = select(invitations).where(invitations.c.code == hash_of(code), kind)
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            return Refusal(Reason.WRONG)
        if row.used_at is not None:
            return Refusal(Reason.USED)
        if row.expires_at <= self._now():
            return Refusal(Reason.EXPIRED)
        is_own = own is not None and row.officer == await connection.scalar(own)
        return Refusal(Reason.OWN if is_own and row.officer is not None else Reason.WRONG)

    async def _join(self, connection: AsyncConnection, invited: Row[Any], person: str) -> Officer:
        rights = {"role": invited.role, "unit": invited.unit, "since": self._now()}
        one = self._insert(officers).values(person=key_of(person), **rights)
        joined = one.on_conflict_do_update(index_elements=[officers.c.person], set_=rights).returning(officers)
        return _officer((await connection.execute(joined)).one())

    async def _note(self, connection: AsyncConnection, by: str, action: str, what: str, detail: str = "") -> None:
        actor = by if by == CONSOLE else key_of(by)
        await note(connection, self._now(), actor, action, what, detail)


def key_of(person: str) -> str:
    """Other than the same id's hash in other tables, so that these cannot be joined."""
    return hashlib.blake2b(person.encode(), digest_size=16, person=b"officer").hexdigest()


def hash_of(code: str) -> str:
    return hashlib.blake2b(code.encode(), digest_size=32, person=b"code").hexdigest()


def _number(entry_id: str) -> int:
    """The row's id; 0, which no row has, for anything that is none."""
    is_id = entry_id.isascii() and entry_id.isdigit() and len(entry_id) <= _MAX_ID_DIGITS
    return int(entry_id) if is_id else 0


def _officer(row: Row[Any]) -> Officer:
    return Officer(str(row.id), Role(row.role), row.unit, row.since)


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(f"i{row.id}", Role(row.role), row.unit, row.expires_at)


def _detail(role: str, unit: str | None) -> str:
    return f"role={role} unit={unit}" if unit else f"role={role}"
