from datetime import date

from handlers.board import Board, LiveBoard, of_today
from knowledge.kpi_model import Figure, Report
from knowledge.model import Knowledge

PLAN = Report("plan", date(2023, 8, 23), "plan", True, {"unit:a": Figure("unit:a", 10, 4)}, {})
LATER = Report("report:1", date(2026, 9, 30), "sheet", True, {"unit:a": Figure("unit:a", 20, 15)}, {})


class Store:
    """Reports that can be changed under the board's hands; counts how often they are read."""

    def __init__(self) -> None:
        self.kept: list[Report] = []
        self.read = 0

    async def stamp(self) -> str:
        return ",".join(report.id for report in self.kept)

    async def standing(self) -> list[Report]:
        self.read += 1
        return list(self.kept)


def total(live: LiveBoard) -> int:
    return live.board.seen(None)["unit:a"].figure.total


async def test_what_is_imported_shows_after_a_refresh_and_goes_when_it_is_taken_back() -> None:
    store = Store()
    live = LiveBoard(PLAN, store)  # type: ignore[arg-type]  # only what the board asks of a store
    await live.refresh()
    assert total(live) == 10
    store.kept.append(LATER)
    assert total(live) == 10
    await live.refresh()
    assert total(live) == 20
    store.kept.clear()
    await live.refresh()
    assert total(live) == 10


async def test_nothing_is_read_while_nothing_changes() -> None:
    store = Store()
    store.kept.append(LATER)
    live = LiveBoard(PLAN, store)  # type: ignore[arg-type]  # only what the board asks of a store
    for _ in range(3):
        await live.refresh()
    assert store.read == 1


async def test_without_a_store_the_plan_is_all_there_is() -> None:
    live = LiveBoard(PLAN)
    await live.refresh()
    assert total(live) == 10


def test_the_newer_figures_of_a_unit_of_today_come_under_the_old_name(knowledge: Knowledge) -> None:
    units, plan = knowledge.plan.units, knowledge.plan.report
    old, new = "unit:phuong-bai-chay-thanh-pho-ha-long", "unit:phuong-bai-chay"

    def named(unit: str, *reports: Report) -> str:
        return of_today(unit, Board([plan, *reports]).seen(None), units)

    def report(unit: str, day: date) -> Report:
        return Report("r", day, "", True, {unit: Figure(unit, 10, 5)}, {})

    assert named(old) == old
    assert named(old, report(new, date(2026, 9, 30))) == new
    assert named(new, report(new, date(2026, 9, 30))) == new
    assert named(old, report(new, date(2023, 8, 1))) == old, "older figures do not count"
    assert named("unit:xa-quang-lam-huyen-dam-ha", report("unit:xa-quang-tan", date(2026, 9, 30))).startswith(
        "unit:xa-quang-lam"
    ), "another name is another unit"


INTERNAL = Report(
    "report:2",
    date(2026, 10, 31),
    "sheet",
    False,
    {"unit:a": Figure("unit:a", 30, 27), "unit:b": Figure("unit:b", 5, 5)},
    {},
)


def test_each_unit_stands_as_its_viewer_sees_it() -> None:
    board = Board([INTERNAL, LATER, PLAN])
    assert board.has_internal
    everyone = board.seen(None)
    assert everyone["unit:a"].figure.total == 20
    assert everyone["unit:a"].before == (PLAN.as_of, PLAN.figures["unit:a"])
    assert "unit:b" not in everyone
    insider = board.seen(lambda unit: unit == "unit:a")
    assert (insider["unit:a"].figure.total, insider["unit:a"].published) == (30, False)
    assert insider["unit:a"].before == (LATER.as_of, LATER.figures["unit:a"])
    assert "unit:b" not in insider
    assert board.seen(lambda _: True)["unit:b"].figure.total == 5


def test_a_published_report_after_an_internal_one_counts_for_everyone_and_keeps_what_was_before() -> None:
    newest = Report("report:3", date(2026, 11, 30), "sheet", True, {"unit:a": Figure("unit:a", 40, 38)}, {})
    board = Board([PLAN, INTERNAL, newest])
    assert board.seen(None)["unit:a"].before == (PLAN.as_of, PLAN.figures["unit:a"])
    assert board.seen(lambda _: True)["unit:a"].before == (INTERNAL.as_of, INTERNAL.figures["unit:a"])


def test_history_is_of_what_one_sees() -> None:
    board = Board([INTERNAL, LATER, PLAN])
    assert [figure.total for _, figure in board.history("unit:a", None)] == [10, 20]
    assert [figure.total for _, figure in board.history("unit:a", lambda _: True)] == [10, 20, 30]
    assert board.history("unit:none", None) == []
