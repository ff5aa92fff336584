"""Spreadsheets that people send, of every kind that is taken or refused."""

import json
import struct
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import PasswordError

import bot.sheets
from bot import sheet_process
from bot.sheets import Limits, read_sheet
from knowledge.intake_model import Cell, Refusal, Sheet, SheetError

HEADING = ("TT", "Tên đơn vị", "Tổng số hồ sơ", "HS trực tuyến", "Tỷ lệ")
ROW = (1, "Sở Y tế", 1221, 524, 0.429)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def book(*sheets: Sequence[Sequence[Any]], hidden: Sequence[int] = ()) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        share = workbook.add_format({"num_format": "0.0%"})
        for place, rows in enumerate(sheets):
            sheet = workbook.add_worksheet()
            if place in hidden:
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    style = day if isinstance(cell, date) else share if isinstance(cell, float) else None
                    sheet.write(row, column, cell, style)
        if 0 in hidden:
            workbook.worksheets()[1].activate()
            workbook.worksheets()[1].set_first_sheet()
    return made.getvalue()


def package(**parts: bytes) -> bytes:
    """A workbook with ``parts`` put in or put in place; "__" stands for "/", "_X_" for "."."""
    made = BytesIO()
    more = {name.replace("__", "/").replace("_X_", "."): data for name, data in parts.items()}
    with zipfile.ZipFile(BytesIO(book([HEADING, ROW]))) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in more:
                new.writestr(name, old.read(name))
        for name, data in more.items():
            new.writestr(name, data)
    return made.getvalue()


def archive(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        for name in names:
            new.writestr(name, "x")
    return made.getvalue()


def refused(data: bytes, filename: str = "so-lieu.xlsx", limits: Limits | None = None) -> Refusal:
    with pytest.raises(SheetError) as caught:
        read_sheet(data, filename, limits)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


def text(*rows: Sequence[Cell], separator: str = ",", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(separator.join(map(str, row)) for row in rows).encode(encoding)


def test_a_workbook() -> None:
    assert read_sheet(book([HEADING, ROW]), "a.xlsx") == Sheet((HEADING, ROW))


def test_the_name_does_not_matter() -> None:
    assert read_sheet(book([HEADING, ROW]), "a.csv").rows == (HEADING, ROW)
    assert read_sheet(text(HEADING), "a.xlsx").rows == (HEADING,)


def test_rows_keep_their_numbers() -> None:
    sheet = read_sheet(book([(), (), HEADING, (), ROW]), "a.xlsx")
    assert sheet.first == 1
    assert sheet.rows[2] == HEADING
    assert sheet.rows[4] == ROW
    assert read_sheet(text((), HEADING, (), ROW), "a.csv").rows == ((), HEADING, (), tuple(map(str, ROW)))


def test_what_cells_hold() -> None:
    cells = (
        HEADING[1],
        2.5,
        3.0,
        "012",
        True,
        date(2023, 8, 23),
        datetime(2023, 8, 23, 7, 30),  # noqa: DTZ001 a cell knows no zone
        "=1+2",
        "Tổng HS",
    )
    (row,) = read_sheet(book([cells]), "a.xlsx").rows
    assert row == (HEADING[1], 2.5, 3, "012", "True", "2023-08-23", "2023-08-23 07:30:00", 0, "Tổng HS")
    assert isinstance(row[2], int)


def test_of_several_sheets_the_first_with_the_columns() -> None:
    data = book([("Ghi chú chung",)], [], [HEADING, ROW], [HEADING])
    assert read_sheet(data, "a.xlsx").rows == (HEADING, ROW)


def test_without_the_columns_the_first_that_is_filled() -> None:
    assert read_sheet(book([], [("Kính gửi", "Sở Y tế")]), "a.xlsx").rows == (("Kính gửi", "Sở Y tế"),)


def test_what_is_hidden_is_not_read() -> None:
    other = (1, "Sở Y tế", 9, 9, 1)
    assert read_sheet(book([HEADING, other], [HEADING, ROW], hidden=[0]), "a.xlsx").rows == (HEADING, ROW)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_texts(separator: str, encoding: str) -> None:
    row = ("1", "Sở Y tế", "1.221", "524", "42.9%")
    assert read_sheet(text(HEADING, row, separator=separator, encoding=encoding), "a.csv").rows == (HEADING, row)


def test_a_text_in_the_old_code_page() -> None:
    """Windows-1258 has most tones as letters of their own, after the vowel."""
    data = "Tên đơn vi\u0323;Tô\u0309ng số hô\u0300 sơ;HS trực tuyến\r\nSơ\u0309 Y tế;1;1"
    decomposed = data.replace("ố", "ô\u0301").replace("ự", "ư\u0323").replace("ế", "ê\u0301")
    rows = read_sheet(decomposed.encode("windows-1258"), "a.csv").rows
    assert rows == (("Tên đơn vị", "Tổng số hồ sơ", "HS trực tuyến"), ("Sở Y tế", "1", "1"))


def test_decimal_commas_beside_semicolons() -> None:
    rows = (HEADING, ("1", "Sở Y tế, Quảng Ninh", "1.221", "524", "42,9%"))
    assert read_sheet(text(*rows, separator=";"), "a.csv").rows == rows


def test_quoted_cells() -> None:
    data = text(HEADING) + '\n1,"Sở ""Y"" tế, tỉnh\nQuảng Ninh","1,221",524,"42,9%"\n2,Sở,1,1,1'.encode()
    sheet = read_sheet(data, "a.csv")
    assert sheet.rows[1] == ("1", 'Sở "Y" tế, tỉnh\nQuảng Ninh', "1,221", "524", "42,9%")
    assert sheet.rows[2][1] == "Sở", "rows are counted as the spreadsheet shows them"


def test_excels_own_line_names_the_separator() -> None:
    assert read_sheet(b"sep=;\r\n" + text(HEADING, separator=";"), "a.csv").rows == (HEADING,)


def test_many_columns_are_cut_off() -> None:
    limits = Limits(width=5)
    assert read_sheet(book([(*HEADING, *"abc")]), "a.xlsx", limits).rows == (HEADING,)
    assert read_sheet(text((*HEADING, *"abc")), "a.csv", limits).rows == (HEADING,)


def test_too_big() -> None:
    data = book([HEADING, ROW])
    assert refused(data, limits=Limits(size=len(data) - 1)) is Refusal.TOO_BIG
    assert read_sheet(data, "a.xlsx", Limits(size=len(data))).rows
    assert refused(b"x" * (5 * 1024 * 1024 + 1)) is Refusal.TOO_BIG


@pytest.mark.parametrize("make", [book, lambda rows: text(*rows)])
def test_too_many_rows(make: Callable[[Sequence[Sequence[Cell]]], bytes]) -> None:
    limits = Limits(rows=3)
    assert len(read_sheet(make([HEADING, ROW, ROW]), "a", limits).rows) == 3
    assert refused(make([HEADING, ROW, ROW, ROW]), limits=limits) is Refusal.TOO_MANY_ROWS


def test_a_long_sheet_beside_the_wanted_one_does_not_matter() -> None:
    data = book([ROW] * 9, [HEADING, ROW])
    assert read_sheet(data, "a.xlsx", Limits(rows=3)).rows == (HEADING, ROW)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"<html><table><tr><td>1,2</td></tr></table></html>",
        b"\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00,\x00",
        b"{\\rtf1, hello}",
        b'{"a": 1, "b": 2}',
        b"Just a letter\nwithout any table",
        b"\xff\xfe\x00",
        bytes(range(256)),
        b"\xd2\xd2,\x00\x01",
        archive("word/document.xml", "[Content_Types].xml"),
        archive("photo.jpg"),
    ],
)
def test_not_a_spreadsheet(data: bytes) -> None:
    assert refused(data) is Refusal.NOT_A_SPREADSHEET


@pytest.mark.parametrize(
    "data",
    [
        OLE + b"\0" * 500 + "Workbook".encode("utf-16-le"),
        archive("mimetype", "content.xml"),
        archive("xl/workbook.bin", "[Content_Types].xml"),
    ],
)
def test_other_formats(data: bytes) -> None:
    assert refused(data) is Refusal.OTHER_FORMAT


@pytest.mark.parametrize("data", [b"", b" \r\n ", b"\xef\xbb\xbf", book([]), book([("", "")], [])])
def test_empty(data: bytes) -> None:
    assert refused(data) is Refusal.EMPTY


def test_only_separators() -> None:
    assert refused(b";;;\r\n;;;\r\n") is Refusal.EMPTY


def test_encrypted() -> None:
    assert refused(OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500) is Refusal.ENCRYPTED


def test_an_encrypted_archive() -> None:
    data = bytearray(package())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        data[place + offset] |= 1
    assert refused(bytes(data)) is Refusal.ENCRYPTED


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (package(xl__vbaProject_X_bin=b"x"), "a.xlsx"),
        (package(xl__other__VBAPROJECT_X_BIN=b"x"), "a.xlsx"),
        (package(xl__macrosheets__sheet1_X_xml=b"x"), "a.xlsx"),
        (package(**{"[Content_Types]_X_xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"}), "a.xlsx"),
        (book([HEADING, ROW]), "a.XLSM"),
    ],
)
def test_macros(data: bytes, filename: str) -> None:
    assert refused(data, filename) is Refusal.MACROS


def broken_books() -> list[bytes]:
    whole = book([HEADING, ROW])
    middle = bytearray(whole)
    place = whole.find(b"PK\x03\x04", 100) + 60
    middle[place : place + 40] = b"\xff" * 40
    return [
        b"PK\x03\x04",
        whole[: len(whole) // 2],
        whole[:-10],
        bytes(middle),
        package(xl__workbook_X_xml=b"<workbook"),
        package(xl__workbook_X_xml=b""),
        package(xl__worksheets__sheet1_X_xml=b"<worksheet><sheetData><row><c"),
        archive("xl/workbook.xml", "[Content_Types].xml"),
        text(HEADING) + b'\n1,"never closed',
        text(HEADING) + b"\n" + b"x" * 200_000,
    ]


@pytest.mark.parametrize("data", broken_books())
def test_broken(data: bytes) -> None:
    assert refused(data) is Refusal.BROKEN


SMALL = Limits(unpacked=40_000, ratio=1000, harmless=20_000)


def test_a_bomb_that_says_what_it_is() -> None:
    assert refused(package(xl__media__a_X_xml=b"0" * 50_000), limits=SMALL) is Refusal.BOMB
    assert read_sheet(package(xl__media__a_X_xml=b"0" * 10_000), "a.xlsx", SMALL).rows == (HEADING, ROW)


def test_a_bomb_that_lies() -> None:
    """The size that is declared is small, in both places where it stands."""
    data = bytearray(package(xl__media__a_X_xml=b"0" * 50_000))
    for place in places(bytes(data), struct.pack("<I", 50_000)):
        data[place : place + 4] = struct.pack("<I", 10)
    assert refused(bytes(data), limits=SMALL) is Refusal.BOMB


def places(data: bytes, wanted: bytes) -> list[int]:
    return [place for place in range(len(data)) if data.startswith(wanted, place)]


def test_a_small_file_that_swells_is_a_bomb() -> None:
    data = package(xl__media__a_X_xml=b"0" * 30_000)
    assert read_sheet(data, "a.xlsx", Limits(ratio=10, harmless=100_000)).rows == (HEADING, ROW)
    assert refused(data, limits=Limits(ratio=3, harmless=100)) is Refusal.BOMB


def test_an_archive_of_very_many_parts_is_a_bomb() -> None:
    assert refused(package(**{f"a{number}": b"" for number in range(20)}), limits=Limits(parts=20)) is Refusal.BOMB


def test_two_cells_in_far_corners_end_only_the_reading_process() -> None:
    """The parser would ask for 512 GB and abort."""
    rows = [HEADING, *[()] * 18_000, ("",) * 16_383 + ("x",)]
    limits = Limits(memory=256 * 1024 * 1024)
    assert refused(book(rows), limits=limits) is Refusal.BROKEN


def test_a_reading_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "hang.py"
    program.write_text("while True: pass", encoding="utf-8")
    monkeypatch.setattr(bot.sheets, "_PROGRAM", str(program))
    assert refused(book([HEADING]), limits=Limits(seconds=0)) is Refusal.BROKEN


@pytest.mark.parametrize("said", ["", "no JSON", '{"error": "encrypted"}'])
def test_what_the_reading_process_may_say(said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "say.py"
    program.write_text(f"print({said!r})", encoding="utf-8")
    monkeypatch.setattr(bot.sheets, "_PROGRAM", str(program))
    assert refused(book([HEADING])) is (Refusal.ENCRYPTED if "error" in said else Refusal.BROKEN)


def test_the_reading_process_gets_nothing_of_the_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nonexistent")
    monkeypatch.setenv("PYTHONSTARTUP", "/nonexistent")
    assert sys.executable
    assert read_sheet(book([HEADING]), "a.xlsx").rows == (HEADING,)


def said_by_the_process(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the reading process would say, found out in this one; without its limits, which would stay."""
    said = BytesIO()
    monkeypatch.setattr(sheet_process, "_limit", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["sheet_process", "0", "0", "10", "5"])
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=BytesIO(data)))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=said))
    sheet_process.main()
    return json.loads(said.getvalue())


def test_the_reading_process_says_what_it_read(monkeypatch: pytest.MonkeyPatch) -> None:
    found = said_by_the_process(book([HEADING, ("é" * 2000,)], [], [ROW] * 11), monkeypatch)
    assert found == {"sheets": [[[*HEADING], ["é" * sheet_process.LONGEST_TEXT, "", "", "", ""]], [], None]}


def test_the_reading_process_says_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_process, "LARGEST_OUTPUT", 50)
    with pytest.raises(SystemExit) as caught:
        said_by_the_process(book([HEADING]), monkeypatch)
    assert caught.value.code == 1


def test_the_reading_process_tells_of_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise PasswordError("locked")

    monkeypatch.setattr(sheet_process, "_sheets", locked)
    assert said_by_the_process(b"", monkeypatch) == {"error": "encrypted"}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    if data.startswith(b"PK"):
        return  # these take a process each
    try:
        sheet = read_sheet(data, "a.csv")
    except SheetError:
        return
    assert any(any(row) for row in sheet.rows)
