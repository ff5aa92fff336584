"""The console script ``dvcbot``. Errors are one clear line and exit code 2."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bot import app, logs
from bot.channels import console
from bot.cli_knowledge import knowledge
from bot.cli_kpi import kpi
from bot.cli_officers import officer
from bot.config import Log, load_settings
from bot.errors import UserError
from bot.evaluate import ask_all, read_questions, table
from bot.explain import explain
from bot.loop import wait_for
from bot.store.backup import backup
from bot.store.engine import opened
from handlers.assistant import Assistant
from handlers.model import Message
from knowledge.search import Search

_WHO = re.compile(r"citizen|admin|officer:unit:[a-z0-9-]+")


class OneLineError(click.ClickException):
    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"dvcbot: {self.format_message()}", file=file, err=True)


class Program(click.Group):
    """Tells a mistake in one line and ends with exit code 2."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        with _in_one_line():
            return super().make_context(*args, **more)

    def invoke(self, context: click.Context) -> Any:
        with _in_one_line():
            return super().invoke(context)


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except UserError as error:
        raise OneLineError(str(error)) from None
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        help_at = f" (see {error.ctx.command_path} --help)" if error.ctx else ""
        raise OneLineError(error.format_message().rstrip(".") + help_at) from None


@click.group(cls=Program)
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Settings file (default: config.toml here)."
)
@click.pass_context
def main(context: click.Context, config_file: Path | None) -> None:
    """Assistant for online public services in Quang Ninh."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    context.obj = config_file


@main.command()
@click.pass_obj
def run(config_file: Path | None) -> None:
    """Serve the web chat and, when a token is set, Telegram."""
    settings = load_settings(config_file)
    logs.set_up(settings.log)
    wait_for(app.run(settings))


@main.command()
@click.option(
    "--as", "who", default="citizen", callback=lambda *a: _checked_who(a[2]), help="citizen, admin or officer:UNIT-ID."
)
def chat(who: str) -> None:
    """Talk with the assistant in the terminal."""
    logs.set_up(Log(level="warning"))
    wait_for(console.chat(app.console_assistant(app.read_knowledge(), who), f"console:{who}"))


@main.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the reply.")
@click.option("--explain", "explained", is_flag=True, help="Tell why the answer is what it is, instead of giving it.")
@click.option("--jsonl", is_flag=True, help="Answer each line of standard input with one JSON object.")
@click.option(
    "--conversation", is_flag=True, help="With --jsonl: lines share a conversation; an empty line starts the next."
)
@click.option(
    "--as", "who", default="citizen", callback=lambda *a: _checked_who(a[2]), help="citizen, admin or officer:UNIT-ID."
)
@click.option(
    "--save", type=click.Path(path_type=Path, file_okay=False), help="Keep pictures and files of the reply in a folder."
)
def ask(  # noqa: PLR0913, PLR0917 one for each option
    question: str | None,
    as_json: bool,
    explained: bool,
    jsonl: bool,
    conversation: bool,
    who: str,
    save: Path | None,
) -> None:
    """Answer QUESTION, or with --jsonl every line of standard input."""
    if jsonl == (question is not None):
        raise UserError(
            "give a question or --jsonl, not both"
            if jsonl
            else "give a question, or --jsonl and lines on standard input"
        )
    if conversation and not jsonl:
        raise UserError("--conversation goes with --jsonl")
    if explained and (jsonl or as_json):
        raise UserError("--explain goes with a question alone")
    if save and (jsonl or as_json or explained):
        raise UserError("--save goes with a question alone")
    logs.set_up(Log(level="warning"))
    found = app.read_knowledge()
    if explained:
        click.echo("\n".join(explain(question or "", Search(found), found)))
        return
    assistant = app.console_assistant(found, who)
    wait_for(
        _answer_lines(assistant, who, shared=conversation)
        if jsonl
        else _answer(assistant, question or "", who, as_json=as_json, save=save)
    )


async def _answer(assistant: Assistant, question: str, who: str, *, as_json: bool, save: Path | None) -> None:
    person = f"console:{who}"
    if as_json:
        click.echo(json.dumps(await console.answer_one(assistant, question, person, person), ensure_ascii=False))
        return
    outcome = await assistant.ask(Message("console", person, person, question))
    click.echo(console.shown(outcome))
    for saved in console.keep(outcome, save) if save else ():
        click.echo(str(saved))


async def _answer_lines(assistant: Assistant, who: str, *, shared: bool) -> None:
    async for line in console.answer_lines(assistant, sys.stdin, f"console:{who}", shared=shared):
        click.echo(line)


def _checked_who(who: str) -> str:
    if not _WHO.fullmatch(who):
        raise UserError(f"--as {who!r}: expected citizen, admin or officer:UNIT-ID")
    return who


@main.command("eval")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def evaluate(files: tuple[Path, ...]) -> None:
    """Measure the answers on the questions in FILES (TOML, JSONL, or folders of TOML)."""
    questions = read_questions(files)
    logs.set_up(Log(level="warning"))
    assistant = app.console_assistant(app.read_knowledge())

    async def work() -> None:
        results = await ask_all(assistant, questions)
        click.echo("\n".join(table(results, lambda question: (question.group,))))

    wait_for(work())


@main.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@click.pass_obj
def db_upgrade(config_file: Path | None) -> None:
    """Bring the database to the newest schema."""
    settings = load_settings(config_file)
    logs.set_up(settings.log)

    async def work() -> None:
        async with opened(settings.database.url.get_secret_value()):
            pass

    wait_for(work())
    click.echo("the database is up to date")


@db.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.pass_obj
def db_backup(config_file: Path | None, target: Path) -> None:
    """Copy the SQLite database into TARGET while it is in use."""
    backup(load_settings(config_file).database.url.get_secret_value(), target)
    click.echo(f"copied to {target}")


main.add_command(kpi)
main.add_command(knowledge)
main.add_command(officer)
main.add_command(kpi)
