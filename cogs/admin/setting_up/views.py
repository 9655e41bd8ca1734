"""The wizard's message: a question with its buttons and menus, at the end the review."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import discord

from cogs.admin.setting_up import menus, texts
from cogs.admin.setting_up.doing import Doing
from cogs.admin.setting_up.facts import read_facts
from cogs.admin.setting_up.obstacles import problems, warnings
from cogs.admin.setting_up.planning import AUTOMOD, JAIL_ROLE_NAME, PLACES, Facts, Piece, plan
from cogs.admin.setting_up.steps import CREATE, KEPT, NONE, OPEN, SET, Answer, NotHereError, Step, Wizard
from utils import embeds
from utils.bot import CANNOT_SAY
from utils.context import GuildContext
from utils.formatting import BUTTON_LABEL_LIMIT, EMBED_DESCRIPTION_LIMIT, MESSAGE_LIMIT, truncate
from utils.i18n import _, ngettext, set_language, translate
from utils.views import OwnedView

log = logging.getLogger("hearth.admin")

OPEN_MINUTES: Final = 10
"""How long the wizard waits for each answer."""

Move = Callable[[], Wizard]


class SetupView(OwnedView):
    """One wizard. Everything but `do` only looks; `at_work` are the guilds that are being set up just now."""

    def __init__(self, ctx: GuildContext, wizard: Wizard, at_work: set[int]) -> None:
        super().__init__(ctx.bot, ctx.author.id, timeout_seconds=OPEN_MINUTES * 60)
        self.ctx = ctx
        self.wizard = wizard
        self.at_work = at_work
        self.first_language = self.language
        self.shown: tuple[Piece, ...] = ()
        """What the review says will be done."""

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Take each press of its owner once, however often Discord delivers it, and with the roles they have now."""
        if not self.bot.is_new(interaction.id) or not await super().interaction_check(interaction):
            return False
        assert isinstance(interaction.user, discord.Member)
        self.ctx.asked_by(interaction.user)
        return True

    # --- how it looks

    def draw(self, note: str | None = None) -> dict[str, Any]:
        """Lay out the buttons for where the wizard is, and give what the message is sent with."""
        self._speak()
        self.clear_items()
        facts = read_facts(self.bot, self.ctx.guild)
        declared = self.bot.guild_settings.declared
        while (step := self.wizard.current) is not None and any(key not in declared for key in step.keys):
            self.wizard = self.wizard.skip()  # its feature was unloaded meanwhile
        embed = self._draw_review(facts, note) if step is None else self._draw_step(step, facts)
        return self.ctx.as_contents([embed])[0]

    def _speak(self) -> None:
        """Go on in the language that was chosen for the server, with whom chose none of their own."""
        chosen = self.wizard.answers.get("language", KEPT)
        follows = chosen.kind == SET and self.ctx.preferences.language is None
        self.language = chosen.value if follows else self.first_language
        set_language(self.language)

    def _draw_step(self, step: Step, facts: Facts) -> discord.Embed:
        drawn = self.wizard
        starts = facts.starts.get(AUTOMOD, ())
        for menu in menus.for_step(self, step, drawn):
            self.add_item(menu)
        if step.key == "automod":
            label = translate(texts.OPTIONS["automod", "observe"])
            answer = Answer(SET, "observe")
            self._button(label, "🛡️", 1, lambda: drawn.answer(answer), primary=True, disabled=not starts)
        if step.key in {"prefix", "timezone"}:
            self.add_item(menus.OtherButton(self, step, drawn))
        if CREATE in step.kinds:
            label = texts.create_label(step, exists=self._exists(step, facts))
            self._button(label, "➕", 1, lambda: drawn.answer(Answer(CREATE)), primary=True)
        if NONE in step.kinds:
            self._button(translate(texts.NO_NAMES[step.key]), "🚫", 1, lambda: drawn.answer(Answer(NONE)))
        self._button(_("Back"), "◀", 2, drawn.back, disabled=drawn.before is None)
        self._button(_("Leave it as it is"), "▶", 2, drawn.skip)
        self._button(_("To the end"), "⏭", 2, drawn.finish)
        self._stop_button()
        return texts.question(self.bot, self.ctx.guild, drawn, step, starts)

    def _draw_review(self, facts: Facts, note: str | None) -> discord.Embed:
        drawn = self.wizard
        self.shown = plan(drawn.holding, facts)
        in_the_way = problems(self.bot, self.ctx.author, self.shown)
        looks = warnings(self.bot, self.ctx.guild, self.shown)
        text = texts.review(self.bot.guild_settings, self.shown, in_the_way, looks, note=note)
        title = _("What I will do")
        if len(text) > (EMBED_DESCRIPTION_LIMIT if self.ctx.can_embed else MESSAGE_LIMIT - len(title) - 5):
            in_the_way.append(
                _("This is more than one message holds, and all of it should be read before: do a part of it first.")
            )
            text = texts.review(self.bot.guild_settings, self.shown, in_the_way, (), note=note)
        self.add_item(menus.ChangeMenu(self, drawn))
        self.add_item(_DoButton(self, disabled=not self.shown or bool(in_the_way)))
        self._button(_("Back"), "◀", 2, drawn.back, disabled=drawn.before is None)
        self._button(_("Look again"), "🔁", 2, lambda: drawn)
        self._stop_button()
        return embeds.info(text, title=title)

    @staticmethod
    def _exists(step: Step, facts: Facts) -> bool:
        if step.key == "jail":
            return JAIL_ROLE_NAME in facts.roles
        return PLACES[step.key].name in facts.channels

    def _button(
        self, label: str, emoji: str, row: int, move: Move, *, primary: bool = False, disabled: bool = False
    ) -> None:
        self.add_item(_MoveButton(self, label, emoji, row, move, primary=primary, disabled=disabled))

    def _stop_button(self) -> None:
        self.add_item(_StopButton(self))

    # --- moves

    async def move(self, interaction: discord.Interaction[Any], drawn: Wizard, move: Move) -> None:
        """Take a step, unless it belongs to a question that was answered meanwhile: Discord may deliver one twice."""
        if self.wizard is not drawn or drawn.status != OPEN:
            await interaction.response.defer()
            return
        try:
            self.wizard = move()
        except NotHereError:
            await interaction.response.defer()
            return
        try:
            await interaction.response.edit_message(**self.draw(), view=self)
        except BaseException:
            await self._reopen(drawn, None)  # what can be seen is still the question of before
            raise

    async def end(self, interaction: discord.Interaction[Any], drawn: Wizard) -> None:
        """Stop, changing nothing."""
        if self.wizard is not drawn or drawn.status != OPEN:
            await interaction.response.defer()
            return
        self.wizard = drawn.cancel()
        self.stop()
        content = self.ctx.as_contents([embeds.info(_("Stopped. Nothing was changed."))])[0]
        await interaction.response.edit_message(**content, view=None)

    async def on_timeout(self) -> None:
        """Say that it is over, and that nothing happened."""
        if self.wizard.status != OPEN:
            return
        self.wizard = self.wizard.time_out()
        set_language(self.language)
        text = ngettext(
            "Nobody answered for {minutes} minute, so I stopped. Nothing was changed; `{command}` begins anew.",
            "Nobody answered for {minutes} minutes, so I stopped. Nothing was changed; `{command}` begins anew.",
            OPEN_MINUTES,
        ).format(minutes=OPEN_MINUTES, command=self._setup)
        if self.message is not None:
            with suppress(*CANNOT_SAY):
                await self.message.edit(**self.ctx.as_contents([embeds.info(text)])[0], view=None)

    # --- the end

    async def do(self, interaction: discord.Interaction[Any], drawn: Wizard) -> None:
        """Do what was shown, if it still is what there is to do."""
        if self.wizard is not drawn or not drawn.at_review:
            await interaction.response.defer()
            return
        guild_id, shown = self.ctx.guild.id, self.shown
        self.wizard = drawn.confirm()
        self.disable()
        text = _(
            "I'm at it… If nothing more comes in some minutes, use `{setup}` again: it goes on from what is there."
        )
        working = self.ctx.as_contents([embeds.info(text.format(setup=self._setup))])[0]
        try:
            await interaction.response.edit_message(**working, view=self)
            note = await self._why_not_now(shown)
        except BaseException:
            await self._reopen(drawn, None)
            raise
        if note is not None:
            await self._reopen(drawn, note)
            return
        self.stop()
        self.at_work.add(guild_id)
        try:
            doing = Doing(self.bot, self.ctx.author)
            outcomes = await doing.run(interaction, shown)
        finally:
            self.at_work.discard(guild_id)
        prefix = texts.prefix_now(self.bot, self.ctx.guild, self.ctx.prefix or "")
        await self._tell(texts.outcome(self.bot.guild_settings, outcomes, doing.made, prefix))

    @property
    def _setup(self) -> str:
        """How the wizard is called by now."""
        return f"{texts.prefix_now(self.bot, self.ctx.guild, self.ctx.prefix or '')}setup"

    async def _why_not_now(self, shown: Sequence[Piece]) -> str | None:
        """What has changed since the review was shown; None if nothing. Raises CheckFailure."""
        await self.ctx.check_again()
        if self.ctx.guild.id in self.at_work:
            return _("Somebody is setting this server up just now. Look again in a moment.")
        now = plan(self.wizard.to_do, read_facts(self.bot, self.ctx.guild))
        if now != shown or problems(self.bot, self.ctx.author, now):
            return _("Something has changed meanwhile, so nothing was done yet. Look at it once more.")
        return None

    async def _reopen(self, drawn: Wizard, note: str | None) -> None:
        """Be where it was, with what holds now."""
        self.wizard = drawn
        content = self.draw(note)
        if self.message is not None:
            with suppress(*CANNOT_SAY):
                await self.message.edit(**content, view=self)

    async def _tell(self, pages: Sequence[discord.Embed]) -> None:
        """Say what became of it, in place of the wizard and below; anew if that was deleted meanwhile."""
        contents = self.ctx.as_contents(pages)
        if self.message is not None:
            with suppress(*CANNOT_SAY):
                await self.message.edit(**contents[0], view=None)
                contents = contents[1:]
        try:
            for content in contents:
                await self.ctx.send(**content)
        except CANNOT_SAY:
            log.info("Could not say what became of the set-up of guild %d", self.ctx.guild.id, exc_info=True)


# These keep the view themselves: of two quick presses, the first one's answer takes the buttons out of it.


class _MoveButton(discord.ui.Button[SetupView]):
    """Goes on or back, from the state that it was drawn for."""

    def __init__(
        self, setup: SetupView, label: str, emoji: str, row: int, move: Move, *, primary: bool, disabled: bool
    ) -> None:
        style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
        label = truncate(label, BUTTON_LABEL_LIMIT)
        super().__init__(label=label, emoji=emoji, row=row, style=style, disabled=disabled)
        self.setup, self.drawn = setup, setup.wizard
        self.move = move

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await self.setup.move(interaction, self.drawn, self.move)


class _DoButton(discord.ui.Button[SetupView]):
    def __init__(self, setup: SetupView, *, disabled: bool) -> None:
        super().__init__(label=_("Do it"), emoji="✅", row=2, style=discord.ButtonStyle.success, disabled=disabled)
        self.setup, self.drawn = setup, setup.wizard

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await self.setup.do(interaction, self.drawn)


class _StopButton(discord.ui.Button[SetupView]):
    def __init__(self, setup: SetupView) -> None:
        super().__init__(label=_("Stop"), emoji="✖️", row=2, style=discord.ButtonStyle.danger)
        self.setup, self.drawn = setup, setup.wizard

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await self.setup.end(interaction, self.drawn)
