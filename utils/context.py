"""What a command is called with: the message it came from, and the few verbs that commands need again and again."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import discord
from discord.ext import commands

from utils import embeds
from utils.formatting import EMBED_DESCRIPTION_LIMIT, MESSAGE_LIMIT, pages_of, truncate
from utils.i18n import _
from utils.members import get_member
from utils.user_settings import Preferences
from utils.views import ANSWER_WITHIN_SECONDS, Confirm, LivePages, OwnedView, Pages, ReadPage


class Context(commands.Context["Hearth"]):  # type: ignore[name-defined]
    """One use of a command."""

    preferences: Preferences = Preferences()

    @property
    def timezone(self) -> ZoneInfo:
        """The member's time zone; the guild's until they choose one."""
        return self.preferences.zone or self.bot.timezone_of(self.guild)

    @property
    def can_embed(self) -> bool:
        """Whether embeds are shown here."""
        return self.guild is None or self.bot_permissions.embed_links

    @property
    def can_attach(self) -> bool:
        """Whether files can be sent here."""
        return self.guild is None or self.bot_permissions.attach_files

    @property
    def clean_prefix(self) -> str:
        """The prefix as it reads in an example; a mention needs a space behind it."""
        prefix = super().clean_prefix
        return f"{prefix} " if (self.prefix or "").startswith("<@") else prefix

    async def send(self, content: str | None = None, **kwargs: Any) -> discord.Message:
        """Send as discord.py does; where embeds aren't allowed, their text is sent instead."""
        if not self.can_embed:
            shown = [embed for embed in [kwargs.pop("embed", None), *kwargs.pop("embeds", [])] if embed is not None]
            text = "\n".join(filter(None, [content, *map(embeds.as_text, shown)]))
            content = truncate(text, MESSAGE_LIMIT) or None
        return await super().send(content, **kwargs)

    async def reply(self, content: str | None = None, **kwargs: Any) -> discord.Message:
        """Answer the message, or just send where it was deleted or history can't be read."""
        if self.guild is None or self.bot_permissions.read_message_history:
            kwargs.setdefault("reference", self.message.to_reference(fail_if_not_exists=False))
        return await self.send(content, **kwargs)

    async def success(self, text: str) -> discord.Message:
        """Say that something was done."""
        return await self.reply(embed=embeds.success(text))

    async def error(self, text: str) -> discord.Message:
        """Say that something was not done, and why."""
        return await self.reply(embed=embeds.error(text))

    async def info(self, text: str, *, title: str | None = None) -> discord.Message:
        """Say something."""
        return await self.reply(embed=embeds.info(text, title=title))

    async def show(
        self, embed: discord.Embed, *, view: OwnedView | None = None, file: discord.File | None = None
    ) -> discord.Message:
        """Answer with an embed, and buttons and a file if there are any."""
        if view is None:
            return await self.reply(embed=embed, file=file)
        view.message = await self.reply(embed=embed, view=view, file=file)
        return view.message

    async def confirm(self, question: str, *, timeout_seconds: float = ANSWER_WITHIN_SECONDS) -> bool:
        """Ask the invoker yes or no; silence means no."""
        view = Confirm(self.bot, self.author.id, timeout_seconds=timeout_seconds)
        await self.show(embeds.info(question), view=view)
        await view.wait()
        if view.answer is not True:
            return False
        await self.check_again()
        return True

    async def check_again(self) -> None:
        """After a question: raise CheckFailure unless the invoker may still do this; they may have lost a role."""
        if self.guild is None or self.command is None:
            return
        member = await get_member(self.guild, self.author.id)
        if member is None:
            raise commands.CheckFailure(_("You aren't in this server any more."))
        self.asked_by(member)
        if not await self.command.can_run(self):
            raise commands.CheckFailure

    def asked_by(self, member: discord.Member) -> None:
        """Take the invoker as they are now: their roles may be others."""
        self.message.author = member
        for name in ("author", "permissions"):  # what discord.py remembers of the one who asked
            self.__dict__.pop(name, None)

    async def paginate(self, pages: Sequence[discord.Embed]) -> discord.Message:
        """Answer with pages to leaf through; a single one comes without buttons."""
        contents = self.as_contents(pages)
        if len(contents) == 1:
            return await self.reply(**contents[0])
        view = Pages(self.bot, self.author.id, contents)
        view.message = await self.reply(**contents[0], view=view)
        return view.message

    async def paginate_lines(
        self, lines: Iterable[str], limit: int = EMBED_DESCRIPTION_LIMIT, *, title: str, most_lines: int = 0
    ) -> discord.Message:
        """Answer with a list, on as many pages as it needs; `limit` and `most_lines` are those of a page."""
        return await self.paginate([embeds.info(page, title=title) for page in pages_of(lines, limit, most_lines)])

    async def leaf(self, read: ReadPage, index: int = 0) -> discord.Message:
        """Answer with one of several pages, each of which is read when it is turned to."""
        page = await read(index)
        view = LivePages(self.bot, self.author.id, read, page, lambda embed: self.as_contents([embed])[0])
        if page.count == 1:
            return await self.show(page.embed, file=page.file)
        return await self.show(page.embed, view=view, file=page.file)

    def as_contents(self, pages: Sequence[discord.Embed]) -> list[dict[str, Any]]:
        """What each page is sent with here: an embed, or where these aren't shown one text or several."""
        if self.can_embed:
            return [{"embed": page} for page in pages]
        return [{"content": text} for page in pages for text in embeds.as_texts(page)]


if TYPE_CHECKING:

    class GuildContext(Context):
        """One use of a command that only runs in a guild."""

        @property
        def guild(self) -> discord.Guild: ...

        author: discord.Member

else:
    GuildContext = Context
