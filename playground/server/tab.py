"""One open page: who it is, what it shows, and what it was told last."""

import asyncio
import json
import logging
from collections.abc import Callable
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
WHOLE_CONVERSATION_FROM = 25  # changed messages at once, from which the conversation is sent anew


class Tab:
    """A WebSocket's end. Requests are answered as they come; what changes is pushed by one task, in order."""

    def __init__(self, playground: "Playground", socket: web.WebSocketResponse) -> None:
        self.playground = playground
        self.socket = socket
        self.person_id = playground.world.owner.id
        self.channel_id: int | None = None
        self.greeted = False
        self._shown: dict[int, str] = {}  # messages of the open channel, as they were sent
        self._sent: dict[str, str] = {}  # slices, as they were sent
        self._changes = Changes()
        self._news: list[tuple[str, Any]] = []
        self._changed = asyncio.Event()

    # --- the line

    async def run(self) -> None:
        """Serve the page until it closes."""
        pushing = asyncio.create_task(self._push_changes())
        requests: set[asyncio.Task[None]] = set()
        try:
            async for frame in self.socket:
                if frame.type is WSMsgType.TEXT:
                    request = asyncio.create_task(self._answer(frame.data))
                    requests.add(request)
                    request.add_done_callback(requests.discard)
        finally:
            pushing.cancel()
            # A message on its way is still sent into the town; only the page no longer hears of it.
            await asyncio.gather(pushing, *requests, return_exceptions=True)

    async def _answer(self, text: str) -> None:
        number = None
        try:
            request = json.loads(text)
            number, name = request.pop("id"), str(request.pop("do"))
        except (ValueError, KeyError, TypeError, AttributeError):
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
        if not self.socket.closed:
            try:
                await self.socket.send_str(json.dumps(said, ensure_ascii=False, separators=(",", ":")))
            except ConnectionError:
                log.debug("A page closed while it was spoken to")

    async def push(self, kind: str, data: Any) -> None:
        """Tell the page something; a kind of `shapes.Pushes`."""
        await self._say({"push": kind, "data": data})

    def push_soon(self, kind: str, data: Any) -> None:
        """Push from this page's own task: whoever calls may be in the middle of the bot's work."""
        if self.greeted:
            self._news.append((kind, data))
            self._changed.set()

    # --- what it shows

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
                await self._refresh(found)
                for kind, data in news:
                    await self.push(kind, data)
            except Exception:  # one part that can't be shown must not leave the page blind for the rest
                log.exception("The playground failed to show %s", found)

    async def _refresh(self, found: Changes) -> None:
        if self._is_elsewhere():
            self.show(None)
            self.mark(found)
            return
        for kind in changes.SLICES:
            if kind in found.slices:
                await self._push_slice(kind)
        if found.conversation:
            await self._push_conversation()
        elif found.messages:
            await self._push_messages(found.messages)

    def _is_elsewhere(self) -> bool:
        """Whether the channel was deleted or hidden, or this person had to leave; or could be in one again."""
        sight = self.playground.sight
        if self.channel_id is None:
            return sight.default_channel(self.person_id) is not None
        return not sight.can_see(self.person_id, self.channel_id)

    async def _push_slice(self, kind: str) -> None:
        data = self._slice(kind)
        text = json.dumps(data)
        if self._sent.get(kind) != text:
            self._sent[kind] = text
            await self.push(kind, data)

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

    async def _push_conversation(self) -> None:
        if self.channel_id is None:
            return
        limit = max(PAGE_OF_MESSAGES, len(self._shown))
        conversation = self.playground.sight.conversation(self.person_id, self.channel_id, limit=limit)
        now = {int(message["id"]): json.dumps(message) for message in conversation["messages"]}
        gone = self._shown.keys() - now.keys()
        changed = [number for number, text in now.items() if self._shown.get(number) != text]
        first = not self._shown
        if not first and gone:
            await self._push_gone(gone)
        self._shown = now
        if first or len(changed) >= WHOLE_CONVERSATION_FROM:
            await self.push("conversation", conversation)
            return
        for message in conversation["messages"]:
            if int(message["id"]) in changed:
                await self.push("message", message)

    async def _push_messages(self, ids: set[int]) -> None:
        if self.channel_id is None:
            return
        gone: set[int] = set()
        for number in sorted(ids):
            message = self.playground.sight.message(self.person_id, self.channel_id, number)
            text = json.dumps(message)
            if message is None:
                gone |= {number} & self._shown.keys()
            elif self._shown.get(number) != text:
                self._shown[number] = text
                await self.push("message", message)
        if gone:
            await self._push_gone(gone)

    async def _push_gone(self, ids: set[int]) -> None:
        for number in ids:
            self._shown.pop(number, None)
        await self.push(
            "gone", {"channel": str(self.channel_id), "messages": [str(number) for number in sorted(ids)]}
        )

    def loaded(self, messages: list[Any]) -> None:
        """Keep what the page asked for by itself (older messages), so that changes of them are pushed too."""
        self._shown |= {int(message["id"]): json.dumps(message) for message in messages}
