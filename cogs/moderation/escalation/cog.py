"""What follows on warnings: with so many points, a timeout, a kick or a ban.

A threshold takes effect when a warning crosses it, and only then; of several crossed at once the highest. Whoever
warns is asked before, and told what came of it. What follows is a case of its own, whose parent is the warning's.
"""

from collections.abc import Sequence
from typing import Any

import discord

from cogs.moderation.actions import Action, Target
from cogs.moderation.escalation.rules import (
    MOST_THRESHOLDS,
    PRESET,
    crossed,
    described,
    read_threshold,
    threshold_line,
)
from cogs.moderation.escalation.section import ThresholdsSection
from cogs.moderation.pipeline import Pipeline, answer
from cogs.moderation.punishments import Ban, Kick, Timeout, Warn, ban_state, membership
from cogs.moderation.reading import read_points
from cogs.moderation.refusals import REFUSALS, why_refused
from database.moderation import Case, NewCase
from database.moderation_thresholds import Threshold, ThresholdsStore
from utils import checks
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context
from utils.errors import UserError
from utils.formatting import bullets
from utils.i18n import _, ngettext, using
from utils.time import timestamp


class Escalation(Cog):
    """Say what warnings lead to: so many points, and a timeout, a kick or a ban follows by itself."""

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline
        self.store = ThresholdsStore(bot.db)
        self.sections = (ThresholdsSection(self.store),)
        pipeline.consequences.append(self)

    # --- in the pipeline

    async def foresee(self, action: Action) -> str | None:
        """Ask before a warning that crosses a threshold."""
        if not isinstance(action, Warn):
            return None
        found = await self._crossed(action.target, added=action.points, counted=False)
        if found is None:
            return None
        threshold, points = found
        return ngettext(
            "With this, {target} has {count} warning point, and {what} follows. Warn them?",
            "With this, {target} has {count} warning points, and {what} follows. Warn them?",
            points,
        ).format(target=action.target.mention, count=points, what=described(threshold))

    async def begin(self, action: Action, case: Case) -> Sequence[Case]:
        """Write down what a warning leads to."""
        if not isinstance(action, Warn):
            return ()
        found = await self._crossed(action.target, added=case.points, counted=True)
        if found is None:
            return ()
        threshold, points = found
        what = self._action(action.target, threshold, _reason(self.bot, points, case))
        if isinstance(what, Timeout) and (longer := await self._longer_timeout(what)) is not None:
            action.outcomes.append(longer)
            return ()
        opened = await self.pipeline.cases.open(
            NewCase(
                guild_id=case.guild_id, kind=what.kind_key, source="escalation", moderator_id=case.moderator_id,
                moderator_name=case.moderator_name, opened_at=discord.utils.utcnow(), target_id=case.target_id,
                target_name=case.target_name, reason=what.reason, ends_at=what.ends_at,
                # Who is warned is here, so not banned; asking Discord would keep the database waiting.
                state_before=_banned_by_rule(what) if isinstance(what, Ban) else await what.state_before(),
                details={"points": points}, channel_id=case.channel_id, message_id=case.message_id,
                parent=case.number,
            )
        )  # fmt: skip
        return (opened,)

    async def follow(self, action: Action, begun: Case) -> str:
        """Do what a warning leads to."""
        target = action.target
        try:
            target = await target.looked_up()
            what = await Action.by_kind[begun.kind].of_case(self.bot, target, begun)
            came = answer(what, await self.pipeline.perform_by_rule(what, begun))
        except UserError as error:
            came = str(error)
        except REFUSALS as error:  # nobody knows whether they are here
            came = why_refused(error)
            await self.pipeline.failed(begun, came)
        points = begun.details["points"]
        return ngettext("{count} warning point: {outcome}", "{count} warning points: {outcome}", points).format(
            count=points, outcome=came
        )

    async def _crossed(self, target: Target, *, added: int, counted: bool) -> tuple[Threshold, int] | None:
        """The threshold that a warning crosses, and the points there are with it. `counted`: it stands already."""
        thresholds, now = await self.store.of(target.guild.id), discord.utils.utcnow()
        before = {}
        for within in {one.within for one in thresholds}:
            since = None if within is None else now - within
            points = await self.pipeline.cases.points(target.guild.id, target.id, since=since, now=now)
            before[within] = points - added if counted else points
        threshold = crossed(thresholds, before, added)
        return None if threshold is None else (threshold, before[threshold.within] + added)

    def _action(self, target: Target, threshold: Threshold, reason: str) -> Action:
        ends_at = None if threshold.length is None else discord.utils.utcnow() + threshold.length
        kinds: dict[str, type[Action]] = {"timeout": Timeout, "kick": Kick, "ban": Ban}
        return kinds[threshold.kind](self.bot, target, reason, ends_at)

    async def _longer_timeout(self, action: Timeout) -> str | None:
        """The sentence that somebody is timed out for longer than a rule would do it, and stays so."""
        assert action.ends_at is not None
        in_force = await self.pipeline.sanctions.store.get(action.target.guild.id, action.target.id, "timeout")
        member = action.target.member
        ends = [member.timed_out_until if member else None, in_force.ends_at if in_force else None]
        latest = max((end for end in ends if end is not None), default=None)
        if latest is None or latest <= action.ends_at:
            return None
        return _("{target} is timed out until {when} anyway.").format(
            target=action.target.mention, when=timestamp(latest)
        )

    # --- commands

    @group(aliases=["thresholds"])
    @example("")
    @checks.requires(moderate_members=True)
    async def escalation(self, ctx: Context) -> None:
        """Show what follows on warnings.

        A warning counts a point, or more (`warn … --points 2`), until it expires (`config set warning-lifetime`).
        What so many points lead to happens once, when a warning reaches them. After some were undone or have expired,
        reaching them anew counts anew.
        """
        assert ctx.guild is not None
        thresholds = await self.store.of(ctx.guild.id)
        if not thresholds:
            await ctx.info(_("Nothing follows on warnings. `escalation preset` is a good beginning."))
            return
        await ctx.info(bullets(threshold_line(one) for one in thresholds), title=_("What follows on warnings"))

    @escalation.command(name="add", aliases=["set"])
    @example("3 timeout 2h", "4 within 30d kick", "6 ban")
    @checks.requires(manage_guild=True)
    async def escalation_add(self, ctx: Context, points: str, *, what_follows: str) -> None:
        """Let so many points lead to a timeout, a kick or a ban.

        With `within`, only warnings that are younger count. A ban without a length is for good. What the same number
        of points led to before is replaced; nothing happens to those who have them already.
        """
        assert ctx.guild is not None
        threshold = read_threshold(points, what_follows)
        if not await self.store.put(ctx.guild.id, threshold, most=MOST_THRESHOLDS):
            raise UserError(_("There may be {most} of these at most.").format(most=MOST_THRESHOLDS))
        await ctx.success(threshold_line(threshold))

    @escalation.command(name="remove", aliases=["delete"])
    @example("3")
    @checks.requires(manage_guild=True)
    async def escalation_remove(self, ctx: Context, points: str) -> None:
        """Let so many points lead to nothing."""
        assert ctx.guild is not None
        number = read_points(points)
        if not await self.store.remove(ctx.guild.id, number):
            raise UserError(_("Nothing follows on exactly {points}.").format(points=_points(number)))
        await ctx.success(_("Nothing follows on {points} any more.").format(points=_points(number)))

    @escalation.command(name="preset")
    @example("")
    @checks.requires(manage_guild=True)
    async def escalation_preset(self, ctx: Context) -> None:
        """Take over a proven list: mild at first, out for good at the sixth warning."""
        assert ctx.guild is not None
        lines = bullets(threshold_line(one) for one in PRESET)
        question = _("This would follow on warnings, in place of all there is now:\n{lines}\nTake it?")
        if not await ctx.confirm(question.format(lines=lines)):
            return
        await self.store.replace(ctx.guild.id, PRESET)
        await ctx.success(_("That follows on warnings from now on."))


def _banned_by_rule(action: Ban) -> dict[str, Any]:
    return {**ban_state(None), **membership(action.target)}


def _reason(bot: Hearth, points: int, warning: Case) -> str:
    guild = bot.get_guild(warning.guild_id)
    with using(bot.language_of(guild)):
        return ngettext(
            "{count} warning point, with case {number}", "{count} warning points, with case {number}", points
        ).format(count=points, number=warning.number)


def _points(count: int) -> str:
    return ngettext("{count} point", "{count} points", count).format(count=count)
