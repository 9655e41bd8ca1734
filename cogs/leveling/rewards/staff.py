"""What staff does about roles for levels: adding, removing, listing, looking at everybody's."""

from contextlib import suppress
from typing import Any, Final

import discord
from discord.ext import commands

from cogs.leveling.rewards import texts
from cogs.leveling.rewards.cog import Rewards
from cogs.leveling.rewards.rules import MOST_REWARDS, split_level
from cogs.leveling.rewards.sync import Sync
from cogs.leveling.rewards.views import CancelSync
from database.level_rewards import EVERYBODY, Reward
from utils import checks, embeds
from utils.bot import CANNOT_SAY
from utils.context import GuildContext
from utils.errors import UserError
from utils.formatting import code, pages_of, truncate
from utils.giving_roles import powers, powers_shown
from utils.i18n import _, format_list, format_number, ngettext
from utils.lookup import NoMatchError, find_role, role_id_in

TOLD_EVERY_SECONDS: Final = 4.0
DRY_RUN: Final = frozenset({"--dry-run", "--dryrun", "--dry", "—dry-run", "–dry-run", "dry", "dry-run", "dryrun"})
"""Telephones make a dash of two hyphens."""


class Staff:
    """The work of the commands under `levels` that are about roles."""

    def __init__(self, rewards: Rewards) -> None:
        self.rewards = rewards
        self.roles = rewards.roles
        self.bot = rewards.bot

    # --- adding and removing

    async def add(self, ctx: GuildContext, text: str) -> None:
        """Let a role be given from a level on."""
        _check_rights(ctx)
        level, name = split_level(text)
        if level is None or not name:
            raise UserError(
                _("Write the level and the role, like `{example}`.").format(
                    example=f"{ctx.clean_prefix}levels reward add 5 @Regulars"
                )
            )
        role = _role(ctx.guild, name)
        self._check_level(ctx.guild.id, level)
        if role.is_default():
            raise UserError(_("Everybody has this role anyway."))
        checks.handling_role(ctx, role)
        self._check_new(role, level)
        reward = Reward(ctx.guild.id, role.id, level, await self._powers(ctx, role, level))
        if not await self.roles.store.put(reward, MOST_REWARDS):
            raise UserError(
                _("That's enough: {most} roles may belong to levels. Remove one first.").format(
                    most=format_number(MOST_REWARDS)
                )
            )
        before = self._known(role)
        await self._changed(ctx.guild.id)
        await ctx.success(texts.added(role, level, before))

    def _known(self, role: discord.Role) -> Reward | None:
        return next((one for one in self.roles.of_guild(role.guild.id) if one.role_id == role.id), None)

    def _check_new(self, role: discord.Role, level: int) -> None:
        """Raise `UserError` if the role is given for this level already, with all that it is powerful for."""
        known = self._known(role)
        if known is not None and known.level == level and not powers(role) & ~known.powers:
            raise UserError(
                _("Members get {role} at level {level} already.").format(
                    role=role.mention, level=format_number(level)
                )
            )

    def _check_level(self, guild_id: int, level: int) -> None:
        highest = self.roles.leveling.curve(guild_id).highest
        if not 1 <= level <= highest:
            raise UserError(_("Levels go from 1 to {highest}.").format(highest=format_number(highest)))

    async def _powers(self, ctx: GuildContext, role: discord.Role, level: int) -> int:
        """The powerful permissions of a role, which staff agrees to give away."""
        bits = powers(role)
        if bits:
            question = _(
                "Everybody who reaches level {level} gets these permissions by {role}: {permissions}. Give it all the"
                " same?"
            ).format(
                level=format_number(level), role=role.mention,
                permissions=powers_shown(bits),
            )  # fmt: skip
            if not await ctx.confirm(question):
                raise UserError(_("{role} isn't given for a level.").format(role=role.mention))
            checks.handling_role(ctx, role)
        return bits

    async def remove(self, ctx: GuildContext, text: str) -> None:
        """Let a role, or all roles of a level, be given no more."""
        found = self._meant(ctx, text)
        for reward in found:
            await self.roles.store.remove(ctx.guild.id, reward.role_id)
        await self._changed(ctx.guild.id)
        roles = format_list([f"<@&{reward.role_id}>" for reward in found])
        await ctx.success(
            ngettext(
                "{roles} isn't given for a level any more. I take it from whom I gave it in the next minutes.",
                "{roles} aren't given for a level any more. I take them from whom I gave them in the next minutes.",
                len(found),
            ).format(roles=roles)
        )

    def _meant(self, ctx: GuildContext, text: str) -> list[Reward]:
        """The rewards that a role, a level, or both name. A role that was deleted is named by its id."""
        known = self.roles.of_guild(ctx.guild.id)
        level, name = split_level(text)
        if level is not None and not name:
            found = [reward for reward in known if reward.level == level]
            if not found:
                raise UserError(_("No role is given at level {level}.").format(level=format_number(level)))
            return found
        role_id = role_id_in(name) or _role(ctx.guild, name).id
        found = [one for one in known if one.role_id == role_id and level in {None, one.level}]
        if not found:
            raise UserError(
                _("This role isn't given for that level; `{command}` shows which are.").format(
                    command=f"{ctx.clean_prefix}levels reward list"
                )
            )
        return found

    async def _changed(self, guild_id: int) -> None:
        await self.roles.load_guild(guild_id)
        await self.rewards.look_at(guild_id, EVERYBODY)

    # --- looking

    async def show(self, ctx: GuildContext) -> None:
        """Show which roles there are for levels."""
        rewards = self.roles.of_guild(ctx.guild.id)
        if not rewards:
            await ctx.info(_("No role is given for a level here."))
            return
        for_staff = ctx.permissions.manage_guild
        lines = texts.reward_lines(ctx.guild, rewards, self.roles.trouble, for_staff=for_staff)
        how = texts.how_given(self.roles.mode(ctx.guild.id))
        pages = [embeds.info(page, title=_("Roles for levels")) for page in pages_of(lines, 3_500, 25)]
        for page in pages:
            page.set_footer(text=how)
        await ctx.paginate(pages)

    # --- looking at everybody

    async def sync(self, ctx: GuildContext, text: str) -> None:
        """Look at everybody's roles, and say how far it is."""
        dry_run = _is_dry_run(text)
        running = self.rewards.syncs.get(ctx.guild.id)
        if running is not None:
            raise UserError(_("I'm at it already. {progress}").format(progress=texts.sync_progress(running)))
        if not dry_run and not ctx.guild.me.guild_permissions.manage_roles:
            raise commands.BotMissingPermissions(["manage_roles"])
        sync = Sync(self.roles, ctx.guild, dry_run=dry_run)
        self.rewards.syncs[ctx.guild.id] = sync
        try:
            if not dry_run:
                await self.rewards.dues.put(ctx.guild.id, [EVERYBODY])
            view = CancelSync(self.bot, ctx.author.id, sync)
            await ctx.show(embeds.info(texts.sync_progress(sync)), view=view)
        except BaseException:
            del self.rewards.syncs[ctx.guild.id]
            raise
        self.rewards.spawn(self._run(ctx, sync, view))

    async def _run(self, ctx: GuildContext, sync: Sync, view: CancelSync) -> None:
        """Do it, and edit the message every few seconds."""
        told_at = discord.utils.utcnow()

        async def tell(_sync: Sync) -> None:
            nonlocal told_at
            now = discord.utils.utcnow()
            if (now - told_at).total_seconds() >= TOLD_EVERY_SECONDS:
                told_at = now
                await self._show(ctx, view, embeds.info(texts.sync_progress(sync)))

        sync.progress = tell
        try:
            await self.rewards.sync(sync)
        except Exception:
            sync.failed = True
            raise
        finally:
            view.stop()
            view.disable()
            await self._show(ctx, view, self._end(sync))

    def _end(self, sync: Sync) -> discord.Embed:
        if self.rewards.is_leaving and not sync.dry_run:
            return embeds.info(_("I was stopped here. The rest follows when I'm back."))
        kind = embeds.error if sync.failed else embeds.info if sync.cancelled or sync.dry_run else embeds.success
        return kind(texts.sync_report(sync))

    async def _show(self, ctx: GuildContext, view: CancelSync, embed: discord.Embed) -> None:
        content: dict[str, Any] = ctx.as_contents([embed])[0]
        with suppress(*CANNOT_SAY):
            if view.message is not None:
                await view.message.edit(**content, view=view)


def _check_rights(ctx: GuildContext) -> None:
    """Manage Roles is asked of the whole server: in one channel it means another permission."""
    if not ctx.author.guild_permissions.manage_roles:
        raise commands.MissingPermissions(["manage_roles"])
    if not ctx.guild.me.guild_permissions.manage_roles:
        raise commands.BotMissingPermissions(["manage_roles"])


def _role(guild: discord.Guild, name: str) -> discord.Role:
    try:
        return find_role(guild, name)
    except NoMatchError as error:
        raise UserError(str(error)) from error


def _is_dry_run(text: str) -> bool:
    word = text.strip().casefold()
    if word and word not in DRY_RUN:
        raise UserError(
            _("I don't know {text} here; `--dry-run` only shows what would change.").format(
                text=code(truncate(word, 40))
            )
        )
    return bool(word)
