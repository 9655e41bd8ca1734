"""Reports as people read them: the staff's embed, a line of the list, and what members are told."""

from collections.abc import Sequence
from typing import Final

import discord

from cogs.moderation import settings
from database.reports import Report, Voice
from utils import embeds
from utils.bot import Hearth
from utils.formatting import EMBED_FIELD_VALUE_LIMIT, message_link, safe, truncate
from utils.i18n import N_, _, format_list, ngettext, translate
from utils.time import timestamp

SHOWN_TEXT: Final = 2000  # characters of a message's copy; marks may double them, and an embed takes 4,096
SHOWN_WHY: Final = 650  # characters of all that reporters wrote; names and times come on top
SHOWN_VOICES: Final = 5  # reporters whose words are shown, the first ones
SHOWN_NOTE: Final = 300
SHOWN_FILES: Final = 10  # names of attachments
SHORT_WHY: Final = 150  # characters, in lists

OUTCOMES: Final = {"acted": N_("Something was done"), "dismissed": N_("Nothing to be done")}
"""What may come of a report."""

OPEN_COLOUR: Final = embeds.ERROR_COLOUR
CLAIMED_COLOUR: Final = embeds.INFO_COLOUR
RESOLVED_COLOUR: Final = embeds.SUCCESS_COLOUR


# --- For the staff -----------------------------------------------------------------------------------------


def staff_embed(report: Report, voices: Sequence[Voice], *, reports_before: int, cases: int) -> discord.Embed:
    """A report as it is now. Within Discord's limits, however long what people wrote is."""
    embed = discord.Embed(
        title="🚩 " + _("Report"), description=_copy(report), colour=_colour(report), timestamp=report.opened_at
    )
    who = f"<@{report.target_id}> · {safe(truncate(report.target_name, 40))} · `{report.target_id}`"
    embed.add_field(name=_("Reported"), value=who, inline=False)
    embed.add_field(name=_reported_by(voices), value=_whys(voices), inline=False)
    if report.message is not None:
        where = f"{_message_link(report)} · <#{report.message.channel_id}> · {timestamp(report.message.written_at)}"
        embed.add_field(name=_("Where"), value=where, inline=False)
        if report.message.files:
            embed.add_field(name=_("Attachments"), value=_files(report.message.files), inline=False)
    embed.add_field(name=_("Before"), value=_before(reports_before, cases), inline=False)
    if state := _state(report):
        embed.add_field(name=_("State"), value=state, inline=False)
    return embed


def _copy(report: Report) -> str | None:
    if report.message is None:
        return None
    if report.message.text:
        return f">>> {truncate(safe(truncate(report.message.text, SHOWN_TEXT)), SHOWN_TEXT + 500)}"
    return _("*The message has no text that I can read.*")


def _colour(report: Report) -> discord.Colour:
    if report.resolved_at is not None:
        return RESOLVED_COLOUR
    return CLAIMED_COLOUR if report.claimed_by is not None else OPEN_COLOUR


def _reporters(voices: Sequence[Voice]) -> str:
    count = len({voice.reporter_id for voice in voices})
    return ngettext("{count} member", "{count} members", count).format(count=count)


def _reported_by(voices: Sequence[Voice]) -> str:
    return _("Reported by {members}").format(members=_reporters(voices))


def _whys(voices: Sequence[Voice]) -> str:
    shown = voices[:SHOWN_VOICES]
    each = SHOWN_WHY // max(len(shown), 1)
    lines = []
    for voice in shown:
        why = truncate(safe(" ".join((voice.why or "").split())), each) or _("no reason given")
        lines.append(f"<@{voice.reporter_id}> {timestamp(voice.said_at, 'R')}: {why}")
    if left := len(voices) - len(shown):
        lines.append(ngettext("… and {count} more", "… and {count} more", left).format(count=left))
    return truncate("\n".join(lines), EMBED_FIELD_VALUE_LIMIT)


def _files(names: Sequence[str]) -> str:
    shown = [safe(truncate(name, 60)) or "…" for name in names[:SHOWN_FILES]]
    return truncate(", ".join([*shown, *["…"] * (len(names) > SHOWN_FILES)]), EMBED_FIELD_VALUE_LIMIT // 2)


def _before(reports: int, cases: int) -> str:
    return " · ".join(
        (
            ngettext("{count} earlier report", "{count} earlier reports", reports).format(count=reports),
            ngettext("{count} case", "{count} cases", cases).format(count=cases),
        )
    )


def _state(report: Report) -> str | None:
    lines = []
    if report.claimed_by is not None and report.resolved_at is None:
        when = timestamp(report.claimed_at, "R") if report.claimed_at else ""
        lines.append(_("{member} looks after it, since {when}.").format(member=f"<@{report.claimed_by}>", when=when))
    if report.resolved_at is not None:
        if report.claimed_by not in {None, report.resolved_by}:
            lines.append(_("{member} had claimed it.").format(member=f"<@{report.claimed_by}>"))
        lines.append(
            _("Resolved by {member}, {when}: **{outcome}**").format(
                member=f"<@{report.resolved_by}>", when=timestamp(report.resolved_at, "R"),
                outcome=translate(OUTCOMES[report.outcome or "acted"]),
            )
        )  # fmt: skip
        if report.note:
            lines.append(safe(truncate(report.note, SHOWN_NOTE)))
    return "\n".join(lines) or None


def _message_link(report: Report) -> str:
    assert report.message is not None
    return _("[the message]({link})").format(
        link=message_link(report.guild_id, report.message.channel_id, report.message.message_id)
    )


def report_line(report: Report, voices: Sequence[Voice], *, staff_reads_it: bool) -> str:
    """A report in a list: a line, and the first reason below."""
    words = [f"🚩 <@{report.target_id}> ({safe(truncate(report.target_name, 32))})"]
    words += [timestamp(report.opened_at, "R"), _reporters(voices)]
    if report.resolved_at is not None:
        words.append(f"*{translate(OUTCOMES[report.outcome or 'acted'])}*")
    elif report.claimed_by is not None:
        words.append(_("{member} looks after it").format(member=f"<@{report.claimed_by}>"))
    if staff_reads_it and report.staff_channel_id and report.staff_message_id:
        link = message_link(report.guild_id, report.staff_channel_id, report.staff_message_id)
        words.append(_("[the report]({link})").format(link=link))
    elif report.resolved_at is None:
        words.append(_("not shown in the channel for reports yet"))
    if report.message is not None:
        words.append(_message_link(report))
    why = next((voice.why for voice in voices if voice.why), None) or (report.message and report.message.text) or ""
    text = safe(truncate(" ".join(why.split()), SHORT_WHY))
    return " · ".join(words) + (f"\n> {text}" if text else "")


# --- For members -------------------------------------------------------------------------------------------


def whom_to_ask(bot: Hearth, guild: discord.Guild) -> str:
    """Whom a member may write to instead: the mod roles by name, else the owner."""
    found = (guild.get_role(role_id) for role_id in bot.guild_settings.get(guild.id, settings.MOD_ROLES))
    names = [f"**{safe(role.name)}**" for role in found if role is not None]
    return format_list(names, style="or") if names else f"<@{guild.owner_id}>"


def not_set_up(bot: Hearth, guild: discord.Guild) -> str:
    """Reports go nowhere in this guild."""
    return _("Reports aren't set up in this server. Please write to {people}.").format(people=whom_to_ask(bot, guild))


def thanks(guild: discord.Guild) -> str:
    """It has reached the staff."""
    return _("Thank you. Your report has reached the staff of **{guild}**.").format(guild=safe(guild.name))


def kept(bot: Hearth, guild: discord.Guild) -> str:
    """It is written down, but the staff can't read it."""
    return _(
        "Thank you. I keep your report, but I can't show it to the staff of **{guild}** yet. They get it as soon as "
        "I can. If it's urgent, write to {people}."
    ).format(guild=safe(guild.name), people=whom_to_ask(bot, guild))


def files_left(bot: Hearth, guild: discord.Guild) -> str:
    """What they attached was lost with their message."""
    return _(
        "Not all of your files could be passed on: I take small pictures only. Give the others to {people}."
    ).format(people=whom_to_ask(bot, guild))


def attached_by(reporter_id: int) -> str:
    """What stands above the pictures that a reporter sent along."""
    return _("{member} attached this to the report.").format(member=f"<@{reporter_id}>")


def known(report: Report) -> str:
    """They reported the same message before."""
    if report.resolved_at is not None:
        return _("You have reported this message before, and the staff has looked at it.")
    return _("You have reported this message already; the staff will look at it.")


def looked_at(guild: discord.Guild) -> str:
    """What a reporter is told in the end, without details."""
    return _("The staff of **{guild}** has looked at your report. Thank you for it.").format(guild=safe(guild.name))
