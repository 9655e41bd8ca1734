"""Who is in a guild's voice channels, as discord.py keeps it."""

from collections.abc import Collection

import discord

VocalChannel = discord.VoiceChannel | discord.StageChannel


def takes_part(state: discord.VoiceState) -> bool:
    """Whether somebody hears and may speak."""
    return not (state.deaf or state.self_deaf or state.mute or state.self_mute or state.suppress)


def active_people(
    guild: discord.Guild, channel_ids: Collection[int] | None = None
) -> dict[VocalChannel, list[int]]:  # fmt: skip
    """Who hears and may speak in each voice channel that isn't for who is away; in all of them, or in these."""
    found: dict[VocalChannel, list[int]] = {}
    away = guild.afk_channel
    # `channel.voice_states` looks through all of the guild's for each channel.
    for user_id, state in guild._voice_states.items():
        channel = state.channel
        if channel is None or channel == away or guild.get_channel(channel.id) is None:
            continue
        if takes_part(state) and (channel_ids is None or channel.id in channel_ids):
            found.setdefault(channel, []).append(user_id)
    return found


def is_in_voice(guild: discord.Guild, user_id: int) -> bool:
    """Whether somebody is in any voice channel of a guild."""
    return user_id in guild._voice_states


def forget_states(guild: discord.Guild) -> None:
    """Forget who was in the voice channels of a guild that Discord can't tell about.

    It tells of who is there when the guild is back, and discord.py would keep those besides who left meanwhile.
    """
    guild._voice_states.clear()
