"""``dvcbot knowledge``: check the content, and report where it falls short."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import click

from bot import app, logs
from bot.config import Settings, load_settings
from bot.errors import UserError
from bot.loop import wait_for
from bot.store.engine import opened, require_file
from bot.store.questions import StoredQuestions
from handlers.missed import Counted
from knowledge.load import ContentError, load
from knowledge.review import SOON, Due, due

MOST_DAYS = 365
MOST_LINES = 1000


@click.group()
def knowledge() -> None:
    """Look after the content."""


@knowledge.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
def check(folder: Path | None) -> None:
    """Check the content (of FOLDER instead of the project's): every mistake with its file and entry."""
    try:
        found = load(folder)
    except ContentError as error:
        raise UserError(f"{len(error.problems)} mistakes in the content\n{error}") from error
    counts = (
        f"{len(found.entries)} entries, {len(found.procedures)} procedures, {len(found.hotlines)} numbers,"
        f" {len(found.plan.units)} units, {len(found.plan.report.figures)} figures"
    )
    click.echo(f"content is sound: {counts}")


@knowledge.command()
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=30,
    show_default=True,
    help="Questions missed within so many days, today among them.",
)
@click.option(
    "--most", type=click.IntRange(1, MOST_LINES), default=20, show_default=True, help="So many questions at most."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def report(config_file: Path | None, days: int, most: int, as_json: bool) -> None:
    """Tell which questions were missed most, and what must be checked again now or soon."""
    settings = load_settings(config_file)
    logs.set_up(settings.log.model_copy(update={"level": "warning"}))
    require_file(settings.database.url.get_secret_value())
    today = app.now().date()
    pressing = due(app.read_knowledge(), today)

    async def work() -> None:
        missed = await _missed(settings, most, today - timedelta(days=days - 1))
        if as_json:
            click.echo(json.dumps(_object(missed, pressing, today), ensure_ascii=False))
        else:
            click.echo("\n".join((*_questions(missed, days), "", *_reviews(pressing, today))))

    wait_for(work())


async def _missed(settings: Settings, most: int, since: date) -> list[Counted]:
    async with opened(settings.database.url.get_secret_value()) as engine:
        questions = StoredQuestions(engine, app.now, timedelta(days=settings.questions.keep_days))
        return await questions.most_frequent(most, since)


def _questions(missed: Sequence[Counted], days: int) -> Iterator[str]:
    if not missed:
        yield f"no question was missed in the last {days} days"
        return
    yield f"missed questions of the last {days} days, the most frequent first (times, kind, last seen, shown, words):"
    for one in missed:
        asked = one.missed
        yield f"{one.count:>6}  {asked.kind:<5}  {_day(one.last_seen)}  {asked.item or '-':<28}  {asked.sample}"


def _reviews(pressing: Sequence[Due], today: date) -> Iterator[str]:
    if not pressing:
        yield f"nothing must be checked again within {SOON.days} days"
        return
    late = sum(one.review_by < today for one in pressing)
    yield f"to be checked again: {late} overdue, {len(pressing) - late} within {SOON.days} days"
    for one in pressing:
        state = "overdue" if one.review_by < today else "soon"
        yield f"{state:>9}  {_day(one.review_by)}  {one.id:<28}  {one.file}  {one.owner}".rstrip()


def _object(missed: Sequence[Counted], pressing: Sequence[Due], today: date) -> dict[str, object]:
    return {
        "missed": [
            {
                "kind": one.missed.kind.value,
                "count": one.count,
                "first_seen": one.first_seen.isoformat(),
                "last_seen": one.last_seen.isoformat(),
                "item": one.missed.item,
                "form": one.missed.form,
                "sample": one.missed.sample,
            }
            for one in missed
        ],
        "due": [
            {
                "id": one.id,
                "file": one.file,
                "owner": one.owner,
                "review_by": one.review_by.isoformat(),
                "overdue": one.review_by < today,
            }
            for one in pressing
        ],
    }


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"
