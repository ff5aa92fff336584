"""Imported reports: staged, confirmed, rolled back, read, on a real database."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import upgrade
from bot.store.reports import LASTS, StoredReports
from bot.store.tables import audit, imports, reports
from handlers.officers import CONSOLE
from handlers.ports import Reports
from handlers.reports import Confirmed, Draft, Outcome, StoredReport
from knowledge.intake_model import DatedFigure
from knowledge.kpi_model import Figure, Report, Target
from tests.bot.databases import NOON, Place, Watch

LAN, MAI = "officer:1", "officer:2"
AUGUST, SEPTEMBER, OCTOBER = date(2023, 8, 31), date(2023, 9, 30), date(2023, 10, 31)
DUE, NEXT_DUE = date(2023, 12, 31), date(2024, 12, 31)


@pytest.fixture
def store(engine: AsyncEngine, watch: Watch) -> Reports:
    return StoredReports(engine, watch)


def draft(day: date = AUGUST, *, published: bool = True, **counts: tuple[int, int]) -> Draft:
    figures = tuple(Figure(f"unit:{name}", *numbers, row="7") for name, numbers in counts.items())
    return Draft(day, f"Báo cáo {day}", published, figures)


def target(unit: str, percent: str, due: date = DUE, *, keep: bool = False) -> Target:
    return Target(f"unit:{unit}", Decimal(percent), due, keep, "Kế hoạch")


async def keep(store: Reports, *drafts: Draft, by: str = LAN) -> list[Confirmed]:
    return [await store.confirm((await store.stage(one, by=by)).token, by=by) for one in drafts]


def counts(found: Sequence[DatedFigure]) -> list[tuple[date, int, int]]:
    return [(one.as_of, one.figure.total, one.figure.online) for one in found]


async def latest(store: Reports, day: date = OCTOBER, *, internal: bool = False) -> dict[str, tuple[int, int]]:
    found = await store.latest(day, internal=internal)
    return {unit: (one.figure.total, one.figure.online) for unit, one in found.items()}


async def rows(engine: AsyncEngine, table: str) -> int:
    async with engine.connect() as connection:
        return (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()


async def test_a_new_store_is_empty(store: Reports) -> None:
    assert await store.last() is None
    assert await store.reports(5) == []
    assert await store.report("report:1") is None
    assert await store.latest(OCTOBER, internal=True) == {}
    assert await store.history("unit:a", internal=True) == ()
    assert await store.targets(internal=True) == ()


async def test_nothing_counts_before_it_is_confirmed(store: Reports) -> None:
    staged = await store.stage(draft(a=(10, 5)), by=LAN)
    assert not staged.same
    assert staged.expires_at == NOON + LASTS
    assert await latest(store) == {}
    assert await store.confirm(staged.token, by=LAN) == Confirmed(Outcome.STORED, "report:1")
    assert await latest(store) == {"unit:a": (10, 5)}


async def test_a_report_comes_back_whole(store: Reports) -> None:
    figures = (Figure("unit:b", 10, 5, "8", "ghi chú"), Figure("unit:a", 0, 0, "9"))
    targets = (target("a", "66.7", keep=True), target("b", "90"))
    await keep(store, Draft(AUGUST, "Tệp của Lan", False, figures, targets))
    found = await store.report("report:1")
    assert found == Report(
        "report:1",
        AUGUST,
        "Tệp của Lan",
        False,
        {one.unit: one for one in figures},
        {one.unit: one for one in targets},
    )
    assert [*found.figures] == ["unit:a", "unit:b"]


async def test_all_that_stands_comes_back_by_import(store: Reports) -> None:
    kept = await keep(store, draft(xa_a=(10, 5)), draft(xa_a=(12, 7), xa_b=(3, 0)), draft(OCTOBER, xa_b=(4, 1)))
    await store.roll_back(kept[2].report, by=LAN)
    found = await store.standing()
    assert [report.id for report in found] == [kept[0].report, kept[1].report]
    assert found == [await store.report(report.id) for report in found]


async def test_the_stamp_changes_with_every_import_and_roll_back(store: Reports) -> None:
    stamps = [await store.stamp(), await store.stamp()]
    kept = await keep(store, draft(xa_a=(10, 5)))
    stamps.append(await store.stamp())
    await store.stage(draft(xa_a=(11, 5)), by=LAN)
    stamps.append(await store.stamp())
    await store.roll_back(kept[0].report, by=LAN)
    stamps.append(await store.stamp())
    assert stamps[0] == stamps[1]
    assert stamps[2] == stamps[3]
    assert len(set(stamps)) == 3


async def test_who_imported_when_without_a_name(store: Reports, engine: AsyncEngine) -> None:
    made = draft(a=(10, 5))
    await keep(store, made)
    last = await store.last()
    assert last is not None
    assert (last.id, last.as_of, last.source, last.published) == ("report:1", AUGUST, "Báo cáo 2023-08-31", True)
    assert (last.imported_at, last.digest) == (NOON, made.digest)
    assert last.imported_by not in ("", LAN)
    for table in ("reports", "imports"):
        async with engine.connect() as connection:
            assert LAN not in str((await connection.execute(text(f"SELECT * FROM {table}"))).all())


async def test_a_token_is_stored_as_a_hash(store: Reports, engine: AsyncEngine) -> None:
    staged = await store.stage(draft(a=(10, 5)), by=LAN)
    assert len(f"kpi:confirm:{staged.token}") < 64, "fits on a button of Telegram"
    async with engine.connect() as connection:
        assert staged.token not in str((await connection.execute(text("SELECT * FROM imports"))).all())


@pytest.mark.parametrize(("token", "by"), [("unknown", LAN), ("", LAN), (None, MAI)])
async def test_only_who_sent_it_confirms_it(store: Reports, token: str | None, by: str) -> None:
    staged = await store.stage(draft(a=(10, 5)), by=LAN)
    wrong = staged.token if token is None else token
    assert await store.confirm(wrong, by=by) == Confirmed(Outcome.GONE)
    await store.discard(wrong, by=by)
    assert await latest(store) == {}
    assert (await store.confirm(staged.token, by=LAN)).outcome is Outcome.STORED


async def test_a_preview_expires(store: Reports, watch: Watch) -> None:
    early, late = [await store.stage(draft(a=(10, 5)), by=LAN) for _ in range(2)]
    watch.now += LASTS - timedelta(seconds=1)
    assert (await store.confirm(early.token, by=LAN)).outcome is Outcome.STORED
    watch.now += timedelta(seconds=1)
    assert await store.confirm(late.token, by=LAN) == Confirmed(Outcome.GONE)


async def test_expired_previews_are_thrown_away(store: Reports, engine: AsyncEngine, watch: Watch) -> None:
    await store.stage(draft(a=(10, 5)), by=LAN)
    watch.now += LASTS
    await store.stage(draft(a=(10, 6)), by=LAN)
    assert await rows(engine, "imports") == 1


async def test_a_discarded_preview_is_gone(store: Reports) -> None:
    staged = await store.stage(draft(a=(10, 5)), by=LAN)
    await store.discard(staged.token, by=LAN)
    assert await store.confirm(staged.token, by=LAN) == Confirmed(Outcome.GONE)


async def test_a_button_pressed_twice(store: Reports, engine: AsyncEngine) -> None:
    staged = await store.stage(draft(a=(10, 5)), by=LAN)
    found = await asyncio.gather(*(store.confirm(staged.token, by=LAN) for _ in range(3)))
    assert sorted(one.outcome for one in found) == [Outcome.SAME, Outcome.SAME, Outcome.STORED]
    assert {one.report for one in found} == {"report:1"}
    await store.discard(staged.token, by=LAN)
    assert await rows(engine, "reports") == 1


async def test_the_same_file_again_changes_nothing(store: Reports, engine: AsyncEngine) -> None:
    first = replace(draft(a=(10, 5), b=(4, 4)), targets=(target("a", "90"),))
    await keep(store, first)
    again = replace(first, source="Tên khác", figures=first.figures[::-1])
    staged = await store.stage(again, by=MAI)
    assert staged.same
    assert await store.confirm(staged.token, by=MAI) == Confirmed(Outcome.SAME, "report:1")
    assert await store.confirm(staged.token, by=MAI) == Confirmed(Outcome.SAME, "report:1")
    assert await rows(engine, "reports") == 1


async def test_two_who_send_the_same_at_once(store: Reports, engine: AsyncEngine) -> None:
    tokens = [(await store.stage(draft(a=(10, 5)), by=by)).token for by in (LAN, MAI)]
    found = await asyncio.gather(store.confirm(tokens[0], by=LAN), store.confirm(tokens[1], by=MAI))
    assert sorted(one.outcome for one in found) == [Outcome.SAME, Outcome.STORED]
    assert await rows(engine, "reports") == 1


@pytest.mark.parametrize(
    "other",
    [
        draft(a=(10, 6)),
        draft(a=(10, 5), b=(1, 1)),
        draft(SEPTEMBER, a=(10, 5)),
        replace(draft(a=(10, 5)), figures=(Figure("unit:a", 10, 5, note="mới"),)),
        replace(draft(a=(10, 5)), targets=(target("a", "90"),)),
    ],
)
async def test_other_content_is_stored(store: Reports, other: Draft) -> None:
    assert [one.outcome for one in await keep(store, draft(a=(10, 5)), other)] == [Outcome.STORED] * 2
    assert other.digest != draft(a=(10, 5)).digest


async def test_a_correction_taken_back_by_sending_the_first_again(store: Reports) -> None:
    first, second = draft(a=(10, 5)), draft(a=(10, 6))
    found = await keep(store, first, second, first)
    assert [one.outcome for one in found] == [Outcome.STORED] * 3
    assert await latest(store) == {"unit:a": (10, 5)}


async def test_an_old_report_again_changes_nothing_when_a_newer_one_came(store: Reports) -> None:
    old = replace(draft(a=(10, 5)), targets=(target("a", "80"),))
    new = replace(draft(SEPTEMBER, a=(20, 5)), targets=(target("a", "90"),))
    assert [one.outcome for one in await keep(store, old, new, old)] == [Outcome.STORED, Outcome.STORED, Outcome.SAME]
    assert [one.percent for one in await store.targets(internal=False)] == [Decimal(90)]


async def test_what_several_reports_say_together_is_nothing_new(store: Reports) -> None:
    found = await keep(store, draft(a=(10, 5)), draft(b=(4, 4)), draft(a=(10, 5)), draft(a=(10, 5), b=(4, 4)))
    assert found[2:] == [Confirmed(Outcome.SAME, "report:1"), Confirmed(Outcome.SAME)]


async def test_to_publish_is_a_change_and_to_hide_is_none(store: Reports) -> None:
    hidden, shown = draft(a=(10, 5), published=False), draft(a=(10, 5))
    found = await keep(store, hidden, shown, hidden)
    assert [one.outcome for one in found] == [Outcome.STORED, Outcome.STORED, Outcome.SAME]


@pytest.mark.parametrize("percent", ["90", "90.0", "9E+1"])
async def test_noughts_are_no_change(store: Reports, percent: str) -> None:
    made = replace(draft(), targets=(target("a", "90"),))
    other = replace(draft(), targets=(target("a", percent),))
    assert other.digest == made.digest
    assert [one.outcome for one in await keep(store, made, other)] == [Outcome.STORED, Outcome.SAME]


async def test_the_last_import_is_rolled_back(store: Reports, engine: AsyncEngine) -> None:
    await keep(store, replace(draft(a=(10, 5)), targets=(target("a", "80"),)))
    await keep(store, replace(draft(SEPTEMBER, a=(20, 9), b=(1, 1)), targets=(target("a", "90"),)))
    assert await store.roll_back("report:2", by=LAN)
    assert await latest(store) == {"unit:a": (10, 5)}
    assert counts(await store.history("unit:a", internal=True)) == [(AUGUST, 10, 5)]
    assert await store.targets(internal=True) == (target("a", "80"),)
    assert await store.report("report:2") is None
    last = await store.last()
    assert last is not None
    assert last.id == "report:1"
    assert await rows(engine, "reports") == 2, "it is kept for the record"


async def test_only_the_last_and_only_once(store: Reports) -> None:
    await keep(store, draft(a=(10, 5)), draft(a=(11, 5)), draft(a=(12, 5)))
    assert not await store.roll_back("report:1", by=LAN)
    found = await asyncio.gather(*(store.roll_back("report:3", by=LAN) for _ in range(3)))
    assert sorted(found) == [False, False, True]
    assert await latest(store) == {"unit:a": (11, 5)}
    assert await store.roll_back("report:2", by=LAN)
    assert await latest(store) == {"unit:a": (10, 5)}


@pytest.mark.parametrize("report", ["", "1", "report:", "report:0", "report:-1", "report:x", "report:9", "report:²"])
async def test_what_cannot_be_rolled_back(store: Reports, report: str) -> None:
    await keep(store, *[draft(a=(10, number)) for number in range(2)])
    assert not await store.roll_back(report, by=LAN)
    assert not await store.roll_back("report:" + "9" * 30, by=LAN)
    assert await latest(store) == {"unit:a": (10, 1)}


async def test_what_was_rolled_back_can_be_imported_anew(store: Reports) -> None:
    await keep(store, draft(a=(10, 5)))
    await store.roll_back("report:1", by=LAN)
    assert await keep(store, draft(a=(10, 5))) == [Confirmed(Outcome.STORED, "report:2")]


async def test_latest_by_unit_up_to_a_day(store: Reports) -> None:
    await keep(store, draft(SEPTEMBER, a=(20, 9)), draft(AUGUST, a=(10, 5), b=(3, 1)), draft(OCTOBER, b=(5, 2)))
    assert await latest(store, AUGUST - timedelta(days=1)) == {}
    assert await latest(store, AUGUST) == {"unit:a": (10, 5), "unit:b": (3, 1)}
    assert await latest(store, SEPTEMBER) == {"unit:a": (20, 9), "unit:b": (3, 1)}
    assert await latest(store, OCTOBER) == {"unit:a": (20, 9), "unit:b": (5, 2)}
    found = (await store.latest(OCTOBER, internal=False))["unit:b"]
    assert found == DatedFigure(Figure("unit:b", 5, 2, "7"), OCTOBER, "report:3", "Báo cáo 2023-10-31", True)


async def test_what_is_internal_is_seen_only_when_asked_for(store: Reports) -> None:
    made = replace(draft(SEPTEMBER, a=(20, 9), published=False), targets=(target("a", "95"),))
    await keep(store, replace(draft(a=(10, 5)), targets=(target("a", "80"),)), made)
    assert await latest(store) == {"unit:a": (10, 5)}
    assert await latest(store, internal=True) == {"unit:a": (20, 9)}
    assert counts(await store.history("unit:a", internal=False)) == [(AUGUST, 10, 5)]
    assert counts(await store.history("unit:a", internal=True)) == [(AUGUST, 10, 5), (SEPTEMBER, 20, 9)]
    assert await store.targets(internal=False) == (target("a", "80"),)
    assert await store.targets(internal=True) == (target("a", "95"),)


async def test_a_history_has_each_day_once(store: Reports) -> None:
    await keep(store, draft(SEPTEMBER, a=(20, 9)), draft(AUGUST, a=(9, 5), b=(1, 1)), draft(AUGUST, a=(10, 5)))
    assert counts(await store.history("unit:a", internal=False)) == [(AUGUST, 10, 5), (SEPTEMBER, 20, 9)]


async def test_targets_of_several_years(store: Reports) -> None:
    first = replace(draft(), targets=(target("b", "90"), target("a", "80")))
    second = replace(draft(SEPTEMBER), targets=(target("a", "85", NEXT_DUE), target("b", "99.5", keep=True)))
    await keep(store, first, second)
    assert await store.targets(internal=False) == (
        target("a", "80"),
        target("a", "85", NEXT_DUE),
        target("b", "99.5", keep=True),
    )


async def test_the_newest_reports_first(store: Reports) -> None:
    await keep(store, *[draft(a=(10, number)) for number in range(4)])
    assert [one.id for one in await store.reports(3)] == ["report:4", "report:3", "report:2"]
    assert all(isinstance(one, StoredReport) for one in await store.reports(3))


async def test_ten_thousand_rows(store: Reports) -> None:
    many = draft(**{f"u{number}": (number, number // 2) for number in range(10_000)})
    assert await keep(store, many) == [Confirmed(Outcome.STORED, "report:1")]
    assert len(await latest(store)) == 10_000
    assert await keep(store, many) == [Confirmed(Outcome.SAME, "report:1")]


async def test_it_survives_a_restart(place: Place, store: Reports, watch: Watch) -> None:
    await keep(store, draft(a=(10, 5)))
    staged = await store.stage(draft(b=(1, 1)), by=LAN)
    again = place.open()
    await upgrade(again)
    other = StoredReports(again, watch)
    assert (await other.confirm(staged.token, by=LAN)).outcome is Outcome.STORED
    assert await latest(other) == {"unit:a": (10, 5), "unit:b": (1, 1)}


async def test_a_failure_on_the_way_leaves_nothing_behind(store: Reports, engine: AsyncEngine) -> None:
    twice = replace(draft(), figures=(Figure("unit:a", 1, 1), Figure("unit:a", 2, 2)))
    staged = await store.stage(twice, by=LAN)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.confirm(staged.token, by=LAN)
    async with engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(reports)) == 0
        assert await connection.scalar(select(imports.c.used)) in (False, 0)


async def test_reading_takes_one_statement(store: Reports, engine: AsyncEngine) -> None:
    await keep(store, *[draft(a=(10, number), b=(1, 1)) for number in range(3)])
    said: list[str] = []

    def note(*args: object) -> None:
        said.append(str(args[2]))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await store.latest(OCTOBER, internal=False)
    await store.history("unit:a", internal=False)
    await store.targets(internal=False)
    assert len(said) == 3


async def test_what_waits_is_shown_to_who_sent_it(store: Reports, watch: Watch) -> None:
    sent = replace(draft(a=(10, 5)), targets=(target("a", "90", keep=True),))
    staged = await store.stage(sent, by=LAN)
    assert await store.staged(staged.token, by=LAN) == sent
    assert await store.staged(staged.token, by=MAI) is None
    assert await store.staged("unknown", by=LAN) is None
    watch.now += LASTS
    assert await store.staged(staged.token, by=LAN) is None


async def test_what_is_done_waits_no_more(store: Reports) -> None:
    staged = await store.stage(draft(a=(10, 5)), by=LAN)
    await store.confirm(staged.token, by=LAN)
    assert await store.staged(staged.token, by=LAN) is None


async def test_it_is_known_who_imported(store: Reports) -> None:
    await keep(store, draft(a=(10, 5)))
    last = await store.last()
    assert last is not None
    assert store.is_by(last, LAN)
    assert not store.is_by(last, MAI)


async def test_every_change_stands_in_the_trail(store: Reports, engine: AsyncEngine) -> None:
    first, second = draft(a=(10, 5)), draft(SEPTEMBER, published=False, a=(12, 6))
    await keep(store, first, first)
    await store.discard((await store.stage(second, by=MAI)).token, by=MAI)
    await store.discard("unknown", by=MAI)
    await store.roll_back("report:1", by=CONSOLE)
    await store.roll_back("report:1", by=CONSOLE)
    async with engine.connect() as connection:
        trail = (await connection.execute(select(audit).order_by(audit.c.id))).all()
    assert [(line.actor, line.action, line.object) for line in trail] == [
        (LAN, "stage", f"draft:{first.digest}"),
        (LAN, "import", "report:1"),
        (LAN, "stage", f"draft:{first.digest}"),
        (MAI, "stage", f"draft:{second.digest}"),
        (MAI, "discard", f"draft:{second.digest}"),
        (CONSOLE, "roll-back", "report:1"),
    ]
    assert trail[1].detail == f"as_of=2023-08-31 published=yes figures=1 targets=0 draft={first.digest}"
    assert trail[4].detail == "as_of=2023-09-30 published=no figures=1 targets=0"


async def test_the_trail_names_no_person(store: Reports, engine: AsyncEngine) -> None:
    await keep(store, draft(a=(10, 5)), by="telegram:1")
    async with engine.connect() as connection:
        actors = (await connection.execute(select(audit.c.actor))).scalars().all()
    assert actors
    assert not any("telegram" in actor for actor in actors)
