"""Reading configurations, comparing them with what a server has, and storing them whole or not at all."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final

import discord

from cogs.admin.portable import rules
from cogs.admin.portable.settings_section import SettingsSection
from database.config_imports import ConfigImport, ConfigImportsStore
from utils.bot import Hearth
from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _, format_number
from utils.near import nearest
from utils.permissions import permission_names
from utils.portable import EntryChange, Field, Lost, MisfitError, Section, Target, UnmappedError
from utils.yaml_files import Value, plain_of, value_of

FORMAT: Final = 1
HEADER: Final = ("hearth", "server")
MOST_PROBLEMS: Final = 50


class ChangedMeanwhileError(Exception):
    """Somebody changed what a plan is about since it was made."""


@dataclass(slots=True)
class Plan:
    """What would change, by section, and what keeps it from being done.

    `current` is what the server has. `gone` are entries of it that the file doesn't have. `problems` are sentences:
    with any of them nothing is imported. `lost` are roles and channels that aren't here, `since` entries that were
    changed after what is taken back.
    """

    current: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    changed: dict[str, list[EntryChange]] = field(default_factory=dict)
    gone: dict[str, list[EntryChange]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    since: list[str] = field(default_factory=list)
    undoes: ConfigImport | None = None

    def chosen(self, names: Sequence[str], *, with_gone: bool) -> dict[str, list[EntryChange]]:
        """The changes of these sections; what the file doesn't have goes only if wanted."""
        found = {}
        for name in names:
            changes = [*self.changed.get(name, ()), *(self.gone.get(name, ()) if with_gone else ())]
            if changes:
                found[name] = changes
        return found


class Portable:
    """The sections that cogs declare, and what is done with them."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self.store = ConfigImportsStore(bot.db)
        self.settings = SettingsSection(bot.guild_settings)
        self._one_at_a_time = asyncio.Lock()

    def sections(self) -> dict[str, Section]:
        """All that there are now, by name: the settings, then the others."""
        others: list[Section] = [one for cog in self.bot.cogs.values() for one in getattr(cog, "sections", ())]
        return {one.name: one for one in [self.settings, *sorted(others, key=lambda one: one.name)]}

    async def export(self, guild: discord.Guild, names: Sequence[str] = ()) -> dict[str, Any]:
        """A server's configuration as plain data: all sections, or those named."""
        data: dict[str, Any] = {"hearth": FORMAT, "server": {"id": guild.id, "name": guild.name}}
        for name, section in self.sections().items():
            if not names or name in names:
                data[name] = await section.export(guild)
        return data

    # --- plans

    async def plan(self, data: Value, target: Target) -> Plan:
        """What a file would change. Raises `MisfitError` if it is no configuration at all."""
        root = Field(data, (), target)
        if not isinstance(data.plain, dict) or "hearth" not in data.plain:
            raise MisfitError(_("This file isn't a configuration of mine: `config export` makes one."))
        found = root.entries()
        if found["hearth"].plain != FORMAT:
            raise found["hearth"].misfit(_("I read format {number} only; make a new file.").format(number=FORMAT))
        plan = Plan()
        known = self.sections()
        for name, part in found.items():
            if name in HEADER or len(plan.problems) >= MOST_PROBLEMS:
                continue
            if name not in known:
                near = nearest(name, known) or self.settings.name
                plan.problems.append(
                    str(part.misfit(_("There is no such section; did you mean {near}?").format(near=code(near))))
                )
                continue
            try:
                entries = part.entries() if part.is_given else {}
                if len(entries) > known[name].most:
                    raise part.misfit(
                        _("That's too many: {most} at most.").format(most=format_number(known[name].most))
                    )
            except MisfitError as error:
                plan.problems.append(str(error))
                continue
            current = plan.current[name] = await known[name].export(target.guild)
            wanted, skipped = await self._read(known[name], entries, current, plan)
            self._add(plan, known[name], target, rules.compare(current, wanted, skipped))
        plan.lost = list(dict.fromkeys(target.lost))
        return plan

    async def plan_undo(self, undoes: ConfigImport, target: Target) -> Plan:
        """What would take an import back: all of it that nobody changed since."""
        plan = Plan(undoes=undoes)
        known = self.sections()
        for name, entries in (undoes.changes or {}).items():
            if name not in known:
                plan.since.append(name)
                continue
            current = plan.current[name] = await known[name].export(target.guild)
            before = {key: pair[0] for key, pair in entries.items()}
            after = {key: pair[1] for key, pair in entries.items()}
            back, since = rules.taken_back(current, before, after)
            plan.since += [f"{name} → {key}" for key in since]
            fields = {
                one.key: Field(value_of(one.new), (name, one.key), target) for one in back if one.new is not None
            }
            wanted, skipped = await self._read(known[name], fields, current, plan)
            changed = [EntryChange(one.key, one.old, wanted.get(one.key)) for one in back if one.key not in skipped]
            # Where a role or channel is gone since, it may be all that would come back.
            changed = [one for one in changed if one.new != one.old]
            self._add(plan, known[name], target, rules.Differences(tuple(changed)))
        plan.lost = list(dict.fromkeys(target.lost))
        return plan

    def clashes(self, plan: Plan, chosen: Mapping[str, Sequence[EntryChange]]) -> list[str]:
        """Why what a server would have after these changes can't be together, in sentences."""
        found = []
        for name, section in self.sections().items():
            if name not in chosen:
                continue
            after = rules.after_changes(plan.current[name], chosen[name])
            why_not = section.clash(after)
            if len(after) > section.most:
                why_not = _("That's too many: {most} at most.").format(most=format_number(section.most))
            if why_not:
                found.append(f"{code(name)}: {why_not}")
        return found

    async def _read(
        self, section: Section, entries: Mapping[str, Field], current: Mapping[str, Any], plan: Plan
    ) -> tuple[dict[str, Any], set[str]]:
        """The entries that can be read, and the names of those that name what isn't here.

        What is as the server has it isn't looked at: it stays, also where it names what is gone.
        """
        wanted: dict[str, Any] = {}
        skipped = set()
        for key, entry in entries.items():
            if len(plan.problems) >= MOST_PROBLEMS:  # enough to mend, and telling each takes a moment
                break
            await asyncio.sleep(0)  # there may be thousands, and others wait
            if key in current and plain_of(entry.value) == current[key]:
                wanted[key] = current[key]
                continue
            try:
                read = section.read(key, entry)
                # An empty list is a setting's value, and elsewhere nothing.
                wanted[key] = None if read == [] and section is not self.settings else read
            except UnmappedError:
                skipped.add(key)
            except MisfitError as error:
                skipped.add(key)
                plan.problems.append(str(error))
        return wanted, skipped

    def _add(
        self,
        plan: Plan,
        section: Section,
        target: Target,
        differences: rules.Differences,
    ) -> None:
        """Take what differs into the plan, or say why it can't be done."""
        if not differences.changed and not differences.gone:
            return
        plan.changed[section.name] = list(differences.changed)
        plan.gone[section.name] = list(differences.gone)
        if lacking := [one for one in section.needs if not getattr(target.member.guild_permissions, one)]:
            plan.problems.append(
                _("To import {section}, you need {permissions}.").format(
                    section=code(section.name), permissions=", ".join(permission_names(lacking))
                )
            )
        for change in differences.changed:
            if why_not := section.allowed(change, target.member):
                plan.problems.append(f"{code(f'{section.name} → {truncate(change.key, 60)}')}: {why_not}")

    # --- doing it

    async def apply(
        self, guild: discord.Guild, chosen: Mapping[str, list[EntryChange]], *, by: int, undoes: int | None = None
    ) -> None:
        """Store changes, all or none, then let them hold. Raises `ChangedMeanwhileError` and `DatabaseError`."""
        known = self.sections()
        if missing := [name for name in chosen if name not in known]:
            raise UserError(_("The section {name} isn't there any more.").format(name=code(missing[0])))
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._one_at_a_time)
            for name, section in known.items():  # always in this order: two imports can't block each other
                if name in chosen:
                    await stack.enter_async_context(section.held(guild))
            async with self.bot.db.transaction():
                for name, changes in chosen.items():
                    current = await known[name].export(guild)
                    if any(current.get(change.key) != change.old for change in changes):
                        raise ChangedMeanwhileError
                written = {
                    name: {change.key: [change.old, change.new] for change in changes}
                    for name, changes in chosen.items()
                }
                one = await self.store.add(guild.id, written, by=by, at=discord.utils.utcnow(), undoes=undoes)
                for name, changes in chosen.items():
                    await known[name].write(guild, changes, by, one.id)
            for name, changes in chosen.items():
                try:
                    await known[name].written(guild, changes, by)
                except Exception as error:  # noqa: BLE001 - it is stored; the other sections take it up all the same
                    self.bot.error_reports.add(error, f"taking up {name}")
