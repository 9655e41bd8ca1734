"""Suggestions: what members want, voted on by members and decided by staff."""

import logging
from typing import Annotated, Any, ClassVar

import discord
from discord.ext import commands

from cogs.utility.suggestions import texts
from cogs.utility.suggestions.service import Desk
from cogs.utility.suggestions.settings import ANONYMOUS_SUGGESTIONS, SETTINGS
from cogs.utility.suggestions.views import SuggestionButton
from database.suggestions import Status, Suggestion
from utils import checks
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.commands import command, example, group
from utils.context import Context, GuildContext
from utils.converters import BoundedText, read_number
from utils.discretion import hidden
from utils.errors import UserError
from utils.i18n import _, ngettext, translate
from utils.places import delete_message

log = logging.getLogger("hearth.suggestions")

LINES_A_PAGE = 20


class SuggestionNumber(commands.Converter[Suggestion]):
    """A suggestion of this server, by its number."""

    async def convert(self, ctx: Context, argument: str) -> Suggestion:  # type: ignore[override]
        """Raise `BadArgument` if there is none of this number."""
        assert isinstance(ctx.cog, Suggestions)
        assert ctx.guild is not None
        number = read_number(argument)
        found = None if number is None else await ctx.cog.desk.store.numbered(ctx.guild.id, number)
        if found is None:
            raise commands.BadArgument(
                _("Name a suggestion by its number, like `3`; `suggestion list` shows what is open.")
            )
        return found


Which = Annotated[Suggestion, SuggestionNumber]
PerhapsWhich = Annotated[Suggestion | None, SuggestionNumber]
Reason = Annotated[str, BoundedText(texts.REASON_LIMIT)]


class Suggestions(Cog):
    """Suggestions: what members want, voted on by members and decided by staff."""

    settings = SETTINGS
    dynamic_items: ClassVar = (SuggestionButton,)
    also_needs: ClassVar = {
        "create_public_threads": "a thread under each suggestion, if that is set",
        "manage_messages": "deleting the command of an anonymous suggestion",
    }

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.desk = Desk(self)

    async def cog_unload(self) -> None:
        """Show the votes that changed last."""
        await self.desk.messages.finish()

    # --- suggesting

    @command()
    @commands.guild_only()
    @example("A film night every Friday")
    async def suggest(self, ctx: GuildContext, *, text: Annotated[str, BoundedText(texts.TEXT_LIMIT)]) -> None:
        """Suggest something for this server, for members to vote on.

        It is shown in the channel for suggestions, which `suggestion-channel` sets. Each member has one vote, and
        can change it until staff decides. Files aren't kept.
        """
        if ctx.message.attachments:
            raise UserError(_("I don't keep files: suggest it in words, or link to a page of your own."))
        anonymous = self.bot.guild_settings.get(ctx.guild.id, ANONYMOUS_SUGGESTIONS)
        one = await self.desk.take(ctx, text, anonymous=anonymous)
        sentence = _("Suggestion **#{number}** is up for votes: {link}").format(
            number=one.number, link=texts.address(one)
        )
        if anonymous:
            await self._hide(ctx)
        else:
            await ctx.success(sentence)

    async def _hide(self, ctx: GuildContext) -> None:
        """Delete the message with the command, and say to its author alone if that can't be done."""
        if not await hidden(ctx):
            await ctx.error(_("I can't delete your message: delete it, if nobody should see that it's from you."))

    # --- voting

    async def vote(self, interaction: discord.Interaction[Any], suggestion_id: int, doing: str) -> str:
        """Count a vote, or take it back; gives what the voter reads. Raises UserError if that's over."""
        self.check_on(interaction.guild_id)
        store, user_id = self.desk.store, interaction.user.id
        one = await store.get(suggestion_id)
        if one is None or one.guild_id != interaction.guild_id:
            raise UserError(_("This suggestion was deleted."))
        if one.message_id is None and interaction.message is not None:  # a crash came before it was written down
            await store.shown(one.id, interaction.message.channel.id, interaction.message.id)
        if not one.takes_votes:
            self.desk.messages.changed(suggestion_id)  # else its buttons wouldn't be there
            raise UserError(_("This suggestion is decided: no more votes are taken."))
        if doing == "back":
            changed = await store.take_back(suggestion_id, user_id)
            answer = _("Your vote is taken back.") if changed else _("You haven't voted on this.")
        else:
            changed = await store.vote(suggestion_id, user_id, supports=doing == "for")
            answer = _("Your vote counts.") if changed else _("You voted so already.")
        if changed:
            self.desk.messages.changed(suggestion_id)
        return answer

    # --- deciding

    @group(aliases=["suggestions"])
    @commands.guild_only()
    @example("3", "")
    async def suggestion(self, ctx: GuildContext, number: PerhapsWhich = None) -> None:
        """Show a suggestion and its votes; without a number, those that nothing is decided on."""
        if number is None:
            await self.suggestion_list(ctx)
            return
        await ctx.show(texts.shown(number, await self.desk.store.votes(number.id)))

    @suggestion.command(name="list")
    @example("")
    async def suggestion_list(self, ctx: GuildContext) -> None:
        """Show the suggestions that nothing is decided on, with the most support first."""
        found = await self.desk.store.undecided(ctx.guild.id)
        if not found:
            raise UserError(_("No suggestion is open."))
        title = ngettext("{count} open suggestion", "{count} open suggestions", len(found)).format(count=len(found))
        await ctx.paginate_lines(
            [texts.line(one, votes) for one, votes in found],
            most_lines=LINES_A_PAGE,
            title=title,
        )

    @suggestion.command(name="approve", aliases=["accept"])
    @checks.requires(manage_guild=True)
    @example("3", "3 We start next week.")
    async def suggestion_approve(self, ctx: GuildContext, number: Which, *, reason: Reason = "") -> None:
        """Approve a suggestion, with a reason if you like; no more votes are taken."""
        await self._decide(ctx, number, "approved", reason)

    @suggestion.command(name="deny", aliases=["reject"])
    @checks.requires(manage_guild=True)
    @example("3", "3 We had that last year.")
    async def suggestion_deny(self, ctx: GuildContext, number: Which, *, reason: Reason = "") -> None:
        """Deny a suggestion, with a reason if you like; no more votes are taken."""
        await self._decide(ctx, number, "denied", reason)

    @suggestion.command(name="consider")
    @checks.requires(manage_guild=True)
    @example("3", "3 We talk about it on Monday.")
    async def suggestion_consider(self, ctx: GuildContext, number: Which, *, reason: Reason = "") -> None:
        """Say that a suggestion is being considered; votes are still taken."""
        await self._decide(ctx, number, "considered", reason)

    @suggestion.command(name="implement", aliases=["done"])
    @checks.requires(manage_guild=True)
    @example("3", "3 See #announcements.")
    async def suggestion_implement(self, ctx: GuildContext, number: Which, *, reason: Reason = "") -> None:
        """Say that a suggestion is done."""
        await self._decide(ctx, number, "implemented", reason)

    @suggestion.command(name="delete", aliases=["withdraw"])
    @example("3")
    async def suggestion_delete(self, ctx: GuildContext, number: Which) -> None:
        """Delete a suggestion of yours with its votes; who manages the server can delete any."""
        if number.author_id != ctx.author.id and not ctx.author.guild_permissions.manage_guild:
            raise UserError(_("Only its author and who manages this server can delete a suggestion."))
        if not await self.desk.store.withdraw(number.id):
            raise UserError(_("This suggestion was deleted."))
        await delete_message(self.bot, ctx.guild.id, number.channel_id or 0, number.message_id)
        await ctx.success(_("Suggestion **#{number}** is deleted.").format(number=number.number))

    # --- helpers

    async def _decide(self, ctx: GuildContext, one: Suggestion, status: Status, reason: str) -> None:
        decided = await self.desk.store.decide(one.id, status, ctx.author.id, ctx.message.created_at, reason or None)
        if decided is None:
            raise UserError(_("This suggestion was deleted."))
        now = translate(texts.STATUS_NAMES[status])
        try:
            is_shown = await self.desk.messages.now(one.id)
        except CANNOT_SAY:
            log.warning("Suggestion %d isn't shown as it is now", one.id, exc_info=True)
            is_shown = False
        sentence = _("Suggestion **#{number}**: {status}.").format(number=one.number, status=now)
        if not is_shown:
            sentence = "\n".join([sentence, _("I couldn't change its message; was it deleted?")])
        await ctx.success(sentence)
        await self.desk.tell_author(ctx.guild, decided)
