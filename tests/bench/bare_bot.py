"""The floor that benchmarks compare with, as a program: one prefix, no cogs, a ping command.

It finds its Discord as `tests.support.launch` does, and takes the same gateway intents as our bot.
"""

import os
from typing import Any

import discord
import yarl
from discord.ext import commands

INTENTS = discord.Intents(
    guilds=True, members=True, voice_states=True, moderation=True, guild_messages=True, guild_reactions=True,
    dm_messages=True, message_content=True,
)  # fmt: skip


def main() -> None:
    discord.http.Route.BASE = os.environ["HEARTH_TEST_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["HEARTH_TEST_GATEWAY"])
    bot = commands.Bot(
        "!", intents=INTENTS, chunk_guilds_at_startup=False, member_cache_flags=discord.MemberCacheFlags.none()
    )

    @bot.command()
    async def ping(ctx: commands.Context[Any]) -> None:
        await ctx.reply(embed=discord.Embed(description="Pong!"))

    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
