"""``dvcbot kpi``: figures shown, brought in, listed and taken back from the machine itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from bot import app
from bot.cli_kpi_export import export
from bot.cli_parts import moment, quiet_settings
from bot.errors import UserError
from bot.loop import wait_for
from bot.sheet_reader import SheetReader
from bot.sheets_write import Scribe
from bot.store.engine import opened
from bot.store.reports import StoredReports
from handlers.board import LiveBoard, Standing, of_today
from handlers.intake import Checked, Checker, Table, blank_rows
from handlers.intake_view import IntakeView
from handlers.kpi_view import PROVINCE, KpiView, slug
from handlers.officers import CONSOLE, is_within
from handlers.ports import Stored
from handlers.reports import Outcome, StoredReport
from handlers.tables import Caption
from handlers.words import word
from knowledge import kpi as sums
from knowledge.intake_model import Refusal, SheetError
from knowledge.kpi_model import Figure
from knowledge.markup import plain
from knowledge.places import Places
from knowledge.plan import Plan
from knowledge.text import tokens

LISTED = 20
DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
REFUSALS = {
    Refusal.TOO_BIG: "the file is too large",
    Refusal.TOO_MANY_ROWS: "the table has too many rows",
    Refusal.NOT_A_SPREADSHEET: "this is no spreadsheet: XLSX or CSV is wanted",
    Refusal.OTHER_FORMAT: "this kind of spreadsheet is not read: save it as XLSX",
    Refusal.BROKEN: "the file is broken",
    Refusal.ENCRYPTED: "the file has a password",
    Refusal.MACROS: "the file has macros: save it as XLSX",
    Refusal.BOMB: "the file unpacks to an unlikely size",
    Refusal.EMPTY: "the file is empty",
}


@dataclass(frozen=True, slots=True)
class Office:
    """The plan, the reports that were imported, and who is told of new ones."""

    plan: Plan
    reports: StoredReports
    told: Stored


@click.group()
def kpi() -> None:
    """Look after the units' figures."""


@kpi.command()
@click.argument("unit", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def show(config_file: Path | None, unit: str | None, as_json: bool) -> None:
    """Show the newest figure of UNIT (an id or a name; without one the whole province), unpublished ones too."""

    async def work() -> None:
        async with _office(config_file) as office:
            live = LiveBoard(office.plan.report, office.reports)
            await live.refresh()
        standings = live.board.seen(lambda _: True)
        found = PROVINCE if unit is None else of_today(_unit(office.plan, unit), standings, office.plan.units)
        if as_json:
            click.echo(json.dumps(_as_json(office.plan, found, standings), ensure_ascii=False))
            return
        shown = KpiView(office.plan, live.board, lambda _: True, app.now().date()).unit(slug(found))
        click.echo(plain(shown[0]) if shown else "")

    wait_for(work())


@kpi.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as-of", type=DAY, help="The day the figures count up to, YYYY-MM-DD; else as the table says.")
@click.option("--due", type=DAY, help="The day the targets are due; else 31 December of that year.")
@click.option("--publish", is_flag=True, help="Everyone may see the figures; otherwise only those in scope.")
@click.option("--source", default="", help="What is told as the source; else the file's name.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def import_(  # noqa: PLR0913, PLR0917 one for each option
    config_file: Path | None,
    file: Path,
    as_of: datetime | None,
    due: datetime | None,
    publish: bool,
    source: str,
    yes: bool,
) -> None:
    """Check the table in FILE (XLSX or CSV) and store it as a report. With one bad row nothing is stored."""

    async def work() -> None:
        table = await _table(file)
        day = as_of.date() if as_of else table.day(app.now().date())
        if day is None or day > app.now().date():
            problem = f"{day} is in the future" if day else "the table tells no day"
            raise UserError(f"{problem}: name the day of the figures with --as-of YYYY-MM-DD")
        async with _office(config_file) as office:
            checker = Checker(office.plan, office.reports)
            checked = await checker.check(table, day, lambda _: True, due.date() if due else None, source)
            await _store(office, _sound(office, checked), publish=publish, ask=not yes)

    wait_for(work())


@kpi.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def rollback(config_file: Path | None, yes: bool) -> None:
    """Take back the report that was imported last."""

    async def work() -> None:
        async with _office(config_file) as office:
            last = await office.reports.last()
            if last is None:
                raise UserError("no report was imported: there is nothing to take back")
            click.echo(_line(last))
            if not (yes or _agreed("take it back?")):
                click.echo("nothing is changed")
            elif await office.reports.roll_back(last.id, by=CONSOLE):
                click.echo(f"taken back: {last.id}")
            else:
                raise UserError(f"{last.id} is no longer the last report: nothing is changed")

    wait_for(work())


@kpi.command("list")
@click.option("--most", type=click.IntRange(1), default=LISTED, show_default=True, help="How many.")
@click.pass_obj
def list_reports(config_file: Path | None, most: int) -> None:
    """Show the imported reports, the newest first."""

    async def work() -> None:
        async with _office(config_file) as office:
            found = await office.reports.reports(most)
        click.echo("\n".join(map(_line, found)) if found else "no report was imported yet: dvcbot kpi import FILE")

    wait_for(work())


@kpi.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--unit", help="Only this unit and those below: an id or a name.")
@click.pass_obj
def template(config_file: Path | None, file: Path, unit: str | None) -> None:
    """Write a blank table with the units of today into FILE (XLSX)."""
    if file.exists():
        raise UserError(f"{file} is there already: name another file")

    async def work() -> None:
        async with _office(config_file) as office:
            above = _unit(office.plan, unit) if unit else PROVINCE
            units = office.plan.units.by_id
            rows = await blank_rows(
                office.plan, office.reports, app.now().date(), lambda one: is_within(one, above, units)
            )
        if not rows:
            raise UserError(f"{above} has no units today")
        made = await Scribe().template(Caption(word("intake.template")), rows)
        try:
            await asyncio.to_thread(file.write_bytes, made)
        except OSError as error:
            raise UserError(f"cannot write {file}: {error.strerror}") from error
        click.echo(f"{_counted(len(rows), 'unit')} in {file}")

    wait_for(work())


kpi.add_command(export)


@asynccontextmanager
async def _office(config_file: Path | None) -> AsyncIterator[Office]:
    settings = quiet_settings(config_file)
    plan = app.read_knowledge().plan
    async with opened(settings.database.url.get_secret_value()) as engine:
        reports = StoredReports(engine, app.now)
        yield Office(plan, reports, app.after_import(app.notices_of(engine, LiveBoard(plan.report, reports), plan)))


def _unit(plan: Plan, text: str) -> str:
    """The unit with this id or name. Raises UserError with the candidates when it is not one."""
    if text in plan.units.by_id:
        return text
    mentions = Places(plan.units, plan.place_words).find(tokens(text))
    found = list(dict.fromkeys(unit for mention in mentions for unit in mention.units))
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError(f"there is no unit {text!r}")
    candidates = "".join(f"\n{unit}  {plan.units.title(unit)}" for unit in found)
    raise UserError(f"{text!r} may be any of these, name one by its id:{candidates}")


def _as_json(plan: Plan, unit: str, standings: Mapping[str, Standing]) -> dict[str, Any]:
    """A unit's figure and target, of the province the sum of all figures. Shares in percent, null where none is."""
    if unit == PROVINCE:
        figures = [standing.figure for standing in standings.values()]
        whole = sums.rolled_up(unit, figures)
        newest = max((standing.as_of for standing in standings.values()), default=None)
        return _about(plan, unit) | _counts(whole, newest)
    standing = standings.get(unit)
    if standing is None:
        before = [old.id for old, _ in plan.units.predecessors(unit)]
        return _about(plan, unit) | {"figures": None, "predecessors": before}
    target = standing.target
    needed = target and {
        "same_total": sums.needed_same_total(standing.figure, target),
        "all_new_online": sums.needed_new(standing.figure, target),
    }
    return (
        _about(plan, unit)
        | _counts(standing.figure, standing.as_of)
        | {
            "target": float(target.percent) if target else None,
            "due": target.due.isoformat() if target else None,
            "gap": _number(sums.gap(standing.figure, target)) if target else None,
            "reached": sums.is_reached(standing.figure, target) if target else None,
            "needed": needed,
            "published": standing.published,
            "source": standing.source,
        }
    )


def _about(plan: Plan, unit: str) -> dict[str, Any]:
    return {"unit": unit, "title": plan.units.title(unit)}


def _counts(figure: Figure, as_of: date | None) -> dict[str, Any]:
    return {
        "as_of": as_of.isoformat() if as_of else None,
        "total": figure.total,
        "online": figure.online,
        "rate": _number(sums.rate(figure)),
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(sums.rounded(value, 4))


async def _table(file: Path) -> Table:
    sheets = SheetReader()
    try:
        if (await asyncio.to_thread(file.stat)).st_size > sheets.largest:
            raise SheetError(Refusal.TOO_BIG)
        return Table(await sheets.read(await asyncio.to_thread(file.read_bytes), file.name), file.name)
    except SheetError as error:
        raise UserError(f"{file}: {REFUSALS[error.reason]}") from error
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror}") from error


def _sound(office: Office, checked: Checked) -> Checked:
    """``checked`` when it can be stored. Raises UserError with every bad row."""
    if problems := checked.intake.problems:
        view = IntakeView(office.plan.units.by_id)
        lines = "\n".join(view.line(problem, checked) for problem in problems)
        raise UserError(f"{checked.name}: {_counted(len(problems), 'mistake')}, nothing is stored\n{lines}")
    if checked.is_empty:
        raise UserError(f"{checked.name}: there is no figure and no target in it")
    return checked


async def _store(office: Office, checked: Checked, *, publish: bool, ask: bool) -> None:
    staged = await office.reports.stage(checked.draft(published=publish), by=CONSOLE)
    if not staged.same:
        click.echo(plain(IntakeView(office.plan.units.by_id).preview(checked)))
        if ask and not _agreed(f"\nstore it as {'a published' if publish else 'an internal'} report?"):
            await office.reports.discard(staged.token, by=CONSOLE)
            click.echo("nothing is stored")
            return
    done = await office.reports.confirm(staged.token, by=CONSOLE)
    if done.outcome is Outcome.STORED and (report := await office.reports.report(done.report)):
        await office.told(report)
    same = f"nothing changes: {done.report or 'the reports of this day'} says all of it already"
    click.echo(same if staged.same else f"stored: {done.report}")


def _agreed(question: str) -> bool:
    try:
        return click.confirm(question)
    except click.Abort:
        raise UserError("nobody confirmed: nothing is changed (--yes does not ask)") from None


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _line(report: StoredReport) -> str:
    seen = "published" if report.published else "internal"
    return f"{report.id:<12} {report.as_of:%d/%m/%Y}  {seen:<9}  {moment(report.imported_at)}  {report.source}"
