"""Settings: config.toml, each key overridable as ``DVCBOT_SECTION__KEY``. Every mistake is reported at once."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import UserError

PREFIX = "DVCBOT_"
DEFAULT_FILE = Path("config.toml")


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, values: Any) -> Any:
        """Replace ``key_file = path`` by ``key`` = what stands in that file."""
        if not isinstance(values, dict):
            return values
        values = dict(values)
        for name in [n for n in values if n.endswith("_file") and n.removesuffix("_file") in cls.model_fields]:
            path = Path(str(values.pop(name)))
            try:
                secret = path.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(f"{name}: cannot read {path} ({type(error).__name__})") from error
            values[name.removesuffix("_file")] = secret
        return values


class Telegram(Section):
    """``token`` empty: Telegram is off."""

    token: SecretStr = SecretStr("")
    base_url: str = Field("", pattern=r"^(https?://.+/bot)?$")
    proxy: str = Field("", pattern=r"^((https?|socks5)://.+)?$")
    webhook_url: str = Field("", pattern=r"^(https://.+)?$")


class Database(Section):
    url: SecretStr = SecretStr("sqlite+aiosqlite:///data/dvcbot.sqlite3")

    @field_validator("url")
    @classmethod
    def _known_driver(cls, value: SecretStr) -> SecretStr:
        try:
            driver = make_url(value.get_secret_value()).drivername
        except ArgumentError:
            raise ValueError("is not a database URL") from None
        if driver not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
            raise ValueError(f"driver {driver} is not supported: use sqlite+aiosqlite or postgresql+asyncpg")
        return value


class Web(Section):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    trusted_proxies: str = "127.0.0.1"


class Limits(Section):
    """``messages_per_minute`` of one person; 0 means no limit."""

    messages_per_minute: int = Field(30, ge=0)


class Questions(Section):
    """``keep_days``: missed questions not seen again for so long are forgotten; 0: none are kept at all."""

    keep_days: int = Field(365, ge=0, le=365)


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class Settings(Section):
    telegram: Telegram = Telegram()
    database: Database = Database()
    web: Web = Web()
    limits: Limits = Limits()
    questions: Questions = Questions()
    log: Log = Log()


def load_settings(path: Path | None = None, environ: dict[str, str] | None = None) -> Settings:
    """Read ``path`` (default ./config.toml if it is there) and the environment.

    Raises UserError with one line for every mistake found.
    """
    values = _read_file(path)
    errors = _merge_environment(values, dict(os.environ) if environ is None else environ)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        errors += [f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors()]
    if errors:
        raise UserError("settings are wrong:\n" + "\n".join(f"  {line}" for line in errors))
    return settings


def _read_file(path: Path | None) -> dict[str, Any]:
    if path is None and not DEFAULT_FILE.exists():
        return {}
    path = path or DEFAULT_FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path} is not TOML: {error}") from error


def _merge_environment(values: dict[str, Any], environ: dict[str, str]) -> list[str]:
    """Put DVCBOT_SECTION__KEY variables into ``values``; return what does not fit that form."""
    errors = []
    for name, value in sorted(environ.items()):
        if not name.upper().startswith(PREFIX):
            continue
        section, _, key = name[len(PREFIX) :].lower().partition("__")
        if not key:
            errors.append(f"{name}: environment settings are named {PREFIX}SECTION__KEY")
        elif isinstance(table := values.setdefault(section, {}), dict):
            table.pop(f"{key}_file", None)
            if key.endswith("_file"):
                table.pop(key.removesuffix("_file"), None)
            table[key] = value
    return errors
