"""Starting and ending shards of a running bot: all that this needs of discord.py's insides.

discord.py 2.7.1 starts the shards in `shard_ids` once, and has no way to let one go. `launch_shard` is its own and
starts one; a shard that is let go has to leave its list of shards and its memory of guilds, or commands would go on
looking at guilds that nobody tells of any more.
"""

from typing import TYPE_CHECKING, Any

from discord.gateway import DiscordWebSocket

if TYPE_CHECKING:
    from utils.bot import Hearth


async def launch(bot: "Hearth", shard_id: int) -> None:
    """Start a shard; the bot hears of its guilds a little later. Tries until it works."""
    note(bot, shard_id)
    await bot.launch_shard(DiscordWebSocket.DEFAULT_GATEWAY, shard_id)


def note(bot: "Hearth", shard_id: int) -> None:
    """Count a shard among the bot's own: "ready" is when all of them are."""
    assert bot.shard_ids is not None  # a list, which discord.py's state has, too
    if shard_id not in bot.shard_ids:
        bot.shard_ids.append(shard_id)


async def let_go(bot: "Hearth", shard_id: int) -> None:
    """End a shard and forget its guilds, without telling anybody that the bot left them."""
    if bot.shard_ids is not None and shard_id in bot.shard_ids:
        bot.shard_ids.remove(shard_id)
    running: dict[int, Any] = bot.__dict__["_AutoShardedClient__shards"]
    info = bot.get_shard(shard_id)
    running.pop(shard_id, None)
    if info is not None:
        await info.disconnect()
    state = bot._connection
    ready = state._ready_tasks.pop(shard_id, None)
    if ready is not None:
        ready.cancel()
    state._ready_states.pop(shard_id, None)
    for guild in [guild for guild in bot.guilds if guild.shard_id == shard_id]:
        guild.unavailable = True
        bot.dispatch("guild_unavailable", guild)  # whoever counts something there stops
        state._remove_guild(guild)
