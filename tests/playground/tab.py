"""A browser tab with the playground's page, without the browser: it makes the calls that the page makes."""

from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

PROTOCOL = 3  # of simcord's page


class Tab:
    """One open page. `snapshot` is what it shows, as of its last `look`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.address = f"{parts.scheme}://{parts.netloc}"
        self.headers = {"X-Simcord-Capability": parts.fragment}
        self.sequence = 0
        self.snapshot: dict[str, Any] = {}

    async def __aenter__(self) -> Self:
        self.http = await aiohttp.ClientSession(self.address, headers=self.headers).__aenter__()
        self.snapshot = await self._call("POST", "/api/pages", {})
        self.http.headers["X-Simcord-Context"] = self.snapshot["context"]["id"]
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.http.__aexit__(None, None, None)

    async def look(self) -> list[str]:
        """Read the page as its own polling does: the texts of the conversation, oldest first."""
        self.snapshot = await self._call("GET", "/api/state")
        messages = self.snapshot["messages"]
        return [_text(messages[identity]) for identity in self.snapshot["timeline"]]

    async def act(self, kind: str, **body: Any) -> dict[str, Any]:
        """What a click or Enter sends, as of the last `look`; the receipt for it."""
        self.sequence += 1
        receipt = await self._call(
            "POST",
            "/api/action",
            {
                "protocol_version": PROTOCOL,
                "sequence": self.sequence,
                "request_id": f"request-{self.sequence}",
                "generation": self.snapshot["context"]["generation"],
                "bot_generation": self.snapshot["botGeneration"],
                "published_revision": self.snapshot["publishedRevision"],
                "kind": kind,
                **body,
            },
        )
        self.sequence = receipt["expectedSequence"]
        return receipt

    async def say(self, text: str) -> dict[str, Any]:
        return await self.act("send_message", content=text, target_id=self.snapshot["targetId"], reply_to_id=None)

    async def become(self, name: str) -> None:
        """Switch to another person."""
        people = {viewer["name"]: viewer["id"] for viewer in self.snapshot["viewers"]}
        receipt = await self.act("viewer", viewer_id=people[name])
        assert receipt["settlement"] == "settled", receipt
        await self.look()

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        async with self.http.request(method, path, json=body) as response:
            response.raise_for_status()
            return await response.json()


def _text(message: dict[str, Any]) -> str:
    embeds = message.get("embeds") or []
    return "\n".join(filter(None, [message.get("content"), *(embed.get("description") for embed in embeds)]))
