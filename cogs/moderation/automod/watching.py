"""The path of a message through automod. Without I/O, but for invites that nobody has looked up yet."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import discord

from cogs.moderation.automod.book import Book
from cogs.moderation.automod.posts import Post
from cogs.moderation.automod.rules import Hit, Known, Rules
from cogs.moderation.staff import is_staff
from utils.bot import CANNOT_SAY
from utils.kept import FirstTimes
from utils.members import get_member
from utils.switches import places

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

READ: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})
MOST_LOOKED_UP: Final = 5  # invites of one message
MOST_OF_MANY: Final = 20  # invites of many messages together
MOST_AT_ONCE: Final = 20
"""Messages whose invites are looked up; beyond, in a flood of them, each leads elsewhere."""
MOST_INVITES_KEPT: Final = 5_000
INVITE_KEPT: Final = timedelta(hours=6)
MOST_EDITS_KEPT: Final = 5_000
NEWS_FOR: Final = timedelta(minutes=15)
"""How long after an edit Discord tells of it at most, should the connection have been lost meanwhile."""

Take = Callable[[discord.Message, discord.Member, list[Hit]], None]
Spawn = Callable[[Coroutine[Any, Any, Any]], Any]


class Invites:
    """Which server an invite leads to, as Discord said last."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.servers: OrderedDict[str, int | None] = OrderedDict()
        self._asked_at: dict[str, datetime] = {}

    def unknown(self, post: Post, known: Known) -> list[str]:
        """The codes in a message that Discord has to be asked about."""
        codes = [code for code in post.invites[:MOST_LOOKED_UP] if not known.is_own(code)]
        return [code for code in codes if not self._is_fresh(code, post.at)]

    def _is_fresh(self, code: str, now: datetime) -> bool:
        return code in self.servers and now - self._asked_at[code] < INVITE_KEPT

    async def look_up(self, code: str, now: datetime) -> bool:
        """Ask Discord; False if it doesn't say."""
        try:
            invite = await self.bot.fetch_invite(code, with_counts=False, with_expiration=False)
        except discord.NotFound:
            server = None
        except CANNOT_SAY as error:
            log.info("Discord doesn't say where an invite leads: %s", error)
            return False
        else:
            channel: Any = self.bot.get_channel(invite.channel.id) if invite.channel is not None else None
            guild = invite.guild or getattr(channel, "guild", None)
            server = guild.id if guild is not None else None
        self.servers[code], self._asked_at[code] = server, now
        self.servers.move_to_end(code)
        if len(self.servers) > MOST_INVITES_KEPT:
            oldest, _server = self.servers.popitem(last=False)
            del self._asked_at[oldest]
        return True

    async def look_up_some(self, messages: Sequence[discord.Message], known: Known) -> None:
        """Ask Discord about the invites in messages, but not about too many."""
        now = discord.utils.utcnow()
        posts = [post_of(message, None) for message in messages]
        codes = dict.fromkeys(code for post in posts for code in post.invites if not known.is_own(code))
        for code in [code for code in codes if not self._is_fresh(code, now)][:MOST_OF_MANY]:
            await self.look_up(code, now)


class Watching:
    """Looks at messages, and hands on what was found."""

    def __init__(self, bot: "Hearth", book: Book, take: Take, spawn: Spawn) -> None:
        self.bot = bot
        self.book = book
        self.take = take
        self.spawn = spawn
        self.invites = Invites(bot)
        self._edits = FirstTimes(MOST_EDITS_KEPT)
        self._looking_up = 0

    def hear(self, message: discord.Message) -> None:
        """Look at a message that somebody posts."""
        guild = message.guild
        if guild is None:
            return
        rules = self.book.compiled.get(guild.id)
        if rules is not None and isinstance(message.author, discord.Member):
            self._look(guild, message, message.author, rules, is_edit=False)

    async def hear_edit(self, message: discord.Message) -> None:
        """Look at what somebody made of their message; not at previews of links, which Discord adds."""
        guild, edited_at = message.guild, message.edited_at
        if guild is None or edited_at is None or message.author.bot or guild.id not in self.book.compiled:
            return
        if discord.utils.utcnow() - edited_at > NEWS_FOR:
            return  # it was edited long ago, and pinned now
        if not self._edits.is_new((message.id, edited_at)):
            return
        author: discord.abc.User | None = message.author
        if not isinstance(author, discord.Member):
            author = await get_member(guild, message.author.id)
        rules = self.book.compiled.get(guild.id)
        if rules is not None and isinstance(author, discord.Member):
            self._look(guild, message, author, rules, is_edit=True)

    def _look(
        self, guild: discord.Guild, message: discord.Message, member: discord.Member, rules: Rules, *, is_edit: bool
    ) -> None:
        if message.type not in READ or not self.bot.switches.feature_is_on(guild.id, "moderation"):
            return
        post = post_of(message, member, at=message.edited_at if is_edit else None)
        known = self.known(guild)
        codes = self.invites.unknown(post, known) if rules.asks_invites and post.invites else []
        # Asking whether somebody is exempt takes as long as judging a message in which nothing is found. It is asked
        # first only where it matters: staff's invites aren't looked up, and what they write adds up with nobody's.
        if (codes or rules.counts_together) and is_exempt(self.bot, member):
            return
        if codes and self._looking_up < MOST_AT_ONCE:
            self._looking_up += 1
            self.spawn(self._look_up_and_judge(guild, message, member, post, codes, is_edit=is_edit))
        else:
            self._judge(message, member, post, known, rules, is_edit=is_edit)

    async def _look_up_and_judge(
        self,
        guild: discord.Guild,
        message: discord.Message,
        member: discord.Member,
        post: Post,
        codes: list[str],
        *,
        is_edit: bool,
    ) -> None:
        try:
            # Where Discord doesn't say, the invite is none: deleting those of the own server is worse.
            hidden = {code for code in codes if not await self.invites.look_up(code, post.at)}
        finally:
            self._looking_up -= 1
        post.invites = tuple(code for code in post.invites if code not in hidden)
        rules = self.book.compiled.get(guild.id)
        if rules is not None:
            self._judge(message, member, post, self.known(guild), rules, is_edit=is_edit)

    def _judge(
        self,
        message: discord.Message,
        member: discord.Member,
        post: Post,
        known: Known,
        rules: Rules,
        *,
        is_edit: bool,
    ) -> None:
        hits = rules.judge(post, known, None if is_edit else self.book.memory)
        if hits and not is_exempt(self.bot, member):
            self.take(message, member, hits)

    def known(self, guild: discord.Guild) -> Known:
        """What is known of invites in a guild."""
        return Known(guild.id, guild.vanity_url_code, self.invites.servers)


def is_exempt(bot: "Hearth", member: discord.Member) -> bool:
    """Whether automod doesn't look at somebody: staff, and who may delete messages or manage the server anyway."""
    may = member.guild_permissions
    return may.manage_messages or may.manage_guild or is_staff(bot, member)


def post_of(message: discord.Message, member: discord.Member | None, *, at: datetime | None = None) -> Post:
    """What rules ask for of a message; `member` is None for who isn't here any more.

    `at` is when it became what it is, if that isn't when it was written.
    """
    post = Post(
        message.id, message.channel.id, message.author.id, message.content, at or message.created_at,
        places(message.channel), author=_Author(message.author, member),
    )  # fmt: skip
    post.mentions = len(message.mentions) + len(message.role_mentions) + message.mention_everyone
    if message.message_snapshots or message.attachments or message.stickers or message.poll is not None:
        _add_the_rest(post, message)
    return post


def _add_the_rest(post: Post, message: discord.Message) -> None:
    """Take what few messages have into account: what they forward, ask, and show."""
    sources: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    texts = [source.content for source in sources if source.content]
    if message.poll is not None:
        texts += [str(message.poll.question), *(answer.text for answer in message.poll.answers)]
    files = [file for source in sources for file in source.attachments]
    post.text = "\n".join(texts)
    post.files = tuple(file.filename for file in files)
    post.shown = (*(file.size for file in files), *(sticker.id for source in sources for sticker in source.stickers))


class _Author:
    """Who wrote a message, as Discord says it."""

    __slots__ = ("member", "user")

    def __init__(self, user: discord.User | discord.Member, member: discord.Member | None) -> None:
        self.user = user
        self.member = member

    @property
    def role_ids(self) -> list[int]:
        return [role.id for role in self.member.roles] if self.member is not None else []

    @property
    def account_made(self) -> datetime:
        return self.user.created_at

    @property
    def joined(self) -> datetime | None:
        return self.member.joined_at if self.member is not None else None
