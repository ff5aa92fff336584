"""What stands in spreadsheets that are given out, as frozen values. Who writes them: ``bot.sheets_write``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One unit's row. ``total`` and ``online`` None: no data. ``rate`` and ``target`` in percent; ``missing`` in
    points, how far the rate is below the target, 0 when it is reached. ``keep``: the target is to keep the rate."""

    name: str
    total: int | None = None
    online: int | None = None
    rate: Decimal | None = None
    target: Decimal | None = None
    keep: bool = False
    missing: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above the table. ``as_of`` None: a table to be filled in."""

    title: str
    source: str = ""
    as_of: date | None = None
