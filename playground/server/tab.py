"""One open page: who it is, what it shows, and what it was told last."""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from playground.errors import Refused
from playground.server import changes
from playground.server.changes import Changes
from playground.server.verbs import perform

if TYPE_CHECKING:
    from playground.runtime import Playground

log = logging.getLogger("hearth.playground")

PAGE_OF_MESSAGES = 50
MOST_SHOWN = 300
"""Messages that are looked at again when anything may look different; of those before, single changes are told."""
WHOLE_CONVERSATION_FROM = 25  # changed messages at once, from which the conversation is sent anew
SLOWEST_SECONDS = 20.0  # that a page may take nothing of what it is told; then its line is cut, and it comes anew
CLOSE_SECONDS = 0.5  # for a page to hear that the town closes

HALF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")

Push = tuple[str, Any]
"""A kind of `shapes.Pushes`, and what is new."""


class Visitor:
    """Who a page was when it asked for something; until that is done, it may be somebody else."""

    def __init__(self, playground: "Playground", person_id: int) -> None:
        self.playground = playground
        self.person_id = person_id


class Tab:
    """A WebSocket's end. Requests are answered as they come; what changes is pushed by one task, in order."""

    def __init__(
        self, playground: "Playground", socket: web.WebSocketResponse, abort: Callable[[], None] = lambda: None
    ) -> None:
        """`abort` cuts the line at once, whatever is on its way."""
        self.playground = playground
        self.socket = socket
        self.person_id = playground.world.owner.id
        self.channel_id: int | None = None
        self.greeted = False
        self._abort = abort
        self._requests: set[asyncio.Task[None]] = set()
        self._shown: dict[int, str] = {}  # messages of the open channel, as they were sent
        self._sent: dict[str, str] = {}  # slices, as they were sent
        self._changes = Changes()
        self._news: list[Push] = []
        self._changed = asyncio.Event()

    # --- the line

    async def run(self) -> None:
        """Serve the page until it closes."""
        pushing = asyncio.create_task(self._push_changes())
        try:
            async for frame in self.socket:
                if frame.type is WSMsgType.TEXT:
                    request = asyncio.create_task(self._answer(frame.data))
                    self._requests.add(request)
                    request.add_done_callback(self._requests.discard)
        finally:
            pushing.cancel()
            # A message on its way is still sent into the town; only the page no longer hears of it.
            await asyncio.gather(pushing, *self._requests, return_exceptions=True)

    async def close(self) -> None:
        """End what the page still waits for, and its line, also if it takes nothing any more."""
        ending = list(self._requests)
        for request in ending:
            request.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        # In a task of its own: of all who wait for a full line, aiohttp cancels every one with the first.
        closing = asyncio.create_task(self.socket.close())
        await asyncio.wait({closing}, timeout=CLOSE_SECONDS)
        if not closing.done() or closing.cancelled():
            closing.cancel()
            self._abort()

    async def _answer(self, text: str) -> None:
        number = None
        try:
            request = _read(text)
            number, name = request.pop("id"), str(request.pop("do"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            await self._say({"re": number, "error": "The playground doesn't understand this page; reload it."})
            return
        try:
            answer = {"re": number, "ok": await perform(self, name, request)}
        except Refused as refusal:
            answer = {"re": number, "error": str(refusal)}
        except Exception:  # the page must not wait for ever, and the town must go on
            log.exception("The playground failed to do %r", name)
            answer = {"re": number, "error": "That went wrong in the playground itself; the terminal says how."}
        await self._say(answer)

    async def _say(self, said: dict[str, Any]) -> None:
        if self.socket.closed:
            return
        try:
            async with asyncio.timeout(SLOWEST_SECONDS):
                await self.socket.send_str(json.dumps(said, separators=(",", ":")))
        except ConnectionError:
            log.debug("A page closed while it was spoken to")
        except TimeoutError:
            log.debug("A page takes nothing any more")
            self._abort()

    async def push(self, kind: str, data: Any) -> None:
        """Tell the page something; a kind of `shapes.Pushes`."""
        await self._say({"push": kind, "data": data})

    def push_soon(self, kind: str, data: Any) -> None:
        """Push from this page's own task: whoever calls may be in the middle of the bot's work."""
        if self.greeted:
            self._news.append((kind, data))
            self._changed.set()

    # --- what it shows

    def visitor(self) -> Visitor:
        """Who this page is now."""
        return Visitor(self.playground, self.person_id)

    def become(self, person_id: int) -> None:
        """Be another person from now on."""
        self.person_id = person_id
        self.show(self.channel_id)
        self.mark(changes.everything())

    def show(self, channel_id: int | None) -> None:
        """Show another channel; the default one if this person can't see it."""
        sight = self.playground.sight
        if channel_id is None or not sight.can_see(self.person_id, channel_id):
            channel_id = sight.default_channel(self.person_id)
        self.channel_id = channel_id
        self._shown.clear()
        self._sent.clear()
        if channel_id is not None:
            sight.mark_read(self.person_id, channel_id)
        self.mark(Changes({"places", "channel", "members"}, conversation=True))

    def mark(self, found: Changes) -> None:
        """Look at these parts again soon."""
        if found and self.greeted:
            self._changes.add(found)
            self._changed.set()

    def shows(self, message_id: int) -> bool:
        """Whether a message is in the open page."""
        return message_id in self._shown

    async def _push_changes(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            found, self._changes = self._changes, Changes()
            news, self._news = self._news, []
            try:
                # Looked up whole before any of it is sent: meanwhile, the page may turn elsewhere.
                pushes = list(self._looked_up(found))
                for kind, data in [*pushes, *news]:
                    await self.push(kind, data)
            except Exception:  # one part that can't be shown must not leave the page blind for the rest
                log.exception("The playground failed to show %s", found)

    def _looked_up(self, found: Changes) -> Iterator[Push]:
        if self._is_elsewhere():
            self.show(None)
            self.mark(found)
            return
        for kind in changes.SLICES:
            if kind in found.slices:
                yield from self._changed_slice(kind)
        if found.conversation:
            yield from self._changed_conversation()
        elif found.messages:
            yield from self._changed_messages(found)

    def _is_elsewhere(self) -> bool:
        """Whether the channel was deleted or hidden, or this person had to leave; or could be in one again."""
        sight = self.playground.sight
        if self.channel_id is None:
            return sight.default_channel(self.person_id) is not None
        return not sight.can_see(self.person_id, self.channel_id)

    def _changed_slice(self, kind: str) -> Iterator[Push]:
        data = self._slice(kind)
        text = json.dumps(data)
        if self._sent.get(kind) != text:
            self._sent[kind] = text
            yield kind, data

    def _slice(self, kind: str) -> Any:
        parts, me, here = self.playground, self.person_id, self.channel_id
        looks: dict[str, Callable[[], Any]] = {
            "you": lambda: parts.sight.you(me),
            "people": parts.sight.people,
            "places": lambda: parts.sight.places(me),
            "channel": lambda: parts.sight.channel(me, here) if here is not None else None,
            "members": lambda: parts.sight.members(me, here) if here is not None else [],
            "trouble": parts.trouble.state,
            "clock": parts.clock.state,
        }
        return looks[kind]()

    def _changed_conversation(self) -> Iterator[Push]:
        if self.channel_id is None:
            return
        limit = max(PAGE_OF_MESSAGES, len(self._shown))
        conversation = self.playground.sight.conversation(self.person_id, self.channel_id, limit=limit)
        now = {int(message["id"]): json.dumps(message) for message in conversation["messages"]}
        since = min(now) if conversation["more"] else 0  # what is older wasn't looked at
        gone = {number for number in self._shown.keys() - now.keys() if number >= since}
        changed = {number for number, text in now.items() if self._shown.get(number) != text}
        first = not self._shown
        if gone:
            yield self._gone(gone)
        self._keep(now)
        if first or len(changed) >= WHOLE_CONVERSATION_FROM:
            yield "conversation", conversation
            return
        for message in conversation["messages"]:
            if int(message["id"]) in changed:
                yield "message", message

    def _changed_messages(self, found: Changes) -> Iterator[Push]:
        if self.channel_id is None:
            return
        gone: set[int] = set()
        for number in sorted(found.messages):
            message = self.playground.sight.message(self.person_id, self.channel_id, number)
            text = json.dumps(message)
            if message is None:
                if number in self._shown or (self.channel_id, number) in found.deleted:
                    gone.add(number)
            elif self._shown.get(number) != text:
                self._keep({number: text})
                yield "message", message
        if gone:
            yield self._gone(gone)

    def _gone(self, ids: set[int]) -> Push:
        for number in ids:
            self._shown.pop(number, None)
        return "gone", {"channel": str(self.channel_id), "messages": [str(number) for number in sorted(ids)]}

    def _keep(self, messages: dict[int, str]) -> None:
        self._shown |= messages
        if len(self._shown) > MOST_SHOWN:
            self._shown = {number: self._shown[number] for number in sorted(self._shown)[-MOST_SHOWN:]}

    def loaded(self, messages: list[Any]) -> None:
        """Keep what the page asked for by itself (older messages), so that changes of them are pushed too."""
        self._keep({int(message["id"]): json.dumps(message) for message in messages})


def _read(text: str) -> Any:
    """A page's JSON. Half of a surrogate pair, which JavaScript takes for a character, becomes a question mark."""
    said = json.loads(text)
    if HALF_A_PAIR.search(text):
        said = json.loads(json.dumps(said, ensure_ascii=False).encode(errors="replace"))
    return said
