"""What is given out: every number of the table and its summary is the one of an independent reckoning, and what is
written can be brought in again."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from bot.sheets import read_sheet
from bot.sheets_write import write_csv, write_report
from handlers.board import Board
from handlers.export import ONE_PAGE, Export, export_of
from handlers.kpi_view import KpiView
from knowledge.intake import Occasion, read
from knowledge.kpi_model import Figure, Report
from knowledge.load import content_root
from knowledge.model import Knowledge

TODAY = date(2026, 11, 23)
with (Path(str(content_root())) / "plan" / "appendix-3.csv").open(encoding="utf-8", newline="") as file:
    ROWS = {row["unit"]: row for row in csv.DictReader(file)}


def exported(knowledge: Knowledge, unit: str, *reports: Report) -> Export:
    board = Board([knowledge.plan.report, *reports])
    view = KpiView(knowledge.plan, board, lambda _: True, TODAY)
    found = export_of(view, knowledge.plan.units, knowledge.plan.units.by_id[f"unit:{unit}"])
    assert found is not None
    return found


@pytest.fixture(scope="module")
def whole(knowledge: Knowledge) -> Export:
    return exported(knowledge, "tinh-quang-ninh")


def test_every_unit_has_its_line(whole: Export, knowledge: Knowledge) -> None:
    caption, lines = whole.table()
    assert caption.as_of == date(2023, 8, 23)
    assert caption.source.startswith("Kế hoạch 269/KH-UBND")
    titles = {knowledge.plan.units.title(unit): row for unit, row in ROWS.items()}
    assert [line.name for line in lines] == [line.name for line in lines if line.name in titles]
    assert len(lines) == 208
    for line in lines:
        row = titles[line.name]
        total, online, printed = int(row["total"]), int(row["online"]), row["printed_target"]
        rate = Decimal(100 * online) / total
        assert (line.total, line.online, line.rate) == (total, online, rate)
        assert line.keep is not printed.endswith("%")
        if not line.keep:
            target = Decimal(printed.removesuffix("%"))
            assert line.target == target
            assert line.missing == pytest.approx(max(Decimal(0), target - rate))


def test_the_summary_of_the_province_is_one_page_of_sums(whole: Export) -> None:
    page = whole.summary()
    total, online = (sum(int(row[name]) for row in ROWS.values()) for name in ("total", "online"))
    shown = (Decimal(100 * online) / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert page.headlines[0].value == f"{shown}%".replace(".", ",")
    assert [headline.value for headline in page.headlines] == ["87,2%", "58,9%", "90,9%", "94,9%"]
    assert len(page.rows) == 31
    assert "không gồm cấp xã" in page.footer
    gaps = [row.gap for row in page.rows if row.gap is not None]
    assert gaps == sorted(gaps)


def test_the_summary_of_a_unit_begins_with_itself(knowledge: Knowledge) -> None:
    page = exported(knowledge, "huyen-dam-ha").summary()
    assert [headline.value for headline in page.headlines] == ["72,5%", "90%", "528", "8/9"]
    assert [row.bar.label for row in page.rows][:3] == ["Huyện Đầm Hà", "Xã Quảng Lâm", "Xã Quảng An"]
    assert "23/08/2023" in page.footer
    assert "không gồm" not in page.footer


def test_a_unit_without_dossiers_has_no_headlines(knowledge: Knowledge) -> None:
    unit = "unit:xa-quang-an-huyen-dam-ha"
    later = Report("r", date(2026, 11, 1), "Báo cáo", True, {unit: Figure(unit, 0, 0)}, {})
    found = exported(knowledge, "xa-quang-an-huyen-dam-ha", later)
    assert found.summary().headlines == ()
    [line] = found.table()[1]
    assert (line.rate, line.missing) == (None, None)


def test_no_page_has_more_rows_than_it_holds(whole: Export) -> None:
    many = replace(whole, unit=replace(whole.unit, id="unit:x", kind=whole.rows[0].unit.kind))
    page = many.summary()
    assert len(page.rows) == ONE_PAGE
    assert f"có {ONE_PAGE} đơn vị thiếu nhiều nhất trong 208" in page.footer


def test_what_is_older_internal_or_read_anew_is_noted(knowledge: Knowledge) -> None:
    unit = "unit:xa-quang-an-huyen-dam-ha"
    later = Report("r", date(2026, 11, 1), "Báo cáo tháng 11", False, {unit: Figure(unit, 600, 400)}, {})
    found = exported(knowledge, "tinh-quang-ninh", later)
    notes = {line.name: line.note for line in found.table()[1]}
    assert notes["Xã Quảng An, Huyện Đầm Hà"] == "số nội bộ, chưa công bố"
    assert notes["Xã Quảng Lâm, Huyện Đầm Hà"] == "số liệu đến 23/08/2023"
    assert "nhầm hai cột" in notes["Sở Tư pháp"]
    assert found.internal == 1
    assert found.name == "so-lieu-tinh-quang-ninh-2026-11-01"
    assert found.source == "Báo cáo tháng 11; Kế hoạch 269/KH-UBND ngày 30/10/2023, Phụ lục III"
    assert "nội bộ" in found.summary().footer


def test_of_many_sources_the_newest_are_named(knowledge: Knowledge) -> None:
    communes = [unit for unit in ROWS if "huyen-dam-ha" in unit and unit != "unit:huyen-dam-ha"][:5]
    reports = [
        Report(f"r{n}", date(2026, n, 1), f"Báo cáo {n}", True, {unit: Figure(unit, 9, 9)}, {})
        for n, unit in enumerate(communes, 1)
    ]
    assert exported(knowledge, "huyen-dam-ha", *reports).source == "Báo cáo 5; Báo cáo 4; Báo cáo 3…"


@pytest.mark.parametrize("write", [write_report, write_csv])
@pytest.mark.parametrize("unit", ["tinh-quang-ninh", "huyen-dam-ha", "so-tu-phap"])
def test_what_is_given_out_can_be_brought_in_again(knowledge: Knowledge, write: object, unit: str) -> None:
    found = exported(knowledge, unit)
    ids = {row.unit.title: row.unit.id for row in found.rows}

    def find(name: str, parent: str) -> Sequence[str]:
        whole = f"{name}, {parent}" if parent else name
        return [ids[whole]] if whole in ids else []

    name = "a.csv" if write is write_csv else "a.xlsx"
    sheet = read_sheet(write(*found.table()), name)  # type: ignore[operator]
    intake = read(sheet, find, Occasion(found.as_of, date(2023, 12, 31)))
    assert intake.problems == ()
    assert intake.warnings == ()
    figures = {figure.unit: (figure.total, figure.online) for figure in intake.figures}
    assert figures == {row.unit.id: (row.standing.figure.total, row.standing.figure.online) for row in found.rows}
    targets = {target.unit: (target.percent, target.keep) for target in intake.targets}
    for row in found.rows:
        assert row.standing.target is not None
        percent, keep = targets[row.unit.id]
        assert keep is row.standing.target.keep
        assert percent == pytest.approx(row.standing.target.percent, abs=Decimal("0.0001"))
