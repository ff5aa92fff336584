"""Templates into HTML. Every word the assistant says is in ``templates/``."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from handlers.words import word
from knowledge.kpi import rounded


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
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = _day
    made.filters["html"] = Markup
    made.filters["percent"] = percent
    made.filters["points"] = points
    made.filters["count"] = count
    made.globals["word"] = word
    return made


def percent(value: Fraction) -> str:
    """A share in percent as Vietnamese write it, with one decimal where it needs one: "42,9%"."""
    return f"{_decimal(value)}%"


def points(value: Fraction) -> str:
    """A distance between shares: in percentage points, with the words of the interface."""
    return word("kpi.points", value=_decimal(value))


def count(value: int | Fraction) -> str:
    """A number of things with dots between the thousands; a fraction with one decimal."""
    if isinstance(value, Fraction) and value.denominator != 1:
        return _decimal(value)
    return f"{int(value):,}".replace(",", ".")


def _decimal(value: Fraction) -> str:
    shown = rounded(value)
    if shown == 0 and value != 0:
        shown = rounded(value, 2)
    text = f"{shown.normalize():f}"
    return text.replace(".", ",")


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"
