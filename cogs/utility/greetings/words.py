"""What a greeting is made of: its text, as embed if a server wants that, and its picture."""

import logging
from functools import partial
from typing import Any, Final

import discord

from cogs.utility.greetings import settings
from cogs.utility.greetings.picture import GreetingFacts, draw_greeting
from cogs.utility.greetings.rules import Sparing, filled, own_texts
from database.errors import DatabaseError
from database.newcomers import GreetingsStore
from utils import embeds
from utils.bot import Hearth
from utils.drawing.backgrounds import DEFAULT
from utils.formatting import ALT_TEXT_LIMIT, MESSAGE_LIMIT, truncate
from utils.i18n import _, format_number, ngettext

log = logging.getLogger("hearth.utility")

FILE_NAME: Final = "greeting.png"
COLOURS: Final = {"welcome": embeds.INFO_COLOUR.value, "leave": 0xA3A9B8, "boost": 0xF47FFF}
"""Of pictures; that of boosts is Discord's own."""


class Words:
    """Makes greetings, in the current language where they are our own."""

    def __init__(self, bot: Hearth, store: GreetingsStore) -> None:
        self.bot = bot
        self.store = store
        self.sparing = Sparing()

    async def text(self, guild: discord.Guild, kind: str, person: discord.abc.User) -> str:
        """One of the texts, as it fits into a message."""
        try:
            texts = list((await self.store.of(guild.id, kind)).values())
        except DatabaseError as error:
            log.warning("Guild %d is greeted in our own words: %s", guild.id, error)
            texts = []
        text = self.filled(guild, self.bot.chance.choice(texts or own_texts(kind)), person)
        return truncate(text, MESSAGE_LIMIT)

    def filled(self, guild: discord.Guild, text: str, person: discord.abc.User) -> str:
        """A text about somebody."""
        return filled(
            text, mention=person.mention, name=person.display_name, server=guild.name,
            members=guild.member_count, boosts=guild.premium_subscription_count,
        )  # fmt: skip

    async def message(
        self,
        guild: discord.Guild,
        kind: str,
        person: discord.Member | discord.User,
        allowed: discord.Permissions,
        *,
        ping: bool = False,
    ) -> dict[str, Any]:
        """What to send where the bot has these permissions; with `ping`, there is a mention that can notify."""
        text = await self.text(guild, kind, person)
        file = await self._picture(guild, kind, person) if allowed.attach_files else None
        if allowed.embed_links and self.bot.guild_settings.get(guild.id, settings.EMBED):
            embed = embeds.info(text)
            if file is None:
                embed.set_thumbnail(url=person.display_avatar.url)
            else:
                embed.set_image(url=f"attachment://{FILE_NAME}")
            return {"content": person.mention if ping else None, "embed": embed, "file": file}
        if ping and person.mention not in text:
            text = truncate(f"{person.mention} {text}", MESSAGE_LIMIT)
        return {"content": text, "file": file}

    async def _picture(
        self, guild: discord.Guild, kind: str, person: discord.Member | discord.User
    ) -> discord.File | None:
        """The picture, if one is wanted and there weren't too many lately."""
        wanted = self.bot.guild_settings.get(guild.id, settings.PICTURES)
        if kind not in wanted or not self.sparing.may_draw(guild.id, discord.utils.utcnow()):
            return None
        return await self.picture(guild, kind, person)

    async def picture(
        self, guild: discord.Guild, kind: str, person: discord.Member | discord.User
    ) -> discord.File | None:
        """The picture about somebody; None if it can't be drawn."""
        drawing = self.bot.drawing
        avatar = await drawing.avatar(person)
        background, own = await self._background(guild)
        facts = GreetingFacts(
            heading=_heading(kind), name=person.display_name, line=_line(guild, kind),
            avatar="" if avatar is None else person.display_avatar.key, colour=COLOURS[kind], background=background,
        )  # fmt: skip
        words = truncate(f"{facts.heading} · {facts.name} · {facts.line}", ALT_TEXT_LIMIT)
        paint = partial(draw_greeting, facts, avatar, own, drawing.fonts)
        return await drawing.file(facts, paint, name=FILE_NAME, description=words)

    async def _background(self, guild: discord.Guild) -> tuple[str, bytes | None]:
        """What is behind pictures, and the file if it is a server's own."""
        name = self.bot.guild_settings.get(guild.id, settings.BACKGROUND)
        if name != settings.OWN_BACKGROUND:
            return name, None
        try:
            own = await self.store.background(guild.id)
        except DatabaseError as error:
            log.warning("A picture in guild %d has another background: %s", guild.id, error)
            own = None
        return (DEFAULT, None) if own is None else (f"{name} {hash(own)}", own)


def _heading(kind: str) -> str:
    return {"welcome": _("Welcome"), "leave": _("Goodbye"), "boost": _("Thank you for the boost")}[kind]


def _line(guild: discord.Guild, kind: str) -> str:
    """What a picture says of the server."""
    members, boosts = guild.member_count, guild.premium_subscription_count
    if kind == "boost":
        sentence = ngettext("{server} has {boosts} boost now", "{server} has {boosts} boosts now", boosts)
        return sentence.format(server=guild.name, boosts=format_number(boosts))
    if members is None:
        return guild.name
    if kind == "welcome":
        return _("Member {number} of {server}").format(number=format_number(members), server=guild.name)
    sentence = ngettext("{server} has {members} member now", "{server} has {members} members now", members)
    return sentence.format(server=guild.name, members=format_number(members))
