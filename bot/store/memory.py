"""What lasts as long as the process: for the console."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers.codes import new_code
from handlers.missed import Counted, Missed
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
from handlers.state import State


class MemoryConversations:
    """Implements ``handlers.ports.Conversations``."""

    def __init__(self) -> None:
        self._states: dict[str, State] = {}

    async def load(self, conversation: str) -> State:
        return self._states.get(conversation, State())

    async def save(self, conversation: str, state: State) -> None:
        self._states[conversation] = state


class MemoryQuestions:
    """Implements ``handlers.ports.Questions``."""

    def __init__(self) -> None:
        self._counted: dict[tuple[str, str, str], Counted] = {}

    def note(self, missed: Missed, day: date) -> None:
        key = missed.kind.value, missed.form, missed.item
        before = self._counted.get(key, Counted(missed, 0, day, day))
        self._counted[key] = Counted(missed, before.count + 1, before.first_seen, day)

    async def most_frequent(self, most: int, since: date | None = None) -> list[Counted]:
        seen = (counted for counted in self._counted.values() if since is None or counted.last_seen >= since)
        return sorted(seen, key=lambda one: (-one.count, -one.last_seen.toordinal(), one.missed.form))[:most]


@dataclass(frozen=True, slots=True)
class _Code:
    """``entry`` is what the code gives: an invitation, or the person to act for."""

    entry: Invitation | str
    maker: str
    expires: datetime
    used: bool = False


class MemoryOfficers:
    """Implements ``handlers.ports.Officers``; ``given`` tells who has rights from the start. It keeps no trail."""

    def __init__(self, now: Callable[[], datetime], given: Mapping[str, Officer] | None = None) -> None:
        self._now = now
        self._officers = dict(given or {})
        self._links: dict[str, tuple[str, datetime]] = {}
        self._codes: dict[str, _Code] = {}
        self._tries: dict[str, tuple[int, datetime]] = {}
        self._last_officer = len(self._officers)
        self._last_invitation = 0

    async def of(self, person: str) -> Officer | None:
        return self._officers.get(self._acting(person))

    async def invite(self, role: Role, unit: str | None, *, by: str, lasts: timedelta) -> tuple[str, Invitation]:
        Officer("", role, unit)
        maker = self._acting(by)
        if by != CONSOLE and maker not in self._officers:
            raise LookupError("an invitation must be made by an officer")
        self._last_invitation += 1
        invitation = Invitation(f"i{self._last_invitation}", role, unit, self._now() + lasts)
        return self._add(_Code(invitation, maker, invitation.expires)), invitation

    async def redeem(self, code: str, person: str) -> Officer | Refusal:
        found = self._take(code, person, invitation=True)
        if isinstance(found, Refusal):
            return found
        assert isinstance(found.entry, Invitation)
        if person not in self._officers:
            self._last_officer += 1
        number = self._officers[person].id if person in self._officers else str(self._last_officer)
        officer = Officer(number, found.entry.role, found.entry.unit, self._now())
        self._officers[person] = officer
        return officer

    async def link_code(self, person: str) -> str | None:
        acting = self._acting(person)
        if acting not in self._officers:
            return None
        return self._add(_Code(acting, acting, self._now() + LINK_CODE_LASTS))

    async def link(self, code: str, conversation: str, *, person: str) -> Officer | Refusal:
        found = self._take(code, person, invitation=False)
        if isinstance(found, Refusal):
            return found
        assert isinstance(found.entry, str)
        self._links[conversation] = found.entry, self._now()
        return self._officers[found.entry]

    async def unlink(self, officer_id: str, *, by: str) -> int:  # noqa: ARG002 it keeps no trail
        person = self._person(officer_id)
        ended = [link for link, (acting, _) in self._links.items() if acting == person]
        self._links = {link: acting for link, acting in self._links.items() if link not in ended}
        self._codes = {code: found for code, found in self._codes.items() if found.used or found.entry != person}
        return len(ended)

    async def officers(self) -> list[Officer]:
        return sorted(self._officers.values(), key=lambda officer: int(officer.id))

    async def invitations(self) -> list[Invitation]:
        return [
            found.entry
            for found in self._codes.values()
            if isinstance(found.entry, Invitation)
            and not found.used
            and found.expires > self._now()
            and self._may_admit(found)
        ]

    async def revoke(self, entry_id: str, *, by: str) -> Officer | Invitation | None:  # noqa: ARG002 it keeps no trail
        for code, found in self._codes.items():
            if isinstance(found.entry, Invitation) and found.entry.id == entry_id and not found.used:
                del self._codes[code]
                return found.entry
        person = self._person(entry_id)
        if person is None:
            return None
        self._links = {link: acting for link, acting in self._links.items() if acting[0] != person}
        self._codes = {code: found for code, found in self._codes.items() if found.maker != person}
        return self._officers.pop(person)

    def _acting(self, person: str) -> str:
        """The person itself, or the one it is linked to."""
        acting, since = self._links.get(person, (person, self._now()))
        return acting if since > self._now() - LINK_LASTS else person

    def _person(self, officer_id: str) -> str | None:
        return next((person for person, officer in self._officers.items() if officer.id == officer_id), None)

    def _add(self, added: _Code) -> str:
        code = new_code()
        self._codes[code] = added
        return code

    def _may_admit(self, found: _Code) -> bool:
        maker = self._officers.get(found.maker)
        return found.maker == CONSOLE or (maker is not None and maker.role is Role.ADMIN)

    def _take(self, code: str, person: str, *, invitation: bool) -> _Code | Refusal:
        if wait := self._too_many(person):
            return Refusal(Reason.LOCKED, wait)
        found = self._codes.get(code)
        if found is None or isinstance(found.entry, Invitation) != invitation:
            return Refusal(Reason.WRONG)
        if reason := self._why_not(found, person):
            return Refusal(reason)
        self._tries.pop(person, None)
        self._codes[code] = replace(found, used=True)
        return found

    def _why_not(self, found: _Code, person: str) -> Reason | None:
        if found.used:
            return Reason.USED
        if found.expires <= self._now():
            return Reason.EXPIRED
        if isinstance(found.entry, str):
            return None
        if found.maker == person:
            return Reason.OWN
        return None if self._may_admit(found) else Reason.WRONG

    def _too_many(self, person: str) -> float:
        tries, since = self._tries.get(person, (0, self._now()))
        if since <= self._now() - LOCK_LASTS:
            tries, since = 0, self._now()
        self._tries[person] = tries + 1, since
        return (since + LOCK_LASTS - self._now()).total_seconds() if tries >= MOST_TRIES else 0.0
