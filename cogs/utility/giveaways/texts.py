"""Giveaways as people read them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import discord

from cogs.utility.giveaways.rules import Lack, Terms
from database.giveaways import Giveaway, Winner
from utils import embeds
from utils.formatting import message_link, safe, truncate
from utils.i18n import N_, _, format_list, format_number, ngettext, translate
from utils.time import human_duration, timestamp

LACKS: Final[dict[Lack, str]] = {
    "role": N_("You need one of this giveaway's roles to enter."),
    "blocked": N_("One of your roles keeps you out of this giveaway."),
    "level": N_("Your level is too low for this giveaway."),
    "account": N_("Your account is too young for this giveaway."),
    "here": N_("You haven't been in this server long enough for this giveaway."),
}
"""What somebody reads who can't enter."""

SHOWN_WINNERS: Final = 100


def lack_text(lack: Lack) -> str:
    """Why somebody can't enter."""
    return translate(LACKS[lack])


def giveaway_embed(giveaway: Giveaway, terms: Terms, entered: int, winners: Sequence[Winner]) -> discord.Embed:
    """A giveaway as it is now."""
    lines = [_when_text(giveaway), _winners_text(giveaway, winners)]
    lines.append(_("From: {member}").format(member=f"<@{giveaway.host_id}>"))
    if rules := terms_lines(terms):
        lines += ["", *rules]
    embed = embeds.info("\n".join(lines), title=f"🎁 {safe(giveaway.prize)}")
    if not giveaway.is_open:
        embed.colour = embeds.SUCCESS_COLOUR if giveaway.status == "drawn" else embeds.ERROR_COLOUR
    number = _("Giveaway #{number}").format(number=giveaway.number)
    embed.set_footer(text=f"{number} · {entered_text(entered)}")
    return embed


def entered_text(count: int) -> str:
    """How many people are in."""
    return ngettext("{count} person entered", "{count} people entered", count).format(count=format_number(count))


def _when_text(giveaway: Giveaway) -> str:
    if giveaway.status == "cancelled":
        return _("**This giveaway was called off.**")
    when = timestamp(giveaway.ends_at, "R")
    if giveaway.is_open:
        return _("Ends {moment} ({when})").format(moment=timestamp(giveaway.ends_at, "f"), when=when)
    return _("Ended {when}").format(when=when)


def _winners_text(giveaway: Giveaway, winners: Sequence[Winner]) -> str:
    if giveaway.status != "drawn":
        return _("Winners: {count}").format(count=format_number(giveaway.winners))
    if not winners:
        return _("Winners: nobody")
    names = [f"<@{winner.user_id}>" + (" 🔁" if winner.round > 1 else "") for winner in winners[:SHOWN_WINNERS]]
    return _("Winners: {members}").format(members=", ".join(names))


def terms_lines(terms: Terms) -> list[str]:
    """Who may enter, and who has more entries."""
    lines = []
    if terms.role_ids:
        lines.append(_("Only for {roles}").format(roles=_roles(terms.role_ids)))
    if terms.blocked_ids:
        lines.append(_("Not for {roles}").format(roles=_roles(terms.blocked_ids)))
    if terms.level:
        lines.append(_("From level {level}").format(level=format_number(terms.level)))
    if terms.account_seconds:
        lines.append(_("Accounts older than {duration}").format(duration=_duration(terms.account_seconds)))
    if terms.here_seconds:
        lines.append(_("Members for longer than {duration}").format(duration=_duration(terms.here_seconds)))
    for role_id, entries in terms.bonus.items():
        sentence = ngettext("{role} has {count} entry", "{role} has {count} entries", entries)
        lines.append(sentence.format(role=f"<@&{role_id}>", count=entries))
    return [f"-# {line}" for line in lines]


def _roles(role_ids: Sequence[int]) -> str:
    return format_list([f"<@&{role_id}>" for role_id in role_ids], style="or")


def _duration(seconds: int) -> str:
    return human_duration(timedelta(seconds=seconds))


def announcement(giveaway: Giveaway, winner_ids: Sequence[int], draw: int) -> str:
    """Who won. `draw` is 1 for the first time, more for rerolls."""
    if not winner_ids:
        sentence = _("🎁 Nobody wins **{prize}**: nobody is in who may win it.")
    elif draw == 1:
        sentence = _("🎉 Congratulations, {members}: **{prize}** goes to you!")
    else:
        sentence = _("🔁 Drawn again. Congratulations, {members}: **{prize}** goes to you!")
    members = format_list([f"<@{user_id}>" for user_id in winner_ids]) if winner_ids else ""
    return sentence.format(members=members, prize=safe(giveaway.prize))


def message_to_winner(giveaway: Giveaway, guild: discord.Guild) -> str:
    """What a winner reads in direct messages."""
    return _("🎉 You won **{prize}** in {server}! {link}").format(
        prize=safe(giveaway.prize), server=safe(guild.name), link=jump_url(giveaway)
    )


def message_to_host(giveaway: Giveaway, guild: discord.Guild, text: str) -> str:
    """What the host reads where the winners can't be announced in the channel."""
    return _("I can't write in the channel of giveaway **#{number}** in {server} any more. {text}").format(
        number=giveaway.number, server=safe(guild.name), text=text
    )


def entered_answer(entries: int) -> str:
    """What somebody reads who entered."""
    if entries == 1:
        return _("You are in. Good luck!")
    sentence = ngettext(
        "You are in, with {count} entry for your role. Good luck!",
        "You are in, with {count} entries for your role. Good luck!",
        entries,
    )
    return sentence.format(count=entries)


def changed_answer(giveaway: Giveaway, *, with_terms: bool) -> str:
    """What staff reads who changed it."""
    sentence = _("Giveaway **#{number}** is changed; it ends {when}.")
    lines = [sentence.format(number=giveaway.number, when=timestamp(giveaway.ends_at, "R"))]
    if with_terms:
        lines.append(_("Those who are in already stay in, but who doesn't meet the new terms at the end can't win."))
    return "\n".join(lines)


def list_line(giveaway: Giveaway) -> str:
    """A giveaway in the list."""
    states = {"cancelled": _("called off"), "drawn": _("drawn")}
    words = [f"**#{giveaway.number}** {safe(truncate(giveaway.prize, 80))}", timestamp(giveaway.ends_at, "R")]
    if not giveaway.is_open:
        words.append(states[giveaway.status])
    if giveaway.message_id is not None:
        words.append(jump_url(giveaway))
    return " · ".join(words)


def jump_url(giveaway: Giveaway) -> str:
    """The link to its message."""
    return message_link(giveaway.guild_id, giveaway.channel_id, giveaway.message_id)
