"""The commands by which staff makes panels and says what tickets can be about."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

import discord
from discord.ext import commands

from cogs.utility.posting import check_poster
from cogs.utility.tickets import texts
from cogs.utility.tickets.board import Board
from cogs.utility.tickets.book import Book
from cogs.utility.tickets.places import lacking
from cogs.utility.tickets.rules import read_name, read_questions
from database.ids import new_id
from database.ticket_panels import TicketKind, TicketPanel, TicketPanelsStore
from utils import checks
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context, GuildContext
from utils.converters import NOTHING, BoundedText, TextChannelConverter
from utils.emoji import is_emoji, split_emoji
from utils.errors import UserError
from utils.formatting import BUTTON_LABEL_LIMIT, code, safe, truncate
from utils.i18n import _, format_list
from utils.permissions import permission_names
from utils.setting_types import Channel, Choice, Many, Role, SettingType, Template, Text, WholeNumber

MOST_PANELS: Final = 25
MOST_KINDS: Final = 25
"""As many as a message has places for buttons, and a selection for options."""
MOST_ROLES: Final = 10
LONGEST_NAME: Final = 50

CATEGORY: Final = Channel((discord.ChannelType.category,))
ROLES: Final[SettingType[tuple[int, ...]]] = Many(Role(), MOST_ROLES)
GREETING: Final = Template(texts.LONGEST_GREETING, places=texts.GREETING_PLACES)
LABEL: Final = Text(BUTTON_LABEL_LIMIT)
MOST_OPEN: Final = WholeNumber(1, 10)
PLACE: Final = Choice(("channel", "thread"))

Change = Callable[[discord.Guild, TicketKind, str], TicketKind]


def _emoji(guild: discord.Guild, kind: TicketKind, value: str) -> TicketKind:
    if value.casefold() in NOTHING:
        return replace(kind, emoji=None)
    if not is_emoji(value):
        raise UserError(_("This isn't an emoji."))
    return replace(kind, emoji=value)


CHANGES: Final[dict[str, Change]] = {
    "label": lambda guild, kind, value: replace(kind, label=LABEL.parse(value, guild)),
    "emoji": _emoji,
    "place": lambda guild, kind, value: replace(kind, place=PLACE.parse(value, guild)),
    "category": lambda guild, kind, value: replace(
        kind, category_id=None if value.casefold() in NOTHING else CATEGORY.parse(value, guild)
    ),
    "roles": lambda guild, kind, value: replace(
        kind, role_ids=() if value.casefold() in NOTHING else ROLES.parse(value, guild)
    ),
    "name": lambda guild, kind, value: replace(kind, name=read_name(value)),
    "greeting": lambda guild, kind, value: replace(
        kind, greeting=None if value.casefold() in NOTHING else GREETING.parse(value, guild)
    ),
    "questions": lambda guild, kind, value: replace(
        kind, questions=() if value.casefold() in NOTHING else read_questions(value)
    ),
    "limit": lambda guild, kind, value: replace(kind, most_open=MOST_OPEN.parse(value, guild)),
}
"""What can be changed of a kind, and how it is read."""


class PanelName(commands.Converter[TicketPanel]):
    """A panel of this guild by its name."""

    async def convert(self, ctx: Context, argument: str) -> TicketPanel:  # type: ignore[override]
        """Raise `BadArgument` if there is none of that name."""
        assert ctx.guild is not None
        store = TicketPanelsStore(ctx.bot.db)
        found = await store.named(ctx.guild.id, _unquoted(argument))
        if found is not None:
            return found
        names = [one.name for one in await store.of_guild(ctx.guild.id)]
        raise commands.BadArgument(_unknown(_unquoted(argument), names, "ticket panel create"))


class KindName(commands.Converter[TicketKind]):
    """A kind of tickets of this guild by its label."""

    async def convert(self, ctx: Context, argument: str) -> TicketKind:  # type: ignore[override]
        """Raise `BadArgument` if there is none of that label."""
        assert ctx.guild is not None
        store = TicketPanelsStore(ctx.bot.db)
        found = await store.kind_named(ctx.guild.id, _unquoted(argument))
        if found is not None:
            return found
        names = [kind.label for panel in await store.of_guild(ctx.guild.id) for kind in panel.kinds]
        raise commands.BadArgument(_unknown(_unquoted(argument), names, "ticket kind add"))


def _unquoted(argument: str) -> str:
    """A name without its quotation marks: as the last words of a command it keeps them."""
    name = argument.strip()
    return name[1:-1].strip() if len(name) > 2 and name[0] in '"“„' and name[-1] in '"”“' else name


def _unknown(argument: str, names: list[str], command: str) -> str:
    if not names:
        return _("There are none here yet; `{command}` makes one.").format(command=command)
    return _("There is no “{name}” here. There are: {names}.").format(
        name=safe(truncate(argument, LONGEST_NAME)), names=format_list([code(name) for name in names])
    )


APanel = Annotated[TicketPanel, PanelName]
AKind = Annotated[TicketKind, KindName]


class PanelCommands(Cog):
    """One half of the tickets' commands: the other half inherits it, so that both are in one group."""

    book: Book
    board: Board

    @group(aliases=["tickets"])
    @commands.guild_only()
    @example("")
    async def ticket(self, ctx: GuildContext) -> None:
        """Show the ticket that this channel belongs to, or else your own.

        Members open tickets by the buttons of a panel, which staff makes by `ticket panel create`.
        """
        await self.show_own(ctx)

    async def show_own(self, ctx: GuildContext) -> None:
        """Show the ticket here, or those of who asks."""
        raise NotImplementedError

    # --- panels

    @ticket.group(name="panel", aliases=["panels"])
    @checks.requires(manage_guild=True)
    @example("")
    async def ticket_panel(self, ctx: GuildContext) -> None:
        """Show the panels by which members open tickets."""
        await self._list_panels(ctx)

    @ticket_panel.command(name="list")
    @example("")
    async def ticket_panel_list(self, ctx: GuildContext) -> None:
        """Show the panels of this server with their kinds of tickets."""
        await self._list_panels(ctx)

    async def _list_panels(self, ctx: GuildContext) -> None:
        panels = await self.book.panels.of_guild(ctx.guild.id)
        if not panels:
            sentence = _("There are no panels here yet. Make one like `{example}`.")
            raise UserError(sentence.format(example=f'{ctx.clean_prefix}ticket panel create Help "❓ Questions"'))
        lines = [f"- **{safe(one.name)}**: {', '.join(safe(kind.label) for kind in one.kinds)}" for one in panels]
        await ctx.paginate_lines(lines, title=_("Panels for tickets"))

    @ticket_panel.command(name="create", aliases=["new", "make"], usage="<name> [kinds…]")
    @example('Help "❓ Questions" "🐞 Bug reports"', "Support")
    async def ticket_panel_create(
        self, ctx: GuildContext, name: Annotated[str, BoundedText(LONGEST_NAME)], *kinds: str
    ) -> None:
        """Make a panel, with the kinds of tickets that it has a button for.

        Put names of several words in quotes; an emoji may stand before them. Without any, the panel has one kind, of
        its own name. Say who answers by `ticket kind edit <kind> roles @Support`, then `ticket panel post` sends it.
        """
        panel = TicketPanel(new_id(), ctx.guild.id, name)
        made = [_kind(ctx.guild, panel, text) for text in kinds or (name,)]
        if len(made) > MOST_KINDS:
            raise UserError(_("A panel has {most} kinds of tickets at most.").format(most=MOST_KINDS))
        async with self.bot.db.transaction():
            if not await self.book.panels.create(panel, MOST_PANELS):
                raise UserError(await self._why_no_panel(ctx.guild, name))
            added = [kind for kind in made if await self.book.panels.add_kind(kind, MOST_KINDS)]
        await ctx.success(self._made(ctx, panel, left_out=[kind for kind in made if kind not in added]))

    def _made(self, ctx: GuildContext, panel: TicketPanel, left_out: list[TicketKind]) -> str:
        shown = code(f"{ctx.clean_prefix}ticket panel show {panel.name}")
        said = [_("The panel is made; {command} shows what it still needs.").format(command=shown)]
        if left_out:
            labels = format_list([f"**{safe(kind.label)}**" for kind in left_out])
            sentence = _("There are kinds of tickets of these names already, so I left them out: {kinds}.")
            said.append(sentence.format(kinds=labels))
        return "\n".join(said)

    async def _why_no_panel(self, guild: discord.Guild, name: str) -> str:
        if await self.book.panels.named(guild.id, name) is not None:
            return _("There is a panel {name} already.").format(name=f"**{safe(name)}**")
        return _("That's enough: a server has {most} panels at most.").format(most=MOST_PANELS)

    @ticket_panel.command(name="show", aliases=["info"])
    @example("Help")
    async def ticket_panel_show(self, ctx: GuildContext, *, panel: APanel) -> None:
        """Show what a panel is like, and what is wrong about it."""
        troubles = {kind.id: trouble for kind in panel.kinds if (trouble := self._trouble(ctx, panel, kind))}
        await ctx.show(texts.described(ctx.guild, panel, troubles))

    def _trouble(self, ctx: GuildContext, panel: TicketPanel, kind: TicketKind) -> str | None:
        guild = ctx.guild
        if kind.place == "channel" and kind.category_id is not None and guild.get_channel(kind.category_id) is None:
            return _("Its category was deleted.")
        parent = guild.get_channel(panel.channel_id or 0)
        if (kind.place == "channel" or parent is not None) and (missing := lacking(guild, kind, parent)):
            names = format_list(permission_names(missing))
            return _("I need {permissions} for it.").format(permissions=names)
        if not any(guild.get_role(role_id) for role_id in kind.role_ids):
            return _("Nobody but administrators sees these tickets: name who answers by {command}.").format(
                command=code(f"{ctx.clean_prefix}ticket kind edit {_quoted(kind.label)} roles @Support")
            )
        return None

    @ticket_panel.command(name="post", aliases=["send"])
    @example("Help #support", "Help")
    @checks.bot_needs(embed_links=True)
    async def ticket_panel_post(
        self,
        ctx: GuildContext,
        panel: APanel,
        channel: Annotated[discord.TextChannel | None, TextChannelConverter] = None,
    ) -> None:
        """Send a panel to a channel, or to this one. The message sent before goes."""
        place: Any = channel or ctx.channel
        if not isinstance(place, discord.TextChannel):
            raise UserError(_("A panel needs an ordinary text channel."))
        check_poster(place, ctx.author)
        await self.board.post(ctx.guild, panel, place)
        if place != ctx.channel:
            await ctx.success(_("The panel is in {channel}.").format(channel=place.mention))

    @ticket_panel.command(name="edit")
    @example("Help text Ask us anything!", "Help text none", "Help style select")
    async def ticket_panel_edit(
        self, ctx: GuildContext, panel: APanel, what: Literal["text", "style"], *, value: str
    ) -> None:
        """Change what a panel says, or whether it has `buttons` or a `select`; text `none` for my own words."""
        if what == "style":
            changed = replace(panel, style=Choice(("buttons", "select")).parse(value, ctx.guild))
        else:
            text = Text(texts.LONGEST_PANEL_TEXT, single_line=False).check(value)
            changed = replace(panel, text=None if value.casefold() in NOTHING else text)
        if not await self.book.panels.change(changed):
            raise UserError(_("This panel doesn't exist any more."))
        await self._changed(ctx, panel.id, _("The panel is changed."))

    @ticket_panel.command(name="delete", aliases=["remove"])
    @example("Help")
    async def ticket_panel_delete(self, ctx: GuildContext, *, panel: APanel) -> None:
        """Delete a panel and its message. Tickets that are open stay."""
        question = _("Delete the panel {name} with its kinds of tickets? Tickets that are open stay.")
        if not await ctx.confirm(question.format(name=f"**{safe(panel.name)}**")):
            await ctx.info(_("The panel stays."))
            return
        await self.book.panels.remove(panel.id)
        await self.board.take_down(ctx.guild, panel)
        await ctx.success(_("The panel {name} is deleted.").format(name=f"**{safe(panel.name)}**"))

    # --- kinds

    @ticket.group(name="kind", aliases=["kinds"])
    @checks.requires(manage_guild=True)
    @example("")
    async def ticket_kind(self, ctx: GuildContext) -> None:
        """Show what tickets can be about."""
        await self._list_panels(ctx)

    @ticket_kind.command(name="add", usage="<panel> [emoji] <label>")
    @example("Help 🐞 Bug reports")
    async def ticket_kind_add(self, ctx: GuildContext, panel: APanel, *, label: str) -> None:
        """Add a kind of tickets to a panel."""
        kind = _kind(ctx.guild, panel, label)
        if not await self.book.panels.add_kind(kind, MOST_KINDS):
            raise UserError(await self._why_no_kind(ctx.guild, kind))
        await self._changed(ctx, panel.id, _("{kind} is added.").format(kind=f"**{safe(kind.label)}**"))

    async def _why_no_kind(self, guild: discord.Guild, kind: TicketKind) -> str:
        if await self.book.panels.kind_named(guild.id, kind.label) is not None:
            return _("There is a kind of tickets of that name already.")
        return _("A panel has {most} kinds of tickets at most.").format(most=MOST_KINDS)

    @ticket_kind.command(name="edit", aliases=["set"], usage="<kind> <what> <value>")
    @example(
        '"Bug reports" roles @Support @Developers', '"Bug reports" category Tickets', '"Bug reports" place thread',
        '"Bug reports" questions What happened? | A link --short --optional', '"Bug reports" name bug-{number}',
        '"Bug reports" greeting Hello {member}, we look into it.', '"Bug reports" limit 3',
    )  # fmt: skip
    async def ticket_kind_edit(self, ctx: GuildContext, kind: AKind, what: str, *, value: str) -> None:
        """Change a kind of tickets: label, emoji, place, category, roles, name, greeting, questions or limit.

        `roles` are those that answer. `place` is `channel` or `thread`. `questions` are asked in a form before,
        parted by `|`, five at most; with `--short` for one line, and `--optional`. `limit` is how many a person may
        have open. `none` takes emoji, category, roles, greeting or questions away.
        """
        change = CHANGES.get(what.casefold())
        if change is None:
            options = format_list([code(name) for name in CHANGES], style="or")
            raise UserError(_("Say what changes: {options}.").format(options=options))
        if not await self.book.panels.change_kind(change(ctx.guild, kind, value.strip())):
            raise UserError(_("This kind doesn't exist any more, or there is another one of that name."))
        await self._changed(ctx, kind.panel_id, _("{kind} is changed.").format(kind=f"**{safe(kind.label)}**"))

    @ticket_kind.command(name="remove", aliases=["delete", "rm"])
    @example("Bug reports")
    async def ticket_kind_remove(self, ctx: GuildContext, *, kind: AKind) -> None:
        """Take a kind of tickets out of its panel. Tickets that are open stay."""
        await self.book.panels.remove_kind(kind.id)
        await self._changed(ctx, kind.panel_id, _("{kind} is removed.").format(kind=f"**{safe(kind.label)}**"))

    async def _changed(self, ctx: GuildContext, panel_id: int, sentence: str) -> None:
        """Show a change in the message that is posted, and tell of it."""
        trouble = await self.board.refresh(ctx.guild, panel_id)
        await ctx.success(sentence if trouble is None else f"{sentence}\n⚠️ {trouble}")


def _kind(guild: discord.Guild, panel: TicketPanel, text: str) -> TicketKind:
    """A new kind by its emoji and label. Raises SettingError."""
    emoji, label = split_emoji(text)
    return TicketKind(new_id(), panel.id, guild.id, LABEL.parse(" ".join((label or text).split()), guild), emoji)


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
