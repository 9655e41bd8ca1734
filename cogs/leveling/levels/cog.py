"""The group `levels`: how levels work here, and what staff does about it."""

from typing import Annotated

from cogs.leveling.base import LevelingCog
from cogs.leveling.curve_changes.change import CurveConverter, change_curve
from cogs.leveling.curve_changes.texts import curve_embed
from cogs.leveling.curves import Curve
from cogs.leveling.levels.overview import overview
from cogs.leveling.multipliers import Multipliers
from cogs.leveling.rewards.staff import Staff
from cogs.leveling.service import Leveling
from utils import checks
from utils.bot import Hearth
from utils.commands import example, group
from utils.context import GuildContext


class Levels(LevelingCog):
    """How levels work in a server."""

    def __init__(self, bot: Hearth, leveling: Leveling, multipliers: Multipliers, rewards: Staff) -> None:
        super().__init__(bot, leveling)
        self.multipliers = multipliers
        self.rewards = rewards

    @group()
    @example("")
    async def levels(self, ctx: GuildContext) -> None:
        """Show how levels work in this server."""
        await ctx.paginate(overview(ctx, self.leveling, self.multipliers, self.rewards.roles))

    # --- roles

    @levels.group(name="reward", aliases=["rewards", "role", "roles"])
    @example("")
    async def levels_reward(self, ctx: GuildContext) -> None:
        """Show which roles members get at which level."""
        await self.rewards.show(ctx)

    @levels_reward.command(name="list")
    @example("")
    async def levels_reward_list(self, ctx: GuildContext) -> None:
        """Show which roles members get at which level."""
        await self.rewards.show(ctx)

    @levels_reward.command(name="add", aliases=["set"], usage="<level> <role>")
    @example("5 @Regulars", '10 "Old Friends"', "@Regulars 5")
    @checks.requires(manage_guild=True, manage_roles=True)
    @checks.bot_needs(manage_roles=True)
    async def levels_reward_add(self, ctx: GuildContext, *, what: str = "") -> None:
        """Give a role to everybody who reaches a level.

        Who has reached it already gets the role, too. A role belongs to one level; several may belong to the same.
        Whether members keep the roles of lower levels says `config set level-rewards`: `stack` or `highest`.

        I only ever take roles that I gave. One that you take from somebody by hand stays away until they come back to
        the server. Who hasn't passed the membership screening, or is in jail, gets their roles afterwards.
        """
        await self.rewards.add(ctx, what)

    @levels_reward.command(name="remove", aliases=["delete", "rm"], usage="<level or role>")
    @example("@Regulars", "5", "5 @Regulars")
    @checks.requires(manage_guild=True)
    async def levels_reward_remove(self, ctx: GuildContext, *, what: str = "") -> None:
        """Give a role, or all roles of a level, to nobody any more.

        I take it from those whom I gave it; who got it by hand keeps it.
        """
        await self.rewards.remove(ctx, what)

    @levels.command(name="sync", usage="[--dry-run]")
    @example("", "--dry-run")
    @checks.requires(manage_guild=True)
    @checks.bot_needs(manage_roles=True)
    async def levels_sync(self, ctx: GuildContext, *, flags: str = "") -> None:
        """Look at everybody's roles for levels, and mend what is wrong.

        That happens by itself at new levels, when somebody comes back, and when you change the roles; this is for
        what couldn't be done then. `--dry-run` only shows what would change. It goes slowly, and you can cancel it.
        """
        await self.rewards.sync(ctx, flags)

    # --- the curve

    @levels.command(name="curve")
    @example("linear 100 75", "", "mee6", "total 50 -100 150")
    async def levels_curve(self, ctx: GuildContext, *, curve: Annotated[Curve | None, CurveConverter] = None) -> None:
        """Show how much XP each level takes, or choose another curve.

        Who may manage the server names the other curve; I show who would go up and down, and ask. XP stays as it is:
        levels are counted from it. `flat 500`, `linear 100 75` and `quadratic 5 50 100` say what each next level
        costs, the highest power first; `total 50 -100 150` says what a level takes in all.
        """
        if curve is None:
            await ctx.show(curve_embed(self.leveling.curve(ctx.guild.id)))
        else:
            await change_curve(ctx, self.rewards.roles, curve)
