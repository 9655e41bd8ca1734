"""What keeps somebody from a command: places, blocks, switches, rules, permissions, ranks, cooldowns."""

import copy
from datetime import timedelta
from typing import Final

import discord
from discord.ext import commands
from discord.ext.commands.view import StringView

from cogs.admin.permissions.explaining import Asked, before_permissions
from utils import errors
from utils.bot import Hearth
from utils.checks import OF_THE_SERVER, bot_permissions, invoker_permissions, is_owner_only, lacking
from utils.context import Context
from utils.explanations import CommandQuestion, Explanation
from utils.formatting import code
from utils.i18n import _, format_list
from utils.permissions import missing_in, permission_names, why_not_on
from utils.time import timestamp

NEEDED_TO_CALL: Final = ("view_channel", "send_messages")
ACTS_ON_PEOPLE: Final = frozenset(
    {
        "ban_members", "kick_members", "moderate_members", "manage_nicknames", "manage_roles", "mute_members",
        "deafen_members", "move_members",
    }
)  # fmt: skip
"""A command that asks for one of these does something to whom it names."""


async def reasons(bot: Hearth, question: CommandQuestion) -> list[Explanation]:
    """All that keeps somebody from a command, in the order in which it is asked."""
    found = [
        *_place(bot, question), *await _owner(bot, question), *await _rules(bot, question),
        *_permissions(bot, question), *_target(question),
    ]  # fmt: skip
    ctx = imagined(bot, question)
    return found + (_cooldown(ctx) if any(one.decides for one in found) else await _whatever_else(ctx))


def imagined(bot: Hearth, question: CommandQuestion) -> Context:
    """The context that the command would have if they called it there now."""
    message = copy.copy(question.said)
    message.id = discord.utils.time_snowflake(discord.utils.utcnow())
    message._edited_timestamp = None  # a cooldown counts from it
    message.author = question.member
    message.channel = question.channel  # type: ignore[assignment]
    return Context(message=message, bot=bot, view=StringView(""), command=question.command, prefix="")


def _place(bot: Hearth, question: CommandQuestion) -> list[Explanation]:
    guild, member, channel = question.guild, question.member, question.channel
    found = []
    if member.bot:
        found.append(_("I don't listen to bots."))
    if member.is_timed_out() and member.timed_out_until is not None:
        found.append(
            _("{member} is timed out until {when}.").format(
                member=member.mention, when=timestamp(member.timed_out_until, "f")
            )
        )
    values = {"member": member.mention, "channel": channel.mention}
    if theirs := missing_in(channel, member, NEEDED_TO_CALL):
        names = format_list(permission_names(theirs))
        found.append(_("{member} lacks {permissions} in {channel}.").format(permissions=names, **values))
    if mine := missing_in(channel, guild.me, NEEDED_TO_CALL):
        names = format_list(permission_names(mine))
        found.append(_("I lack {permissions} in {channel}.").format(permissions=names, **values))
    if not found and not bot.intents.message_content:
        text = _("I don't see what messages say, as whoever runs me decided: begin with a mention of me.")
        return [Explanation(text)]
    return [Explanation(text, decides=True) for text in found]


async def _rules(bot: Hearth, question: CommandQuestion) -> list[Explanation]:
    """Blocks, switches, whom I ignore, and the server's rules: as `permissions explain` says it."""
    asked = Asked(question.guild, question.member, question.channel, question.command)
    return [Explanation(step.text, step.decides is False) for step in await before_permissions(bot, asked)]


async def _owner(bot: Hearth, question: CommandQuestion) -> list[Explanation]:
    if not is_owner_only(question.command) or await bot.is_owner(question.member):
        return []
    return [Explanation(_("This command is only for whoever runs me."), decides=True)]


def _permissions(bot: Hearth, question: CommandQuestion) -> list[Explanation]:
    guild, member, channel = question.guild, question.member, question.channel
    found = []
    needed = invoker_permissions(question.command)
    lacks = lacking(
        member, channel.permissions_for(member),
        [name for name in needed if name in OF_THE_SERVER], [name for name in needed if name not in OF_THE_SERVER],
    )  # fmt: skip
    if lacks and bot.access.rules.verdict(guild, member, channel, question.command) is not True:
        text = _("{command} needs {permissions}, which {member} doesn't have.").format(
            command=code(question.command.qualified_name), permissions=format_list(permission_names(lacks)),
            member=member.mention,
        )  # fmt: skip
        found.append(Explanation(text, decides=True))
    mine = missing_in(channel, guild.me, bot_permissions(question.command))
    if mine:
        text = _("I need {permissions} for {command}, and don't have it in {channel}.").format(
            permissions=format_list(permission_names(mine)), command=code(question.command.qualified_name),
            channel=channel.mention,
        )  # fmt: skip
        found.append(Explanation(text, decides=True))
    return found


def _target(question: CommandQuestion) -> list[Explanation]:
    """Whose role stands in the way, for what is done to somebody."""
    target, member = question.target, question.member
    if target is None or not ACTS_ON_PEOPLE & set(invoker_permissions(question.command)):
        return []
    if target.id == member.id:
        return [Explanation(_("Nobody can do this to themselves."), decides=True)]
    me = question.guild.me
    mine = _("I won't do this to myself.") if target.id == me.id else why_not_on(me, target, actor_is_bot=True)
    theirs = None
    if target.id != me.id and why_not_on(member, target, actor_is_bot=False) is not None:
        theirs = _("{target}'s highest role, {theirs}, is not below that of {member}, {own}.").format(
            target=target.mention, theirs=_name(target.top_role), member=member.mention, own=_name(member.top_role)
        )
        if target.id == question.guild.owner_id:
            theirs, mine = _("{target} owns this server; nobody can act on them.").format(target=target.mention), None
    return [Explanation(text, decides=True) for text in (theirs, mine) if text is not None]


def _name(role: discord.Role) -> str:
    return "`@everyone`" if role.is_default() else role.mention


def _cooldown(ctx: Context) -> list[Explanation]:
    assert ctx.command is not None
    seconds = ctx.command.get_cooldown_retry_after(ctx)
    if seconds <= 0:
        return []
    when = timestamp(discord.utils.utcnow() + timedelta(seconds=seconds), "R")
    text = _("{member} used it too often just now; it works again {when}.").format(
        member=ctx.author.mention, when=when
    )
    return [Explanation(text, decides=True)]


async def _whatever_else(ctx: Context) -> list[Explanation]:
    """What the command's own checks say, where nothing that is known of before stands in the way."""
    assert ctx.command is not None
    command = ctx.command
    checks = [*command.checks]
    try:
        if command.cog is not None:
            await discord.utils.maybe_coroutine(command.cog.cog_check, ctx)
        for check in checks:
            if not await discord.utils.maybe_coroutine(check, ctx):
                raise commands.CheckFailure
    except Exception as error:
        if not errors.is_expected(error):
            raise
        sentence = errors.answer_to(ctx, error) or _("A check of the command itself refuses it.")
        return [Explanation(sentence, decides=True)]
    return _cooldown(ctx)
