"""Undo: what was there before comes back, whatever the kind of case, and the record says so."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cogs.moderation.kinds import KINDS
from cogs.moderation.pipeline import Origin
from cogs.moderation.punishments import CLOCKS_DIFFER
from cogs.moderation.undo.cog import OF_CHANNELS, Undoing
from cogs.moderation.undo.reversals import BY_KIND
from database.moderation import Case, CasesStore, SanctionsStore
from tests.support.answers import Answer
from tests.support.places import Person
from tests.support.town import Town
from utils.errors import UserError


async def the_case(town: Town, number: int) -> Case:
    case = await CasesStore(town.db).get(town.guild.id, number)
    assert case is not None
    return case


async def in_force(town: Town, who: Person) -> list[tuple[str, int]]:
    return [(one.kind, one.number) for one in await SanctionsStore(town.db).of(town.guild.id, who.id)]


async def undoes(town: Town, words: str, *, by: Person | None = None) -> Answer:
    """Undo, say yes if asked, and give the answer."""
    who = by or town.admin
    answer = await town.says(who, f"!undo {words}")
    assert answer is not None
    while "Yes" in answer.buttons:
        answer = (await town.press(who, answer, "Yes")).replies[-1]
    return answer


@pytest.fixture
async def everything(town: Town) -> None:
    """Ada may do everything that moderators do."""
    names = ["mute_members", "deafen_members", "move_members", "manage_threads"]
    await town.give_permission(town.guild, *names, of=town.guild.role("Admin"))
    await town.give_permission(town.guild, *names)


def test_every_kind_that_can_be_undone_has_a_way_and_no_other():
    ways = {*BY_KIND, *OF_CHANNELS, "massban"}
    assert {key for key, kind in KINDS.items() if kind.undoable} == ways & set(KINDS)


# --- Warnings and notes ------------------------------------------------------------------------------------


async def test_a_warning_counts_no_longer(town: Town):
    await town.says(town.moderator, "!warn @ann spam")
    answer = await town.says(town.moderator, "!undo 1 it was a joke")
    assert (
        answer == f"Case **1** (Warning) is undone. {town.ann.mention}'s warning doesn't count any more. Case **2**."
    )
    assert (await the_case(town, 1)).status == "undone"
    undo = await the_case(town, 2)
    assert (undo.kind, undo.status, undo.parent, undo.reason) == ("undo", "done", 1, "it was a joke")
    assert undo.target_id == town.ann.id
    assert "Your warning in **Town** was taken back." in town.last(town.ann)
    assert "point" not in await town.says(town.moderator, "!history @ann")


async def test_what_a_warning_led_to_goes_with_it(town: Town):
    await town.says(town.admin, "!escalation add 1 timeout 2h")
    question = await town.says(town.admin, "!warn @ann spam")
    await town.press(town.admin, question, "Yes")
    assert town.ann.live.is_timed_out()
    question = await town.says(town.admin, "!undo 1")
    assert "What followed on it is undone, too: **2** (Timeout)." in question
    answer = (await town.press(town.admin, question, "Yes")).replies[-1]
    assert "Case **1** (Warning) is undone." in answer
    assert "Case **2** (Timeout) is undone." in answer
    assert not town.ann.live.is_timed_out()
    assert [(await the_case(town, number)).status for number in (1, 2, 3, 4)] == ["undone", "undone", "done", "done"]
    assert [(await the_case(town, number)).parent for number in (3, 4)] == [1, 2]
    # Crossed anew, it follows anew.
    question = await town.says(town.admin, "!warn @ann again")
    assert "a timeout of 2 hours follows" in question


async def test_what_a_warning_led_to_stays_if_discord_refuses(town: Town):
    await town.says(town.admin, "!escalation add 1 timeout 2h")
    await town.press(town.admin, await town.says(town.admin, "!warn @ann spam"), "Yes")
    town.refuse("PATCH", f"/guilds/{town.guild.id}/members/{town.ann.id}", status=403)
    answer = await undoes(town, "1")
    assert "Case **2** (Timeout) stays: Discord doesn't let me" in answer
    assert [(await the_case(town, number)).status for number in (1, 2, 3, 4)] == ["undone", "done", "done", "failed"]


async def test_a_note_is_struck_out(town: Town):
    await town.says(town.moderator, "!note @ann is Bob's friend", channel=town.private)
    assert "doesn't count any more" in await town.says(town.moderator, "!undo latest")
    assert (await the_case(town, 1)).status == "undone"
    assert not town.messages(town.ann)


# --- Timeouts ----------------------------------------------------------------------------------------------


async def test_a_timeout_is_lifted(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    answer = await town.says(town.moderator, "!undo 1")
    assert answer == f"Case **1** (Timeout) is undone. {town.ann.mention} isn't timed out any more. Case **2**."
    assert not town.ann.live.is_timed_out()
    assert await in_force(town, town.ann) == []


async def test_the_timeout_from_before_goes_on(town: Town):
    await town.says(town.moderator, "!timeout @ann 40 days")
    first = (await the_case(town, 1)).ends_at
    await town.wait(hours=1)
    await town.says(town.moderator, "!timeout @ann 1h")
    answer = await undoes(town, "2", by=town.moderator)
    assert "is timed out until" in answer
    assert await in_force(town, town.ann) == [("timeout", 1)]
    assert first is not None
    await town.wait(until=first - timedelta(hours=1))
    assert town.ann.live.is_timed_out()  # it was renewed
    await town.wait(hours=2)
    assert not town.ann.live.is_timed_out()


async def test_lifting_a_timeout_is_taken_back(town: Town):
    await town.says(town.moderator, "!timeout @ann 3h")
    until = town.ann.live.timed_out_until
    await town.says(town.moderator, "!untimeout @ann")
    answer = await undoes(town, "2", by=town.moderator)
    assert "Case **2** (Timeout lifted) is undone." in answer
    assert abs(town.ann.live.timed_out_until - until) < CLOCKS_DIFFER
    assert await in_force(town, town.ann) == [("timeout", 1)]
    assert "goes on" in town.last(town.ann)
    await town.says(town.moderator, "!untimeout @ann")
    await town.wait(hours=4)
    assert await town.says(town.moderator, "!undo 4") == "That timeout would be over by now."


async def test_somebody_who_left_isnt_timed_out_on_their_return(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    await town.leave(town.ann)
    question = await town.says(town.moderator, "!undo 1")
    assert "isn't in this server" in question
    await town.press(town.moderator, question, "Yes")
    assert await in_force(town, town.ann) == []


# --- Bans and kicks ----------------------------------------------------------------------------------------


async def test_a_ban_is_lifted_and_roles_come_back_with_the_person(town: Town):
    await town.give_role(town.ann, "Member")
    await town.rename(town.ann, "Annie")
    await town.says(town.moderator, "!ban @ann 7d spam")
    answer = await town.says(town.moderator, "!undo 1")
    assert answer == f"Case **1** (Ban) is undone. {town.ann.mention} isn't banned any more. Case **2**."
    assert not town.ann.is_banned
    await town.restart()
    await town.wait(days=8)
    await town.join(town.ann)
    await town.wait(seconds=1)
    assert town.ann.role_names == {"Member"}
    assert town.ann.live.nick == "Annie"
    assert await in_force(town, town.ann) == []


async def test_a_ban_for_good_gives_way_to_the_one_before(town: Town):
    await town.says(town.moderator, "!ban @ann 7d spam")
    await town.says(town.moderator, f"!ban {town.ann.id} worse")
    answer = await town.says(town.moderator, "!undo 2")
    assert "is banned until" in answer
    assert town.ann.is_banned
    assert await in_force(town, town.ann) == [("ban", 1)]
    await town.wait(days=7, seconds=1)
    assert not town.ann.is_banned


async def test_an_older_ban_is_asked_about(town: Town):
    await town.says(town.moderator, "!ban @ann 7d spam")
    await town.says(town.moderator, f"!ban {town.ann.id} worse")
    question = await town.says(town.moderator, "!undo 1")
    assert "What has changed since:" in question
    assert "Case **2**" in question
    await town.press(town.moderator, question, "No")
    assert town.ann.is_banned
    assert (await the_case(town, 1)).status == "done"
    assert "isn't banned any more" in await undoes(town, "1", by=town.moderator)
    assert not town.ann.is_banned
    assert [kind for kind, _ in await in_force(town, town.ann)] in ([], ["return"])


async def test_a_ban_that_was_lifted_by_hand(town: Town):
    await town.says(town.moderator, "!ban @ann")
    await town.says(town.moderator, f"!unban {town.ann.id}")
    question = await town.says(town.moderator, "!undo 1")
    assert "They were unbanned meanwhile." in question
    await town.press(town.moderator, question, "Yes")
    assert (await the_case(town, 1)).status == "undone"
    assert not town.ann.is_banned


async def test_an_unban_is_taken_back_with_its_clock(town: Town):
    await town.says(town.moderator, "!ban @ann 7d spam")
    await town.says(town.moderator, f"!unban {town.ann.id}")
    assert "is banned until" in await town.says(town.moderator, "!undo 2")
    assert town.ann.is_banned
    assert await in_force(town, town.ann) == [("ban", 1)]
    await town.wait(days=7, seconds=1)
    assert not town.ann.is_banned


async def test_whoever_came_back_is_asked_about(town: Town):
    await town.says(town.moderator, "!ban @ann")
    await town.says(town.moderator, f"!unban {town.ann.id}")
    await town.join(town.ann)
    question = await town.says(town.moderator, "!undo 2")
    assert "has come back, and would be banned" in question
    await town.press(town.moderator, question, "Yes")
    assert town.ann.is_banned


@pytest.mark.parametrize("word", ["kick", "softban"])
async def test_a_kick_is_put_right_and_roles_wait(town: Town, word: str):
    await town.give_role(town.ann, "Member")
    await town.says(town.moderator, f"!{word} @ann")
    assert "I can't fetch" in await town.says(town.moderator, "!undo 1")
    assert (await the_case(town, 1)).status == "undone"
    await town.join(town.ann)
    await town.wait(seconds=1)
    assert town.ann.role_names == {"Member"}


async def test_who_is_back_already_gets_their_roles_at_once(town: Town):
    await town.give_role(town.ann, "Member")
    await town.says(town.moderator, "!kick @ann")
    await town.join(town.ann)
    assert town.ann.role_names == set()
    assert "is back already" in await undoes(town, "1", by=town.moderator)
    assert town.ann.role_names == {"Member"}


# --- Names, roles, jail, voice -----------------------------------------------------------------------------


async def test_a_nickname_comes_back(town: Town):
    await town.rename(town.ann, "Annie")
    await town.says(town.admin, "!nick @ann Nobody")
    assert "is called **Annie** again" in await town.says(town.admin, "!undo 1")
    assert town.ann.live.nick == "Annie"
    await town.says(town.admin, "!nick @ann Nobody")
    await town.rename(town.ann, "Queen")
    question = await town.says(town.admin, "!undo 3")
    assert "They are called **Queen** by now." in question
    await town.press(town.admin, question, "Yes")
    assert town.ann.live.nick == "Annie"


async def test_roles_are_as_before(town: Town):
    await town.says(town.admin, "!role add @ann Member")
    assert "doesn't have" in await town.says(town.admin, "!undo 1")
    assert town.ann.role_names == set()
    await town.says(town.admin, "!role temp @ann Member 2d")
    await town.says(town.admin, "!role remove @ann Member")
    assert "as before" in await undoes(town, "4")
    assert town.ann.role_names == {"Member"}
    assert await in_force(town, town.ann) == [("role-temp", 3)]
    await town.wait(days=2, seconds=1)
    assert town.ann.role_names == set()


async def test_a_role_for_good_is_for_a_time_again(town: Town):
    await town.says(town.admin, "!role temp @ann Member 2d")
    await town.says(town.admin, "!role add @ann Member")
    assert await in_force(town, town.ann) == []
    await undoes(town, "2")
    assert town.ann.role_names == {"Member"}
    assert await in_force(town, town.ann) == [("role-temp", 1)]


async def test_a_deleted_role(town: Town):
    await town.says(town.admin, "!role add @ann Member")
    await town.delete_role(town.guild.role("Member"))
    assert await town.says(town.admin, "!undo 1") == "This role was deleted."
    assert (await the_case(town, 1)).status == "done"


async def test_jail_and_its_end(town: Town):
    await town.says(town.owner, f"!config set jail-role {town.role('Jailed').mention}")
    await town.give_role(town.ann, "Member")
    await town.says(town.admin, "!jail @ann 2h")
    assert "is out of jail" in await town.says(town.admin, "!undo 1")
    assert town.ann.role_names == {"Member"}
    assert await in_force(town, town.ann) == []
    await town.says(town.admin, "!jail @ann 2h")
    await town.says(town.admin, "!unjail @ann")
    await town.give_role(town.ann, town.role("Guest"))
    assert "is in jail again" in await undoes(town, "4")
    assert town.ann.role_names == {"Jailed"}
    assert await in_force(town, town.ann) == [("jail", 5)]
    await town.wait(hours=2, seconds=1)
    assert town.ann.role_names == {"Member", "Guest"}


@pytest.mark.usefixtures("everything")
async def test_voice(town: Town):
    await town.ann.acts_in(town.guild.id).join_voice(town.guild.channel("voice").handle)
    for word, back in (("mute", "Unmuted"), ("deafen", "Undeafened")):
        await town.says(town.admin, f"!voice {word} @ann")
        assert back in await town.says(town.admin, "!undo latest")
    town.guild.handle.create_voice_channel("quiet")
    await town.says(town.admin, "!voice move @ann quiet")
    assert f"Moved {town.ann.mention} to {town.guild.channel('voice').mention}" in await town.says(
        town.admin, "!undo latest"
    )
    assert town.guild.handle.voice_states()[town.ann.id].channel_id == town.guild.channel("voice").id
    await town.says(town.admin, "!voice mute @ann")
    await town.says(town.admin, "!voice kick @ann")
    assert "can't fetch" in await town.says(town.admin, "!undo latest")
    assert "isn't in a voice channel" in await town.says(town.admin, "!undo 7")


# --- Channels ----------------------------------------------------------------------------------------------


def overwrites(channel: Any) -> dict[int, tuple[int, int]]:
    return {one.id: (one.allow, one.deny) for one in channel.live._overwrites}


async def test_a_lock_is_taken_back_and_so_is_an_unlock(town: Town):
    before = overwrites(town.general)
    await town.says(town.admin, "!lock 2h raid")
    locked = overwrites(town.general)
    answer = await town.says(town.admin, "!undo 1")
    assert answer.startswith("Case **1** (Lock) is undone. 🔓 Opened")
    assert overwrites(town.general) == before
    assert [(await the_case(town, number)).status for number in (1, 2)] == ["undone", "done"]
    assert (await the_case(town, 2)).parent == 1
    await town.says(town.admin, "!lock 2h raid")
    await town.says(town.admin, "!unlock")
    assert (await town.says(town.admin, "!undo 4")).startswith("Case **4** (Unlock) is undone. 🔒 Locked")
    assert overwrites(town.general) == locked
    await town.wait(hours=2, seconds=1)
    assert overwrites(town.general) == before


async def test_a_lock_that_was_opened_meanwhile(town: Town):
    await town.says(town.admin, "!lock #general #bots-corner")
    await town.says(town.admin, "!unlock #general")
    question = await town.says(town.admin, "!undo 1")
    assert f"Open already: {town.general.mention}." in question
    await town.press(town.admin, question, "Yes")
    assert (await the_case(town, 1)).status == "undone"
    assert "is locked" not in str(await town.says(town.ann, "hello", channel=town.bots_corner))


async def test_a_lock_that_discord_doesnt_open_stays(town: Town):
    await town.says(town.admin, "!lock")
    town.refuse("*", f"/channels/{town.general.id}/permissions/*", status=403)
    assert "Discord doesn't let me" in await town.says(town.admin, "!undo 1")
    assert (await the_case(town, 1)).status == "done"
    town.refuse_no_more()
    assert "is undone" in await town.says(town.admin, "!undo 1")
    assert (await the_case(town, 1)).status == "undone"


async def test_the_old_slowmode(town: Town):
    await town.says(town.admin, "!slowmode 30s")
    await town.says(town.admin, "!slowmode 2m for 2h")
    assert "is 30 seconds again" in await town.says(town.admin, "!undo 2")
    assert town.general.live.slowmode_delay == 30
    await town.wait(hours=3)
    assert town.general.live.slowmode_delay == 30
    await town.says(town.admin, "!slowmode off")
    question = await town.says(town.admin, "!undo 1")
    assert "The slowmode is off by now." in question


# --- Many --------------------------------------------------------------------------------------------------


async def test_a_massban_is_taken_back(town: Town):
    await town.give_role(town.ann, "Member")
    await town.says(town.admin, "!config set mod-log #private")
    question = await town.says(town.admin, f"!massban {town.ann.id} {town.bob.id} {town.developer.id} raid")
    await town.press(town.admin, question, "Yes")
    people = (town.ann, town.bob, town.developer)
    assert [who.is_banned for who in people] == [True] * 3
    town.refuse("DELETE", f"/guilds/{town.guild.id}/bans/{town.bob.id}", status=403)
    answer = await undoes(town, "1 wrong people")
    assert answer.startswith("2 bans are lifted.")
    assert f"{town.bob.mention} (bob): Discord doesn't let me" in answer
    assert [who.is_banned for who in people] == [False, True, False]
    assert (await the_case(town, 1)).status == "done"
    town.refuse_no_more()
    assert "Case **1** (Ban of many) is undone. 1 ban is lifted." in await undoes(town, "1")
    assert not town.bob.is_banned
    assert (await the_case(town, 1)).status == "undone"
    await town.join(town.ann)
    await town.wait(seconds=1)
    assert town.ann.role_names == {"Member"}
    assert len([one for one in town.messages(town.private) if one.embed]) == 1  # the parts aren't in the log


# --- What can't be undone ----------------------------------------------------------------------------------


async def test_what_is_refused(town: Town):
    assert "There is no case" in await town.says(town.admin, "!undo latest")
    assert "no case" in (await town.says(town.admin, "!undo 7")).casefold()
    assert "names no case" in await town.says(town.admin, "!undo nonsense")
    await town.says(town.ann, "hello")
    await town.says(town.admin, "!purge 1")
    assert "don't come back" in await town.says(town.admin, "!undo 1")
    await town.says(town.admin, "!warn @ann")
    await town.says(town.admin, "!undo 2")
    assert await town.says(town.admin, "!undo 2") == "Case **2** is undone already."
    assert "is an undo itself" in await town.says(town.admin, "!undo 3")
    town.close_dms(town.bob)
    town.refuse("DELETE", f"/guilds/{town.guild.id}/members/*", status=403)
    await town.says(town.admin, "!kick @bob")
    assert "came to nothing" in await town.says(town.admin, "!undo 4")


async def test_who_may(town: Town):
    await town.says(town.admin, "!nick @ann Nobody")
    assert "Timeout Members" in await town.says(town.bob, "!undo 1")
    assert "Manage Nicknames" in await town.says(town.moderator, "!undo 1")
    assert town.ann.live.nick == "Nobody"
    await town.press(town.admin, await town.says(town.admin, "!warn @mona"), "Yes")
    assert await town.says(town.moderator, "!undo 2") == "You can't do this to yourself."


async def test_another_moderators_case_is_asked_about(town: Town):
    await town.says(town.moderator, "!timeout @ann 1h")
    question = await town.says(town.admin, "!undo 1")
    assert f"Case **1** is {town.moderator.mention}'s." in question
    await town.press(town.admin, question, "Yes")
    assert not town.ann.live.is_timed_out()


async def test_what_has_nothing_to_do_with_it_isnt_asked_about(town: Town):
    await town.says(town.admin, "!nick @ann Nobody")
    await town.says(town.admin, "!timeout @ann 1h")
    await town.says(town.admin, "!warn @ann")
    assert "goes by their own name again" in await town.says(town.admin, "!undo 1")


async def test_several_at_once_the_newest_first(town: Town):
    await town.rename(town.ann, "Annie")
    await town.says(town.admin, "!nick @ann One")
    await town.says(town.admin, "!nick @ann Two")
    await town.says(town.admin, "!warn @ann")
    question = await town.says(town.admin, "!undo 1-3")
    assert "**1** (Nickname), **2** (Nickname), and **3** (Warning)" in question
    answer = (await town.press(town.admin, question, "Yes")).replies[-1]
    assert answer.startswith("3 cases are undone:")
    assert town.ann.live.nick == "Annie"
    assert [(await the_case(town, number)).status for number in (1, 2, 3)] == ["undone"] * 3


# --- Trouble -----------------------------------------------------------------------------------------------


async def test_two_moderators_at_once(town: Town):
    await town.says(town.moderator, "!warn @ann")
    cog: Undoing = town.bot.get_cog("Undo")
    origins = [Origin("button", who.live, town.general.id, 1) for who in (town.moderator, town.admin)]
    case = await the_case(town, 1)

    async def yes(_question: str) -> bool:
        return True

    async def both() -> list[Any]:
        tries = (cog.undo_one(case, origin, yes) for origin in origins)
        return await asyncio.gather(*tries, return_exceptions=True)

    came = await town.as_bot(both())
    assert sorted(str(one) for one in came if isinstance(one, UserError)) == ["Case **1** is undone already."]
    assert (await the_case(town, 2)).kind == "undo"
    assert await CasesStore(town.db).get(town.guild.id, 3) is None


async def test_the_same_message_twice(town: Town):
    await town.says(town.moderator, "!ban @ann")
    await town.says(town.moderator, "!undo 1")
    assert await town.redeliver() is None or "undone already" in town.last(town.general)
    assert await CasesStore(town.db).get(town.guild.id, 3) is None


async def test_discord_refuses(town: Town):
    await town.says(town.moderator, "!ban @ann")
    town.refuse("DELETE", f"/guilds/{town.guild.id}/bans/{town.ann.id}", status=403)
    assert "Discord doesn't let me" in await town.says(town.moderator, "!undo 1")
    assert [(await the_case(town, number)).status for number in (1, 2)] == ["done", "failed"]
    assert await in_force(town, town.ann) == [("ban", 1)]
    town.refuse_no_more()
    assert "is undone" in await town.says(town.moderator, "!undo 1")


async def test_a_crash_between_the_act_and_the_record(town: Town):
    await town.give_role(town.ann, "Member")
    await town.says(town.moderator, "!ban @ann 2d")
    await town.db.execute("ALTER TABLE case_changes RENAME TO case_changes_away")
    town.expect_errors()
    await town.says(town.moderator, "!undo 1")
    assert not town.ann.is_banned
    assert [(await the_case(town, number)).status for number in (1, 2)] == ["done", "pending"]
    await town.db.execute("ALTER TABLE case_changes_away RENAME TO case_changes")
    await town.wait(seconds=1)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert [(await the_case(town, number)).status for number in (1, 2)] == ["undone", "done"]
    assert await in_force(town, town.ann) == [("return", 2)]


# --- The button --------------------------------------------------------------------------------------------


async def logged(town: Town, number: int) -> Answer:
    shown = [one for one in town.messages(town.private) if one.embed and one.embed.title]
    return next(one for one in shown if f"Case {number}" in one.embed.title)


async def test_the_button_in_the_log_works_after_a_restart(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    await town.says(town.moderator, "!ban @ann spam")
    await town.restart()
    reaction = await town.press(town.moderator, await logged(town, 1), "Undo")
    question = reaction.replies[-1]
    assert question.ephemeral
    assert f"Undo case **1** (Ban) on {town.ann.mention}?" in question
    assert town.ann.is_banned
    answer = (await town.press(town.moderator, question, "Yes")).replies[-1]
    assert answer.ephemeral
    assert "isn't banned any more" in answer
    assert not town.ann.is_banned
    undone = await logged(town, 1)
    assert undone.fields["State"] == "undone"
    assert not undone.buttons
    undo = await logged(town, 2)
    assert undo.fields["Undone"] == "Case 1 (Ban)"
    assert "by a button" in undo.fields["By"]
    assert not undo.buttons


async def test_the_button_is_for_moderators(town: Town):
    await town.says(town.admin, "!warn @ann", channel=town.general)
    shown = await town.says(town.admin, "!case 1")
    reaction = await town.press(town.bob, shown, "Undo")
    assert "You need **Timeout Members**" in reaction.replies[-1]
    reaction = await town.press(town.admin, shown, "Undo")
    await town.press(town.admin, reaction.replies[-1], "No")
    assert (await the_case(town, 1)).status == "done"


async def test_the_button_of_a_lock(town: Town):
    await town.says(town.admin, "!lock")
    shown = await town.says(town.admin, "!case 1")
    question = (await town.press(town.admin, shown, "Undo")).replies[-1]
    assert question == "Undo case **1** (Lock)?"
    answer = (await town.press(town.admin, question, "Yes")).replies[-1]
    assert "Opened" in answer


async def test_a_moderator_who_is_none_any_more_when_they_answer(town: Town):
    await town.says(town.admin, "!lock")
    shown = await town.says(town.admin, "!case 1")
    question = (await town.press(town.admin, shown, "Undo")).replies[-1]
    await town.take_role(town.admin, "Admin")
    answer = (await town.press(town.admin, question, "Yes")).replies[-1]
    assert "You need **Manage Channels** there." in answer
    assert (await the_case(town, 1)).status == "done"
