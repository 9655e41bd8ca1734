"""The commands about role menus, and what their buttons do."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import discord
from discord.ext import commands

from cogs.utility.posting import check_poster
from cogs.utility.rolemenus import texts
from cogs.utility.rolemenus.board import Board
from cogs.utility.rolemenus.rules import LONGEST_NAME, LONGEST_TEXT, MOST_MENUS, MOST_ROLES, SHORTEST_TIME, label_of
from cogs.utility.rolemenus.section import RoleMenusSection
from cogs.utility.rolemenus.service import SelfRoles
from cogs.utility.rolemenus.views import RoleButton, RoleSelect
from database.errors import DatabaseError
from database.ids import new_id
from database.role_menus import MenuRole, RoleMenu, RoleMenusStore
from utils import checks, embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context, GuildContext
from utils.converters import NOTHING, BoundedText, Duration, RoleConverter, TextChannelConverter
from utils.emoji import split_emoji
from utils.errors import UserError
from utils.events import SelfRoleTimer
from utils.formatting import code, safe, truncate
from utils.giving_roles import agreed_powers
from utils.i18n import _, format_list, format_number

log = logging.getLogger("hearth.utility")


class MenuName(commands.Converter[RoleMenu]):
    """A role menu of this guild by its name."""

    async def convert(self, ctx: Context, argument: str) -> RoleMenu:  # type: ignore[override]
        """Raise `BadArgument` if there is none of that name."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        store = RoleMenusStore(ctx.bot.db)
        menu = await store.named(ctx.guild.id, argument.strip())
        if menu is not None:
            return menu
        names = [code(one.name) for one in await store.of_guild(ctx.guild.id)]
        if not names:
            raise commands.BadArgument(_("There are no role menus here yet; `rolemenu create` makes one."))
        raise commands.BadArgument(
            _("There is no role menu “{name}”. There are: {names}.").format(
                name=safe(truncate(argument, LONGEST_NAME)), names=format_list(names)
            )
        )


AMenu = Annotated[RoleMenu, MenuName]


class RoleMenus(Cog):
    """Role menus: members give themselves roles by buttons or a selection."""

    dynamic_items: ClassVar = (RoleButton, RoleSelect)
    also_needs: ClassVar[Mapping[str, str]] = {"manage_roles": "role menus"}

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.roles = SelfRoles(bot)
        self.store = self.roles.store
        self.board = Board(bot, self.store)
        self.sections = (RoleMenusSection(self),)

    # --- using them

    async def chosen(self, interaction: discord.Interaction[Any], menu_id: int, role_ids: list[int]) -> None:
        """Somebody used a menu. Raises `UserError`."""
        self.check_on(interaction.guild_id)
        menu = await self.store.get(menu_id)
        member = interaction.user
        if menu is None or not isinstance(member, discord.Member) or menu.guild_id != member.guild.id:
            raise UserError(_("This role menu doesn't exist any more."))
        # Several roles may take longer than the three seconds that Discord waits for an answer.
        await interaction.response.defer()
        try:
            said = embeds.success(await self.roles.choose(member, menu, role_ids))
        finally:
            if menu.style == "select" or any(member.guild.get_role(one.role_id) is None for one in menu.roles):
                await self.board.show_anew(member.guild, menu, interaction)
        await interaction.followup.send(embed=said, ephemeral=True)

    @Cog.listener()
    async def on_self_role_timer(self, event: SelfRoleTimer) -> None:
        """Take a role whose time is over."""
        try:
            await self.roles.end(event)
        except DatabaseError:
            log.warning("Timer %d waits for the database", event.timer_id, exc_info=True)

    @Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Mark a role that isn't there any more."""
        for menu in await self.store.with_role(role.id):
            await self.board.refresh(role.guild, menu)

    @Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Call a role by its new name where it has no label of its own."""
        if before.name == after.name:
            return
        for menu in await self.store.with_role(after.id):
            part = next(one for one in menu.roles if one.role_id == after.id)
            if part.label == label_of(before.name):
                await self.store.put_role(menu.id, replace(part, label=label_of(after.name)), MOST_ROLES)
                await self._show_anew(after.guild, menu.id)

    # --- making them

    @group(name="rolemenu", aliases=["rolemenus", "selfroles", "reactionroles"])
    @example("")
    @checks.requires(manage_guild=True, manage_roles=True)
    async def rolemenu(self, ctx: GuildContext) -> None:
        """Show the role menus of this server."""
        menus = await self.store.of_guild(ctx.guild.id)
        if not menus:
            raise UserError(
                _("There are no role menus here yet. Make one like `{example}`.").format(
                    example=f'{ctx.clean_prefix}rolemenu create Colours @Red @Blue "Dark Green"'
                )
            )
        lines = [f"- **{safe(menu.name)}**: {texts.mentions([one.role_id for one in menu.roles])}" for menu in menus]
        await ctx.paginate_lines(lines, title=_("Role menus"))

    @rolemenu.command(name="create", aliases=["new", "make"])
    @example("Colours @Red @Blue", '"Game nights" Chess "Board games"')
    @checks.bot_needs(manage_roles=True)
    async def rolemenu_create(
        self,
        ctx: GuildContext,
        name: Annotated[str, BoundedText(LONGEST_NAME)],
        *roles: Annotated[discord.Role, RoleConverter],
    ) -> None:
        """Make a role menu.

        Put names of several words in quotes. Members can take and give back each role at first; change that with
        `rolemenu mode`, `rolemenu max`, `rolemenu require` and `rolemenu lasts`, then send it with `rolemenu post`.
        """
        different = list(dict.fromkeys(roles))
        if len(different) > MOST_ROLES:
            raise UserError(_("A menu has {most} roles at most.").format(most=format_number(MOST_ROLES)))
        parts = [await self._part(ctx, role, None, role.name) for role in different]
        menu = RoleMenu(new_id(), ctx.guild.id, name, roles=tuple(parts))
        if not await self.store.create(menu, MOST_MENUS):
            raise UserError(await self._why_not_made(ctx.guild, name))
        await ctx.success(
            _("The menu {name} is ready: `{command}` sends it.").format(
                name=f"**{safe(name)}**", command=f"{ctx.clean_prefix}rolemenu post {_quoted(name)} #channel"
            )
        )

    @rolemenu.command(name="add", usage="<menu> <role> [emoji] [label]")
    @example("Colours @Red", "Colours @Red 🔴", "Colours @Red 🔴 Warm and red")
    @checks.bot_needs(manage_roles=True)
    async def rolemenu_add(
        self,
        ctx: GuildContext,
        menu: AMenu,
        role: Annotated[discord.Role, RoleConverter],
        *,
        emoji_and_label: str = "",
    ) -> None:
        """Add a role to a menu, or give it another emoji and label."""
        emoji, label = split_emoji(emoji_and_label)
        part = await self._part(ctx, role, emoji, label or role.name)
        if not await self.store.put_role(menu.id, part, MOST_ROLES):
            raise UserError(_("A menu has {most} roles at most.").format(most=format_number(MOST_ROLES)))
        await self._changed(ctx, menu, _("{role} is in the menu now.").format(role=role.mention))

    @rolemenu.command(name="remove", aliases=["rm"], usage="<menu> <role>")
    @example("Colours @Red")
    async def rolemenu_remove(self, ctx: GuildContext, menu: AMenu, *, role: str) -> None:
        """Take a role out of a menu.

        A role that was deleted is named by its label or its id. Who has a role keeps it.
        """
        part = await self._part_meant(ctx, menu, role)
        await self.store.remove_role(menu.id, part.role_id)
        await self._changed(ctx, menu, _("{role} isn't in the menu any more.").format(role=f"**{safe(part.label)}**"))

    @rolemenu.command(name="text")
    @example("Colours What colour would you like to be?", "Colours none")
    async def rolemenu_text(
        self, ctx: GuildContext, menu: AMenu, *, text: Annotated[str, BoundedText(LONGEST_TEXT)]
    ) -> None:
        """Choose what a menu says; `none` for my own words."""
        await self._change(ctx, replace(menu, text=None if text.casefold() in NOTHING else text))

    @rolemenu.command(name="mode")
    @example("Colours unique", "News toggle")
    async def rolemenu_mode(
        self, ctx: GuildContext, menu: AMenu, mode: Literal["toggle", "add", "remove", "unique"]
    ) -> None:
        """Choose what a menu does: `toggle` gives and takes, `add` only gives, `remove` only takes.

        With `unique` members have one of its roles at a time: another one takes its place.
        """
        await self._change(ctx, replace(menu, mode=mode))

    @rolemenu.command(name="style")
    @example("Colours select", "Colours buttons")
    async def rolemenu_style(self, ctx: GuildContext, menu: AMenu, style: Literal["buttons", "select"]) -> None:
        """Choose what a menu looks like: a button for each role, or one selection with all of them."""
        await self._change(ctx, replace(menu, style=style))

    @rolemenu.command(name="max", aliases=["most", "limit"])
    @example("Colours 2", "Colours 0")
    async def rolemenu_max(self, ctx: GuildContext, menu: AMenu, most: int) -> None:
        """Choose how many roles of a menu somebody may have; 0 for all."""
        if not 0 <= most <= MOST_ROLES:
            raise UserError(_("This is a number from 0 to {most}.").format(most=format_number(MOST_ROLES)))
        await self._change(ctx, replace(menu, most=most))

    @rolemenu.command(name="require", aliases=["needs"], usage="<menu> <role or none>")
    @example("Colours @Members", "Colours none")
    async def rolemenu_require(self, ctx: GuildContext, menu: AMenu, *, role: str) -> None:
        """Choose which role somebody needs to use a menu; `none` lets everybody."""
        if role.strip().casefold() in NOTHING:
            await self._change(ctx, replace(menu, required_role_id=None))
            return
        needed = await RoleConverter().convert(ctx, role)
        await self._change(ctx, replace(menu, required_role_id=None if needed.is_default() else needed.id))

    @rolemenu.command(name="lasts", aliases=["temporary", "duration"], usage="<menu> <duration or none>")
    @example("Events 12h", "Events none")
    async def rolemenu_lasts(self, ctx: GuildContext, menu: AMenu, *, duration: str) -> None:
        """Choose how long members keep a role of a menu; `none` for good.

        It counts for whoever takes a role from then on.
        """
        if duration.strip().casefold() in NOTHING:
            await self._change(ctx, replace(menu, seconds=None))
            return
        length = await Duration(minimum=SHORTEST_TIME).convert(ctx, duration)
        await self._change(ctx, replace(menu, seconds=int(length.total_seconds())))

    @rolemenu.command(name="show", aliases=["info"])
    @example("Colours")
    async def rolemenu_show(self, ctx: GuildContext, *, menu: AMenu) -> None:
        """Show what a menu is like, and what is wrong about its roles."""
        await ctx.show(texts.described(ctx.guild, menu))

    @rolemenu.command(name="post", aliases=["send"])
    @example("Colours #roles", "Colours")
    @checks.bot_needs(embed_links=True)
    async def rolemenu_post(
        self,
        ctx: GuildContext,
        menu: AMenu,
        channel: Annotated[discord.TextChannel | None, TextChannelConverter] = None,
    ) -> None:
        """Send a menu to a channel, or to this one. The message sent before goes."""
        place: Any = channel or ctx.channel
        check_poster(place, ctx.author)
        await self.board.post(ctx.guild, menu, place)
        if place != ctx.channel:
            await ctx.success(_("The menu is in {channel}.").format(channel=place.mention))

    @rolemenu.command(name="delete")
    @example("Colours")
    async def rolemenu_delete(self, ctx: GuildContext, *, menu: AMenu) -> None:
        """Delete a menu and its message. Members keep their roles."""
        question = _("Delete the menu {name}? Members keep their roles.").format(name=f"**{safe(menu.name)}**")
        if not await ctx.confirm(question):
            await ctx.info(_("The menu stays."))
            return
        await self.store.remove(menu.id)
        await self.board.take_down(ctx.guild, menu)
        await ctx.success(_("The menu {name} is deleted.").format(name=f"**{safe(menu.name)}**"))

    # --- helpers

    async def _part(self, ctx: GuildContext, role: discord.Role, emoji: str | None, label: str) -> MenuRole:
        """A role for a menu, if whoever asks may hand it out and agrees to what it gives. Raises `UserError`."""
        bits = await agreed_powers(
            ctx, role,
            question=_("Everybody can take {role}, which gives these permissions: {permissions}. Is that all right?"),
            otherwise=_("{role} isn't in the menu.").format(role=role.mention),
        )  # fmt: skip
        return MenuRole(role.id, label_of(label), emoji, bits)

    async def _part_meant(self, ctx: GuildContext, menu: RoleMenu, text: str) -> MenuRole:
        """A role of a menu; one that was deleted by its label or id. Raises `UserError`."""
        text = text.strip()
        found = next((one for one in menu.roles if text.casefold() in {one.label.casefold(), str(one.role_id)}), None)
        if found is None:
            role = await RoleConverter().convert(ctx, text)
            found = next((one for one in menu.roles if one.role_id == role.id), None)
            if found is None:
                raise UserError(_("{role} isn't in the menu.").format(role=role.mention))
        return found

    async def _why_not_made(self, guild: discord.Guild, name: str) -> str:
        if await self.store.named(guild.id, name) is not None:
            return _("There is a role menu {name} already.").format(name=f"**{safe(name)}**")
        return _("That's enough: a server has {most} role menus at most.").format(most=format_number(MOST_MENUS))

    async def _change(self, ctx: GuildContext, menu: RoleMenu) -> None:
        if not await self.store.change(menu):
            raise UserError(_("This role menu doesn't exist any more."))
        hints = [f"-# {hint}" for hint in texts.hints(menu)]
        await self._changed(ctx, menu, "\n".join([_("The menu is changed."), *hints]))

    async def _changed(self, ctx: GuildContext, menu: RoleMenu, sentence: str) -> None:
        """Show a change in the message that is posted, and tell of it."""
        trouble = await self._show_anew(ctx.guild, menu.id)
        await ctx.success(sentence if trouble is None else f"{sentence}\n⚠️ {trouble}")

    async def _show_anew(self, guild: discord.Guild, menu_id: int) -> str | None:
        current = await self.store.get(menu_id)
        return None if current is None else await self.board.refresh(guild, current)


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
