"""What a message would bring here and now, or what one that was sent brought, and why."""

from datetime import timedelta
from typing import Any

import discord
from discord.ext import commands

from cogs.leveling import settings
from cogs.leveling.chat.cog import COUNTED, Chat
from cogs.leveling.chat.rules import TAKEN_BACK_WITHIN
from cogs.leveling.why.texts import prospect, refusal, zero
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.errors import UserError
from utils.i18n import _, format_number
from utils.lookup import no_channel
from utils.members import get_member
from utils.time import human_duration


class AskedMember(GuildMember):
    """A member. What is written as a channel and got here is none that the asker knows, and that is said."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> discord.Member:
        """Raise `BadArgument` if nobody or more than one is meant."""
        if argument.startswith(("#", "<#")):
            raise commands.BadArgument(str(no_channel(argument)))
        return await super().convert(ctx, argument)


def may_ask_about(ctx: GuildContext, person: discord.abc.User) -> None:
    """Raise unless it is the asker, or the asker looks after the server; bots have no XP to ask about."""
    if person.bot:
        raise UserError(_("Bots have no XP."))
    if person.id != ctx.author.id and not ctx.author.guild_permissions.manage_guild:
        raise commands.MissingPermissions(["manage_guild"])


def would_bring(chat: Chat, member: discord.Member, channel: discord.abc.Snowflake) -> str:
    """What a message brings now, or the first reason why it brings nothing."""
    return why_nothing(chat, member, channel) or prospect(chat, member, channel, discord.utils.utcnow())


def why_nothing(chat: Chat, member: discord.Member, channel: discord.abc.Snowflake) -> str | None:
    """The first reason why a message brings nothing now; None if it brings something."""
    now = discord.utils.utcnow()
    reason = chat.reason_there(member, channel)
    if reason is not None:
        return refusal(chat, reason, member, channel)
    nothing = zero(chat, member, channel, now)
    if nothing is not None:
        return nothing
    reason = chat.wait(member.guild.id, member.id, now)
    return None if reason is None else refusal(chat, reason, member, channel)


async def message_replied_to(ctx: GuildContext) -> discord.Message | None:
    """The message that the command answers, if it answers one. Raises `UserError` if that is gone."""
    reference = ctx.message.reference
    if reference is None or reference.message_id is None:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    try:
        return await ctx.channel.fetch_message(reference.message_id)
    except discord.NotFound as error:
        raise UserError(_("The message that you reply to was deleted.")) from error


def may_count(message: discord.Message) -> bool:
    """Whether it is a message of a kind that brings XP."""
    return not message.author.bot and message.webhook_id is None and message.type in COUNTED


async def brought(chat: Chat, guild: discord.Guild, message: discord.Message) -> str:
    """What a message that was sent brought, as far as is known."""
    if not may_count(message):
        return _("Only ordinary messages and replies of members bring XP.")
    member = await get_member(guild, message.author.id)
    if member is None:
        return _("Who wrote this message isn't in the server any more.")
    award = chat.awards.of(message.id)
    if award is not None and award.gain.xp:
        return _("This message brought {xp} XP.").format(xp=format_number(award.gain.xp))
    wait = human_duration(chat.bot.guild_settings.get(guild.id, settings.XP_COOLDOWN))
    nothing = zero(chat, member, message.channel, message.created_at)
    if award is not None:
        return nothing or _(
            "This message came less than {wait} after one that brought XP: it counts as a message and brought no XP."
        ).format(wait=wait)
    return (
        await _why_none(chat, member, message)
        or nothing
        or _(
            "I can't see anything that speaks against this message. I only remember what messages of the last {time}"
            " brought, since my last start; perhaps it came less than {wait} after another one."
        ).format(time=human_duration(TAKEN_BACK_WITHIN), wait=wait)
    )


async def _why_none(chat: Chat, member: discord.Member, message: discord.Message) -> str | None:
    """What speaks against a message that nothing is remembered of; None if nothing does."""
    if message.content.startswith(chat.bot.beginnings.of(message.guild)):
        return _("Commands bring no XP.")
    reason = chat.reason_there(member, message.channel)
    if reason is None and chat.is_short(message):
        reason = "short"
    if reason is None and _may_repeat(message) and chat.repeats(message):
        reason = "repeated"
    return None if reason is None else refusal(chat, reason, member, message.channel)


def _may_repeat(message: discord.Message) -> bool:
    """Whether what was said before is still remembered apart from this message itself."""
    return discord.utils.utcnow() - message.created_at < TAKEN_BACK_WITHIN - timedelta(seconds=30)
