"""The town itself: that what a test reads there is what people would see."""

import asyncio

import discord
import pytest
from discord.ext import commands

from tests.support.places import Person
from tests.support.town import Impossible, Town
from utils.events import GuildSettingChanged
from utils.i18n import PSEUDO, _

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")


def teach(town: Town, callback, **options) -> None:
    """Give the bot a command of this test."""
    town.bot.add_command(commands.Command(callback, **options))


async def test_an_answer_reads_like_text(town: Town):
    answer = await town.says(town.ann, "!ping")
    assert "Pong!" in answer
    assert answer.replies_to == town.last_said.id
    assert town.last() == answer


@sqlite
async def test_chat_gets_no_answer(town: Town):
    assert await town.says(town.ann, "good morning") is None
    assert town.messages() == []


async def test_statements_are_seen(town: Town):
    with town.sql_statements() as statements:
        await town.says(town.ann, "good morning")
        assert statements == []
        await town.says(town.admin, "!prefix add ?")
    assert any("guild_settings" in statement for statement in statements)
    seen = len(statements)
    await town.says(town.admin, "!prefix add $")
    assert len(statements) == seen


@sqlite
async def test_direct_messages(town: Town):
    assert "Pong!" in await town.dm(town.ann, "!ping")
    assert town.last(town.bob) is None


async def test_settings_outlive_a_restart_and_a_crash(town: Town):
    await town.says(town.admin, "!prefix add ?")
    assert [(event.key, event.new) for event in town.sent(GuildSettingChanged)] == [("prefixes", ["!", "?"])]
    await town.restart()
    assert "Pong!" in await town.says(town.ann, "?ping")
    await town.restart(clean=False)
    assert "Pong!" in await town.says(town.ann, "?ping")


@english
@sqlite
async def test_buttons_are_pressed_by_their_label(town: Town):
    async def ask(ctx):
        view = discord.ui.View(timeout=60)

        async def agree(interaction: discord.Interaction) -> None:
            await interaction.response.edit_message(content="Agreed.", view=None)
            await interaction.followup.send("Only you see this.", ephemeral=True)

        view.add_item(button := discord.ui.Button(label="Yes"))
        button.callback = agree
        view.add_item(discord.ui.Button(label="No", disabled=True))
        await ctx.send("Sure?", view=view)

    teach(town, ask)
    question = await town.says(town.ann, "!ask")
    assert list(question.buttons) == ["Yes", "No"]
    with pytest.raises(AssertionError, match="no button 'Maybe'"):
        await town.press(town.ann, question, "Maybe")
    with pytest.raises(Impossible):
        await town.press(town.ann, question, "No")
    happened = await town.press(town.ann, question, "Yes")
    assert happened.message == "Agreed."
    assert not happened.message.buttons
    assert happened.reply == "Only you see this."
    assert happened.reply.ephemeral
    assert not happened.failed
    assert question == "Sure?"  # an answer stays what it was; `now_of` tells what became of it


@english
@sqlite
async def test_a_button_without_an_owner_fails_as_in_discord(town: Town):
    async def orphan(ctx):
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Hello?"))
        message = await ctx.send("Anybody?", view=view)
        view.stop()
        await message.edit(content="Nobody.")

    teach(town, orphan)
    answer = await town.says(town.ann, "!orphan")
    assert (await town.press(town.ann, answer, "Hello?")).failed


@english
@sqlite
async def test_menus_and_forms(town: Town):
    class Form(discord.ui.Modal, title="Tea"):
        sort: discord.ui.TextInput = discord.ui.TextInput(label="Which sort?")

        async def on_submit(self, interaction: discord.Interaction) -> None:
            await interaction.response.send_message(f"One {self.sort.value}.")

    class Menu(discord.ui.View):
        @discord.ui.select(
            options=[discord.SelectOption(label="Tea", value="t"), discord.SelectOption(label="Coffee")]
        )
        async def choose(self, interaction: discord.Interaction, select: discord.ui.Select) -> None:
            if select.values == ["t"]:
                await interaction.response.send_modal(Form())
            else:
                await interaction.response.edit_message(content="No coffee.")

    async def order(ctx):
        await ctx.send("What may it be?", view=Menu())

    teach(town, order)
    card = await town.says(town.ann, "!order")
    assert card.options == {"Tea": "t", "Coffee": "Coffee"}
    assert (await town.choose(town.ann, card, ["Coffee"])).message == "No coffee."
    form = (await town.choose(town.ann, card, ["Tea"])).modal
    assert (form.title, list(form.fields)) == ("Tea", ["Which sort?"])
    assert (await town.fill(town.ann, form, {"Which sort?": "Assam"})).reply == "One Assam."


@english
@sqlite
async def test_embeds_read_line_by_line(town: Town):
    async def card(ctx):
        embed = discord.Embed(title="Ann", description="A member").set_footer(text="Page 1")
        await ctx.send("Here:", embed=embed.add_field(name="Roles", value="none"))

    teach(town, card)
    answer = await town.says(town.ann, "!card")
    assert answer == "Here:\nAnn\nA member\nRoles: none\nPage 1"
    assert answer.fields == {"Roles": "none"}


@english
@sqlite
async def test_time_passes_only_in_wait(town: Town):
    async def later(ctx, seconds: int):
        await asyncio.sleep(seconds)
        await ctx.send(discord.utils.utcnow().isoformat())

    teach(town, later)
    begin = town.now
    assert await town.says(town.ann, "!later 7200") is None
    assert await town.wait(minutes=119) == ()
    (heard,) = await town.wait(minutes=1)
    assert heard == town.now.isoformat()
    assert (town.now - begin).total_seconds() == 7200
    assert discord.utils.utcnow() == town.now


@english
@sqlite
async def test_discord_can_refuse(town: Town):
    seen: list[int] = []

    async def tell(ctx):
        for target in (ctx.channel, ctx.author):
            try:
                await target.send("psst")
            except discord.HTTPException as refused:
                seen.append(refused.code if refused.status == 403 else refused.status)

    teach(town, tell)
    town.refuse("POST", f"/channels/{town.general.id}/messages", status=500)
    town.close_dms(town.ann)
    assert await town.says(town.ann, "!tell") is None
    assert seen == [500, 50007]
    town.open_dms(town.ann)
    assert await town.says(town.ann, "!tell") == "psst"
    assert town.last(town.ann) == "psst"


@sqlite
async def test_the_bot_can_lose_permissions_and_rank(town: Town):
    await town.take_permission(town.general, "attach_files")
    assert not town.general.permissions_for(town.guild.me).attach_files
    await town.give_permission(town.general, "attach_files")
    assert town.general.permissions_for(town.guild.me).attach_files
    await town.take_permission(town.guild, "ban_members", "embed_links")
    assert not town.guild.me.guild_permissions.ban_members
    assert not town.guild.me.guild_permissions.embed_links
    await town.put_bot_below("Moderator")
    ranks = [role.name for role in town.guild.live.roles]
    assert ranks == ["@everyone", "Member", "Hearth", "Moderator", "Admin"]


@sqlite
async def test_people_come_and_go(town: Town):
    await town.give_role(town.ann, "Member")
    assert town.ann.role_names == {"Member"}
    await town.rename(town.ann, "Annie")
    assert town.ann.display_name == "Annie"
    await town.leave(town.ann)
    assert not town.ann.is_here
    with pytest.raises(Impossible):
        await town.says(town.ann, "!ping")
    await town.join(town.ann)
    assert town.ann.role_names == set()
    other = town.new_guild("Elsewhere", members=[town.ann])
    assert "Pong!" in await town.says(town.ann, "!ping", channel=other.general)
    await town.kick_bot_from(other)
    assert town.bot.get_guild(other.id) is None


@sqlite
async def test_people_do_only_what_they_may(town: Town):
    with pytest.raises(Impossible):
        await town.says(town.ann, "!ping", channel=town.private)
    assert "Pong!" in await town.says(town.moderator, "!ping", channel=town.private)


@sqlite
async def test_messages_are_edited_deleted_and_delivered_twice(town: Town):
    assert "Pong!" in await town.says(town.ann, "!ping")
    assert await town.redeliver() is None
    with pytest.raises(Impossible):
        await town.deletes(town.bob)
    await town.deletes(town.moderator)
    answer = town.last()
    await town.delete_message(answer)
    assert town.now_of(answer) is None


@english
@sqlite
async def test_an_unexpected_error_fails_the_test(town: Town):
    async def crash(ctx):
        raise RuntimeError("on purpose")

    async def crash_later():
        raise ValueError("in a listener")

    teach(town, crash)
    town.bot.add_listener(crash_later, "on_crash")
    assert "on my side" in await town.says(town.ann, "!crash")
    assert await town.says(town.ann, "!prefix add") is not None  # a wrong use is nobody's fault
    with pytest.raises(AssertionError, match="on purpose"):
        town.check()
    town.bot.dispatch("crash")
    await town.settle()
    assert [error.strip().splitlines()[-1] for error in town.errors] == [
        "RuntimeError: on purpose",
        "ValueError: in a listener",
    ]
    town.expect_errors()
    town.check()


@sqlite
@pytest.mark.town(languages=(PSEUDO,))
async def test_the_pseudo_language_finds_forgotten_sentences(town: Town):
    async def remembered(ctx):
        embed = discord.Embed(title=ctx.author.name, description=_("A member")).add_field(name=_("Id"), value="1")
        await ctx.send(_("Hello {name}.").format(name="Ann"), embed=embed)

    async def forgotten(ctx):
        view = discord.ui.View().add_item(discord.ui.Button(label="Go", custom_id="go"))
        await ctx.send("Hello.", embed=discord.Embed(title="Ann").add_field(name="Id", value="1"), view=view)

    teach(town, remembered)
    teach(town, forgotten)
    assert await town.says(town.ann, "!remembered") == "Hello Ann.\nann\nA member\nId: 1"
    town.check()
    await town.says(town.ann, "!forgotten")
    with pytest.raises(AssertionError) as found:
        town.check()
    for place in ("content: Hello.", "without any translated text: Ann", "name of a field: Id", "component: Go"):
        assert place in str(found.value)
    town.forget_calls()


@pytest.mark.town(command_prefix="?")
@sqlite
async def test_settings_of_the_process_come_from_the_marker(town: Town):
    assert "Pong!" in await town.says(town.ann, "?ping")


@sqlite
async def test_the_same_people_every_time(town: Town):
    everybody: list[Person] = [town.owner, town.admin, town.moderator, town.ann, town.bob, town.developer]
    assert [person.name for person in everybody] == ["olivia", "ada", "mona", "ann", "bob", "devi"]
    assert await town.bot.is_owner(town.developer.live)
    assert not await town.bot.is_owner(town.owner.live)
    assert town.admin.live.guild_permissions.manage_guild
    assert not town.moderator.live.guild_permissions.manage_guild
