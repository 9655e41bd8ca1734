"""What a page asks for about time and trouble, and what every page sees of it."""

from urllib.parse import urlsplit

import pytest

from main import create_bot
from playground import Playground, opened
from tests.playground.conftest import TestClock
from tests.playground.tab import Tab, TabRefused
from utils.config import Config

HOUR = 3_600
DAY = 24 * HOUR


def reminders(tab: Tab) -> list[str]:
    return [message["text"] for message in tab.of_bot() if message["text"].startswith("⏰")]


async def test_a_day_is_skipped_and_the_reminder_is_there_in_each_page(tab: Tab, playground: Playground):
    async with Tab(playground.url) as other:
        await tab.answer_to("!remind 1d tea")
        before = tab.state["clock"]["now"]
        clock = await tab.ask("skip", seconds=DAY + 1)
        assert clock["now"] - before == (DAY + 1) * 1000
        for page in (tab, other):
            await page.until(lambda page=page: len(reminders(page)) == 1)
            await page.until(lambda page=page: page.state["clock"]["ahead_seconds"] == DAY + 1)


async def test_to_the_next_timer_and_to_a_moment(tab: Tab, playground: Playground):
    await tab.answer_to("!remind 5h tea")
    await tab.ask("skip_until", text="next")
    await tab.until(lambda: len(reminders(tab)) == 1)
    clock = await tab.ask("skip_until", text="2026-07-04 18:00")
    assert playground.clock.now().date().isoformat() == "2026-07-04"
    assert clock["next_timer"] is None


@pytest.mark.parametrize(
    ("verb", "fields", "sentence"),
    [
        ("skip", {"seconds": -60}, "only goes forward"),
        ("skip", {"seconds": "soon"}, "can't be done with that"),
        ("skip_until", {"text": "yesterday"}, "Write it like"),
        ("skip_until", {"text": "next"}, "Nothing of the bot is due"),
        ("fail", {"method": "POST", "path": "nowhere", "status": 403, "times": 1}, "A path looks like"),
        ("unfail", {"fault": 7}, "work again already"),
        ("bot_permission", {"guild": 1, "permission": "ban_members", "on": True}, "isn't in that server"),
        ("start", {}, "runs already"),
    ],
)
async def test_what_can_not_be_is_refused_in_a_sentence(tab: Tab, verb: str, fields: dict, sentence: str):
    with pytest.raises(TabRefused, match=sentence):
        await tab.ask(verb, **fields)


async def test_a_call_fails_and_works_again(tab: Tab, playground: Playground):
    async with Tab(playground.url) as other:
        fault = await tab.ask("fail", method="POST", path="/channels/*/messages", status=403, times=None)
        assert fault["label"] == "Send message"
        for page in (tab, other):
            await page.until(lambda page=page: page.state["trouble"]["faults"] == [fault])
        await tab.say("!ping")
        assert "Pong!" not in str(tab.of_bot()[-1:])
        await tab.ask("unfail", fault=int(fault["id"]))
        await tab.until(lambda: tab.state["trouble"]["faults"] == [])
        answer = await tab.answer_to("!ping")
        assert "Pong!" in str(answer["embeds"])
        await tab.until(lambda: "POST /channels/*/messages" in tab.state["trouble"]["calls"])


async def test_the_bot_dies_and_lives_again_in_each_page(tab: Tab, playground: Playground):
    async with Tab(playground.url) as other:
        await tab.ask("kill")
        await other.until(lambda: other.state["trouble"]["bot"] == "dead")
        await tab.say("is anybody there?")
        await other.ask("start")
        await tab.until(lambda: tab.state["trouble"]["bot"] == "running")
        assert "Pong!" in str((await tab.answer_to("!ping"))["embeds"])


async def test_the_gateway_goes_and_comes(tab: Tab):
    await tab.ask("gateway", up=False)
    await tab.until(lambda: tab.state["trouble"]["gateway"] == "dropped")
    await tab.say("!ping")
    await tab.ask("gateway", up=True)
    await tab.until(lambda: "Pong!" in str(tab.of_bot()[-1:]))
    await tab.until(lambda: [toast["title"] for toast in tab.toasts] == ["The gateway is back"])


async def test_the_bots_standing_is_changed(tab: Tab):
    guild = tab.state["trouble"]["guilds"][0]
    number = int(guild["guild"])
    on = not guild["permissions"]["kick_members"]
    await tab.ask("bot_permission", guild=number, permission="kick_members", on=on)
    await tab.until(lambda: tab.state["trouble"]["guilds"][0]["permissions"]["kick_members"] == on)
    await tab.ask("bot_position", guild=number, position=len(guild["roles"]) - 1)
    await tab.until(
        lambda: tab.state["trouble"]["guilds"][0]["roles"][-1]["id"] == tab.state["trouble"]["guilds"][0]["bot_role"]
    )


async def test_the_next_run_goes_on_with_the_same_address_and_time(playground_config: Config, real_clock: TestClock):
    async with opened(playground_config, create_bot, now=real_clock) as playground, Tab(playground.url) as tab:
        await tab.ask("skip", seconds=40 * DAY)
        first, begun = urlsplit(playground.url).path, playground.clock.now()
    real_clock.move(hours=1)
    async with opened(playground_config, create_bot, now=real_clock) as playground, Tab(playground.url) as tab:
        assert urlsplit(playground.url).path == first
        assert (playground.world.env.now() - begun).total_seconds() == HOUR
        assert tab.state["clock"]["ahead_seconds"] == 40 * DAY
