"""Settings of the process: what is read, what is refused and how that is said."""

from pathlib import Path

import pytest

import main
from utils.config import SETTINGS, Config, ConfigError, env_example, environment

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB"
PASSWORD = "pa55-w0rd-to-hide"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder to start in, and none of our settings in the environment."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.key, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def problems(**settings: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        Config.from_env({"DISCORD_TOKEN": TOKEN, **settings})
    return raised.value.problems


def test_everything_has_a_default_but_the_token():
    assert Config.from_env({"DISCORD_TOKEN": TOKEN}) == Config(discord_token=TOKEN)
    assert Config.from_env({}, playground=True) == Config()
    assert Config.from_env(dict.fromkeys((setting.key for setting in SETTINGS), " "), playground=True) == Config()


def test_what_is_set_is_read():
    config = Config.from_env(
        {
            "DISCORD_TOKEN": f" {TOKEN}\n",
            "DATABASE_URL": "postgresql://hearth@localhost/hearth",
            "COMMAND_PREFIX": "hey ",
            "OWNER_IDS": "1, 2 3,",
            "DEFAULT_LANGUAGE": "DE",
            "MESSAGE_CONTENT": "Off",
            "MEMBERS": "off",
            "MEMBER_CACHE": "Lean",
            "MESSAGE_CACHE": "0",
            "PEOPLE_CACHE": "100",
            "COMMAND_SPAM": "off",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
            "METRICS_PORT": "9464",
            "METRICS_HOST": "::1",
            "ALLOW_EVAL": "1",
        }
    )
    assert config == Config(
        TOKEN,
        "postgresql://hearth@localhost/hearth",
        "hey ",
        frozenset({1, 2, 3}),
        "de",
        False,
        False,
        "lean",
        0,
        100,
        False,
        "DEBUG",
        "json",
        metrics_port=9464,
        metrics_host="::1",
        allow_eval=True,
    )


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("DISCORD_TOKEN", "not a token"),
        ("DISCORD_TOKEN", f"Bot {TOKEN}"),
        ("DATABASE_URL", "mysql://localhost/hearth"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite://data/hearth.db"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_URL", "postgresql://hearth:half/slashed@localhost/hearth"),
        ("DATABASE_URL", "postgresql://localhost:port/hearth"),
        ("DATABASE_URL", "postgresql://[::1/hearth"),
        ("MEMBER_CACHE", "some"),
        ("MESSAGE_CACHE", "-1"),
        ("MESSAGE_CACHE", "1000001"),
        ("MESSAGE_CACHE", "many"),
        ("PEOPLE_CACHE", "99"),
        ("COMMAND_PREFIX", "x" * 21),
        ("COMMAND_PREFIX", "a\nb"),
        ("COMMAND_PREFIX", " !"),
        ("COMMAND_PREFIX", "<@123>"),
        ("OWNER_IDS", "olivia"),
        ("OWNER_IDS", "1, -2"),
        ("OWNER_IDS", str(2**63)),
        ("DEFAULT_LANGUAGE", "tlh"),
        ("MESSAGE_CONTENT", "maybe"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("METRICS_PORT", "0"),
        ("METRICS_PORT", "65536"),
        ("METRICS_PORT", "-1"),
        ("METRICS_PORT", "http"),
        ("METRICS_PORT", "127.0.0.1:9464"),
        ("METRICS_HOST", "http://0.0.0.0"),
        ("METRICS_HOST", "here and there"),
        ("BACKUP_FOLDER", "s3://bucket/backups"),
        ("BACKUP_FOLDER", "back\0ups"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_should_be(key: str, wrong: str):
    (problem,) = problems(**{key: wrong})
    setting = next(setting for setting in SETTINGS if setting.key == key)
    assert problem.startswith(f"{key} should be {setting.looks_like}")


def test_one_message_names_all_that_is_wrong_or_missing(bare: Path, capsys: pytest.CaptureFixture[str]):
    wrong = {setting.key: "wrong, very\nwrong" for setting in SETTINGS if setting.key != "DISCORD_TOKEN"}
    (bare / ".env").write_text("".join(f'{key}="{value}"\n' for key, value in wrong.items()))
    assert main.main([]) == 2
    told = capsys.readouterr().err
    assert all(f"  - {setting.key} " in told for setting in SETTINGS)
    assert "https://discord.com/developers/applications" in told
    assert "--playground" in told
    assert "Traceback" not in told


def test_a_missing_token_is_said_once(bare: Path, capsys: pytest.CaptureFixture[str]):
    (bare / ".env").write_text("DISCORD_TOKEN=\n")
    assert main.main([]) == 2
    assert capsys.readouterr().err.count("DISCORD_TOKEN") == 1


def test_the_environment_goes_before_the_file(bare: Path, monkeypatch: pytest.MonkeyPatch):
    (bare / ".env").write_text("LOG_LEVEL=DEBUG\nLOG_FORMAT=json\nCOMMAND_PREFIX='hey '\n")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    monkeypatch.setenv("LOG_FORMAT", "")  # as compose files pass on what isn't set
    config = Config.from_env(environment(), playground=True)
    assert (config.log_level, config.log_format, config.command_prefix) == ("ERROR", "json", "hey ")


def test_a_file_of_a_windows_editor_is_read(bare: Path):
    (bare / ".env").write_bytes(b"\xef\xbb\xbfLOG_LEVEL=DEBUG\r\nLOG_FORMAT=json\r\n")
    config = Config.from_env(environment(), playground=True)
    assert (config.log_level, config.log_format) == ("DEBUG", "json")


def test_no_file_is_needed(bare: Path):
    assert Config.from_env(environment(), playground=True) == Config()


# --- Secrets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [setting.key for setting in SETTINGS])
@pytest.mark.parametrize("secret", [TOKEN, f"postgresql://hearth:{PASSWORD}@db:port/hearth"])
def test_a_secret_in_the_wrong_place_is_not_repeated(key: str, secret: str):
    told = "\n".join(problems(**{key: f"{secret} "})) if (key, secret) != ("DISCORD_TOKEN", TOKEN) else ""
    assert secret not in told
    assert PASSWORD not in told
    assert TOKEN[:20] not in told


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://hearth:{PASSWORD}@db/hearth",
        f"postgresql://hearth:{PASSWORD.replace('-', '%2D')}@db/hearth",
        f"postgresql:///hearth?host=db&user=hearth&password={PASSWORD}",
        f"postgresql://hearth@db/hearth?sslkey=key.pem&sslpassword={PASSWORD}",
    ],
)
def test_the_secrets_are_known_however_they_are_written(url: str):
    config = Config.from_env({"DISCORD_TOKEN": TOKEN, "DATABASE_URL": url})
    assert {TOKEN, PASSWORD} <= config.secrets
    assert "" not in config.secrets
    for shown in (repr(config), str(config), f"{config}"):
        assert TOKEN not in shown
        assert PASSWORD not in shown
        assert "command_prefix='!'" in shown


# --- .env.example -------------------------------------------------------------------------------------------


def test_the_example_file_is_made_from_the_settings():
    assert (ROOT / ".env.example").read_text() == env_example()


def test_the_example_file_can_be_used_as_it_is(bare: Path):
    (bare / ".env").write_text(env_example().replace("DISCORD_TOKEN=", f"DISCORD_TOKEN={TOKEN}"))
    assert Config.from_env(environment()) == Config(discord_token=TOKEN)


def test_all_members_need_the_intent_that_tells_who_leaves():
    (problem,) = problems(MEMBERS="off", MEMBER_CACHE="all")
    assert problem.startswith("MEMBER_CACHE=all needs MEMBERS=on")
    assert Config.from_env({"MEMBER_CACHE": "all"}, playground=True).member_cache == "all"


# --- What carries events between processes --------------------------------------------------------------------

POSTGRES = {"DATABASE_URL": "postgresql://db/hearth"}


@pytest.mark.parametrize(
    ("settings", "bus"),
    [
        ({}, "none"),
        (POSTGRES, "none"),
        (POSTGRES | {"SHARD_COUNT": "4", "CLUSTER": "1/2"}, "postgres"),
        (POSTGRES | {"SHARD_COUNT": "4", "CLUSTER": "1/2", "EVENT_BUS": "none"}, "none"),
        (POSTGRES | {"EVENT_BUS": "Postgres"}, "postgres"),
        ({"EVENT_BUS": "redis", "REDIS_URL": "rediss://:secret@cache:6380/2"}, "redis"),
        ({"EVENT_BUS": "rabbitmq", "RABBITMQ_URL": "amqps://hearth:secret@broker/hearth"}, "rabbitmq"),
    ],
)
def test_the_bus_is_chosen_or_what_suits(settings: dict[str, str], bus: str):
    assert Config.from_env(settings, playground=True).bus == bus


@pytest.mark.parametrize(
    ("settings", "begins"),
    [
        ({"EVENT_BUS": "kafka"}, "EVENT_BUS should be postgres, redis, rabbitmq or none"),
        ({"EVENT_BUS": "postgres"}, "EVENT_BUS=postgres needs PostgreSQL"),
        ({"EVENT_BUS": "redis"}, "EVENT_BUS=redis needs REDIS_URL"),
        ({"EVENT_BUS": "rabbitmq", "REDIS_URL": "redis://x"}, "EVENT_BUS=rabbitmq needs RABBITMQ_URL"),
        ({"REDIS_URL": "http://:secret@x"}, "REDIS_URL should be redis://"),
        ({"REDIS_URL": "redis://:secret@x:port"}, "REDIS_URL should be redis://"),
        ({"RABBITMQ_URL": "amqp://"}, "RABBITMQ_URL should be amqp://"),
    ],
)
def test_a_wrong_bus_is_told(settings: dict[str, str], begins: str):
    (problem,) = problems(**settings)
    assert problem.startswith(begins)
    assert "secret" not in problem


def test_the_passwords_of_message_servers_are_secrets():
    config = Config(redis_url="redis://:p%40ss@x/0", rabbitmq_url="amqp://hearth:geheim@y/")
    assert {"p%40ss", "p@ss", "geheim"} <= config.secrets
    assert "geheim" not in repr(config)
    assert "p@ss" not in repr(config)
