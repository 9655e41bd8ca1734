"""Roles for levels as members and staff see them; the rule is in test_rewards.py."""

import discord
import pytest

from cogs.leveling.curves import Curve
from cogs.leveling.settings import CURVE
from cogs.leveling.xp.changing import PIECE
from database.standing_values import Standing
from tests.moderation.deeds import database_fails
from tests.support.town import Town
from utils.events import LevelRolesTimer, ModAction

GIVE = ("PUT", "/guilds/*/members/*/roles/*")
TAKE = ("DELETE", "/guilds/*/members/*/roles/*")


async def reaches(town: Town, who, level: int, *others) -> None:
    """Staff lets somebody, and perhaps others, have a level."""
    leveling = town.bot.get_cog("Levels").leveling

    async def change() -> None:
        async with leveling.change(town.guild.id) as under_way:
            xp = leveling.curve(town.guild.id).total(level)
            await under_way.put([Standing(one.id, xp=xp) for one in (who, *others)])

    await town.as_bot(change())
    await town.wait(seconds=2)  # one member's roles are changed after the other's


async def due(town: Town) -> int:
    return await town.db.fetchval("SELECT COUNT(*) FROM level_role_dues")


@pytest.fixture
async def roles(town: Town):
    """Regulars at level 5, friends at level 10."""
    for level, name in ((5, "Regulars"), (10, "Friends")):
        town.role(name)
        assert "Members get" in await town.says(town.admin, f"!levels reward add {level} {name}")
    await town.wait(seconds=6)


async def test_roles_are_given_and_taken(town: Town, roles):
    await reaches(town, town.ann, 4)
    assert town.ann.role_names == set()
    await reaches(town, town.ann, 12)  # several levels at once
    assert town.ann.role_names == {"Regulars", "Friends"}
    assert "Reached level 12." in town.guild.audit_log[-1].reason
    await town.give_role(town.bob, "Friends")
    await reaches(town, town.bob, 5)
    assert town.bob.role_names == {"Regulars", "Friends"}
    await town.says(town.admin, "!config set level-rewards highest")
    await town.wait(seconds=10)
    assert town.ann.role_names == {"Friends"}
    assert town.bob.role_names == {"Regulars", "Friends"}  # this one was given by hand
    await reaches(town, town.ann, 6)
    assert town.ann.role_names == {"Regulars"}
    await reaches(town, town.bob, 0)
    assert town.bob.role_names == {"Friends"}
    assert await due(town) == 0


async def test_another_curve_and_removed_roles(town: Town, roles):
    await reaches(town, town.ann, 5)
    regulars = town.guild.role("Regulars").mention
    with town.sql_statements() as statements:
        said = await town.says(town.admin, "!levels reward add 5 Regulars")
    assert said == f"Members get {regulars} at level 5 already."
    assert not any("level_rewards" in one or "level_role_dues" in one for one in statements)
    said = await town.says(town.admin, "!levels reward add 6 Regulars")
    assert said == f"Members get {regulars} at level 6 from now on; it was level 5."
    await town.wait(seconds=10)
    assert town.ann.role_names == set()
    await town.says(town.admin, "!levels reward add 5 Regulars")
    easier = Curve("step", (50,))
    await town.as_bot(town.bot.guild_settings.set(town.guild.id, CURVE, easier, changed_by=None))
    await town.wait(seconds=10)
    assert town.ann.role_names == {"Regulars", "Friends"}
    answer = await town.says(town.admin, "!levels reward remove 5")
    assert "isn't given for a level any more" in answer
    await town.wait(seconds=10)
    assert town.ann.role_names == {"Friends"}
    await town.says(town.admin, "!levels reward remove Friends")
    await town.wait(seconds=10)
    assert town.ann.role_names == set()
    assert await town.says(town.ann, "!levels rewards") == "No role is given for a level here."
    assert await town.db.fetchval("SELECT COUNT(*) FROM level_grants") == 0


async def test_what_was_taken_by_hand_stays_away_until_they_come_back(town: Town, roles):
    await reaches(town, town.ann, 5)
    await town.take_role(town.ann, "Regulars")
    await reaches(town, town.ann, 6)
    await town.says(town.admin, "!levels sync")
    await reaches(town, town.ann, 10)
    assert town.ann.role_names == {"Friends"}
    await town.leave(town.ann)
    await town.wait(hours=1)
    await town.join(town.ann)
    assert town.ann.role_names == {"Regulars", "Friends"}
    await town.leave(town.ann)
    await town.wait(hours=1)
    with town.not_listening():  # while the bot is away
        await town.join(town.ann)
    await town.restart()
    assert town.ann.role_names == set()
    await town.wait(minutes=2)
    assert town.ann.role_names == {"Regulars", "Friends"}
    with town.sql_statements() as statements:
        await town.join(town.outsider("newcomer"))
    assert not any("level_role_dues" in one for one in statements)


async def test_membership_screening_comes_first(town: Town, roles):
    await reaches(town, town.ann, 5)
    await reaches(town, town.bob, 5)
    for who in (town.ann, town.bob):
        await town.leave(who)
        await town.wait(minutes=1)
        await town.join(who, pending=True)
    assert town.ann.role_names == town.bob.role_names == set()
    await town.restart()
    await town.accepts_the_rules(town.ann)
    await town.says(town.ann, "hello again")
    assert town.ann.role_names == {"Regulars"}
    await town.wait(minutes=10)
    assert town.bob.role_names == set()
    await town.accepts_the_rules(town.bob)  # and says nothing
    await town.wait(hours=8)
    assert town.bob.role_names == {"Regulars"}
    assert await due(town) == 0


async def test_nobody_gets_roles_in_jail(town: Town, roles):
    town.role("Jailed")
    await town.says(town.owner, "!config set jail-role Jailed")
    await town.says(town.admin, "!jail @ann")
    await reaches(town, town.ann, 5)
    assert town.ann.role_names == {"Jailed"}
    await town.says(town.admin, "!unjail @ann")
    assert town.ann.role_names == {"Regulars"}
    await town.says(town.admin, "!jail @ann")
    await town.give_role(town.ann, "Regulars")  # as if both had happened at once
    jailed = town.sent(ModAction)[-1]
    await town.as_bot(town.bot.get_cog("Rewards").on_mod_action(jailed))
    assert town.ann.role_names == {"Jailed"}
    await town.says(town.admin, "!unjail @ann")
    assert town.ann.role_names == {"Regulars"}


async def test_trouble_is_told_once(town: Town, roles):
    await town.put_bot_below("Regulars")
    await reaches(town, town.ann, 5)
    (told,) = town.messages(town.owner)
    assert "I can't give or take **Regulars** for levels." in told
    assert "Move my role up" in told or "move my role up" in told
    await reaches(town, town.bob, 5)
    await reaches(town, town.ann, 6)
    await town.restart()
    await reaches(town, town.ann, 7)
    assert len(town.messages(town.owner)) == 1
    assert "can't be given" in await town.says(town.admin, "!levels reward list")
    synced = town.now_of(await town.says(town.admin, "!levels sync"))
    assert "I changed nobody's roles." in synced
    assert "2 members miss roles that I can't give or take" in synced
    assert "can't be given" not in await town.says(town.ann, "!levels reward list")


async def test_a_role_that_became_powerful_is_given_to_nobody(town: Town, roles):
    await town.give_permission(town.guild, "ban_members", of=town.guild.role("Regulars"))
    await reaches(town, town.ann, 10)
    assert town.ann.role_names == {"Friends"}
    assert "**Ban Members**" in town.last(town.owner)
    question = await town.says(town.owner, "!levels reward add 5 Regulars")
    assert "**Ban Members**" in question
    await town.press(town.owner, question, "Yes")
    await town.wait(seconds=10)
    assert town.ann.role_names == {"Regulars", "Friends"}


async def test_discord_has_trouble(town: Town, roles):
    town.refuse(*GIVE, status=500, times=None)
    await reaches(town, town.ann, 5)
    await town.wait(minutes=1)
    assert (town.ann.role_names, await due(town)) == (set(), 1)
    town.refuse_no_more()
    await town.wait(minutes=10)
    assert (town.ann.role_names, await due(town)) == ({"Regulars"}, 0)
    assert len(town.sent(LevelRolesTimer)) == 1
    town.refuse(*GIVE, status=403, code=50013)
    await reaches(town, town.ann, 10)
    assert "**Friends**" in town.last(town.owner)
    await town.says(town.admin, "!levels sync")
    assert town.ann.role_names == {"Regulars", "Friends"}


async def test_a_crash_in_between(town: Town, roles):
    await town.says(town.admin, "!config set level-rewards highest")
    await town.wait(seconds=10)
    # Discord gave the role, but nobody could note it.
    with database_fails(town, "UPDATE level_grants", "DELETE FROM level_role_dues"):
        await reaches(town, town.ann, 5)
    await town.restart(clean=False)
    assert (town.ann.role_names, await due(town)) == ({"Regulars"}, 0)
    await reaches(town, town.ann, 10)
    assert town.ann.role_names == {"Friends"}  # so it counts as given by the bot
    # It dies before it asks Discord for anything.
    with database_fails(town, "FROM level_role_dues"):
        await reaches(town, town.bob, 5)
    assert (town.bob.role_names, await due(town)) == (set(), 1)
    await town.restart(clean=False)
    assert (town.bob.role_names, await due(town)) == ({"Regulars"}, 0)


async def test_the_database_goes_away_before_everybody_is_looked_at(town: Town):
    town.role("Regulars")
    await reaches(town, town.ann, 5)
    await town.says(town.admin, "!levels reward add 5 Regulars")
    with database_fails(town, "FROM level_role_dues") as failed:
        await town.wait(seconds=6)
    assert failed
    await town.wait(minutes=2)
    assert (town.ann.role_names, await due(town)) == ({"Regulars"}, 0)


async def test_what_may_not_be_given(town: Town):
    town.role("Regulars")
    add = "!levels reward add"
    assert "Write the level and the role" in await town.says(town.admin, f"{add} Regulars")
    assert "Write the level and the role" in await town.says(town.admin, f"{add} 5")
    for level in (0, -1, 99_999):
        assert "Levels go from 1 to 1,000." in await town.says(town.admin, f"{add} {level} Regulars")
    assert "no role “nobody”" in await town.says(town.admin, f"{add} 5 nobody")
    assert "Everybody has this role anyway." in await town.says(town.admin, f"{add} 5 @everyone")
    assert "Discord or an app manages it" in await town.says(town.owner, f"{add} 5 {town.guild.live.me.top_role.id}")
    assert "You can't give or take" in await town.says(town.admin, f"{add} 5 Admin")
    assert "You need the permission" in await town.says(town.ann, f"{add} 5 Regulars")
    question = await town.says(town.owner, f"{add} 5 Moderator")
    assert "gets these permissions" in question
    assert "isn't given for a level" in (await town.press(town.owner, question, "No")).reply
    assert "No role is given at level 5." in await town.says(town.admin, "!levels reward remove 5")
    assert "isn't given for that level" in await town.says(town.admin, "!levels reward remove Regulars")
    await town.put_bot_below("Regulars")
    assert "I can't give or take" in await town.says(town.admin, f"{add} Regulars 5")


async def test_syncing(town: Town, roles):
    regulars, friends = town.guild.role("Regulars"), town.guild.role("Friends")
    await town.says(town.admin, "!feature disable leveling")
    for who, level in ((town.ann, 10), (town.bob, 5), (town.developer, 5)):
        await reaches(town, who, level)
    await town.leave(town.developer)
    await town.says(town.admin, "!feature enable leveling")
    assert "I don't know" in await town.says(town.admin, "!levels sync now")
    shown = town.now_of(await town.says(town.admin, "!levels sync --dry-run"))
    assert "I would change the roles of 2 members. Roles given: 3; taken: 0." in shown
    assert f"{town.ann.mention} gets {regulars.mention} and {friends.mention}" in shown
    assert town.ann.role_names == set()
    answer = await town.says(town.admin, "!levels sync")
    assert "I'm at it already." in await town.says(town.admin, "!levels sync")
    await town.wait(seconds=3)
    assert "I changed the roles of 2 members. Roles given: 3; taken: 0." in town.now_of(answer)
    assert (town.ann.role_names, town.bob.role_names) == ({"Regulars", "Friends"}, {"Regulars"})
    answer = await town.says(town.admin, "!levels sync")
    assert "have the right ones" in town.now_of(answer)
    assert await due(town) == 0


async def test_cancelling_a_sync(town: Town, roles):
    many = [town.member(f"member{number}") for number in range(13)]
    robot = town.outsider("robot", bot=True)
    await town.join(robot)
    await town.says(town.admin, "!feature disable leveling")
    await reaches(town, robot, 5, *many)
    await town.says(town.admin, "!feature enable leveling")
    answer = await town.says(town.admin, "!levels sync")
    assert answer == "Looking who has reached a level with a role …"
    await town.wait(seconds=5)
    assert "members … 9 changed so far." in town.now_of(answer)
    assert "are not yours" in (await town.press(town.moderator, answer, "Cancel")).reply
    await town.press(town.admin, answer, "Cancel")
    await town.wait(seconds=1)
    assert "Cancelled after 11 of 14 members. Roles given: 11; taken: 0." in town.now_of(answer)
    assert "… and 1 more" in town.now_of(answer)
    answer = await town.says(town.admin, "!levels sync")
    await town.restart()
    assert "The rest follows when I'm back." in town.now_of(answer)
    await town.wait(seconds=9)
    assert [who.name for who in many if who.role_names != {"Regulars"}] == []
    assert robot.role_names == set()


async def test_a_level_that_was_reached_when_the_bot_stopped(town: Town):
    town.role("Regulars")
    for words in ("config set xp-least 200", "config set xp-most 200", "levels reward add 1 Regulars"):
        await town.says(town.admin, f"!{words}")
    await town.wait(seconds=10)
    await town.says(town.ann, "good morning everybody")
    await town.restart()
    assert town.ann.role_names == {"Regulars"}


async def test_more_new_levels_at_once_than_are_looked_at_one_by_one(town: Town, roles):
    # As many as an import changes at once, piece by piece.
    strangers = [discord.Object(number) for number in range(1, PIECE)]
    await reaches(town, town.ann, 5, *strangers)
    assert await town.db.fetchall("SELECT user_id FROM level_role_dues") == [{"user_id": 0}]
    await town.wait(seconds=30)
    assert (town.ann.role_names, await due(town)) == ({"Regulars"}, 0)


async def test_the_bot_comes_back_to_a_guild(town: Town, roles):
    await town.kick_bot_from(town.guild)
    await reaches(town, town.ann, 5)
    assert await due(town) == 1
    await town.invite_bot_to(town.guild)
    await town.wait(seconds=2)
    assert await due(town) == 0


async def test_a_deleted_role_is_forgotten(town: Town, roles):
    await reaches(town, town.ann, 5)
    await town.delete_role(town.guild.role("Regulars"))
    listed = await town.says(town.ann, "!levels reward list")
    assert f"Level 10: {town.guild.role('Friends').mention}" in listed
    assert "Level 5" not in listed
    assert await town.db.fetchval("SELECT COUNT(*) FROM level_grants") == 0
    shown = await town.says(town.ann, "!levels")
    assert "level 10: 4,675 XP" in shown.fields["Curve"]
    assert "Level 10" in shown.fields["Roles"]
