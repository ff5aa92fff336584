"""Figures that officers bring in: received, dated, checked, shown, stored, taken back."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.sheets import read_sheet
from bot.store.engine import create_engine, upgrade
from bot.store.reports import StoredReports
from bot.store.tables import audit
from handlers.model import Document, Kind, Message, Outcome, Upload, UploadError
from handlers.officers import CONSOLE, Officer, Role
from handlers.render import render
from handlers.state import State
from handlers.words import word
from knowledge.decide import Decision
from knowledge.intake_model import Refusal
from knowledge.kpi_model import Report
from knowledge.markup import errors, plain
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.fakes import House, actions

LAN, MINH = "test:1", "test:2"
DAY = date(2026, 9, 30)
HEADING = "TT,Tên đơn vị,Tổng số hồ sơ,HS trực tuyến,Tỷ lệ,Chỉ tiêu"
JUSTICE, WARD = "unit:so-tu-phap", "unit:phuong-bai-chay"
GOOD = (
    '1,Sở Công Thương,20.000,19.990,"99,9%",Duy trì kết quả đạt được',
    "2,Sở Tư pháp,3000,1500,60%,90%",
    "3,Phường Bãi Cháy,1.200,600,50%,80%",
)
CAPTION = "số liệu đến 30/9/2026"
DAM_HA = "unit:xa-dam-ha"


class Sent:
    """A file on its way. It counts how often it is fetched."""

    def __init__(self, data: bytes, *, size: int | None = None, error: Exception | None = None) -> None:
        self.data = data
        self.size = len(data) if size is None else size
        self.error = error
        self.fetched = 0

    async def read(self) -> bytes:
        self.fetched += 1
        if self.error:
            raise self.error
        return self.data


class Told:
    """Hears of the reports that were stored."""

    def __init__(self) -> None:
        self.reports: list[Report] = []

    async def __call__(self, report: Report) -> None:
        self.reports.append(report)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'data.sqlite3'}")
    await upgrade(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def office(knowledge: Knowledge, search: Search, engine: AsyncEngine, told: Told) -> House:
    """The assistant with the project's content and a real store."""
    house = House(knowledge, search)
    house.reports = StoredReports(engine, house.clock.now)
    house.after_import = told
    house.assistant = house.build()
    return house


def person(conversation: str) -> str:
    return f"person of {conversation}"


async def joined(house: House, role: Role, unit: str | None = None, conversation: str = LAN) -> Officer:
    assert house.officers is not None
    code, _ = await house.officers.invite(role, unit, by=CONSOLE, lasts=timedelta(days=1))
    officer = await house.officers.redeem(code, person(conversation))
    assert isinstance(officer, Officer)
    return officer


def table(*rows: str, heading: str = HEADING) -> bytes:
    return "\n".join((heading, *rows)).encode()


async def send(
    house: House,
    data: bytes | Sent,
    name: str = "bc.csv",
    caption: str = "",
    conversation: str = LAN,
    *,
    in_group: bool = False,
) -> Outcome:
    sent = data if isinstance(data, Sent) else Sent(data)
    upload = Upload(name, sent.size, sent.read)
    who = person(conversation)
    message = Message("test", who, conversation, caption, Kind.DOCUMENT, in_group=in_group, upload=upload)
    return await house.assistant.ask(message)


def text(outcome: Outcome) -> str:
    (reply,) = outcome.replies
    assert errors(reply.html) == []
    return plain(reply.html)


def document(outcome: Outcome) -> Document | None:
    return outcome.replies[-1].document


def button(outcome: Outcome, start: str) -> str:
    """The only action that starts so."""
    (found,) = [action for action in actions(outcome) if action.startswith(start)]
    return found


def stores(outcome: Outcome) -> list[str]:
    """The labels of the buttons that store."""
    rows = outcome.replies[-1].buttons
    return [each.label for row in rows for each in row if (each.action or "").startswith("intake:store:")]


def store_as(outcome: Outcome, label: str) -> str:
    (found,) = [b.action for row in outcome.replies[-1].buttons for b in row if b.label == word(f"button.{label}")]
    assert found is not None
    return found


async def stored(house: House, *rows: str, conversation: str = LAN, label: str = "store_public") -> Outcome:
    shown = await send(house, table(*rows), caption=CAPTION, conversation=conversation)
    done = await house.press(store_as(shown, label), conversation)
    assert "Đã lưu" in text(done)
    return done


async def figures(house: House) -> dict[str, tuple[int, int]]:
    """What stands in the store, by unit."""
    assert house.reports is not None
    found = await house.reports.latest(date.max, internal=True)
    return {unit: (one.figure.total, one.figure.online) for unit, one in found.items()}


async def trail(engine: AsyncEngine) -> list[tuple[str, str]]:
    async with engine.connect() as connection:
        rows = await connection.execute(select(audit.c.actor, audit.c.action).order_by(audit.c.id))
        return [(row.actor, row.action) for row in rows]


async def test_a_good_file_is_shown_then_stored(office: House, told: Told, engine: AsyncEngine) -> None:
    officer = await joined(office, Role.PROVINCE)
    shown = await send(office, table(*GOOD), caption=CAPTION)
    assert text(shown) == (
        "📥 Xem trước: bc.csv\n\n"
        "Số liệu đến 30/09/2026, của 3 đơn vị.\n"
        "• Tổng số hồ sơ: 24.200 (trước: 26.678)\n"
        "• Trực tuyến: 22.090 (trước: 20.858)\n"
        "• Tỷ lệ: 91,3% (trước: 78,2%)\n"
        "Số trước là của 2 đơn vị đã có số liệu (mới nhất đến 23/08/2023); 1 đơn vị chưa có.\n\n"
        "Thay đổi nhiều nhất\n"
        "• Sở Tư pháp: 35,7% → 50% (tăng 14,3 điểm phần trăm)\n"
        "• Sở Công Thương: 100% → 100% (giảm 0,04 điểm phần trăm)\n\n"
        "🎯 Chỉ tiêu đến 31/12/2026 của 3 đơn vị.\n\n"
        "⚠️ Nên xem lại 1 chỗ\n"
        "• Dòng 3: “Sở Tư pháp”: cột tỷ lệ ghi 60%, tính ra là 50%.\n\n"
        "📌 Nguồn sẽ ghi: Tệp bc.csv."
    )
    assert stores(shown) == ["✅ Lưu và công bố", "🔒 Lưu nội bộ"]
    assert await figures(office) == {}
    done = await office.press(store_as(shown, "store_public"))
    assert "đến 30/09/2026: 3 đơn vị, chỉ tiêu của 3 đơn vị" in text(done)
    assert "đã công bố" in text(done)
    assert await figures(office) == {
        "unit:so-cong-thuong": (20000, 19990),
        JUSTICE: (3000, 1500),
        WARD: (1200, 600),
    }
    (report,) = told.reports
    assert (report.as_of, report.published, report.source) == (DAY, True, "Tệp bc.csv")
    assert {target.due for target in report.targets.values()} == {date(2026, 12, 31)}
    by = f"officer:{officer.id}"
    assert await trail(engine) == [(by, "stage"), (by, "stage"), (by, "import")]


async def test_the_next_answer_has_the_new_figures(office: House) -> None:
    await joined(office, Role.PROVINCE)
    assert "35,7%" in text(await office.say("Sở Tư pháp đạt bao nhiêu", MINH))
    done = await stored(office, *GOOD)
    after = text(await office.say("Sở Tư pháp đạt bao nhiêu", MINH))
    assert "đến 30/09/2026: 50% (1.500 trên 3.000 hồ sơ)" in after
    assert "Chỉ tiêu đến 31/12/2026: 90%" in after
    sure = await office.press(button(done, "intake:undo"))
    await office.press(button(sure, "intake:undo:"))
    assert "35,7%" in text(await office.say("Sở Tư pháp đạt bao nhiêu", MINH))


async def test_a_unit_of_today_is_meant_once_it_has_figures_of_its_own(office: House) -> None:
    """The ward of today has the name of the one before, whose figures are the plan's."""
    await joined(office, Role.PROVINCE)
    before = text(await office.say("phường Bãi Cháy đạt bao nhiêu", MINH))
    assert "99,8%" in before
    await stored(office, *GOOD)
    outcome = await office.say("phường Bãi Cháy đạt bao nhiêu", MINH)
    assert "đến 30/09/2026: 50% (600 trên 1.200 hồ sơ)" in text(outcome)
    assert outcome.hits[0].id == WARD
    assert "99,8%" in text(await office.say("phường Bãi Cháy cũ đạt bao nhiêu", MINH))
    assert "99,8%" in text(await office.press("kpi:phuong-bai-chay-thanh-pho-ha-long", MINH))


async def test_every_unit_of_today_can_be_brought_and_asked_for(office: House) -> None:
    await joined(office, Role.PROVINCE)
    units = [unit for unit in office.knowledge.plan.units.today(DAY) if unit.parent]
    rows = [f'{n},"{unit.title}",{100 + n},{n},,{50 + n % 50}%' for n, unit in enumerate(units, 1)]
    await stored(office, *rows)
    for n, unit in enumerate(units, 1):
        for action in ("kpi:{}", "hist:{}", "below:{}", "compare:{},so-tu-phap"):
            shown = await office.press(action.format(unit.id.removeprefix("unit:")))
            assert shown.decision is Decision.ANSWER, action
            if action == "kpi:{}":
                assert f"({n} trên {100 + n} hồ sơ)" in text(shown)
    for action in ("rank:rate:desc:commune::5", "under::", "sum::", "rank:gap:asc:::50"):
        assert (await office.press(action)).decision is Decision.ANSWER


async def test_internal_figures_are_for_those_in_scope(office: House, told: Told) -> None:
    await joined(office, Role.LEADER, JUSTICE)
    done = await stored(office, "1,Sở Tư pháp,3000,1500", label="store_internal")
    assert "nội bộ" in text(done)
    assert "50%" in text(await office.say("Sở Tư pháp đạt bao nhiêu", LAN))
    assert "35,7%" in text(await office.say("Sở Tư pháp đạt bao nhiêu", MINH))
    assert not told.reports[0].published


async def test_a_leader_does_not_publish(office: House) -> None:
    await joined(office, Role.LEADER, JUSTICE)
    assert stores(await send(office, table("1,Sở Tư pháp,3000,1500"), caption=CAPTION)) == ["🔒 Lưu nội bộ"]


async def test_units_of_others_are_told_by_row_and_nothing_of_their_figures(office: House) -> None:
    await joined(office, Role.PROVINCE, conversation=MINH)
    await stored(office, "1,Sở Y tế,5000,4321", conversation=MINH, label="store_internal")
    await joined(office, Role.LEADER, JUSTICE)
    shown = text(await send(office, table("1,Sở Tư pháp,3000,1500", "2,Sở Y tế,10,1"), "bc 31.10.2026.csv"))
    assert "• Dòng 3: “Sở Y tế” không thuộc phạm vi của bạn." in shown
    assert "4.321" not in shown
    assert "86,4%" not in shown


@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.EDITOR])
async def test_for_others_nothing_is_fetched(office: House, role: Role | None) -> None:
    if role:
        await joined(office, role, JUSTICE if role.has_unit else None)
    sent = Sent(table(*GOOD))
    outcome = await send(office, sent, caption="")
    assert sent.fetched == 0
    assert outcome.decision is Decision.NONE
    assert "không xem và không lưu" in text(outcome)
    captioned = await send(office, sent, caption="Sở Tư pháp đạt bao nhiêu")
    assert len(captioned.replies) == 2
    assert sent.fetched == 0


async def test_a_channel_that_cannot_fetch_files(office: House) -> None:
    await joined(office, Role.ADMIN)
    assert "không xem" in text(await office.say("", LAN, Kind.DOCUMENT))


async def test_in_a_group_it_is_refused_and_not_fetched(office: House) -> None:
    await joined(office, Role.ADMIN)
    sent = Sent(table(*GOOD))
    assert "chat riêng" in text(await send(office, sent, in_group=True))
    assert sent.fetched == 0
    message = Message("test", person(LAN), LAN, "intake:undo", Kind.ACTION, in_group=True)
    assert "chat riêng" in text(await office.assistant.ask(message))


async def test_too_large_a_file_is_not_fetched(office: House) -> None:
    await joined(office, Role.ADMIN)
    sent = Sent(b"", size=5 * 1024 * 1024 + 1)
    assert "lớn hơn 5 MB" in text(await send(office, sent))
    assert sent.fetched == 0


async def test_a_size_that_was_not_told_is_counted(office: House) -> None:
    await joined(office, Role.ADMIN)
    assert "lớn hơn 5 MB" in text(await send(office, Sent(b"x" * (5 * 1024 * 1024 + 1), size=0)))


async def test_a_file_that_does_not_arrive(office: House) -> None:
    await joined(office, Role.ADMIN)
    assert "Mạng trục trặc" in text(await send(office, Sent(b"", error=UploadError())))


def archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}.items():
            package.writestr(name, data)
        for name, data in parts.items():
            package.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"%PDF-1.7", "không phải bảng tính"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "chưa đọc được"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "có mật khẩu"),
        (archive()[:-30], "bị hỏng"),
        (archive(**{"xl/vbaProject.bin": b"x"}), "có macro"),
        (archive(**{"xl/worksheets/sheet1.xml": b"\0" * 3_000_000}), "nén quá mức"),
        (b"", "trống"),
        (b",,\n,,\n", "trống"),
        (b"a,b\n" * 20_001, "quá nhiều dòng"),
    ],
)
async def test_what_is_no_good_file_is_refused_in_one_line(office: House, data: bytes, told: str) -> None:
    await joined(office, Role.ADMIN)
    outcome = await send(office, data, "số liệu.xlsx")
    assert told in text(outcome)
    assert "Số liệu đang có không thay đổi" in text(outcome)
    assert "\n" not in text(outcome)
    assert actions(outcome) == ["home"]


@pytest.mark.parametrize("reason", Refusal)
def test_every_refusal_has_its_words(reason: Refusal) -> None:
    said = render("intake_refused.j2", name="", reason=reason, megabytes=5)
    assert "Mạng trục trặc" not in said
    assert errors(said) == []


async def test_every_bad_row_is_told_and_nothing_stored(office: House, engine: AsyncEngine) -> None:
    await joined(office, Role.ADMIN)
    rows = (
        "1,Sở Công Thương,200,1999,,xx",
        "2,Sở Lạ <b>,3000,-1,,90%",
        "3,Huyện Đầm Hà,1.200,600,50%,80%",
        "4,Sở Công Thương,1,a,,120%",
        '5,Sở Y tế,"1,5",99999999999999,,',
        "6,Sở Tư pháp,,3,,",
        ",,7,7,,",
    )
    outcome = await send(office, table(*rows), caption=CAPTION)
    assert text(outcome).splitlines() == [
        "❌ Chưa lưu được: bc.csv có 12 chỗ phải sửa (số liệu đến 30/09/2026).",
        "",
        "• Dòng 2: “Sở Công Thương”: số trực tuyến (1.999) lớn hơn tổng số (200).",
        "• Dòng 2: “Sở Công Thương”: ô “Chỉ tiêu” ghi “xx”, không phải là số.",
        "• Dòng 3: không có đơn vị nào tên “Sở Lạ <b>” vào ngày 30/09/2026.",
        "• Dòng 3: “Sở Lạ <b>”: ô “Tổng số hồ sơ trực tuyến” ghi -1, là số âm.",
        "• Dòng 4: không có đơn vị nào tên “Huyện Đầm Hà” vào ngày 30/09/2026. Có Huyện Đầm Hà, nhưng không phải vào"
        " ngày đó.",
        "• Dòng 5: “Sở Công Thương” đã có ở dòng 2.",
        "• Dòng 5: “Sở Công Thương”: ô “Tổng số hồ sơ trực tuyến” ghi “a”, không phải là số.",
        "• Dòng 5: “Sở Công Thương”: chỉ tiêu ghi “120%”. Chỉ tiêu phải lớn hơn 0% và không quá 100%.",
        "• Dòng 6: “Sở Y tế”: ô “Tổng số hồ sơ” ghi 1,5, số hồ sơ phải là số nguyên.",
        "• Dòng 6: “Sở Y tế”: ô “Tổng số hồ sơ trực tuyến” ghi 99999999999999, lớn quá mức có thể.",
        "• Dòng 7: “Sở Tư pháp”: ô “Tổng số hồ sơ” để trống. Đơn vị không có số liệu thì ghi “Chưa có số liệu” vào"
        " cột Ghi chú.",
        "• Dòng 8: có số liệu nhưng thiếu tên đơn vị.",
        "",
        "Không có gì được lưu. Bạn sửa trong bảng rồi gửi lại nhé.",
    ]
    assert document(outcome) is None
    assert await figures(office) == {}
    assert await trail(engine) == []


async def test_many_problems_come_as_a_file_too(office: House) -> None:
    await joined(office, Role.ADMIN)
    outcome = await send(office, table(*(f"{n},Sở Lạ {n},1,1" for n in range(1, 41))), caption=CAPTION)
    shown = text(outcome)
    assert "40 chỗ phải sửa" in shown
    assert shown.count("• Dòng") == 15
    assert "và 25 chỗ nữa" in shown
    found = document(outcome)
    assert found is not None
    assert found.name.endswith(".csv")
    rows = list(csv.reader(io.StringIO(found.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Dòng", "Phải sửa"]
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(2, 42)]
    assert rows[40][1] == "không có đơn vị nào tên “Sở Lạ 40” vào ngày 30/09/2026."


async def test_swapped_columns_are_told_not_swapped_back(office: House) -> None:
    await joined(office, Role.ADMIN)
    shown = text(await send(office, table("1,Sở Tư pháp,5,10", "2,Sở Y tế,6,9", "3,Sở Xây dựng,9,9"), caption=CAPTION))
    assert "có vẻ hai cột tổng số và trực tuyến bị đổi chỗ: 2 dòng" in shown.lower()
    assert await figures(office) == {}


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("a,b,c", "không thấy hàng tiêu đề"),
        ("Tên đơn vị,Tổng số hồ sơ", "Thiếu cột Tổng số hồ sơ trực tuyến"),
        ("Tên đơn vị,Tổng số hồ sơ,Tổng số hồ sơ,HS trực tuyến", "Có hai cột cùng là “Tổng số hồ sơ”"),
        (HEADING, "không có dòng nào"),
    ],
)
async def test_a_table_that_is_not_understood(office: House, heading: str, told: str) -> None:
    await joined(office, Role.ADMIN)
    shown = text(await send(office, table(heading=heading), caption=CAPTION))
    assert told.lower() in shown.lower()
    assert "Dòng 0" not in shown


async def test_units_that_have_no_figures_are_nothing_to_store(office: House) -> None:
    await joined(office, Role.ADMIN)
    sent = table("1,Sở Tư pháp,,,,,Chưa có số liệu", heading=f"{HEADING},Ghi chú")
    assert "không có số liệu hay chỉ tiêu nào" in text(await send(office, sent, caption=CAPTION))


async def test_targets_alone(office: House, told: Told) -> None:
    await joined(office, Role.PROVINCE)
    data = table("Sở Tư pháp,92%", "Sở Y tế,Duy trì kết quả đạt được", heading="Đơn vị,Chỉ tiêu năm")
    shown = await send(office, data, caption="giao ngày 5/1/2026, chỉ tiêu đến 30/6/2026")
    assert "chỉ có chỉ tiêu" in text(shown)
    assert "Chỉ tiêu đến 30/06/2026 của 2 đơn vị" in text(shown)
    await office.press(store_as(shown, "store_public"))
    assert told.reports[0].figures == {}
    assert told.reports[0].targets[JUSTICE].due == date(2026, 6, 30)
    assert "Chỉ tiêu đến 30/06/2026: 92%" in text(await office.say("Sở Tư pháp đạt bao nhiêu"))


async def test_a_later_report_in_the_year_is_compared(office: House) -> None:
    await joined(office, Role.PROVINCE)
    await stored(office, "1,Sở Tư pháp,3000,1500", "2,Sở Y tế,100,50", "3,Sở Xây dựng,10,10", "4,Sở Công Thương,5,4")
    rows = ("1,Sở Tư pháp,2999,1500", "2,Sở Y tế,300,40", "3,Sở Xây dựng,10,10", "4,Sở Công Thương,50,4")
    shown = text(await send(office, table(*rows), "31-10-2026.csv"))
    assert "• Dòng 2: “Sở Tư pháp”: tổng số giảm từ 3.000 xuống 2.999" in shown
    shown = text(await send(office, table(*rows[1:]), "31-10-2026.csv"))
    assert "Không đổi: 1 đơn vị." in shown
    assert "Số trước: mới nhất đến 30/09/2026." in shown
    assert "• Dòng 2: “Sở Y tế”: số trực tuyến giảm từ 50 xuống 40." in shown
    assert "• Dòng 2: “Sở Y tế”: tỷ lệ đổi nhiều, từ 50% sang 13,3%." in shown
    assert "• Dòng 4: “Sở Công Thương”: tổng số tăng hơn gấp đôi, từ 5 lên 50." in shown
    assert "Nên xem lại 5 chỗ" in shown


async def test_the_same_file_again_changes_nothing(office: House, told: Told) -> None:
    await joined(office, Role.PROVINCE)
    await stored(office, *GOOD)
    again = await send(office, table(*GOOD[::-1]), "ten khac.csv", CAPTION)
    assert "đã được lưu từ trước" in text(again)
    assert stores(again) == []
    assert len(told.reports) == 1


async def test_what_is_stored_as_internal_can_be_published_by_sending_it_again(office: House, told: Told) -> None:
    await joined(office, Role.PROVINCE)
    await stored(office, *GOOD, label="store_internal")
    again = await send(office, table(*GOOD), caption=CAPTION)
    assert stores(again) == ["✅ Lưu và công bố"]
    await office.press(button(again, "intake:store:"))
    assert [report.published for report in told.reports] == [False, True]


async def test_a_button_pressed_twice_stores_once(office: House, told: Told) -> None:
    await joined(office, Role.PROVINCE)
    shown = await send(office, table(*GOOD), caption=CAPTION)
    press = store_as(shown, "store_internal")
    await office.press(press)
    assert "đã được lưu từ trước" in text(await office.press(press))
    assert "Đã lưu" in text(await office.press(store_as(shown, "store_public")))
    assert len(told.reports) == 2


async def test_dropped_is_gone(office: House, engine: AsyncEngine) -> None:
    await joined(office, Role.PROVINCE)
    shown = await send(office, table(*GOOD), caption=CAPTION)
    assert "Không có gì được lưu" in text(await office.press(button(shown, "intake:drop")))
    for action in (store_as(shown, "store_public"), store_as(shown, "store_internal"), "intake:day"):
        assert "không còn nữa" in text(await office.press(action))
    assert [action for _, action in await trail(engine)] == ["stage", "stage", "discard", "discard"]


async def test_an_old_preview_is_gone(office: House) -> None:
    await joined(office, Role.PROVINCE)
    shown = await send(office, table(*GOOD), caption=CAPTION)
    office.clock.hour += 0.51
    assert "gửi lại tệp" in text(await office.press(store_as(shown, "store_public")))
    assert await figures(office) == {}


async def test_another_persons_preview_cannot_be_stored(office: House) -> None:
    await joined(office, Role.PROVINCE)
    await joined(office, Role.ADMIN, conversation=MINH)
    shown = await send(office, table(*GOOD), caption=CAPTION)
    assert "không còn nữa" in text(await office.press(store_as(shown, "store_public"), MINH))
    assert await figures(office) == {}


# --- Rights, anew on each button


async def test_a_revocation_counts_on_every_button(office: House) -> None:
    assert office.officers is not None
    officer = await joined(office, Role.PROVINCE)
    shown = await send(office, table(*GOOD), caption=CAPTION)
    await office.officers.revoke(officer.id, by=CONSOLE)
    for action in [*actions(shown), "intake", "intake:undo", "intake:undo:report:1", "intake:day:2026-09-30"]:
        if action.startswith("intake"):
            assert "🔒" in text(await office.press(action))
    assert "không xem" in text(await send(office, table(*GOOD), caption=""))
    assert await figures(office) == {}


async def test_who_may_only_see_by_now_does_not_store(office: House) -> None:
    await joined(office, Role.PROVINCE)
    shown = await send(office, table(*GOOD), caption=CAPTION)
    await joined(office, Role.OFFICER, JUSTICE)
    assert "🔒" in text(await office.press(store_as(shown, "store_internal")))
    assert await figures(office) == {}


async def test_a_smaller_scope_by_now_is_held_to(office: House) -> None:
    """The same officer with another role: the preview is still theirs, but no longer all of it."""
    await joined(office, Role.PROVINCE)
    shown = await send(office, table(*GOOD), caption=CAPTION)
    own = await send(office, table(GOOD[1]), caption=CAPTION)
    await joined(office, Role.LEADER, JUSTICE)
    assert "ngoài phạm vi" in text(await office.press(store_as(shown, "store_internal")))
    assert "🔒" in text(await office.press(store_as(own, "store_public")))
    assert await figures(office) == {}
    assert "Đã lưu" in text(await office.press(store_as(own, "store_internal")))


# --- The day


@pytest.mark.parametrize(
    ("name", "caption", "title"),
    [
        ("bc.csv", CAPTION, ""),
        ("bc.csv", "30.9.26", ""),
        ("bc.csv", "", "Số liệu đến ngày 30/9/2026"),
        ("bao_cao_30-9-2026.csv", "", ""),
        ("31-10-2026.csv", CAPTION, "đến 31/8/2026"),
        ("31-10-2026.csv", "", "đến 30/9/2026"),
    ],
)
async def test_the_day_is_found(office: House, name: str, caption: str, title: str) -> None:
    await joined(office, Role.PROVINCE)
    data = f"{title},,,,,\n".encode() + table(*GOOD)
    assert "Số liệu đến 30/09/2026" in text(await send(office, data, name, caption))


async def test_the_day_is_asked_for_and_pressed(office: House) -> None:
    await joined(office, Role.PROVINCE)
    asked = await send(office, table(*GOOD), "bao cao thang 9 nam 2026.csv")
    assert "tính đến ngày nào" in text(asked)
    days = [action for action in actions(asked) if action.startswith("intake:day:")]
    assert days == [f"intake:day:{day}" for day in ("2026-09-30", "2026-10-31", "2026-11-23")]
    assert "Số liệu đến 30/09/2026" in text(await office.press(days[0]))


@pytest.mark.parametrize("typed", ["30/9", "30.9.2026", " ngày 30/9/26 "])
async def test_the_day_is_typed(office: House, typed: str) -> None:
    await joined(office, Role.PROVINCE)
    await send(office, table(*GOOD))
    assert "Số liệu đến 30/09/2026" in text(await office.say(typed))


async def test_a_day_that_is_none_is_asked_for_again(office: House) -> None:
    await joined(office, Role.PROVINCE)
    await send(office, table(*GOOD))
    assert "chưa đọc được ngày" in text(await office.say("31/2/2026"))
    assert "chưa tới" in text(await office.say("24/11/2026"))
    assert "Số liệu đến 23/11/2026" in text(await office.say("hôm nay"))


async def test_a_day_to_come_is_refused_from_wherever_it_is(office: House) -> None:
    await joined(office, Role.PROVINCE)
    assert "chưa tới" in text(await send(office, table(*GOOD), caption="số liệu đến 24/11/2026"))
    assert "chưa tới" in text(await office.press("intake:day:2027-01-01"))


async def test_other_words_while_the_day_is_asked_for_are_answered(office: House) -> None:
    await joined(office, Role.PROVINCE)
    await send(office, table(*GOOD))
    assert "35,7%" in text(await office.say("Sở Tư pháp đạt bao nhiêu"))


async def test_a_day_alone_is_no_day_when_nobody_asked(office: House) -> None:
    await joined(office, Role.PROVINCE)
    outcome = await office.say("30/9/2026")
    assert "không còn nữa" not in plain(outcome.replies[0].html)


async def test_the_day_can_be_changed(office: House) -> None:
    await joined(office, Role.PROVINCE)
    shown = await send(office, table(*GOOD), caption=CAPTION)
    assert "tính đến ngày nào" in text(await office.press(button(shown, "intake:day")))
    assert "Số liệu đến 31/10/2026" in text(await office.press("intake:day:2026-10-31"))


async def test_a_problem_may_be_the_day(office: House) -> None:
    await joined(office, Role.PROVINCE)
    shown = await send(office, table("1,Huyện Đầm Hà,10,5"), caption=CAPTION)
    assert "không phải vào ngày đó" in text(shown)
    await office.press(button(shown, "intake:day"))
    assert "Số liệu đến 30/06/2025, của 1 đơn vị" in text(await office.say("30/6/2025"))


async def test_a_table_waits_half_an_hour_and_not_over_a_restart(office: House) -> None:
    await joined(office, Role.PROVINCE)
    await send(office, table(*GOOD))
    office.clock.hour += 0.51
    assert "gửi lại tệp" in text(await office.press("intake:day:2026-09-30"))
    await send(office, table(*GOOD))
    office.assistant = office.build()
    assert "gửi lại tệp" in text(await office.say("30/9"))


async def test_back_leads_to_the_question_for_the_day(office: House) -> None:
    await joined(office, Role.PROVINCE)
    await send(office, table(*GOOD))
    await office.press("topics")
    assert "tính đến ngày nào" in text(await office.press("back"))


async def test_a_preview_is_never_remembered(office: House) -> None:
    await joined(office, Role.PROVINCE)
    await send(office, table(*GOOD), caption=CAPTION)
    assert await office.conversations.load(LAN) == State()


async def test_the_targets_day_and_the_source_of_the_caption(office: House, told: Told) -> None:
    await joined(office, Role.PROVINCE)
    caption = "số liệu đến 30/9/2026, chỉ tiêu đến 30/6/2027; nguồn: Báo cáo 12/BC-UBND"
    shown = await send(office, table(*GOOD), caption=caption)
    assert "Chỉ tiêu đến 30/06/2027" in text(shown)
    await office.press(store_as(shown, "store_public"))
    assert told.reports[0].source == "Báo cáo 12/BC-UBND"


# --- Taking back


async def test_the_importer_takes_back_after_being_asked(office: House, engine: AsyncEngine) -> None:
    officer = await joined(office, Role.LEADER, JUSTICE)
    done = await stored(office, GOOD[1], label="store_internal")
    asked = await office.press(button(done, "intake:undo"))
    assert "Báo cáo đến 30/09/2026, nội bộ, nạp lúc 09:00 ngày 23/11/2026." in text(asked)
    assert await figures(office) != {}
    assert "Đã hoàn tác báo cáo đến 30/09/2026" in text(await office.press(button(asked, "intake:undo:")))
    assert await figures(office) == {}
    assert (await trail(engine))[-1] == (f"officer:{officer.id}", "roll-back")
    assert "Không có gì thay đổi" in text(await office.press(button(asked, "intake:undo:")))
    assert "Chưa có lần nạp" in text(await office.press("intake:undo"))


async def test_a_leader_does_not_take_back_anothers_import(office: House) -> None:
    await joined(office, Role.PROVINCE, conversation=MINH)
    await stored(office, *GOOD, conversation=MINH)
    await joined(office, Role.LEADER, JUSTICE)
    for action in ("intake:undo", "intake:undo:report:1"):
        assert "do người khác nạp" in text(await office.press(action))
    assert await figures(office) != {}


@pytest.mark.parametrize("role", [Role.PROVINCE, Role.ADMIN])
async def test_the_province_takes_back_anyones(office: House, role: Role) -> None:
    await joined(office, Role.LEADER, JUSTICE)
    await stored(office, GOOD[1], label="store_internal")
    await joined(office, role, conversation=MINH)
    assert "Đã hoàn tác" in text(await office.press("intake:undo:report:1", MINH))


async def test_only_the_last_import_is_taken_back(office: House) -> None:
    await joined(office, Role.PROVINCE)
    await stored(office, *GOOD)
    await stored(office, "1,Sở Y tế,10,5")
    assert "Không có gì thay đổi" in text(await office.press("intake:undo:report:1"))
    assert len(await figures(office)) == 4


# --- The blank table


def rows_of(found: Document | None) -> Sequence[Sequence[object]]:
    assert found is not None
    assert found.name.endswith(".xlsx")
    return read_sheet(found.data, found.name).rows


async def test_a_blank_table_has_the_units_of_today_in_scope(office: House) -> None:
    await joined(office, Role.ADMIN)
    outcome = await office.say("/mau")
    assert "69 đơn vị" in text(outcome)
    names = [str(row[1]) for row in rows_of(document(outcome))[4:]]
    assert "Phường Bãi Cháy" in names
    assert "Huyện Đầm Hà" not in names
    assert "Tỉnh Quảng Ninh" not in names
    assert button(outcome, "intake:undo")


async def test_a_filled_in_blank_table_is_taken(office: House) -> None:
    await joined(office, Role.LEADER, JUSTICE)
    outcome = await office.say("/mau")
    assert "1 đơn vị" in text(outcome)
    rows = [list(row) for row in rows_of(document(outcome))]
    assert rows[-1][1] == "Sở Tư pháp"
    rows[-1][2:4] = 100, 60
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    assert "của 1 đơn vị" in text(await send(office, made.getvalue().encode(), caption=CAPTION))


async def test_a_blank_table_has_targets_that_are_not_due_yet(office: House) -> None:
    await joined(office, Role.LEADER, JUSTICE)
    await stored(office, "1,Sở Tư pháp,10,5,,90%", label="store_internal")
    assert rows_of(document(await office.say("/mau")))[-1][5] == 0.9
    office.clock.day = date(2027, 1, 1)
    assert rows_of(document(await office.say("/mau")))[-1][5] == ""


async def test_a_leader_of_a_unit_that_ended(office: House) -> None:
    await joined(office, Role.LEADER, "unit:huyen-dam-ha")
    outcome = await office.say("/mau")
    assert "không còn từ đợt sắp xếp" in text(outcome)
    assert document(outcome) is None
    shown = await send(office, table("1,Huyện Đầm Hà,10,5", '2,"Xã Quảng An",10,5'), caption="đến 30/6/2025")
    assert "của 2 đơn vị" in text(shown)


@pytest.mark.parametrize("text_", ["/mau", "/MAU", " /mau ", "/mau tháng 9"])
async def test_others_are_told_whom_it_is_for(office: House, text_: str) -> None:
    assert "dành cho lãnh đạo" in text(await office.say(text_))


@pytest.mark.parametrize("action", ["intake:file", "intake:nothing", "intake:file:x"])
async def test_actions_that_lead_nowhere_lead_home(office: House, action: str) -> None:
    await joined(office, Role.ADMIN)
    assert (await office.press(action)).replies[0].html == (await office.press("home")).replies[0].html
