"""Cooldowns: a failed or mistyped use is given back, and just that one."""

import pytest
import pytest_asyncio
from discord.ext import commands

from tests.support.town import Town
from tests.support.wrong import NotYet
from utils.commands import command, group
from utils.context import Context
from utils.i18n import _

sqlite = pytest.mark.engines("sqlite")


class Timed(NotYet):
    """Commands that can't be used all the time."""

    feature = "timed"

    @command()
    @commands.cooldown(2, 60, commands.BucketType.user)
    async def twice(self, ctx: Context, number: int = 1) -> None:
        """Halve a number, twice a minute."""
        await ctx.info(_("{n} it is.").format(n=4 // number))

    @command(cooldown_after_parsing=True)
    @commands.cooldown(2, 60, commands.BucketType.user)
    async def parsed(self, ctx: Context, number: int = 1) -> None:
        """Halve a number, twice a minute; mistyping is free."""
        await ctx.info(_("{n} it is.").format(n=4 // number))

    @group()
    @commands.cooldown(1, 60, commands.BucketType.user)
    async def bread(self, ctx: Context) -> None:
        """Think of bread."""

    @bread.command(name="cut")
    @commands.cooldown(1, 60, commands.BucketType.user)
    async def cut_bread(self, ctx: Context, slices: int) -> None:
        """Cut bread."""
        await ctx.info(_("{n} slices.").format(n=slices))


@pytest_asyncio.fixture
async def timed(town: Town) -> Town:
    """The town, with commands that can't be used all the time."""
    await town.as_bot(town.bot.add_cog(Timed(town.bot)))
    return town


@sqlite
async def test_a_mistyped_or_failed_use_is_given_back(timed: Town):
    town = timed
    town.expect_errors()
    await town.says(town.ann, "!once tea")
    await town.says(town.ann, "!once 0")  # our bug: division by zero
    assert await town.says(town.ann, "!once") == "4 it is."
    assert "Not so fast" in await town.says(town.ann, "!once")
    assert "Not so fast" in await town.says(town.ann, "!once"), "being refused gives nothing back"
    await town.wait(seconds=61)
    assert await town.says(town.ann, "!once") == "4 it is."


@sqlite
async def test_just_one_use_is_given_back(timed: Town):
    town = timed
    assert await town.says(town.ann, "!twice") == "4 it is."
    await town.says(town.ann, "!twice tea")
    await town.says(town.ann, "!twice tea")
    assert await town.says(town.ann, "!twice 2") == "2 it is."
    assert "Not so fast" in await town.says(town.ann, "!twice")


@sqlite
async def test_what_took_no_use_gives_none_back(timed: Town):
    town = timed
    await town.says(town.ann, "!parsed")
    await town.says(town.ann, "!parsed tea")
    assert await town.says(town.ann, "!parsed") == "4 it is."
    assert "Not so fast" in await town.says(town.ann, "!parsed"), "mistyping took no use"

    await town.says(town.ann, "!nap")
    assert "running already" in await town.says(town.ann, "!nap")
    await town.wait(seconds=10)
    await town.says(town.ann, "!nap")
    await town.wait(seconds=10)
    assert "Not so fast" in await town.says(town.ann, "!nap"), "being busy took no use"


@sqlite
async def test_a_subcommand_gets_its_own_use_back(timed: Town):
    town = timed
    await town.says(town.ann, "!bread")
    await town.says(town.ann, "!bread cut many")
    assert await town.says(town.ann, "!bread cut 2") == "2 slices."
    assert "Not so fast" in await town.says(town.ann, "!bread cut 2")
    assert "Not so fast" in await town.says(town.ann, "!bread")
