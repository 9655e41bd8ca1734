"""How answers to `why` read."""

from collections.abc import Sequence
from typing import Final

import discord

from utils import embeds
from utils.explanations import (
    CommandQuestion,
    Explanation,
    Question,
    RemovedMessageQuestion,
    RoleQuestion,
    XpQuestion,
)
from utils.formatting import bullets, code, message_link, pages_of
from utils.i18n import N_, _, translate
from utils.time import timestamp

PAGE_CHARACTERS: Final = 3_000
EXAMPLES: Final = (
    N_("can't @Ann use ban here"),
    N_("did this message get removed"),
    N_("did I get no XP"),
    N_("do I have @Member"),
)
"""What stands behind `why` in each of the four questions."""


def pages(question: Question, found: Sequence[Explanation]) -> list[discord.Embed]:
    """The answer: what decides, then what else there is to know."""
    deciding = [one.text for one in found if one.decides]
    others = [one.text for one in found if not one.decides]
    lines = [about(question)]
    if deciding:
        lines += ["", f"➡️ {deciding[0]}"]
    elif nothing := nothing_decides(question, known=bool(others)):
        lines += ["", nothing]
    if deciding[1:]:
        lines += ["", _("This alone would be enough, too:"), bullets(deciding[1:])]
    if others:
        lines += ["", _("And this has to do with it:") if deciding else _("This is known of it:"), bullets(others)]
    return [embeds.info(page) for page in pages_of("\n".join(lines).split("\n"), PAGE_CHARACTERS)]


def about(question: Question) -> str:
    """What an answer is about, as its first line."""
    if isinstance(question, CommandQuestion):
        return _about_command(question)
    if isinstance(question, RemovedMessageQuestion):
        return _about_message(question)
    if isinstance(question, RoleQuestion):
        return _about_role(question)
    assert isinstance(question, XpQuestion)
    if question.message is not None:
        return _("**XP of {member} for [this message]({link})**").format(
            member=question.member.mention, link=question.message.jump_url
        )
    return _("**XP of {member} in {channel}**").format(
        member=question.member.mention, channel=question.channel.mention
    )


def _about_command(question: CommandQuestion) -> str:
    values = {
        "member": question.member.mention, "command": code(question.command.qualified_name),
        "channel": question.channel.mention,
    }  # fmt: skip
    if question.target is not None:
        text = _("**{member} using {command} on {target} in {channel}**")
        return text.format(target=question.target.mention, **values)
    return _("**{member} using {command} in {channel}**").format(**values)


def _about_message(question: RemovedMessageQuestion) -> str:
    values = {
        "link": message_link(question.guild.id, question.channel_id, question.message_id),
        "when": timestamp(discord.utils.snowflake_time(question.message_id), "f"),
        "channel": f"<#{question.channel_id}>", "member": f"<@{question.author_id}>",
    }  # fmt: skip
    if question.author_id is None:
        return _("**The [message]({link}) in {channel} of {when}**").format(**values)
    return _("**The [message]({link}) of {member} in {channel} of {when}**").format(**values)


def _about_role(question: RoleQuestion) -> str:
    values = {
        "member": question.member.mention,
        "role": "`@everyone`" if question.role.is_default() else question.role.mention,
    }
    if question.has or question.role.is_default():
        return _("**{member} has {role}**").format(**values)
    return _("**{member} doesn't have {role}**").format(**values)


def nothing_decides(question: Question, *, known: bool) -> str:
    """What is said where nothing settles the question; `known` if there is something to say besides."""
    if isinstance(question, CommandQuestion):
        return _("✅ Nothing keeps them from it.")
    if isinstance(question, XpQuestion):
        return "" if known else _("Nothing here counts XP: leveling is switched off or isn't loaded.")
    if isinstance(question, RemovedMessageQuestion):
        return _(
            "I didn't remove it, or it is more than 30 days ago. Its author can delete it, and so can moderators and"
            " other bots, in Discord itself."
        )
    assert isinstance(question, RoleQuestion)
    if question.has:
        return _(
            "I don't know for sure where it comes from: somebody who may give roles, another bot or Discord's"
            " onboarding may have given it."
        )
    return _("Nothing of mine gives it to them, and nobody else has.")


def menu(prefix: str) -> discord.Embed:
    """What can be asked."""
    lines = [f"`{prefix}why {translate(example)}`" for example in EXAMPLES]
    text = _(
        "Choose what you want to know about, or write it:\n{examples}\nYou can also reply to a message. About others"
        " you can ask if you have the permission **Manage Messages**."
    )
    return embeds.info(text.format(examples="\n".join(lines)), title=_("Ask me why"))
