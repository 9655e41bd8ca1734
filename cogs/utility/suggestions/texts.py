"""How suggestions are shown."""

from typing import Final

import discord

from database.suggestions import Status, Suggestion, Votes
from utils import embeds
from utils.formatting import EMBED_FIELD_VALUE_LIMIT, message_link, safe, truncate
from utils.i18n import N_, _, format_number, translate
from utils.time import timestamp

TEXT_LIMIT: Final = 1_500  # characters
REASON_LIMIT: Final = 500  # characters
SHOWN_IN_LIST: Final = 100  # characters of a text

STATUS_NAMES: Final[dict[Status, str]] = {
    "open": N_("Open"),
    "considered": N_("Being considered"),
    "approved": N_("Approved"),
    "denied": N_("Denied"),
    "implemented": N_("Done"),
}
COLOURS: Final[dict[Status, discord.Colour]] = {
    "open": embeds.INFO_COLOUR,
    "considered": discord.Colour.gold(),
    "approved": embeds.SUCCESS_COLOUR,
    "denied": embeds.ERROR_COLOUR,
    "implemented": discord.Colour.blue(),
}

NEWS: Final[dict[Status, str]] = {
    "considered": N_("Your suggestion **#{number}** in {server} is being considered."),
    "approved": N_("Your suggestion **#{number}** in {server} is approved."),
    "denied": N_("Your suggestion **#{number}** in {server} is denied."),
    "implemented": N_("Your suggestion **#{number}** in {server} is done."),
}
"""What its author reads in direct messages."""


def shown(one: Suggestion, votes: Votes) -> discord.Embed:
    """A suggestion as it is shown in its channel."""
    title = _("Suggestion #{number}").format(number=one.number)
    embed = embeds.info(safe(one.text), title=title, colour=COLOURS[one.status])
    author = _("somebody") if one.anonymous else f"<@{one.author_id}>"
    embed.add_field(name=_("Suggested by"), value=author)
    embed.add_field(name=_("Votes"), value=counted(votes))
    if one.decided_by is not None:
        assert one.decided_at is not None
        decided = _("by {member}, {when}").format(member=f"<@{one.decided_by}>", when=timestamp(one.decided_at, "R"))
        reason = f"\n> {safe(one.reason)}" if one.reason else ""
        value = truncate(decided + reason, EMBED_FIELD_VALUE_LIMIT)
        embed.add_field(name=translate(STATUS_NAMES[one.status]), value=value, inline=False)
    embed.timestamp = one.created_at
    return embed


def to_author(guild: discord.Guild, one: Suggestion) -> discord.Embed:
    """What its author reads of a decision."""
    news = translate(NEWS[one.status]).format(number=one.number, server=safe(guild.name))
    link = [address(one)] if one.message_id is not None else []
    embed = embeds.info("\n".join([news, *link]), colour=COLOURS[one.status])
    text = truncate(safe(one.text), EMBED_FIELD_VALUE_LIMIT)
    embed.add_field(name=_("Suggestion"), value=text, inline=False)
    if one.reason:
        embed.add_field(name=_("Reason"), value=truncate(safe(one.reason), EMBED_FIELD_VALUE_LIMIT), inline=False)
    return embed


def counted(votes: Votes) -> str:
    """How many are for it, and against it."""
    return f"👍 {format_number(votes.supporting)} · 👎 {format_number(votes.opposing)}"


def line(one: Suggestion, votes: Votes) -> str:
    """A suggestion in a list, with a link to it."""
    text = safe(truncate(" ".join(one.text.split()), SHOWN_IN_LIST))
    number = f"**#{one.number}**"
    if one.message_id is not None:
        number = f"[{number}]({address(one)})"
    mark = f" · {translate(STATUS_NAMES[one.status])}" if one.status != "open" else ""
    return f"{number} · {counted(votes)}{mark}\n> {text}"


def address(one: Suggestion) -> str:
    """Where a suggestion is shown."""
    return message_link(one.guild_id, one.channel_id, one.message_id)
