"""What is said of news that are sent to servers, in the current language."""

from collections.abc import Mapping

import discord

from utils import embeds
from utils.i18n import _, format_number, ngettext


def news(text: str, prefix: str) -> discord.Embed:
    """The news as a server reads them."""
    embed = embeds.info(text, title=_("News from whoever runs me"))
    embed.set_footer(
        text=_("Who manages the server can choose another channel ({channel}) or have no news ({off}).").format(
            channel=f"{prefix}config set bot-news-channel #…", off=f"{prefix}config set bot-news off"
        )
    )
    return embed


def question(count: int) -> str:
    """What is asked before it begins."""
    sentence = ngettext(
        "Send this to {count} server? Nobody is pinged. It goes where the server wants news, else to the channel"
        " where Discord tells moderators its own, else to the system channel, else to the first channel"
        " I can write in.",
        "Send this to {count} servers? Nobody is pinged. It goes where a server wants news, else to the channel"
        " where Discord tells moderators its own, else to the system channel, else to the first channel"
        " I can write in.",
        count,
    )
    return sentence.format(count=format_number(count))


def progress(states: Mapping[str, int], *, ended: bool, cancelled: bool) -> str:
    """How far it is, or how it ended."""
    total = sum(states.values())
    lines = [
        _("{sent} of {total} servers have the news.").format(
            sent=format_number(states.get("sent", 0)), total=format_number(total)
        )
    ]
    lines += [
        sentence.format(count=format_number(states[state]))
        for state, sentence in (
            ("unwanted", ngettext("{count} wants none.", "{count} want none.", states.get("unwanted", 0))),
            (
                "nowhere",
                ngettext(
                    "{count} has no channel for it.", "{count} have no channel for it.", states.get("nowhere", 0)
                ),
            ),
            ("failed", ngettext("It failed in {count}.", "It failed in {count}.", states.get("failed", 0))),
            (
                "sending",
                ngettext(
                    "In {count} I was cut off and don't know whether it is there.",
                    "In {count} I was cut off and don't know whether it is there.",
                    states.get("sending", 0),
                ),
            ),
        )
        if states.get(state) and (ended or state != "sending")
    ]
    if cancelled:
        lines.append(_("I stopped there, as you wanted."))
    elif not ended:
        lines.append(_("I send one a second, so that Discord doesn't take it for spam."))
    return "\n".join(lines)
