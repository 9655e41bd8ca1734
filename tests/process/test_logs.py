"""The log of a running bot: fields for machines, and no secret for anybody."""

import signal
from typing import Any

import pytest

from tests.process.conftest import Start
from tests.support.discord_server import MESSAGES, DiscordServer
from tests.support.discord_world import Payload, text_of
from tests.support.process import BotProcess, within
from utils.config import SETTINGS

pytestmark = pytest.mark.slow

FORMATS = pytest.mark.parametrize("log_format", ["text", "json"])


async def stop(bot: BotProcess) -> None:
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status() == 0


def commands(bot: BotProcess) -> dict[str, Payload]:
    """The log's record of each command by its name."""
    return {record["command"]: record for record in bot.records if "duration_ms" in record}


@within(60)
async def test_every_line_is_an_object_and_every_command_a_record(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url, LOG_FORMAT="json", LOG_LEVEL="DEBUG")
    await bot.ask("!ping")
    await bot.ask("!prefix add ?", author=discord.world.owner)
    await bot.ask("!remind sometime tea", author=discord.world.stranger)
    refused = discord.fault("POST", MESSAGES, status=400, code=50035)
    await discord.say("!about")
    await bot.until("refusal", lambda: refused.struck)
    await stop(bot)

    records = commands(bot)
    askers = {
        "ping": discord.world.member,
        "prefix add": discord.world.owner,
        "remind": discord.world.stranger,
        "about": discord.world.member,
    }
    assert set(records) == set(askers)
    outcomes = {name: record["outcome"] for name, record in records.items()}
    assert outcomes["ping"] == outcomes["prefix add"]
    assert len({outcomes["ping"], outcomes["remind"], outcomes["about"]}) == 3
    for name, asker in askers.items():
        assert records[name]["user"] == asker["id"], "as text: a float would make another id of it"
        assert records[name]["guild"] == discord.world.guild_id
        assert 0 < records[name]["duration_ms"] < 10_000
    assert all({"time", "level", "message"} <= set(record) for record in bot.records)


@FORMATS
@within(60)
async def test_no_secret_in_a_log_of_everything(
    log_format: str, hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    """With the log at its loudest, the token in what people say and in what Discord answers."""
    bot = await hearth(sqlite_url, LOG_FORMAT=log_format, LOG_LEVEL="DEBUG")
    owner, token = discord.world.owner, discord.token
    for content in (
        f"!{token}",
        f"!ping {token}",
        f"!remind {token}",
        f"!remind 1s {token}",
        f"!prefix add {token}",
        f"!load {token}",
        f"!{token[:20]}\n{token}",
    ):
        await discord.say(content, author=owner)
    await bot.ask("!ping")
    refused = discord.fault("POST", MESSAGES, status=400, code=50035, message=f"Invalid: {token}")
    await discord.say("!about", author=owner)
    await bot.until("refusal", lambda: refused.struck)
    await bot.until("answer after it", lambda: len(discord.posts()) > len(discord.said_by_bot()))
    await stop(bot)
    assert bot.output
    assert token not in bot.text


@within(60)
async def test_the_owner_reads_a_traceback_without_secrets(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    owner = discord.world.owner
    discord.fault("POST", MESSAGES, status=400, code=50035, message=f"Invalid: {discord.token}")
    asked = await discord.say("!about", author=owner)
    told = text_of(await bot.answer(asked))
    identifier = told.split("`")[1]
    assert identifier in bot.text
    await discord.say(f"!traceback {identifier}", author=owner)
    private = discord.world.dm(owner)
    await bot.until("traceback", lambda: discord.said_by_bot(private))
    (sent,) = discord.posts(private)
    assert "HTTPException" in str(sent)
    assert not any(discord.token in f"{request.body} {request.files}" for request in discord.rest.requests)


@FORMATS
@pytest.mark.parametrize("setting", [each.key for each in SETTINGS])
@within(30)
async def test_a_token_in_the_wrong_setting_is_not_shown(
    setting: str, log_format: str, launch: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    """People paste their token into any line: broken and alone, or right and in the wrong place as well."""
    pasted = discord.token if setting != "DISCORD_TOKEN" else discord.token.replace(".", "!")
    settings: dict[str, Any] = {"DATABASE_URL": sqlite_url, "LOG_FORMAT": log_format, setting: pasted}
    bot = await launch(discord=discord, **settings)
    assert await bot.exit_status() == 2
    assert setting in bot.text
    assert pasted not in bot.text
    assert not any(part in bot.text for part in pasted.replace("!", ".").split("."))
    assert "Traceback" not in bot.text


@FORMATS
@within(60)
async def test_the_password_of_the_database_is_not_shown(
    log_format: str, launch: Start, discord: DiscordServer
) -> None:
    bot = await launch(
        discord=discord,
        DATABASE_URL="postgresql://hearth:open%20sesame@127.0.0.1:9/hearth",
        LOG_FORMAT=log_format,
        LOG_LEVEL="DEBUG",
    )
    await bot.until("word of the wait", lambda: "database" in bot.text.lower(), 30)
    bot.signal(signal.SIGTERM)
    await bot.exit_status()
    assert "open%20sesame" not in bot.text
    assert "open sesame" not in bot.text
