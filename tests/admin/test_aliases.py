"""Other names for commands."""

import pytest

from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")


async def test_an_alias_runs_its_command(town: Town):
    assert await town.says(town.admin, "!alias") == "No command that you may use here has another name."
    answer = await town.says(town.admin, "!alias add Hush !warn {1} Be quiet, please. {rest}")
    assert answer == "`hush` stands for `warn {1} Be quiet, please. {rest}` now."
    await town.restart()
    assert "Case **1**" in await town.says(town.moderator, f"!hush {town.bob.mention}")
    await town.says(town.moderator, f"!HUSH {town.ann.mention} Now")
    assert "Be quiet, please. Now" in await town.says(town.moderator, "!case 2")
    assert "permission" in await town.says(town.ann, f"!hush {town.bob.mention}"), "with the caller's permissions"
    needs = await town.says(town.moderator, "!hush")
    assert needs == "This alias needs 1 word behind it: it stands for `warn {1} Be quiet, please. {rest}`."
    assert "`!hush` stands for" in await town.says(town.moderator, "!alias list")
    assert await town.says(town.ann, "!alias") == "No command that you may use here has another name."
    assert "Created by" in await town.says(town.ann, "!alias show hush")
    assert "`!hush` stands for `warn {1} Be quiet" in await town.says(town.moderator, "!help hush")
    assert "There is no such command" in await town.says(town.ann, "!help hush")
    await town.says(town.admin, "!customcommand add hello Hi!")
    assert "a command that this server made itself" in await town.says(town.ann, "!help hello")
    assert await town.says(town.admin, "!alias edit hush ping") == "`hush` stands for `ping` now."
    assert "Pong" in await town.says(town.ann, "!hush")
    assert await town.says(town.admin, "!alias remove hush") == "`hush` stands for nothing any more."
    assert await town.says(town.ann, "!hush") is None


@sqlite
async def test_it_obeys_rules_cooldowns_and_switches(town: Town):
    await town.says(town.admin, "!alias add p ping")
    assert "Pong" in await town.says(town.ann, "!p")
    await town.says(town.admin, "!permissions deny ping #general")
    assert "keeps you" in await town.says(town.ann, "!p")
    await town.says(town.admin, "!permissions remove ping")
    await town.says(town.admin, "!command disable ping")
    assert await town.says(town.ann, "!p") is None
    await town.says(town.admin, "!command enable ping")
    await town.says(town.admin, "!ignore @ann")
    assert await town.says(town.ann, "!p") is None
    assert await town.says(town.bob, "!ping") is not None
    village = town.new_guild("Village", members=[town.bob])
    await town.settle()
    assert await town.says(town.bob, "!p", channel=village.general) is None, "in one server alone"
    await town.says(town.admin, "!config set suggestions on")
    await town.says(town.admin, "!alias add shush timeout {1} 1h")
    assert await town.says(town.moderator, "!shsh @ann") == "Did you mean `!shush`?"
    assert await town.says(town.bob, "!shsh @ann") is None


@sqlite
async def test_its_command_may_be_gone(town: Town):
    await town.says(town.admin, "!alias add toss coinflip")
    await town.says(town.developer, "!unload economy")
    answer = await town.says(town.ann, "!toss")
    assert answer == "This alias stands for `coinflip`, and I don't have that command any more."
    assert await town.says(town.admin, "!alias") == "No command that you may use here has another name."


@sqlite
@pytest.mark.town(command_spam=True)
async def test_an_alias_counts_once_as_a_command(town: Town):
    await town.says(town.admin, "!alias add p ping")
    await town.says(town.admin, "!config set command-spam-count 2")
    assert await town.says(town.ann, "!p") is not None
    assert await town.says(town.ann, "!p") is not None
    assert await town.says(town.ann, "!p") is None


@sqlite
async def test_what_no_alias_is_called_and_stands_for(town: Town):
    async def says(call: str) -> str:
        return str(await town.says(town.admin, f"!alias {call}"))

    await says("add p ping")
    await town.says(town.admin, "!customcommand add hello Hello!")
    assert "I have a command `ping` of my own." in await says("add ping about")
    assert "I have a command `info` of my own." in await says("add INFO ping"), "by its alias"
    assert "This server has a command `hello` of its own already." in await says("add hello ping")
    assert "There is an alias `p` already" in await says("add p about")
    assert "An alias stands for a command of mine" in await says("add q p")
    assert "An alias stands for a command of mine" in await says("add q hello")
    assert "There is no such command" in await says("add q nothing at all")
    assert "There is no such command" in await says("add q shutdown"), "who runs the bot alone"
    assert "An alias is one word" in await says('add "two words" ping')
    assert "There is nothing to put in place of `{0}`" in await says("add q ping {0}")
    assert "too long" in await says(f"add q ping {'x' * 1100}")
    assert "This server has no alias `q`." in await says("remove q")
    assert "There is an alias `p` already" in str(await town.says(town.admin, "!customcommand add p Hello!"))
    assert "Manage Server" in str(await town.says(town.ann, "!alias add q ping"))
