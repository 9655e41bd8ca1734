"""Giving XP to people, taking it and setting it: for one, for everybody with a role, or for the whole server."""

from dataclasses import replace

import discord

from cogs.leveling.service import Leveling
from cogs.leveling.xp.changing import Changing, Outcome, Rule, Task
from cogs.leveling.xp.rules import AmountError, Doing, XpAmount, check_amount, standing_after
from cogs.leveling.xp.texts import hand_question, moves_text, takes_back
from database.standing_snapshots import NewSnapshot
from database.standing_values import Move
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _, format_number, ngettext
from utils.people import WhoEver, people_with

MOST_NAMED = 5  # people whose XP a question or an answer shows


class Handing:
    """What staff gives, takes and sets."""

    def __init__(self, leveling: Leveling, changing: Changing) -> None:
        self.leveling = leveling
        self.changing = changing

    async def hand(self, ctx: GuildContext, doing: Doing, who: WhoEver, amount: XpAmount) -> str | None:
        """Do it; the answer, or None if whoever asked thought better of it."""
        curve = self.leveling.curve(ctx.guild.id)
        try:
            check_amount(doing, amount, curve)
        except AmountError as error:
            raise UserError(str(error)) from error
        if not isinstance(who, discord.Role):
            rule = _rule(doing, amount, self.leveling, ctx.guild.id, present=isinstance(who, discord.Member))
            move = await self.changing.one(ctx.guild.id, no_bot(who).id, rule, by=ctx.author.id)
            return self._one_text(ctx, who, move)
        async with ctx.typing():  # a thousand at a time
            people = await people_with(ctx.bot, who)
        if not await ctx.confirm(hand_question(doing, amount, who, len(people))):
            return None
        rule = _rule(doing, amount, self.leveling, ctx.guild.id, present=True)
        new = NewSnapshot(doing, discord.utils.utcnow(), ctx.author.id)
        async with ctx.typing():
            outcome = await self.changing.many(ctx.guild.id, people, Task(rule, new))
        return self._many_text(ctx, outcome)

    def _one_text(self, ctx: GuildContext, who: discord.Member | discord.User, move: Move) -> str:
        before, after = move.before.xp, move.after.xp
        if before == after:
            raise UserError(
                _("{member} has {xp} XP (level {level}) already.").format(
                    member=who.mention, xp=format_number(after), level=self._level(ctx, after)
                )
            )
        return _("{member} has {xp} XP (level {level}) now; it was {before} (level {level_before}).").format(
            member=who.mention, xp=format_number(after), level=self._level(ctx, after), before=format_number(before),
            level_before=self._level(ctx, before),
        )  # fmt: skip

    def _many_text(self, ctx: GuildContext, outcome: Outcome) -> str:
        """What came of changing many people's XP. Raises `UserError` if that is nothing."""
        if outcome.number is None:
            raise UserError(_("That changes nothing: all of them have that XP already."))
        head = ngettext(
            "The XP of {count} member is changed.", "The XP of {count} members is changed.", outcome.changed
        ).format(count=format_number(outcome.changed))
        named = moves_text(outcome.moves[:MOST_NAMED], outcome.changed)
        return "\n".join([head, named, takes_back(ctx, outcome.number)])

    def _level(self, ctx: GuildContext, xp: int) -> str:
        return format_number(self.leveling.level(ctx.guild.id, xp))


def no_bot(who: discord.Member | discord.User) -> discord.Member | discord.User:
    """The same person; raises `UserError` for a bot."""
    if who.bot:
        raise UserError(_("Bots have no XP."))
    return who


def _rule(doing: Doing, amount: XpAmount, leveling: Leveling, guild_id: int, *, present: bool) -> Rule:
    curve = leveling.curve(guild_id)
    return lambda standing: replace(standing_after(doing, amount, standing, curve), present=present)
