"""What a self-hoster sees when something is set up wrongly: a sentence that helps, and an exit status."""

import shutil
import signal
from pathlib import Path

import pytest

from database.manager import DatabaseManager
from tests.process.conftest import Start
from tests.support.discord_server import DiscordServer
from tests.support.process import REPOSITORY, UNSET, BotProcess, within

pytestmark = pytest.mark.slow


def assert_explained(bot: BotProcess, *words: str) -> None:
    """It said what is wrong, in words for people."""
    for word in words:
        assert word.lower() in bot.text.lower(), bot.text
    assert "Traceback" not in bot.text, bot.text


@within(30)
async def test_help_explains(launch: Start) -> None:
    bot = await launch("--help", DISCORD_TOKEN=UNSET)
    assert await bot.exit_status() == 0
    assert_explained(bot, "usage", "--playground", "--dev")


@within(30)
async def test_an_unknown_flag_is_refused(launch: Start) -> None:
    bot = await launch("--plaground")
    assert await bot.exit_status() == 2
    assert_explained(bot, "usage", "--plaground")


@pytest.mark.parametrize("token", [UNSET, "", "  "])
@within(30)
async def test_without_a_token_it_says_how_to_get_one(token: str, launch: Start) -> None:
    bot = await launch(DISCORD_TOKEN=token)
    assert await bot.exit_status() == 2
    assert_explained(bot, "DISCORD_TOKEN", "https://discord.com/developers/applications", "--playground")


@within(30)
async def test_one_message_names_every_wrong_setting(launch: Start) -> None:
    wrong = {
        "DATABASE_URL": "mysql://localhost/hearth",
        "COMMAND_PREFIX": "x" * 100,
        "OWNER_IDS": "Olga",
        "LOG_LEVEL": "LOUD",
        "LOG_FORMAT": "xml",
        "MESSAGE_CONTENT": "perhaps",
    }
    bot = await launch(DISCORD_TOKEN=UNSET, **wrong)
    assert await bot.exit_status() == 2
    assert_explained(bot, "DISCORD_TOKEN", *wrong)


@within(30)
async def test_settings_are_read_from_a_dotenv_file(
    launch: Start, discord: DiscordServer, tmp_path: Path, sqlite_url: str
) -> None:
    Path(tmp_path / "empty" / ".env").write_text(
        f"DISCORD_TOKEN={discord.token}\nDATABASE_URL={sqlite_url}\nCOMMAND_PREFIX=%\n"
    )
    bot = await launch(discord=discord, DISCORD_TOKEN=UNSET)
    await bot.ready()
    assert "pong" in (await bot.ask("%ping")).lower()


@within(30)
async def test_a_token_that_discord_refuses(launch: Start, discord: DiscordServer, sqlite_url: str) -> None:
    refused = discord.token[::-1]
    bot = await launch(discord=discord, DATABASE_URL=sqlite_url, DISCORD_TOKEN=refused)
    assert await bot.exit_status() not in {0, None}
    assert_explained(bot, "DISCORD_TOKEN")
    assert refused not in bot.text
    assert discord.gateway.connections == []


@within(30)
async def test_a_token_reset_between_login_and_gateway(
    launch: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    discord.gateway.refuse_identify_with = 4004
    bot = await launch(discord=discord, DATABASE_URL=sqlite_url)
    assert await bot.exit_status() not in {0, None}
    assert_explained(bot, "DISCORD_TOKEN")


@within(30)
async def test_a_refused_intent_names_the_switch(launch: Start, discord: DiscordServer, sqlite_url: str) -> None:
    discord.gateway.allowed_intents = 0
    bot = await launch(discord=discord, DATABASE_URL=sqlite_url)
    assert await bot.exit_status() not in {0, None}
    assert_explained(
        bot, "Message Content Intent", "Server Members Intent", "https://discord.com/developers/applications"
    )


@within(30)
async def test_the_reason_is_one_object_in_a_log_for_machines(
    launch: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    discord.gateway.allowed_intents = 0
    bot = await launch(discord=discord, DATABASE_URL=sqlite_url, LOG_FORMAT="json")
    assert await bot.exit_status() == 1
    assert "Message Content Intent" in bot.records[-1]["message"]
    assert bot.printed == []


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
@within(60)
async def test_waits_for_a_postgresql_that_is_away_and_says_so(
    stop: signal.Signals, launch: Start, discord: DiscordServer
) -> None:
    bot = await launch(discord=discord, DATABASE_URL="postgresql://hearth:opensesame@127.0.0.1:9/hearth")
    await bot.until("word of the wait", lambda: "database" in bot.text.lower(), 30)
    assert bot.running
    bot.signal(stop)
    assert await bot.exit_status() == 0
    assert_explained(bot)
    assert "opensesame" not in bot.text
    assert discord.gateway.connections == []


@within(30)
async def test_a_database_file_that_can_not_be_opened(launch: Start, discord: DiscordServer, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a directory")
    bot = await launch(discord=discord, DATABASE_URL=f"sqlite:///{tmp_path / 'taken' / 'hearth.db'}")
    assert await bot.exit_status() not in {0, None}
    assert_explained(bot, "database")


@within(30)
async def test_a_file_that_is_no_database(launch: Start, discord: DiscordServer, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("Shopping list: " + "tea, " * 1000)
    bot = await launch(discord=discord, DATABASE_URL=f"sqlite:///{tmp_path / 'notes.db'}")
    assert await bot.exit_status() not in {0, None}
    assert_explained(bot, "database")


@within(60)
async def test_a_database_newer_than_the_code(
    launch: Start, discord: DiscordServer, database_url: str, tmp_path: Path
) -> None:
    newer = tmp_path / "migrations"
    shutil.copytree(REPOSITORY / "migrations", newer)
    (newer / "9999_from_the_future.sql").write_text("CREATE TABLE jetpacks (id BIGINT PRIMARY KEY);\n")
    async with DatabaseManager(database_url) as db:
        await db.migrate(newer)
    bot = await launch(discord=discord, DATABASE_URL=database_url)
    assert await bot.exit_status() not in {0, None}
    assert_explained(bot, "newer", "9999")
    assert discord.gateway.connections == []


@within(60)
async def test_a_migration_changed_after_it_was_applied(
    launch: Start, discord: DiscordServer, database_url: str, tmp_path: Path
) -> None:
    other = tmp_path / "migrations"
    shutil.copytree(REPOSITORY / "migrations", other)
    first = min(other.iterdir())
    first.write_text(first.read_text() + "\n-- a late thought\n")
    async with DatabaseManager(database_url) as db:
        await db.migrate(other)
    bot = await launch(discord=discord, DATABASE_URL=database_url)
    assert await bot.exit_status() not in {0, None}
    assert_explained(bot, first.stem[:4])
    assert discord.gateway.connections == []


@within(30)
async def test_without_discord_in_reach_it_says_so(launch: Start, sqlite_url: str) -> None:
    bot = await launch(DATABASE_URL=sqlite_url, DISCORD_TOKEN=f"{'M' * 24}.{'h' * 6}.{'x' * 38}")
    assert await bot.exit_status() == 1
    assert_explained(bot, "Discord can't be reached")


@pytest.mark.parametrize("path", ["/users/@me", "/gateway/bot"])
@within(30)
async def test_an_outage_of_discord_is_told_in_a_sentence(
    path: str, launch: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    discord.fault("GET", path, status=503)
    bot = await launch(discord=discord, DATABASE_URL=sqlite_url)
    assert await bot.exit_status() == 1
    assert_explained(bot, "Discord answers with an error")
