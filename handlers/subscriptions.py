"""What officers have sent to them without asking: settings, and the notices that wait to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

#: When a notice that is nobody's wish of an hour may arrive.
MORNING = time(7)
EVENING = time(21)
MONDAY = 0
FIRST_HOUR = 8
#: In percentage points.
DROP = 5
DROPS = (2, 5, 10)
HOURS = (6, 7, 8, 9, 10, 14, 16, 18)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one private chat gets. ``address`` is its conversation ("telegram:42"). ``digest_at``: when the next weekly
    digest is due, None without; ``weekday`` 0 is Monday, ``hour`` on the clock of Asia/Ho_Chi_Minh. ``alerts``: when a
    new report puts a unit below its target or drops it by more than ``drop`` points. ``reminders``: before
    deadlines."""

    address: str
    digest_at: datetime | None = None
    weekday: int = MONDAY
    hour: int = FIRST_HOUR
    alerts: bool = True
    drop: int = DROP
    reminders: bool = True


class NoticeKind(StrEnum):
    DIGEST = "digest"
    ALERT = "alert"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be sent to ``address`` from ``due_at`` on, once for each ``key``. ``about`` are ids: for an alert
    the units that fell, for a reminder the units or tasks whose deadline comes."""

    address: str
    kind: NoticeKind
    key: str
    due_at: datetime
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice that this process alone may send for a while. ``tries`` have failed before."""

    id: int
    notice: Notice
    tries: int


class Delivery(StrEnum):
    """What became of a message that nobody asked for. GONE: the chat does not want any, or is no more."""

    SENT = "sent"
    LATER = "later"
    GONE = "gone"


def next_digest(after: datetime, weekday: int, hour: int) -> datetime:
    """The next ``weekday`` at ``hour`` later than ``after``, in its zone."""
    day = after.replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=(weekday - after.weekday()) % 7)
    return day if day > after else day + timedelta(days=7)


def at_a_decent_hour(moment: datetime) -> datetime:
    """``moment``, or the next morning when it lies in the night."""
    if MORNING <= moment.time() < EVENING:
        return moment
    day = moment.date() + timedelta(days=moment.time() >= EVENING)
    return datetime.combine(day, MORNING, moment.tzinfo)
