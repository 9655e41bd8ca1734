"""Somebody's message, as it is quoted and kept."""

import discord

from cogs.utility.message_embeds import message_embed


def quoted(message: discord.Message) -> discord.Embed:
    """A message with what belongs to it, and where it stands."""
    embed = message_embed(message)
    if not isinstance(message.channel, discord.DMChannel | discord.PartialMessageable):
        embed.set_footer(text=f"#{message.channel}")
    return embed
