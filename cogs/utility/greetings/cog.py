"""Welcome, leave and boost messages."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Annotated, ClassVar, Final, Literal

import discord
from discord.ext import commands

from cogs.utility.greetings import settings
from cogs.utility.greetings.picture import prepared
from cogs.utility.greetings.rules import KINDS, LONGEST_TEXT, MOST_TEXTS, PLACES, Lately
from cogs.utility.greetings.section import GreetingsSection
from cogs.utility.greetings.words import Words
from cogs.utility.newcomers.cog import Newcomers
from database.errors import DatabaseError
from database.newcomers import GreetingsStore
from utils import checks
from utils.attached import MEBIBYTE, attached_to, read_attached
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import BoundedText
from utils.drawing.drawing import DrawingError
from utils.errors import UserError
from utils.events import GreetingTimer
from utils.formatting import code, truncate
from utils.i18n import N_, _, format_list, format_number, translate, using
from utils.owners import tell_owner
from utils.templates import unknown_places

log = logging.getLogger("hearth.utility")

MOST_TRIES: Final = 10
MOST_PICTURE_BYTES: Final = 8 * MEBIBYTE
BOOSTS: Final = frozenset(
    {
        discord.MessageType.premium_guild_subscription, discord.MessageType.premium_guild_tier_1,
        discord.MessageType.premium_guild_tier_2, discord.MessageType.premium_guild_tier_3,
    }
)  # fmt: skip
"""What Discord writes into the system channel about a boost. Of members' changes it tells the bot nothing."""
TITLES: Final[Mapping[str, str]] = {
    "welcome": N_("Welcome"), "dm": N_("Welcome by direct message"), "leave": N_("Who left"), "boost": N_("Boosts"),
}  # fmt: skip
Kind = Literal["welcome", "dm", "leave", "boost"]
Place = discord.TextChannel


class Greetings(Cog):
    """Greeting who joins, and telling who left and who boosts."""

    settings = settings.SETTINGS
    also_needs: ClassVar[Mapping[str, str]] = {
        "send_messages": "greetings", "embed_links": "greetings", "attach_files": "greetings",
    }  # fmt: skip

    def __init__(self, bot: Hearth, newcomers: Newcomers) -> None:
        super().__init__(bot)
        self.newcomers = newcomers
        self.store = GreetingsStore(bot.db)
        self.sections = (GreetingsSection(self.store),)
        self.words = Words(bot, self.store)
        self.lately = Lately()
        self._told: set[tuple[int, str, int]] = set()

    async def cog_load(self) -> None:
        """Begin to hear of newcomers and boosts."""
        self.newcomers.companions.append(self)
        self.bot.chat_hearers.append(self._hear)

    async def cog_unload(self) -> None:
        """Hear of them no more."""
        self.bot.chat_hearers.remove(self._hear)
        self.newcomers.companions.remove(self)

    # --- when

    def wants(self, guild_id: int) -> bool:
        """Whether a guild welcomes anybody."""
        get = self.bot.guild_settings.get
        return get(guild_id, settings.WELCOME_CHANNEL) is not None or get(guild_id, settings.WELCOME_DM)

    async def arrived(self, member: discord.Member) -> None:
        """Welcome somebody who has accepted the rules."""
        now = discord.utils.utcnow()
        if member.bot or not self.lately.is_new("welcome", member.guild.id, member.id, now):
            return
        await self._say(member.guild, "welcome", member)
        if self.bot.guild_settings.get(member.guild.id, settings.WELCOME_DM):
            with using(await self.bot.language_for(member.id, member.guild)):
                text = await self.words.text(member.guild, "dm", member)
            try:
                await member.send(text)
            except CANNOT_SAY as error:
                log.info("User %d isn't welcomed directly: %r", member.id, error)

    @Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Tell who left, but for those who were never welcomed."""
        guild, user = self.bot.get_guild(payload.guild_id), payload.user
        if guild is None or user.bot or not self.newcomers.has_arrived(guild.id, user.id):
            return
        if self.bot.guild_settings.get(guild.id, settings.LEAVE_CHANNEL) is None or not self.is_on(guild.id):
            return
        if self.lately.is_new("leave", guild.id, user.id, discord.utils.utcnow()):
            await self._say(guild, "leave", user)

    def _hear(self, message: discord.Message) -> None:
        """Discord's own message about a boost."""
        if message.type not in BOOSTS or message.guild is None:
            return
        channel_id = self.bot.guild_settings.get(message.guild.id, settings.BOOST_CHANNEL)
        new = channel_id is not None and self.is_on(message.guild.id)
        # Several boosts at once are a message each: one of ours will do.
        if new and self.lately.is_new("boost", message.guild.id, message.author.id, discord.utils.utcnow()):
            self.spawn(self._say(message.guild, "boost", message.author))

    # --- saying it

    async def _say(self, guild: discord.Guild, kind: str, person: discord.Member | discord.User) -> None:
        """Say it in its channel, if that works. Never raises for want of a place to say it."""
        get = self.bot.guild_settings.get
        channel = await self._channel(guild, kind)
        if channel is None:
            return
        ping = kind == "welcome" and get(guild.id, settings.WELCOME_PING)
        mentions = discord.AllowedMentions(users=[discord.Object(person.id)] if ping else False)
        with using(self.bot.language_of(guild)):
            message = await self.words.message(guild, kind, person, channel.permissions_for(guild.me), ping=ping)
        try:
            sent = await channel.send(**message, allowed_mentions=mentions)
        except CANNOT_SAY as error:
            log.info("Nobody is greeted in guild %d: %r", guild.id, error)
            return
        if seconds := get(guild.id, settings.DELETING[kind]):
            await self._delete_after(sent, guild, seconds)

    async def _delete_after(self, message: discord.Message, guild: discord.Guild, seconds: int) -> None:
        try:
            await self.bot.timers.schedule(
                GreetingTimer, discord.utils.utcnow() + timedelta(seconds=seconds), guild_id=guild.id,
                payload={"channel_id": message.channel.id, "message_id": message.id},
            )  # fmt: skip
        except DatabaseError as error:
            log.warning("A greeting in guild %d stays: %s", guild.id, error)

    async def _channel(self, guild: discord.Guild, kind: str) -> Place | None:
        """Where it is said; whoever runs the guild is told once that it can't be."""
        setting = settings.CHANNELS[kind]
        channel_id = self.bot.guild_settings.get(guild.id, setting)
        if channel_id is None:
            return None
        channel = guild.get_channel(channel_id)
        if isinstance(channel, Place):
            allowed = channel.permissions_for(guild.me)
            if allowed.view_channel and allowed.send_messages:
                self._told.discard((guild.id, kind, channel_id))
                return channel
        if (guild.id, kind, channel_id) not in self._told:
            self._told.add((guild.id, kind, channel_id))
            with using(self.bot.language_of(guild)):
                sentence = _("I can't write in the channel of {setting}: it was deleted, or I may not write there.")
                sentence = sentence.format(setting=code(setting.key))
            await tell_owner(self.bot, guild, sentence)
        return None

    @Cog.listener()
    async def on_greeting_timer(self, event: GreetingTimer) -> None:
        """Delete a message whose time is over. While Discord is away, the timer comes again."""
        channel = self.bot.get_partial_messageable(event.payload["channel_id"])
        try:
            await channel.get_partial_message(event.payload["message_id"]).delete()
        except (discord.NotFound, discord.Forbidden) as error:
            log.info("A greeting in guild %s stays: %r", event.guild_id, error)
        except CANNOT_SAY as error:
            log.warning("A greeting in guild %s waits to be deleted: %r", event.guild_id, error)
            if event.attempt < MOST_TRIES:
                return
        await self.bot.timers.done(event)

    # --- their texts

    @group(name="greeting", aliases=["greetings", "welcome"])
    @example("")
    @checks.requires(manage_guild=True)
    async def greeting(self, ctx: GuildContext) -> None:
        """Show the texts with which I greet, and where.

        `config set welcome-channel`, `leave-channel` and `boost-channel` say where, `welcome-dm` whether directly,
        too. Of several texts one is drawn each time. `config set greeting-pictures welcome` adds a picture.
        """
        parts = []
        for kind in KINDS:
            texts = await self.store.of(ctx.guild.id, kind)
            parts.append(f"**{translate(TITLES[kind])}** · {self._where(ctx.guild, kind)}")
            parts += [f"`{number}` {truncate(text, 300)}" for number, text in texts.items()]
            if not texts:
                parts.append("-# " + _("No text of your own: I use mine."))
        if not self.bot.intents.members:
            parts.append("⚠️ " + _("I don't hear who joins and leaves: the members intent is switched off."))
        await ctx.paginate_lines(parts, most_lines=25, title=_("Greetings"))

    @greeting.command(name="add")
    @example("welcome Hello {member}, welcome to {server}!", "leave {name} is gone.", "dm Have a look around!")
    async def greeting_add(
        self, ctx: GuildContext, kind: Kind, *, text: Annotated[str, BoundedText(LONGEST_TEXT)]
    ) -> None:
        """Add a text with which I greet: `welcome`, `dm`, `leave` or `boost`.

        Filled in are `{member}` (a mention), `{name}`, `{server}`, `{members}` (how many there are) and `{boosts}`.
        """
        if unknown := unknown_places(text, PLACES):
            raise UserError(
                _("There is nothing to put in place of {unknown}. There are {places}.").format(
                    unknown=code("{" + truncate(unknown[0], 40) + "}"),
                    places=format_list([code("{" + place + "}") for place in PLACES]),
                )
            )
        number = await self.store.add(ctx.guild.id, kind, text, MOST_TEXTS)
        if number is None:
            raise UserError(_("That's enough: {most} texts at most.").format(most=format_number(MOST_TEXTS)))
        shown = self.words.filled(ctx.guild, text, ctx.author)
        await ctx.success(_("This is text {number} now:").format(number=code(str(number))) + "\n" + shown)

    @greeting.command(name="remove", aliases=["delete", "rm"])
    @example("welcome 2")
    async def greeting_remove(self, ctx: GuildContext, kind: Kind, number: int) -> None:
        """Remove one of the texts by its number."""
        if not await self.store.remove(ctx.guild.id, kind, min(number, 2**62) if number > 0 else 0):
            raise UserError(_("There is no such text; `greeting` shows them with their numbers."))
        await ctx.success(_("Text {number} is removed.").format(number=code(str(number))))

    @greeting.command(name="background", aliases=["bg"])
    @example("", "none")
    @commands.cooldown(3, 30.0, commands.BucketType.guild)
    async def greeting_background(self, ctx: GuildContext, what: Literal["none"] | None = None) -> None:
        """Put a picture of your own behind the pictures of greetings: attach it. `none` removes it.

        It is cut to 900 × 350 pixels and made darker behind the words. `config set greeting-background` chooses one
        of mine.
        """
        if what == "none":
            await self._remove_background(ctx)
            return
        wanted = _("Attach the picture to your message: PNG, JPEG, GIF or WebP.")
        file = await read_attached(attached_to(ctx.message, most_bytes=MOST_PICTURE_BYTES, wanted=wanted))
        await self.store.put_background(ctx.guild.id, await self._prepared(file))
        own = settings.OWN_BACKGROUND
        await self.bot.guild_settings.set(ctx.guild.id, settings.BACKGROUND, own, changed_by=ctx.author.id)
        shown = await self.words.picture(ctx.guild, "welcome", ctx.author) if ctx.can_attach else None
        await ctx.reply(_("The pictures of greetings look like this now."), file=shown)

    @greeting.command(name="test", aliases=["try"])
    @example("welcome", "leave")
    async def greeting_test(self, ctx: GuildContext, kind: Kind) -> None:
        """Show how I would greet you."""
        if kind == "dm":
            await ctx.reply(await self.words.text(ctx.guild, kind, ctx.author))
        else:
            await ctx.reply(**await self.words.message(ctx.guild, kind, ctx.author, ctx.bot_permissions))

    async def _prepared(self, file: bytes) -> bytes:
        """A picture as it is kept. Raises `UserError`."""
        try:
            made = await self.bot.drawing.draw(("background", hash(file)), partial(prepared, file))
        except DrawingError as error:
            raise UserError(_("I have too much to draw at the moment. Try again in a minute.")) from error
        if not made:
            raise UserError(
                _("I can't read this picture. Take a PNG, JPEG, GIF or WebP file of up to 4,096 × 4,096 pixels.")
            )
        return made

    async def _remove_background(self, ctx: GuildContext) -> None:
        if not await self.store.remove_background(ctx.guild.id):
            raise UserError(_("There is no picture of your own."))
        chosen, background = self.bot.guild_settings, settings.BACKGROUND
        if chosen.get(ctx.guild.id, background) == settings.OWN_BACKGROUND:
            await chosen.reset(ctx.guild.id, background, changed_by=ctx.author.id)
        await ctx.success(_("Your picture is removed."))

    def _where(self, guild: discord.Guild, kind: str) -> str:
        get = self.bot.guild_settings.get
        if kind == "dm":
            return _("on") if get(guild.id, settings.WELCOME_DM) else _("off")
        channel_id = get(guild.id, settings.CHANNELS[kind])
        return _("off") if channel_id is None else f"<#{channel_id}>"
