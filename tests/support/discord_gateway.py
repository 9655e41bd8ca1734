"""The double's gateway: hello, identify, heartbeat, dispatch, resume, and every way to lose a connection."""

import asyncio
import contextlib
import json
import math
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.discord_world import DM_CHANNEL, Payload, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 0, 1, 2, 3, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
HEARTBEAT_INTERVAL_MS = 41_250

GUILDS, GUILD_MEMBERS, GUILD_PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT

AUTHENTICATION_FAILED, DISALLOWED_INTENTS = 4004, 4014
# After these the client has ended its session: it can't be resumed.
CLEAN_CLOSES = (1000, 1001)


@dataclass
class Session:
    """What Discord remembers of a client between its connections."""

    identify: Payload
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    events: list[Payload] = field(default_factory=list)  # every dispatch, for a resume to replay
    connection: "Connection | None" = None
    ended: bool = False

    @property
    def intents(self) -> int:
        return int(self.identify["intents"])


@dataclass
class Connection:
    """One websocket; `close_code` is what the client sent, unless the server closed first."""

    socket: web.WebSocketResponse
    request: web.Request
    received: list[Payload] = field(default_factory=list)
    closed_by_server: bool = False
    close_code: int | None = None
    closed: bool = False

    async def send(self, op: int, data: Any = None, seq: int | None = None, name: str | None = None) -> None:
        if not self.socket.closed:
            with contextlib.suppress(ConnectionError):  # a gone client's session keeps the event
                await self.socket.send_str(json.dumps({"op": op, "d": data, "s": seq, "t": name}))


class Gateway:
    """All connections and sessions of the double."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.url = ""  # known once the server listens
        self.shards = 1
        self.allowed_intents = PRIVILEGED  # the switches in the developer portal
        self.connections: list[Connection] = []
        self.sessions: list[Session] = []
        self.identifies: list[Payload] = []
        self.resumes: list[Payload] = []
        self.refuse_identify_with: int | None = None  # a close code
        self.identify_every_seconds = 0.0  # Discord's own are 5
        self.max_concurrency = 1
        self.refused: list[Any] = []  # the shards that identified too soon
        self._identified_at: dict[int, float] = {}
        self.accepting = asyncio.Event()
        self.accepting.set()

    @property
    def ready(self) -> bool:
        """Whether a client has identified and is connected now."""
        return any(session.connection is not None for session in self.sessions)

    def sessions_of(self, shard_id: int) -> list[Session]:
        """The connected sessions of a shard."""
        return [
            each
            for each in self.sessions
            if each.connection is not None and each.identify.get("shard", [0, 1])[0] == shard_id
        ]

    @property
    def close_codes(self) -> list[int | None]:
        """How clients ended their connections, leaving out those that the server ended."""
        return [each.close_code for each in self.connections if each.closed and not each.closed_by_server]

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from Hello to its end."""
        await self.accepting.wait()
        socket = web.WebSocketResponse()
        if request.transport is None:  # it went away while it waited
            return socket
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.append(connection)
        await connection.send(HELLO, {"heartbeat_interval": HEARTBEAT_INTERVAL_MS})
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._receive(connection, json.loads(frame.data))
        finally:
            connection.closed = True
            connection.close_code = socket.close_code
            self._detach(connection)
        return socket

    def _detach(self, connection: Connection) -> None:
        for session in self.sessions:
            if session.connection is connection:
                session.connection = None
                if connection.close_code in CLEAN_CLOSES and not connection.closed_by_server:
                    session.ended = True

    async def _receive(self, connection: Connection, frame: Payload) -> None:
        connection.received.append(frame)
        match frame["op"]:
            case 1:
                await connection.send(HEARTBEAT_ACK)
            case 2:
                await self._identify(connection, frame["d"])
            case 6:
                await self._resume(connection, frame["d"])
            case 8:
                await self._send_members(connection, frame["d"])

    async def _identify(self, connection: Connection, data: Payload) -> None:
        self.identifies.append(data)
        if data["token"] != self.token:
            return await self.close(connection, AUTHENTICATION_FAILED)
        if int(data["intents"]) & PRIVILEGED & ~self.allowed_intents:
            return await self.close(connection, DISALLOWED_INTENTS)
        if self.refuse_identify_with is not None:
            return await self.close(connection, self.refuse_identify_with)
        if self._is_too_soon(data.get("shard")):
            return await connection.send(INVALID_SESSION, False)
        session = Session(data, connection=connection)
        self.sessions.append(session)
        ready = {
            "v": 10,
            "user": self.world.bot,
            "guilds": [
                {"id": guild_id, "unavailable": True}
                for guild_id in [*(guild["id"] for guild in self.world.others), self.world.guild_id]
                if self._is_on_shard(session, guild_id)
            ],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": self.world.bot["id"], "flags": 0},
            "shard": data.get("shard", [0, 1]),
        }
        await self._dispatch_to(session, "READY", ready)
        for guild in [*self.world.others, self.world.guild_create()] if session.intents & GUILDS else ():
            if self._is_on_shard(session, guild["id"]):
                await self._dispatch_to(session, "GUILD_CREATE", guild)
        return None

    async def _resume(self, connection: Connection, data: Payload) -> None:
        self.resumes.append(data)
        session = next((each for each in self.sessions if each.id == data["session_id"]), None)
        known = data["token"] == self.token and session is not None and not session.ended
        if not known or data["seq"] > len(session.events):
            return await connection.send(INVALID_SESSION, False)
        sent = data["seq"]
        while sent < len(session.events):  # may grow while it is being replayed
            missed = session.events[sent]
            await connection.send(DISPATCH, missed["d"], missed["s"], missed["t"])
            sent += 1
        session.connection = connection
        await self._dispatch_to(session, "RESUMED", {})
        return None

    async def _send_members(self, connection: Connection, data: Payload) -> None:
        session = next(each for each in self.sessions if each.connection is connection)
        wanted = [str(user_id) for user_id in data.get("user_ids", [])]
        query = data.get("query")
        if query is not None:
            names = {user_id: user["username"] for user_id, user in self.world.users.items()}
            wanted += [user_id for user_id, name in names.items() if name.startswith(query.lower())]
        members = [member for user_id, member in self.world.members.items() if user_id in wanted]
        chunk = {
            "guild_id": self.world.guild_id,
            "members": members,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [user_id for user_id in wanted if user_id not in self.world.members],
        }
        if "nonce" in data:
            chunk["nonce"] = data["nonce"]
        await self._dispatch_to(session, "GUILD_MEMBERS_CHUNK", chunk)

    def _guild_shard(self, session: Session) -> bool:
        return self._is_on_shard(session, self.world.guild_id)

    def _is_on_shard(self, session: Session, guild_id: str) -> bool:
        shard_id, count = session.identify.get("shard", [0, 1])
        return (int(guild_id) >> 22) % count == shard_id

    def _is_too_soon(self, shard: tuple[int, int] | None) -> bool:
        """Whether another session of the same group of shards started a moment ago; Discord refuses this one then."""
        now, group = time.monotonic(), (shard or (0, 1))[0] % self.max_concurrency
        too_soon = now - self._identified_at.get(group, -math.inf) < self.identify_every_seconds
        if too_soon:
            self.refused.append(shard)
        else:
            self._identified_at[group] = now
        return too_soon

    async def _dispatch_to(self, session: Session, name: str, data: Payload) -> None:
        event = {"d": data, "s": len(session.events) + 1, "t": name}
        session.events.append(event)
        if session.connection is not None:
            await session.connection.send(DISPATCH, event["d"], event["s"], event["t"])

    async def dispatch(self, name: str, data: Payload, *, in_guild: bool = True, intent: int = 0) -> None:
        """Send an event to every live session that asked for it; one that is away gets it when it resumes."""
        for session in self.sessions:
            if session.ended or (intent and not session.intents & intent):
                continue
            if self._guild_shard(session) if in_guild else session.identify.get("shard", [0])[0] == 0:
                await self._dispatch_to(session, name, data)

    async def dispatch_message(self, name: str, message: Payload) -> None:
        """Send MESSAGE_CREATE or MESSAGE_UPDATE, without the content where the client hasn't asked for it."""
        event = self.world.as_event(message)
        in_guild = self.world.channels[message["channel_id"]]["type"] != DM_CHANNEL
        may_read = (
            not in_guild
            or message["author"] is self.world.bot
            or any(user is self.world.bot for user in message["mentions"])
        )
        for session in self.sessions:
            if session.ended or not session.intents & (GUILD_MESSAGES if in_guild else DIRECT_MESSAGES):
                continue
            if not (self._guild_shard(session) if in_guild else session.identify.get("shard", [0])[0] == 0):
                continue
            scrubbed = {"content": "", "embeds": [], "attachments": [], "components": []}
            readable = may_read or session.intents & MESSAGE_CONTENT
            await self._dispatch_to(session, name, event if readable else event | scrubbed)

    async def close(self, connection: Connection, code: int) -> None:
        """Close one connection as Discord does."""
        connection.closed_by_server = True
        await connection.socket.close(code=code)

    def drop(self) -> None:
        """Cut every connection without a word, as a broken network does."""
        for connection in self.connections:
            if not connection.closed and connection.request.transport is not None:
                connection.closed_by_server = True
                connection.request.transport.abort()

    async def close_all(self, code: int) -> None:
        """Close every connection with a code."""
        for connection in self.connections:
            if not connection.closed:
                await self.close(connection, code)

    async def ask_to_reconnect(self) -> None:
        for connection in self.connections:
            if not connection.closed:
                await connection.send(RECONNECT)

    async def invalidate_sessions(self, *, resumable: bool) -> None:
        """Op 9 to everyone; sessions that aren't resumable are forgotten."""
        for session in self.sessions:
            session.ended = session.ended or not resumable
            if session.connection is not None:
                await session.connection.send(INVALID_SESSION, resumable)
