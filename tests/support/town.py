"""The town: a small simulated Discord with the real bot in it, so that a test reads as a conversation.

    answer = await town.says(town.ann, "!remind 2h tea")
    assert answer == "I'll remind you in 2 hours."
    heard, = await town.wait(hours=2)

Nothing here is a fake of the bot: discord.py, the cogs and the database are real. Only Discord is simulated,
by simcord, which no test file knows of. The clock is virtual: it stands still until `wait`, and no test
sleeps. Sizes of messages, permissions, role hierarchy and error codes are Discord's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

import discord
import simcord

from database.manager import DatabaseManager
from playground.simulation.adapter import SETTLE_LOOK_SECONDS, as_bot, attach, bot_user, new_world
from tests.support import pseudo
from tests.support import simcord_adapter as adapter
from tests.support.answers import Answer, Modal, Reaction, modal_from
from tests.support.happenings import Happenings
from tests.support.patience import PATIENCE
from tests.support.places import Channel, Guild, Person, Role
from tests.support.records import Records
from tests.support.simcord_speed import spare_work
from utils import events
from utils.bot import Hearth
from utils.i18n import PSEUDO

spare_work()

Result = TypeVar("Result")
MakeBot = Callable[["Town"], Hearth]

# Real seconds that the bot may work on one message before the test fails; it is milliseconds in health.
LONGEST_WORK_SECONDS = 10.0 * PATIENCE
# The limit above counts anew for each such piece of a longer wait: short enough for a bot that wakes every minute,
# and long enough that waiting for weeks, in which little happens, isn't spent on looking whether it has come to rest.
LONGEST_WAIT_AT_ONCE_SECONDS = 6 * 3600.0


class Impossible(Exception):
    """Something that no real person could do there: speak in a hidden channel, press a disabled button."""


class Town(Happenings, Records):
    """A guild with people, channels and roles; what one can do in it is below."""

    def __init__(self, make_bot: MakeBot, db: DatabaseManager, *, language: str = "en") -> None:
        self.make_bot = make_bot
        self.db = db
        self.language = language
        self.env = new_world(settle_timeout=LONGEST_WORK_SECONDS)
        self.events: list[object] = []
        """The bot's own events (`utils.events`), in the order they were sent."""
        self._errors_expected = False
        self._bots: list[Hearth] = []
        self._guilds: dict[int, Guild] = {}
        self._people: dict[str, Person] = {}
        self._last_said: discord.Message | None = None
        self._build()

    # --- Who and what is there ---------------------------------------------------------------------------

    def _build(self) -> None:
        owner = self.env.create_user("olivia")
        self.guild = self._remember(self.env.create_guild("Town", owner=owner))
        handle = self.guild.handle
        moderates = discord.Permissions(
            moderate_members=True, kick_members=True, ban_members=True, manage_messages=True
        )
        administers = discord.Permissions(
            manage_guild=True,
            manage_channels=True,
            manage_roles=True,
            manage_nicknames=True,
            view_audit_log=True,
        )
        handle.create_role("Admin", permissions=administers | moderates)
        handle.create_role("Moderator", permissions=moderates)
        handle.create_role("Member")
        staff = [handle.roles["Admin"], handle.roles["Moderator"], bot_user(self.env)]
        self.general = self.channel("general")
        self.bots_corner = self.channel("bots-corner")
        self.private = self.channel(
            "private",
            overwrites={
                handle.default_role: discord.PermissionOverwrite(view_channel=False),
                **{one: discord.PermissionOverwrite(view_channel=True) for one in staff},
            },
        )
        handle.create_voice_channel("voice")
        self.owner = self._people["olivia"] = Person(self, owner, self.guild)
        self.admin = self.member("ada", roles=["Admin"])
        self.moderator = self.member("mona", roles=["Moderator"])
        self.ann = self.member("ann")
        self.bob = self.member("bob")
        self.developer = self.member("devi")

    async def start(self) -> None:
        """Let the bot in."""
        self.bot = self._fresh_bot()
        await attach(self.env, self.bot)

    async def close(self) -> None:
        """Stop the bot cleanly, and leave nothing running."""
        await self._stop_bot()
        await self.env.shutdown()

    async def _stop_bot(self) -> None:
        """Stop the bot as SIGTERM does, without the time of grace for commands that wait for something."""
        await self.as_bot(self.bot.stop(grace_seconds=0))

    def _fresh_bot(self) -> Hearth:
        bot = self.make_bot(self)
        self._bots.append(bot)
        kinds = events.CATALOGUE
        dispatch = bot.dispatch

        # A listener would do for most events, but whether a timer has one decides whether it is handed out.
        def dispatch_and_remember(name: str, /, *values: Any, **named: Any) -> None:
            if name in kinds:
                self.events.extend(values)
            dispatch(name, *values, **named)

        bot.dispatch = dispatch_and_remember  # type: ignore[method-assign]
        return bot

    def sent(self, kind: type[Result]) -> list[Result]:
        """The bot's own events of one class, in the order they were sent."""
        return [event for event in self.events if type(event).__name__ == kind.__name__]  # type: ignore[misc]

    def member(self, name: str, *, roles: Sequence[str | Role] = (), guild: Guild | None = None) -> Person:
        """The member of that name, who joins if there is none. Roles of a new one by name."""
        if name in self._people:
            return self._people[name]
        place = guild or self.guild
        user = self.env.create_user(name)
        handles = [place.role(role).handle if isinstance(role, str) else role.handle for role in roles]
        place.handle.add_member(user, roles=handles)
        self._people[name] = Person(self, user, place)
        return self._people[name]

    def outsider(self, name: str, **fields: Any) -> Person:
        """Somebody with a Discord account who is in no guild with the bot, perhaps with an `avatar` or as a `bot`."""
        return Person(self, self.env.create_user(name, **fields), self.guild)

    @property
    def everybody(self) -> list[Person]:
        """Who was made so far, in a guild or not."""
        return list(self._people.values())

    def role(self, name: str, *, below: str | None = None, **fields: Any) -> Role:
        """The role of that name in the town's guild; if new, the lowest one or just below another."""
        if name not in self.guild.handle.roles:
            self.guild.handle.create_role(name, **fields)
            if below is not None:
                self._reorder(self.guild.role(name), below=self.guild.role(below))
        return self.guild.role(name)

    def channel(self, name: str, **fields: Any) -> Channel:
        """The channel of that name in the town's guild, made if there is none."""
        if name not in self.guild.handle.channels:
            self.guild.handle.create_text_channel(name, **fields)
        return self.guild.channel(name)

    def new_guild(self, name: str, *, members: Sequence[Person] = ()) -> Guild:
        """Another guild, with an owner of its own, a #general, and these people; the bot is in it."""
        guild = self._remember(self.env.create_guild(name))
        guild.handle.create_text_channel("general")
        for person in members:
            guild.handle.add_member(person.handle)
        return guild

    def guild_by_id(self, guild_id: int) -> Guild:
        return self._guilds[guild_id]

    def _remember(self, handle: simcord.GuildHandle) -> Guild:
        self._guilds[handle.id] = Guild(self, handle)
        return self._guilds[handle.id]

    # --- Talking -----------------------------------------------------------------------------------------

    async def says(
        self,
        who: Person,
        text: str,
        *,
        channel: Channel | None = None,
        reply_to: Answer | discord.Message | None = None,
        files: Sequence[tuple[str, bytes]] = (),
    ) -> Answer | None:
        """Somebody writes a message (in #general), and gets the bot's first new message in that channel."""
        place = channel or self.general
        if place.guild is None:
            return await self.dm(who, text)
        before = adapter.message_ids(self.env)
        target = reply_to.message if isinstance(reply_to, Answer) else reply_to
        with _as_people_can():
            self._last_said = await who.acts_in(place.guild.id).send(
                place.handle, text, reply_to=target, attachments=files
            )
        return self._first_new(place.id, before)

    async def dm(self, who: Person, text: str) -> Answer | None:
        """Somebody writes to the bot directly, and gets its answer there."""
        place, before = who.dm, adapter.message_ids(self.env)
        with _as_people_can():
            self._last_said = await who.handle.send_dm(text)
        return self._first_new(place.id, before)

    async def edits(self, who: Person, text: str, *, message: discord.Message | None = None) -> Answer | None:
        """Somebody changes their (last) message, and gets what the bot answers to that."""
        changed = message or self.last_said
        before = adapter.message_ids(self.env)
        with _as_people_can():
            hands = who.acts_in(changed.guild.id) if changed.guild else who.handle
            await hands.edit(changed, text)
        return self._first_new(changed.channel.id, before)

    async def deletes(self, who: Person, message: Answer | discord.Message | None = None) -> None:
        """Somebody deletes a message, by default the last one said; an admin may delete the bot's."""
        gone = message.message if isinstance(message, Answer) else message or self.last_said
        with _as_people_can():
            hands = who.acts_in(gone.guild.id) if gone.guild else who.handle
            await hands.delete(gone)

    async def reacts(self, who: Person, message: Answer | discord.Message, emoji: str) -> None:
        """Somebody reacts with an emoji."""
        target = message.message if isinstance(message, Answer) else message
        with _as_people_can():
            await who.acts_in(target.guild.id if target.guild else self.guild.id).react(target, emoji)

    async def unreacts(self, who: Person, message: Answer | discord.Message, emoji: str) -> None:
        """Somebody takes their reaction back."""
        target = message.message if isinstance(message, Answer) else message
        with _as_people_can():
            await who.acts_in(target.guild.id if target.guild else self.guild.id).unreact(target, emoji)

    async def press(self, who: Person, answer: Answer, button: str) -> Reaction:
        """Somebody presses a button, named by label, emoji or custom id."""
        now = self._as_it_is_now(answer)
        choice = now.button(button)
        if choice.disabled or choice.custom_id is None:
            raise Impossible(f"The button {button!r} can't be pressed")
        before = adapter.message_ids(self.env)
        with _as_people_can():
            result = await self._hands(who, answer).click(now.message, custom_id=choice.custom_id)
        return self._reaction(result, answer, before)

    async def choose(
        self, who: Person, answer: Answer, values: Sequence[Any], *, custom_id: str | None = None
    ) -> Reaction:
        """Somebody chooses in a select menu: texts as they stand there (or their values), people, places."""
        now = self._as_it_is_now(answer)
        chosen = [now.options.get(v, v) if isinstance(v, str) else v.handle for v in values]
        before = adapter.message_ids(self.env)
        with _as_people_can():
            result = await self._hands(who, answer).select(now.message, chosen, custom_id=custom_id)
        return self._reaction(result, answer, before)

    async def fill(self, who: Person, modal: Modal, values: dict[str, Any]) -> Reaction:
        """Somebody fills in a form, by the labels of its fields (or their custom ids), and sends it."""
        by_id = {modal.fields.get(name, name): value for name, value in values.items()}
        before = adapter.message_ids(self.env)
        with _as_people_can():
            result = await self._hands(who, modal.on).submit_modal(modal.shown, by_id)
        return self._reaction(result, modal.on, before)

    @property
    def last_said(self) -> discord.Message:
        """The last message that a person wrote."""
        if self._last_said is None:
            raise LookupError("Nobody has said anything yet")
        return self._last_said

    def messages(self, place: Channel | Person | None = None) -> list[Answer]:
        """The bot's messages in a channel, or in somebody's direct messages; oldest first."""
        channel = place.dm if isinstance(place, Person) else place or self.general
        return [self._answer(message) for message in adapter.messages_of_bot(self.env, channel.id)]

    def last(self, place: Channel | Person | None = None) -> Answer | None:
        """The bot's last message there."""
        return next(reversed(self.messages(place)), None)

    def now_of(self, answer: Answer) -> Answer | None:
        """A message as it is now, after edits; None when it was deleted."""
        message = adapter.find_message(self.env, answer.channel_id, answer.id)
        return self._answer(message) if message else None

    # --- Time --------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The town's clock; it moves only in `wait`."""
        return self.env.now()

    def clock(self) -> AbstractContextManager[None]:
        """While this is open, `discord.utils.utcnow()` is the town's time also in the test itself."""
        return self.env.time_context()

    async def wait(self, until: datetime | None = None, **duration: float) -> tuple[Answer, ...]:
        """Let time pass (`hours=2`, or until a moment), and get what the bot said meanwhile, anywhere."""
        left = ((until - self.now) if until else timedelta(**duration)).total_seconds()
        before = adapter.message_ids(self.env)
        await self.settle()  # what was begun belongs to the time before
        while left > 0:
            piece = min(left, LONGEST_WAIT_AT_ONCE_SECONDS)
            await self.env.advance_time(piece)
            left -= piece
        return self._new_everywhere(before)

    async def settle(self) -> None:
        """Let the bot finish what it is doing, without letting time pass."""
        await self.env.settle(idle=SETTLE_LOOK_SECONDS)

    async def as_bot(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run something on the bot's side, such as a service's method, to its end; time stands still."""
        with as_bot(self.env):
            task = asyncio.ensure_future(work)
        await self.settle()
        if not task.done():
            task.cancel()
            raise AssertionError(f"{work!r} waits for time to pass")
        return task.result()

    async def restart(self, *, clean: bool = True) -> None:
        """Another process of the bot on the same database, in the same Discord; not `clean`: a crash."""
        if clean:
            await self._stop_bot()
        self.bot = self._fresh_bot()
        await self.env.restart_bot(self.bot)

    async def redeliver(self, message: discord.Message | None = None) -> Answer | None:
        """Discord delivers a message (the last one said) a second time; what does the bot say to that?"""
        again, before = message or self.last_said, adapter.message_ids(self.env)
        adapter.deliver_again(self.env, again.channel.id, again.id)
        await self.settle()
        return self._first_new(again.channel.id, before)

    # --- Inside ------------------------------------------------------------------------------------------

    def _answer(self, message: discord.Message) -> Answer:
        return Answer(
            message,
            clean=pseudo.strip if self.language == PSEUDO else str,
            pings=adapter.whom_it_pings(self.env, message),
            pings_everyone=adapter.pings_everyone(self.env, message),
        )

    def _first_new(self, channel_id: int, before: dict[int, set[int]]) -> Answer | None:
        found = self._together(adapter.messages_of_bot(self.env, channel_id, known=before.get(channel_id, set())))
        return found[0] if found else None

    def _new_everywhere(self, before: dict[int, set[int]]) -> tuple[Answer, ...]:
        messages = [
            message
            for channel_id, ids in adapter.message_ids(self.env).items()
            if ids - before.get(channel_id, set())
            for message in adapter.messages_of_bot(self.env, channel_id, known=before.get(channel_id, set()))
        ]
        return self._together(messages)

    def _together(self, messages: Iterator[discord.Message] | list[discord.Message]) -> tuple[Answer, ...]:
        answers = tuple(self._answer(message) for message in sorted(messages, key=lambda message: message.id))
        for answer in answers:
            answer.replies = answers
        return answers

    def _as_it_is_now(self, answer: Answer) -> Answer:
        now = self.now_of(answer)
        if now is None:
            raise Impossible("The message is gone")
        return now

    def _hands(self, who: Person, answer: Answer) -> Any:
        guild = answer.message.guild
        return who.acts_in(guild.id) if guild else who.handle

    def _reaction(self, result: simcord.InteractionResult, answer: Answer, before: dict[int, set[int]]) -> Reaction:
        channel = answer.channel_id
        replies = self._together(adapter.messages_of_bot(self.env, channel, known=before.get(channel, set())))
        modal = None
        if result.modal is not None:
            clean = pseudo.strip if self.language == PSEUDO else str
            modal = modal_from(result.modal, answer, result, clean)
        return Reaction(replies, self.now_of(answer), modal, failed=not result.acknowledged)


@contextmanager
def _as_people_can() -> Iterator[None]:
    try:
        yield
    except (simcord.SetupError, simcord.BackendError) as refused:
        raise Impossible(str(refused)) from refused
