"""What is for staff alone stands only where nobody else reads."""

import pytest

from cogs.moderation.staff_places import others_read
from tests.moderation.case_help import given_case
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))
pytestmark = [sqlite, english]


async def shows_notes(town: Town, channel) -> bool:
    await given_case(town, "note", reason="steals horses")
    answers = [await town.says(town.moderator, f"!{words}", channel=channel) for words in ("history bob", "cases")]
    assert len({"steals horses" in answer for answer in answers}) == 1
    return "steals horses" in answers[0]


async def test_where_only_staff_reads(town: Town):
    assert await shows_notes(town, town.private)


async def test_a_role_of_everybody_who_is_verified(town: Town):
    """Many servers hide all channels from @everyone, and show them to a role that everybody gets."""
    await town.give_permission(town.private, "view_channel", of=town.guild.role("Member"))
    assert not await shows_notes(town, town.private)
    answer = await town.says(town.admin, "!cases export csv", channel=town.private)
    assert "I've sent it to you directly" in answer
    # Unless that role is staff here.
    await town.says(town.admin, "!config set mod-roles Member")
    assert await shows_notes(town, town.private)


async def test_somebody_who_was_let_in_by_name(town: Town):
    await town.give_permission(town.private, "view_channel", of=town.bob)
    assert not await shows_notes(town, town.private)
    # Whom admins let into the log, they let in on purpose; other bots most often.
    assert not others_read(town.bot, town.private.live, chosen=True)


async def test_a_private_thread_of_an_open_channel(town: Town):
    thread = await town.as_bot(town.general.live.create_thread(name="ticket"))
    assert others_read(town.bot, thread)
    hidden = await town.as_bot(town.private.live.create_thread(name="staff", message=None))
    assert not others_read(town.bot, hidden)


async def test_the_log_of_a_verified_server(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    await town.give_permission(town.private, "view_channel", of=town.guild.role("Member"))
    await town.says(town.moderator, "!note @ann steals horses")
    assert "steals" not in town.last(town.private)


async def test_no_overwrite_of_one_channel_makes_a_moderator(town: Town):
    """Timing people out is no permission of a channel, so what an overwrite says of it counts for nothing."""
    await given_case(town, reason="spam")
    await town.give_permission(town.general, "moderate_members", "ban_members", "manage_guild", of=town.ann)
    for words in ("case 1", "history bob", "cases", "cases export csv", "escalation add 3 kick", "note bob x"):
        assert "You need the permission" in await town.says(town.ann, f"!{words}"), words
