"""Who may act on whom, by Discord's rules, whatever roles there are."""

from dataclasses import dataclass, field
from functools import total_ordering
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.town import Town
from utils.permissions import PERMISSION_NAMES, outranks, permission_names, why_not_on, why_not_role

OWNER = 1


@total_ordering
@dataclass(frozen=True)
class SomeRole:
    """A role as discord.py orders it: by position, of equals the older one is higher; @everyone is lowest."""

    id: int
    position: int
    guild: Any
    managed: bool = False

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"

    def is_default(self) -> bool:
        return self.id == self.guild.id

    def __lt__(self, other: "SomeRole") -> bool:
        if self.is_default() or other.is_default():
            return not other.is_default()
        return (self.position, -self.id) < (other.position, -other.id)


@dataclass(frozen=True)
class Somebody:
    id: int
    guild: Any
    roles: list[SomeRole] = field(default_factory=list)

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @property
    def top_role(self) -> SomeRole:
        return max([SomeRole(self.guild.id, 0, self.guild), *self.roles])


GUILD = SimpleNamespace(id=100, owner_id=OWNER)
# One id is one role: three share each position, and every fifth is managed.
roles = st.integers(101, 118).map(lambda id_: SomeRole(id_, (id_ - 98) // 3, GUILD, managed=id_ % 5 == 0))
people: Any = st.builds(Somebody, st.integers(1, 6), st.just(GUILD), st.lists(roles, max_size=4))


@given(people, people)
def test_nobody_acts_on_the_owner_themselves_or_upwards(actor: Any, target: Any):
    allowed = outranks(actor, target)
    if target.id == OWNER or target.id == actor.id:
        assert not allowed
    elif actor.id == OWNER:
        assert allowed
    else:
        assert allowed == (target.top_role < actor.top_role)
    assert not (allowed and outranks(target, actor)), "never both ways"


@given(people, people, people)
def test_rank_is_transitive(one: Any, two: Any, three: Any):
    if outranks(one, two) and outranks(two, three) and one.id != three.id:
        assert outranks(one, three)


@given(people, people, st.booleans())
def test_a_refusal_says_which_role_is_in_the_way(actor: Any, target: Any, actor_is_bot: bool):
    reason = why_not_on(actor, target, actor_is_bot=actor_is_bot)
    assert (reason is None) == outranks(actor, target)
    if reason is not None:
        assert target.mention in reason
        named = target.top_role.mention in reason and actor.top_role.mention in reason
        assert named != (target.id == OWNER), "the owner's roles don't matter"


@given(people, roles, st.booleans())
def test_only_lower_roles_that_nobody_manages_are_handed_out(actor: Any, role: Any, actor_is_bot: bool):
    reason = why_not_role(actor, role, actor_is_bot=actor_is_bot)
    allowed = not role.managed and (actor.id == OWNER or role < actor.top_role)
    assert (reason is None) == allowed
    everyone: Any = SomeRole(GUILD.id, 0, GUILD)
    assert "`@everyone`" in (why_not_role(actor, everyone, actor_is_bot=actor_is_bot) or "")


@pytest.mark.engines("sqlite")
@pytest.mark.town(languages=("en",))
async def test_the_same_with_discords_own_objects(town: Town):
    """That the stand-ins above order like discord.py's roles."""
    bot = town.guild.live.me
    assert outranks(town.owner.live, town.admin.live)
    assert outranks(town.admin.live, town.moderator.live)
    assert outranks(town.moderator.live, town.ann.live)
    assert not outranks(town.ann.live, town.bob.live), "equals"
    assert not outranks(town.admin.live, town.owner.live)
    assert outranks(bot, town.admin.live)
    await town.put_bot_below("Moderator")
    assert not outranks(town.guild.live.me, town.moderator.live)
    assert why_not_role(town.owner.live, town.guild.live.me.top_role, actor_is_bot=False) is not None, "managed"
    assert why_not_role(town.admin.live, town.role("Member").live, actor_is_bot=False) is None


def test_every_permission_has_a_name_for_people():
    assert permission_names(["manage_guild"]) == ["**Manage Server**"]
    assert permission_names(["view_guild_insights"]) == ["**View Guild Insights**"]
    assert set(PERMISSION_NAMES) <= set(discord.Permissions.VALID_FLAGS)
