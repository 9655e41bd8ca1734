"""What the bot would make of a message that nobody has sent: for what the composer offers while one types.

Nothing of this reaches the town: no id is taken, no event is sent.
"""

from typing import Any

import discord
from simcord import Env
from simcord.backend import serializers
from simcord.backend.models import Message

from utils.bot import Hearth


def message(env: Env, bot: Hearth, person: int, channel_id: int, text: str) -> discord.Message | None:
    """The message as the bot would receive it; None where the bot or the person can't see the channel."""
    backend = env.backend
    channel = backend.channels.get(channel_id)
    if channel is None or person not in backend.users:
        return None
    stored = Message(
        id=discord.utils.time_snowflake(env.now()), channel_id=channel_id, author_id=person, content=text,
        timestamp=backend.now_iso(),
    )  # fmt: skip
    payload: Any = dict(serializers.message_payload(backend, stored))
    if channel.guild_id is None:
        # discord.py makes direct messages from what it hears; it knows them only since it was last written to.
        place: Any = discord.DMChannel._from_message(bot._connection, channel_id)
        return discord.Message(state=bot._connection, channel=place, data=payload)
    guild, known = backend.guilds.get(channel.guild_id), bot.get_guild(channel.guild_id)
    if guild is None or known is None or person not in guild.members:
        return None
    place = known.get_channel_or_thread(channel_id)
    if place is None or not place.permissions_for(known.me).view_channel:
        return None
    payload["member"] = serializers.member_payload(backend, guild, guild.members[person], with_user=False)
    return discord.Message(state=bot._connection, channel=place, data=payload)


def custom_emoji(env: Env, person: int, channel_id: int) -> list[tuple[str, int, bool]]:
    """The custom emoji that somebody can use in a channel, its guild's first: name, id, and whether it moves."""
    backend = env.backend
    channel = backend.channels.get(channel_id)
    if channel is None:
        return []
    everywhere = channel.guild_id is None or bool(
        discord.Permissions(backend.compute_permissions(channel.guild_id, person, channel_id)).external_emojis
    )
    guilds = [
        guild
        for guild in backend.guilds.values()
        if guild.id == channel.guild_id or (everywhere and person in guild.members)
    ]
    guilds.sort(key=lambda guild: guild.id != channel.guild_id)
    return [(emoji.name, emoji.id, emoji.animated) for guild in guilds for emoji in guild.emojis.values()]
