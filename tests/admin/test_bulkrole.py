"""`bulkrole`: a role for many members at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.bulkrole.rules import Whom, parse
from database.bulk_roles import BulkRoleRun, BulkRolesStore
from tests.moderation.deeds import at_the_call
from tests.support.answers import Answer
from tests.support.town import Town
from utils.errors import UserError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROLES = {"Member": 1, "Game Night": 2, "Muted": 3}
moments = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
roles = st.lists(st.integers(1, 5), max_size=3, unique=True).map(tuple)


def find_role(name: str) -> int:
    if name not in ROLES:
        raise ValueError("no such role")
    return ROLES[name]


def read(text: str) -> tuple[Whom, bool]:
    return parse(text, find_role, lambda days: NOW - timedelta(days=int(days)))


def test_whom_is_read():
    assert read("humans") == (Whom("humans"), False)
    assert read('with "Game Night" and without Muted --dry') == (
        Whom("all", with_roles=(2,), without_roles=(3,)), True
    )  # fmt: skip
    assert read("bots joined before 3 joined after 30") == (
        Whom("bots", joined_before=NOW - timedelta(days=3), joined_after=NOW - timedelta(days=30)), False
    )  # fmt: skip
    for wrong in (
        "",
        "--dry",
        "with",
        "with Nobody",
        "joined",
        "joined 3",
        "humanz",
        "🍰",
        "with Muted without Muted",
    ):
        with pytest.raises(UserError):
            read(wrong)


@given(st.builds(Whom, st.sampled_from(["all", "humans", "bots"]), roles, roles, moments, moments), st.booleans(),
       st.sets(st.integers(1, 5)), moments)  # fmt: skip
def test_all_that_is_said_has_to_fit(
    whom: Whom, is_bot: bool, role_ids: set[int], joined_at: datetime | None
) -> None:
    assert Whom.decode(whom.encode()) == whom
    fits = whom.fits(is_bot=is_bot, role_ids=role_ids, joined_at=joined_at)
    assert Whom().fits(is_bot=is_bot, role_ids=role_ids, joined_at=joined_at)
    if fits:
        assert set(whom.with_roles) <= role_ids
        assert role_ids.isdisjoint(whom.without_roles)
        assert whom.kind == "all" or (whom.kind == "bots") == is_bot
        assert joined_at is None or whom.joined_before is None or joined_at < whom.joined_before


def only(answer: Answer | None) -> Answer:
    assert answer is not None
    return answer


def crowd(town: Town, count: int) -> list:
    with town.not_listening():  # each would be greeted, and more
        return [town.member(f"member{number}") for number in range(count)]


async def begin(town: Town, text: str) -> Answer:
    question = only(await town.says(town.admin, text))
    return only((await town.press(town.admin, question, "Yes")).reply)


async def test_a_role_for_many(town: Town):
    people = crowd(town, 12)
    await town.give_role(people[0], "Member")
    dry = only(await town.says(town.admin, "!bulkrole add Member humans --dry"))
    assert "would be given" in dry
    assert people[1].role_names == set()
    shown = await begin(town, "!bulkrole add Member humans")
    await town.wait(minutes=1)
    assert all(one.role_names == {"Member"} for one in people)
    ended = only(town.now_of(shown))
    assert "given to 17 of 17" in ended
    assert not ended.buttons
    await begin(town, "!bulkrole remove Member humans joined after 1d")
    await town.wait(minutes=1)
    assert not any(one.role_names for one in people)
    assert "would be taken from 0" in only(await town.says(town.admin, "!bulkrole remove Member all"))
    assert "not below your role" in only(await town.says(town.admin, "!bulkrole add Admin all"))
    assert "Manage Roles" in only(await town.says(town.moderator, "!bulkrole add Member all"))
    question = only(await town.says(town.admin, "!bulkrole add Moderator humans"))
    assert "With it comes **Kick Members**" in question


async def test_it_survives_failures_and_a_restart(town: Town):
    people = crowd(town, 20)
    role = town.role("Member")
    town.refuse("PUT", f"/guilds/*/members/{people[3].id}/roles/{role.id}")
    with at_the_call(town, "PUT", f"/guilds/*/members/{people[4].id}/roles/{role.id}", cut="before", times=1):
        shown = await begin(town, "!bulkrole add Member humans")
        await town.wait(seconds=2)
    assert "another role" in only(await town.says(town.admin, "!bulkrole add Member humans"))
    done = sum("Member" in one.role_names for one in people)
    assert 0 < done < 18
    assert "It failed for" not in only(town.now_of(shown)), "it is shown once in a few seconds"
    await town.restart(clean=False)
    await town.wait(minutes=2)
    assert all("Member" in one.role_names for one in people)
    ended = only(town.now_of(shown))
    assert "given to 26 of 26" in ended
    assert "failed" not in ended
    assert not ended.buttons
    assert await town.db.fetchval("SELECT COUNT(*) FROM bulk_role_runs") == 0


async def test_more_than_one_question_asks_for_are_done_in_sight(town: Town):
    people = crowd(town, 104)
    shown = await begin(town, "!bulkrole add Member humans without Moderator")
    await town.leave(people[50])
    await town.wait(seconds=8)
    some = only(town.now_of(shown))
    assert any(f"given to {count} of 109" in some for count in range(10, 100))
    await town.put_bot_below("Member")
    await town.wait(seconds=1)
    assert "not below my role" in only(town.now_of(shown))
    await town.put_bot_below("Admin")
    shown = await begin(town, "!bulkrole add Member humans without Moderator")
    await town.wait(seconds=30)
    assert all("Member" in one.role_names for number, one in enumerate(people) if number != 50)
    assert "Member" not in town.moderator.role_names
    assert not only(town.now_of(shown)).buttons


async def test_it_can_be_cancelled_and_stops_in_vain(town: Town):
    people = crowd(town, 20)
    shown = await begin(town, "!bulkrole add Member humans")
    await town.wait(seconds=2)
    assert "Manage Roles" in only((await town.press(town.ann, shown, "Cancel")).reply)
    await town.press(town.admin, shown, "Cancel")
    await town.wait(seconds=10)
    assert "Cancelled" in only(town.now_of(shown))
    assert 0 < sum("Member" in one.role_names for one in people) < 20
    town.refuse("PUT", "/guilds/*/members/*/roles/*", times=None)
    shown = await begin(town, "!bulkrole add Member humans")
    await town.wait(seconds=30)
    assert "It failed for 10" in only(town.now_of(shown))
    town.refuse_no_more()
    shown = await begin(town, "!bulkrole add Member humans")
    assert "I stop" in only(await town.says(town.admin, "!bulkrole cancel"))
    await town.wait(seconds=2)
    assert "Cancelled" in only(town.now_of(shown))
    assert "Nothing of that kind" in only(await town.says(town.admin, "!bulkrole cancel"))
    row = BulkRoleRun(1, town.guild.id, town.general.id, None, town.admin.id, 2, True, Whom().encode(), 5)
    await BulkRolesStore(town.db).begin(row)  # of a run that an error ended
    assert "I stop" in only(await town.says(town.admin, "!bulkrole cancel"))
    shown = await begin(town, "!bulkrole add Member humans")
    await town.wait(seconds=2)
    await town.delete_role(town.role("Member"))
    await town.wait(seconds=30)
    assert "deleted" in only(town.now_of(shown))
