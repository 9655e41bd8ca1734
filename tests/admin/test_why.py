"""`why`: each question with its cause."""

from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from tests.support.town import Town


async def why(town: Town, words: str, who=None, **where) -> str:
    answer = await town.says(who or town.ann, f"!why {words}".strip(), **where)
    assert answer is not None
    return answer


# --- commands


async def test_why_a_command_does_not_work(town: Town):
    ann, bob = town.ann, town.bob
    assert "✅ Nothing keeps them from it." in await why(town, "can't I use rank")
    said = await why(town, "can't I use ban on @bob here")
    assert said.startswith(f"**{ann.mention} using `ban` on {bob.mention} in {town.general.mention}**")
    assert f"➡️ `ban` needs **Ban Members**, which {ann.mention} doesn't have." in said
    assert "This alone would be enough, too:" in said  # the rank of an equal
    said = await why(town, f"can't {town.moderator.mention} ban {town.admin.mention}", who=town.admin)
    assert "is not below that of" in said
    assert "**Ban Members**" not in said
    await town.says(town.admin, "!command disable rank #bots-corner")
    said = await why(town, "does rank not work in #bots-corner")
    assert f"➡️ The command `rank` is switched off in {town.bots_corner.mention}" in said
    await town.says(town.admin, "!feature disable leveling")
    assert "➡️ The feature `leveling` is switched off in this server" in await why(town, "`rank`")
    await town.says(town.admin, "!permissions deny daily @ann")
    said = await why(town, f"kann {ann.mention} hier daily nicht benutzen", who=town.moderator)
    assert f"➡️ By the most specific rule: a rule denies `daily`: {ann.mention}." in said
    await town.says(town.owner, f"!permissions allow kick {ann.mention}")
    said = await why(town, "can't I use kick")
    assert "✅ Nothing keeps them from it." in said
    assert f"By the most specific rule: a rule allows `kick`: {ann.mention}." in said
    await town.says(town.admin, "!ignore #bots-corner")
    assert "They are ignored here" in await why(town, "can't ann use work in #bots-corner", who=town.moderator)


async def test_why_what_discord_moderation_or_time_forbids(town: Town):
    await town.says(town.ann, "!daily")
    said = await why(town, "can't I use daily")
    assert f"➡️ {town.ann.mention} used it <t:" in said
    assert "it is possible again <t:" in said
    await town.says(town.admin, "!config set game-slots off")
    assert "➡️ This game is switched off: `config set game-slots on` switches it on." in await why(town, "`slots`")
    await town.says(town.moderator, "!timeout @bob 1h too loud")
    said = await why(town, f"can't {town.bob.mention} use rank", who=town.admin)
    assert f"➡️ {town.bob.mention} is timed out until <t:" in said
    assert f"Timeout is in force for {town.bob.mention} (case 1).\n" in said
    assert "The reason: too loud" in said
    await town.says(town.admin, "!lock #general spam")
    said = await why(town, "can't I use rank in #general", channel=town.bots_corner)
    assert f"➡️ {town.ann.mention} lacks **Send Messages** in {town.general.mention}." in said
    assert f"{town.general.mention} is locked (case 2)." in said
    assert "The reason: spam" in said
    # What is for whoever runs the bot, nobody else learns of.
    assert "➡️" not in await why(town, "can't I use traceback", channel=town.bots_corner)


async def test_who_may_ask_and_what_nobody_understands(town: Town):
    assert "you need the permission **Manage Messages**" in await why(town, "can't @bob use rank")
    assert "you need the permission **Manage Messages**" in await why(town, f"does {town.bob.mention} have @Member")
    assert "can't find" in await why(town, "can't I use rank in #private")
    assert "Did you mean the command `rank`" in await why(town, "can't I use ramk")
    await town.says(town.admin, "!alias add hush timeout {1} 1h")
    said = await why(town, "can't I use hush")
    assert f"➡️ `timeout` needs **Timeout Members**, which {town.ann.mention} doesn't have." in said
    await town.says(town.admin, "!customcommand add hello Hi!")
    assert "`hello` is a command that this server made itself." in await why(town, "can't I use hello")
    assert "Say which command you mean, like `!why can't I use daily here`." in await why(town, "can't I")
    for words in ("😀", "x" * 1_900, "is the sky blue", "does @nobody have @Member", '""', "0", "-1"):
        said = await why(town, words, who=town.admin)
        assert "find" in said or "understand" in said or "Did you mean" in said, words


# --- messages


async def test_why_a_message_was_removed(town: Town):
    await town.says(town.ann, "buy my things")
    gone = town.last_said
    await town.says(town.bob, "and mine")
    bobs = town.last_said
    await town.says(town.moderator, '!purge 10 @ann --reason "we had enough of that"')
    said = await why(town, "was my message removed")
    assert f"of {town.ann.mention} in {town.general.mention}" in said
    assert "➡️ A moderator deleted it with others <t:" in said
    assert "by `purge 10 @ann" in await why(town, f"was {gone.id} deleted", who=town.moderator)
    assert "(case 1)" in said
    assert "we had enough of that" in said
    link = f"https://discord.com/channels/{town.guild.id}/{town.general.id}/{gone.id}"
    assert "(case 1)" in await why(town, link)
    assert "(case 1)" in await why(town, f"was {gone.id} deleted")
    assert "Manage Messages" in await why(town, link, who=town.bob)
    assert "(case 1)" in await why(town, f"wurde die Nachricht {gone.id} gelöscht", who=town.moderator)
    assert "➡️ Nobody removed it" in await why(town, "did this message get removed", who=town.bob, reply_to=bobs)
    assert "I have removed no message of yours" in await why(town, "was my message deleted", who=town.bob)
    await town.deletes(town.bob, bobs)
    said = await why(town, f"{town.general.id}-{bobs.id} is gone", who=town.bob)
    assert "I didn't remove it, or it is more than 30 days ago." in said
    await town.says(town.bob, "a word in private", channel=town.bots_corner)
    unseen = f"https://discord.com/channels/{town.guild.id}/{town.private.id}/{bobs.id}"
    assert "I can't find that message." in await why(town, unseen, who=town.ann)
    store = town.bot.removals.store
    found = await town.as_bot(store.get(town.guild.id, gone.id))
    await town.as_bot(store.forget(town.now + timedelta(days=1)))
    await town.as_bot(town.bot.removals.note([replace(found, removed_at=town.now - timedelta(days=31))]))
    await town.restart()
    assert "I didn't remove it" in await why(town, link)


async def test_commands_that_are_hidden_stay_so(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    await town.says(town.ann, "!report @bob is rude")
    said = await why(town, f"was {town.last_said.id} removed", who=town.bob)
    assert "➡️ It was a command that I delete at once, so that nobody sees who used it." in said
    assert town.ann.mention not in said


async def test_what_discord_knows_of_a_message(town: Town):
    gone = await _said(town, town.bob, "an advert")
    await town.says(town.moderator, "!softban @bob adverts")
    await town.delete_message(gone)  # as Discord does with a ban
    said = await why(town, f"was the message {gone.id} of {town.bob.mention} removed", who=town.moderator)
    assert "This is known of it:" in said
    assert "the latest messages of who is softbanned go with it" in said
    assert "adverts" in said
    mine = await _said(town, town.ann, "a word too many")
    await town.deletes(town.moderator, mine)
    options = {"channel_id": str(town.general.id), "count": "2"}
    await town.writes_in_audit_log(
        town.moderator, discord.AuditLogAction.message_delete, town.ann.id, options=options
    )
    asked = f"was the message {mine.id} of {town.ann.mention} removed"
    said = await why(town, asked, who=town.admin)
    assert f"Discord's audit log says that {town.moderator.mention} deleted 2 messages there" in said
    assert "audit log" not in await why(town, asked, who=town.moderator)  # who can't read it
    assert "audit log" not in await why(town, f"was my message {mine.id} removed")
    notice = await town.says(town.ann, "!rank")
    assert "I have removed no message of yours" in await why(town, "was my message removed", reply_to=notice)
    hut = town.channel("hut")
    there = await _said(town, town.ann, "in the hut", channel=hut)
    await town.delete_channel(hut)
    assert "Its channel or thread was deleted" in await why(town, f"{hut.id}-{there.id} removed")


async def _said(town: Town, who, text: str, **where):
    await town.says(who, text, **where)
    return town.last_said


# --- XP


async def test_why_no_xp(town: Town):
    await town.says(town.ann, "good morning everybody")
    first = town.last_said
    said = await why(town, "did I get no XP")
    assert said.startswith(f"**XP of {town.ann.mention} in {town.general.mention}**")
    assert "brought XP less than 1 minute ago" in said
    assert "This message brought" in await why(town, "did I get no XP", reply_to=first)
    assert "Manage Messages" in await why(town, "does @ann get no xp", who=town.bob)
    assert "brought XP less than" in await town.says(town.ann, "!warum bekomme ich keine XP?")
    await town.says(town.admin, "!config set no-xp-channels #bots-corner")
    said = await why(town, "bekommt ann keine XP in #bots-corner", who=town.moderator)
    assert f"➡️ Messages in {town.bots_corner.mention} bring no XP." in said
    await town.says(town.admin, "!feature disable leveling")
    assert "➡️ Leveling is switched off in this server." in await why(town, "did I get no XP")


# --- roles


async def test_why_somebody_has_a_role(town: Town):
    ann, member = town.ann, town.role("Member")
    assert "Nothing of mine gives it" in await why(town, "do I have @Member")
    await town.says(town.admin, f"!levels reward add 5 {member.mention}")
    said = await why(town, "don't I have the Member role")
    assert said.startswith(f"**{ann.mention} doesn't have {member.mention}**")
    assert "➡️ Level 5 brings it; they are at level 0." in said
    await town.says(town.admin, "!xp set @ann level 6")
    await town.wait(seconds=30)
    assert "➡️ It is the role for level 5; they are at level 6." in await why(town, f"do I have {member.mention}")
    await town.says(town.moderator, "!why does @ann have @Member")
    owls = town.role("Owls")
    await town.says(town.admin, "!role temp @ann @Owls 7d for the party")
    said = await why(town, "habe ich diese Rolle Owls")
    assert "➡️ A moderator gave it" in said
    assert "for the party" in said
    await town.says(town.admin, "!role add @bob @Member")
    said = await why(town, f"hat {town.bob.mention} @Member", who=town.moderator)
    assert "A moderator gave it" in said
    assert "➡️ Everybody has it." in await why(town, f"do I have {town.guild.everyone.mention}")
    jailed = town.role("Jailed")
    await town.says(town.admin, f"!config set jail-role {jailed.mention}")
    await town.says(town.admin, "!jail @ann 2h calm down")
    said = await why(town, "does ann have Jailed", who=town.moderator)
    assert "➡️ They are in jail until <t:" in said
    assert "calm down" in said
    said = await why(town, f"does ann not have {owls.mention}", who=town.moderator)
    assert "They are in jail (case" in said


async def test_roles_that_are_given_by_themselves_or_bought(town: Town):
    member, owls = town.role("Member"), town.role("Owls")
    await town.says(town.admin, f"!rolemenu create Colours {member.mention}")
    assert "Members can choose it in the role menu **Colours**." in await why(town, "do I have @Member")
    await town.says(town.admin, f"!autorole add {owls.mention}")
    zoe = town.member("zoe")
    await town.wait(seconds=10)
    assert "➡️ Everybody gets it who joins." in await why(town, "do I have Owls", who=zoe)
    await town.says(town.admin, f"!shop add role VIP 10 {member.mention} 7d")
    assert "It is sold in the shop: **VIP**." in await why(town, "do I have @Member")
    await town.says(town.admin, "!coins give @ann 50")
    await town.says(town.ann, "!buy VIP")
    assert "➡️ They bought it in the shop; they have it until <t:" in await why(town, "do I have @Member")


async def test_roles_that_discord_or_people_give(town: Town):
    member, birthday = town.role("Member"), town.role("Birthday")
    await town.give_role(town.bob, member)
    await town.writes_in_audit_log(
        town.admin, discord.AuditLogAction.member_role_update, town.bob.id, reason="a friend",
        changes=[{"key": "$add", "new_value": [{"id": str(member.id), "name": "Member"}]}],
    )  # fmt: skip
    assert f"➡️ {town.admin.mention} gave it" in await why(town, "does @bob have @Member", who=town.admin)
    said = await why(town, "do I have @Member", who=town.bob)
    assert "➡️ Somebody who may give roles, or another app, gave it" in said
    assert town.admin.mention not in said
    owls = town.role("Owls")
    await town.give_role(town.bob, owls)
    await town.writes_in_audit_log(
        town.bot.user, discord.AuditLogAction.member_role_update, town.bob.id, reason="a role for many",
        changes=[{"key": "$add", "new_value": [{"id": str(owls.id), "name": "Owls"}]}],
    )  # fmt: skip
    assert "➡️ I gave it <t:" in await why(town, "do I have Owls", who=town.bob)
    await town.says(town.admin, f"!autorole add {owls.mention}")
    said = await why(town, "do I have Owls", who=town.bob)
    assert "➡️ Everybody gets it who joins." in said
    assert "I gave it <t:" in said.partition("And this has to do with it:")[2]
    await town.says(town.admin, f"!config set birthday-role {birthday.mention}")
    assert "➡️ Members have it for the day of their birthday." in await why(town, "don't I have Birthday")
    await town.says(town.ann, "!birthday set 2 January")
    await town.wait(hours=34)
    assert "➡️ They have it for their birthday" in await why(town, "do I have Birthday")


# --- the menu


@pytest.mark.town(languages=("en",))
async def test_questions_by_buttons(town: Town):
    menu = await town.says(town.ann, "!why")
    assert "`!why can't @Ann use ban here`" in menu
    asked = await town.press(town.ann, menu, "A command doesn't work")
    done = await town.fill(town.ann, asked.modal, {"Which command?": "nonsense"})
    assert "I don't understand" in done.reply
    asked = await town.press(town.ann, menu, "A command doesn't work")
    done = await town.fill(town.ann, asked.modal, {"Which command?": "ban"})
    assert "needs **Ban Members**" in done.message
    assert not done.message.buttons
    menu = await town.says(town.ann, "!why")
    pressed = await town.press(town.ann, menu, "I have a role")
    chosen = await town.choose(town.ann, pressed.message, [town.role("Member")])
    assert "doesn't have" in chosen.message
    menu = await town.says(town.ann, "!why")
    assert "brings **15 to 25 XP**" in (await town.press(town.ann, menu, "I get no XP")).message
    menu = await town.says(town.ann, "!why")
    asked = await town.press(town.ann, menu, "A message is gone")
    done = await town.fill(town.ann, asked.modal, {"Its link or id (empty: your last one)": ""})
    assert "I have removed no message of yours" in done.reply
    assert "not yours" in (await town.press(town.bob, menu, "I get no XP")).reply
