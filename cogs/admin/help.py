"""Help: only what this person may run here."""

from collections.abc import Sequence
from typing import Any

import discord
from discord.ext import commands

from utils import embeds
from utils.bot import Hearth
from utils.checks import bot_permissions, invoker_permissions
from utils.cog import Cog
from utils.commands import AnyCommand, command, example, examples_of, usage_of
from utils.context import Context
from utils.errors import UserError
from utils.formatting import SELECT_OPTIONS_LIMIT, pages_of, truncate
from utils.i18n import _, format_list, help_parts, ngettext, translate
from utils.invoking import may_run
from utils.near import nearest
from utils.permissions import permission_names
from utils.views import OwnedView, Pages

COMMANDS_A_PAGE = 12
OVERVIEW_CHARACTERS = 800  # of one feature; six of them fit into one message
OTHER = "other"

Sections = dict[str, list[AnyCommand]]
"""The commands a person may run, by feature."""


class Help(Cog):
    """What I can do."""

    @command(aliases=["h"])
    @example("", "remind", "prefix add", "utility")
    async def help(self, ctx: Context, *, topic: str | None = None) -> None:
        """Show what I can do for you here.

        Name a command for its details, or a category for its commands.
        """
        sections = await sections_for(ctx)
        if topic is None:
            view = Overview(self.bot, ctx, sections)
            await ctx.show(view.overview, view=view)
            return
        wanted = topic.lower().strip()
        pages = await self._pages_about(ctx, wanted, sections)
        if not pages:
            raise UserError(self._unknown(ctx, wanted, sections))
        await ctx.paginate(pages)

    async def _pages_about(self, ctx: Context, wanted: str, sections: Sections) -> list[discord.Embed]:
        found = self.bot.get_command(wanted)
        pages: list[discord.Embed] = []
        if found is not None and await may_run(ctx, found) and (_listed(found, sections) or wanted not in sections):
            pages += await command_pages(ctx, found)
        if wanted in sections:  # `economy` is a command, too
            pages += category_pages(self.bot, ctx.clean_prefix, wanted, sections[wanted])
        if not pages and ctx.guild is not None:  # servers make commands of their own
            own = [await finder.about(ctx, wanted) for finder in self.bot.command_finders]
            pages += [embeds.info(about, title=f"{ctx.clean_prefix}{wanted}") for about in own if about]
        return pages

    def _unknown(self, ctx: Context, topic: str, sections: Sections) -> str:
        names = [one.qualified_name for section in sections.values() for one in section]
        near = nearest(topic, [*names, *sections])
        if near:
            return _("There is no such command or category; did you mean `{near}`?").format(
                near=f"{ctx.clean_prefix}help {near}"
            )
        return _("There is no such command or category; `{help}` lists them all.").format(
            help=f"{ctx.clean_prefix}help"
        )


async def sections_for(ctx: Context) -> Sections:
    """The commands this person may run here, with sub-commands, by feature."""
    known = sorted(ctx.bot.walk_commands(), key=lambda found: found.qualified_name)
    # What a group asks for, its commands ask for too; and a rule may allow one of them alone.
    shown = [one for one in known if not any(parent.hidden or not parent.enabled for parent in one.parents)]
    allowed = [one for one in shown if await may_run(ctx, one)]
    led_to = {one.full_parent_name for one in allowed}
    sections: Sections = {}
    for one in allowed:
        if one.qualified_name in led_to or not getattr(one, "only_leads", False):
            sections.setdefault(getattr(one.cog, "feature", OTHER), []).append(one)
    return dict(sorted(sections.items()))


def _listed(one: AnyCommand, sections: Sections) -> bool:
    """Whether a command is of use to somebody: one that only leads to others isn't, if they may run none of those."""
    return any(one in section for section in sections.values())


def category_name(bot: Hearth, feature: str) -> tuple[str, str]:
    """The title of a feature and what it is for, from its package's docstring."""
    loaded = bot.features.loaded.get(feature)
    first_line, _rest = help_parts(loaded.module.__doc__ if loaded else None)
    if not first_line:
        return feature.title(), ""
    title, _colon, purpose = translate(first_line).partition(":")
    purpose = purpose.strip()
    return title.strip(), purpose[:1].upper() + purpose[1:]


def short_help(one: AnyCommand) -> str:
    """A command's one line of help, in the current language."""
    first_line, _rest = help_parts(one.help)
    return translate(first_line)


def category_pages(bot: Hearth, prefix: str, feature: str, section: Sequence[AnyCommand]) -> list[discord.Embed]:
    """A category's commands, a line each."""
    title, purpose = category_name(bot, feature)
    lines = [f"`{usage_of(one, prefix)}`\n{short_help(one)}" for one in section]
    pages = pages_of(lines, most_lines=COMMANDS_A_PAGE)
    made = [embeds.info(f"{purpose}\n\n{page}" if purpose else page, title=title) for page in pages]
    for embed in made:
        embed.set_footer(text=_("{help} shows a command's details.").format(help=f"{prefix}help <command>"))
    return made


async def command_pages(ctx: Context, one: AnyCommand) -> list[discord.Embed]:
    """Everything about one command: one page, unless it is a group of many."""
    first_line, rest = help_parts(one.help)
    text = "\n\n".join(translate(part) for part in (first_line, rest) if part)
    embed = embeds.info(text, title=usage_of(one, ctx.clean_prefix))
    fields = [
        (_("Examples"), "\n".join(f"`{call}`" for call in examples_of(one, ctx.clean_prefix))),
        (_("Also called"), format_list([f"`{alias}`" for alias in one.aliases]) if one.aliases else ""),
        (_("Cooldown"), _cooldown(one)),
        (_("You need"), format_list(permission_names(invoker_permissions(one)))),
        (_("I need"), format_list(permission_names(bot_permissions(one)))),
        (_("Commands in it"), await _children(ctx, one)),
    ]
    return embeds.with_fields(embed, [(name, value) for name, value in fields if value])


def _cooldown(one: AnyCommand) -> str:
    cooldown = one.cooldown
    if cooldown is None:
        return ""
    return ngettext("{n} use in {seconds} s", "{n} uses in {seconds} s", cooldown.rate).format(
        n=cooldown.rate, seconds=round(cooldown.per)
    )


async def _children(ctx: Context, one: AnyCommand) -> str:
    if not isinstance(one, commands.Group):
        return ""
    children = sorted({child for child in one.commands if await may_run(ctx, child)}, key=lambda child: child.name)
    return "\n".join(f"`{usage_of(child, ctx.clean_prefix)}`: {short_help(child)}" for child in children)


class Overview(OwnedView):
    """The categories, and a select that opens one."""

    def __init__(self, bot: Hearth, ctx: Context, sections: Sections) -> None:
        super().__init__(bot, ctx.author.id)
        self.prefix = ctx.clean_prefix
        self.sections = sections
        self.plain = not ctx.can_embed
        self.overview = embeds.info(
            _("Choose a category, or write `{help}` for the details of a command.").format(
                help=f"{self.prefix}help <command>"
            ),
            title=_("What I can do for you here"),
        )
        options = []
        for feature, section in list(sections.items())[:SELECT_OPTIONS_LIMIT]:
            title, purpose = category_name(bot, feature)
            names = ", ".join(f"`{one.name}`" for one in section if one.parent is None)
            self.overview.add_field(
                name=title, value=truncate(f"{purpose}\n{names}".strip(), OVERVIEW_CHARACTERS), inline=False
            )
            options.append(discord.SelectOption(label=title[:100], value=feature, description=purpose[:100] or None))
        self.categories = _Categories(options)
        self.add_item(self.categories)

    async def open(self, interaction: discord.Interaction, feature: str) -> None:
        """Show a category, with buttons to leaf when it has several pages."""
        pages = category_pages(self.bot, self.prefix, feature, self.sections[feature])
        contents: list[dict[str, Any]] = (
            [{"content": text, "embed": None} for page in pages for text in embeds.as_texts(page)]
            if self.plain
            else [{"embed": page} for page in pages]
        )
        for option in self.categories.options:
            option.default = option.value == feature
        self.clear_items()
        if len(contents) > 1:
            Pages(self.bot, self.owner_id, contents).lend_buttons(self)
        self.add_item(self.categories)
        await interaction.response.edit_message(**contents[0], view=self)


class _Categories(discord.ui.Select["Overview"]):
    def __init__(self, options: list[discord.SelectOption]) -> None:
        super().__init__(placeholder=_("Choose a category"), options=options)

    async def callback(self, interaction: discord.Interaction) -> None:
        assert self.view is not None
        await self.view.open(interaction, self.values[0])
