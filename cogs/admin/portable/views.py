"""The preview of an import: what would change, which sections, and the button that does it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import discord

from cogs.admin.portable import texts
from cogs.admin.portable.service import ChangedMeanwhileError, Plan, Portable
from utils import embeds
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _, translate
from utils.portable import EntryChange
from utils.views import Pages

LOOKED_AT_SECONDS: Final = 600.0

MakePlan = Callable[[discord.Member], Awaitable[Plan]]
"""Compares the file with what the server has now, for who asks."""


class Preview(Pages):
    """Pages of a diff, with a choice of sections. Only who asked uses it, and once."""

    def __init__(self, ctx: GuildContext, portable: Portable, plan: Plan, make: MakePlan) -> None:
        self.ctx = ctx
        self.portable = portable
        self.plan = plan
        self.make = make
        self.names: list[str] = [name for name in plan.changed if plan.changed[name] or plan.gone.get(name)]
        self.with_gone = False
        super().__init__(ctx.bot, ctx.author.id, self.drawn(), timeout_seconds=LOOKED_AT_SECONDS)
        self.is_done = False
        if len(self.names) > 1 and plan.undoes is None:  # an import is taken back whole
            self.add_item(_Sections(self.portable, self.names))
        if any(plan.gone.values()):
            self.add_item(_Gone())
        self.add_item(_Do(_("Import") if plan.undoes is None else _("Take back")))
        self.add_item(_Cancel())

    @property
    def chosen(self) -> dict[str, list[EntryChange]]:
        """What the button would do."""
        return self.plan.chosen(self.names, with_gone=self.with_gone)

    def drawn(self) -> Sequence[dict[str, Any]]:
        """The pages as they are with what is chosen."""
        clashes = self.portable.clashes(self.plan, self.chosen)
        pages = texts.preview(self.ctx.guild, self.plan, self.chosen, self.portable.sections(), clashes)
        return self.ctx.as_contents(pages)

    async def redraw(self, interaction: discord.Interaction) -> None:
        """Show the first page with what is chosen now."""
        self.pages = self.drawn()
        self.count, self.index = len(self.pages), 0
        self._show_position()
        await interaction.response.edit_message(**self.pages[0], view=self)

    async def do(self, interaction: discord.Interaction) -> None:
        """Store what is shown, if it still is what would be stored."""
        if self.is_done:
            await interaction.response.defer()
            return
        if clashes := self.portable.clashes(self.plan, self.chosen):  # another choice may do
            raise UserError("\n".join(clashes))
        self.is_done = True
        self.disable()
        try:
            await interaction.response.edit_message(view=self)
            await self._store()
        finally:
            self.stop()

    async def _store(self) -> None:
        ctx, shown = self.ctx, self.chosen
        await ctx.check_again()
        self.plan = await self.make(ctx.author)
        if not shown:
            raise UserError(_("Nothing is chosen; nothing was changed."))
        if self.plan.problems or self.chosen != shown:
            raise _changed_meanwhile()
        undoes = self.plan.undoes.id if self.plan.undoes else None
        try:
            await self.portable.apply(ctx.guild, shown, by=ctx.author.id, undoes=undoes)
        except ChangedMeanwhileError as error:
            raise _changed_meanwhile() from error
        await ctx.reply(embed=embeds.success(texts.done(shown, is_undo=undoes is not None, prefix=ctx.clean_prefix)))


def _changed_meanwhile() -> UserError:
    return UserError(_("Something was changed meanwhile, so nothing was done. Use the command again."))


class _Sections(discord.ui.Select[Preview]):
    """Which sections."""

    def __init__(self, portable: Portable, names: Sequence[str]) -> None:
        known = portable.sections()
        options = [
            discord.SelectOption(label=translate(known[name].title), value=name, default=True) for name in names[:25]
        ]
        super().__init__(placeholder=_("Which sections?"), min_values=1, max_values=len(options), options=options)

    async def callback(self, interaction: discord.Interaction) -> None:
        assert self.view is not None
        self.view.names = [one.value for one in self.options if one.value in self.values]
        for option in self.options:
            option.default = option.value in self.values
        await self.view.redraw(interaction)


class _Gone(discord.ui.Button[Preview]):
    """Whether what the file doesn't have goes."""

    def __init__(self) -> None:
        super().__init__(style=discord.ButtonStyle.secondary, label=_("Remove what the file doesn't have"))

    async def callback(self, interaction: discord.Interaction) -> None:
        assert self.view is not None
        self.view.with_gone = not self.view.with_gone
        self.label = (
            _("Keep what the file doesn't have") if self.view.with_gone else _("Remove what the file doesn't have")
        )
        await self.view.redraw(interaction)


class _Do(discord.ui.Button[Preview]):
    def __init__(self, label: str) -> None:
        super().__init__(style=discord.ButtonStyle.danger, label=label)

    async def callback(self, interaction: discord.Interaction) -> None:
        assert self.view is not None
        await self.view.do(interaction)


class _Cancel(discord.ui.Button[Preview]):
    def __init__(self) -> None:
        super().__init__(style=discord.ButtonStyle.secondary, label=_("Cancel"))

    async def callback(self, interaction: discord.Interaction) -> None:
        view = self.view
        assert view is not None
        view.is_done = True
        view.disable()
        view.stop()
        said = view.ctx.as_contents([embeds.info(_("Nothing was changed."))])[0]
        await interaction.response.edit_message(**said, view=view)
