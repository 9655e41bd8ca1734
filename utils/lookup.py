"""Finding what somebody means in a guild: a member, a role, a channel.

Everything here takes a text and a guild and raises `NoMatchError`, a `ValueError` whose text is a sentence for the
reader, so that commands, settings and other doors share it. A mention or an id is exact; a name is looked up as
written, then whatever its case, then by how it begins, and must mean one thing only.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

import discord

from utils.formatting import code, quoted
from utils.i18n import _, format_list
from utils.members import get_member, search_members

Channel = discord.abc.GuildChannel | discord.Thread
T = TypeVar("T")

MOST_LISTED: Final = 5  # candidates named in an error
LARGEST_ID: Final = 2**63 - 1

_ID = re.compile(r"[0-9]{15,20}")
_USER_MENTION = re.compile(r"<@!?([0-9]{15,20})>")
_ROLE_MENTION = re.compile(r"<@&([0-9]{15,20})>")
_CHANNEL_MENTION = re.compile(
    r"<#([0-9]{15,20})>|https://(?:ptb\.|canary\.)?discord\.com/channels/[0-9]{15,20}/([0-9]{15,20})/?"
)


class NoMatchError(ValueError):
    """Nothing is meant, or several things could be; the text is a sentence in the reader's language."""


def id_in(text: str) -> int | None:
    """The id that the text is, of whatever; None if it is none that can be stored."""
    return int(text) if _ID.fullmatch(text) and int(text) <= LARGEST_ID else None


def user_id_in(text: str) -> int | None:
    """The id in a mention of a user, or that the text is."""
    return _id_in(text, _USER_MENTION)


def role_id_in(text: str) -> int | None:
    """The id in a mention of a role, or that the text is."""
    return _id_in(text, _ROLE_MENTION)


async def find_member(guild: discord.Guild, text: str, *, known: Iterable[discord.Member] = ()) -> discord.Member:
    """The member meant by a mention, an id, a user name, a global name or a nickname; raises `NoMatchError`.

    `known` are members at hand, such as those mentioned in the message. A user name goes before the names that
    people give themselves, so that nobody can pose as another.
    """
    text = text.strip()
    at_hand = {member.id: member for member in known if member.guild.id == guild.id}
    if user_id := user_id_in(text):
        member = at_hand.get(user_id) or await get_member(guild, user_id)
        if member is None:
            raise NoMatchError(_("The user with the id {id} isn't in this server.").format(id=code(str(user_id))))
        return member
    name = text.removeprefix("@")
    everybody = at_hand | {member.id: member for member in await search_members(guild, name.partition("#")[0])}
    candidates = list(everybody.values()) if name else []
    for member in candidates:
        if name.casefold() in {member.name.casefold(), str(member).casefold()}:
            return member
    found = _pick(name, candidates, _names_of_member, lambda member: code(member.name))
    if found is None:
        raise NoMatchError(
            _("I can't find “{text}” in this server. Mention the member, or write their name or id.").format(
                text=quoted(text)
            )
        )
    return found


def find_role(guild: discord.Guild, text: str) -> discord.Role:
    """The role meant by a mention, an id or a name; raises `NoMatchError`."""
    text = text.strip()
    if role_id := role_id_in(text):
        role = guild.get_role(role_id)
        if role is None:
            raise NoMatchError(_("This server has no role with the id {id}.").format(id=code(str(role_id))))
        return role
    found = _pick(
        text,
        sorted(guild.roles, reverse=True),
        lambda role: (role.name, role.name.removeprefix("@"), f"@{role.name}"),
        lambda role: f"{code(role.name)} ({role.id})",
    )
    if found is None:
        raise NoMatchError(
            _("This server has no role “{text}”. Mention the role, or write its name or id.").format(
                text=quoted(text)
            )
        )
    return found


def find_channel(
    guild: discord.Guild,
    text: str,
    kinds: Sequence[discord.ChannelType] = (),
    *,
    visible_to: discord.Member | None = None,
) -> Channel:
    """The channel meant by a mention, a link, an id or a name; raises `NoMatchError`.

    Without `kinds` every channel counts, and threads by id. Those that `visible_to` can't see aren't given away.
    """
    text = text.strip()

    def possible(channel: Channel) -> bool:
        return (not kinds or channel.type in kinds) and (
            visible_to is None or channel.permissions_for(visible_to).view_channel
        )

    if channel_id := _id_in(text, _CHANNEL_MENTION):
        channel = guild.get_channel_or_thread(channel_id)
        if channel is not None and possible(channel):
            return channel
    channels = [channel for channel in guild.channels if possible(channel)]
    found = _pick(
        text.removeprefix("#"),
        channels,
        lambda channel: (channel.name,),
        lambda channel: f"{channel.mention} ({channel.id})",
    )
    if found is None:
        raise no_channel(text)
    return found


def no_channel(text: str) -> NoMatchError:
    """What is said of a channel that isn't there, and so of one that the asker may not know of."""
    return NoMatchError(
        _("I can't find a fitting channel “{text}”. Mention it, like `#general`, or write its name or id.").format(
            text=quoted(text.strip())
        )
    )


async def can_see(member: discord.Member, channel: Channel) -> bool:
    """Whether somebody sees a channel, or may know of a private thread."""
    return channel.permissions_for(member).view_channel and await may_know(member, channel)


async def may_know(member: discord.Member, channel: Channel) -> bool:
    """Whether somebody who sees the parent may know of a private thread: who is in it or looks after threads."""
    if not isinstance(channel, discord.Thread) or not channel.is_private():
        return True
    if channel.permissions_for(member).manage_threads:
        return True
    try:
        await channel.fetch_member(member.id)
    except discord.NotFound:
        return False
    return True


def _names_of_member(member: discord.Member) -> tuple[str, ...]:
    return tuple(name for name in (member.name, member.global_name, member.nick) if name)


def _pick(
    text: str, candidates: Sequence[T], names: Callable[[T], Iterable[str]], describe: Callable[[T], str]
) -> T | None:
    """The one candidate with this name; None if there is none, `NoMatchError` if there are several."""
    folded = text.casefold()
    if not folded:
        return None
    for matches in (
        lambda name: name == text,
        lambda name: name.casefold() == folded,
        lambda name: name.casefold().startswith(folded),
    ):
        found = [candidate for candidate in candidates if any(map(matches, names(candidate)))]
        if len(found) == 1:
            return found[0]
        if found:
            listed = [describe(candidate) for candidate in found[:MOST_LISTED]]
            raise NoMatchError(
                _("“{text}” could be {candidates}. Say which one, by mention or id.").format(
                    text=quoted(text),
                    candidates=format_list([*listed, *["…"] * (len(found) > MOST_LISTED)], style="or"),
                )
            )
    return None


def _id_in(text: str, mention: re.Pattern[str]) -> int | None:
    found = mention.fullmatch(text)
    return id_in(next(filter(None, found.groups())) if found else text)
