"""What polls and giveaways share: each is posted under a number, shows what members do with it, and ends once."""

from dataclasses import replace
from typing import Any, Generic

import discord
from discord.ui import View

from cogs.utility.refreshing import Refresher
from database.numbering import with_next_number
from database.posted import AnyPosted, Posted, PostedStore
from utils.bot import CANNOT_SAY
from utils.cog import Cog, GuildCog
from utils.context import GuildContext
from utils.ending import Ends
from utils.errors import UserError
from utils.events import TimerEvent
from utils.i18n import _, using
from utils.lookup import can_see
from utils.places import delete_message, edit_message, place_of


class PostedDesk(Generic[AnyPosted]):
    """Posts, shows and ends them in all guilds. What one looks like, and what its end is, each says by itself."""

    most_open: int

    def __init__(self, cog: Cog, store: PostedStore[AnyPosted], event: type[TimerEvent], id_key: str) -> None:
        """`event` is the timer that ends one, whose payload has its id as `id_key`."""
        self.bot = cog.bot
        self.store = store
        self.messages = Refresher(cog, self._show)
        self.ends = Ends(cog.bot, event, id_key, store, self.end)

    async def look(self, one: AnyPosted) -> tuple[discord.Embed, View | None]:
        """It as it is now, in the language of the moment; no buttons once it is over."""
        raise NotImplementedError

    async def end(self, one: AnyPosted) -> bool:
        """End what is due, and tell of it: see `Ends`."""
        raise NotImplementedError

    def too_many(self) -> UserError:
        """What is said where `most_open` are open."""
        raise NotImplementedError

    # --- opening and showing

    async def open(self, new: AnyPosted) -> AnyPosted:
        """Keep one under its guild's next number, with its timer, and post it. Raises UserError."""
        kept = await with_next_number(lambda: self._add(new))
        try:
            return await self.post(kept, kept.channel_id)
        except (UserError, *CANNOT_SAY):
            async with self.bot.db.transaction():
                await self.store.remove(kept.id)
                await self.ends.disarm(kept)
            raise

    async def _add(self, new: AnyPosted) -> AnyPosted:
        async with self.bot.db.transaction():
            if new.due_at is not None:
                new = replace(new, timer_id=await self.ends.schedule(new.guild_id, new.id, new.due_at))
            kept = await self.store.add(new, most=self.most_open)
            if kept is None:
                raise self.too_many()
            return kept

    async def post(self, one: AnyPosted, channel_id: int) -> AnyPosted:
        """Post its message there, in place of any before. Raises UserError, and what Discord answers."""
        channel = await place_of(self.bot, one.guild_id, channel_id)
        if channel is None:
            raise UserError(_("I can't write in that channel."))
        embed, view = await self.shown(one)
        message = await channel.send(embed=embed, view=view)
        await self.store.posted(one.id, channel_id, message.id)
        await delete_message(self.bot, one.guild_id, one.channel_id, one.message_id)
        return replace(one, channel_id=channel_id, message_id=message.id)

    async def shown(self, one: AnyPosted) -> tuple[discord.Embed, View | None]:
        """It as it is now, in its guild's language."""
        with using(self.bot.language_of(self.bot.get_guild(one.guild_id))):
            return await self.look(one)

    async def _show(self, about_id: int) -> bool:
        """Edit its message to what it is now; False when that is gone."""
        one = await self.store.get(about_id)
        if one is None:
            return False
        embed, view = await self.shown(one)
        return await edit_message(self.bot, one.guild_id, one.channel_id, one.message_id, embed=embed, view=view)

    async def pressed(self, interaction: discord.Interaction[Any], about_id: int) -> AnyPosted | None:
        """What a button is about; None if that is gone."""
        one = await self.store.get(about_id)
        if one is None or one.guild_id != interaction.guild_id:
            return None
        if one.message_id is None and interaction.message is not None:  # a crash came before it was written down
            await self.store.posted(one.id, interaction.message.channel.id, interaction.message.id)
        return one


class PostedCog(GuildCog):
    """The topic of a desk."""

    desk: PostedDesk[Any]

    async def cog_unload(self) -> None:
        """Show the counts that changed last."""
        await self.desk.messages.finish()

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """End what became due while the bot wasn't there."""
        await self.desk.ends.is_back_in(guild)


async def may_see(ctx: GuildContext, one: Posted, *, if_gone: bool) -> bool:
    """Whether somebody may know of one: who sees its channel; `if_gone` says it where that is deleted."""
    channel = ctx.guild.get_channel_or_thread(one.channel_id)
    return if_gone if channel is None else await can_see(ctx.author, channel)
