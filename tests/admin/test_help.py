"""Help: what a person may run here, and nothing else."""

import pytest
from discord.ext import commands

from tests.support.answers import Answer
from tests.support.town import Impossible, Town
from utils.checks import bot_requires, owner_only, requires
from utils.cog import Cog
from utils.commands import command, example, group
from utils.context import Context
from utils.i18n import _

pytestmark = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))


class Bakery(Cog):
    """Things to bake."""

    feature = "bakery"

    @command(aliases=["bun", "loaf"])
    @commands.cooldown(2, 30, commands.BucketType.user)
    @requires(manage_messages=True)
    @bot_requires(add_reactions=True)
    @example("2 rye", "1")
    async def bread(self, ctx: Context, loaves: int, *, kind: str = "wheat") -> None:
        """Bake bread.

        It takes a while,
        so be patient.
        """

    @command(hidden=True)
    @example("")
    async def secret(self, ctx: Context) -> None:
        """Bake in secret."""
        await ctx.info(_("Done."))

    @group()
    @owner_only()
    @example("")
    async def oven(self, ctx: Context) -> None:
        """Show the oven."""
        await ctx.info(_("Warm."))

    @oven.command(name="heat")
    @example("")
    async def heat_oven(self, ctx: Context) -> None:
        """Heat the oven."""
        await ctx.info(_("Hot."))

    @oven.group(name="door")
    async def door(self, ctx: Context) -> None:
        """Show the door."""

    @door.command(name="open")
    async def open_door(self, ctx: Context) -> None:
        """Open the door."""
        await ctx.info(_("Open."))


class Many(Cog):
    """So many commands that a category has several pages."""

    feature = "bakery"


for number in range(30):

    async def bake(self: Cog, ctx: Context) -> None:
        """Bake one of many."""

    made = command(name=f"cake{number:02}")(bake)
    setattr(Many, f"cake{number}", made)
    Many.__cog_commands__ = [*Many.__cog_commands__, made]  # type: ignore[attr-defined]


def overview(answer: Answer) -> str:
    return " ".join([*answer.fields.values()])


async def test_everybody_sees_what_they_may_run(town: Town):
    member = await town.says(town.ann, "!help")
    assert member.startswith("What I can do for you here")
    assert "`ping`" in overview(member)
    assert "`remind`" in overview(member)
    assert "`prefix`" in overview(member), "showing them needs no permission"
    for name in ("config", "feature", "command", "reload", "shutdown"):
        assert f"`{name}`" not in overview(member)
    manager = await town.says(town.admin, "!help")
    for name in ("ping", "config", "feature", "command"):
        assert f"`{name}`" in overview(manager)
    for name in ("reload", "shutdown", "traceback"):
        assert f"`{name}`" not in overview(manager)
        assert f"`{name}`" in overview(await town.says(town.developer, "!help"))


async def test_a_permission_in_one_channel_counts_there(town: Town):
    await town.give_permission(town.bots_corner, "manage_guild", of=town.ann)
    assert "`config`" not in overview(await town.says(town.ann, "!help"))
    assert "`config`" not in overview(await town.dm(town.admin, "!help")), "a server's settings are set there"


async def test_what_is_off_is_not_shown(town: Town):
    await town.says(town.admin, "!command disable ping")
    await town.says(town.admin, "!feature disable utility")
    for who in (town.ann, town.developer):
        answer = await town.says(who, "!help")
        assert "`ping`" not in overview(answer)
        assert "`remind`" not in overview(answer)
        assert "Utility" not in answer.options
    assert "no such command or category" in await town.says(town.ann, "!help ping")
    assert "no such command or category" in await town.says(town.ann, "!help remind")
    assert "no such command or category" in await town.says(town.ann, "!help utility")
    assert "`remind`" in overview(await town.dm(town.ann, "!help")), "elsewhere it is on"


@english  # the titles of these features are in no catalogue
async def test_hidden_and_owner_commands(town: Town):
    await town.as_bot(town.bot.add_cog(Bakery(town.bot)))
    assert "secret" not in overview(await town.says(town.ann, "!help"))
    assert "no such command" in await town.says(town.developer, "!help secret")
    assert await town.says(town.ann, "!secret") == "Done.", "hidden is not forbidden"
    for topic in ("oven", "oven heat", "reload"):
        assert "no such command" in await town.says(town.ann, f"!help {topic}")
        assert topic in await town.says(town.developer, f"!help {topic}")
    assert "heat" not in overview(await town.says(town.owner, "!help"))


@english
async def test_what_a_group_asks_for_its_commands_ask_for_too(town: Town):
    await town.as_bot(town.bot.add_cog(Bakery(town.bot)))
    assert await town.says(town.ann, "!oven") is None
    assert await town.says(town.ann, "!oven heat") is None
    assert await town.says(town.ann, "!oven door open") is None
    assert await town.says(town.developer, "!oven heat") == "Hot."
    assert await town.says(town.developer, "!oven door open") == "Open."


# --- Categories ---------------------------------------------------------------------------------------------


async def test_the_select_opens_a_category(town: Town):
    answer = await town.says(town.ann, "!help")
    assert set(answer.options) == {"Admin", "Economy", "Fun", "Leveling", "Moderation", "Utility"}
    opened = (await town.choose(town.ann, answer, ["Admin"])).message
    assert "`!ping`\nShow whether I am there, and how far away Discord is." in opened
    assert "`!prefix add" not in opened
    assert "!help <command> shows a command's details." in opened
    again = (await town.choose(town.ann, answer, ["Utility"])).message
    assert "`!ping`" not in again
    assert "!afk" in again


@english  # the titles of these features are in no catalogue
async def test_a_long_category_has_pages_beside_the_select(town: Town):
    await town.as_bot(town.bot.add_cog(Many(town.bot)))
    answer = await town.says(town.ann, "!help")
    first = (await town.choose(town.ann, answer, ["Bakery"])).message
    assert "cake00" in first
    assert "cake12" not in first
    assert first.button("1/3")
    second = (await town.press(town.ann, answer, "▶")).message
    assert "cake12" in second
    last = (await town.press(town.ann, answer, "⏭")).message
    assert "cake29" in last
    other = (await town.choose(town.ann, answer, ["Admin"])).message
    assert "cake" not in other
    assert "▶" not in other.buttons
    assert (await town.choose(town.ann, answer, ["Bakery"])).message.button("1/3")


async def test_a_category_by_name(town: Town):
    await town.as_bot(town.bot.add_cog(Many(town.bot)))
    first = await town.says(town.ann, "!help BAKERY")
    assert "cake00" in first
    assert "cake12" in (await town.press(town.ann, first, "▶")).message
    admin = await town.says(town.ann, "!help admin")
    assert admin.startswith("Admin\n")
    assert "`!ping`" in admin
    assert "`!config`" not in admin


async def test_a_name_of_both_a_command_and_a_category(town: Town):
    """Who may run nothing in the group reads of the category alone; others read of the command first."""
    shown = await town.says(town.ann, "!help economy")
    assert shown.startswith("Economy\n")
    assert "`!balance [member]`" in shown
    of_staff = await town.says(town.admin, "!help economy")
    assert of_staff.startswith("!economy [words]\n")
    assert "`!balance [member]`" in (await town.press(town.admin, of_staff, "▶")).message


async def test_only_who_asked_may_choose_and_not_for_ever(town: Town):
    answer = await town.says(town.ann, "!help")
    refused = await town.choose(town.bob, answer, ["Admin"])
    assert refused.reply == "These buttons are not yours."
    assert refused.reply.ephemeral
    assert refused.message == answer
    assert await town.wait(minutes=4) == ()
    assert all(menu.disabled for menu in town.now_of(answer).menus)
    with pytest.raises(Impossible):
        await town.choose(town.ann, answer, ["Admin"])


async def test_without_embeds_it_is_text(town: Town):
    await town.take_permission(town.general, "embed_links")
    answer = await town.says(town.ann, "!help")
    assert not answer.embeds
    assert "**What I can do for you here**" in answer.content
    assert "`ping`" in answer.content
    opened = (await town.choose(town.ann, answer, ["Admin"])).message
    assert not opened.embeds
    assert "`!ping`" in opened.content
    assert "Something" not in await town.says(town.ann, "!help ping")
    assert not (await town.says(town.ann, "!help admin")).embeds


# --- One command --------------------------------------------------------------------------------------------


async def test_a_command_with_all_there_is_to_know(town: Town):
    await town.as_bot(town.bot.add_cog(Bakery(town.bot)))
    for name in ("bread", "BUN"):
        answer = await town.says(town.admin, f"!help {name}")
        assert answer.startswith("!bread <loaves> [kind=wheat]\nBake bread.\n\nIt takes a while, so be patient.")
        assert answer.fields == {
            "Examples": "`!bread 2 rye`\n`!bread 1`",
            "Also called": "`bun` and `loaf`",
            "Cooldown": "2 uses in 30 s",
            "You need": "**Manage Messages**",
            "I need": "**Add Reactions**",
        }
    assert "no such command" in await town.says(town.ann, "!help bread")


async def test_a_group_names_the_commands_in_it(town: Town):
    member, manager = [(await town.says(who, "!help prefix")).fields for who in (town.ann, town.admin)]
    assert "Commands in it" not in member
    assert "`!prefix add <prefix>`: Let commands also start with something else." in manager["Commands in it"]
    assert (await town.says(town.admin, "!help prefix add")).startswith("!prefix add <prefix>")


async def test_examples_use_what_the_person_typed_with(town: Town):
    await town.says(town.admin, "!prefix add ?")
    assert "`?remind" in (await town.says(town.ann, "?help remind")).fields["Examples"]
    mention = town.guild.live.me.mention
    assert "`@Hearth remind" in (await town.says(town.ann, f"{mention} help remind")).fields["Examples"]


async def test_an_unknown_topic_is_answered_with_the_near_one(town: Town):
    assert await town.says(town.ann, "!help pign") == (
        "There is no such command or category; did you mean `!help ping`?"
    )
    assert await town.says(town.ann, "!help prefxi") == (
        "There is no such command or category; did you mean `!help prefix`?"
    )
    for topic in ("config", "confg"):
        assert "`!help config`" not in await town.says(town.ann, f"!help {topic}"), topic
    for topic in ("xyzzy", "shutdwn", "x" * 1900, "@everyone", "`"):
        answer = await town.says(town.ann, f"!help {topic}")
        assert answer == "There is no such command or category; `!help` lists them all.", topic


async def test_in_direct_messages(town: Town):
    answer = await town.dm(town.ann, "!help")
    assert "`ping`" in overview(answer)
    assert "`serverinfo`" not in overview(answer)
    assert "`!ping`" in (await town.choose(town.ann, answer, ["Admin"])).message
