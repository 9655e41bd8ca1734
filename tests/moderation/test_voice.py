"""Muting, deafening, moving and disconnecting people in voice channels."""

import pytest

from database.moderation import CasesStore


@pytest.fixture
async def boss(town):
    """Somebody who may do everything in voice; Ann is in the voice channel."""
    role = town.role("Host", below="Moderator")
    await town.give_permission(town.guild, "mute_members", "deafen_members", "move_members", of=role)
    await town.give_permission(town.guild, "mute_members", "deafen_members", "move_members")
    await town.ann.acts_in(town.guild.id).join_voice(town.guild.channel("voice").handle)
    return town.member("boss", roles=["Host"])


def where(town, who) -> int | None:
    """The voice channel that somebody is in, as Discord has it."""
    state = town.guild.handle.voice_states().get(who.id)
    return None if state is None else state.channel_id


async def case(town, number: int):
    return await CasesStore(town.db).get(town.guild.id, number)


async def test_mute_and_unmute(town, boss):
    answer = await town.says(boss, f"!voice mute {town.ann.mention} shouting")
    assert answer == f"Muted {town.ann.mention} in voice channels. Case **1**."
    muted = await case(town, 1)
    assert (muted.kind, muted.reason, muted.state_before["mute"]) == ("voice-mute", "shouting", False)
    assert "muted already" in await town.says(boss, f"!voice mute {town.ann.mention}")
    assert "Unmuted" in await town.says(boss, f"!voice unmute {town.ann.mention}")
    assert "isn't muted" in await town.says(boss, f"!voice unmute {town.ann.mention}")


async def test_deafen_and_undeafen(town, boss):
    assert "Deafened" in await town.says(boss, f"!voice deafen {town.ann.mention}")
    assert "deaf already" in await town.says(boss, f"!voice deafen {town.ann.mention}")
    assert "Undeafened" in await town.says(boss, f"!voice undeafen {town.ann.mention}")
    assert "isn't deaf" in await town.says(boss, f"!voice undeafen {town.ann.mention}")


async def test_move_and_kick(town, boss):
    town.guild.handle.create_voice_channel("Quiet room")
    first, second = town.guild.channel("voice"), town.guild.channel("Quiet room")
    answer = await town.says(boss, f'!voice move {town.ann.mention} "Quiet room" too loud')
    assert answer == f"Moved {town.ann.mention} to {second.mention}. Case **1**."
    assert where(town, town.ann) == second.id
    assert (await case(town, 1)).state_before["channel"] == first.id
    assert "already" in await town.says(boss, f"!voice move {town.ann.mention} {second.mention}")
    assert "Disconnected" in await town.says(boss, f"!voice kick {town.ann.mention}")
    assert where(town, town.ann) is None


@pytest.mark.parametrize("words", ["mute {who}", "undeafen {who}", "kick {who}", "move {who} voice"])
async def test_somebody_who_isnt_there(town, boss, words):
    answer = await town.says(boss, f"!voice {words.format(who=town.bob.mention)}")
    assert answer == f"{town.bob.mention} isn't in a voice channel."
    assert await case(town, 1) is None


async def test_who_may_not(town, boss):
    assert "Mute Members" in await town.says(town.moderator, f"!voice mute {town.ann.mention}")
    await town.admin.acts_in(town.guild.id).join_voice(town.guild.channel("voice").handle)
    answer = await town.says(boss, f"!voice mute {town.admin.mention}")
    assert f"their role {town.guild.role('Admin').mention} is not below yours" in answer
    await town.take_permission(town.guild, "move_members")
    assert "I need **Move Members**" in await town.says(boss, f"!voice kick {town.ann.mention}")


async def test_a_channel_that_the_bot_cant_enter(town, boss):
    town.guild.handle.create_voice_channel("Quiet room")
    room = town.guild.channel("Quiet room")
    await town.take_permission(room, "connect")
    answer = await town.says(boss, f"!voice move {town.ann.mention} {room.mention}")
    assert f"I need **Connect** in {room.mention}" in answer


async def test_help_shows_it_to_who_may_do_some_of_it(town, boss):
    assert "`!voice " in await town.says(boss, "!help moderation")
    assert "`!voice " not in await town.says(town.ann, "!help moderation")


async def test_without_saying_what(town, boss):
    assert "`!voice mute`" in await town.says(boss, f"!voice {town.ann.mention}")


async def test_they_leave_at_the_last_moment(town, boss):
    town.refuse(
        "PATCH", "/guilds/*/members/*", status=400, code=40032, message="Target user is not connected to voice."
    )
    assert "Discord answers with an error (400)" in await town.says(boss, f"!voice mute {town.ann.mention}")
    assert (await case(town, 1)).status == "failed"
