"""The server log: what happens in a server, told in its channels."""

import discord

from tests.support.answers import Answer
from tests.support.places import Person
from tests.support.town import Town

Did = discord.AuditLogAction


async def logged(town: Town) -> list[str]:
    """What is new in the log after a while: an embed each, in English."""
    new = [answer for answer in await town.wait(seconds=45) if answer.channel_id == town.channel("logs").id]
    return [readable(embed) for answer in new for embed in answer.embeds]


def readable(embed: discord.Embed) -> str:
    return f"{embed.title}\n{embed.description}"


async def log_all(town: Town) -> Answer | None:
    return await town.says(town.admin, f"!serverlog set all {town.channel('logs').mention}")


async def test_choosing_what_is_logged_where(town: Town):
    assert "Everybody can read" in (await log_all(town) or "")
    assert "off" not in (await town.says(town.admin, "!serverlog") or "")
    assert "Did you mean `edits`" in (await town.says(town.admin, "!serverlog set edit #logs") or "")
    assert "I don't know" in (await town.says(town.admin, "!serverlog off 🍰") or "")
    assert "**Voice channels**" in (await town.says(town.admin, "!serverlog off voice, avatars") or "")
    assert "wasn't logged" in (await town.says(town.admin, "!serverlog off voice") or "")
    assert "(`voice`): off" in (await town.says(town.admin, "!serverlog") or "")
    assert "Manage Server" in (await town.says(town.ann, "!serverlog set all") or "")
    await town.says(town.admin, f"!serverlog set joins {town.bots_corner.mention}")
    await town.join(town.outsider("nina"))
    assert await logged(town) == []
    assert "Member joined" in town.last(town.bots_corner).embed.title
    await town.take_permission(town.private, "embed_links")
    assert "Embed Links" in (await town.says(town.admin, "!serverlog set all #private") or "")
    await town.says(town.admin, "!serverlog off")
    await town.says(town.ann, "I was never here")
    await town.deletes(town.ann)
    assert await logged(town) == []


async def test_deleted_and_edited_messages_show_what_was_said(town: Town):
    await log_all(town)
    await town.says(town.ann, "the *first* words", files=[("notes.txt", b"x" * 2048)])
    first = town.last_said
    await town.edits(town.ann, "other words")
    await town.wait(seconds=10)
    (edit,) = [readable(one) for one in town.last(town.channel("logs")).embeds]
    assert "the \\*first\\* words" in edit
    assert "other words" in edit
    assert "notes.txt (2 kB)" in edit
    await town.gets_preview(first)
    assert await logged(town) == [], "a preview is no edit"
    await town.restart(clean=False)  # nothing of it is in memory any more
    await town.deletes(town.ann, first)
    (gone,) = await logged(town)
    assert "Message deleted" in gone
    assert "other words" in gone
    assert "notes.txt" in gone
    assert "By " not in gone
    assert await town.db.fetchval("SELECT COUNT(*) FROM message_bodies WHERE message_id = $1", first.id) == 0
    await town.says(town.ann, "gone " + "*\n" * 990)
    await town.deletes(town.ann)
    await town.restart()  # in order: what was heard is told before
    long = town.last(town.channel("logs"))
    assert "gone" in long
    (file,) = long.files
    assert (await file.read()).count(b"*") == 990, "all of what is cut is in a file"
    assert not any(answer.pings for answer in town.messages(town.channel("logs")))


async def test_who_deleted_it_is_said_only_where_it_is_sure(town: Town):
    await log_all(town)
    said = []
    for text in ("one", "two", "three"):
        await town.says(town.ann, text)
        said.append(town.last_said)
    options = {"channel_id": str(town.general.id), "count": "1"}
    await town.deletes(town.moderator, said[0])
    await town.writes_in_audit_log(town.moderator, Did.message_delete, town.ann.id, options=options)
    (sure,) = await logged(town)
    assert f"By {town.moderator.mention}" in sure
    assert "> one" in sure
    await town.deletes(town.moderator, said[1])
    await town.deletes(town.ann, said[2])
    await town.writes_in_audit_log(town.moderator, Did.message_delete, town.ann.id, options=options)
    unsure = await logged(town)
    assert len(unsure) == 2
    assert not any("By " in one for one in unsure)


async def test_nobody_is_named_for_another_message(town: Town):
    await town.says(town.ann, "before there was a log")
    unknown = town.last_said
    await town.restart()
    await log_all(town)
    options = {"channel_id": str(town.general.id), "count": "1"}
    await town.says(town.ann, "deleted by herself")
    await town.deletes(town.moderator, unknown)
    await town.deletes(town.ann)
    await town.writes_in_audit_log(town.moderator, Did.message_delete, town.ann.id, options=options)
    told = await logged(town)
    assert len(told) == 2
    assert not any("By " in one for one in told)
    await town.says(town.ann, "!help")
    await town.deletes(town.moderator)
    await town.says(town.ann, "deleted by herself, too")
    await town.deletes(town.ann)
    await town.writes_in_audit_log(town.moderator, Did.message_delete, town.ann.id, options=options)
    (told,) = await logged(town)
    assert "By " not in told


async def test_what_is_left_out(town: Town):
    await town.says(town.ann, "!ping")
    earlier = town.last_said
    await log_all(town)
    await town.deletes(town.ann, earlier)
    for what in ("#bots-corner", "Moderator", town.bob.mention):
        assert "leaves out" in (await town.says(town.admin, f"!serverlog ignore {what}") or "")
    assert "already" in (await town.says(town.admin, f"!serverlog ignore {town.bob.mention}") or "")
    assert "I don't find" in (await town.says(town.admin, "!serverlog ignore nothing of that name") or "")
    for who, channel in ((town.ann, town.bots_corner), (town.moderator, town.general), (town.bob, town.general)):
        await town.says(who, "something", channel=channel)
        await town.deletes(who)
    await town.says(town.ann, "!confess I did it")  # a command: who wrote it may be nobody's business
    await town.says(town.ann, "!confes it was me")
    mistyped = town.last_said
    answer = await town.says(town.ann, "!ping")
    robot = Person(town, town.env.create_user("robot", bot=True), town.guild)
    await town.join(robot)
    await town.says(robot, "beep")
    beep = town.last_said
    (came,) = await logged(town)
    assert "Bot joined" in came
    await town.restart(clean=False)  # nobody has in memory what these were
    for message in (mistyped, answer, beep):
        await town.deletes(town.admin, message)
    assert await logged(town) == []
    assert await town.db.fetchval("SELECT COUNT(*) FROM message_bodies WHERE text <> ''") == 0
    await town.leave(town.bob)
    await town.writes_in_audit_log(town.bob, Did.emoji_delete, 1, changes=[{"key": "name", "old_value": "party"}])
    await town.writes_in_audit_log(town.admin, Did.channel_delete, town.bots_corner.id, changes=[
        {"key": "name", "old_value": "bots-corner"}
    ])  # fmt: skip
    assert await logged(town) == []
    await town.join(town.bob)
    for text in ("!you are an idiot", "hidden by an edit"):  # whoever only looks like calling a command
        await town.says(town.ann, text)
        if text.startswith("h"):
            await town.edits(town.ann, "!help")
        await town.deletes(town.ann)
        assert text in "".join(await logged(town))
    await town.says(town.admin, "!serverlog unignore bots")
    await town.says(robot, "beep again")
    await town.deletes(robot)
    await town.deletes(town.admin, await town.says(town.ann, "!ping"))
    (beeped,) = await logged(town)
    assert "beep again" in beeped
    await town.says(town.admin, f"!serverlog unignore {town.bob.mention}")
    await town.says(town.bob, "here I am")
    await town.deletes(town.bob)
    assert "here I am" in "".join(await logged(town))


async def test_a_purge_is_one_line_and_the_mod_logs_own(town: Town):
    await log_all(town)
    said = []
    for number in range(30):
        await town.says(town.ann, f"spam {number}")
        said.append(town.last_said)
    await town.delete_many(town.general, said[:15])
    await town.writes_in_audit_log(town.moderator, Did.message_bulk_delete, town.general.id, options={"count": "15"})
    (many,) = await logged(town)
    assert "15 messages" in many
    assert f"By {town.moderator.mention}" in many
    (file,) = town.last(town.channel("logs")).files
    assert b"spam 14" in await file.read()
    for message in said[15:27]:
        await town.deletes(town.ann, message)
    (list_of_many,) = await logged(town)
    assert "Deleted messages: 12" in list_of_many
    (file,) = town.last(town.channel("logs")).files
    assert (await file.read()).count(b"spam") == 12
    await town.says(town.admin, "!config set mod-log #private")
    await town.says(town.moderator, "!purge 3")
    assert await logged(town) == []
    # Automod makes no such case.
    await town.says(town.admin, "!automod add flood --messages 3 30s --delete")
    await town.says(town.admin, "!automod enable flood")
    for number in range(3):
        await town.says(town.ann, f"flood {number}")
    (many,) = await logged(town)
    assert "3 messages" in many
    assert f"By {town.bot.user.mention}" in many


async def test_what_goes_on_for_long_is_told_in_few_messages(town: Town):
    await log_all(town)
    logs = town.channel("logs")
    for number in range(80):
        await town.writes_in_audit_log(
            town.admin, Did.emoji_delete, number + 1, changes=[{"key": "name", "old_value": f"party{number}"}]
        )
        await town.wait(seconds=0.5)
    await town.wait(minutes=1)
    assert len(town.messages(logs)) <= 4
    assert "party79" in "".join(town.messages(logs))
    told = len(town.messages(logs))
    await town.wait(minutes=5)
    await town.writes_in_audit_log(town.admin, Did.emoji_delete, 99, changes=[{"key": "name", "old_value": "late"}])
    await town.wait(seconds=5)
    assert len(town.messages(logs)) == told + 1


async def test_bodies_are_gone_after_a_day(town: Town):
    await log_all(town)
    await town.says(town.ann, "secret")
    await town.wait(hours=20)
    assert await town.db.fetchval("SELECT COUNT(*) FROM message_bodies WHERE text = 'secret'") == 1
    await town.wait(hours=4, minutes=1)
    assert await town.db.fetchval("SELECT COUNT(*) FROM message_bodies") == 0
    await town.says(town.ann, "another secret")
    await town.wait(seconds=10)
    await town.says(town.admin, "!serverlog off messages")
    assert await town.db.fetchval("SELECT COUNT(*) FROM message_bodies") == 0


async def test_who_is_forgotten_is_in_no_log(town: Town):
    async def noted() -> tuple[int, int]:
        await town.wait(seconds=10)
        return (
            await town.db.fetchval("SELECT COUNT(*) FROM message_bodies WHERE author_id = $1", town.ann.id),
            await town.db.fetchval("SELECT COUNT(*) FROM seen_members WHERE user_id = $1", town.ann.id),
        )

    await town.says(town.admin, "!serverlog set all")
    assert await noted() == (0, 1)
    town.chooses_avatar(town.ann, b"picture")
    await town.says(town.ann, "secret")  # none of which is written yet
    await town.press(town.developer, await town.says(town.developer, f"!erase user {town.ann.id}"), "Yes")
    assert await noted() == (0, 0)
    await town.says(town.ann, "here I am")
    assert await noted() == (1, 1)
    await town.db.execute("DELETE FROM seen_members")
    await town.as_bot(town.bot.get_cog("MemberLog").forget_guild(town.guild.id))
    await town.says(town.ann, "and again")
    assert await noted() == (2, 1)


async def test_who_comes_and_who_goes(town: Town):
    await log_all(town)
    await town.wait(seconds=10)
    new = town.outsider("nina")
    await town.join(new)
    (came,) = await logged(town)
    assert "Member joined" in came
    assert "Account made" in came
    assert new.mention in came
    await town.give_role(town.ann, "Member")
    await town.says(town.ann, "hello")
    await town.leave(town.ann)
    (left,) = await logged(town)
    assert "Member left" in left
    assert town.role("Member").mention in left
    assert "was here for" in left
    await town.acts_in_client(town.moderator, "kick", town.bob, reason="rude")
    left, kick = sorted(await logged(town), key=lambda one: "Roles" not in one)
    assert "Member kicked" in left
    assert town.moderator.mention in left
    assert "Member kicked" in kick
    assert "rude" in kick
    await town.join(town.ann)
    await town.leave(town.ann)
    await town.join(town.ann)
    assert not any("was here for" in one for one in await logged(town)), "what is noted is of the new stay"
    assert await town.db.fetchval("SELECT COUNT(*) FROM seen_members WHERE user_id = $1", town.ann.id) == 1
    await town.says(town.admin, "!config set mod-log #private")
    await town.acts_in_client(town.moderator, "ban", new)
    (left,) = await logged(town)
    assert "Member banned" in left, "the ban itself is in the mod log"


async def test_a_raid_takes_few_calls_and_messages(town: Town):
    await log_all(town)
    await town.wait(seconds=10)
    assert len(town.calls("GET", "/guilds/*/members")) == 1, "all kinds were switched on together"
    told, asked = len(town.messages(town.channel("logs"))), len(town.calls("GET", "/guilds/*/invites"))
    code = town.invites(town.ann, town.general)
    await town.join_by(code, *(town.outsider(f"raider{number}") for number in range(60)))
    await town.wait(seconds=45)
    assert len(town.calls("GET", "/guilds/*/invites")) == asked + 1
    assert len(town.messages(town.channel("logs"))) == told + 1
    assert "Members who join: 60" in town.last(town.channel("logs"))


async def test_the_invite_is_named_if_it_is_sure(town: Town):
    await log_all(town)
    await town.wait(seconds=10)
    code, other = town.invites(town.ann, town.general), town.invites(town.bob, town.general)
    await town.join_by(code, town.outsider("nina"), town.outsider("nils"))
    came = await logged(town)
    assert [f"`{code}`" in one and town.ann.mention in one for one in came] == [True, True]
    await town.join_by(code, town.outsider("nora"))
    await town.join_by(other, town.outsider("nick"))
    assert not any("invite" in one for one in await logged(town)), "each may have come by either"
    await town.take_permission(town.guild, "manage_guild", "administrator")
    await town.join_by(other, town.outsider("noah"))
    assert "invite" not in "".join(await logged(town))


async def test_doctor_finds_what_the_log_lacks(town: Town):
    await log_all(town)
    cog = town.bot.get_cog("ServerLog")
    assert not await town.as_bot(cog.findings(town.guild.live))
    await town.take_permission(town.channel("logs"), "attach_files")
    await town.take_permission(town.guild, "view_audit_log", "administrator")
    found = [finding.problem for finding in await town.as_bot(cog.findings(town.guild.live))]
    assert len(found) == 2
    assert "Attach Files" in found[0]


async def test_changes_name_who_made_them(town: Town):
    await log_all(town)
    role, logs = town.role("Member"), town.channel("logs")
    entry = await town.writes_in_audit_log(
        town.admin, Did.channel_update, town.general.id, reason="tidy",
        changes=[{"key": "topic", "old_value": "old", "new_value": "new *one*"},
                 {"key": "rate_limit_per_user", "old_value": 0, "new_value": 10}],
    )  # fmt: skip
    await town.hear_entry_again(entry)
    await town.writes_in_audit_log(
        town.admin, Did.member_role_update, town.ann.id,
        changes=[{"key": "$add", "new_value": [{"id": str(role.id), "name": "Member"}]}],
    )  # fmt: skip
    await town.writes_in_audit_log(
        town.ann, Did.member_update, town.ann.id, changes=[{"key": "nick", "new_value": "Annie"}]
    )
    await town.writes_in_audit_log(town.admin, Did.emoji_delete, 123, changes=[{"key": "name", "old_value": "party"}])
    await town.writes_in_audit_log(
        town.admin, Did.role_update, role.id,
        changes=[{"key": "permissions", "old_value": "0", "new_value": "4"}],
    )  # fmt: skip
    await town.writes_in_audit_log(
        town.admin, Did.role_update, role.id, changes=[{"key": "position", "old_value": 1, "new_value": 2}]
    )
    await town.writes_in_audit_log(
        town.admin, Did.overwrite_create, town.general.id,
        changes=[{"key": "type", "new_value": 0}, {"key": "allow", "new_value": "0"},
                 {"key": "deny", "new_value": "2048"}],
        options={"type": "0", "id": str(role.id), "role_name": "Member"},
    )  # fmt: skip
    await town.writes_in_audit_log(
        town.admin, Did.role_create, role.id,
        changes=[{"key": "name", "new_value": "Fresh"}, {"key": "hoist", "new_value": False},
                 {"key": "color", "new_value": 0}, {"key": "permissions", "new_value": "0"}],
    )  # fmt: skip
    await town.writes_in_audit_log(
        town.admin, Did.invite_update, None, changes=[{"key": "max_uses", "old_value": 0, "new_value": 5}]
    )
    await town.writes_in_audit_log(
        town.admin, Did.invite_delete, None,
        changes=[{"key": "code", "old_value": "abcdef"}, {"key": "max_uses", "old_value": 0}],
    )  # fmt: skip
    new_to_us = discord.enums.try_enum(Did, 192)
    await town.writes_in_audit_log(town.admin, new_to_us, town.general.id, changes=[{"key": "status"}])
    channel, roles, nick, emoji, permissions, overwrite, created, invite, gone = await logged(town)
    assert "**Most uses**: 0 → 5" in invite
    assert "`abcdef`" in gone
    assert f"For {role.mention}" in overwrite
    assert "Denies **Send Messages**" in overwrite
    assert "Type" not in overwrite
    assert "Fresh" in created
    assert "off" not in created
    assert "**Topic**: old → new \\*one\\*" in channel
    assert "0 → 10" in channel
    assert "Reason: tidy" in channel
    assert town.general.mention in channel
    assert town.admin.mention in channel
    assert f"Given: {role.mention}" in roles
    assert "**Nickname**: — → Annie" in nick
    assert "party" in emoji
    assert "Gained **Ban Members**" in permissions
    assert len(town.messages(logs)) == 1, "they are sent together"


async def test_without_the_audit_log_changes_are_told_without_names(town: Town):
    await log_all(town)
    await town.take_permission(town.guild, "view_audit_log", "administrator")
    await town.wait(seconds=20)
    await town.rename_role(town.role("Member"), "Citizen")
    (changed,) = await logged(town)
    assert "**Name**: Member → Citizen" in changed
    assert "By " not in changed


async def test_what_moderation_did_is_not_told_twice(town: Town):
    await log_all(town)
    await town.says(town.admin, "!config set mod-log #private")
    await logged(town)
    await town.says(town.admin, f"!nick {town.ann.mention} Annie")
    assert await logged(town) == []
    await town.says(town.admin, "!config reset mod-log")
    await logged(town)
    await town.says(town.admin, f"!nick {town.ann.mention} Anna")
    assert "Annie → Anna" in "".join(await logged(town))


async def test_new_names_and_avatars_are_noticed(town: Town):
    await log_all(town)
    await town.says(town.ann, "hello")
    await town.wait(seconds=10)
    town.chooses_avatar(town.ann, b"picture")
    await town.says(town.ann, "look at me")
    assert ["Avatar changed" in one for one in await logged(town)] == [True]


async def test_voice(town: Town):
    await log_all(town)
    voice = town.channel("voice")
    await town.goes_into(voice, town.ann)
    await town.hangs_up(town.ann)
    came, left = await logged(town)
    assert "came into" in came
    assert "left" in left
    assert voice.mention in left


async def test_a_log_that_cannot_be_written_is_told_of_once(town: Town):
    await log_all(town)
    await town.take_permission(town.channel("logs"), "send_messages")
    for _ in range(2):
        await town.says(town.ann, "hello")
        await town.deletes(town.ann)
        await town.wait(seconds=20)
    (told,) = [one for one in town.messages(town.owner) if "server log" in one]
    assert "Send Messages" in told
    await town.restart()
    await town.says(town.ann, "hello again")
    await town.deletes(town.ann)
    await town.wait(seconds=20)
    assert len(town.messages(town.owner)) == 1
    await town.give_permission(town.channel("logs"), "send_messages")
    await town.says(town.ann, "and again")
    await town.deletes(town.ann)
    assert "and again" in "".join(await logged(town))
    await town.delete_channel(town.channel("logs"))
    await town.says(town.ann, "for nobody")
    await town.deletes(town.ann)
    await town.wait(seconds=20)
    assert "is gone" in town.last(town.owner)
