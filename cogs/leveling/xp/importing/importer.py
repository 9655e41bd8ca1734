"""Taking a file of XP: reading it, showing what it would do, and doing it once."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Final

import discord

from cogs.leveling.service import Leveling
from cogs.leveling.xp import texts as xp_texts
from cogs.leveling.xp.changing import Changing, Task
from cogs.leveling.xp.importing import texts
from cogs.leveling.xp.importing.merging import Mode, People, Plan, merged, plan_of
from cogs.leveling.xp.importing.reading import MOST_BYTES, ReadError, Reading, read_file
from database.standing_snapshots import NewSnapshot, Snapshot, taken_back
from database.standing_values import Standing
from utils.attached import attached_to, read_attached
from utils.context import GuildContext
from utils.errors import UserError
from utils.formatting import EMBED_DESCRIPTION_LIMIT, truncate
from utils.i18n import _, format_number, ngettext
from utils.members import all_members, get_members

READING_SECONDS: Final = 180.0
"""How long the question waits for an answer: it says a lot."""
MOST_ASKED: Final = 1_000
"""People whom the gateway is asked about where the list of all members isn't to be had."""


class Importer:
    """Takes XP out of files."""

    def __init__(self, leveling: Leveling, changing: Changing) -> None:
        self.leveling = leveling
        self.changing = changing

    async def take(self, ctx: GuildContext, mode: Mode) -> None:
        """Read what is attached, ask with all that it would do, and do it."""
        wanted = _("Attach the file to your message: CSV, TSV or JSON.")
        attached = attached_to(ctx.message, most_bytes=MOST_BYTES, wanted=wanted)
        async with ctx.typing():
            content = await read_attached(attached)
            reading = await _read(content)
            people = await _people(ctx, list(reading.entries))
            plan = await self._plan(ctx, mode, reading, people)
        digest = hashlib.sha256(content).hexdigest()
        if mode == "add":
            refuse_added(await self.changing.snapshots.all(ctx.guild.id), digest)
        if not plan.preview.people:
            raise UserError("\n\n".join(_nothing(reading, plan)))
        question = texts.question(attached.filename, mode, reading, plan)
        if not await ctx.confirm(truncate(question, EMBED_DESCRIPTION_LIMIT), timeout_seconds=READING_SECONDS):
            await ctx.info(_("Nothing was imported."))
            return
        await self._carry_out(ctx, mode, plan, people, digest)

    async def _plan(self, ctx: GuildContext, mode: Mode, reading: Reading, people: People) -> Plan:
        await self.leveling.write(ctx.guild.id)
        standings = await self.leveling.store.get_many(ctx.guild.id, reading.entries)
        curve = self.leveling.curve(ctx.guild.id)
        return await asyncio.to_thread(plan_of, reading, mode, standings, curve, people)

    async def _carry_out(self, ctx: GuildContext, mode: Mode, plan: Plan, people: People, digest: str) -> None:
        entries = plan.entries

        def rule(standing: Standing) -> Standing:
            return merged(standing, entries[standing.user_id], mode, people)

        def check(every: Sequence[Snapshot]) -> None:  # the same file may have been taken since the question
            if mode == "add":
                refuse_added(every, digest)

        new = NewSnapshot("import", discord.utils.utcnow(), ctx.author.id, digest=digest)
        async with ctx.typing():
            outcome = await self.changing.many(ctx.guild.id, entries, Task(rule, new, check))
        if outcome.number is None:
            raise UserError(_("The file changes nothing any more."))
        answer = ngettext(
            "Imported: the XP of {count} member is changed.", "Imported: the XP of {count} members is changed.",
            outcome.changed,
        ).format(count=format_number(outcome.changed))  # fmt: skip
        await ctx.success(f"{answer}\n{xp_texts.takes_back(ctx, outcome.number)}")


def refuse_added(snapshots: Sequence[Snapshot], digest: str) -> None:
    """Raise `UserError` if this very file was imported before, and that wasn't taken back: it would count twice."""
    undone = taken_back(snapshots)
    for one in snapshots:
        if one.digest == digest and one.number not in undone:
            raise UserError(
                _(
                    "This file was imported already, as **#{number}**, and would count twice. Take that back first,"
                    " or import it with `highest` or `replace`."
                ).format(number=one.number)
            )


async def _read(content: bytes) -> Reading:
    """Read a file beside the event loop. Raises `UserError`."""
    try:
        return await asyncio.to_thread(read_file, content)
    except ReadError as error:
        raise UserError(str(error)) from error


async def _people(ctx: GuildContext, user_ids: Sequence[int]) -> People:
    """Who of them is here and who is a bot, as far as it is to be known."""
    if ctx.bot.intents.members:
        members = [member async for page in all_members(ctx.guild) for member in page]
    elif len(user_ids) <= MOST_ASKED:
        try:
            members = list((await get_members(ctx.guild, user_ids)).values())
        except TimeoutError:
            return People()
    else:
        return People()
    return People({member.id for member in members}, {member.id for member in members if member.bot})


def _nothing(reading: Reading, plan: Plan) -> list[str]:
    """Why a file does nothing."""
    head = _("The file has nobody's XP.")
    if plan.entries:
        head = _("The file changes nothing: everybody in it has that much already.")
    return [head, texts.left_out(reading)] if reading.flaws else [head]
