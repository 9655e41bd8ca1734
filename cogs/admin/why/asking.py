"""From words to a question with everything in it that it is about: people, commands, roles, channels, messages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import discord

from cogs.admin.why.rules import Asked, Kind, named
from database.removed_messages import RemovedMessage
from utils.bot import Hearth
from utils.checks import is_owner_only
from utils.commands import AnyCommand
from utils.context import GuildContext
from utils.errors import UserError
from utils.explanations import CommandQuestion, Question, RemovedMessageQuestion, RoleQuestion, XpQuestion
from utils.formatting import code, safe, truncate
from utils.i18n import _
from utils.invoking import command_named
from utils.lookup import Channel, NoMatchError, can_see, find_channel, find_member, find_role
from utils.members import get_member
from utils.near import nearest

RECENT: Final = 5
"""Of somebody's removed messages, so many are looked at to find one that the asker may know of."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Turns what one person asks in one place into questions. All methods raise `UserError`."""

    bot: Hearth
    ctx: GuildContext

    async def question(self, asked: Asked) -> Question | None:
        """The question; None if the words don't give away which one it is."""
        if asked.kind is None:
            asked = await self._guessed(asked)
        if asked.kind is Kind.COMMAND:
            return await self.command(asked)
        if asked.kind is Kind.REMOVED:
            return await self.removed(asked)
        if asked.kind is Kind.XP:
            return await self.xp(asked)
        return None if asked.kind is None else await self.role(asked)

    async def _guessed(self, asked: Asked) -> Asked:
        """The same where a command or a role is only named."""
        if named(asked, self._command) is not None:
            return replace(asked, kind=Kind.COMMAND)
        if named(asked, self._role) is not None:
            return replace(asked, kind=Kind.ROLE)
        if asked.words:
            raise UserError(_unknown(self, asked))
        return asked

    # --- the four

    async def command(self, asked: Asked) -> CommandQuestion:
        """Why somebody can't use a command."""
        found = named(asked, self._command)
        if found is None:
            raise UserError(_unknown(self, asked))
        command, rest = found
        if is_owner_only(command) and not await self.bot.is_owner(self.ctx.author):
            raise UserError(_unknown(self, asked))
        people = await self._people(asked, rest)
        member, target = (
            (self.ctx.author, people[0] if people else None)
            if asked.about_self or not people
            else (people[0], people[1] if len(people) > 1 else None)
        )
        self.may_ask_about(member)
        channel = await self._channel(asked)
        return CommandQuestion(self.ctx.guild, self.ctx.author, member, channel, command, self.ctx.message, target)

    async def removed(self, asked: Asked) -> RemovedMessageQuestion:
        """Why a message is gone: one that is linked, replied to or named by id, else the last one of somebody."""
        guild, store = self.ctx.guild, self.bot.removals.store
        where = asked.linked or ((self.ctx.channel.id, asked.ids[0]) if asked.ids else None) or self._replied_to()
        reference = self.ctx.message.reference
        answered = None if reference is None else reference.resolved
        if isinstance(answered, discord.Message) and where == self._replied_to() and answered.author == self.ctx.me:
            where = None  # what I say about a message that I removed isn't what is meant
        if where is not None:
            removed = await store.get(guild.id, where[1])
            channel_id = where[0] if removed is None else removed.channel_id
            author_id = None if removed is None else removed.author_id
            if isinstance(answered, discord.Message) and where[1] == answered.id:
                author_id = answered.author.id
            elif removed is None and (asked.user_ids or asked.about_self):
                author_id = asked.user_ids[0] if asked.user_ids else self.ctx.author.id
            await self._may_know(channel_id)
            if author_id is not None:
                self.may_ask_about_id(author_id)
            return RemovedMessageQuestion(guild, self.ctx.author, channel_id, where[1], author_id, removed)
        people = await self._people(asked, asked.names)
        author = people[0] if people else self.ctx.author
        self.may_ask_about(author)
        for removed in await store.latest_of(guild.id, author.id, limit=RECENT):
            if await self._knows(removed):
                return RemovedMessageQuestion(
                    guild, self.ctx.author, removed.channel_id, removed.message_id, author.id, removed
                )
        if author.id == self.ctx.author.id:
            text = _("I have removed no message of yours lately. Say which one you mean, by its link or its id.")
        else:
            text = _(
                "I have removed no message of {member} lately. Say which one you mean, by its link or its id."
            ).format(member=author.mention)
        raise UserError(text)

    async def xp(self, asked: Asked) -> XpQuestion:
        """Why somebody got no XP."""
        channel = await self._channel(asked)
        message = await self._message(asked)
        if message is not None:
            author = await get_member(self.ctx.guild, message.author.id)
            if author is None:
                raise UserError(_("Who wrote this message isn't in the server any more."))
            self.may_ask_about(author)
            return XpQuestion(self.ctx.guild, self.ctx.author, author, message.channel, message)  # type: ignore[arg-type]
        people = await self._people(asked, asked.names)
        member = people[0] if people else self.ctx.author
        self.may_ask_about(member)
        return XpQuestion(self.ctx.guild, self.ctx.author, member, channel)

    async def role(self, asked: Asked) -> RoleQuestion:
        """Why somebody has a role."""
        role, rest = self._named_role(asked)
        people = await self._people(asked, rest)
        member = people[0] if people else self.ctx.author
        self.may_ask_about(member)
        return RoleQuestion(self.ctx.guild, self.ctx.author, member, role)

    # --- who may know what

    def may_ask_about(self, member: discord.abc.User) -> None:
        """Raise unless it is the asker, or the asker looks after the server's messages."""
        self.may_ask_about_id(member.id)

    def may_ask_about_id(self, user_id: int) -> None:
        """The same for somebody who may have left."""
        permissions = self.ctx.author.guild_permissions
        if user_id != self.ctx.author.id and not (permissions.manage_messages or permissions.manage_guild):
            raise UserError(
                _("You can ask about yourself; about others you need the permission **Manage Messages**.")
            )

    async def _may_know(self, channel_id: int) -> None:
        """Raise if there is a channel that the asker doesn't see, as if it weren't there."""
        channel = self.ctx.guild.get_channel_or_thread(channel_id)
        if channel is not None and channel.id != self.ctx.channel.id and not await can_see(self.ctx.author, channel):
            raise UserError(_("I can't find that message. Give me its link, or its id in the channel it was in."))

    async def _knows(self, removed: RemovedMessage) -> bool:
        try:
            await self._may_know(removed.channel_id)
        except UserError:
            return False
        return True

    # --- what is named

    def _command(self, name: str) -> AnyCommand | None:
        name = name.lower().removeprefix((self.ctx.prefix or "").strip().lower())
        found: AnyCommand | None = command_named(self.bot, name)
        if found is None:
            meant = (finder.stands_for(self.ctx.guild.id, name) for finder in self.bot.command_finders)
            found = next((command for command in meant if command is not None), None)
        return None if found is None or found.hidden else found

    def _role(self, name: str) -> discord.Role | None:
        try:
            role = find_role(self.ctx.guild, name)
        except NoMatchError:
            return None
        return role if role.name.casefold().lstrip("@") == name.casefold().lstrip("@") else None

    def _named_role(self, asked: Asked) -> tuple[discord.Role, Sequence[str]]:
        guild = self.ctx.guild
        ids = [*asked.role_ids, *asked.ids]
        found = [role for role_id in ids if (role := guild.get_role(role_id)) is not None]
        if found:
            return found[0], asked.names
        if (by_name := named(asked, self._role)) is not None:
            return by_name
        if asked.role_ids:
            raise UserError(_("That role was deleted."))
        if not asked.names:
            raise UserError(_("Say which role you mean: mention it, or write its name or id."))
        try:
            return find_role(guild, " ".join(asked.names)), ()
        except NoMatchError as error:
            raise UserError(str(error)) from error

    async def _people(self, asked: Asked, rest: Sequence[str]) -> list[discord.Member]:
        """Who is mentioned, or named by an id or by the names that are left.

        Who asks about themselves may say more than names: what nobody is called is passed over then.
        """
        guild = self.ctx.guild
        known = [one for one in self.ctx.message.mentions if isinstance(one, discord.Member)]
        ids = [*asked.user_ids, *(one for one in asked.ids if guild.get_role(one) is None)]
        found = []
        for text in map(str, ids) if ids else rest:
            try:
                found.append(await find_member(guild, text, known=known))
            except NoMatchError as error:
                if ids or not asked.about_self:
                    raise UserError(str(error)) from error
        return found

    async def _channel(self, asked: Asked) -> Channel:
        name = str(asked.channel_ids[0]) if asked.channel_ids else asked.channel_name
        if name is None:
            return self.ctx.channel  # type: ignore[return-value]  # of a guild
        try:
            channel = find_channel(self.ctx.guild, name, visible_to=self.ctx.author)
        except NoMatchError as error:
            raise UserError(str(error)) from error
        if not await can_see(self.ctx.author, channel):
            raise UserError(_("You can't see that channel."))
        return channel

    def _replied_to(self) -> tuple[int, int] | None:
        reference = self.ctx.message.reference
        if reference is None or reference.message_id is None:
            return None
        return reference.channel_id, reference.message_id

    async def _message(self, asked: Asked) -> discord.Message | None:
        """The message that is linked or replied to, and is still there; None if none is."""
        where = asked.linked or self._replied_to()
        if where is None:
            return None
        await self._may_know(where[0])
        channel: Any = self.ctx.guild.get_channel_or_thread(where[0])
        try:
            message: discord.Message | None = None if channel is None else await channel.fetch_message(where[1])
        except (discord.NotFound, discord.Forbidden):
            message = None
        if message is None:
            raise UserError(_("That message was deleted, or I can't read it."))
        return message


def _unknown(asking: Asking, asked: Asked) -> str:
    """The sentence for a question that names no command that there is."""
    name = " ".join(asked.names)
    if not name:
        return _("Say which command you mean, like `{example}`.").format(
            example=f"{asking.ctx.clean_prefix}why can't I use daily here"
        )
    if any(finder.knows(asking.ctx.guild.id, name.lower()) for finder in asking.bot.command_finders):
        return _(
            "{name} is a command that this server made itself. Who manages the server sees with `customcommand show`"
            " what it asks for."
        ).format(name=code(name.lower()))
    names = [
        one.qualified_name for one in asking.bot.walk_commands() if not (one.hidden or is_owner_only(one))
    ]  # fmt: skip
    near = nearest(name.lower(), names)
    if near is not None:
        return _("I don't know {name}. Did you mean the command {near}?").format(
            name=code(truncate(name, 60)), near=code(near)
        )
    return _("I don't understand “{text}”. `{why}` alone shows what you can ask, and how.").format(
        text=safe(truncate(name, 60)), why=f"{asking.ctx.clean_prefix}why"
    )
