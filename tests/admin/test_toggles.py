"""Switching features and commands on and off, and whom the bot ignores."""

import pytest

from tests.support.places import Channel
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")


# --- Features -----------------------------------------------------------------------------------------------


async def test_a_feature_that_is_off_neither_runs_nor_shows(town: Town):
    assert "🟢 `utility`" in await town.says(town.admin, "!feature")
    assert await town.says(town.admin, "!feature disable Utility") == "`utility` is off."
    await town.restart()
    assert "⚫ `utility`" in await town.says(town.admin, "!feature")
    for who in (town.ann, town.admin, town.developer):
        assert await town.says(who, "!remind 10s tea") is None
        assert "remind" not in await town.says(who, "!help")
    assert await town.dm(town.ann, "!timezone") is not None, "in direct messages it runs"
    assert await town.says(town.admin, "!feature disable utility") == "`utility` is off already."
    assert await town.says(town.admin, "!feature enable utility") == "`utility` is on."
    assert await town.says(town.admin, "!feature enable utility") == "`utility` is on already."
    assert "remind you" in await town.says(town.ann, "!remind 10s tea")


@sqlite
async def test_a_feature_is_off_in_one_server_alone(town: Town):
    village = town.new_guild("Village", members=[town.ann])
    await town.settle()
    await town.says(town.admin, "!feature disable utility")
    assert await town.says(town.ann, "!timezone") is None
    assert await town.says(town.ann, "!timezone", channel=village.general) is not None


@sqlite
async def test_the_way_back_stays_on(town: Town):
    assert await town.says(town.admin, "!feature disable admin") == (
        "`admin` stays on: without it there is no way back."
    )
    for name in ("config", "feature", "command", "help", "prefix"):
        assert await town.says(town.admin, f"!command disable {name}") == (
            f"`{name}` stays on: without it there is no way back."
        )
    assert "stays on" in await town.says(town.admin, "!command disable settings"), "by its alias"
    assert "stays on" in await town.says(town.admin, '!command disable "command enable"')
    assert "stays on" in await town.says(town.admin, "!command disable help #general")
    answer = await town.says(town.admin, "!feature disable nothing")
    assert answer.startswith("There is no such feature; there are `admin`")
    assert await town.says(town.admin, "!feature") is not None


# --- Commands -----------------------------------------------------------------------------------------------


async def test_a_command_that_is_off_neither_runs_nor_shows(town: Town):
    assert await town.says(town.admin, "!command") == "Every command is on."
    assert await town.says(town.admin, "!command disable PING") == "`ping` is off."
    await town.restart()
    assert await town.says(town.admin, "!command") == "Commands that are off\n`ping`"
    for who in (town.ann, town.admin, town.developer):
        assert await town.says(who, "!ping") is None
        assert "`ping`" not in await town.says(who, "!help")
    assert "Pong" in await town.dm(town.ann, "!ping")
    assert await town.says(town.admin, "!command disable ping") == "`ping` is off already."
    assert await town.says(town.admin, "!command enable ping") == "`ping` is on."
    assert await town.says(town.admin, "!command enable ping") == "`ping` is on already."
    assert "Pong" in await town.says(town.ann, "!ping")


@sqlite
@pytest.mark.parametrize("how", ["#bots-corner", "bots-corner", "{mention}", "{id}"])
async def test_off_in_one_channel(town: Town, how: str):
    corner = town.bots_corner
    where = how.format(mention=corner.mention, id=corner.id)
    assert await town.says(town.admin, f"!command disable ping {where}") == f"`ping` in {corner.mention} is off."
    assert await town.says(town.ann, "!ping", channel=corner) is None
    assert "`ping`" not in await town.says(town.ann, "!help", channel=corner)
    assert "Pong" in await town.says(town.ann, "!ping")
    assert f"`ping` in {corner.mention}" in await town.says(town.admin, "!command")
    assert await town.says(town.admin, f"!command enable ping {where}") == f"`ping` in {corner.mention} is on."
    assert "Pong" in await town.says(town.ann, "!ping", channel=corner)


@sqlite
@pytest.mark.parametrize("where", ["#nonexistent", "<#123456789012345678>", "123456789012345678", "mistyped"])
async def test_a_channel_that_is_none_changes_nothing(town: Town, where: str):
    for word in ("disable", "enable"):
        answer = await town.says(town.admin, f"!command {word} ping {where}")
        assert answer.startswith("I can't find a fitting channel")
    assert "Pong" in await town.says(town.ann, "!ping")
    assert await town.says(town.admin, "!command") == "Every command is on."
    await town.says(town.admin, "!command disable ping #general")
    await town.says(town.admin, f"!command enable ping {where}")
    assert await town.says(town.ann, "!ping") is None


@sqlite
async def test_a_channel_takes_its_threads_and_a_category_all_in_it(town: Town):
    await town.says(town.ann, "a thread, please")
    await town.as_bot(town.general.live.create_thread(name="talk", message=town.last_said))
    thread = Channel(town, town.general.handle.threads[0], town.guild)
    category = town.guild.handle.create_category("Quiet Corner")
    inside = Channel(town, town.guild.handle.create_text_channel("library", category=category), town.guild)
    await town.settle()
    assert "Pong" in await town.says(town.ann, "!ping", channel=thread)
    await town.says(town.admin, "!command disable ping #general")
    assert await town.says(town.ann, "!ping", channel=thread) is None
    assert "Pong" in await town.says(town.ann, "!ping", channel=inside)
    assert "is off" in await town.says(town.admin, '!command disable ping "Quiet Corner"')
    assert await town.says(town.ann, "!ping", channel=inside) is None
    assert "Pong" in await town.says(town.ann, "!ping", channel=town.bots_corner)
    await town.says(town.admin, "!command enable ping #general")
    await town.says(town.admin, f"!command disable ping {thread.id}")
    assert await town.says(town.ann, "!ping", channel=thread) is None
    assert "Pong" in await town.says(town.ann, "!ping")


@sqlite
async def test_on_again_everywhere_or_not(town: Town):
    await town.says(town.admin, "!command disable ping #general")
    await town.says(town.admin, "!command disable ping #bots-corner")
    assert await town.says(town.admin, "!command enable ping") == "`ping` is on."
    assert "Pong" in await town.says(town.ann, "!ping")
    assert "Pong" in await town.says(town.ann, "!ping", channel=town.bots_corner)
    await town.says(town.admin, "!command disable ping")
    assert await town.says(town.admin, "!command enable ping #general") == (
        "`ping` is off everywhere; switch it on everywhere first."
    )


@sqlite
async def test_a_group_takes_its_commands_along(town: Town):
    assert await town.says(town.admin, '!command disable "remind list"') == "`remind list` is off."
    assert await town.says(town.ann, "!remind list") is None
    assert "remind you" in await town.says(town.ann, "!remind 10s tea")
    assert "remind list" not in await town.says(town.ann, "!help utility")
    await town.says(town.admin, "!command disable remind")
    assert await town.says(town.ann, "!remind 10s tea") is None
    assert await town.says(town.ann, "!remind every day 8:00 tea") is None
    await town.says(town.admin, "!command enable remind")
    assert "remind you" in await town.says(town.ann, "!remind 10s tea")
    assert await town.says(town.ann, "!remind list") is None, "switched off by itself"


@sqlite
async def test_commands_that_are_none_of_theirs(town: Town):
    for name in ("nothing", "reload", "shutdown"):
        answer = await town.says(town.admin, f"!command disable {name}")
        assert answer.startswith("There is no such command; `help` lists them all.")


@sqlite
async def test_only_who_manages_the_server(town: Town):
    for text in ("!feature", "!feature disable utility", "!feature enable utility", "!command",
                 "!command disable ping", "!command enable ping"):  # fmt: skip
        assert await town.says(town.ann, text) == "You need the permission **Manage Server** for this."
        assert await town.dm(town.admin, text) == "This works in a server only."


# --- Whom the bot ignores -----------------------------------------------------------------------------------


@sqlite
async def test_ignored_channels_and_categories(town: Town):
    category = town.guild.handle.create_category("Quiet Corner")
    inside = Channel(town, town.guild.handle.create_text_channel("library", category=category), town.guild)
    await town.settle()
    await town.says(town.admin, f"!config set ignored-channels #bots-corner {category.id}")
    for place in (town.bots_corner, inside):
        assert await town.says(town.ann, "!ping", channel=place) is None
        assert await town.says(town.moderator, "!help", channel=place) is None
        assert "Pong" in await town.says(town.admin, "!ping", channel=place), "who manages the server is heard"
        assert "Pong" in await town.says(town.developer, "!ping", channel=place), "and the bot's owner"
    assert "Pong" in await town.says(town.ann, "!ping")
    assert "Pong" in await town.dm(town.ann, "!ping")


@sqlite
async def test_ignored_roles(town: Town):
    await town.says(town.admin, "!config set ignored-roles @Member")
    assert "Pong" in await town.says(town.ann, "!ping")
    await town.give_role(town.ann, "Member")
    assert await town.says(town.ann, "!ping") is None
    assert "Pong" in await town.says(town.bob, "!ping")
    await town.give_role(town.admin, "Member")
    assert "Pong" in await town.says(town.admin, "!ping")
    await town.take_role(town.ann, "Member")
    assert "Pong" in await town.says(town.ann, "!ping")


@pytest.mark.engines("sqlite")
async def test_a_long_list_of_what_is_off_has_pages(town: Town):
    many = tuple(f"avatar@{10**18 + number}" for number in range(200))
    setting = town.bot.guild_settings.declared["disabled-commands"]
    await town.as_bot(town.bot.guild_settings.set(town.guild.id, setting, many, changed_by=None))
    first = await town.says(town.admin, "!command")
    assert f"<#{10**18 + 199}>" in (await town.press(town.admin, first, "⏭")).message
