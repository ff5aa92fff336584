"""``dvcbot kpi export``: figures as a spreadsheet, a page to print or a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path

import click

from bot import app, logs
from bot.artist import StudioArtist
from bot.config import load_settings
from bot.errors import UserError
from bot.loop import wait_for
from bot.record import SilentRecorder
from bot.sheets_write import write_csv, write_report
from bot.store.engine import opened
from bot.store.reports import StoredReports
from handlers.board import Board
from handlers.charts import Charts
from handlers.export import Export, export_of
from handlers.kpi_view import KpiView, slug
from handlers.unit_names import units_named
from knowledge.kpi_model import Report, Unit, UnitKind
from knowledge.plan import Plan

KINDS = (".xlsx", ".csv", ".pdf", ".png")
DATES = ("%Y-%m-%d", "%d/%m/%Y")
MOST_NAMED = 5


@click.command()
@click.option(
    "--unit", help="A unit and those below, by id (unit:huyen-dam-ha) or name; without it the whole province."
)
@click.option("--as-of", callback=lambda *a: _day(a[2]), help="The figures as of that day (2023-12-31) or before.")
@click.option("--published", is_flag=True, help="Leave out what is not published.")
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"The file to write; its ending tells what: {', '.join(KINDS)}.",
)
@click.pass_obj
def export(config_file: Path | None, unit: str | None, as_of: date | None, published: bool, output: Path) -> None:
    """Write the newest figures and targets into a file: a table (.xlsx, .csv), a page to print (.pdf) or a picture
    (.png)."""
    if output.suffix.lower() not in KINDS:
        raise UserError(f"--output {output}: expected a name that ends in one of {', '.join(KINDS)}")
    settings = load_settings(config_file)
    logs.set_up(settings.log.model_copy(update={"level": "warning"}))
    plan = app.read_knowledge().plan
    chosen = _unit(unit, plan)

    async def work() -> None:
        async with opened(settings.database.url.get_secret_value()) as engine:
            reports = [plan.report, *await StoredReports(engine, app.now).standing()]
        view = _view(plan, reports, as_of, published=published)
        found = export_of(view, plan.units, chosen)
        if found is None:
            raise UserError(f"there are no figures of {chosen.title}" + (f" as of {as_of}" if as_of else ""))
        _write(output, await WRITERS[output.suffix.lower()](found, view))
        internal = f", {found.internal} of them not published" if found.internal else ""
        number = f"{len(found.rows)} unit{'s' if len(found.rows) > 1 else ''}"
        click.echo(f"{output}: {number}{internal}, as of {found.as_of}")

    wait_for(work())


def _view(plan: Plan, reports: list[Report], as_of: date | None, *, published: bool) -> KpiView:
    known = [report for report in reports if as_of is None or report.as_of <= as_of]
    return KpiView(plan, Board(known), None if published else lambda _: True, app.now().date())


def _day(typed: str | None) -> date | None:
    if typed is None:
        return None
    for form in DATES:
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    raise UserError(f"--as-of {typed!r}: expected a day as 2023-12-31 or 31/12/2023")


def _unit(typed: str | None, plan: Plan) -> Unit:
    units = plan.units.by_id
    if typed is None:
        return next(unit for unit in units.values() if unit.kind is UnitKind.PROVINCE)
    named = units_named(typed, units)
    with_figures = [unit for unit in named if unit.id in plan.report.figures] or named
    if not with_figures:
        raise UserError(f"there is no unit {typed}")
    if len(with_figures) > 1:
        ids = ", ".join(unit.id for unit in with_figures[:MOST_NAMED])
        raise UserError(f"--unit {typed}: several units are called so: {ids}")
    return with_figures[0]


async def _xlsx(found: Export, _: KpiView) -> bytes:
    return await asyncio.to_thread(write_report, *found.table())


async def _csv(found: Export, _: KpiView) -> bytes:
    return write_csv(*found.table())


async def _pdf(found: Export, _: KpiView) -> bytes:
    page = found.summary()
    return await StudioArtist().summary(page.title, page.headlines, page.rows, page.footer)


async def _png(found: Export, view: KpiView) -> bytes:
    charts = Charts(StudioArtist(), SilentRecorder())
    below = view.listing("below", slug(found.unit.id))
    picture = await charts.bars(view, below) if below and below.lines else await charts.trend(view, found.unit)
    if picture is None:
        raise UserError(f"there is no rate to draw of {found.unit.title}")
    return picture.png


WRITERS: dict[str, Callable[[Export, KpiView], Awaitable[bytes]]] = {
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".pdf": _pdf,
    ".png": _png,
}


def _write(output: Path, data: bytes) -> None:
    try:
        output.write_bytes(data)
    except OSError as error:
        raise UserError(f"cannot write {output}: {error.strerror}") from error
