"""``dvcbot kpi``."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot import app
from bot.cli_kpi import REFUSALS, kpi
from bot.sheets import read_sheet
from bot.store.engine import create_engine
from bot.store.officers import StoredOfficers
from bot.store.subscriptions import StoredSubscriptions
from handlers.officers import CONSOLE, Role
from handlers.subscriptions import Subscription
from knowledge.intake_model import Refusal
from knowledge.model import Knowledge
from tests.bot.calls import call, done, kept_logging, refused

DATABASE = Path("data") / "dvcbot.sqlite3"
HEADING = "TT,Tên đơn vị,Tổng số hồ sơ,HS trực tuyến,Tỷ lệ,Chỉ tiêu"
GOOD = ("1,Sở Tư pháp,3000,1500,60%,90%", "2,Phường Bãi Cháy,1.200,600,50%,80%")
ON = ("--as-of", "2026-09-30")


@pytest.fixture(autouse=True)
def around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, knowledge: Knowledge) -> Iterator[None]:
    monkeypatch.setattr(app, "read_knowledge", lambda: knowledge)
    with kept_logging(monkeypatch, tmp_path):
        yield


def table(*rows: str, name: str = "bc.csv") -> str:
    Path(name).write_text("\n".join((HEADING, *rows)), encoding="utf-8")
    return name


def rows(query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(DATABASE)) as connection:
        return connection.execute(query).fetchall()


def shown(*arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(done("kpi", "show", *arguments, "--json"))
    return found


def test_the_figures_of_the_plan_are_shown() -> None:
    text = done("kpi", "show", "sở tư pháp")
    assert "35,7% (3.233 trên 9.052 hồ sơ)" in text
    assert "còn thiếu" in text
    assert text == done("kpi", "show", "unit:so-tu-phap")


def test_a_figure_as_json() -> None:
    found = shown("unit:so-tu-phap")
    assert (found["total"], found["online"], found["rate"]) == (9052, 3233, 35.7159)
    assert (found["as_of"], found["due"], found["published"]) == ("2023-08-23", "2023-12-31", True)
    assert found["reached"] is False
    assert found["gap"] == pytest.approx(35.7159 - float(str(found["target"])), abs=1e-3)
    needed = found["needed"]
    assert isinstance(needed, dict)
    assert needed.keys() == {"same_total", "all_new_online"}


def test_the_whole_province() -> None:
    assert "Toàn tỉnh, tính gộp" in done("kpi", "show")
    found = shown()
    assert found["unit"] == "unit:tinh-quang-ninh"
    assert isinstance(found["total"], int)


def test_a_unit_without_figures_of_its_own() -> None:
    found = shown("unit:xa-dam-ha")
    assert found["figures"] is None
    assert found["predecessors"]
    assert "Xã Đầm Hà" in done("kpi", "show", "unit:xa-dam-ha")


def test_a_name_that_fits_several_units() -> None:
    said = refused("kpi", "show", "Cộng Hòa").splitlines()
    assert said[1:] == [
        "unit:phuong-cong-hoa-thi-xa-quang-yen  Phường Cộng Hòa, Thị xã Quảng Yên",
        "unit:xa-cong-hoa-thanh-pho-cam-pha  Xã Cộng Hòa, Thành phố Cẩm Phả",
    ]


@pytest.mark.parametrize("command", [("show", "Xã Nào Đó"), ("template", "m.xlsx", "--unit", "Xã Nào Đó")])
def test_a_name_that_fits_none(command: tuple[str, ...]) -> None:
    assert refused("kpi", *command) == "there is no unit 'Xã Nào Đó'"
    assert not Path("m.xlsx").exists()


def test_a_table_is_shown_confirmed_and_stored() -> None:
    said = done("kpi", "import", table(*GOOD), *ON, stdin="y\n")
    assert "Số liệu đến 30/09/2026, của 2 đơn vị." in said
    assert "• Dòng 2: “Sở Tư pháp”: cột tỷ lệ ghi 60%" in said
    assert "store it as an internal report?" in said
    assert said.endswith("stored: report:1\n")
    assert rows("SELECT published, source FROM reports") == [(0, "Tệp bc.csv")]
    assert rows("SELECT actor, action FROM audit ORDER BY id") == [("console", "stage"), ("console", "import")]
    assert shown("phường bãi cháy")["rate"] == 50.0
    assert "số nội bộ" in done("kpi", "show", "phường bãi cháy")


def test_a_day_may_be_written_as_people_do() -> None:
    done("kpi", "import", table(*GOOD), "--as-of", "30/09/2026", "--yes")
    assert rows("SELECT as_of FROM reports") == [("2026-09-30",)]


def test_options_say_what_is_stored() -> None:
    options = ("--due", "2027-06-30", "--publish", "--source", "Báo cáo 12", "--yes")
    assert "store it" not in done("kpi", "import", table(*GOOD), *ON, *options)
    assert rows("SELECT published, source FROM reports") == [(1, "Báo cáo 12")]
    assert rows("SELECT DISTINCT due, source FROM targets") == [("2027-06-30", "Báo cáo 12")]


def test_who_wishes_it_is_alerted() -> None:
    """The notice waits in the database for the process that serves the channels."""
    done("db", "upgrade")
    asyncio.run(subscribed())
    done("kpi", "import", table(*GOOD), *ON, "--yes")
    done("kpi", "import", table(*GOOD), *ON, "--yes")
    assert rows("SELECT kind, key FROM notices") == [("alert", "alert:report:1:2026-09-30")]


async def subscribed() -> None:
    engine = create_engine(f"sqlite+aiosqlite:///{DATABASE}")
    officers = StoredOfficers(engine, app.now)
    code, _ = await officers.invite(Role.PROVINCE, None, by=CONSOLE, lasts=timedelta(days=1))
    await officers.redeem(code, "telegram:7")
    await StoredSubscriptions(engine, app.now).save(Subscription("telegram:7"))
    await engine.dispose()


def test_the_day_may_stand_in_the_files_name() -> None:
    done("kpi", "import", table(*GOOD, name="bc 30.9.2026.csv"), "--yes")
    assert rows("SELECT as_of FROM reports") == [("2026-09-30",)]


@pytest.mark.parametrize(("answer", "said"), [("n\n", "nothing is stored\n"), ("\n", "nothing is stored\n")])
def test_without_a_yes_nothing_is_stored(answer: str, said: str) -> None:
    assert done("kpi", "import", table(*GOOD), *ON, stdin=answer).endswith(said)
    assert rows("SELECT * FROM reports") == rows("SELECT * FROM imports") == []


def test_without_anyone_to_ask_nothing_is_stored() -> None:
    result = call("kpi", "import", table(*GOOD), *ON)
    assert result.exit_code == 2
    assert "nobody confirmed: nothing is changed" in result.stderr
    assert rows("SELECT * FROM reports") == []


def test_the_same_file_again_changes_nothing() -> None:
    done("kpi", "import", table(*GOOD), *ON, "--yes")
    again = done("kpi", "import", table(*GOOD[::-1], name="other.csv"), *ON)
    assert again == "nothing changes: report:1 says all of it already\n"
    assert len(rows("SELECT * FROM reports")) == 1


def test_every_bad_row_is_told_and_nothing_stored() -> None:
    bad = [f"{n},Sở Lạ {n},1,1" for n in range(1, 31)]
    said = refused("kpi", "import", table(GOOD[0], *bad, "9,Sở Y tế,5,a"), *ON, "--yes").splitlines()
    assert said[0] == "bc.csv: 31 mistakes, nothing is stored"
    assert said[1] == "Dòng 3: không có đơn vị nào tên “Sở Lạ 1” vào ngày 30/09/2026."
    assert said[-1] == "Dòng 33: “Sở Y tế”: ô “Tổng số hồ sơ trực tuyến” ghi “a”, không phải là số."
    assert len(said) == 32
    assert rows("SELECT * FROM reports") == rows("SELECT * FROM imports") == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "the table tells no day: name the day of the figures with --as-of YYYY-MM-DD"),
        (("--as-of", "2999-01-01"), "2999-01-01 is in the future: name the day of the figures"),
        (("--as-of", "30-9"), "Invalid value for '--as-of'"),
        ((*ON, "--due", "soon"), "Invalid value for '--due'"),
    ],
)
def test_a_day_has_to_be_one(options: tuple[str, ...], said: str) -> None:
    assert refused("kpi", "import", table(*GOOD), *options).startswith(said)


def test_a_table_without_anything_to_store() -> None:
    Path("bc.csv").write_text(f"{HEADING},Ghi chú\n1,Sở Tư pháp,,,,,Chưa có số liệu", encoding="utf-8")
    assert refused("kpi", "import", "bc.csv", *ON) == "bc.csv: there is no figure and no target in it"


def test_files_that_are_not_taken() -> None:
    assert REFUSALS.keys() == set(Refusal)
    for data, said in ((b"%PDF", "is no spreadsheet"), (b"", "is empty"), (b"x" * (5 * 1024 * 1024 + 1), "too large")):
        Path("x.xlsx").write_bytes(data)
        assert said in refused("kpi", "import", "x.xlsx", *ON)
    assert "does not exist" in refused("kpi", "import", "none.xlsx", *ON)


def test_reports_are_listed() -> None:
    assert done("kpi", "list") == "no report was imported yet: dvcbot kpi import FILE\n"
    done("kpi", "import", table(*GOOD), *ON, "--yes")
    done("kpi", "import", table("1,Sở Y tế,10,5"), *ON, "--yes", "--publish")
    first, second = (line.split() for line in done("kpi", "list").splitlines())
    assert first[:3] == ["report:2", "30/09/2026", "published"]
    assert second[:3] == ["report:1", "30/09/2026", "internal"]
    assert len(done("kpi", "list", "--most", "1").splitlines()) == 1


def test_the_last_report_is_taken_back() -> None:
    assert "nothing to take back" in refused("kpi", "rollback")
    done("kpi", "import", table(*GOOD), *ON, "--yes")
    assert done("kpi", "rollback", stdin="n\n").endswith("nothing is changed\n")
    assert shown("sở tư pháp")["total"] == 3000
    assert done("kpi", "rollback", stdin="y\n").endswith("taken back: report:1\n")
    assert shown("sở tư pháp")["total"] == 9052
    done("kpi", "import", table(*GOOD), *ON, "--yes")
    assert done("kpi", "rollback", "--yes").endswith("taken back: report:2\n")
    assert rows("SELECT actor, action FROM audit ORDER BY id DESC LIMIT 1") == [("console", "roll-back")]


def test_a_blank_table_is_written_once() -> None:
    assert done("kpi", "template", "m.xlsx") == "69 units in m.xlsx\n"
    names = [str(row[1]) for row in read_sheet(Path("m.xlsx").read_bytes(), "m.xlsx").rows]
    assert {"Sở Tư pháp", "Phường Bãi Cháy"} <= set(names)
    assert refused("kpi", "template", "m.xlsx") == "m.xlsx is there already: name another file"
    assert done("kpi", "template", "one.xlsx", "--unit", "sở tư pháp") == "1 unit in one.xlsx\n"
    assert "has no units today" in refused("kpi", "template", "two.xlsx", "--unit", "unit:huyen-dam-ha")
    assert "cannot write" in refused("kpi", "template", "nowhere/m.xlsx")


@pytest.mark.parametrize("command", kpi.commands)
def test_every_command_tells_how_it_is_used(command: str) -> None:
    assert "Usage:" in done("kpi", command, "--help")
