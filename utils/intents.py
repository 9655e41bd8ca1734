"""What the bot asks Discord to tell it of, and which members it remembers."""

from typing import Final

import discord

MEMBERS_KEPT: Final = {"lean": discord.MemberCacheFlags.none(), "all": discord.MemberCacheFlags.all()}
"""By MEMBER_CACHE. Lean: events tell who comes; remembering everybody would take memory that grows with servers."""


def intents(*, message_content: bool, members: bool) -> discord.Intents:
    """The gateway intents that are used, by name. Presences are not: they cost memory and approval."""
    return discord.Intents(
        guilds=True,  # servers, channels, roles: nothing works without
        members=members,  # privileged: who joins, so that leaving shakes nothing off
        voice_states=True,  # who is in which voice channel, for XP
        moderation=True,  # bans, and the audit log's entries as they are written
        guild_messages=True,  # commands in servers
        guild_reactions=True,  # stars on messages, for the starboard
        dm_messages=True,  # commands in direct messages
        message_content=message_content,  # privileged: the text behind a prefix
    )
