"""Finding members of a guild although most of them are not in memory.

Members aren't asked for at the start, and with MEMBER_CACHE=lean none is kept, so "not in the cache" says nothing.
The gateway's query answers without using up REST's rate limit; REST is asked when the gateway doesn't answer. With
MEMBER_CACHE=all whom a query finds is kept; events keep them up to date then.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from typing import Final

import discord
from discord.utils import as_chunks

from utils.formatting import NICKNAME_LIMIT

log = logging.getLogger(__name__)

GATEWAY_SECONDS: Final = 5.0  # a query is answered in well under one; discord.py would wait for thirty
MOST_FOUND: Final = 100  # members a search of the gateway gives at most
PAGE: Final = 1_000  # members that REST gives at once


async def get_member(guild: discord.Guild, user_id: int) -> discord.Member | None:
    """The member with this id, or None if nobody of the guild has it.

    Raises `discord.HTTPException` if Discord answers neither way.
    """
    member = guild.get_member(user_id)
    if member is not None:
        return member
    found = await _query(guild, user_ids=[user_id])
    if found:
        return found[0]
    if found is not None:  # the gateway knows everybody
        return None
    try:
        return await guild.fetch_member(user_id)
    except discord.NotFound:
        return None


async def get_members(guild: discord.Guild, user_ids: Iterable[int]) -> dict[int, discord.Member]:
    """Those of these people who are members, by id.

    Raises `TimeoutError` if the gateway doesn't answer: REST would take a call for each.
    """
    found: dict[int, discord.Member] = {}
    for some in as_chunks(dict.fromkeys(user_ids), MOST_FOUND):
        answer = await _query(guild, user_ids=some)
        if answer is None:
            raise TimeoutError("The gateway didn't answer a query for members")
        found |= {member.id: member for member in answer}
    return found


async def those_here(guild: discord.Guild, user_ids: Iterable[int]) -> set[int]:
    """Who of these is a member; all, if the gateway doesn't answer: better somebody who left than nobody at all."""
    wanted = set(user_ids)
    try:
        return set(await get_members(guild, wanted))
    except TimeoutError:
        return wanted


async def all_members(guild: discord.Guild) -> AsyncIterator[list[discord.Member]]:
    """Everybody in a guild, a page of up to a thousand at a time. They are not kept in memory.

    By REST: the gateway gives the whole list only once in thirty seconds, and discord.py would wait for ever then.
    Raises `discord.ClientException` without the members intent, and `discord.HTTPException`.
    """
    page: list[discord.Member] = []
    async for member in guild.fetch_members(limit=None):
        page.append(member)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


async def search_members(guild: discord.Guild, text: str) -> list[discord.Member]:
    """Members whose user name, global name or nickname begins with this text, whatever its case.

    No name is longer than a nickname may be, so nobody is asked about a longer text; and Discord closes the
    connection at a request of more than 4,096 bytes, which a message of 400 emoji is.
    """
    if len(text) > NICKNAME_LIMIT:
        return []
    wanted = text.casefold()
    found = {member.id: member for member in guild.members if _begins(member, wanted)}
    if text:
        found |= {member.id: member for member in await _query(guild, query=text) or ()}
    return list(found.values())


def forget_members(guild: discord.Guild) -> None:
    """Drop the members that are kept in memory, but for the bot itself.

    discord.py says nothing of somebody who comes back while it has them as a member still.
    """
    for member in guild.members:
        if member != guild.me:
            guild._remove_member(member)


def _begins(member: discord.Member, wanted: str) -> bool:
    names = (member.name, member.global_name, member.nick)
    return any(name is not None and name.casefold().startswith(wanted) for name in names)


async def _query(
    guild: discord.Guild, *, query: str | None = None, user_ids: list[int] | None = None
) -> list[discord.Member] | None:
    """What the gateway answers; None if it doesn't. discord.py would keep the members without regard to its flags."""
    keep = guild._state.member_cache_flags.joined
    try:
        return await asyncio.wait_for(
            guild.query_members(query, limit=MOST_FOUND, user_ids=user_ids, cache=keep), GATEWAY_SECONDS
        )
    except (TimeoutError, RuntimeError, OSError, discord.ClientException) as error:
        log.info("The gateway didn't answer a query for members of guild %d: %r", guild.id, error)
        return None
