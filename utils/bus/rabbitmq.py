"""The bus over RabbitMQ: a fanout exchange, and a queue of each process that outlives a break of its connection."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar, Final

import aio_pika
from aio_pika.exceptions import ChannelNotFoundEntity

from utils.bus.line import Line

EXCHANGE: Final = "hearth.bus"
KEPT_MILLISECONDS: Final = 600_000
"""How long the queue of a process that is away is kept, and what is in it."""
MOST_KEPT: Final = 100_000  # messages; beyond that RabbitMQ drops the oldest
MOST_UNCONFIRMED: Final = 200  # messages that RabbitMQ hands out before it hears that they arrived
CONNECT_SECONDS: Final = 10.0
HEARTBEAT_SECONDS: Final = 10


class RabbitLine(Line):
    """Messages wait in the process's own queue. Is that gone, what was in it is lost."""

    server: ClassVar[str] = "RabbitMQ"

    def __init__(self, url: str, reader: str) -> None:
        super().__init__(url, reader)
        self._connection: Any = None
        self._exchange: Any = None
        self._queue: Any = None
        self._arrived: asyncio.Queue[Any] = asyncio.Queue()
        self._ended: asyncio.Future[None] | None = None
        self._had_queue = False
        self._consumer = ""

    async def open(self) -> bool:
        """Connect, find or make the queue, and have what is in it sent here."""
        self._arrived, self._ended = asyncio.Queue(), asyncio.get_running_loop().create_future()
        self._connection = await aio_pika.connect(
            self.url,
            timeout=CONNECT_SECONDS,
            heartbeat=HEARTBEAT_SECONDS,
            client_properties={"connection_name": "hearth bus"},
        )
        self._connection.close_callbacks.add(self._end)
        waiting = await self._waiting() if self._had_queue else None
        channel = await self._connection.channel(publisher_confirms=True)
        channel.close_callbacks.add(self._end)
        await channel.set_qos(prefetch_count=MOST_UNCONFIRMED)
        self._exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.FANOUT, durable=True)
        self._queue = await self._declare(channel)
        await self._queue.bind(self._exchange)
        whole = not self._had_queue or (waiting is not None and waiting < MOST_KEPT)
        self._had_queue = True
        self._consumer = await self._queue.consume(self._arrived.put)
        return whole

    async def send(self, envelopes: Sequence[str]) -> None:
        """Publish them in their order, and wait until RabbitMQ confirms all."""
        await asyncio.gather(*(self._publish(envelope) for envelope in envelopes))

    async def receive(self) -> AsyncIterator[str | bytes | None]:
        """Hand on what is in the queue, and confirm what was taken."""
        assert self._ended is not None
        while True:
            coming = asyncio.ensure_future(self._arrived.get())
            try:
                await asyncio.wait({coming, self._ended}, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    self._ended.result()
                    raise ConnectionError("RabbitMQ ended the connection")
                message = coming.result()
            finally:
                coming.cancel()
            yield message.body
            await message.ack()

    async def close(self, *, for_good: bool) -> None:
        """Let the connection go; the queue stays for a while if this process comes back."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if for_good and not connection.is_closed:
                await self._queue.cancel(self._consumer)
                await self._queue.delete(if_unused=False, if_empty=False)
        finally:
            await connection.close()

    async def _waiting(self) -> int | None:
        """How many messages are in the queue from before; None if it is gone."""
        channel = await self._connection.channel()
        try:
            queue = await channel.declare_queue(self._queue_name, passive=True)
        except ChannelNotFoundEntity:  # which closes the channel
            return None
        await channel.close()
        return int(queue.declaration_result.message_count or 0)

    async def _declare(self, channel: Any) -> Any:
        return await channel.declare_queue(
            self._queue_name,
            durable=True,
            arguments={
                "x-expires": KEPT_MILLISECONDS,
                "x-message-ttl": KEPT_MILLISECONDS,
                "x-max-length": MOST_KEPT,
            },
        )

    async def _publish(self, envelope: str) -> None:
        message = aio_pika.Message(envelope.encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await self._exchange.publish(message, routing_key="", mandatory=False)

    def _end(self, *_why: object) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)

    @property
    def _queue_name(self) -> str:
        return f"{EXCHANGE}.{self.reader}"
