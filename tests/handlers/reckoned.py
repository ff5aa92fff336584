"""The figures of the plan reckoned apart from the project's arithmetic: from the files, with decimals, by counting."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from knowledge.load import content_root


@dataclass(frozen=True)
class Row:
    """A row of Appendix III; ``target`` is None where the rate reached is to be kept."""

    unit: str
    number: str
    name: str
    title: str
    parent: str
    total: int
    online: int
    target: Decimal | None

    @property
    def level(self) -> str:
        return {"I": "department", "II": "district", "III": "commune"}[self.number.partition(".")[0]]

    @property
    def rate(self) -> Decimal:
        with localcontext(prec=40):
            return Decimal(100 * self.online) / self.total

    @property
    def gap(self) -> Decimal:
        """Points above the target, below it when negative; of what is kept there is none."""
        return self.rate - self.target if self.target is not None else Decimal(0)

    @property
    def needed(self) -> tuple[int, int]:
        """(dossiers to be moved, new online dossiers) to reach the target, counted up one by one."""
        assert self.target is not None
        moved = next(n for n in range(self.total + 1) if 100 * (self.online + n) >= self.target * self.total)
        new = next(n for n in range(200_000) if 100 * (self.online + n) >= self.target * (self.total + n))
        return moved, new

    @property
    def of(self) -> str:
        return f"{percent(self.rate)}% ({dotted(self.online)}/{dotted(self.total)} hồ sơ)"

    @property
    def judged(self) -> str:
        return "✅ đạt" if self.gap >= 0 else f"❌ còn thiếu {percent(-self.gap)} điểm phần trăm"

    def line(self, name: str) -> str:
        """As a line of a list shows it under ``name``."""
        shown = self.target if self.target is not None else self.rate
        return f"{name}: {self.of}; chỉ tiêu {percent(shown)}%, {self.judged}"


def percent(value: Decimal) -> str:
    """As the project's contract writes percentages and points."""
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if rounded == 0 and value != 0:
        rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{rounded:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def dotted(number: int) -> str:
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", str(number))


def summed(rows: Sequence[Row]) -> str:
    """All of ``rows`` together, as they are shown."""
    total, online = sum(row.total for row in rows), sum(row.online for row in rows)
    return f"{percent(Decimal(100 * online) / total)}% ({dotted(online)}/{dotted(total)} hồ sơ)"


def _files(folder: str, pattern: str) -> Iterable[dict[str, str]]:
    for path in sorted((content_root() / folder).glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _rows() -> list[Row]:
    units = {unit["id"]: unit for unit in _files("units", "units-*.csv")}
    found = []
    for row in _files("plan", "appendix-3.csv"):
        unit = units[row["unit"]]
        parent = units[unit["parent"]]
        printed = row["printed_target"]
        found.append(
            Row(
                unit=row["unit"],
                number=row["row"],
                name=unit["name"],
                title=unit["name"] + ("" if parent["kind"] == "province" else f", {parent['name']}"),
                parent=unit["parent"],
                total=int(row["total"]),
                online=int(row["online"]),
                target=Decimal(printed.removesuffix("%")) if printed.endswith("%") else None,
            )
        )
    return found


ROWS = _rows()
BY_UNIT = {row.unit: row for row in ROWS}
DISTRICTS = [row for row in ROWS if row.level == "district"]
#: Kinds of unit as they are folded in an action, and how the names of such units begin.
KINDS = {
    "xa": "Xã ",
    "phuong": "Phường ",
    "thi-tran": "Thị trấn ",
    "huyen": "Huyện ",
    "thi-xa": "Thị xã ",
    "thanh-pho": "Thành phố ",
}


def scope(level: str, within: str) -> list[Row]:
    """The rows of a level or kind ("": all) below the unit ``within`` ("": anywhere), in the order of the plan."""
    return [
        row
        for row in ROWS
        if (not level or (row.name.startswith(KINDS[level]) if level in KINDS else row.level == level))
        and (not within or row.parent == within)
    ]
