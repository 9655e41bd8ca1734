"""`status`: what stands below the bot's name."""

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.presence.rules import TEXT_CHARACTERS, activity, read_line, shown
from database.bot_status import Appearance, BotStatusStore, Line
from tests.support.town import Town
from utils.errors import UserError


@given(st.text(max_size=200))
def test_what_is_read_can_be_shown(text: str):
    try:
        line = read_line(text)
    except UserError:
        return
    assert 1 <= len(line.text) <= TEXT_CHARACTERS
    assert read_line(shown(line)) == line or line.kind == "custom"
    assert activity(line.kind, line.text)


def test_kinds_are_read():
    assert read_line("Watching the fire") == Line("watching", "the fire")
    assert read_line("listening to  {prefix}help") == Line("listening", "{prefix}help")
    assert read_line("competing in a race") == Line("competing", "a race")
    assert read_line("by the fire") == Line("custom", "by the fire")
    assert read_line("playing") == Line("custom", "playing")
    for wrong in ("", "x" * 129, "{nothing}", "playing \u200b"):
        with pytest.raises(UserError):
            read_line(wrong)


async def test_how_it_appears_is_kept(db):
    store = BotStatusStore(db)
    assert await store.read() == Appearance()
    lines = (Line("playing", "b"), Line("custom", "a"))
    await store.set_lines(lines)
    await store.set_appearance("idle", 60)
    await store.set_appearance("dnd", 120)
    assert await store.read() == Appearance(lines, "dnd", 120)
    await store.set_lines([])
    assert (await store.read()).lines == ()


def appears(town: Town) -> tuple[str | None, discord.Status]:
    me = town.bot.guilds[0].me
    return me.activities[0].name if me.activities else None, me.status


async def test_the_status_is_changed_kept_and_takes_turns(town: Town):
    assert await town.says(town.owner, "!status set x") is None
    assert (await town.says(town.developer, "!status")).startswith("My status\nI have no status")
    await town.says(town.developer, "!status set watching {servers} servers")
    assert appears(town) == ("1 servers", discord.Status.online)
    town.new_guild("Village")
    await town.wait(minutes=11)
    assert appears(town)[0] == "2 servers", "numbers are new after a while"
    await town.says(town.developer, "!status add Keeping the fire burning")
    assert appears(town)[0] == "Keeping the fire burning", "seen at once"
    assert "already" in await town.says(town.developer, "!status add Keeping the fire burning")
    await town.says(town.developer, "!status every 1m")
    await town.says(town.developer, "!status look idle")
    await town.wait(seconds=61)
    assert appears(town) == ("2 servers", discord.Status.idle)
    await town.restart()
    assert appears(town) == ("2 servers", discord.Status.idle)
    await town.wait(seconds=61)
    assert appears(town)[0] == "Keeping the fire burning"
    assert "no status 3" in await town.says(town.developer, "!status remove 3")
    await town.says(town.developer, "!status remove 1")
    assert "Choose from" in await town.says(town.developer, "!status every 2s")
    await town.says(town.developer, "!status clear")
    assert appears(town)[0] is None
