"""Looking cases up, and changing what they say."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

import discord
from discord.ext import commands

from cogs.moderation.actions import Target
from cogs.moderation.cases import words as case_words
from cogs.moderation.cases.amending import Amending
from cogs.moderation.cases.export import export
from cogs.moderation.cases.texts import STAFF_ONLY, case_line, counts_line, whole_case
from cogs.moderation.kinds import KINDS
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.reading import REASON_LIMIT
from cogs.moderation.staff_places import others_read
from cogs.moderation.undo.button import undo_view
from database.moderation import Case, CaseFilter, CasesStore
from utils import checks, embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example, group
from utils.context import Context
from utils.converters import BoundedText, MemberOrUser
from utils.errors import UserError
from utils.formatting import pages_of, safe
from utils.i18n import _, format_list, ngettext
from utils.lookup import user_id_in
from utils.spreadsheets import MOST_FILE_BYTES
from utils.time import human_duration, timestamp

MOST_LISTED = 500  # cases that one answer leafs through, the newest
CASES_A_PAGE = 8
PAGE_CHARACTERS = 3500  # of the list; what stands above it comes on top
CHILDREN_SHOWN = 21  # one more than are named
MODERATORS_A_PAGE = 15
MODSTATS_SPAN = timedelta(days=30)
MOST_FILES = 10  # of an export
DONE = ("done", "undone")
"""What counts as done by a moderator; failed and pending cases don't."""
STANDING = ("done", "pending")
"""What counts in somebody's history; what failed or was undone doesn't."""


class Anybody(commands.Converter[Target]):
    """A member, anybody on Discord by id, or the name or id of somebody who has cases and is gone."""

    async def convert(self, ctx: Context, argument: str) -> Target:  # type: ignore[override]
        """Raise `BadArgument` if nobody or more than one is meant."""
        assert ctx.guild is not None
        try:
            return Target.of(ctx.guild, await MemberOrUser().convert(ctx, argument))
        except commands.BadArgument:
            user_id = user_id_in(argument.strip())
            if user_id is None:
                ids = await CasesStore(ctx.bot.db).targets_named(ctx.guild.id, argument.strip().removeprefix("@"))
                if len(ids) != 1:
                    raise
                user_id = ids[0]
            return Target.of(ctx.guild, discord.Object(user_id))


class Cases(Cog):
    """Look up what moderators did, and change what the record says."""

    also_needs: ClassVar[Mapping[str, str]] = {"attach_files": "`cases export`, where only staff reads"}

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.store = pipeline.cases
        self.amending = Amending(pipeline)

    # --- looking

    @command()
    @example("12", "latest")
    @checks.requires(moderate_members=True)
    async def case(self, ctx: Context, number: str) -> None:
        """Show everything about a case.

        What was done to whom, by whom and why, where it happened, whether they were told, who changed the record,
        and which other cases belong to it. The text of a note shows only where nobody but staff can read.
        """
        found = await self._one(ctx, number)
        children = await self.store.find(
            found.guild_id, CaseFilter(parent=found.number), limit=CHILDREN_SHOWN, oldest_first=True
        )
        changes = await self.store.changes(found.guild_id, found.number)
        show_text = not others_read(self.bot, ctx.channel)
        in_force = found.number in await self._in_force([found])
        pages = whole_case(found, changes=changes, children=children, in_force=in_force, show_text=show_text)
        if len(pages) > 1 or not ctx.can_embed:
            await ctx.paginate(pages)
        else:
            await ctx.reply(embed=pages[0], view=undo_view(found))

    @command(aliases=["infractions", "modlogs", "warnings", "warns", "strikes", "notes"])
    @example("@Ann", "80351110224678912")
    @checks.requires(moderate_members=True)
    async def history(self, ctx: Context, *, person: Annotated[Target, Anybody]) -> None:
        """Show somebody's cases: how many of each kind, notes first, and the points that count now.

        Also for people who have left, by id or by the name they had. The text of notes shows only where
        nobody but staff can read.
        """
        mine = CaseFilter(target_id=person.id)
        counts = await self.store.counts_by_kind(person.guild.id, replace(mine, statuses=STANDING))
        found = await self.store.find(person.guild.id, mine, limit=MOST_LISTED)
        name = safe(person.name if person.user or not found else found[0].target_name or person.name)
        if not found:
            await ctx.info(_("{person} has no cases.").format(person=person.mention))
            return
        notes_first = sorted(found, key=lambda case: case.kind not in STAFF_ONLY)
        now = discord.utils.utcnow()
        points = await self.store.points(person.guild.id, person.id, since=None, now=now)
        head = [f"{person.mention} · `{person.id}`", *filter(None, [counts_line(_as_listed(counts))])]
        if points:
            head.append(ngettext("{points} point counts now.", "{points} points count now.", points).format(
                points=f"**{points}**"
            ))  # fmt: skip
        title = _("History of {name}").format(name=name)
        total = await self.store.count(person.guild.id, mine)
        await self._list(ctx, notes_first, title, head=head, total=total, with_target=False)

    @group(ignore_extra=True)
    @example("", "@Mona type:ban since:7d", 'on:@Ann text:"free nitro"', "active")
    @checks.requires(moderate_members=True)
    async def cases(self, ctx: Context, *, filters: str = "") -> None:
        """List cases, the newest first.

        The single bans of a `massban` stand there only with one of the filters `on`, `type`, `text` and `active`.

        Filters, as many as you like: `by:@moderator` (or just the mention), `on:@member`, `type:ban,kick`,
        `text:"some words"`, `since:7d`, `until:2026-01-31`, and `active` for what is in force now. They may be
        written as flags, too: `--type ban`.
        """
        wanted = await self._wanted(ctx, filters)
        hint = []
        if wanted.text is not None and others_read(self.bot, ctx.channel):
            # That a note was found would tell what stands in it.
            wanted = replace(wanted, without_kinds=tuple(STAFF_ONLY))
            hint = [_("Notes aren't searched here: not only staff can read this channel.")]
        if wanted == CaseFilter(moderator_id=wanted.moderator_id, since=wanted.since, until=wanted.until):
            wanted = replace(wanted, without_parts=True)  # a ban of hundreds would be all there is to see
        assert ctx.guild is not None
        total = await self.store.count(ctx.guild.id, wanted)
        found = await self.store.find(ctx.guild.id, wanted, limit=MOST_LISTED)
        if not found:
            await ctx.info("\n".join([_("No case fits."), *hint]))
            return
        title = ngettext("{count} case", "{count} cases", total).format(count=total)
        await self._list(ctx, found, title, head=hint, total=total, with_target=True)

    @cases.command(name="export")
    @example("csv", "json type:ban since:90d")
    @checks.requires(manage_guild=True)
    async def cases_export(self, ctx: Context, form: str, *, filters: str = "") -> None:
        """Get cases as a file: `csv` for spreadsheets, `json` with every detail.

        The filters are those of `cases`. Notes are in it, so where not only staff reads it comes by direct message.
        """
        if form.lower() not in {"csv", "json"}:
            raise UserError(_("Choose one of {options}.").format(options="`csv`, `json`"))
        assert ctx.guild is not None
        wanted = await self._wanted(ctx, filters)
        in_public = others_read(self.bot, ctx.channel)
        place = ctx.author if in_public else ctx
        sent = 0
        async for content in export(self.store, ctx.guild.id, wanted, form.lower(), MOST_FILE_BYTES):
            if sent == MOST_FILES:
                raise UserError(_("There are more; narrow it down, for example with `since:90d`."))
            sent += 1
            name = f"cases-{sent}.{form.lower()}"
            await place.send(file=discord.File(io.BytesIO(content), name))
        if in_public:
            await ctx.success(_("I've sent it to you directly: not only staff can read this channel."))

    @command()
    @example("", "@Mona", "7d", "@Mona 2026-01-01", "all")
    @checks.requires(moderate_members=True)
    async def modstats(self, ctx: Context, *, moderator_and_since: str = "") -> None:
        """Show how much each moderator did, in the last 30 days or since a time you name.

        Name a moderator to see theirs alone, and a time like `7d`, `2026-01-01` or `all`. Failed cases don't count.
        """
        assert ctx.guild is not None
        moderator_id, since = await self._moderator_and_since(ctx, moderator_and_since.strip())
        wanted = CaseFilter(moderator_id=moderator_id, since=since, statuses=DONE)
        counts = await self.store.counts_by_moderator(ctx.guild.id, wanted)
        if moderator_id is None:
            counts.pop(ctx.guild.me.id, None)  # what its clocks did says nothing of people
        span = _("Since {when}").format(when=timestamp(since, "D")) if since else _("Since the beginning")
        lines = [_stats_line(who, kinds) for who, kinds in _busiest_first(counts)] or [_("Nobody did anything.")]
        await ctx.paginate_lines([span, *lines], most_lines=MODERATORS_A_PAGE, title=_("What moderators did"))

    # --- changing

    @command()
    @example("12 advertising in #general", "latest spam", "3-7 raid", "3,5 raid")
    @checks.requires(moderate_members=True)
    async def reason(self, ctx: Context, numbers: str, *, reason: Annotated[str, BoundedText(REASON_LIMIT)]) -> None:
        """Give a case, or several, another reason.

        Say which: `12`, `latest` (your own latest), `3-7` or `3,5`. The log changes with it, and the case remembers
        who changed it and what stood there. Other moderators' cases need Manage Server.
        """
        assert isinstance(ctx.author, discord.Member)
        wanted = [(await self._one(ctx, numbers)).number] if _is_latest(numbers) else case_words.read_numbers(numbers)
        found = await self.amending.cases_of(ctx.author.guild, wanted, ctx.author)
        await self.amending.reason(found, reason, ctx.author)
        sentence = ngettext("Case {numbers} has a new reason.", "Cases {numbers} have a new reason.", len(found))
        await ctx.success(sentence.format(numbers=format_list([f"**#{case.number}**" for case in found])))

    @command()
    @example("12 3d", "latest permanent", "12 +1d")
    @checks.requires(moderate_members=True)
    async def duration(self, ctx: Context, number: str, *, length: str) -> None:
        """Change how long a running ban, timeout or the like lasts, or until when a warning counts.

        The length is counted from when it began: `3d`; `+1d` and `-1d` move its present end, and `permanent` takes
        the end away. Other moderators' cases need Manage Server.
        """
        assert isinstance(ctx.author, discord.Member)
        wanted = (await self._one(ctx, number)).number
        [case] = await self.amending.cases_of(ctx.author.guild, [wanted], ctx.author)
        ends_at = case_words.read_end(length, case, discord.utils.utcnow())
        await self.amending.end(case, ends_at, ctx.author)
        if ends_at is None:
            await ctx.success(_("Case **#{number}** has no end any more.").format(number=case.number))
            return
        await ctx.success(_("Case **#{number}** ends {when}, {relative}: {length} after it began.").format(
            number=case.number, when=timestamp(ends_at), relative=timestamp(ends_at, "R"),
            length=human_duration(ends_at - case.opened_at),
        ))  # fmt: skip

    # --- helpers

    async def _one(self, ctx: Context, text: str) -> Case:
        """The case of a number, or the author's latest. Raises UserError if there is none."""
        assert ctx.guild is not None
        if _is_latest(text):
            latest = await self.store.latest(ctx.guild.id, moderator_id=ctx.author.id)
            if latest is None:
                raise UserError(_("You have no case yet."))
            return latest
        number = case_words.read_number(text)
        found = await self.store.get(ctx.guild.id, number)
        if found is None:
            raise UserError(case_words.no_such([number]))
        return found

    async def _wanted(self, ctx: Context, words: str) -> CaseFilter:
        search = case_words.read_search(words, discord.utils.utcnow(), ctx.timezone)
        moderator = await Anybody().convert(ctx, search.by) if search.by else None
        target = await Anybody().convert(ctx, search.on) if search.on else None
        return replace(
            search.wanted,
            moderator_id=moderator.id if moderator else None,
            target_id=target.id if target else None,
        )

    async def _moderator_and_since(self, ctx: Context, words: str) -> tuple[int | None, datetime | None]:
        now = discord.utils.utcnow()
        try:
            return None, case_words.read_since(words, now, ctx.timezone, default=MODSTATS_SPAN)
        except UserError:
            name, _space, since = words.partition(" ")
            person = await Anybody().convert(ctx, name)
            return person.id, case_words.read_since(since, now, ctx.timezone, default=MODSTATS_SPAN)

    async def _in_force(self, cases: Sequence[Case]) -> set[int]:
        """The numbers of those among some cases of one guild that are in force now."""
        wanted = CaseFilter(numbers=[case.number for case in cases], in_force_at=discord.utils.utcnow())
        return {case.number for case in await self.store.find(cases[0].guild_id, wanted, limit=len(cases))}

    async def _list(
        self, ctx: Context, cases: list[Case], title: str, *, head: list[str], total: int, with_target: bool
    ) -> None:
        show_text = not others_read(self.bot, ctx.channel)
        if total > len(cases):
            hint = _("These are the newest {count} of {total}; filters of `cases` and `cases export` reach the rest.")
            head = [*head, hint.format(count=len(cases), total=total)]
        in_force = await self._in_force(cases)
        lines = [
            case_line(case, with_target=with_target, in_force=case.number in in_force, show_text=show_text)
            for case in cases
        ]
        pages = pages_of(lines, PAGE_CHARACTERS, most_lines=CASES_A_PAGE)
        top = "\n".join(head)
        pages = [f"{top}\n\n{page}" if top else page for page in pages]
        await ctx.paginate([embeds.info(page, title=title) for page in pages])


def _is_latest(text: str) -> bool:
    return text.casefold() in case_words.LATEST


def _as_listed(counts: dict[str, int]) -> dict[str, int]:
    """Warnings and punishments before nicknames and roles, as in the table of kinds."""
    return {kind: counts[kind] for kind in [*KINDS, *(counts.keys() - KINDS)] if kind in counts}


def _busiest_first(counts: dict[int | None, dict[str, int]]) -> list[tuple[int | None, dict[str, int]]]:
    return sorted(counts.items(), key=lambda one: (-sum(one[1].values()), one[0] or 0))


def _stats_line(moderator_id: int | None, kinds: dict[str, int]) -> str:
    who = f"<@{moderator_id}>" if moderator_id else _("Nobody known")
    by_count = dict(sorted(kinds.items(), key=lambda one: (-one[1], one[0])))
    return f"{who} **{sum(kinds.values())}**: {counts_line(by_count)}"
