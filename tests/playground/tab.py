"""A tab with the playground's page, without a browser: it says what the page says, and keeps what it hears."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

from tests.support.patience import PATIENCE

PATIENCE_SECONDS = 10.0 * PATIENCE  # a failing test ends; a passing one never waits


class TabRefused(Exception):
    """The server's sentence for a request that it refused."""


class Tab:
    """One open page. `state` has the last push of each kind, `messages` the conversation, kept as the page does."""

    def __init__(self, url: str, **hello: Any) -> None:
        self.url = url
        self.hello_fields = hello
        self.hello: dict[str, Any] = {}
        self.state: dict[str, Any] = {}
        self.messages: dict[str, dict[str, Any]] = {}
        self.toasts: list[dict[str, Any]] = []
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._heard = asyncio.Event()

    async def __aenter__(self) -> Self:
        parts = urlsplit(self.url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.http = await aiohttp.ClientSession(headers={"Origin": self.origin}).__aenter__()
        self.socket = await self.http.ws_connect(self.url + "live")
        self._listening = asyncio.create_task(self._listen())
        self.hello = await self.ask("hello", **self.hello_fields)
        await self.until(lambda: {"places", "conversation", "clock"} <= self.state.keys())
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.socket.close()
        await self._listening
        await self.http.__aexit__(None, None, None)

    # --- the line

    async def ask(self, verb: str, **fields: Any) -> Any:
        """Send a request and wait for its answer. Raises TabRefused."""
        number = len(self._waiting) + 1
        self._waiting[number] = asyncio.get_running_loop().create_future()
        ids = {key: str(value) if _is_id(value) else value for key, value in fields.items()}
        await self.socket.send_str(json.dumps({"id": number, "do": verb, **ids}))
        return await asyncio.wait_for(self._waiting[number], PATIENCE_SECONDS)

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait until what was pushed makes this true; its value then."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := condition()):
                self._heard.clear()
                await self._heard.wait()
        return found

    async def _listen(self) -> None:
        async for frame in self.socket:
            said = json.loads(frame.data)
            if "push" in said:
                self._keep(said["push"], said["data"])
            elif "error" in said:
                self._waiting[said["re"]].set_exception(TabRefused(said["error"]))
            else:
                self._waiting[said["re"]].set_result(said["ok"])
            self._heard.set()

    def _keep(self, kind: str, data: Any) -> None:
        if kind == "conversation":
            self.messages = {message["id"]: message for message in data["messages"]}
        elif kind == "message":
            self.messages[data["id"]] = data
            self.messages = dict(sorted(self.messages.items(), key=lambda item: int(item[0])))
        elif kind == "gone":
            for number in data["messages"]:
                self.messages.pop(number, None)
        elif kind == "toast":
            self.toasts.append(data)
        self.state[kind] = data

    # --- what one does

    async def say(self, text: str) -> str:
        """Send a message into the open channel; its id."""
        return (await self.ask("send", channel=self.state["channel"]["id"], text=text))["message"]

    async def answer_to(self, text: str) -> dict[str, Any]:
        """Send a message and wait for the bot's answer; the answer."""
        number = await self.say(text)
        return await self.until(lambda: next((m for m in self.of_bot() if int(m["id"]) > int(number)), None))

    def of_bot(self) -> list[dict[str, Any]]:
        """The bot's messages in the conversation."""
        return [message for message in self.messages.values() if message["author"]["bot"]]

    async def become(self, name: str) -> None:
        """Be another person, by display name."""
        person = next(person for person in self.hello["people"] if person["display"] == name)
        await self.ask("become", person=person["id"])
        await self.until(lambda: self.state["you"]["id"] == person["id"])

    async def open(self, name: str) -> None:
        """Open a channel by its name."""
        channel = self.channel(name)
        await self.ask("open", channel=channel["id"])
        await self.until(lambda: (self.state["channel"] or {}).get("id") == channel["id"])
        await self.until(lambda: self.state["conversation"]["channel"] == channel["id"])

    def channel(self, name: str) -> dict[str, Any]:
        """A channel in the list, by its name."""
        channels = [channel for guild in self.state["places"]["guilds"] for channel in guild["channels"]]
        return next(channel for channel in channels if channel["name"] == name)


def text_of(message: dict[str, Any]) -> str:
    """All that a message says, its embeds too, with their markup."""
    parts = [message["text"]]
    for embed in message["embeds"]:
        parts += [embed["title_html"], embed["html"]]
        parts += [f"{field['name_html']} {field['html']}" for field in embed["fields"]]
        parts += [embed["footer"]["text"]] if embed["footer"] else []
    return "\n".join(filter(None, parts))


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 2**40
