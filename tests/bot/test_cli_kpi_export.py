"""``dvcbot kpi export``: the files it writes, and what it refuses."""

import asyncio
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot import app
from bot.sheets import read_sheet
from bot.store.engine import opened
from bot.store.reports import StoredReports
from handlers.reports import Draft
from knowledge.kpi_model import Figure, Target
from knowledge.model import Knowledge
from tests.bot.calls import done, kept_logging, refused

UNIT = "unit:xa-quang-an-huyen-dam-ha"


@pytest.fixture(autouse=True)
def around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, knowledge: Knowledge) -> Iterator[None]:
    """The project's content, an empty folder, and logging as it was before."""
    monkeypatch.setattr(app, "read_knowledge", lambda: knowledge)
    with kept_logging(monkeypatch, tmp_path):
        yield


def imported(day: date, figure: Figure, *, published: bool = True) -> None:
    """A report of one unit in the database that the commands use."""
    draft = Draft(day, "Báo cáo thử", published, (figure,), (Target(UNIT, Decimal(95), date(2026, 12, 31)),))

    async def work() -> None:
        async with opened("sqlite+aiosqlite:///data/dvcbot.sqlite3") as engine:
            reports = StoredReports(engine, app.now)
            await reports.confirm((await reports.stage(draft, by="a")).token, by="a")

    asyncio.run(work())


def names(path: str) -> list[object]:
    return [row[1] for row in read_sheet(Path(path).read_bytes(), path).rows if len(row) > 1]


def test_the_whole_province_is_a_table() -> None:
    assert done("kpi", "export", "--output", "a.xlsx") == "a.xlsx: 208 units, as of 2023-08-23\n"
    assert len(names("a.xlsx")) >= 208


@pytest.mark.parametrize("unit", ["unit:huyen-dam-ha", "huyện Đầm Hà", "huyen dam ha"])
def test_a_unit_is_named_by_id_or_name(unit: str) -> None:
    assert done("kpi", "export", "--unit", unit, "--output", "a.csv").startswith("a.csv: 10 units")
    assert "Xã Quảng An, Huyện Đầm Hà" in names("a.csv")
    assert "Xã Quảng An, Huyện Đầm Hà" in Path("a.csv").read_text(encoding="utf-8-sig")


def test_a_page_to_print() -> None:
    done("kpi", "export", "--output", "a.PDF")
    assert Path("a.PDF").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("unit", ["huyen dam ha", "xa quang an huyen dam ha"])
def test_a_picture(unit: str) -> None:
    done("kpi", "export", "--unit", unit, "--output", "a.png")
    assert Image.open(BytesIO(Path("a.png").read_bytes())).width == 1080


def test_the_newest_figures_of_a_day() -> None:
    imported(date(2026, 10, 1), Figure(UNIT, 1000, 400))
    imported(date(2026, 11, 1), Figure(UNIT, 1000, 500), published=False)
    what = ("kpi", "export", "--unit", UNIT, "--output", "a.csv")
    assert done(*what) == "a.csv: 1 unit, 1 of them not published, as of 2026-11-01\n"
    assert "nội bộ" in Path("a.csv").read_text(encoding="utf-8-sig")
    assert done(*what, "--published") == "a.csv: 1 unit, as of 2026-10-01\n"
    assert "nội bộ" not in Path("a.csv").read_text(encoding="utf-8-sig")
    assert done(*what, "--as-of", "2026-10-31") == "a.csv: 1 unit, as of 2026-10-01\n"
    assert done(*what, "--as-of", "30/9/2026") == "a.csv: 1 unit, as of 2023-08-23\n"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--output", "a.docx"), "--output a.docx: expected a name that ends in one of .xlsx, .csv, .pdf, .png"),
        (("--output", "a"), "--output a: expected a name that ends in one of .xlsx, .csv, .pdf, .png"),
        (("--output", "no/a.csv"), "cannot write no/a.csv: No such file or directory"),
        (("--output", "a.csv", "--unit", "xã không có"), "there is no unit xã không có"),
        (("--output", "a.csv", "--unit", "unit:xa-dam-ha"), "there are no figures of"),
        (("--output", "a.csv", "--unit", "cộng hòa"), "several units are called so: unit:"),
        (("--output", "a.csv", "--as-of", "mai"), "--as-of 'mai': expected a day as 2023-12-31 or 31/12/2023"),
        (("--output", "a.csv", "--as-of", "2020-01-01"), "there are no figures of Tỉnh Quảng Ninh as of 2020-01-01"),
        ((), "Missing option '--output'"),
    ],
)
def test_a_mistake_is_one_line(options: tuple[str, ...], reason: str) -> None:
    line = refused("kpi", "export", *options)
    assert reason in line
    assert "\n" not in line
    assert not Path("a.csv").exists()


def test_no_rate_is_no_picture() -> None:
    imported(date(2026, 11, 2), Figure("unit:xa-dam-ha", 0, 0))
    line = refused("kpi", "export", "--unit", "unit:xa-dam-ha", "--output", "a.png")
    assert line.startswith("there is no rate to draw of")
