"""Spreadsheets that are given out: what they look like, and that they can be read again."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from bot.sheets import read_sheet
from bot.sheets_write import Scribe, write_csv, write_report, write_template
from handlers.tables import Caption, Line
from knowledge.headers import headers
from knowledge.intake import Occasion, read
from knowledge.intake_model import Cell, Code, Intake, Sheet
from knowledge.kpi_model import Figure, Target

AS_OF, DUE = date(2023, 8, 23), date(2023, 12, 31)
CAPTION = Caption("Tỷ lệ hồ sơ trực tuyến của các sở", "Kế hoạch 269/KH-UBND, Phụ lục III", AS_OF)
HEALTH = Line("Sở Y tế", 1970, 1952, Decimal(195200) / 1970, Decimal(99), keep=True, missing=Decimal(0))
FINANCE = Line("Sở Tài chính", 1221, 524, Decimal(52400) / 1221, Decimal(85), missing=Decimal("42.1"), note="Mới")
NOTHING = Line("Xã Bắc Sơn, Huyện Đầm Hà", target=Decimal("92.5"))
NO_TARGET = Line("Sở Du lịch", 0, 0)
LINES = [HEALTH, FINANCE, NOTHING, NO_TARGET]
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "{=1+1}", "http://example.vn", "\t=1"]


def table(data: bytes) -> Sheet:
    return read_sheet(data, "bao-cao.xlsx")


def taken(data: bytes) -> Intake:
    """What is understood; a unit's id is its name."""
    return read(table(data), lambda name, _: [name], Occasion(AS_OF, DUE))


def part(data: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return package.read(name).decode()


def row_of(data: bytes, name: str) -> tuple[Cell, ...]:
    return next(row for row in table(data).rows if row[1:2] == (name,))


def test_a_report() -> None:
    rows = table(write_report(CAPTION, LINES)).rows
    assert [row[0] for row in rows[:3]] == [
        "Tỷ lệ hồ sơ trực tuyến của các sở",
        "Số liệu đến ngày 23/08/2023",
        "Nguồn: Kế hoạch 269/KH-UBND, Phụ lục III",
    ]
    assert rows[4] == (
        "TT",
        "Tên đơn vị",
        "Tổng số hồ sơ",
        "Tổng số hồ sơ trực tuyến",
        "Tỷ lệ",
        "Chỉ tiêu",
        "Còn thiếu (điểm)",
        "Ghi chú",
    )
    assert rows[5:] == (
        (1, "Sở Y tế", 1970, 1952, pytest.approx(1952 / 1970), "Duy trì kết quả đạt được (99%)", 0, "✓ Đạt"),
        (2, "Sở Tài chính", 1221, 524, pytest.approx(524 / 1221), 0.85, 42.1, "▼ Chưa đạt; Mới"),
        (3, "Xã Bắc Sơn, Huyện Đầm Hà", "", "", "", 0.925, "", "Chưa có số liệu"),
        (4, "Sở Du lịch", 0, 0, "", "", "", ""),
    )


def test_what_is_exported_can_be_imported() -> None:
    found = taken(write_report(CAPTION, LINES))
    assert found.problems == ()
    assert found.warnings == ()
    assert [replace(figure, row="") for figure in found.figures] == [
        Figure("Sở Y tế", 1970, 1952),
        Figure("Sở Tài chính", 1221, 524),
        Figure("Sở Du lịch", 0, 0),
    ]
    assert found.targets == (
        Target("Sở Y tế", Decimal(99), DUE, keep=True),
        Target("Sở Tài chính", Decimal(85), DUE),
        Target("Xã Bắc Sơn, Huyện Đầm Hà", Decimal("92.5"), DUE),
    )


def test_many_rows_of_all_numbers_come_back() -> None:
    lines = [
        Line(
            f"Xã {total}",
            total,
            total * 7 // 11,
            Decimal(100 * (total * 7 // 11)) / total,
            Decimal(total % 1000 + 1) / 10,
            keep=total % 3 == 0,
        )
        for total in range(1, 300_000, 997)
    ]
    found = taken(write_report(CAPTION, lines))
    assert (found.problems, found.warnings) == ((), ())
    assert [(figure.total, figure.online) for figure in found.figures] == [(line.total, line.online) for line in lines]
    assert [(target.percent, target.keep) for target in found.targets] == [(line.target, line.keep) for line in lines]


@pytest.mark.parametrize("name", DANGEROUS)
def test_nothing_is_a_formula(name: str) -> None:
    data = write_report(Caption(name, name, AS_OF), [Line(name, 1, 1, note=name)])
    sheet = part(data)
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert table(data).rows[-1][1] == name.strip()
    assert name.strip() in str(table(data).rows[-1][7])


def test_strange_letters_do_no_harm() -> None:
    name = "A\x00\ud800<b>&\ufffe" + "x" * 40_000
    assert str(table(write_report(CAPTION, [Line(name, 1, 1)])).rows[5][1]).startswith("A <b>&xx")


def test_below_is_told_by_words_as_well_as_colour() -> None:
    data = write_report(CAPTION, LINES)
    assert 'type="expression"' in part(data)
    assert "AND(ISNUMBER($G6),$G6&gt;0)" in part(data)
    marked = [row[7] for row in table(data).rows[5:] if isinstance(row[6], float | int) and row[6] > 0]
    assert marked == ["▼ Chưa đạt; Mới"]


@pytest.mark.parametrize("lines", [LINES, []])
def test_how_it_is_printed(lines: Sequence[Line]) -> None:
    sheet = part(write_report(CAPTION, lines))
    assert re.search(r'<pageSetup paperSize="9"[^>]*fitToHeight="0" orientation="landscape"', sheet)
    assert re.search(r'<pane xSplit="2" ySplit="5"[^>]*state="frozen"', sheet)
    assert "'Số liệu'!$5:$5" in part(write_report(CAPTION, lines), "xl/workbook.xml")
    assert "Trang &amp;P/&amp;N" in sheet


def test_number_formats() -> None:
    styles = part(write_report(CAPTION, LINES), "xl/styles.xml")
    assert 'formatCode="0.0%"' in styles
    assert 'formatCode="#,##0"' in styles, "thousands apart, as the reader's country writes them"


def test_a_template_to_fill_in() -> None:
    data = write_template(Caption("Số liệu tháng 9"), [HEALTH, FINANCE])
    rows = table(data).rows
    assert [row[0] for row in rows[:2]] == ["Số liệu tháng 9", headers().written["hint"]]
    assert rows[4:] == (
        (1, "Sở Y tế", "", "", "", "Duy trì kết quả đạt được (99%)", "", ""),
        (2, "Sở Tài chính", "", "", "", 0.85, "", "Mới"),
    )
    sheet = part(data)
    assert '<f>IF(AND(ISNUMBER(C5),ISNUMBER(D5),N(C5)&gt;0),D5/C5,"")</f>' in sheet
    assert sheet.count("<dataValidation ") == 2
    assert "<formula2>C5</formula2>" in sheet


def test_a_template_left_blank_is_told_unit_by_unit() -> None:
    found = taken(write_template(Caption("Số liệu"), [HEALTH, FINANCE]))
    assert [(problem.row, problem.code) for problem in found.problems] == [
        (5, Code.MISSING),
        (5, Code.MISSING),
        (6, Code.MISSING),
        (6, Code.MISSING),
    ]


def test_a_template_without_units_has_its_heading() -> None:
    assert taken(write_template(Caption("Số liệu"), [])).problems[0].code is Code.NO_ROWS


def test_a_unit_without_data_is_never_nought() -> None:
    assert row_of(write_report(CAPTION, LINES), NOTHING.name)[2:5] == ("", "", "")


def test_a_table_as_text() -> None:
    lines = write_csv(CAPTION, [*LINES, Line("=1+1", note="+1")]).decode("utf-8-sig").split("\r\n")
    assert lines[:3] == [
        "Tỷ lệ hồ sơ trực tuyến của các sở",
        "Số liệu đến ngày 23/08/2023",
        "Nguồn: Kế hoạch 269/KH-UBND, Phụ lục III",
    ]
    assert lines[3].startswith("TT;Tên đơn vị;Tổng số hồ sơ;Tổng số hồ sơ trực tuyến;Tỷ lệ;Chỉ tiêu")
    assert lines[4:8] == [
        "1;Sở Y tế;1970;1952;99,0863%;Duy trì kết quả đạt được (99%);0;✓ Đạt",
        '2;Sở Tài chính;1221;524;42,9156%;85%;42,1;"▼ Chưa đạt; Mới"',
        "3;Xã Bắc Sơn, Huyện Đầm Hà;;;;92,5%;;Chưa có số liệu",
        "4;Sở Du lịch;0;0;;;;",
    ]
    assert lines[8].startswith("5;'=1+1;"), "no formula"


def test_a_text_can_be_imported_too() -> None:
    found = read(read_sheet(write_csv(CAPTION, LINES), "a.csv"), lambda name, _: [name], Occasion(AS_OF, DUE))
    assert (found.problems, found.warnings) == ((), ())
    assert found.figures == replace_rows(found.figures, taken(write_report(CAPTION, LINES)).figures)
    assert found.targets == taken(write_report(CAPTION, LINES)).targets


def replace_rows(like: Sequence[Figure], figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """``figures`` with the numbers of the rows of ``like``."""
    return tuple(replace(figure, row=other.row) for figure, other in zip(figures, like, strict=True))


async def test_writing_waits_off_the_loop() -> None:
    assert taken(await Scribe().report(CAPTION, LINES)).figures == taken(write_report(CAPTION, LINES)).figures


async def test_a_blank_table_is_written_off_the_loop() -> None:
    lines = (Line("Xã A", target=Decimal(90)), Line("Xã B", target=Decimal("99.5"), keep=True), Line("=Xã C"))
    rows = read_sheet(await Scribe().template(Caption("Mẫu"), lines), "m.xlsx").rows
    assert rows[0][0] == "Mẫu"
    assert [(row[1], row[5]) for row in rows[-3:]] == [
        ("Xã A", 0.9),
        ("Xã B", "Duy trì kết quả đạt được (99,5%)"),
        ("=Xã C", ""),
    ]
