"""``dvcbot officer``: invite, list and revoke from the machine itself. The first administrator comes in this way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import click

from bot import app
from bot.cli_parts import moment, quiet_settings
from bot.config import Settings
from bot.errors import UserError
from bot.loop import wait_for
from bot.store.engine import opened
from bot.store.officers import StoredOfficers
from handlers.codes import grouped
from handlers.officers import CONSOLE, INVITATION_LASTS, Role

MOST_DAYS = 90
ROLES = ", ".join(Role)


@click.group()
def officer() -> None:
    """Look after who has which rights."""


@officer.command()
@click.option("--role", required=True, callback=lambda *a: _role(a[2]), help=f"{ROLES}.")
@click.option("--unit", help="For officer and leader: the id of the unit, as unit:xa-quang-an-huyen-dam-ha.")
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=INVITATION_LASTS.days,
    show_default=True,
    help="How long the code can be redeemed.",
)
@click.pass_obj
def invite(config_file: Path | None, role: Role, unit: str | None, days: int) -> None:
    """Make a code that gives its first user the role."""
    settings = quiet_settings(config_file)
    _check(role, unit)

    from bot.channels.telegram import username  # noqa: PLC0415 the other commands need no Telegram

    async def work() -> None:
        async with _officers(settings) as officers:
            code, invitation = await officers.invite(role, unit, by=CONSOLE, lasts=timedelta(days=days))
        click.echo(f"code: {grouped(code)} (works once, until {moment(invitation.expires)})")
        click.echo(f"the officer sends to the bot: /dangky {grouped(code)}")
        if settings.telegram.token.get_secret_value() and (name := await username(settings.telegram)):
            click.echo(f"or opens: https://t.me/{name}?start={code}")

    wait_for(work())


@officer.command("list")
@click.pass_obj
def list_officers(config_file: Path | None) -> None:
    """Show the officers, and the invitations nobody has used yet (their ids start with i)."""
    settings = quiet_settings(config_file)

    async def work() -> None:
        async with _officers(settings) as officers:
            found, waiting = await officers.officers(), await officers.invitations()
        for one in found:
            click.echo(_line(one.id, one.role, one.unit, f"since {moment(one.since)}" if one.since else ""))
        for code in waiting:
            click.echo(_line(code.id, code.role, code.unit, f"invited, until {moment(code.expires)}"))
        if not (found or waiting):
            click.echo("there are no officers yet: dvcbot officer invite --role admin")

    wait_for(work())


@officer.command()
@click.argument("entry_id", metavar="ID")
@click.pass_obj
def revoke(config_file: Path | None, entry_id: str) -> None:
    """Take away the rights of officer ID, or withdraw invitation ID, at once. The ids: officer list."""
    settings = quiet_settings(config_file)

    async def work() -> None:
        async with _officers(settings) as officers:
            gone = await officers.revoke(entry_id, by=CONSOLE)
        if gone is None:
            raise UserError(f"no officer and no open invitation has the id {entry_id} (see dvcbot officer list)")
        click.echo(f"revoked: {gone.id} {gone.role} {gone.unit or ''}".rstrip())

    wait_for(work())


@asynccontextmanager
async def _officers(settings: Settings) -> AsyncIterator[StoredOfficers]:
    async with opened(settings.database.url.get_secret_value()) as engine:
        yield StoredOfficers(engine, app.now)


def _role(name: str) -> Role:
    if name not in set(Role):
        raise UserError(f"there is no role {name!r}: expected one of {ROLES}")
    return Role(name)


def _check(role: Role, unit: str | None) -> None:
    if role.has_unit and not unit:
        raise UserError(f"role {role} needs --unit UNIT-ID")
    if not role.has_unit and unit:
        raise UserError(f"role {role} is for the whole province: leave out --unit")
    if unit and unit not in app.units_of(app.read_knowledge()):
        raise UserError(f"there is no unit {unit}")


def _line(entry_id: str, role: Role, unit: str | None, more: str = "") -> str:
    return f"{entry_id:>5}  {role:<9} {unit or '-':<45} {more}".rstrip()
