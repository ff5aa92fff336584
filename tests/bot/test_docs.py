"""The documentation tells what there is: settings, commands, files."""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import click
import pytest
from pydantic import SecretStr

from bot.cli import main
from bot.config import PREFIX, Settings
from handlers.commands import COMMANDS

ROOT = Path(__file__).parents[2]
KEYS = [
    (section, key)
    for section, field in Settings.model_fields.items()
    for key in type(field.default).model_fields  # type: ignore[union-attr]
]


@pytest.fixture(scope="module")
def readme() -> str:
    path = ROOT / "README.md"
    assert path.exists(), "README.md is missing: settings, commands and files are documented there"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def config() -> str:
    return (ROOT / "config.toml").read_text(encoding="utf-8")


def default(section: str, key: str) -> object:
    value = getattr(getattr(Settings(), section), key)
    return value.get_secret_value() if isinstance(value, SecretStr) else value


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_setting_stands_in_the_readme(readme: str, section: str, key: str) -> None:
    rows = re.findall(rf"^\| `{section}\.{key}` \| (.+?) \|", readme, re.MULTILINE)
    value = default(section, key)
    said = "empty" if value == "" else f"`{str(value).lower() if isinstance(value, bool) else value}`"
    assert rows == [said], f"one row for {section}.{key} with its default"


def test_every_setting_in_the_readme_is_there(readme: str) -> None:
    assert set(re.findall(r"^\| `([a-z]+)\.([a-z_]+)` \|", readme, re.MULTILINE)) == set(KEYS)


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_setting_stands_in_config_toml(config: str, section: str, key: str) -> None:
    part = re.search(rf"^\[{section}\]\n(.*?)(?=^\[|\Z)", config, re.MULTILINE | re.DOTALL)
    assert part is not None
    assert re.search(rf"^(# )?{key} = ", part[1], re.MULTILINE)


def test_config_toml_gives_the_defaults(config: str) -> None:
    assert Settings.model_validate(tomllib.loads(config)) == Settings()


def test_every_variable_that_is_named_is_a_setting(readme: str, config: str) -> None:
    texts = [readme, config, (ROOT / "Makefile").read_text(encoding="utf-8")]
    named = {name for text in texts for name in re.findall(rf"\b{PREFIX}[A-Z_]+__[A-Z_]+\b", text)} - {
        f"{PREFIX}SECTION__KEY"
    }
    settings = {f"{PREFIX}{section}__{key}".upper() for section, key in KEYS}
    assert {name.removesuffix("_FILE") for name in named} <= settings


def commands(group: click.Group, *path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name))


@pytest.mark.parametrize("command", list(commands(main, "dvcbot")))
def test_every_command_stands_in_the_readme(readme: str, command: str) -> None:
    assert f"`{command}" in readme


def test_every_command_in_the_readme_is_there(readme: str) -> None:
    known = set(commands(main, "dvcbot"))
    for row in re.findall(r"^\| `(dvcbot [^`]+)` \|", readme, re.MULTILINE):
        assert any(row == command or row.startswith(f"{command} ") for command in known), row


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_chat_command_stands_in_the_help(command: str) -> None:
    shown = (Path(str(files("handlers"))) / "templates" / "help.j2").read_text(encoding="utf-8")
    assert f"/{command} " in shown


def test_no_chat_command_in_the_help_is_gone() -> None:
    shown = (Path(str(files("handlers"))) / "templates" / "help.j2").read_text(encoding="utf-8")
    assert set(re.findall(r"(?<![\w<])/([a-z0-9_]+)", shown)) == {command.name for command in COMMANDS}


def test_every_make_target_that_is_named_is_there(readme: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    documents = [readme, makefile]
    named = {name for text in documents for name in re.findall(r"(?:`|^    |^# )make ([a-z]+)", text, re.MULTILINE)}
    assert named
    assert named <= targets


def test_every_link_leads_to_a_file(readme: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)|src=\"([^\"]+)\"", readme)
    assert [link for pair in links for link in pair if link and not (ROOT / link).exists()] == []


def test_every_folder_that_is_named_is_there(readme: str) -> None:
    named = re.findall(r"`((?:bot|handlers|knowledge|tests|benchmarks)/[\w/.-]+)`", readme)
    assert [path for path in named if not (ROOT / path).exists()] == []
