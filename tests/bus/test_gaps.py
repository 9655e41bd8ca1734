"""What a server no longer has: each transport notices it when its connection is back."""

import asyncpg
import pytest
from redis.asyncio import Redis

from tests.bus.ends import End, know_each_other, until
from tests.support.cable import Cable


async def test_what_the_server_let_go_meanwhile_is_a_gap(ann: End, bob: End, cable: Cable, transport: str, url: str):
    await cable.cut()
    await until(lambda: not bob.bus.healthy)
    await ann.say("never heard")
    await until(lambda: ann.unsent == 0)
    await FORGET[transport](url, bob)
    await ann.say("heard, or in the gap")
    await until(lambda: ann.unsent == 0)
    await cable.mend()
    await until(lambda: bob.gaps >= 1)
    await ann.say("last")
    await until(lambda: bob.heard and bob.heard[-1] == "last")
    assert "never heard" not in bob.heard
    assert ann.gaps == 0


async def _forget_rows(url: str, bob: End) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("DELETE FROM bus_messages")
    await connection.close()


async def _forget_entries(url: str, bob: End) -> None:
    async with Redis.from_url(url) as redis:
        await redis.xtrim("hearth:bus", maxlen=0, approximate=False)


async def _forget_queue(url: str, bob: End) -> None:
    import aio_pika

    connection = await aio_pika.connect(url)
    channel = await connection.channel()
    await until(lambda: True)
    await channel.queue_delete(f"hearth.bus.{bob.bus.id}")
    await connection.close()


FORGET = {"postgres": _forget_rows, "redis": _forget_entries, "rabbitmq": _forget_queue}


@pytest.mark.parametrize("transport", ["redis"], indirect=True)
async def test_a_stream_that_begins_anew_is_noticed(ann: End, bob: End, url: str):
    """Redis was emptied, and its clock set back: who didn't look would wait for numbers that are far off."""
    async with Redis.from_url(url) as redis:
        await redis.delete("hearth:bus")
        await redis.xadd("hearth:bus", {"other": "thing"}, id="1-1")
    await until(lambda: bob.gaps and ann.gaps)
    await ann.say("hello")
    await bob.hears("hello")


@pytest.mark.parametrize("transport", ["postgres"], indirect=True)
async def test_rows_are_removed_after_a_while_but_for_the_last(ann: End, bob: End, url: str):
    from database.bus_messages import BusMessages

    await ann.say(*range(20))
    await bob.hears(*range(20))
    messages = BusMessages(url)
    await messages.open()
    latest = await messages.latest()
    await messages.clean(3600)
    assert len(await messages.after(latest.__class__(0), "nobody")) >= 20
    await messages.clean(-1)
    assert [kept.place for kept in await messages.after(latest.__class__(0), "nobody")] == [latest]
    await messages.close()
    await ann.say("after")
    await until(lambda: bob.heard[-1] == "after")
    assert bob.gaps == 0


@pytest.mark.parametrize("transport", ["postgres"], indirect=True)
async def test_another_history_under_the_same_numbers_is_a_gap(ann: End, bob: End, cable: Cable, url: str):
    """A standby took over that hadn't all of it yet."""
    await cable.cut()
    await until(lambda: not bob.bus.healthy)
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE bus_messages SET sender = 'another', sent_at = sent_at + 1")
    await connection.close()
    await cable.mend()
    await until(lambda: bob.gaps == 1)
    await know_each_other(ann, bob)
