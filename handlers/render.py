"""Templates into HTML. Every word the assistant says is in ``templates/``."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from handlers.words import word


def render(template: str, **values: object) -> str:
    """The HTML of ``template``. A variable that it needs and does not get raises UndefinedError."""
    return _template(template).render(**values).strip()


@cache
def _template(name: str) -> Template:
    return environment().get_template(name)


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(str(files("handlers"))) / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = _day
    made.filters["html"] = Markup
    made.globals["word"] = word
    return made


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"
