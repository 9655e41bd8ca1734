"""Deleting many messages at once."""

import asyncio
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

import discord
from discord.ext import commands

from cogs.moderation.actions import audit_text
from cogs.moderation.gone import AlsoGone
from cogs.moderation.kinds import performs
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.purge import rules
from cogs.moderation.purge.patterns import matching
from cogs.moderation.purge.rules import Choice, Seen
from cogs.moderation.purge.texts import AUTHORS_KEPT, outcome, preview, why_nothing
from cogs.moderation.purge.transcript import Heading, file_name, transcript
from cogs.moderation.purge.words import FLAGS, Ask, parse
from cogs.moderation.refusals import REFUSALS, ActionFailedError, may_have_happened, why_refused
from cogs.moderation.unsettled import UnsettledError
from database.moderation import Case, NewCase
from database.removed_messages import RemovedMessage
from utils import checks, embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.errors import UserError
from utils.formatting import clean_input, code, truncate
from utils.i18n import _, using
from utils.lookup import user_id_in
from utils.views import Confirm

KIND = "purge"
ANSWER_STAYS_SECONDS = 10
PAGE = 100  # messages of one call of the history
UNKNOWN_MESSAGE = 10008  # Discord's code
EMBED_TEXT_LIMIT = 200  # characters, in the transcript


class Purge(Cog):
    """Delete many messages at once."""

    also_needs: ClassVar[Mapping[str, str]] = {"attach_files": "the file of what was deleted, in the mod log"}

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline
        self._vanishing: set[int] = set()
        """Answers that go by themselves, and so are none of the latest messages."""

    @command(aliases=["clear", "clean", "prune"])
    @example("50", "50 @ann", '100 --links --contains "free"', "200 --bots --show", "--after 1234567890123456789")
    @performs(KIND)
    @checks.requires(read_message_history=True)
    @checks.bot_requires(manage_messages=True, read_message_history=True)
    @commands.max_concurrency(1, commands.BucketType.channel)
    async def purge(self, ctx: Context, *, what: str = "") -> None:
        """Delete the latest messages here, of certain people or with certain content.

        Say how many, or reply to a message to delete everything from it on. Name people to delete theirs only, and
        add filters; a message must fit all of them, or one of them with `--any`:

        - `--bots`, `--humans`: who wrote it.
        - `--contains "some words"`: what it says, whatever the case. It may stand there several times.
        - `--regex "gr[ae]y"`: a pattern that its text fits; `(?i)` in front lets the case make no difference.
        - `--links`, `--invites`, `--images`, `--files`, `--embeds`, `--emoji`: what is in it.
        - `--mentions`, `--reactions`: whether it mentions somebody or has reactions.
        - `--duplicates`: what somebody wrote already; the first one stays.
        - `--before`, `--after` and a message's link or id; `--between` and two of them. These messages stay.

        Pinned messages stay unless you add `--pins`. `--show` only shows what would go. I ask above 100 messages, and
        look through the last 2000 at most. What is older than 14 days stays: Discord deletes it only one by one.
        `--reason "why"` goes into the case; the mod log gets a file with what was deleted.
        """
        assert ctx.guild is not None
        await self.pipeline.refuse_repeated(ctx.guild.id, ctx.message.id, KIND)
        what = clean_input(what)
        ask = within_reply(parse(what, ctx.channel.id), ctx.message)
        if ask.reads_content and not self.bot.intents.message_content:
            raise UserError(_("Discord doesn't show me what messages say here, so I can't choose by that."))
        choice = await self._search(ctx, ask)
        if ask.show:
            await ctx.show(preview(choice))
            return
        if not choice.taken:
            raise UserError(why_nothing(choice))
        ours = [ctx.message.id]
        if len(choice.taken) > rules.ASKS_ABOVE:
            question = await self._question(ctx, choice)
            if question is None:
                return
            await ctx.check_again()
            ours.append(question.id)
        await self._carry_out(ctx, await self._open(ctx, what, ask, choice), choice, ours)

    # --- looking

    async def _search(self, ctx: Context, ask: Ask) -> Choice:
        """Look back, a page at a time, until enough is found or the limit is reached."""
        now, people = discord.utils.utcnow(), await self._people(ctx, ask)
        before = discord.Object(min(ask.before or ctx.message.id, ctx.message.id))
        seen: list[Seen] = []
        by_pattern: set[int] = set()
        while True:
            page = await self._page(ctx.channel, before, ask.after)
            seen += page
            if ask.regex is not None and page:
                fit = await matching(ask.regex, [message.text for message in page])
                by_pattern.update(message.id for message, fits in zip(page, fit, strict=True) if fits)
            choice = rules.choose(seen, ask, now, people=people, by_pattern=by_pattern)
            # Whether something was said before, only what is further back can tell.
            enough = choice.complete and "duplicates" not in ask.filters
            if enough or len(page) < PAGE or len(seen) >= rules.MOST_SCANNED:
                return choice
            before = discord.Object(page[-1].id)

    async def _page(self, channel: Any, before: discord.Object, after: int | None) -> list[Seen]:
        page = channel.history(limit=PAGE, before=before)
        seen = [seen_of(message) async for message in page if after is None or message.id > after]
        return [replace(one, deletable=False) if one.id in self._vanishing else one for one in seen]

    async def _people(self, ctx: Context, ask: Ask) -> set[int]:
        """The ids of those who are named. They needn't be here any more; by name, if they have a case."""
        assert ctx.guild is not None
        found = set[int]()
        for word in ask.people:
            try:
                found.add(user_id_in(word) or (await AlsoGone().convert(ctx, word)).id)
            except commands.BadArgument as error:
                name = word.strip("-").casefold()
                if name in FLAGS:  # other bots have filters without dashes
                    raise UserError(
                        _("I don't know {flag}. Did you mean {near}?").format(flag=code(word), near=code(f"--{name}"))
                    ) from error
                raise UserError(str(error)) from error
        return found

    async def _question(self, ctx: Context, choice: Choice) -> discord.Message | None:
        """Ask the moderator; the question's message if they say yes."""
        view = Confirm(self.bot, ctx.author.id)
        message = await ctx.show(preview(choice, asks=True), view=view)
        await view.wait()
        return message if view.answer else None

    # --- doing

    async def _open(self, ctx: Context, what: str, ask: Ask, choice: Choice) -> Case:
        assert ctx.guild is not None
        authors = rules.by_author(choice.taken)[:AUTHORS_KEPT]
        details = {
            "messages": len(choice.taken),
            # A webhook can't be mentioned, only named.
            "authors": [[None if one.is_webhook else one.author_id, one.name, one.count] for one in authors],
            "asked": what,
        }
        return await self.pipeline.write_down(
            NewCase(
                guild_id=ctx.guild.id, kind=KIND, source="command", moderator_id=ctx.author.id,
                moderator_name=str(ctx.author), reason=ask.reason, opened_at=discord.utils.utcnow(), details=details,
                channel_id=ctx.channel.id, message_id=ctx.message.id,
            )
        )  # fmt: skip

    async def _carry_out(self, ctx: Context, case: Case, choice: Choice, ours: Sequence[int]) -> None:
        """Delete, settle the case, log it, and say it; what was deleted before Discord refused is logged, too."""
        reason = audit_text(str(ctx.author), case.reason)
        gone, refusal = await delete(ctx.channel, [*ours, *(message.id for message in choice.taken)], reason)
        deleted = [message for message in choice.taken if message.id in gone]
        await self._note(case, ctx.channel.id, deleted)
        failure = None
        if refusal is not None:
            failure = _("Messages deleted: {gone} of {wanted}. {why}").format(
                gone=len(deleted), wanted=len(choice.taken), why=why_refused(refusal)
            )
        file = self._file(ctx, case, deleted) if deleted else None
        if failure is not None:
            failed = await self.pipeline.failed(case, failure, file=file)
            raise ActionFailedError(failure, failed) from refusal
        try:
            with self.pipeline.unsettled.settling(case):
                settled = await self.pipeline.cases.settle(case, "done", discord.utils.utcnow())
        except UnsettledError:
            await self.pipeline.case_log.show(case, file=file)  # nobody can make this file again
            raise
        await self.pipeline.finish(settled or case, file=file)
        answer = await ctx.send(embed=embeds.success(outcome(choice, case.number)))
        self.spawn(self._vanish(answer))

    async def _note(self, case: Case, channel_id: int, deleted: Sequence[Seen]) -> None:
        """Write down what was deleted, for who asks why."""
        now, details = discord.utils.utcnow(), {"case": case.number}
        await self.bot.removals.note(
            [
                RemovedMessage(
                    case.guild_id, one.id, channel_id, None if one.is_webhook else one.author_id, KIND, now, details
                )
                for one in deleted
            ]
        )

    async def _vanish(self, answer: discord.Message) -> None:
        """Delete an answer after a while: the channel should look as if nothing had been there."""
        self._vanishing.add(answer.id)
        try:
            await asyncio.sleep(ANSWER_STAYS_SECONDS)
            with suppress(*REFUSALS):
                await answer.delete()
        finally:
            self._vanishing.discard(answer.id)

    def _file(self, ctx: Context, case: Case, deleted: Sequence[Seen]) -> discord.File:
        assert ctx.guild is not None
        heading = Heading(
            case.number, ctx.guild.name, str(ctx.channel), ctx.channel.id, str(ctx.author), ctx.author.id,
            discord.utils.utcnow(),
        )  # fmt: skip
        with using(self.bot.language_of(ctx.guild)):
            text = transcript(heading, deleted)
        return discord.File(io.BytesIO(text), file_name(case.number))


def within_reply(ask: Ask, message: discord.Message) -> Ask:
    """The same, from the message on that this one replies to. Raises UserError if nothing says where to stop."""
    reference = message.reference
    if reference is not None and reference.message_id is not None and reference.channel_id == message.channel.id:
        return replace(ask, after=max(ask.after or 0, reference.message_id - 1))
    if ask.count is None and ask.after is None:
        raise UserError(_("Say how many messages, like `purge 50`, or reply to the first one that should go."))
    return ask


async def delete(channel: Any, ids: Sequence[int], reason: str) -> tuple[set[int], Exception | None]:
    """Delete messages; the ids that are gone, and what Discord refused with before it was through.

    Messages that somebody else deleted meanwhile are gone as well.
    """
    gone: set[int] = set()
    for call in rules.in_calls(ids):
        try:
            await channel.delete_messages([discord.Object(one) for one in call], reason=reason)
        except REFUSALS as error:
            unknown = isinstance(error, discord.NotFound) and error.code == UNKNOWN_MESSAGE
            if not unknown and not (may_have_happened(error) and await _is_gone(channel, call[-1])):
                return gone, error
        gone.update(call)
    return gone, None


async def _is_gone(channel: Any, message_id: int) -> bool:
    try:
        await channel.fetch_message(message_id)
    except discord.NotFound:
        return True
    except REFUSALS:
        pass
    return False


def seen_of(message: discord.Message) -> Seen:
    """What the rules need to know of a message. What it forwards counts as its own."""
    sources: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    attachments = [attachment for source in sources for attachment in source.attachments]
    shown = [embed for source in sources for embed in source.embeds]
    return Seen(
        id=message.id,
        created_at=message.created_at,
        author_id=message.author.id,
        author_name=str(message.author),
        text="\n".join(filter(None, (source.content for source in sources))),
        is_bot=message.author.bot or message.webhook_id is not None,
        is_webhook=message.webhook_id is not None,
        attachments=tuple(attachment.filename for attachment in attachments),
        embeds=tuple(
            truncate(embed.title or embed.description or embed.url or "…", EMBED_TEXT_LIMIT) for embed in shown
        ),
        shows_image=any((one.content_type or "").startswith("image/") for one in attachments)
        or any(embed.type in {"image", "gifv"} or embed.image.url for embed in shown),
        mentions=bool(message.raw_mentions or message.raw_role_mentions or message.mention_everyone),
        reactions=bool(message.reactions),
        pinned=message.pinned,
        # The first message of a forum's post has the post's own id, and is the post; all others come later.
        deletable=message.type.is_deletable() and message.id > message.channel.id,
    )
