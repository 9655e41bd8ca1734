"""What leveling says to `why` and `doctor`: XP that didn't come, and roles for levels."""

from collections.abc import Sequence

import discord

from cogs.leveling import settings
from cogs.leveling.announcing.settings import CHANNEL, MODE
from cogs.leveling.chat.cog import Chat
from cogs.leveling.multiplying.texts import where
from cogs.leveling.rewards.roles import LevelRoles
from cogs.leveling.rewards.rules import wanted
from cogs.leveling.why.explain import brought, why_nothing
from cogs.leveling.why.texts import prospect, refusal
from database.level_rewards import Reward
from database.xp_multipliers import XpMultiplier
from utils.cog import Cog
from utils.explanations import Explanation, RoleQuestion, XpQuestion, explains
from utils.findings import Finding, Repair, Severity, role_findings
from utils.i18n import _, format_number


class LevelingInsight(Cog):
    """What leveling did and why, and what is wrong with it."""

    def __init__(self, chat: Chat, roles: LevelRoles) -> None:
        super().__init__(chat.bot)
        self.chat = chat
        self.roles = roles
        self.leveling = roles.leveling

    @explains(XpQuestion)
    async def why_xp(self, question: XpQuestion) -> list[Explanation]:
        """As `xp why`."""
        if question.member.bot:
            return [Explanation(_("Bots have no XP."), decides=True)]
        if not self.is_on(question.guild.id):
            return [Explanation(refusal(self.chat, "off", question.member, question.channel), decides=True)]
        if question.message is not None:
            return [Explanation(await brought(self.chat, question.guild, question.message), decides=True)]
        reason = why_nothing(self.chat, question.member, question.channel)
        if reason is not None:
            return [Explanation(reason, decides=True)]
        now = discord.utils.utcnow()
        return [Explanation(prospect(self.chat, question.member, question.channel, now))]

    # --- roles for levels

    @explains(RoleQuestion)
    async def why_role(self, question: RoleQuestion) -> list[Explanation]:
        """Which level a role is for, and which one they have."""
        guild, member = question.guild, question.member
        rewards = {one.role_id: one for one in self.roles.of_guild(guild.id)}
        reward = rewards.get(question.role.id)
        if reward is None or member.bot:
            return []
        level = self.leveling.level(guild.id, (await self.leveling.standing(guild.id, member.id)).xp)
        values = {"needed": format_number(reward.level), "level": format_number(level)}
        if question.has:
            grants = (await self.roles.grants.of_many(guild.id, [member.id])).get(member.id, ())
            by_me = any(grant.role_id == question.role.id for grant in grants)
            text = _("It is the role for level {needed}; they are at level {level}.").format(**values)
            return [Explanation(text, decides=by_me or level >= reward.level)]
        if level < reward.level:
            text = _("Level {needed} brings it; they are at level {level}.").format(**values)
            return [Explanation(text, decides=True)]
        return [Explanation(await self._why_not_given(question, reward, rewards, level), decides=True)]

    async def _why_not_given(
        self, question: RoleQuestion, reward: Reward, rewards: dict[int, Reward], level: int
    ) -> str:
        guild, member = question.guild, question.member
        levels = {one.role_id: one.level for one in rewards.values()}
        if not self.bot.switches.feature_is_on(guild.id, self.feature):
            return _("They reached the level for it, but leveling is switched off.")
        if reward.role_id not in wanted(level, levels, self.roles.mode(guild.id)):
            return _("They reached a higher level: `level-rewards` says that members have the highest role only.")
        if member.pending:
            return _("They have yet to accept the rules of this server.")
        if await self.roles.sanctions.is_jailed(guild.id, member.id):
            return _("They are in jail, where nobody has roles for levels.")
        why = self.roles.trouble.why_not(guild, reward.role_id, reward, gives=True)
        if why is not None:
            return _("They reached the level for it, but I can't give it. {why}").format(why=why)
        return _("They reached the level for it: it was taken by hand, or `levels sync` gives it.")

    # --- what is wrong

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """Roles for levels that can't be given, and settings that contradict each other."""
        found = [one for reward in self.roles.of_guild(guild.id) for one in self._reward(guild, reward)]
        get = self.bot.guild_settings.get
        if get(guild.id, MODE) == "channel" and get(guild.id, CHANNEL) is None:
            found.append(
                Finding(
                    _("New levels are to be told in a channel, and none is set."),
                    _("Choose it with `config set level-up-channel #channel`."),
                )
            )
        if get(guild.id, settings.XP_LEAST) > get(guild.id, settings.XP_MOST):
            found.append(
                Finding(
                    _("`xp-least` is more than `xp-most`."),
                    _("Set the one below the other with `config set`."),
                    Severity.WARNING,
                )
            )
        return [*found, *self._multipliers(guild)]

    def _reward(self, guild: discord.Guild, reward: Reward) -> list[Finding]:
        async def forget(member: discord.Member) -> None:
            await self.roles.forget_role(guild.id, reward.role_id)

        level = format_number(reward.level)
        what = _("The role for level {level}").format(level=level)
        found = role_findings(
            guild, reward.role_id, what,
            if_gone=_("Choose another with `levels reward add`."),
            repair_gone=Repair(_("Forget the deleted role for level {level}").format(level=level), forget),
        )  # fmt: skip
        why = None if found else self.roles.trouble.why_not(guild, reward.role_id, reward, gives=True)
        if why is not None:
            problem = _("{what}: I don't give <@&{role}>.").format(what=what, role=reward.role_id)
            found.append(Finding(problem, why))
        return found

    def _multipliers(self, guild: discord.Guild) -> list[Finding]:
        held = self.chat.multipliers.of_guild(guild.id, discord.utils.utcnow())
        return [self._without_target(guild, one) for one in held if _is_gone(guild, one)]

    def _without_target(self, guild: discord.Guild, one: XpMultiplier) -> Finding:
        async def remove(member: discord.Member) -> None:
            await self.chat.multipliers.remove(guild.id, one.kind, one.target_id)

        return Finding(
            _("XP is multiplied for {where}.").format(where=where(guild, one)),
            _("Remove it with `xp multiplier remove {id}`.").format(id=one.target_id),
            Severity.HINT,
            Repair(_("Remove the multiplier of {id}").format(id=one.target_id), remove),
        )


def _is_gone(guild: discord.Guild, one: XpMultiplier) -> bool:
    """Whether what a multiplier is for was deleted."""
    if one.kind == "channel":
        return guild.get_channel_or_thread(one.target_id) is None
    return one.kind == "role" and guild.get_role(one.target_id) is None
