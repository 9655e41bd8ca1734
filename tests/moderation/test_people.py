"""Acting on one person, as moderators do it: the answers, the cases, the messages, and what stands in the way."""

from datetime import timedelta

import pytest

from tests.moderation.case_help import given_case
from tests.support.town import Town
from utils.events import ModAction

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")


async def the_cases(town: Town) -> list[dict]:
    return [dict(row) for row in await town.db.fetchall("SELECT * FROM cases ORDER BY number")]


# --- The commands -----------------------------------------------------------------------------------------


async def test_warn(town: Town):
    answer = await town.says(town.moderator, "!warn @ann spamming links")
    assert answer == f"Warned {town.ann.mention}. Case **1**."
    told = town.last(town.ann)
    assert "You were warned in **Town**." in told
    assert "Reason: spamming links" in told
    [case] = await the_cases(town)
    assert (case["kind"], case["status"], case["points"], case["told"]) == ("warn", "done", 1, "sent")
    assert (case["target_id"], case["moderator_id"], case["source"]) == (town.ann.id, town.moderator.id, "command")
    assert case["message_id"] == town.last_said.id
    [news] = town.sent(ModAction)
    assert (news.kind, news.number, news.target_id, news.reason) == ("warn", 1, town.ann.id, "spamming links")


async def test_a_note_is_for_staff_alone(town: Town):
    stranger = town.outsider("stranger")
    assert "Case **1**" in await town.says(town.moderator, f"!note {stranger.id} seen elsewhere")
    assert "Case **2**" in await town.says(town.moderator, "!note @ann is bob's sister")
    assert town.last(town.ann) is None
    assert [case["reason"] for case in await the_cases(town)] == ["seen elsewhere", "is bob's sister"]


async def test_kick(town: Town):
    answer = await town.says(town.moderator, "!kick @ann enough")
    assert answer == f"Kicked {town.ann.mention}. Case **1**."
    assert not town.ann.is_here
    assert not town.ann.is_banned
    assert "You were kicked from **Town**." in town.last(town.ann)
    [call] = town.calls("DELETE", "/guilds/*/members/*")
    assert call.reason == "mona: enough"


async def test_ban_for_good_and_back(town: Town):
    answer = await town.says(town.moderator, "!ban @ann scam --days 3")
    assert answer == f"Banned {town.ann.mention}. Case **1**."
    assert town.ann.is_banned
    [call] = town.calls("PUT", "/guilds/*/bans/*")
    assert int(call.params["delete_message_seconds"]) == 3 * 86_400
    assert "is banned already" in await town.says(town.moderator, f"!ban {town.ann.id}")
    assert "Case **2**" in await town.says(town.moderator, "!unban ann she appealed")
    assert not town.ann.is_banned
    assert (await town.says(town.moderator, "!case 2")).fields["Banned for"] == "mona: scam"
    assert "isn't banned" in await town.says(town.moderator, f"!unban {town.ann.id}")


async def test_days_come_from_the_setting(town: Town):
    await town.says(town.admin, "!config set ban-deletes-days 2")
    await town.says(town.moderator, "!ban @ann")
    [call] = town.calls("PUT", "/guilds/*/bans/*")
    assert int(call.params["delete_message_seconds"]) == 2 * 86_400
    assert "0 to 7" in await town.says(town.moderator, "!ban @bob --days 8")
    assert not town.bob.is_banned


async def test_ban_somebody_who_is_not_here(town: Town):
    stranger = town.outsider("stranger")
    assert "Case **1**" in await town.says(town.moderator, f"!ban {stranger.id} raided elsewhere")
    assert stranger.is_banned
    [case] = await the_cases(town)
    assert case["told"] is None
    assert "Nobody on Discord" in await town.says(town.moderator, "!ban 11111111111111111")


async def test_unban_by_name(town: Town):
    people = [town.outsider(name) for name in ("marta", "martin", "zoe")]
    for person in people:
        await town.says(town.moderator, f"!ban {person.id}")
    assert "could be" in await town.says(town.moderator, "!unban mart")
    assert "is banned here" in await town.says(town.moderator, "!unban nobody")
    assert "Unbanned" in await town.says(town.moderator, "!unban Martin")
    assert "Unbanned" in await town.says(town.moderator, "!unban zo he is fine")
    assert [person.is_banned for person in people] == [True, False, False]


async def test_softban(town: Town):
    answer = await town.says(town.moderator, "!softban @ann hacked")
    assert "Case **1**" in answer
    assert not town.ann.is_here
    assert not town.ann.is_banned
    assert int(town.calls("PUT", "/guilds/*/bans/*")[0].params["delete_message_seconds"]) == 86_400


async def test_timeout_and_back(town: Town):
    answer = await town.says(town.moderator, "!mute @ann 10m flooding")
    assert "Until " in answer
    assert town.ann.timed_out_until == town.now + timedelta(minutes=10)
    assert "You were timed out" in town.last(town.ann)
    assert "Case **2**" in await town.says(town.moderator, "!unmute @ann")
    assert town.ann.timed_out_until is None
    assert "isn't timed out" in await town.says(town.moderator, "!untimeout @ann")


async def test_a_timeout_without_a_length_takes_the_setting(town: Town):
    await town.says(town.admin, "!config set timeout-length 3h")
    await town.says(town.moderator, "!timeout @ann a day of shouting")
    assert town.ann.timed_out_until == town.now + timedelta(hours=3)
    [case] = await the_cases(town)
    assert case["reason"] == "a day of shouting"


# --- What stands in the way -------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["warn", "timeout", "kick", "ban", "softban"])
@sqlite
async def test_members_cannot(town: Town, command: str):
    assert "You need the permission" in await town.says(town.bob, f"!{command} @ann")
    assert await the_cases(town) == []


async def test_nobody_acts_on_themselves_the_bot_or_the_owner(town: Town):
    assert "to yourself" in await town.says(town.moderator, "!ban @mona")
    assert "to myself" in await town.says(town.moderator, f"!ban {town.bot.user.id}")
    assert "owns this server" in await town.says(town.moderator, "!ban @olivia")
    assert "owns this server" in await town.says(town.admin, f"!warn {town.owner.id}")
    assert await the_cases(town) == []


async def test_the_role_in_the_way_is_named(town: Town):
    admin_role = town.role("Admin")
    answer = await town.says(town.moderator, "!kick @ada")
    assert admin_role.mention in answer
    assert town.role("Moderator").mention in answer
    assert answer.pings == {town.moderator.id}
    assert town.admin.is_here


async def test_a_target_above_the_bot(town: Town):
    await town.give_role(town.ann, "Member")
    await town.put_bot_below("Member")
    answer = await town.says(town.admin, "!ban @ann")
    assert "Move my role up" in answer
    assert town.role("Member").mention in answer
    assert not town.ann.is_banned
    # A warning needs nothing of the bot.
    assert "Case **1**" in await town.says(town.admin, "!warn @ann")


async def test_a_permission_of_the_bot_is_missing(town: Town):
    await town.take_permission(town.guild, "ban_members")
    assert "I need **Ban Members**" in await town.says(town.moderator, "!ban @ann")
    assert "I need **Ban Members**" in await town.says(town.moderator, "!unban ann")
    assert await the_cases(town) == []


async def test_administrators_cannot_be_timed_out(town: Town):
    boss = town.role("Boss")
    await town.give_role(town.ann, boss)
    await town.give_permission(town.guild, "administrator", of=boss)
    assert "administrator" in await town.says(town.owner, "!timeout @ann 5m")
    assert await the_cases(town) == []


# --- Names that people know from other bots ---------------------------------------------------------------


@sqlite
async def test_a_tempban_has_an_end(town: Town):
    assert "Say for how long" in await town.says(town.moderator, "!Tempban @ann raiding")
    assert not town.ann.is_banned
    assert "Until" in await town.says(town.moderator, "!tempban @ann 7d raiding")
    assert town.ann.is_banned


@sqlite
@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("mute", "timeout"), ("tempmute", "timeout"), ("unmute", "untimeout"), ("hackban", "ban"),
        ("modlogs", "history"), ("warnings", "history"), ("infractions", "history"), ("prune", "purge"),
        ("clear", "purge"), ("delwarn", "undo"), ("setnick", "nick"), ("lockdown", "lock"),
    ],
)  # fmt: skip
async def test_names_from_other_bots(town: Town, alias: str, name: str):
    assert town.bot.get_command(alias).name == name


# --- Who left -------------------------------------------------------------------------------------------------


@sqlite
async def test_who_left_is_named_as_before(town: Town):
    assert "can't find" in await town.says(town.moderator, "!ban ghost")
    await town.says(town.moderator, "!warn @ann spam")
    await town.leave(town.ann)
    assert "Case **2**" in await town.says(town.moderator, "!note Ann left when warned")
    assert f"`{town.ann.id}`" in await town.says(town.moderator, "!history ann")
    assert "Case **3**" in await town.says(town.moderator, "!ban @ann ran away")
    assert town.ann.is_banned
    assert [case["target_name"] for case in await the_cases(town)] == ["ann"] * 3


@sqlite
async def test_an_old_name_hides_no_rank(town: Town):
    await given_case(town, target_id=town.admin.id, target_name="countess")
    assert "is not below yours" in await town.says(town.moderator, "!ban countess")
    assert not town.admin.is_banned
