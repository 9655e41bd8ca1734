"""Banning many people at once."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from cogs.moderation import settings
from cogs.moderation.kinds import performs
from cogs.moderation.massban import texts
from cogs.moderation.massban.rules import KIND, MOST_BANNED, Plan, in_calls
from cogs.moderation.massban.run import MassBans, Order, Outcome
from cogs.moderation.massban.search import Search, too_many
from cogs.moderation.massban.words import LARGEST_FILE_BYTES, Ask, ids_in, parse, text_of
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.refusals import REFUSALS, why_refused
from database.moderation import Case, CaseFilter
from utils import checks, embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.errors import UserError
from utils.formatting import clean_input, code, truncate
from utils.i18n import _, using
from utils.time import timestamp
from utils.views import Confirm

MOST_AN_HOUR = 3
"""Of one moderator: two, and one more to do again what Discord broke off. Who owns the server has no such limit."""
COUNTED = timedelta(hours=1)
ASKS_SECONDS = 180.0  # the list of hundreds wants reading

Lists = tuple[str, bytes]
"""A file's name and content."""


class MassBan(Cog):
    """Ban many people at once."""

    also_needs: ClassVar[Mapping[str, str]] = {
        "attach_files": "the lists of `massban`, in its answer and the mod log"
    }

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline
        self.mass_bans = MassBans(pipeline)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @command()
    @example(
        "80351110224678912 155149108183695360 raid", "--joined 30m --no-avatar --show",
        '--joined 2h --age 3d --name "free nitro" --days 1', "--joined-after @First --joined-before @Last raid",
    )  # fmt: skip
    @performs(KIND)
    @checks.requires(manage_guild=True)
    @checks.bot_requires(ban_members=True, manage_guild=True)
    @commands.max_concurrency(1, commands.BucketType.member)
    async def massban(self, ctx: Context, *, what: str = "") -> None:
        """Ban many people at once, by id or by what they have in common.

        Name them by mention or id, or attach a text file with their ids. Without any, I look through all members, by
        filters that all have to fit; with some, only those of them are banned that fit:

        - `--joined 2h`: who joined within that time.
        - `--age 3d`: whose account is younger.
        - `--no-avatar`, `--no-roles`: who has none.
        - `--name "free.?nitro"`: whose name fits a pattern, whatever the case.
        - `--joined-after @Ann`, `--joined-before @Bob`: who joined between them.

        `--show` only shows who it would be. `--days` (0 to 7) says how many days of their messages are deleted, and
        `--reason "why"` or the words that are left are the reason. I always ask first.

        Staff, people whose role isn't below yours and mine, and who is banned already are skipped, and so are bots
        that you don't name. Up to 1000 people at a time, three times an hour for each moderator. They are told by
        direct message only if they are ten at most. The mod log gets one entry with the list; each person has a case
        of their own.
        """
        assert isinstance(ctx.author, discord.Member)
        await self.pipeline.refuse_repeated(ctx.author.guild.id, ctx.message.id, KIND)
        ask = await self._ask(ctx, what)
        if not ask.show:
            await self._check_quota(ctx.author)
        search = Search(self.pipeline, ctx.author, ctx.message.mentions)
        plan = await _found(search.plan(ask, discord.utils.utcnow()))
        if ask.show:
            await self._show(ctx, plan)
        elif await self._is_wanted(ctx, ask, plan):
            async with self._locks.setdefault(ctx.author.guild.id, asyncio.Lock()):  # the next one finds them banned
                await self._check_quota(ctx.author)
                await self._carry_out(ctx, ask, what, await _found(search.again(plan)))

    # --- before

    async def _ask(self, ctx: Context, what: str) -> Ask:
        """What was asked for, with the ids in the files."""
        ask = parse(clean_input(what))
        in_files = [user_id for attached in ctx.message.attachments for user_id in await _ids_of(attached)]
        if ctx.message.attachments and not in_files:
            raise UserError(_("There is no id in what you attached."))
        ask = replace(ask, ids=tuple(dict.fromkeys([*ask.ids, *in_files])))
        if not ask.ids and not ask.filtered:
            raise UserError(
                _(
                    "Say who: mention people or write their ids, attach a file with ids, or use a filter like"
                    " `--joined 1h`."
                )
            )
        if len(ask.ids) > MOST_BANNED:
            raise UserError(too_many(len(ask.ids)))
        return ask

    async def _check_quota(self, moderator: discord.Member) -> None:
        """Raise UserError if a moderator banned many often enough for now; what came to nothing doesn't count."""
        now = discord.utils.utcnow()
        wanted = CaseFilter(
            moderator_id=moderator.id, kinds=(KIND,), since=now - COUNTED, statuses=("pending", "done", "undone")
        )
        found = await self.pipeline.cases.find(moderator.guild.id, wanted, limit=MOST_AN_HOUR)
        if len(found) == MOST_AN_HOUR and moderator.id != moderator.guild.owner_id:
            raise UserError(
                _(
                    "You banned many people {count} times within an hour, and that is the most. You can do it again"
                    " {when}; the owner of the server, or another moderator, can do it now."
                ).format(count=MOST_AN_HOUR, when=timestamp(found[-1].opened_at + COUNTED, "R"))
            )

    async def _show(self, ctx: Context, plan: Plan) -> None:
        lists = await self._lists(ctx, texts.planned(plan)) if plan.chosen or plan.skipped else None
        await ctx.reply(embed=embeds.info(texts.would_be(plan)), files=_attached(ctx, lists))

    async def _is_wanted(self, ctx: Context, ask: Ask, plan: Plan) -> bool:
        """Whether the moderator says yes. Raises UserError if there is nobody to ask about."""
        if not plan.chosen:
            raise UserError(texts.nobody(plan))
        view = Confirm(self.bot, ctx.author.id, timeout_seconds=ASKS_SECONDS)
        embed = embeds.info(texts.question(plan, self._days(ctx, ask), ask.reason))
        lists = await self._lists(ctx, texts.planned(plan))
        view.message = await ctx.reply(embed=embed, view=view, files=_attached(ctx, lists))
        await view.wait()
        if view.answer is True:
            await ctx.check_again()
        return view.answer is True

    def _days(self, ctx: Context, ask: Ask) -> int:
        assert ctx.guild is not None
        return self.bot.guild_settings.get(ctx.guild.id, settings.BAN_DELETES_DAYS) if ask.days is None else ask.days

    # --- doing

    async def _carry_out(self, ctx: Context, ask: Ask, what: str, plan: Plan) -> None:
        """Do it, say how far it is, log it and answer."""
        assert isinstance(ctx.author, discord.Member)
        if not plan.chosen:
            raise UserError(texts.nobody(plan))
        order = Order(
            ctx.author, plan, self._days(ctx, ask), clean_input(what), ctx.channel.id, ctx.message.id, ask.reason
        )
        said = _Said(ctx, len(plan.chosen), calls=len(list(in_calls(plan.chosen))))
        outcome = await self.mass_bans.carry_out(order, said.progress)
        with using(self.bot.language_of(ctx.guild)):
            lists = await self._lists(ctx, _sections(outcome, plan), outcome.case)
        await self.pipeline.finish(outcome.case, file=_file(lists))
        listed = plan.skipped or outcome.failed or outcome.unknown
        answered = await self._lists(ctx, _sections(outcome, plan), outcome.case) if listed else None
        kind = embeds.success if outcome.banned and not outcome.stopped else embeds.error
        await said.end(kind(texts.result(outcome, plan)), lambda: _attached(ctx, answered))

    async def _lists(self, ctx: Context, sections: Sequence[texts.Section], case: Case | None = None) -> Lists:
        """The lists as a file; a thousand people take a while, and nobody else waits for that."""
        assert ctx.guild is not None
        number = case.number if case is not None else None
        heading = texts.Heading(ctx.guild.name, str(ctx.author), ctx.author.id, discord.utils.utcnow(), number)
        return texts.file_name(number), await asyncio.to_thread(texts.listing, heading, sections)


class _Said:
    """The one message that says how far it is, if that takes several calls, and at last what came of it."""

    def __init__(self, ctx: Context, wanted: int, *, calls: int) -> None:
        self.ctx = ctx
        self.wanted = wanted
        self.calls = calls
        self.message: discord.Message | None = None

    async def progress(self, outcome: Outcome) -> None:
        """Say how far it is; that this can't be said stops nothing."""
        if self.calls == 1:
            return
        content = self._content(embeds.info(texts.progress(len(outcome.banned), self.wanted)))
        with suppress(*CANNOT_SAY):
            if self.message is None:
                self.message = await self.ctx.reply(**content)
            else:
                await self.message.edit(**content)

    async def end(self, embed: discord.Embed, files: Callable[[], list[discord.File]]) -> None:
        """Say what came of it, in another message if the first one is gone. A file can be sent only once."""
        if self.message is not None:
            with suppress(*CANNOT_SAY):
                await self.message.edit(**self._content(embed), attachments=files())
                return
        await self.ctx.reply(embed=embed, files=files())

    def _content(self, embed: discord.Embed) -> dict[str, Any]:
        return self.ctx.as_contents([embed])[0]


def _attached(ctx: Context, lists: Lists | None) -> list[discord.File]:
    """The lists as a file of an answer, where files may be attached."""
    return [_file(lists)] if lists is not None and ctx.can_attach else []


def _file(lists: Lists) -> discord.File:
    name, content = lists
    return discord.File(io.BytesIO(content), name)


async def _found(work: Awaitable[Plan]) -> Plan:
    try:
        return await work
    except REFUSALS as error:
        raise UserError(why_refused(error)) from error


async def _ids_of(attached: discord.Attachment) -> list[int]:
    """The ids in a file. Raises UserError if it isn't text, is too large, or is gone."""
    if attached.size > LARGEST_FILE_BYTES:
        raise UserError(
            _("{file} is too large: {most} KiB are the most.").format(
                file=code(truncate(attached.filename, 60)), most=LARGEST_FILE_BYTES // 1024
            )
        )
    try:
        data = await attached.read()
    except REFUSALS as error:
        raise UserError(
            _("I can't read {file}; attach it again.").format(file=code(truncate(attached.filename, 60)))
        ) from error
    return ids_in(text_of(data, attached.filename))


def _sections(outcome: Outcome, plan: Plan) -> list[texts.Section]:
    """The lists of what came of it."""
    return [
        (_("Banned"), [(one, "") for one in outcome.banned]),
        (_("Not banned"), outcome.failed),
        (_("Discord doesn't say whether they are banned"), [(one, "") for one in outcome.unknown]),
        texts.skipped_section(plan),
    ]
