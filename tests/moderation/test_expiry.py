"""What was done for a time: its end, its renewal, and what comes in between."""

from datetime import timedelta

import pytest

from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))  # weeks in a town take their time


async def the_cases(town: Town) -> list[dict]:
    return [dict(row) for row in await town.db.fetchall("SELECT * FROM cases ORDER BY number")]


async def timers(town: Town) -> list[dict]:
    return [dict(row) for row in await town.db.fetchall("SELECT * FROM timers WHERE name = 'sanction_timer'")]


async def in_force(town: Town) -> list[dict]:
    return [dict(row) for row in await town.db.fetchall("SELECT * FROM sanctions")]


# --- Temporary bans ---------------------------------------------------------------------------------------


async def test_a_temporary_ban_ends(town: Town):
    answer = await town.says(town.moderator, "!ban @ann 2 days insults")
    assert "Until " in answer
    await town.wait(days=2, seconds=-1)
    assert town.ann.is_banned
    await town.wait(seconds=2)
    assert not town.ann.is_banned
    ban, end = await the_cases(town)
    assert (ban["kind"], ban["status"]) == ("ban", "done")
    assert (end["kind"], end["status"], end["source"], end["parent"]) == ("unban", "done", "timer", 1)
    assert (end["moderator_id"], end["target_name"]) == (town.bot.user.id, "ann")
    assert await in_force(town) == []
    assert await timers(town) == []


async def test_a_ban_for_good_stops_the_clock(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days insults")
    assert "Case **2**" in await town.says(town.moderator, f"!ban {town.ann.id} and now for good")
    assert await timers(town) == []
    await town.wait(days=3)
    assert town.ann.is_banned
    assert len(await the_cases(town)) == 2


async def test_another_length_takes_the_place_of_the_first(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days")
    await town.says(town.moderator, f"!ban {town.ann.id} 5 days")
    await town.wait(days=3)
    assert town.ann.is_banned
    await town.wait(days=2, seconds=1)
    assert not town.ann.is_banned
    assert [case["parent"] for case in await the_cases(town)] == [None, None, 2]


async def test_lifted_by_command_closes_the_clock(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days")
    await town.says(town.moderator, f"!unban {town.ann.id}")
    assert await timers(town) == []
    await town.wait(days=3)
    assert [case["kind"] for case in await the_cases(town)] == ["ban", "unban"]


@sqlite
@english
async def test_lifted_elsewhere_is_closed_quietly(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days")
    await town.as_bot(town.guild.live.unban(town.ann.handle))
    await town.wait(days=3)
    assert [case for case in await the_cases(town) if case["source"] == "timer"] == []
    assert await in_force(town) == []
    assert await timers(town) == []


async def test_the_clock_survives_a_restart(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days")
    await town.restart(clean=False)
    await town.wait(days=2, seconds=1)
    assert not town.ann.is_banned
    assert [case["status"] for case in await the_cases(town)] == ["done", "done"]


async def test_the_clock_waits_while_the_bot_is_away(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days")
    await town.kick_bot_from(town.guild)
    await town.wait(days=3)
    assert len(await the_cases(town)) == 1
    await town.invite_bot_to(town.guild)
    await town.wait(seconds=1)
    assert not town.ann.is_banned
    assert len(await the_cases(town)) == 2


@sqlite
@english
async def test_the_clock_is_found_again_after_a_very_long_time(town: Town):
    """The timers forget what is due in a guild that the bot left a month ago."""
    await town.says(town.moderator, "!ban @ann 2 days")
    await town.kick_bot_from(town.guild)
    await town.db.execute("DELETE FROM timers WHERE name = 'sanction_timer'")
    await town.wait(days=2, seconds=1)
    await town.invite_bot_to(town.guild)
    await town.wait(seconds=1)
    assert not town.ann.is_banned
    assert await in_force(town) == []


async def test_a_refused_end_is_tried_again(town: Town):
    await town.says(town.moderator, "!ban @ann 1 day")
    town.refuse("DELETE", "/guilds/*/bans/*", status=403, times=2)
    await town.wait(days=1, seconds=30)
    assert town.ann.is_banned
    await town.wait(minutes=1)
    assert town.ann.is_banned
    await town.wait(minutes=10)
    assert not town.ann.is_banned
    assert [(case["kind"], case["status"]) for case in await the_cases(town)] == [("ban", "done"), ("unban", "done")]


async def test_a_refusal_for_good_is_told_once(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    await town.says(town.moderator, "!ban @ann 1 day")
    town.refuse("DELETE", "/guilds/*/bans/*", status=403, times=None)
    await town.wait(days=1, hours=1)
    assert len(town.messages(town.private)) == 1
    await town.wait(minutes=12)
    assert len(town.messages(town.private)) == 2
    shown = town.last(town.private)
    assert "Unban · Case 2" in shown
    assert shown.fields["Belongs to"] == "Case 1"
    assert shown.fields["By"].endswith("since its time was up")
    assert "Reason" not in shown.fields
    assert "Discord doesn't let me" in town.last(town.private).fields["State"]
    await town.wait(days=3)
    assert len(town.messages(town.private)) == 2
    assert len(town.calls("DELETE", "/guilds/*/bans/*")) == 4
    assert await timers(town) == []
    assert (await the_cases(town))[1]["status"] == "failed"


@sqlite
@english
async def test_without_a_log_the_owner_is_told(town: Town):
    await town.says(town.moderator, "!ban @ann 1 day")
    await town.take_permission(town.guild, "ban_members")
    await town.wait(days=2)
    [told] = town.messages(town.owner)
    assert "case 1" in told
    assert "I need **Ban Members**" in told
    # Nobody forgets that the ban is there: lifting it closes the matter.
    await town.give_permission(town.guild, "ban_members")
    await town.says(town.moderator, f"!unban {town.ann.id}")
    assert await in_force(town) == []


@sqlite
@english
async def test_an_end_cut_in_two_by_a_crash(town: Town):
    """The ban was lifted, and the process died before it could say so."""
    await town.says(town.moderator, "!ban @ann 1 day")
    town.refuse("DELETE", "/guilds/*/bans/*", status=403, times=1)
    await town.wait(days=1, seconds=10)
    assert (await the_cases(town))[1]["status"] == "pending"
    await town.as_bot(town.guild.live.unban(town.ann.handle))
    await town.restart(clean=False)
    await town.wait(minutes=2)
    assert [(case["kind"], case["status"]) for case in await the_cases(town)][:2] == [
        ("ban", "done"),
        ("unban", "done"),
    ]
    assert await in_force(town) == []


# --- Long timeouts ----------------------------------------------------------------------------------------


@sqlite
@english
async def test_a_timeout_of_29_days(town: Town):
    await town.says(town.moderator, "!timeout @ann 29 days flooding")
    end = town.now + timedelta(days=29)
    assert town.ann.timed_out_until < end
    await town.wait(days=22)
    assert town.ann.timed_out_until == end
    await town.wait(days=7, seconds=1)
    assert not town.ann.live.is_timed_out()
    assert await in_force(town) == []
    assert await timers(town) == []
    assert [case["kind"] for case in await the_cases(town)] == ["timeout"]


@sqlite
@english
async def test_a_timeout_across_two_renewals_and_a_restart(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    end = town.now + timedelta(days=60)
    for day in range(0, 60, 4):
        with town.clock():
            assert town.ann.live.is_timed_out(), day
        if day == 24:
            await town.restart(clean=False)
        await town.wait(days=4)
    assert town.ann.timed_out_until == end
    assert renewals(town) == 3
    assert await in_force(town) == []


@sqlite
@english
async def test_lifting_a_long_timeout_stops_its_renewal(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    await town.says(town.moderator, "!untimeout @ann")
    assert await timers(town) == []
    await town.wait(days=30)
    assert town.ann.timed_out_until is None


@sqlite
@english
async def test_a_timeout_lifted_elsewhere_is_not_renewed(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    await town.as_bot(town.ann.live.timeout(None))
    await town.wait(days=30)
    assert town.ann.timed_out_until is None
    assert await in_force(town) == []


@sqlite
@english
async def test_a_timeout_cut_short_elsewhere_is_not_renewed(town: Town):
    """Discord goes on saying until when it was."""
    await town.says(town.moderator, "!timeout @ann 60 days")
    await town.as_bot(town.ann.live.timeout(timedelta(hours=1)))
    await town.wait(days=21, minutes=1)
    assert town.ann.timed_out_until < town.now
    assert await in_force(town) == []


def renewals(town: Town) -> int:
    """How often a timeout was put on, the first time among them."""
    calls = town.calls("PATCH", "/guilds/*/members/*")
    return len([call for call in calls if call.body.get("communication_disabled_until")])


async def test_a_renewal_that_discord_refuses_at_first(town: Town):
    await town.says(town.moderator, "!timeout @ann 29 days flooding")
    end = town.now + timedelta(days=29)
    town.refuse("PATCH", "/guilds/*/members/*", status=500, times=2)
    await town.wait(days=21)
    assert town.ann.timed_out_until < end
    await town.restart(clean=False)
    await town.wait(hours=1)
    assert town.ann.timed_out_until == end
    await town.wait(days=8)
    assert not town.ann.live.is_timed_out()
    assert await in_force(town) == []
    assert [case["kind"] for case in await the_cases(town)] == ["timeout"]


@sqlite
@english
async def test_another_length_between_two_renewals(town: Town):
    await town.says(town.moderator, "!mute @ann 29 days")
    end = town.now + timedelta(days=60)
    await town.wait(days=10)
    await town.says(town.moderator, "!duration 1 60d")
    assert renewals(town) == 2
    await town.wait(days=45)
    assert town.ann.timed_out_until == end
    assert renewals(town) == 4, "one more every three weeks"
    await town.wait(days=5, seconds=1)
    assert not town.ann.live.is_timed_out()
    assert (await in_force(town), await timers(town)) == ([], [])


@sqlite
@english
@pytest.mark.parametrize("command", ["!duration 1 25d", "!timeout @ann 1 day"])
async def test_a_long_timeout_made_shorter_is_renewed_no_more(town: Town, command: str):
    await town.says(town.moderator, "!timeout @ann 60 days")
    await town.wait(days=22)
    assert renewals(town) == 2
    await town.says(town.moderator, command)
    end = town.ann.timed_out_until
    await town.wait(days=10)
    assert (town.ann.timed_out_until, renewals(town)) == (end, 3)
    assert (await in_force(town), await timers(town)) == ([], [])


@sqlite
@english
async def test_a_longer_timeout_by_hand_takes_the_place_of_the_renewals(town: Town):
    await town.says(town.moderator, "!timeout @ann 40 days")
    await town.wait(days=15)
    until = town.now + timedelta(days=27)
    await town.acts_in_client(town.admin, "timeout", town.ann, until=until)
    await town.wait(days=30)
    assert (town.ann.timed_out_until, renewals(town)) == (until, 1)
    assert (await in_force(town), await timers(town)) == ([], [])


@sqlite
@english
async def test_leaving_and_coming_back_shakes_no_timeout_off(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    await town.leave(town.ann)
    await town.wait(days=25)
    await town.join(town.ann)
    await town.wait(seconds=1)
    with town.clock():
        assert town.ann.live.is_timed_out()
    await town.wait(days=25)
    with town.clock():
        assert town.ann.live.is_timed_out()


async def test_who_left_is_no_longer_timed_out(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    until = town.ann.timed_out_until
    await town.leave(town.ann)
    answer = await town.says(town.moderator, f"!untimeout {town.ann.id} a mistake")
    assert answer == f"{town.ann.mention} isn't here. When they come back, they may write and speak. Case **2**."
    assert f"{town.ann.mention} isn't timed out." in await town.says(town.moderator, f"!untimeout {town.ann.id}")
    case = (await the_cases(town))[1]
    assert (case["kind"], case["status"], case["reason"]) == ("untimeout", "done", "a mistake")
    await town.wait(days=3)
    await town.join(town.ann, timed_out_until=until)
    await town.wait(seconds=1)
    assert town.ann.timed_out_until is None
    assert await in_force(town) == []
    assert await timers(town) == []


@sqlite
@english
async def test_who_left_and_never_comes_back_is_forgotten(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    await town.leave(town.ann)
    await town.says(town.moderator, f"!untimeout {town.ann.id}")
    await town.wait(days=29)
    assert await in_force(town) == []
    assert await timers(town) == []


@sqlite
@english
async def test_who_came_back_and_is_timed_out_again_stays_so(town: Town):
    await town.says(town.moderator, "!timeout @ann 2 days")
    await town.leave(town.ann)
    await town.says(town.moderator, f"!untimeout {town.ann.id}")
    with town.not_listening():
        await town.join(town.ann)
    await town.says(town.moderator, "!timeout @ann 3 days")
    await town.wait(days=2)
    with town.clock():
        assert town.ann.live.is_timed_out()


@sqlite
@english
async def test_lifting_cancels_what_discord_didnt_put_on_again(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    await town.leave(town.ann)
    town.refuse("PATCH", "/guilds/*/members/*", status=403, times=1)
    await town.join(town.ann)
    assert "Lifted the timeout" in await town.says(town.moderator, "!untimeout @ann")
    await town.wait(days=1)
    assert town.ann.timed_out_until is None
    assert "isn't timed out" in await town.says(town.moderator, f"!untimeout {town.ann.id}")
    assert "isn't timed out" in await town.says(town.moderator, f"!untimeout {town.outsider('eve').id}")


@sqlite
@english
async def test_a_refusal_when_they_come_back_is_tried_again(town: Town):
    await town.says(town.moderator, "!timeout @ann 60 days")
    await town.leave(town.ann)
    town.refuse("PATCH", "/guilds/*/members/*", status=403, times=1)
    await town.join(town.ann)
    await town.wait(seconds=10)
    assert town.ann.timed_out_until is None
    await town.wait(minutes=1)
    assert town.ann.timed_out_until is not None


@sqlite
@english
async def test_a_timeout_that_ended_while_they_were_away(town: Town):
    await town.says(town.moderator, "!timeout @ann 2 days")
    await town.leave(town.ann)
    await town.wait(days=3)
    await town.join(town.ann)
    await town.wait(seconds=1)
    assert town.ann.timed_out_until is None
    assert await in_force(town) == []
