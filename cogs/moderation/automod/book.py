"""The rules of all guilds in memory, compiled whenever one changes: the path of a message reads nothing else."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cogs.moderation.automod.clauses import Clauses
from cogs.moderation.automod.memory import Memory
from cogs.moderation.automod.rules import UNREADABLE, Rules, steps_of
from database.automod import AutomodRule, AutomodStore
from utils.errors import UserError
from utils.formatting import code, safe
from utils.i18n import _
from utils.near import nearest

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

IN_MEMORY: Final = "automod rules"
MOST_RULES: Final = 30
MOST_STEPS: Final = 4_000
"""Of all patterns and words of a guild together: a tenth of a second for the longest message, at worst."""


class Book:
    """Reads, changes and compiles rules."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.store = AutomodStore(bot.db)
        self.memory = Memory()
        self.compiled: dict[int, Rules] = {}
        """By guild; none of those where no rule looks."""
        self._rules: dict[int, list[AutomodRule]] = {}
        self._reading = asyncio.Lock()

    async def load(self) -> None:
        """Read every guild's rules."""
        by_guild: dict[int, list[AutomodRule]] = {}
        for rule in await self.store.all():
            by_guild.setdefault(rule.guild_id, []).append(rule)
        for guild_id in self._rules.keys() - by_guild.keys():
            self.forget(guild_id)
        for guild_id, rules in by_guild.items():
            if not _same(rules, self.of(guild_id)):
                self._compile(guild_id, rules)

    async def read(self, guild_id: int | None) -> None:
        """Read a guild's rules anew, or every guild's."""
        async with self._reading:  # whoever reads last has what was stored last
            if guild_id is None:
                await self.load()
            else:
                self._compile(guild_id, await self.store.of(guild_id))

    async def load_guild(self, guild_id: int) -> None:
        """Read a guild's rules after a change of them."""
        await self.read(guild_id)
        await self.bot.shared_memory.changed(IN_MEMORY, guild_id)

    def forget(self, guild_id: int) -> None:
        """Let go of a guild that the bot isn't in any more."""
        self._rules.pop(guild_id, None)
        self.compiled.pop(guild_id, None)
        self.memory.forget(guild_id)

    def _compile(self, guild_id: int, rules: Sequence[AutomodRule]) -> None:
        self.forget(guild_id)
        self._rules[guild_id] = list(rules)
        compiled = Rules(rules, self._report)
        if compiled:
            self.compiled[guild_id] = compiled

    def _report(self, rule: AutomodRule, error: Exception) -> None:
        log.warning("Rule %d of guild %d can't be read", rule.number, rule.guild_id)
        self.bot.error_reports.add(error, "a rule of automod")

    # --- asking

    def of(self, guild_id: int) -> Sequence[AutomodRule]:
        """A guild's rules, the oldest first. Their numbers of hits are those of the last change."""
        return self._rules.get(guild_id, ())

    async def latest(self, rule: AutomodRule) -> AutomodRule:
        """A rule with the number of hits that it has by now."""
        return next((one for one in await self.store.of(rule.guild_id) if one.number == rule.number), rule)

    def named(self, guild_id: int, name: str) -> AutomodRule:
        """A rule by its name or number. Raises UserError."""
        rules = {rule.name: rule for rule in self.of(guild_id)}
        wanted = name.strip().casefold()
        by_number = {str(rule.number): rule for rule in rules.values()}
        found = rules.get(wanted) or by_number.get(wanted.removeprefix("#"))
        if found is not None:
            return found
        near = nearest(wanted, rules)
        if near is not None:
            raise UserError(
                _("There is no rule {name}. Did you mean {near}?").format(name=code(wanted[:40]), near=code(near))
            )
        raise UserError(_("There is no rule {name}; `automod` lists them.").format(name=code(wanted[:40])))

    # --- changing

    async def add(self, guild_id: int, name: str, mode: str, clauses: Clauses) -> AutomodRule:
        """Keep a new rule. Raises UserError if there is one of that name, or there are too many."""
        self._check_work(guild_id, clauses)
        added = await self.store.add(guild_id, name, mode, clauses, most=MOST_RULES)
        await self.load_guild(guild_id)
        if added is not None:
            return added
        if any(rule.name == name for rule in self.of(guild_id)):
            raise UserError(
                _("There is a rule called {name} already; `automod edit {plain}` changes it.").format(
                    name=code(name), plain=safe(name)
                )
            )
        raise too_many()

    async def set_mode(self, rule: AutomodRule, mode: str) -> AutomodRule:
        """Let a rule act, only watch, or rest. Raises UserError if it is gone."""
        return await self._store(replace(rule, mode=mode))

    async def set_clauses(self, rule: AutomodRule, clauses: Clauses) -> AutomodRule:
        """Let a rule look for something else, or do something else. Raises UserError if it is gone."""
        self._check_work(rule.guild_id, clauses, but=rule.number)
        return await self._store(replace(rule, clauses=clauses))

    async def _store(self, rule: AutomodRule) -> AutomodRule:
        stored = await self.store.change(rule)
        await self.load_guild(rule.guild_id)
        if not stored:
            raise UserError(_("Somebody has deleted the rule {name} meanwhile.").format(name=code(rule.name)))
        return rule

    async def remove(self, rule: AutomodRule) -> None:
        """Delete a rule."""
        await self.store.remove(rule.guild_id, rule.number)
        await self.load_guild(rule.guild_id)

    def _check_work(self, guild_id: int, clauses: Clauses, *, but: int | None = None) -> None:
        check_work([clauses, *(rule.clauses for rule in self.of(guild_id) if rule.number != but)])


def _same(some: Sequence[AutomodRule], others: Sequence[AutomodRule]) -> bool:
    """Whether rules look for the same; how often they hit aside."""
    return [replace(rule, hits=0) for rule in some] == [replace(rule, hits=0) for rule in others]


def check_work(rules: Iterable[Clauses]) -> None:
    """Raise UserError if the words and patterns of a guild's rules would take too long together."""
    steps = 0
    for clauses in rules:
        with suppress(*UNREADABLE):  # it doesn't look either
            steps += steps_of(clauses)
    if steps > MOST_STEPS:
        raise UserError(_("All words and patterns of this server together would take too long; leave some out."))


def too_many() -> UserError:
    """Says that a guild has as many rules as it may."""
    return UserError(_("There may be {most} rules at most.").format(most=MOST_RULES))
