"""Settings: defaults, file, environment, secrets, and every mistake at once."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings, load_settings
from bot.errors import UserError

SECRET = "42:AAF-very-secret"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str) -> Path:
    path = Path("settings.toml")
    path.write_text(text, encoding="utf-8")
    return path


def refused(text: str = "", **environ: str) -> str:
    with pytest.raises(UserError) as caught:
        load_settings(write(text), environ)
    return str(caught.value)


def test_nothing_is_needed() -> None:
    settings = load_settings(None, {})
    assert settings == Settings()
    assert settings.telegram.token.get_secret_value() == ""
    assert settings.database.url.get_secret_value() == "sqlite+aiosqlite:///data/dvcbot.sqlite3"
    assert (settings.web.enabled, settings.web.host, settings.web.port) == (True, "127.0.0.1", 8080)
    assert settings.limits.messages_per_minute == 30
    assert (settings.log.level, settings.log.format) == ("info", "console")


def test_a_config_toml_beside_is_read() -> None:
    Path("config.toml").write_text("[web]\nport = 9000\n", encoding="utf-8")
    assert load_settings(None, {}).web.port == 9000
    assert load_settings(write("[web]\nport = 9001\n"), {}).web.port == 9001


def test_the_environment_wins() -> None:
    settings = load_settings(
        write('[web]\nport = 9000\nhost = "0.0.0.0"\n[log]\nlevel = "debug"\n'),
        {"DVCBOT_WEB__PORT": "9002", "dvcbot_log__level": "error", "DVCBOT_TELEGRAM__TOKEN": SECRET, "PATH": "/bin"},
    )
    assert (settings.web.port, settings.web.host) == (9002, "0.0.0.0")
    assert settings.log.level == "error"
    assert settings.telegram.token == SecretStr(SECRET)


@pytest.mark.parametrize("value", ["false", "0", "no", "off"])
def test_what_is_said_in_the_environment_is_text(value: str) -> None:
    settings = load_settings(None, {"DVCBOT_WEB__ENABLED": value, "DVCBOT_LIMITS__MESSAGES_PER_MINUTE": "0"})
    assert settings.web.enabled is False
    assert settings.limits.messages_per_minute == 0


def test_an_empty_token_switches_telegram_off() -> None:
    text = f'[telegram]\ntoken = "{SECRET}"\n'
    assert load_settings(write(text), {"DVCBOT_TELEGRAM__TOKEN": ""}).telegram.token.get_secret_value() == ""


def test_a_secret_may_stand_in_a_file(here: Path) -> None:
    (here / "token").write_text(f"{SECRET}\n", encoding="utf-8")
    (here / "url").write_text("postgresql+asyncpg://u:p@h/d\n", encoding="utf-8")
    settings = load_settings(
        write(f'[telegram]\ntoken_file = "{here / "token"}"\n'), {"DVCBOT_DATABASE__URL_FILE": "url"}
    )
    assert settings.telegram.token.get_secret_value() == SECRET
    assert settings.database.url.get_secret_value() == "postgresql+asyncpg://u:p@h/d"


@pytest.mark.parametrize(
    ("text", "environ", "token"),
    [
        ('token = "a"', {"DVCBOT_TELEGRAM__TOKEN_FILE": "b"}, "from b"),
        ('token_file = "b"', {"DVCBOT_TELEGRAM__TOKEN": "a"}, "a"),
    ],
)
def test_the_environment_wins_over_the_other_way_to_give_a_secret(
    here: Path, text: str, environ: dict[str, str], token: str
) -> None:
    (here / "b").write_text("from b", encoding="utf-8")
    assert load_settings(write(f"[telegram]\n{text}\n"), environ).telegram.token.get_secret_value() == token


def test_all_mistakes_are_told_at_once() -> None:
    told = refused(
        '[web]\nport = 70000\ncolour = "red"\n[log]\nlevel = "loud"\n[extra]\nx = 1\n'
        "[limits]\nmessages_per_minute = -1\n",
        DVCBOT_TELEGRAM__BASE_URL="https://example.org/",
        DVCBOT_TELEGRAM__PROXY="ftp://example.org",
        DVCBOT_TELEGRAM__WEBHOOK_URL="http://example.org",
        DVCBOT_DATABASE__URL="mysql://u:p@h/d",
        DVCBOT_DATABASE__POOL="3",
        DVCBOT_PORT="80",
        DVCBOT_NOSUCH__KEY="1",
    )
    head, *lines = told.splitlines()
    assert head == "settings are wrong:"
    assert {line.strip().split(":")[0] for line in lines} == {
        "DVCBOT_PORT",
        "web.port",
        "web.colour",
        "log.level",
        "extra",
        "limits.messages_per_minute",
        "telegram.base_url",
        "telegram.proxy",
        "telegram.webhook_url",
        "database.url",
        "database.pool",
        "nosuch",
    }


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("telegram", "base_url", "https://api.example.org/bot"),
        ("telegram", "base_url", "http://127.0.0.1:8081/bot"),
        ("telegram", "proxy", "socks5://user:pw@host:1080"),
        ("telegram", "webhook_url", "https://example.org/telegram"),
        ("database", "url", "postgresql+asyncpg://u:p@h:5432/d"),
        ("database", "url", "sqlite+aiosqlite:////var/lib/dvcbot.sqlite3"),
        ("web", "port", "0"),
        ("web", "host", "::1"),
        ("log", "format", "json"),
    ],
)
def test_sound_values(section: str, key: str, value: str) -> None:
    found = getattr(getattr(load_settings(None, {f"DVCBOT_{section}__{key}".upper(): value}), section), key)
    assert (found.get_secret_value() if isinstance(found, SecretStr) else str(found)) == value


@pytest.mark.parametrize("url", ["sqlite:///x", "postgresql://u@h/d", "nonsense", "", "://"])
def test_only_two_databases_are_known(url: str) -> None:
    assert "database.url" in refused(DVCBOT_DATABASE__URL=url)


@pytest.mark.parametrize("text", ["[web", "port = ", "\x00"])
def test_a_file_that_is_no_toml_is_named(text: str) -> None:
    assert refused(text).startswith("settings.toml is not TOML: ")


@pytest.mark.parametrize("text", ["web = 3", "[[web]]\nport = 1", 'telegram = "x"'])
def test_a_section_is_a_table(text: str) -> None:
    assert refused(text, DVCBOT_WEB__HOST="::1").startswith("settings are wrong:")


def test_a_file_that_cannot_be_read_is_named(here: Path) -> None:
    for path in (here / "missing.toml", here):
        with pytest.raises(UserError, match=f"^cannot read {path}"):
            load_settings(path, {})
    (here / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match=r"odd\.toml"):
        load_settings(Path("odd.toml"), {})


def test_a_secret_file_that_cannot_be_read_is_named() -> None:
    told = refused('[telegram]\ntoken_file = "gone"\n', DVCBOT_DATABASE__URL_FILE="gone-too")
    assert "telegram: Value error, token_file: cannot read gone (FileNotFoundError)" in told
    assert "database: Value error, url_file: cannot read gone-too" in told


def test_a_secret_is_never_shown() -> None:
    url = f"postgresql+asyncpg://u:{SECRET}@h/d"
    settings = load_settings(None, {"DVCBOT_TELEGRAM__TOKEN": SECRET, "DVCBOT_DATABASE__URL": url})
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)
    assert SECRET not in settings.model_dump_json()


@pytest.mark.parametrize(
    "environ",
    [
        {"DVCBOT_DATABASE__URL": f"mysql://u:{SECRET}@h/d"},
        {"DVCBOT_DATABASE__URL": SECRET},
        {"DVCBOT_DATABASE__URL": f"postgresql+asyncpg://u:{SECRET}@h:port/d"},
        {"DVCBOT_TELEGRAM__TOKEN": SECRET, "DVCBOT_TELEGRAM__COLOUR": "red"},
        {"DVCBOT_TELEGRAM__TOKEN": SECRET, "DVCBOT_TELEGRAM__PROXY": f"ftp://u:{SECRET}@h"},
        {"DVCBOT_TELEGRAM__TOKEN": SECRET, "DVCBOT_WEB__PORT": "x"},
    ],
)
def test_a_mistake_beside_a_secret_does_not_show_it(environ: dict[str, str]) -> None:
    assert SECRET not in refused(**environ)
    assert SECRET not in refused(f'[telegram]\ntoken = ["{SECRET}"]\n')


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().web.port = 1  # type: ignore[misc]
