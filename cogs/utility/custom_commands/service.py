"""All servers' own commands, in memory: looking one up costs a message nothing."""

import asyncio
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

import discord
from discord.ext import commands

from cogs.utility.custom_commands import rules
from cogs.utility.custom_commands.rules import Details
from database.custom_commands import CustomCommandRow, CustomCommandsStore
from utils import embeds
from utils.cog import Cog
from utils.context import GuildContext
from utils.converters import parse_colour
from utils.errors import UserError
from utils.formatting import MESSAGE_LIMIT, ZERO_WIDTH_SPACE, clean_input, safe, truncate
from utils.gathering import Batch, Writer
from utils.i18n import _, format_list, format_number
from utils.people import named
from utils.switches import places

IN_MEMORY: Final = "custom commands"
BAD_REQUEST: Final = 400
NOBODY: Final = discord.AllowedMentions.none()


@dataclass(frozen=True, slots=True)
class CustomCommand:
    """A command with what is set of it."""

    row: CustomCommandRow
    details: Details

    @property
    def names(self) -> list[str]:
        """All that it is called."""
        return [self.row.name, *self.row.aliases]


class CustomCommands:
    """The commands there are, and running them."""

    def __init__(self, cog: Cog) -> None:
        self.bot = cog.bot
        self.store = CustomCommandsStore(cog.bot.db)
        # A gain's second id is the command's here; who waits, waits for one command.
        self.writer: Writer[int] = Writer(cog, "Uses of custom commands", operator.add, self._write)
        self._of: dict[int, dict[str, CustomCommand]] = {}
        self.one_at_a_time = asyncio.Lock()
        self._tell = cog.bot.shared_memory.teller(IN_MEMORY)

    async def load(self) -> None:
        """Read all of them; what was in memory is forgotten."""
        rows = await self.store.all()
        self._of.clear()
        for row in rows:
            self._put(CustomCommand(row, Details.read(row.details)))

    async def read(self, guild_id: int | None) -> None:
        """Read one guild's anew, or all: another process changed them."""
        async with self.one_at_a_time:
            await (self.load() if guild_id is None else self._read_guild(guild_id))

    async def load_guild(self, guild_id: int) -> None:
        """Read one guild's after a change of them. For who holds `one_at_a_time`."""
        await self._read_guild(guild_id)
        await self._tell(guild_id)

    async def _read_guild(self, guild_id: int) -> None:
        rows = await self.store.of(guild_id)
        self._of.pop(guild_id, None)
        for row in rows:
            self._put(CustomCommand(row, Details.read(row.details)))

    def forget_guild(self, guild_id: int) -> None:
        """Let a guild's commands go whose rows are deleted."""
        self._of.pop(guild_id, None)

    def find(self, guild_id: int, name: str) -> CustomCommand | None:
        """The command of this name or alias."""
        return self._of.get(guild_id, {}).get(rules.folded(name))

    def of(self, guild_id: int) -> list[CustomCommand]:
        """A guild's commands, by name."""
        different = {one.row.id: one for one in self._of.get(guild_id, {}).values()}
        return sorted(different.values(), key=lambda one: one.row.name)

    # --- changing: one at a time, so that none undoes what another has just set

    async def add(self, row: CustomCommandRow) -> bool:
        """Keep a new command; False if another is called so."""
        async with self.one_at_a_time:
            if not await self.store.add(row):
                return False
            self._put(CustomCommand(row, Details.read(row.details)))
            await self._tell(row.guild_id)
        return True

    async def change(self, one: CustomCommand, change: Callable[[Details], Details]) -> None:
        """Set what a command does. Raises UserError if it is gone, or would say nothing."""
        async with self.one_at_a_time:
            now = self._still(one)
            details = change(now.details)
            if details.says_nothing:
                raise UserError(_("Then the command would say nothing: give it a text or an embed first."))
            if not await self.store.change(one.row.id, details.stored()):
                raise _gone()
            self._put(replace(now, details=details))
            await self._tell(now.row.guild_id)

    async def add_alias(self, one: CustomCommand, alias: str) -> bool:
        """Call a command so besides; False if another is called so."""
        async with self.one_at_a_time:
            now = self._still(one)
            if not await self.store.add_name(now.row, alias):
                return False
            self._put(replace(now, row=replace(now.row, aliases=(*now.row.aliases, alias))))
            await self._tell(now.row.guild_id)
        return True

    async def remove_alias(self, one: CustomCommand, alias: str) -> None:
        """Call a command so no longer."""
        async with self.one_at_a_time:
            now = self._still(one)
            await self.store.remove_name(now.row, alias)
            self._of[now.row.guild_id].pop(alias, None)
            aliases = tuple(name for name in now.row.aliases if name != alias)
            self._put(replace(now, row=replace(now.row, aliases=aliases)))
            await self._tell(now.row.guild_id)

    async def remove(self, one: CustomCommand) -> None:
        """Delete a command."""
        async with self.one_at_a_time:
            now = self._still(one)
            await self.store.remove(now.row.id)
            for name in now.names:
                self._of[now.row.guild_id].pop(name, None)
            await self._tell(now.row.guild_id)

    def _still(self, one: CustomCommand) -> CustomCommand:
        """The command as it is now. Raises UserError if it is gone."""
        now = self.find(one.row.guild_id, one.row.name)
        if now is None or now.row.id != one.row.id:
            raise _gone()
        return now

    def _put(self, one: CustomCommand) -> None:
        here = self._of.setdefault(one.row.guild_id, {})
        for name in one.names:
            here[name] = one

    async def _write(self, batch: Batch[int]) -> None:
        await self.store.add_uses(batch.id, batch.gains)

    # --- running

    async def run(self, ctx: GuildContext, one: CustomCommand) -> None:
        """Answer with a command. Raises UserError where or for whom it doesn't work."""
        content = await self._content(ctx, one.details)
        self._check(ctx, one)
        if one.details.cooldown_seconds:  # before anything is sent: two may come at once
            until = ctx.message.created_at + timedelta(seconds=one.details.cooldown_seconds)
            self.writer.waits.begin(one.row.id, ctx.author.id, until)
        self.writer.add(ctx.guild.id, one.row.id, 1)
        try:
            await ctx.send(**content, allowed_mentions=NOBODY)
        except discord.HTTPException as error:
            if error.status != BAD_REQUEST:
                raise
            raise UserError(
                _("Discord doesn't take the answer of this command. Are its pictures' addresses right?")
            ) from error

    def works(self, ctx: GuildContext, one: CustomCommand) -> bool:
        """Whether a command works here, and for this person; its cooldown aside."""
        return _is_in_place(ctx, one.details) and _has_role(ctx, one.details)

    def _check(self, ctx: GuildContext, one: CustomCommand) -> None:
        details, now = one.details, ctx.message.created_at
        if not _is_in_place(ctx, details):
            channels = format_list([f"<#{channel_id}>" for channel_id in details.channel_ids], style="or")
            raise UserError(_("This command works in {channels} only.").format(channels=channels))
        if not _has_role(ctx, details):
            role = ctx.guild.get_role(details.role_id or 0)
            if role is None:
                raise UserError(_("The role that this command needs was deleted."))
            raise UserError(_("You need the role {role} for this command.").format(role=named(role)))
        if details.cooldown_seconds and self.writer.waits.must(one.row.id, ctx.author.id, now):
            until = self.writer.waits.until(one.row.id, ctx.author.id) or now
            cooldown = commands.Cooldown(1, details.cooldown_seconds)
            raise commands.CommandOnCooldown(cooldown, (until - now).total_seconds(), commands.BucketType.user)

    async def _content(self, ctx: GuildContext, details: Details) -> dict[str, Any]:
        """What is sent: places filled, cut to what Discord takes."""
        typed = ctx.view.buffer[ctx.view.index :].strip()
        typed = await commands.clean_content(use_nicknames=True).convert(ctx, typed)

        def filled(key: str, text: str, limit: int) -> str:
            return truncate(rules.render(text, _values(ctx, typed, key), self.bot.chance.choice), limit)

        text = filled("text", details.text, MESSAGE_LIMIT)
        if not (details.embed.keys() - {"colour"}):
            return {"content": text if text.strip() else ZERO_WIDTH_SPACE}
        own = {key: filled(key, value, rules.EMBED_KEYS[key]) for key, value in details.embed.items()}
        return {"content": text or None, "embed": _embed(own)}


def _values(ctx: GuildContext, typed: str, key: str) -> dict[str, str]:
    """What is filled in where: titles and footers show no mentions, and footers no formatting."""
    shown = QUOTED.get(key, safe)
    name, channel = shown(ctx.author.display_name), str(getattr(ctx.channel, "name", ""))
    with_mentions = key in {"text", "description"}
    return rules.values_of([shown(word) for word in typed.split()], shown(typed), {
        "user": name,
        "mention": ctx.author.mention if with_mentions else name,
        "server": shown(ctx.guild.name),
        "channel": f"<#{ctx.channel.id}>" if with_mentions else shown(f"#{channel}"),
        "members": format_number(ctx.guild.member_count or 0),
    })  # fmt: skip


def _in_address(text: str) -> str:
    return quote(clean_input(text), safe="")


QUOTED: Final[dict[str, Callable[[str], str]]] = {
    "footer": clean_input, "image": _in_address, "thumbnail": _in_address,
}  # fmt: skip
"""How people's text is made harmless where it isn't shown as a message is."""


def _is_in_place(ctx: GuildContext, details: Details) -> bool:
    return not details.channel_ids or not set(details.channel_ids).isdisjoint(places(ctx.channel))


def _has_role(ctx: GuildContext, details: Details) -> bool:
    return details.role_id is None or ctx.author.get_role(details.role_id) is not None


def _gone() -> UserError:
    return UserError(_("Somebody deleted this command meanwhile."))


def _embed(own: dict[str, str]) -> discord.Embed:
    colour = parse_colour(own["colour"]) if "colour" in own else None
    # What is filled in may leave nothing, and Discord refuses an embed that is empty.
    embed = embeds.info(own.get("description") or ZERO_WIDTH_SPACE, title=own.get("title"), colour=colour)
    if "footer" in own:
        embed.set_footer(text=own["footer"])
    if "image" in own:
        embed.set_image(url=own["image"])
    if "thumbnail" in own:
        embed.set_thumbnail(url=own["thumbnail"])
    return embed
