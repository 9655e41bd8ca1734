"""Several moderators, clocks and questions at the same moment."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.moderation.deeds import ALL, Deed, at_the_call, clocks, in_force, prepare, the_cases
from tests.support.places import Person
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))
BAN = "/guilds/*/bans/*"


async def both_say(town: Town, *said: tuple[Person, str]) -> list[str]:
    """Several people's messages arrive in the same instant; what the bot says to them."""
    before = {answer.id for answer in town.messages()}
    with at_the_call(town, "*", "*", slowly=True):
        messages = [town.env.backend.create_message(town.general.id, who.id, text) for who, text in said]
        await town.settle()
    assert len({message.id for message in messages}) == len(said)
    return [str(answer) for answer in town.messages() if answer.id not in before]


@english
async def test_two_moderators_ban_somebody_in_the_same_instant(town: Town):
    answers = await both_say(town, (town.moderator, "!ban @ann spam"), (town.admin, "!ban @ann spam"))
    assert town.ann.is_banned
    assert len(town.calls("PUT", BAN)) == 1
    assert [case["status"] for case in await the_cases(town)] == ["done"]
    assert sum("Case **1**" in answer for answer in answers) == 1
    assert sum("is banned already" in answer for answer in answers) == 1
    assert len(town.messages(town.ann)) == 1


@english
async def test_two_moderators_warn_somebody_in_the_same_instant(town: Town):
    """The second is asked, and only one threshold is crossed."""
    answers = await both_say(town, (town.moderator, "!warn @ann spam"), (town.admin, "!warn @ann spam"))
    assert sum("Do this as well?" in answer for answer in answers) == 1
    assert len(await the_cases(town)) == 1


@english
async def test_the_clock_strikes_while_a_ban_is_made_permanent(town: Town):
    await town.says(town.moderator, "!ban @ann 1h spam")
    await town.wait(minutes=59, seconds=59)
    row = await town.db.fetchone("SELECT * FROM timers")
    cog, begun = town.bot.get_cog("Expiry"), []

    def strike() -> None:
        if not begun:
            from utils.events import SanctionTimer

            event = SanctionTimer(row["id"], town.now, town.now - town.now, town.guild.id, town.ann.id, {}, 1)
            begun.append(asyncio.ensure_future(cog.on_sanction_timer(event)))

    with at_the_call(town, "PUT", BAN, before=strike, slowly=True):
        await town.says(town.moderator, f"!ban {town.ann.id} for good")
    await town.settle()
    assert len(begun) == 1
    await town.wait(hours=3)
    assert town.ann.is_banned
    assert await in_force(town) == [("ban", 2, False)]
    assert await clocks(town) == 0


@sqlite
@english
async def test_a_question_holds_nobody_up(town: Town):
    await town.says(town.moderator, "!warn @ann spam")
    question = await town.says(town.admin, "!kick @ann")
    assert "Do this as well?" in question
    assert "Case **2**" in await town.says(town.moderator, "!timeout @ann 1h")
    # What happened meanwhile is asked about as well.
    again = (await town.press(town.admin, question, "Yes")).replies[0]
    assert "case 2" in again
    await town.press(town.admin, again, "Yes")
    assert not town.ann.is_here


@sqlite
@english
async def test_a_moderator_who_is_none_any_more_when_they_answer(town: Town):
    await town.says(town.admin, "!warn @ann spam")
    question = await town.says(town.moderator, "!ban @ann")
    assert "Do this as well?" in question
    await town.take_role(town.moderator, "Moderator")
    reaction = await town.press(town.moderator, question, "Yes")
    assert "You need the permission **Ban Members**" in reaction.replies[0]
    assert not town.ann.is_banned


@sqlite
@english
async def test_channels_and_messages_are_safe_from_them_too(town: Town):
    for number in range(101):
        await town.says(town.bob, f"message {number}")
    said = ("!lock all", "!purge 101", f"!massban {town.ann.id} {town.bob.id} raid")
    asked = [await town.says(town.admin, words) for words in said]
    await town.take_role(town.admin, "Admin")
    for question, needed in zip(asked, ("Manage Channels", "Manage Messages", "Ban Members"), strict=True):
        reaction = await town.press(town.admin, question, "Yes")
        assert f"You need the permission **{needed}**" in reaction.replies[0]
    assert await the_cases(town) == []


@sqlite
@english
async def test_a_changed_message_does_nothing(town: Town):
    await town.says(town.moderator, "!warn @ann spam")
    assert await town.edits(town.moderator, "!ban @ann spam") is None
    assert not town.ann.is_banned
    assert len(await the_cases(town)) == 1


@contextmanager
def no_call_within_a_transaction(town: Town) -> Iterator[list[str]]:
    """The calls that were made while their task held the database, which has one writer."""
    http = town.bot.http
    request, found = http.request, []

    async def edge(route: Any, **options: Any) -> Any:
        if town.db._current() is not None:
            found.append(f"{route.method} {route.path}")
        return await request(route, **options)

    http.request = edge
    try:
        yield found
    finally:
        http.request = request


@sqlite
@english
@pytest.mark.parametrize("deed", ALL, ids=str)
async def test_nobody_holds_the_database_while_discord_answers(town: Town, deed: Deed):
    await prepare(town, deed)
    await town.says(town.admin, "!escalation add 1 ban")
    with no_call_within_a_transaction(town) as found:
        answer = await town.says(town.admin, deed.words)
        if answer is not None and deed.kind == "warn":
            await town.press(town.admin, answer, "Yes")
        await town.says(town.admin, "!reason latest other words")
        await town.says(town.admin, "!duration latest 3h")
        await town.wait(hours=4)
        await town.says(town.admin, "!undo latest")
    assert found == []
