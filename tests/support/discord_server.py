"""A Discord on loopback: REST and gateway on a real socket, for tests that start the bot as a real process.

It is faithful where the bot can see it (payloads, error codes, sessions, resume, nonces, message content
gated by intent) and has no permissions: whatever is asked may be done. What the bot did is read from
`world`, `rest.requests` and `gateway`.
"""

import re
import secrets
from typing import Any, Self

from aiohttp import web

from tests.support.discord_gateway import Gateway
from tests.support.discord_rest import Fault, Request, Rest
from tests.support.discord_world import Payload, World, snowflake

MESSAGES = r"/channels/\d+/messages"


class DiscordServer:
    """`async with DiscordServer() as discord:` listens on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        self.world = World()
        # Shaped like a real token, and recognisable in any output it should not be in.
        self.token = f"MTA{secrets.token_hex(10)}.Gh{secrets.token_hex(2)}.{secrets.token_urlsafe(28)}"
        self.gateway = Gateway(self.world, self.token)
        self.rest = Rest(self.world, self.gateway, self.token)
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_route("*", "/api/v10/{path:.*}", self.rest.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway"
        return self

    async def __aexit__(self, *exception: object) -> None:
        for fault in self.rest.faults:
            fault.release()
        self.gateway.accepting.set()
        self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """Where `tests.support.launch` finds this Discord, and the token that it accepts."""
        return {
            "HEARTH_TEST_API": f"http://127.0.0.1:{self.port}/api/v10",
            "HEARTH_TEST_GATEWAY": self.gateway.url,
            "HEARTH_TEST_CDN": f"http://127.0.0.1:{self.port}/cdn",
            "DISCORD_TOKEN": self.token,
        }

    @property
    def general(self) -> Payload:
        return self.world.general

    async def say(self, content: str, *, author: Payload | None = None, channel: Payload | None = None) -> Payload:
        """Write as a person (Max, unless said otherwise) in a channel (#general); returns the message."""
        message, _ = self.world.add_message(
            channel or self.world.general, author or self.world.member, {"content": content}
        )
        await self.gateway.dispatch_message("MESSAGE_CREATE", message)
        return message

    async def press(self, message: Payload, custom_id: str, *, user: Payload) -> Payload:
        """Somebody presses a button; the answers are collected in the returned state's `callbacks`."""
        token = secrets.token_hex(32)
        state: Payload = {"message": message, "callbacks": []}
        self.rest.interactions[token] = state
        channel = self.world.channels[message["channel_id"]]
        member = self.world.members[user["id"]] | {"permissions": str(1 << 3)}
        await self.gateway.dispatch(
            "INTERACTION_CREATE",
            {
                "id": str(snowflake()),
                "application_id": self.world.bot["id"],
                "type": 3,
                "token": token,
                "version": 1,
                "guild_id": self.world.guild_id,
                "guild": {"id": self.world.guild_id, "locale": "en-US", "features": []},
                "channel": channel,
                "channel_id": channel["id"],
                "member": member,
                "message": message,
                "app_permissions": str(1 << 3),
                "locale": "en-US",
                "guild_locale": "en-US",
                "entitlements": [],
                "authorizing_integration_owners": {"0": self.world.guild_id},
                "context": 0,
                "attachment_size_limit": 10_485_760,
                "data": {"id": 1, "component_type": 2, "custom_id": custom_id},
            },
        )
        return state

    def fault(self, method: str, path: str, **options: Any) -> Fault:
        """Make the next matching request go wrong; `path` is a regular expression without the API's base."""
        fault = Fault(method, re.compile(path), **options)
        self.rest.faults.append(fault)
        return fault

    def posts(self, channel: Payload | None = None) -> list[Request]:
        """Every message that the bot has tried to post in a channel (#general), also the refused ones."""
        path = f"/channels/{(channel or self.world.general)['id']}/messages"
        return [each for each in self.rest.requests if each.method == "POST" and each.path == path]

    def said_by_bot(self, channel: Payload | None = None, *, since: Payload | None = None) -> list[Payload]:
        """The bot's messages in a channel (#general), oldest first; only those after `since`, if given."""
        messages = self.world.messages[(channel or self.world.general)["id"]]
        after = int(since["id"]) if since else 0
        return [each for each in messages if each["author"] is self.world.bot and int(each["id"]) > after]
