from datetime import date

from handlers.board import LiveBoard
from knowledge.kpi_model import Figure, Report

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
