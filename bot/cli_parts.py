"""What the commands that look after the database share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot import app, logs
from bot.config import Settings, load_settings


def quiet_settings(config_file: Path | None) -> Settings:
    """The settings, with the log kept to warnings so that a command's own words stand alone."""
    settings = load_settings(config_file)
    logs.set_up(settings.log.model_copy(update={"level": "warning"}))
    return settings


def moment(value: datetime) -> str:
    """Day and time in Vietnam."""
    return f"{value.astimezone(app.ZONE):%d/%m/%Y %H:%M}"
