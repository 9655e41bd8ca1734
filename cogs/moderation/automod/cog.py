"""Automod's commands, and where it hears of messages."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Final

import discord

from cogs.moderation.automod import settings
from cogs.moderation.automod.book import IN_MEMORY, Book
from cogs.moderation.automod.checkup import lacking, rule_findings
from cogs.moderation.automod.clauses import Clauses
from cogs.moderation.automod.doing import SOURCE, Doing
from cogs.moderation.automod.naming import read_name, why_not_make
from cogs.moderation.automod.posts import Post
from cogs.moderation.automod.presets import BASIC, PRESETS
from cogs.moderation.automod.replaying import MOST_REPLAYED, replay, replayed_lines, tested_lines
from cogs.moderation.automod.rules import OBSERVE, OFF, ON
from cogs.moderation.automod.section import AutomodSection
from cogs.moderation.automod.starting import BasicRules, clauses_of
from cogs.moderation.automod.texts import hit_line, mode_of, rule_embed, rule_line
from cogs.moderation.automod.watching import Watching
from cogs.moderation.automod.writing import changed, read_clauses
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.staff import is_staff
from database.automod import AutomodRule
from database.errors import DatabaseError
from utils import checks, embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog, StartingCog
from utils.commands import example, group
from utils.context import Context
from utils.converters import BoundedText, TextChannelConverter
from utils.errors import UserError
from utils.explanations import Explanation, RemovedMessageQuestion, explains
from utils.findings import Finding
from utils.formatting import bullets, code, pages_of, truncate
from utils.i18n import _, format_list, translate
from utils.permissions import permission_names
from utils.setting_types import Setting
from utils.shared_memory import Part
from utils.switches import places
from utils.time import timestamp

LONGEST_RULE: Final = 1_800  # characters
TEXTS_KEPT: Final = timedelta(days=1)
HITS_KEPT: Final = timedelta(days=30)
TIDIED_EVERY: Final = timedelta(hours=6)
SHOWN_HITS: Final = 50
A_PAGE: Final = 1_800  # characters

RuleText = Annotated[str, BoundedText(LONGEST_RULE)]


class Automod(StartingCog):
    """Rules that look at each message: what they look for, when they count, and what they do."""

    settings: ClassVar[Sequence[Setting[Any]]] = settings.SETTINGS
    also_needs: ClassVar[Mapping[str, str]] = {
        "manage_messages": "automod deletes messages", "moderate_members": "automod times people out",
        "kick_members": "automod kicks", "ban_members": "automod bans", "manage_roles": "automod gives roles",
        "manage_channels": "automod slows channels down",
    }  # fmt: skip

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.book = Book(bot)
        self.sections = (AutomodSection(self.book),)
        self.in_memory = (Part(IN_MEMORY, self.book.read),)
        self.starters = (BasicRules(self.book),)
        self.doing = Doing(pipeline, self.book.store, self.spawn)
        self.watching = Watching(bot, self.book, self.doing.take, self.spawn)

    async def cog_load(self) -> None:
        """Read the rules, and begin to hear what is written."""
        await self.book.load()
        self.bot.message_hearers.append(self.watching.hear)
        await super().cog_load()

    async def cog_unload(self) -> None:
        """Hear nothing more, and tell of what is under way."""
        self.bot.message_hearers.remove(self.watching.hear)
        await self.doing.end_all()

    async def from_the_start_on(self) -> None:
        """Forget what people wrote after a day, and what was found after a month."""
        while True:
            now = discord.utils.utcnow()
            try:
                if self.bot.cluster.leads:
                    await self.book.store.forget(texts_before=now - TEXTS_KEPT, hits_before=now - HITS_KEPT)
            except DatabaseError as error:
                self.bot.error_reports.add(error, "tidying automod")
            await asyncio.sleep(TIDIED_EVERY.total_seconds())

    @Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Look at what a message became."""
        await self.watching.hear_edit(payload.message)

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take a guild's rules up again."""
        await self.book.read(guild.id)

    @Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Let go of a guild's rules; the database keeps them."""
        self.book.forget(guild.id)

    async def forget_guild(self, guild_id: int) -> None:
        """Let go of rules that the database keeps no more: after a start they are there again."""
        self.book.forget(guild_id)

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """Rules that can't do what they should, or name what was deleted."""
        return rule_findings(self.bot, guild, self.book.of(guild.id))

    @explains(RemovedMessageQuestion)
    async def why_removed(self, question: RemovedMessageQuestion) -> list[Explanation]:
        """Name the rule that removed a message; what it found there, to its author and to staff only."""
        removed = question.removed
        if removed is None or removed.by != SOURCE:
            return []
        name = code(str(removed.details.get("name")))
        if question.asker.id != removed.author_id and not is_staff(self.bot, question.asker):
            return [Explanation(_("Automod's rule {name} removed it.").format(name=name), decides=True)]
        hits = await self.book.store.hits(question.guild.id, message_id=question.message_id, limit=1)
        trigger = str(removed.details.get("trigger"))
        matched = hits[0].matched if hits and hits[0].trigger == trigger else None
        found = code(f"--{trigger}") if matched is None else f"{code(f'--{trigger}')} {code(matched)}"
        sentence = _("Automod's rule {name} removed it {when}: {found}.")
        when = timestamp(removed.removed_at, "R")
        return [Explanation(sentence.format(name=name, when=when, found=found), decides=True)]

    # --- commands

    @group()
    @example("")
    @checks.requires(moderate_members=True)
    async def automod(self, ctx: Context) -> None:
        """List the rules that look at each message.

        A new rule only watches and reports what it would have done; `automod enable` lets it act. `automod preset`
        has proven rules to begin with. Staff is never looked at, and neither is who may delete messages anyway.
        """
        assert ctx.guild is not None
        rules = await self.book.store.of(ctx.guild.id)
        if not rules:
            await ctx.info(_("There are no rules. `automod preset basic` is a good beginning."))
            return
        await _leaf(ctx, [rule_line(rule) for rule in rules], _("Automod"))

    @automod.command(name="add", aliases=["create"])
    @example(
        'slurs --words "bad word" evil* --delete --timeout 10m', "ads --invites --links --allow youtube.com --delete",
        "flood --messages 6 5s --not-in #spam --delete --warn",
    )  # fmt: skip
    @checks.requires(manage_guild=True)
    async def automod_add(self, ctx: Context, name: str, *, rule: RuleText) -> None:
        """Make a rule; it only watches until `automod enable`.

        It looks for any of these:

        - `--words spam "free nitro" evil*`: words and phrases, whatever the case, accents and look-alike letters. A
          star lets a word go on there.
        - `--regex "gr[ae]y"`: a pattern.
        - `--invites`, `--links` (or only those to `--links example.com`), `--attachments` (or `--attachments exe`).
          `--allow` says which servers, invites and domains are fine; invites to this server are.
        - `--caps 70` percent, `--mentions 5`, `--emoji 20`, `--lines 30` or more.
        - `--duplicates 3 30s`, `--messages 6 5s`, `--mention-rate 10 1m`, `--link-rate 5 1m`: so many within such a
          time, of one person, or with `channel` behind it of all together.

        When all of these hold: `--in #channel`, `--not-in`, `--role @role`, `--not-role`, `--account-under 7d`,
        `--here-under 1d`. Then it does: `--delete`, one of `--warn 1`, `--timeout 10m`, `--kick` and `--ban 7d`,
        `--give @role 1h`, `--slowmode 10s 5m`, `--alert`. `--reason "why"` is what they are told.
        """
        assert ctx.guild is not None
        clauses = changed({}, read_clauses(rule, ctx.guild))
        self._check_rights(ctx, clauses)
        added = await self.book.add(ctx.guild.id, read_name(name), OBSERVE, clauses)
        embed = rule_embed(added)
        embed.description = _(
            "It only watches for now. `automod replay #channel 500 {name}` tries it; `automod enable {name}` lets it "
            "act."
        ).format(name=added.name)
        await ctx.show(embed)

    @automod.command(name="edit", aliases=["change", "set"])
    @example("slurs --timeout 1h --no-alert", 'slurs --add-words "bad word" worse', "slurs --drop-words worse")
    @checks.requires(manage_guild=True)
    async def automod_edit(self, ctx: Context, name: str, *, changes: RuleText) -> None:
        """Change parts of a rule; the others stay.

        Each part that you name takes the place of what was there, and `--no-…` takes it away. Lists get longer by
        `--add-words …` and shorter by `--drop-words …`, and so with the other lists.
        """
        assert ctx.guild is not None
        rule = self.book.named(ctx.guild.id, name)
        clauses = changed(rule.clauses, read_clauses(changes, ctx.guild))
        self._check_rights(ctx, clauses)
        await ctx.show(rule_embed(await self.book.set_clauses(rule, clauses)))

    @automod.command(name="show", aliases=["info"])
    @example("slurs", "2")
    async def automod_show(self, ctx: Context, *, name: str) -> None:
        """Show a rule, with the line that makes it again."""
        assert ctx.guild is not None
        await ctx.show(rule_embed(await self.book.latest(self.book.named(ctx.guild.id, name))))

    @automod.command(name="enable", aliases=["on"])
    @example("slurs")
    @checks.requires(manage_guild=True)
    async def automod_enable(self, ctx: Context, *, name: str) -> None:
        """Let a rule act."""
        await self._set_mode(ctx, name, ON)

    @automod.command(name="observe", aliases=["watch"])
    @example("slurs")
    @checks.requires(manage_guild=True)
    async def automod_observe(self, ctx: Context, *, name: str) -> None:
        """Let a rule only watch, and report what it would have done."""
        await self._set_mode(ctx, name, OBSERVE)

    @automod.command(name="disable", aliases=["off"])
    @example("slurs")
    @checks.requires(manage_guild=True)
    async def automod_disable(self, ctx: Context, *, name: str) -> None:
        """Let a rule rest; it is kept."""
        await self._set_mode(ctx, name, OFF)

    @automod.command(name="remove", aliases=["delete"])
    @example("slurs")
    @checks.requires(manage_guild=True)
    async def automod_remove(self, ctx: Context, *, name: str) -> None:
        """Delete a rule."""
        assert ctx.guild is not None
        rule = self.book.named(ctx.guild.id, name)
        await self.book.remove(rule)
        await ctx.success(_("The rule {name} is gone.").format(name=code(rule.name)))

    @automod.command(name="preset", aliases=["presets"])
    @example("", "basic", "invites")
    @checks.requires(manage_guild=True)
    async def automod_preset(self, ctx: Context, *, name: str = "") -> None:
        """Add proven rules, which only watch at first.

        Without a name it lists them; `basic` adds those that most servers want.
        """
        assert ctx.guild is not None
        wanted = name.strip().casefold()
        if not wanted:
            lines = [f"{code(key)}: {translate(what)}" for key, (what, _line) in PRESETS.items()]
            basic = format_list([code(key) for key in BASIC])
            lines.append(_("`basic`: {rules}").format(rules=basic))
            await ctx.info(bullets(lines), title=_("Rules to begin with"))
            return
        if wanted != "basic" and wanted not in PRESETS:
            raise UserError(_("There is no preset {name}; `automod preset` lists them.").format(
                name=code(truncate(wanted, 40))
            ))  # fmt: skip
        await ctx.success(await self._add_presets(ctx, BASIC if wanted == "basic" else (wanted,)))

    async def _add_presets(self, ctx: Context, names: Sequence[str]) -> str:
        assert ctx.guild is not None
        there = {rule.name for rule in self.book.of(ctx.guild.id)}
        rules = {key: clauses_of(key, ctx.guild) for key in names if key not in there}
        for clauses in rules.values():
            self._check_rights(ctx, clauses)
        for key, clauses in rules.items():
            await self.book.add(ctx.guild.id, key, OBSERVE, clauses)
        if not rules:
            return _("There are such rules already.")
        added = format_list([code(key) for key in rules])
        return _("Added {rules}. They only watch until `automod enable`.").format(rules=added)

    @automod.command(name="test", aliases=["try"])
    @example("free nitro at discord.gg/abc")
    async def automod_test(self, ctx: Context, *, text: str) -> None:
        """Show what each rule finds in a text, also those that rest.

        For whom and where a rule counts makes no difference here, and what is counted over a time can't be tested:
        `automod replay` does that.
        """
        assert ctx.guild is not None
        rules, message = self._rules(ctx.guild, ""), ctx.message
        mentions = len(message.mentions) + len(message.role_mentions) + message.mention_everyone
        post = Post(message.id, ctx.channel.id, ctx.author.id, text, message.created_at, places(ctx.channel))
        post.mentions, post.files = mentions, tuple(file.filename for file in message.attachments)
        known = self.watching.known(ctx.guild)
        for invite in self.watching.invites.unknown(post, known):
            await self.watching.invites.look_up(invite, post.at)
        await _leaf(ctx, tested_lines(rules, post, known), _("What automod finds"))

    @automod.command(name="replay")
    @example("#general 500", "#general 200 slurs")
    @checks.requires(read_message_history=True)
    async def automod_replay(
        self, ctx: Context, channel: Annotated[discord.TextChannel, TextChannelConverter], count: int = 500, *,
        name: str = "",
    ) -> None:  # fmt: skip
        """Show what the rules would have done with a channel's latest messages.

        Nothing is done. Rules that rest are tried, too; name one to try it alone.
        """
        assert ctx.guild is not None
        rules = self._rules(ctx.guild, name)
        if not 1 <= count <= MOST_REPLAYED:
            raise UserError(_("Say how many messages, from 1 to {most}.").format(most=MOST_REPLAYED))
        messages, known = await self._history(ctx, channel, count), self.watching.known(ctx.guild)
        await self.watching.invites.look_up_some(messages, known)
        outcome = await replay(self.bot, ctx.guild, messages, rules, known)
        await _leaf(ctx, replayed_lines(outcome, rules, ctx.guild.id), _("What would have been"))

    @automod.command(name="hits", aliases=["log"])
    @example("", "slurs")
    async def automod_hits(self, ctx: Context, *, name: str = "") -> None:
        """Show what the rules found last; what people wrote is kept for a day."""
        assert ctx.guild is not None
        number = self.book.named(ctx.guild.id, name).number if name else None
        hits = await self.book.store.hits(ctx.guild.id, rule_number=number, limit=SHOWN_HITS)
        if not hits:
            await ctx.info(_("Nothing was found yet."))
            return
        await _leaf(ctx, [f"- {hit_line(hit)}" for hit in hits], _("What automod found"))

    # --- helpers

    def _rules(self, guild: discord.Guild, name: str) -> Sequence[AutomodRule]:
        """All rules, or the one of that name. Raises UserError if there are none."""
        rules = [self.book.named(guild.id, name)] if name else self.book.of(guild.id)
        if not rules:
            raise UserError(_("There are no rules; `automod add` makes one."))
        return rules

    @staticmethod
    async def _history(ctx: Context, channel: discord.TextChannel, count: int) -> list[discord.Message]:
        """The latest messages of a channel whose history the invoker can read. Raises UserError."""
        assert isinstance(ctx.author, discord.Member)
        if not channel.permissions_for(ctx.author).read_message_history:
            raise UserError(_("You can't read the history of {channel}.").format(channel=channel.mention))
        try:
            return [message async for message in channel.history(limit=count, before=ctx.message)]
        except CANNOT_SAY as error:
            raise UserError(
                _("Discord doesn't show me the messages of {channel}.").format(channel=channel.mention)
            ) from error

    async def _set_mode(self, ctx: Context, name: str, mode: str) -> None:
        assert ctx.guild is not None
        rule = self.book.named(ctx.guild.id, name)
        if mode == ON:
            self._check_rights(ctx, rule.clauses)
        rule = await self.book.set_mode(rule, mode)
        sentence = _("The rule {name}: {mode}.").format(name=code(rule.name), mode=mode_of(rule))
        missing = lacking(ctx.guild, rule.clauses) if mode == ON else []
        if missing:
            names = format_list(permission_names(missing))
            sentence += "\n" + _("I need {permissions} for what it does.").format(permissions=names)
        await ctx.success(sentence)

    @staticmethod
    def _check_rights(ctx: Context, clauses: Clauses) -> None:
        """Raise UserError for what whoever makes a rule couldn't do themselves."""
        assert isinstance(ctx.author, discord.Member)
        reason = why_not_make(ctx.author, clauses)
        if reason is not None:
            raise UserError(reason)


async def _leaf(ctx: Context, lines: Sequence[str], title: str) -> None:
    await ctx.paginate([embeds.info(page, title=title) for page in pages_of(lines, A_PAGE)])
