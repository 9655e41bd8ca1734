"""What is said about tickets: in them, in the log, to their openers, and to staff."""

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import Final

import discord

from database.ticket_panels import TicketKind, TicketPanel
from database.tickets import Status, Ticket, TicketCounts
from utils import embeds
from utils.formatting import code, message_link, safe, truncate
from utils.i18n import N_, _, format_datetime, format_decimal, format_list, format_number, ngettext, translate
from utils.templates import fill
from utils.time import human_duration, timestamp

LONGEST_PANEL_TEXT: Final = 2_000
LONGEST_GREETING: Final = 1_000
LONGEST_REASON: Final = 500
GREETING_PLACES: Final = ("member", "name", "server", "kind", "number")

STATUS_NAMES: Final[dict[Status, str]] = {
    "opening": N_("being opened"),
    "open": N_("open"),
    "closed": N_("closed"),
    "deleted": N_("deleted"),
}


def mentions(role_ids: Sequence[int]) -> str:
    """Roles in a sentence."""
    return format_list([f"<@&{role_id}>" for role_id in role_ids])


def title_of(ticket: Ticket) -> str:
    """What a ticket is called."""
    return _("Ticket #{number} · {kind}").format(number=f"{ticket.number:04}", kind=safe(ticket.kind))


# --- panels


def posted(panel: TicketPanel) -> discord.Embed:
    """The message of a panel."""
    return embeds.info(panel.text or _("Open a ticket to talk to the staff in private."), title=panel.name)


def described(guild: discord.Guild, panel: TicketPanel, troubles: Mapping[int, str]) -> discord.Embed:
    """A panel as staff reads it; `troubles` are what is wrong about kinds, by their ids."""
    lines = []
    if panel.message_id is not None:
        address = message_link(guild.id, panel.channel_id, panel.message_id)
        lines.append(_("Posted: {link}").format(link=address))
    if not panel.kinds:
        lines.append(_("It has no kinds of tickets yet; `ticket kind add` adds one."))
    for kind in panel.kinds:
        lines += ["", f"{kind.emoji or '🎫'} **{safe(kind.label)}**", *kind_lines(kind)]
        if kind.id in troubles:
            lines.append(f"⚠️ {troubles[kind.id]}")
    return embeds.info("\n".join(lines).strip(), title=panel.name)


def kind_lines(kind: TicketKind) -> list[str]:
    """What a kind of tickets is like."""
    if kind.place == "thread":
        where = _("in a private thread")
    elif kind.category_id is None:
        where = _("in a channel of its own")
    else:
        where = _("in a channel in {category}").format(category=f"<#{kind.category_id}>")
    lines = [where, _("called {name}").format(name=code(kind.name))]
    if kind.role_ids:
        lines.append(_("answered by {roles}").format(roles=mentions(kind.role_ids)))
    most = ngettext("{count} open ticket a person", "{count} open tickets a person", kind.most_open)
    lines.append(most.format(count=kind.most_open))
    lines += [_("asks: {question}").format(question=safe(one.text)) for one in kind.questions]
    return [f"-# {line}" for line in lines]


# --- in the ticket


def greeting(server: str, ticket: Ticket, text: str | None, name: str) -> list[discord.Embed]:
    """What stands first in a ticket; `name` is what its opener is called. In several, if the answers need them."""
    values = {
        "member": f"<@{ticket.opener_id}>", "name": safe(name), "server": safe(server), "kind": safe(ticket.kind),
        "number": f"{ticket.number:04}",
    }  # fmt: skip
    said = fill(text, values) if text else _("Tell us all that we need to know. Somebody will answer you here.")
    first = embeds.info(said, title=title_of(ticket))
    return embeds.with_fields(first, [(safe(question), safe(answer)) for question, answer in ticket.answers])


def closed(ticket: Ticket, by_bot: bool, troubles: Sequence[str]) -> discord.Embed:
    """That it is closed, by whom and why, and what didn't work."""
    if by_bot:
        said = _("This ticket is closed.")
    else:
        said = _("{member} closed this ticket.").format(member=f"<@{ticket.closed_by}>")
    reason = [f"> {safe(ticket.reason)}"] if ticket.reason else []
    return embeds.info("\n".join([f"🔒 {said}", *reason, *(f"⚠️ {trouble}" for trouble in troubles)]))


def warning(opener_id: int, left: timedelta) -> str:
    """That it will be closed if nobody writes."""
    return _("{member}, nobody has written here for a while: this ticket will be closed in {duration}.").format(
        member=f"<@{opener_id}>", duration=human_duration(left, parts=1)
    )


# --- kept


def facts_of(ticket: Ticket, names: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    """What stands above a transcript, without any formatting; `names` are what people are called."""

    def name(user_id: int) -> str:
        return f"{names[user_id]} ({user_id})" if user_id in names else str(user_id)

    facts = [
        (_("Ticket"), f"#{ticket.number:04} · {ticket.kind}"),
        (_("Opened by"), name(ticket.opener_id)),
        (_("Opened"), format_datetime(ticket.opened_at, UTC)),
    ]
    if ticket.claimed_by is not None:
        facts.append((_("Claimed by"), name(ticket.claimed_by)))
    if ticket.closed_at is not None:
        facts.append((_("Closed"), format_datetime(ticket.closed_at, UTC)))
    if ticket.closed_by is not None:
        facts.append((_("Closed by"), name(ticket.closed_by)))
    if ticket.reason:
        facts.append((_("Reason"), ticket.reason))
    return tuple(facts)


def kept(ticket: Ticket) -> discord.Embed:
    """The message that keeps a transcript."""
    embed = embeds.info(title=title_of(ticket))
    embed.add_field(name=_("Opened by"), value=f"<@{ticket.opener_id}>")
    embed.add_field(name=_("Opened"), value=timestamp(ticket.opened_at, "f"))
    if ticket.claimed_by is not None:
        embed.add_field(name=_("Claimed by"), value=f"<@{ticket.claimed_by}>")
    if ticket.closed_by is not None:
        embed.add_field(name=_("Closed by"), value=f"<@{ticket.closed_by}>")
    if ticket.closed_at is not None:
        embed.add_field(name=_("Closed"), value=timestamp(ticket.closed_at, "f"))
    if ticket.reason:
        embed.add_field(name=_("Reason"), value=truncate(safe(ticket.reason), 1_024), inline=False)
    return embed


def to_opener(guild: discord.Guild, ticket: Ticket, *, asks: bool) -> discord.Embed:
    """What the opener reads by direct message; `asks` for a rating."""
    title = _("Your ticket in {server} is closed").format(server=safe(truncate(guild.name, 100)))
    lines = [title_of(ticket)]
    if ticket.reason:
        lines.append(f"> {safe(ticket.reason)}")
    if asks:
        lines += ["", _("How well were you answered?")]
    return embeds.info("\n".join(lines), title=title)


# --- for staff


def line(ticket: Ticket) -> str:
    """A ticket in a list."""
    words = [f"**#{ticket.number:04}** {safe(truncate(ticket.kind, 40))}"]
    if ticket.status in {"open", "closed"} and ticket.channel_id is not None:
        words.append(f"<#{ticket.channel_id}>")
    words += [f"<@{ticket.opener_id}>", timestamp(ticket.opened_at, "R")]
    if ticket.status != "open":
        words.append(translate(STATUS_NAMES[ticket.status]))
    if ticket.claimed_by is not None:
        words.append(_("claimed by {member}").format(member=f"<@{ticket.claimed_by}>"))
    if ticket.log_message_id is not None:
        words.append(_("[transcript]({link})").format(link=transcript_address(ticket)))
    return " · ".join(words)


def transcript_address(ticket: Ticket) -> str:
    """Where the transcript is kept."""
    return message_link(ticket.guild_id, ticket.log_channel_id, ticket.log_message_id)


def counts(days: int, counted: TicketCounts, closers: Sequence[tuple[int, int]]) -> discord.Embed:
    """How many tickets there were lately, and how they were answered."""
    embed = embeds.info(title=ngettext("Tickets of {days} day", "Tickets of {days} days", days).format(days=days))
    embed.add_field(name=_("Opened"), value=format_number(counted.opened))
    embed.add_field(name=_("Of these closed"), value=format_number(counted.closed))
    embed.add_field(name=_("Open now"), value=format_number(counted.open))
    embed.add_field(name=_("Claimed by nobody"), value=format_number(counted.unclaimed))
    if counted.seconds is not None:
        duration = human_duration(timedelta(seconds=counted.seconds))
        embed.add_field(name=_("Open for, on average"), value=duration)
    if counted.ratings:
        value = f"{format_decimal(counted.stars / counted.ratings, 1)} ⭐ ({format_number(counted.ratings)})"
        embed.add_field(name=_("Rated"), value=value)
    if closers:
        lines = [f"<@{user_id}>: {format_number(tickets)}" for user_id, tickets in closers]
        embed.add_field(name=_("Closed tickets by who claimed them"), value="\n".join(lines), inline=False)
    return embed
