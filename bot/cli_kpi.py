"""``dvcbot kpi``: figures from the machine itself."""

from __future__ import annotations

import click

from bot.cli_kpi_export import export


@click.group()
def kpi() -> None:
    """Look after the figures of units."""


kpi.add_command(export)
