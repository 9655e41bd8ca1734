"""What commands take: each converter turns a word into a value, or raises the sentence its writer will read.

Annotate a parameter with the type it gets and the converter that makes it:

    async def warn(self, ctx: Context, member: Annotated[discord.Member, GuildMember]) -> None: ...
    async def mute(self, ctx: Context, how_long: Annotated[timedelta, Duration(maximum=WEEKS)]) -> None: ...

The rules are functions without a context, in `utils.lookup`, `utils.amounts`, `utils.time` and here, so that
settings and other doors read the same words in the same way.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from difflib import get_close_matches
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

import discord
from discord.ext import commands

from utils.amounts import Amount
from utils.arguments import as_bad_argument
from utils.formatting import ZERO_WIDTH_SPACE, clean_input, code, safe, shows_nothing, truncate
from utils.i18n import LANGUAGES, N_, _, format_list, ngettext, translate
from utils.lookup import NoMatchError, find_channel, find_member, find_role, may_know, no_channel, user_id_in
from utils.time import LONGEST, find_timezone, parse_duration

__all__ = [
    "NOTHING",
    "Amount",
    "Boolean",
    "BoundedText",
    "CategoryConverter",
    "ChannelConverter",
    "Colour",
    "Duration",
    "GuildMember",
    "Language",
    "MemberOrUser",
    "NoMatchError",
    "Number",
    "RoleConverter",
    "TextChannelConverter",
    "Timezone",
    "VoiceChannelConverter",
    "find_channel",
    "find_member",
    "find_role",
    "parse_boolean",
    "parse_colour",
    "parse_language",
    "parse_text",
    "read_number",
]

AnyContext = commands.Context[Any]


# --- People, roles, channels ------------------------------------------------------------------------------


def _known_members(ctx: AnyContext) -> list[discord.Member]:
    people = [ctx.author, *ctx.message.mentions]
    return [person for person in people if isinstance(person, discord.Member)]


class GuildMember(commands.Converter[discord.Member]):
    """A member of this guild, in memory or not: by mention, id, user name, global name or nickname."""

    async def convert(self, ctx: AnyContext, argument: str) -> discord.Member:
        """Raise `BadArgument` if nobody or more than one is meant."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        with as_bad_argument():
            return await find_member(ctx.guild, argument, known=_known_members(ctx))


class MemberOrUser(commands.Converter[discord.Member | discord.User]):
    """A member of this guild, or anybody on Discord by mention or id."""

    async def convert(self, ctx: AnyContext, argument: str) -> discord.Member | discord.User:
        """Raise `BadArgument` if nobody or more than one is meant."""
        user_id = user_id_in(argument.strip())
        if ctx.guild is not None:
            try:
                return await find_member(ctx.guild, argument, known=_known_members(ctx))
            except NoMatchError as error:
                if user_id is None:
                    raise commands.BadArgument(str(error)) from error
        elif argument.strip().removeprefix("@").casefold() == ctx.author.name.casefold():
            return ctx.author
        if user_id is None:
            raise commands.BadArgument(_("Outside a server I find people by mention or id only."))
        try:
            user: discord.User = ctx.bot.get_user(user_id) or await ctx.bot.fetch_user(user_id)
        except discord.NotFound as error:
            sentence = _("Nobody on Discord has the id {id}.").format(id=code(str(user_id)))
            raise commands.BadArgument(sentence) from error
        return user


class RoleConverter(commands.Converter[discord.Role]):
    """A role of this guild, by mention, id or name."""

    async def convert(self, ctx: AnyContext, argument: str) -> discord.Role:
        """Raise `BadArgument` if none or more than one is meant."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        with as_bad_argument():
            return find_role(ctx.guild, argument)


class ChannelConverter(commands.Converter[discord.abc.GuildChannel | discord.Thread]):
    """A channel of this guild that the author can see, by mention, link, id or name."""

    kinds: ClassVar[Sequence[discord.ChannelType]] = ()  # all

    async def convert(self, ctx: AnyContext, argument: str) -> Any:
        """Raise `BadArgument` if none or more than one is meant."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        author = ctx.author if isinstance(ctx.author, discord.Member) else None
        with as_bad_argument():
            channel = find_channel(ctx.guild, argument, self.kinds, visible_to=author)
            if author is not None and channel.id != ctx.channel.id and not await may_know(author, channel):
                raise no_channel(argument)
        return channel


class TextChannelConverter(ChannelConverter):
    """A text or announcement channel."""

    kinds = (discord.ChannelType.text, discord.ChannelType.news)


class VoiceChannelConverter(ChannelConverter):
    """A voice or stage channel."""

    kinds = (discord.ChannelType.voice, discord.ChannelType.stage_voice)


class CategoryConverter(ChannelConverter):
    """A category."""

    kinds = (discord.ChannelType.category,)


# --- Values -----------------------------------------------------------------------------------------------


_NUMBER: Final = re.compile(r"#?(?P<number>[0-9]{1,9})")


def read_number(text: str) -> int | None:
    """Read `3` or `#3`; None for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None else int(found["number"])


class Number(commands.Converter[int]):
    """A whole number between two others, both allowed, like `3` or `#3`.

    `sentence` asks for it in words that the template has (`N_`), with `{least}` and `{most}` where it needs them.
    """

    def __init__(self, sentence: str, *, least: int = 0, most: int = 999_999_999) -> None:
        self.sentence = sentence
        self.least = least
        self.most = most

    async def convert(self, _ctx: AnyContext, argument: str) -> int:
        """Raise `BadArgument` for anything else."""
        number = read_number(argument)
        if number is None or not self.least <= number <= self.most:
            raise commands.BadArgument(translate(self.sentence).format(least=self.least, most=self.most))
        return number


class Days(Number):
    """A number of days that a graph can show: `30`, `90d`."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(N_("Choose from {least} to {most} days, like `30`."), least=least, most=most)

    async def convert(self, ctx: AnyContext, argument: str) -> int:
        """Raise `BadArgument` for anything else."""
        return await super().convert(ctx, argument.strip().casefold().rstrip("dt"))


class Duration(commands.Converter[timedelta]):
    """A duration such as `1h30m`, between two others, both allowed."""

    def __init__(self, *, minimum: timedelta = timedelta(seconds=1), maximum: timedelta = LONGEST) -> None:
        self.minimum = minimum
        self.maximum = maximum

    async def convert(self, _ctx: AnyContext, argument: str) -> timedelta:
        """Raise `BadArgument` if it can't be read or is out of the limits."""
        with as_bad_argument():
            return parse_duration(argument, minimum=self.minimum, maximum=self.maximum)


class Timezone(commands.Converter[ZoneInfo]):
    """A time zone by city, country, name or distance from UTC."""

    async def convert(self, _ctx: AnyContext, argument: str) -> ZoneInfo:
        """Raise `BadArgument`, with the near ones, if there is none or several."""
        with as_bad_argument():
            return find_timezone(argument)


class BoundedText(commands.Converter[str]):
    """A text of at least `minimum` and at most `maximum` characters, cleaned and without space around."""

    def __init__(self, maximum: int, minimum: int = 1) -> None:
        self.maximum = maximum
        self.minimum = minimum

    async def convert(self, _ctx: AnyContext, argument: str) -> str:
        """Raise `BadArgument` if it is too short or too long."""
        with as_bad_argument():
            return parse_text(argument, self.maximum, self.minimum)


class NamedText(BoundedText):
    """A text in which who is mentioned stands by name: it is shown where a mention would be a number."""

    async def convert(self, ctx: AnyContext, argument: str) -> str:
        """Raise `BadArgument` if it is too short or too long."""
        named = await commands.clean_content(fix_channel_mentions=True).convert(ctx, argument)
        return await super().convert(ctx, named.replace(ZERO_WIDTH_SPACE, ""))


def parse_text(text: str, maximum: int, minimum: int = 1) -> str:
    """The text cleaned and without space around; raises `ValueError` if its length isn't allowed."""
    text = clean_input(text).strip()
    text = "" if shows_nothing(text) else text
    if len(text) > maximum:
        raise ValueError(
            ngettext(
                "This text is too long: it has {length} characters, and {maximum} is the most.",
                "This text is too long: it has {length} characters, and {maximum} are the most.",
                maximum,
            ).format(length=len(text), maximum=maximum)
        )
    if len(text) < minimum:
        raise ValueError(
            ngettext(
                "This text is too short: it needs {minimum} character at least.",
                "This text is too short: it needs {minimum} characters at least.",
                minimum,
            ).format(minimum=minimum)
        )
    return text


NOTHING: Final = frozenset({"none", "no", "off", "-", "nothing", "never", "kein", "keine", "nichts", "aus", "nie"})
"""What people write to take something away."""

_ON: Final = frozenset({"on", "yes", "y", "true", "enable", "enabled", "1", "an", "ein", "ja", "wahr"})
_OFF: Final = frozenset({"off", "no", "n", "false", "disable", "disabled", "0", "aus", "nein", "falsch"})


def parse_boolean(text: str) -> bool:
    """Read on or off; raises `ValueError` for anything else."""
    word = text.strip().casefold()
    if word not in _ON | _OFF:
        raise ValueError(_("“{text}” is neither `on` nor `off`.").format(text=safe(truncate(text, 40))))
    return word in _ON


class Boolean(commands.Converter[bool]):
    """On or off."""

    async def convert(self, _ctx: AnyContext, argument: str) -> bool:
        """Raise `BadArgument` for anything else."""
        with as_bad_argument():
            return parse_boolean(argument)


_LANGUAGE_NAMES: Final = {"english": "en", "englisch": "en", "german": "de", "deutsch": "de"}


def parse_language(text: str) -> str:
    """The code of a language that the bot speaks, by code or name; raises `ValueError`."""
    word = text.strip().casefold()
    language = _LANGUAGE_NAMES.get(word, word.partition("-")[0])
    if language not in LANGUAGES:
        names = [f"`{key}` ({name})" for key, name in LANGUAGES.items()]
        raise ValueError(
            _("I don't speak “{text}”. Choose {languages}.").format(
                text=safe(truncate(text, 40)), languages=format_list(names, style="or")
            )
        )
    return language


class Language(commands.Converter[str]):
    """A language that the bot speaks; gives its code."""

    async def convert(self, _ctx: AnyContext, argument: str) -> str:
        """Raise `BadArgument`, with those there are, for others."""
        with as_bad_argument():
            return parse_language(argument)


_COLOURS: Final[dict[str, discord.Colour]] = {
    "white": discord.Colour(0xFFFFFF),
    "black": discord.Colour(0x000001),  # Discord takes 0 for no colour
    "red": discord.Colour.red(),
    "green": discord.Colour.green(),
    "blue": discord.Colour.blue(),
    "yellow": discord.Colour.yellow(),
    "orange": discord.Colour.orange(),
    "purple": discord.Colour.purple(),
    "violet": discord.Colour.purple(),
    "pink": discord.Colour.pink(),
    "magenta": discord.Colour.magenta(),
    "fuchsia": discord.Colour.fuchsia(),
    "teal": discord.Colour.teal(),
    "cyan": discord.Colour(0x00FFFF),
    "turquoise": discord.Colour(0x40E0D0),
    "gold": discord.Colour.gold(),
    "brown": discord.Colour(0x8B4513),
    "grey": discord.Colour.light_grey(),
    "gray": discord.Colour.light_grey(),
    "blurple": discord.Colour.blurple(),
    "dark red": discord.Colour.dark_red(),
    "dark green": discord.Colour.dark_green(),
    "dark blue": discord.Colour.dark_blue(),
    "dark purple": discord.Colour.dark_purple(),
    "dark orange": discord.Colour.dark_orange(),
    "dark grey": discord.Colour.dark_grey(),
    "weiß": discord.Colour(0xFFFFFF),
    "schwarz": discord.Colour(0x000001),
    "rot": discord.Colour.red(),
    "grün": discord.Colour.green(),
    "blau": discord.Colour.blue(),
    "gelb": discord.Colour.yellow(),
    "lila": discord.Colour.purple(),
    "rosa": discord.Colour.pink(),
    "grau": discord.Colour.light_grey(),
    "braun": discord.Colour(0x8B4513),
}


def parse_colour(text: str) -> discord.Colour:
    """Read `red`, `#ff8800`, `f80` or `rgb(255, 136, 0)`; raises `ValueError`."""
    word = " ".join(text.replace("_", " ").casefold().split())
    if word in _COLOURS:
        return _COLOURS[word]
    for attempt in (word, f"#{word}"):
        try:
            return discord.Colour.from_str(attempt)
        except ValueError:
            continue
    near = get_close_matches(word, _COLOURS, n=1)
    if near:
        raise ValueError(
            _("I know no colour “{text}”. Did you mean `{near}`?").format(text=safe(truncate(text, 40)), near=near[0])
        )
    raise ValueError(
        _("“{text}” isn't a colour. Write it like `red`, `#ff8800` or `rgb(255, 136, 0)`.").format(
            text=safe(truncate(text, 40))
        )
    )


class Colour(commands.Converter[discord.Colour]):
    """A colour by name, in hexadecimal or as `rgb(…)`."""

    async def convert(self, _ctx: AnyContext, argument: str) -> discord.Colour:
        """Raise `BadArgument` for anything else."""
        with as_bad_argument():
            return parse_colour(argument)
