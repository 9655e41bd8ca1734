"""`doctor`: each fault that is planted is found, said with what to do, and repaired where that can be."""

import discord
import pytest

from cogs.admin.doctor.looking import look
from tests.support.answers import Answer
from tests.support.town import Town
from utils.cog import Cog
from utils.findings import Finding
from utils.setting_types import Channel

english = pytest.mark.town(languages=("en",))


async def doctor(town: Town, feature: str = "") -> Answer:
    answer = await town.says(town.admin, f"!doctor {feature}".strip())
    assert answer is not None
    await town.wait(seconds=31)
    return answer


async def problems(town: Town, feature: str | None = None) -> str:
    """All that is wrong, however many pages that is."""
    found = await town.as_bot(look(town.bot, town.guild.live, feature))
    assert found == sorted(found, key=lambda one: one.severity, reverse=True)  # the worst first
    return "\n".join(f"{one.severity.name} {one.problem} ➜ {one.advice}" for one in found)


async def test_a_healthy_server_and_who_may_look(town: Town):
    assert "You need" in await town.says(town.ann, "!doctor")
    assert await problems(town, "economy") == ""
    said = await doctor(town, "economy")
    assert said == "Everything that I can see from here is fine."
    assert list(said.buttons) == ["Look again"]
    assert "There is no such feature" in await doctor(town, "nonsense")


async def test_settings_say_what_they_need(town: Town):
    declared = town.bot.guild_settings.declared.values()
    silent = [one.key for one in declared if isinstance(one.type, Channel) and not one.needs]
    assert not silent, "settings whose channel the bot uses, and that don't say what it needs there"


@english
async def test_settings_that_name_what_was_deleted(town: Town):
    log, owls, hut = town.channel("log"), town.role("Owls"), town.channel("hut")
    await town.says(town.admin, "!config set mod-log #log")
    await town.says(town.admin, "!config set jail-role @Owls")
    await town.says(town.admin, "!config set no-xp-channels #hut #general")
    await town.says(town.admin, "!config set starboard-channel #hut")
    await town.take_permission(hut, "embed_links")
    found = await problems(town, "utility")
    assert f"The setting `starboard-channel`: in {hut.mention} I lack **Embed Links**." in found
    await town.delete_channel(log)
    await town.delete_role(owls)
    await town.delete_channel(hut)
    said = await doctor(town, "moderation")
    assert f"🔴🔧 The setting `mod-log`: the channel (id `{log.id}`) was deleted" in said
    assert "Choose another with `config set mod-log`, or `config reset mod-log`." in said
    assert f"The setting `jail-role`: the role (id `{owls.id}`) was deleted." in said
    pressed = await town.press(town.admin, said, "Repair all of it")
    assert pressed.reply == "Repaired: Reset mod-log and Reset jail-role."
    assert "jail-role" not in pressed.message
    said = await doctor(town, "leveling")
    assert f"🔵🔧 The setting `no-xp-channels` names channels that were deleted: `{hut.id}`." in said
    chosen = await town.choose(town.admin, said, ["Clean up no-xp-channels"])
    assert chosen.message == "Everything that I can see from here is fine."
    assert town.general.mention in await town.says(town.admin, "!config show no-xp-channels")
    await town.says(town.admin, "!config undo")  # repairs are in the history as well
    assert f"<#{hut.id}>" in await town.says(town.admin, "!config show no-xp-channels")


@english
async def test_permissions_that_are_missing(town: Town):
    everyone = town.guild.everyone
    await town.take_permission(town.general, "embed_links", of=everyone)
    await town.take_permission(town.bots_corner, "embed_links", of=everyone)
    found = await problems(town, "admin")
    values = f"{town.general.mention} and {town.bots_corner.mention}"
    assert f"WARNING I lack **Embed Links** in {values}, where members can call commands." in found
    said = await doctor(town, "admin")
    pressed = await town.choose(town.admin, said, ["Allow me Embed Links in 2 channels"])
    assert pressed.reply == "Repaired: Allow me Embed Links in 2 channels."
    assert "Embed Links" not in await problems(town, "admin")
    await town.take_permission(town.guild, "ban_members", "add_reactions")
    found = await problems(town, "moderation")
    assert "BROKEN I lack **Ban Members**: `ban`," in found
    assert "[invite me again](https://discord.com/" in found


async def test_intents_roles_and_what_is_switched_off(town: Town):
    await town.put_bot_below("Member")
    await town.says(town.admin, "!feature disable fun")
    await town.says(town.admin, "!command disable rank")
    await town.says(town.admin, "!config set birthday-channel #general")
    found = await problems(town)
    assert "WARNING All roles are above mine" in found
    assert "HINT The feature `fun` is switched off here." in found
    assert "Commands are switched off, here or in some channels: `rank`." in found
    assert "birthday-channel" not in found
    await town.says(town.admin, "!config set starboard-channel #general")
    await town.says(town.admin, "!config set starboard-emoji <:gone:123456789012345678>")
    await town.says(town.admin, f"!permissions deny daily {town.role('Owls').mention}")
    with town.not_listening():
        await town.delete_role(town.role("Owls"))
    await town.restart()
    found = await problems(town)
    assert "WARNING The emoji that counts as a star, `:gone:`, was deleted" in found
    assert found.count("HINT There are rules for roles or categories that were deleted: a rule denies `daily`") == 1


@pytest.mark.town(message_content=False, members=False)
async def test_intents(town: Town):
    found = await problems(town)
    assert "I don't see what messages say" in found
    assert "I don't hear who joins and leaves, and can't list members." in found
    assert "welcomes, autoroles and sticky roles don't work" not in found
    await town.says(town.admin, f"{town.bot.user.mention} autorole add {town.role('Member').mention}")
    assert "welcomes, autoroles and sticky roles don't work" in await problems(town, "utility")


@english
async def test_the_jail(town: Town):
    jailed, cell = town.role("Jailed"), town.channel("cell")
    await town.says(town.admin, "!config set jail-role @Jailed")
    await town.give_permission(cell, "view_channel", of=jailed)
    found = await problems(town, "moderation")
    assert "Who is jailed still sees 3 other channels" in found
    said = await doctor(town, "moderation")
    hide = "Hide 3 channels from jailed people"
    assert "not yours" in (await town.choose(town.moderator, said, [hide])).reply
    manager = town.member("max", roles=[town.role("Manager", permissions=discord.Permissions(manage_guild=True))])
    theirs = await town.says(manager, "!doctor moderation")
    refused = await town.choose(manager, theirs, [hide])
    assert refused.reply == f"**{hide}**: You need the permission **Manage Roles** for this."
    assert "still sees 3" in await problems(town, "moderation")
    assert (await town.choose(town.admin, said, [hide])).reply == f"Repaired: {hide}."
    assert "still sees" not in await problems(town, "moderation")
    seen = {channel.name for channel in town.guild.live.channels if channel.permissions_for(jailed.live).view_channel}
    assert seen == {"cell"}
    await town.says(town.admin, "!lock #general")
    await town.take_permission(town.general, "manage_roles")
    assert f"BROKEN I locked {town.general.mention} and can't unlock" in await problems(town, "moderation")
    await town.says(town.admin, "!config set report-ping @Member")
    await town.take_permission(town.guild, "mention_everyone")
    assert "Reports don't notify" in await problems(town, "moderation")


async def test_roles_that_can_not_be_given(town: Town):
    high = town.role("High")
    low = [town.role(name) for name in ("Reward", "Sold", "Newcomer", "Menu")]
    await town.says(town.admin, "!levels reward add 5 @Reward")
    await town.says(town.admin, "!shop add role VIP 10 @Sold")
    await town.says(town.admin, "!autorole add @Newcomer")
    await town.says(town.admin, "!rolemenu create Colours @Menu")
    await town.says(town.admin, "!rolemenu require Colours @High")
    assert await problems(town, "leveling") == await problems(town, "economy") == ""
    await town.put_bot_below("Menu")
    found = await problems(town)
    assert f"The role for level 5: I can't give {low[0].mention}." in found
    assert f"The item **VIP** in the shop: I can't give {low[1].mention}." in found
    assert f"The role for newcomers: I can't give {low[2].mention}." in found
    assert f"The role menu **Colours**: I can't give {low[3].mention}." in found
    with town.not_listening():
        for role in (*low, high):
            await town.delete_role(role)
    await town.restart()
    found = await problems(town)
    for what in (
        "The item **VIP** in the shop: the role (id",
        "The role menu **Colours**: the role (id",
        "The role for newcomers: the role (id",
        "The role menu **Colours**: the role that members need for it was deleted",
    ):
        assert what in found
    said = await doctor(town)
    await town.press(town.admin, said, next(name for name in said.buttons if "Repair" in name))
    found = await problems(town)
    for what in ("in the shop", "The role for newcomers", "The role menu **Colours**: the role (id"):
        assert what not in found
    assert "Newcomers get no roles here" in await town.says(town.admin, "!autorole")


@english
async def test_places_that_are_gone_or_full(town: Town):
    desk, menus = town.channel("desk"), town.channel("menus")
    category = town.guild.handle.create_category("Tickets")
    await town.says(town.admin, "!rolemenu create Colours @Member")
    await town.says(town.admin, "!rolemenu post Colours #menus")
    await town.says(town.admin, "!schedule #desk in 2d hello")
    await town.says(town.admin, "!ticket panel create Help Bugs")
    await town.says(town.admin, "!ticket kind edit Bugs category Tickets")
    await town.says(town.admin, "!ticket kind edit Bugs roles @Moderator")
    await town.says(town.admin, "!giveaway start 2d 1x A hat --channel #desk")
    assert await problems(town, "utility") == ""
    await town.delete_message(town.last(menus))
    found = await problems(town, "utility")
    assert f"The role menu **Colours**: its message in {menus.mention} was deleted." in found
    for number in range(45):
        town.channel(f"ticket-{number}", category=category)
    assert "is nearly full, with 45 of 50 channels" in await problems(town, "utility")
    for number in range(45, 50):
        town.channel(f"ticket-{number}", category=category)
    await town.delete_channel(desk)
    await town.delete_role(town.role("Moderator"))
    found = await problems(town, "utility")
    assert "is full: Discord allows 50 channels in one" in found
    assert "Tickets about **Bugs**: all roles that answer them were deleted" in found
    assert "The scheduled message 1: the channel (id" in found
    assert "The giveaway of **A hat**: the channel (id" in found
    await town.as_bot(town.guild.live.get_channel(category.id).delete())
    assert "Tickets about **Bugs**: their category was deleted." in await problems(town, "utility")


async def test_automod_that_only_watches(town: Town):
    await town.says(town.admin, "!config set automod-channel #private")
    await town.says(town.admin, "!automod add slurs --words badword --delete")
    await town.says(town.admin, "!automod add night --words sleep --delete")
    await town.says(town.admin, "!automod enable slurs")
    found = await problems(town, "moderation")
    assert found.startswith("HINT These rules of automod only watch: `night`.")


@english
async def test_long_results_and_repairs_that_discord_refuses(town: Town):
    for number in range(12):
        await town.says(town.admin, f"!shop add role Item{number} 10 {town.role(f'Role{number}').mention}")
    for number in range(12):
        await town.delete_role(town.role(f"Role{number}"))
    said = await doctor(town, "economy")
    assert "🔴 12 things are broken · 🔧 I can repair it" in said
    assert "Item0" in said
    assert "Item11" not in said
    turned = await town.press(town.admin, said, "▶")
    assert "Item11" in turned.message
    assert "Item0" not in turned.message.text.replace("Item01", "")
    await town.says(town.owner, "!shop remove Item3")  # somebody is quicker
    left = await town.press(town.admin, turned.message, "Repair all of it")
    assert left.message == "Everything that I can see from here is fine."
    await town.take_permission(town.general, "embed_links", of=town.guild.everyone)
    said = await doctor(town, "admin")
    town.refuse("PUT", "/channels/*/permissions/*", status=403, code=50_013)
    refused = await town.choose(town.admin, said, ["Allow me Embed Links in #general"])
    assert "**Allow me Embed Links in #general**: Discord doesn't let me do this" in refused.reply
    assert "I lack **Embed Links**" in refused.message
    town.refuse_no_more()
    assert "I lack **Embed Links**" in (await town.press(town.admin, refused.message, "Look again")).message


class Fails(Cog):
    feature = "economy"

    async def findings(self, guild: discord.Guild) -> list[Finding]:
        raise RuntimeError("this topic is broken")


async def test_a_topic_that_fails_is_said_to(town: Town):
    await town.as_bot(town.bot.add_cog(Fails(town.bot)))
    assert "I couldn't look at everything of `economy`." in await problems(town, "economy")
    town.expect_errors()
    await town.as_bot(town.bot.remove_cog("Fails"))
