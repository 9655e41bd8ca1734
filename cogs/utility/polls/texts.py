"""Polls as people read them."""

from collections.abc import Sequence

import discord
from discord.utils import as_chunks

from cogs.utility.polls.rules import Tally, bar
from database.polls import Poll, Vote
from utils import embeds
from utils.formatting import BUTTON_LABEL_LIMIT, message_link, safe, truncate
from utils.i18n import _, format_list, format_number, format_percent, ngettext
from utils.time import timestamp

BUTTON_TEXT = 40  # characters of an option on its button
LINE_TEXT = 100  # characters of an option that was made safe
VOTERS_A_LINE = 10


def option_label(number: int, option: str) -> str:
    """What stands on the button of an option."""
    label = _("{number}. {option}").format(number=number, option=truncate(option, BUTTON_TEXT))
    return truncate(label, BUTTON_LABEL_LIMIT)


def poll_embed(poll: Poll, tally: Tally) -> discord.Embed:
    """A poll as it is now: results unless they are hidden, the rules, and how many voted."""
    shown = not poll.is_open or not poll.hidden
    lines = [option_line(poll, tally, place, shown=shown) for place in range(len(poll.options))]
    parts = [f"### {safe(poll.question)}", "\n".join(lines), rules_text(poll)]
    embed = embeds.info(
        "\n\n".join(filter(None, parts)), title="📊 " + _("Poll #{number}").format(number=poll.number)
    )
    if not poll.is_open:
        embed.colour = embeds.SUCCESS_COLOUR
    embed.set_footer(text=people_text(tally.people))
    return embed


def option_line(poll: Poll, tally: Tally, place: int, *, shown: bool) -> str:
    """An option, and how it stands."""
    text = f"**{place + 1}.** {truncate(safe(poll.options[place]), LINE_TEXT)}"
    if not shown:
        return text
    leads = not poll.is_open and place in tally.leaders
    share = tally.share(place)
    count = format_number(tally.votes[place])
    return f"{text}{' 🏆' if leads else ''}\n{bar(share)} {format_percent(share)} · {count}"


def people_text(count: int) -> str:
    """How many people voted."""
    return ngettext("{count} person voted", "{count} people voted", count).format(count=format_number(count))


def rules_text(poll: Poll) -> str:
    """How it is voted, and until when."""
    parts = []
    if poll.most_choices > 1:
        parts.append(
            ngettext("You can choose {count} option.", "You can choose up to {count} options.", poll.most_choices)
            .format(count=poll.most_choices)
        )  # fmt: skip
    if poll.anonymous:
        parts.append(_("Nobody sees who voted for what."))
    if poll.hidden and poll.is_open:
        parts.append(_("Results are shown at the end."))
    if poll.role_ids:
        roles = format_list([f"<@&{role_id}>" for role_id in poll.role_ids], style="or")
        parts.append(_("Only for {roles}.").format(roles=roles))
    parts.append(_end_text(poll))
    return "\n".join(f"-# {part}" for part in parts)


def _end_text(poll: Poll) -> str:
    if poll.closed_at is not None:
        return _("Closed {when}.").format(when=timestamp(poll.closed_at, "R"))
    if poll.ends_at is None:
        return _("Open until somebody closes it.")
    return _("Ends {moment} ({when}).").format(moment=timestamp(poll.ends_at, "f"), when=timestamp(poll.ends_at, "R"))


def chosen_text(poll: Poll, choices: tuple[int, ...]) -> str:
    """What somebody chose, to their eyes only."""
    if not choices:
        return _("You have no vote in this poll now.")
    names = [f"**{truncate(safe(poll.options[place]), LINE_TEXT)}**" for place in choices]
    return _("Your vote: {options}. You can change it until the end.").format(options=format_list(names))


def result_text(poll: Poll, tally: Tally) -> str:
    """How a poll ended, in one sentence."""
    leaders = [f"**{truncate(safe(poll.options[place]), LINE_TEXT)}**" for place in tally.leaders]
    question = f"**{truncate(safe(poll.question), 300)}**"
    if not leaders:
        return _("📊 The poll is over: {question} Nobody voted.").format(question=question)
    if len(leaders) > 1:
        sentence = _("📊 The poll is over: {question} It is a tie between {options}, each with {share}.")
    else:
        sentence = _("📊 The poll is over: {question} The answer is {options} with {share}.")
    return sentence.format(
        question=question, options=format_list(leaders), share=format_percent(tally.share(tally.leaders[0]))
    )


def list_line(poll: Poll) -> str:
    """A poll in the list."""
    link = "" if poll.message_id is None else f" · {jump_url(poll)}"
    end = "" if poll.ends_at is None else " · " + timestamp(poll.ends_at, "R")
    return f"**#{poll.number}** {safe(truncate(poll.question, 80))}{end}{link}"


def jump_url(poll: Poll) -> str:
    """The link to its message."""
    return message_link(poll.guild_id, poll.channel_id, poll.message_id)


def voter_lines(poll: Poll, votes: Sequence[Vote]) -> list[str]:
    """Who voted for what, an option after the other."""
    lines = []
    for place, option in enumerate(poll.options):
        voters = [f"<@{vote.user_id}>" for vote in votes if place in vote.choices]
        if voters:
            lines.append(f"**{place + 1}. {truncate(safe(option), LINE_TEXT)}**")
            lines += [" ".join(some) for some in as_chunks(voters, VOTERS_A_LINE)]
    return lines
