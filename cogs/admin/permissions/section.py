"""The rules of who may use what, as a section of a server's file: by command or feature, a list of rules."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar, Final

import discord
from discord.ext import commands

from database.permission_rules import PermissionRule
from utils.access import feature_of
from utils.bot import Hearth
from utils.checks import invoker_permissions, is_owner_only
from utils.commands import AnyCommand
from utils.formatting import code
from utils.i18n import N_, _, format_list
from utils.invoking import command_named
from utils.permission_rules import FEATURE, about_command, name_of
from utils.permissions import permission_names
from utils.portable import EntryChange, Field, Section, channel_reference, each_found, role_reference

KINDS: Final = ("server", "category", "channel", "role", "person")
MOST_RULES: Final = 500
"""Of one server."""


class PermissionsSection(Section):
    """Who may use which commands where."""

    name = "permissions"
    title = N_("Permissions")
    most: ClassVar[int] = MOST_RULES

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self.rules = bot.access.rules

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By command or feature, the rules about it."""
        found: dict[str, list[dict[str, Any]]] = {}
        for rule in self.rules.of(guild.id):
            found.setdefault(rule.subject, []).append(_as_plain(guild, rule))
        return {subject: sorted(found[subject], key=_order) for subject in sorted(found)}

    def read(self, key: str, entry: Field) -> Any:
        """The rules about one command or feature."""
        if self._commands(key) is None:
            raise entry.misfit(_("There is no such command or feature; `help` lists them all."))
        found = each_found(entry.items(MOST_RULES), self._read_rule)
        plain = [{one["kind"]: one["of"], "allows": one["allows"]} for one in found]
        return sorted({_order(one): one for one in plain}.values(), key=_order)

    def allowed(self, change: EntryChange, member: discord.Member) -> str | None:
        """Nobody allows what they may not do themselves."""
        if not any(one["allows"] for one in change.added):
            return None
        return why_not_allow(member, self._commands(change.key) or ())

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """A server has so many rules at most."""
        if sum(map(len, entries.values())) <= MOST_RULES:
            return None
        return _("A server can have {most} rules at most; remove some first.").format(most=MOST_RULES)

    def held(self, guild: discord.Guild) -> AbstractAsyncContextManager[Any]:
        """Let nobody change a rule meanwhile."""
        return self.rules.held()

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store the rules; those that stay keep who set them when."""
        now = discord.utils.utcnow()
        for change in changes:
            present = {rule.target_id: rule for rule in self.rules.of(guild.id) if rule.subject == change.key}
            wanted = [_rule(guild, change.key, one, by, now) for one in change.new or ()]
            ids = {rule.target_id for rule in wanted}
            await self.rules.store.remove(rule for rule in present.values() if rule.target_id not in ids)
            await self.rules.store.set(
                rule
                for rule in wanted
                if rule.target_id not in present or present[rule.target_id].allows != rule.allows
            )

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Read the server's rules again."""
        await self.rules.read_again(guild.id)

    def _commands(self, subject: str) -> list[AnyCommand] | None:
        """The commands that a subject has in it; None if there is no such command or feature."""
        name = name_of(subject)
        if subject.startswith(FEATURE):
            if name not in self.bot.features.loaded:
                return None
            return [one for one in self.bot.walk_commands() if feature_of(one) == name]
        command = command_named(self.bot, name)
        if command is None or is_owner_only(command) or about_command(command.qualified_name) != subject:
            return None
        return [command, *(command.walk_commands() if isinstance(command, commands.Group) else ())]

    def _read_rule(self, field: Field) -> dict[str, Any]:
        parts = field.parts(("allows",), KINDS)
        given = [kind for kind in KINDS if parts[kind].is_given]
        if len(given) != 1:
            listed = format_list([code(kind) for kind in KINDS], style="or")
            raise field.misfit(_("Say for whom or where this holds, by one of {kinds}.").format(kinds=listed))
        kind, part = given[0], parts[given[0]]
        return {"kind": kind, "of": _read_target(kind, part), "allows": parts["allows"].switch()}


def why_not_allow(member: discord.Member, made: Iterable[AnyCommand]) -> str | None:
    """Why somebody may not allow others these commands, in a sentence; None if they may."""
    needed = dict.fromkeys(name for one in made for name in invoker_permissions(one))
    lacking = [name for name in needed if not getattr(member.guild_permissions, name)]
    if not lacking:
        return None
    return _("You can only allow what you may do yourself; for this you need {permissions}.").format(
        permissions=format_list(permission_names(lacking))
    )


def _read_target(kind: str, part: Field) -> Any:
    guild = part.target.guild
    if kind == "server":
        if not part.switch():
            raise part.misfit(_("Write `true`, or leave it out."))
        return True
    if kind == "person":
        user_id = part.whole(1, 2**63 - 1)
        if user_id == guild.owner_id:
            raise part.misfit(_("The server's owner may use everything; no rule changes that."))
        return user_id
    if kind == "role":
        role = part.role()
        if role.is_default():
            raise part.misfit(_("For everybody, write `server: true`."))
        return role_reference(guild, role.id)
    channel = part.channel()
    if isinstance(channel, discord.CategoryChannel) != (kind == "category"):
        raise part.misfit(_("A category is written as `category`, any other channel as `channel`."))
    return channel_reference(guild, channel.id)


def _as_plain(guild: discord.Guild, rule: PermissionRule) -> dict[str, Any]:
    target: Any = rule.target_id
    if rule.target_kind == "server":
        target = True
    elif rule.target_kind == "role":
        target = role_reference(guild, rule.target_id)
    elif rule.target_kind in {"channel", "category"}:
        target = channel_reference(guild, rule.target_id)
    return {rule.target_kind: target, "allows": rule.allows}


def _rule(guild: discord.Guild, subject: str, plain: dict[str, Any], by: int, now: Any) -> PermissionRule:
    kind = next(kind for kind in KINDS if kind in plain)
    target = plain[kind]
    target_id = guild.id if kind == "server" else target["id"] if isinstance(target, dict) else target
    return PermissionRule(guild.id, subject, kind, target_id, plain["allows"], by, now)


def _order(plain: dict[str, Any]) -> tuple[int, str, int]:
    """The same on every server where roles and channels are called the same."""
    kind = next(kind for kind in KINDS if kind in plain)
    target = plain[kind]
    if isinstance(target, dict):
        return KINDS.index(kind), target.get("name", ""), target["id"]
    return KINDS.index(kind), "", int(target)
