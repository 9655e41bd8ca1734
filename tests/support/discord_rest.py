"""The double's REST API: the routes that a chatting bot uses, every request recorded, faults on demand."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from aiohttp import web

from tests.support.discord_gateway import Gateway
from tests.support.discord_world import Payload, World

MESSAGE_EPHEMERAL = 1 << 6
# Interaction callback types.
SEND_MESSAGE, DEFER_MESSAGE, DEFER_UPDATE, UPDATE_MESSAGE, MODAL = 4, 5, 6, 7, 9
# Discord's edge sets it; without it discord.py takes a 429 for a ban and doesn't try again.
VIA = {"Via": "1.1 loopback"}


@dataclass
class Request:
    """One request as the bot sent it; `status` is 0 until it is answered."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    files: dict[str, str]  # text by name
    status: int = 0


@dataclass
class Fault:
    """What goes wrong with the next `times` requests that match.

    It strikes before the request has an effect, or after it when `after` is set: the message is then posted
    and only the reply fails. `hold` keeps the request waiting until `release()`.
    """

    method: str
    path: re.Pattern[str]
    status: int | None = None
    code: int = 0
    message: str = "Something went wrong"
    retry_after: float = 0.0  # seconds, for 429
    delay: float = 0.0  # seconds
    times: int = 1
    after: bool = False
    drop: bool = False
    hold: bool = False
    body_contains: str = ""
    struck: int = 0
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, request: Request) -> bool:
        return (
            self.struck < self.times
            and self.method == request.method
            and self.path.fullmatch(request.path) is not None
            and self.body_contains in json.dumps(request.body, ensure_ascii=False)
        )

    def release(self) -> None:
        self._released.set()

    async def strike(self, request: web.Request) -> web.Response | None:
        """Wait, cut the connection or refuse, as asked. None lets the request go on."""
        await asyncio.sleep(self.delay)
        if self.hold:
            await self._released.wait()
        if self.drop:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if self.status == 429:
            body = {"message": "You are being rate limited.", "retry_after": self.retry_after}
            body["global"] = False
            return reply(body, status=429, headers={"Retry-After": str(self.retry_after), **VIA})
        return None if self.status is None else error(self.status, self.code, self.message)


def reply(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON as discord.py insists on it: a charset in the content type would make it a plain string."""
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def error(status: int, code: int, message: str) -> web.Response:
    return reply({"message": message, "code": code}, status=status)


async def read_body(request: web.Request) -> tuple[Any, dict[str, str]]:
    """The JSON of a request, and the files that came with it."""
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        return (json.loads(raw) if raw else None), {}
    form = await request.post()
    uploads = [part for part in form.values() if isinstance(part, web.FileField)]
    files = {upload.filename: upload.file.read().decode(errors="replace") for upload in uploads}
    return json.loads(str(form.get("payload_json", "{}"))), files


class Rest:
    """The routes. Every request is recorded, an unknown one in `unexpected` too."""

    def __init__(self, world: World, gateway: Gateway, token: str) -> None:
        self.world = world
        self.gateway = gateway
        self.token = token
        self.requests: list[Request] = []
        self.unexpected: list[Request] = []
        self.faults: list[Fault] = []
        self.interactions: dict[str, Payload] = {}  # by token, with "message" and "callbacks"
        self.ahead_seconds = 0.0
        """How far this Discord's clock is ahead of everybody else's."""
        self.starts_left = 999
        self.starts_reset_after_ms = 14_400_000
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Awaitable[web.Response]]]] = []
        for method, path, handler in (
            ("GET", "/users/@me", self._get_me),
            ("GET", "/oauth2/applications/@me", self._get_application),
            ("GET", "/applications/@me", self._get_application),
            ("GET", "/gateway/bot", self._get_gateway),
            ("GET", "/users/(?P<user>\\d+)", self._get_user),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", "/channels/(?P<channel>\\d+)", self._get_channel),
            ("GET", "/channels/(?P<channel>\\d+)/messages", self._get_messages),
            ("POST", "/channels/(?P<channel>\\d+)/messages", self._post_message),
            ("GET", "/channels/(?P<channel>\\d+)/messages/(?P<message>\\d+)", self._get_message),
            ("PATCH", "/channels/(?P<channel>\\d+)/messages/(?P<message>\\d+)", self._edit_message),
            ("DELETE", "/channels/(?P<channel>\\d+)/messages/(?P<message>\\d+)", self._delete_message),
            ("POST", "/channels/(?P<channel>\\d+)/typing", self._type),
            (
                "PUT",
                "/channels/(?P<channel>\\d+)/messages/(?P<message>\\d+)/reactions/(?P<emoji>[^/]+)/@me",
                self._react,
            ),
            ("GET", "/guilds/(?P<guild>\\d+)", self._get_guild),
            ("GET", "/guilds/(?P<guild>\\d+)/audit-logs", self._get_audit_log),
            ("GET", "/guilds/(?P<guild>\\d+)/members", self._get_members),
            ("GET", "/guilds/(?P<guild>\\d+)/members/(?P<user>\\d+)", self._get_member),
            ("PATCH", "/guilds/(?P<guild>\\d+)/members/(?P<user>\\d+)", self._edit_member),
            ("POST", "/interactions/(?P<interaction>\\d+)/(?P<token>\\w+)/callback", self._callback),
            ("POST", "/webhooks/\\d+/(?P<token>\\w+)", self._follow_up),
            ("GET", "/webhooks/\\d+/(?P<token>\\w+)/messages/@original", self._get_original),
            ("PATCH", "/webhooks/\\d+/(?P<token>\\w+)/messages/@original", self._edit_original),
        ):
            self._routes.append((method, re.compile(path), handler))

    async def handle(self, request: web.Request) -> web.Response:
        """Record a request, let a matching fault strike, answer."""
        path = "/" + request.match_info["path"]
        body, files = await read_body(request)
        record = Request(request.method, path, dict(request.query), dict(request.headers), body, files)
        self.requests.append(record)
        fault = next((each for each in self.faults if each.matches(record)), None)
        response = None
        if fault is not None:
            fault.struck += 1
            if not fault.after:
                response = await fault.strike(request)
        if response is None:
            response = await self._route(record)
            if fault is not None and fault.after:
                response = await fault.strike(request) or response
        record.status = response.status
        response.headers["Date"] = formatdate(time.time() + self.ahead_seconds, usegmt=True)
        if response.status != 429:
            response.headers.update(
                {
                    "X-RateLimit-Limit": "50",
                    "X-RateLimit-Remaining": "49",
                    "X-RateLimit-Reset-After": "1.0",
                    "X-RateLimit-Bucket": re.sub(r"\d+", "", f"{request.method}{path}"),
                }
            )
        return response

    async def _route(self, record: Request) -> web.Response:
        public = record.path.startswith(("/interactions/", "/webhooks/"))
        if not public and record.headers.get("Authorization") != f"Bot {self.token}":
            return error(401, 0, "401: Unauthorized")
        for method, path, handler in self._routes:
            if method == record.method and (match := path.fullmatch(record.path)):
                return await handler(record, **match.groupdict())
        self.unexpected.append(record)
        return error(404, 0, "404: Not Found")

    async def _get_me(self, record: Request) -> web.Response:
        return reply(self.world.bot)

    async def _get_application(self, record: Request) -> web.Response:
        return reply(self.world.application)

    async def _get_gateway(self, record: Request) -> web.Response:
        limit = {
            "total": 1000,
            "remaining": self.starts_left,
            "reset_after": self.starts_reset_after_ms,
            "max_concurrency": self.gateway.max_concurrency,
        }
        return reply({"url": self.gateway.url, "shards": self.gateway.shards, "session_start_limit": limit})

    async def _get_user(self, record: Request, user: str) -> web.Response:
        found = self.world.users.get(user)
        return reply(found) if found else error(404, 10013, "Unknown User")

    async def _open_dm(self, record: Request) -> web.Response:
        found = self.world.users.get(str(record.body["recipient_id"]))
        return reply(self.world.dm(found)) if found else error(400, 50033, "Invalid Recipient(s)")

    async def _get_channel(self, record: Request, channel: str) -> web.Response:
        found = self.world.channels.get(channel)
        return reply(found) if found else error(404, 10003, "Unknown Channel")

    async def _get_messages(self, record: Request, channel: str) -> web.Response:
        limit = int(record.query.get("limit", "50"))
        return reply(self.world.messages.get(channel, [])[::-1][:limit])

    async def _post_message(self, record: Request, channel: str) -> web.Response:
        if channel not in self.world.channels:
            return error(404, 10003, "Unknown Channel")
        body = record.body
        parts = ("content", "embeds", "components", "attachments", "sticker_ids")
        if not any(body.get(part) for part in parts):
            return error(400, 50006, "Cannot send an empty message")
        if len(body.get("content") or "") > 2000:
            return error(400, 50035, "Invalid Form Body")
        message, is_new = self.world.add_message(self.world.channels[channel], self.world.bot, body)
        if is_new:
            await self.gateway.dispatch_message("MESSAGE_CREATE", message)
        return reply(message)

    async def _get_message(self, record: Request, channel: str, message: str) -> web.Response:
        found = self.world.find_message(channel, message)
        return reply(found) if found else error(404, 10008, "Unknown Message")

    async def _edit_message(self, record: Request, channel: str, message: str) -> web.Response:
        found = self.world.find_message(channel, message)
        if found is None:
            return error(404, 10008, "Unknown Message")
        await self._change(found, record.body)
        return reply(found)

    async def _change(self, message: Payload, body: Payload) -> None:
        for key in ("content", "embeds", "components", "flags"):
            if key in body:
                message[key] = body[key] if body[key] is not None else ("" if key == "content" else [])
        await self.gateway.dispatch_message("MESSAGE_UPDATE", message)

    async def _delete_message(self, record: Request, channel: str, message: str) -> web.Response:
        found = self.world.find_message(channel, message)
        if found is None:
            return error(404, 10008, "Unknown Message")
        self.world.messages[channel].remove(found)
        event = {"id": message, "channel_id": channel, "guild_id": self.world.guild_id}
        await self.gateway.dispatch("MESSAGE_DELETE", event)
        return web.Response(status=204)

    async def _type(self, record: Request, channel: str) -> web.Response:
        self.world.typing.append(channel)
        return web.Response(status=204)

    async def _react(self, record: Request, channel: str, message: str, emoji: str) -> web.Response:
        if self.world.find_message(channel, message) is None:
            return error(404, 10008, "Unknown Message")
        self.world.reactions.append((message, emoji))
        return web.Response(status=204)

    async def _get_guild(self, record: Request, guild: str) -> web.Response:
        return reply(self.world.guild) if guild == self.world.guild_id else error(404, 10004, "Unknown Guild")

    async def _get_audit_log(self, record: Request, guild: str) -> web.Response:
        """Nobody did anything in the client."""
        kinds = ("audit_log_entries", "users", "webhooks", "integrations", "guild_scheduled_events", "threads")
        others = ("application_commands", "auto_moderation_rules")
        return reply({kind: [] for kind in kinds + others})

    async def _get_members(self, record: Request, guild: str) -> web.Response:
        return reply(list(self.world.members.values()))

    async def _get_member(self, record: Request, guild: str, user: str) -> web.Response:
        found = self.world.members.get(user) if guild == self.world.guild_id else None
        return reply(found) if found else error(404, 10007, "Unknown Member")

    async def _edit_member(self, record: Request, guild: str, user: str) -> web.Response:
        found = self.world.members.get(user) if guild == self.world.guild_id else None
        if found is None:
            return error(404, 10007, "Unknown Member")
        found.update(record.body)
        return reply(found)

    async def _callback(self, record: Request, interaction: str, token: str) -> web.Response:
        """Answer a pressed button: an own message, an edit of the pressed one, or just an acknowledgement."""
        state = self.interactions.get(token)
        if state is None:
            return error(404, 10062, "Unknown interaction")
        if state["callbacks"]:
            return error(400, 40060, "Interaction has already been acknowledged.")
        state["callbacks"].append(record.body)
        kind, data = record.body["type"], record.body.get("data") or {}
        resource: Payload = {"type": kind}
        if kind == UPDATE_MESSAGE:
            await self._change(state["message"], data)
            resource["message"] = state["message"]
        elif kind == SEND_MESSAGE:
            channel = self.world.channels[state["message"]["channel_id"]]
            resource["message"], _ = self.world.add_message(channel, self.world.bot, data)
        body = {"interaction": {"id": interaction, "type": 3}, "resource": resource}
        return reply(body)

    async def _follow_up(self, record: Request, token: str) -> web.Response:
        if token not in self.interactions:
            return error(404, 10015, "Unknown Webhook")
        channel = self.world.channels[self.interactions[token]["message"]["channel_id"]]
        message, _ = self.world.add_message(channel, self.world.bot, record.body)
        return reply(message)

    async def _get_original(self, record: Request, token: str) -> web.Response:
        found = self.interactions.get(token)
        return reply(found["message"]) if found else error(404, 10015, "Unknown Webhook")

    async def _edit_original(self, record: Request, token: str) -> web.Response:
        if token not in self.interactions:
            return error(404, 10015, "Unknown Webhook")
        await self._change(self.interactions[token]["message"], record.body)
        return reply(self.interactions[token]["message"])
