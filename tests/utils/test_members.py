"""A member is asked from memory, then the gateway, then REST; each answers in the other's absence."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from tests.support.town import Town
from utils.members import forget_members, get_member, search_members

pytestmark = [pytest.mark.town(languages=("en",)), pytest.mark.engines("sqlite")]


class DeafGuild:
    """A guild whose gateway doesn't answer, as after a lost connection; REST does."""

    id = 1

    def __init__(self, *members: Any, failure: Exception | None = None) -> None:
        self.members: list[Any] = []
        self._state = SimpleNamespace(member_cache_flags=discord.MemberCacheFlags.none())
        self._there = {member.id: member for member in members}
        self._failure = failure or TimeoutError()
        self.asked_by_rest: list[int] = []

    def get_member(self, user_id: int) -> Any:
        return None

    async def query_members(self, query: str | None, **_options: Any) -> list[Any]:
        raise self._failure

    async def fetch_member(self, user_id: int) -> Any:
        self.asked_by_rest.append(user_id)
        if user_id not in self._there:
            answer: Any = SimpleNamespace(status=404, reason="Not Found")
            raise discord.NotFound(answer, {"code": 10007, "message": "Unknown Member"})
        return self._there[user_id]


@pytest.mark.town(languages=("en",), member_cache="lean")
async def test_the_gateway_is_asked_for_whom_memory_lacks(town: Town) -> None:
    guild = town.bot.get_guild(town.guild.id)
    assert guild is not None
    before = len(town.calls())
    member = await town.as_bot(get_member(guild, town.bob.id))
    assert member is not None
    assert (member.id, member.name) == (town.bob.id, "bob")
    assert await town.as_bot(get_member(guild, town.outsider("stranger").id)) is None
    assert town.calls()[before:] == []  # not by REST
    assert guild.get_member(town.bob.id) is None  # nor kept


async def test_search_finds_by_the_beginning_of_any_name(town: Town) -> None:
    guild = town.bot.get_guild(town.guild.id)
    assert guild is not None
    town.member("bobby")
    found = await town.as_bot(search_members(guild, "BOB"))
    assert {member.name for member in found} == {"bob", "bobby"}
    assert await town.as_bot(search_members(guild, "nobody")) == []
    assert await town.as_bot(search_members(guild, "")) == list(guild.members)


@pytest.mark.town(languages=("en",), member_cache="all")
async def test_who_was_asked_for_is_kept_with_all(town: Town) -> None:
    guild = town.bot.get_guild(town.guild.id)
    assert guild is not None
    forget_members(guild)
    assert list(guild.members) == [guild.me]
    await town.as_bot(get_member(guild, town.bob.id))
    kept = guild.get_member(town.bob.id)
    assert kept is not None
    role = town.role("VIP")
    await town.give_role(town.bob, role)
    assert kept.get_role(role.id) is not None, "events keep it up to date"


@pytest.mark.town(languages=("en",), member_cache="all")
async def test_who_left_in_an_outage_is_heard_of_when_coming_back(town: Town) -> None:
    """discord.py is silent of a join of somebody whom it has as a member still."""
    guild = town.bot.get_guild(town.guild.id)
    assert guild is not None
    assert guild.get_member(town.bob.id) is not None
    await town.goes_away(town.guild)
    assert list(guild.members) == [guild.me]


@pytest.mark.parametrize("failure", [TimeoutError(), RuntimeError("no websocket"), ConnectionResetError()])
async def test_rest_is_asked_when_the_gateway_is_silent(failure: Exception) -> None:
    bob = SimpleNamespace(id=2)
    guild: Any = DeafGuild(bob, failure=failure)
    assert await get_member(guild, 2) is bob
    assert await get_member(guild, 3) is None
    assert guild.asked_by_rest == [2, 3]
    assert await search_members(guild, "bob") == []


@pytest.mark.parametrize(
    ("text", "asks"),
    [("😀" * 32, True), ("😀" * 33, False), ("x" * 1990, False)],
    ids=["a name", "longer", "a message"],
)
async def test_nobody_is_asked_for_a_text_that_is_no_name(text: str, asks: bool) -> None:
    """Discord closes the connection at a request of more than 4,096 bytes."""
    asked: list[str] = []

    class Listening(DeafGuild):
        async def query_members(self, query: str | None, **_options: Any) -> list[Any]:
            asked.append(query or "")
            return []

    guild: Any = Listening()
    assert await search_members(guild, text) == []
    assert asked == ([text] if asks else [])
