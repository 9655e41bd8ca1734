"""Raids in the town: a recorded one is replayed, join by join."""

import discord
import pytest

from database.raids import RaidsStore
from tests.moderation.raiding import raid, settings
from tests.support.answers import Answer
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")


def report(town: Town) -> Answer:
    """The message of the raid as it is now: one, which changes; what buttons answer only one person sees."""
    found = [message for message in town.messages(town.private) if "A raid" in message]
    assert len(found) == 1
    return found[0]


async def statuses(town: Town) -> set[str]:
    return {row["status"] for row in await town.db.fetchall("SELECT status FROM raid_members")}


async def test_a_raid_is_held_and_ends_by_itself_and_all_are_released(town: Town):
    jailed = town.role("Jailed", below="Member")
    await settings(town, f"jail-role {jailed.id}", "raid-actions quarantine, verification")
    before = town.guild.live.verification_level
    raiders = await raid(town)
    shown = report(town)
    assert "6 people belong to it" in shown
    assert "their accounts are new" in shown
    assert "in quarantine: 6" in shown
    assert "Jailed" in raiders[0].role_names
    assert str(town.guild.live.verification_level) == "highest"
    assert "going on" in await town.says(town.moderator, "!raid")
    assert town.messages(raiders[0]) == [], "nobody is written to"
    await town.wait(minutes=11)
    assert town.guild.live.verification_level == before
    assert "A raid, over" in report(town)
    reaction = await town.press(town.moderator, report(town), "Release all")
    assert "Released 6 people" in str(reaction.replies)
    assert "Jailed" not in raiders[0].role_names
    assert "Release all" not in report(town).buttons
    assert await statuses(town) == {"released"}


async def test_one_button_bans_them_all_after_a_restart_too(town: Town):
    await settings(town)
    raiders = await raid(town)
    await town.restart()
    late = town.outsider("Nitro_Gift99")
    await town.join(late)
    await town.wait(seconds=5)
    await town.press(town.moderator, report(town), "Ban all")
    assert all(one.is_banned for one in raiders)
    assert not town.ann.is_banned
    assert "banned: " in report(town)
    (whole,) = await town.db.fetchall("SELECT * FROM cases WHERE kind = 'massban'")
    assert whole["status"] == "done"
    assert "is over" in await town.says(town.moderator, "!raid end")
    assert "no raid" in await town.says(town.moderator, "!raid end")


@sqlite
async def test_quarantine_without_a_jail_role_is_a_timeout_and_what_fails_is_said(town: Town):
    await settings(town, "raid-actions quarantine, invites")
    town.refuse("PUT", "/guilds/*/incident-actions", status=403, times=None)
    raiders = await raid(town, then_seconds=0)
    await town.says(town.owner, "!feature disable moderation")
    await town.wait(seconds=5)
    assert raiders[0].timed_out_until is None, "nobody is held where moderation is switched off meanwhile"
    assert "switched off" in (await town.press(town.moderator, report(town), "Ban all")).reply
    await town.says(town.owner, "!feature enable moderation")
    await town.join(town.outsider("Nitro_Gift99"))
    await town.wait(seconds=5)
    assert raiders[0].timed_out_until is not None
    assert "in quarantine: 7" in report(town)
    assert "Discord doesn't let me do this: invites" in report(town)
    await town.press(town.moderator, report(town), "It is over")
    assert raiders[0].timed_out_until is not None, "whoever is held stays so until somebody decides"
    await town.press(town.moderator, report(town), "Release all")
    assert raiders[0].timed_out_until is None


@sqlite
async def test_whom_the_staff_held_stays_held(town: Town):
    jailed = town.role("Jailed", below="Member")
    await settings(town, f"jail-role {jailed.id}", "raid-actions quarantine")
    known = town.outsider("Free_Nitro_Known")
    await town.join(known)
    await town.says(town.moderator, f"!jail {known.mention} was here before")
    await town.leave(known)
    await town.join(known)
    (later, *others) = await raid(town)
    assert "noted: 1" in report(town)
    assert "in quarantine: 6" in report(town)
    await town.says(town.moderator, f"!unjail {later.mention}")
    await town.says(town.moderator, f"!jail {later.mention} after a look at them")
    await town.press(town.moderator, report(town), "Release all")
    assert all("Jailed" not in one.role_names for one in others)
    assert "Jailed" in known.role_names, "they were in jail before the raid"
    assert "Jailed" in later.role_names, "the staff has decided about them meanwhile"


@sqlite
async def test_a_crash_in_the_middle_loses_nobody(town: Town):
    await settings(town, "raid-actions quarantine, verification")
    raiders = await raid(town, then_seconds=0)
    store = RaidsStore(town.db)
    (going_on,) = await store.going_on()
    # As if it had ended before it raised the level.
    await town.as_bot(town.guild.live.edit(verification_level=discord.VerificationLevel.low))
    before = {name: value for name, value in going_on.state_before.items() if name != "done"}
    await store.describe(going_on.id, {**before, "verification": 1})
    assert await statuses(town) == {"waiting"}
    await town.restart(clean=False)
    await town.leave(raiders[0])
    await town.wait(seconds=5)
    assert str(town.guild.live.verification_level) == "highest"
    assert "in quarantine: 5" in report(town)
    assert "gone: 1" in report(town)
    await town.delete_message(report(town))
    await town.join(raiders[0])
    await town.wait(seconds=5)
    assert raiders[0].timed_out_until is not None, "who comes back is held"
    assert "in quarantine: 6" in report(town)
    await town.wait(minutes=11)
    assert str(town.guild.live.verification_level) == "low"


@sqlite
async def test_the_end_waits_for_discord_but_not_for_permissions(town: Town):
    await settings(town, "raid-actions verification")
    await raid(town)
    town.refuse("PATCH", "/guilds/*", status=500, times=None)
    await town.wait(minutes=12)
    assert "going on" in await town.says(town.moderator, "!raid")
    town.refuse_no_more()
    town.refuse("PATCH", "/guilds/*", status=403, times=None)
    await town.wait(minutes=6)
    assert "A raid, over" in report(town)
    assert "Discord doesn't let me put back what I changed" in report(town)


@sqlite
async def test_invites_are_paused_while_it_lasts(town: Town):
    await settings(town, "raid-actions invites")
    await raid(town)
    assert "Paused the invites" in report(town)
    with town.clock():
        assert town.guild.live.invites_paused()
    assert "Invites work again" in await town.says(town.moderator, "!raid end")
    with town.clock():
        assert not town.guild.live.invites_paused()


@sqlite
async def test_without_a_channel_commands_decide(town: Town):
    assert "no raid" in await town.says(town.moderator, "!raid ban")
    await settings(town, "raid-actions quarantine")
    await town.says(town.admin, "!config reset automod-channel")
    raiders = await raid(town)
    assert "Released 6 people" in await town.says(town.moderator, "!raid release")
    assert raiders[0].timed_out_until is None
    assert "Nobody of them is left" in await town.says(town.moderator, "!raid ban")


@sqlite
async def test_nobody_watches_unless_told_to(town: Town):
    await settings(town, "raid-watch off")
    await raid(town)
    assert town.messages(town.private) == []
    replayed = await town.says(town.admin, "!raid replay 30d")
    assert "their accounts are new" in replayed
