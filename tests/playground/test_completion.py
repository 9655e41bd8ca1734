"""What the composer offers: commands of the bot, people, roles, channels, emoji."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord.ext import commands
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.completion import MOST_ITEMS, complete
from playground.completion_text import before_cursor, folded, utf16_length
from playground.emoji import WELL_KNOWN, by_name, is_emoji
from playground.shapes import Completions
from tests.playground.acting_town import ActingTown, acting_town
from tests.support.patience import PATIENCE


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[ActingTown]:
    async with acting_town(tmp_path) as town:
        yield town


class At:
    """Somebody at the composer of a channel; `|` in a text is the cursor, else it is at the end."""

    def __init__(self, town: ActingTown, person: str = "ann", channel: str = "#general") -> None:
        self.town, self.person, self.channel = town, town.ids[person], town.ids[channel]

    async def type(self, text: str) -> Completions:
        before, _cursor, after = text.partition("|")
        return await complete(self.town, self.person, self.channel, before + after, utf16_length(before))

    async def labels(self, text: str) -> list[str]:
        return [item["label"] for item in (await self.type(text))["items"]]

    async def takes(self, text: str) -> str:
        """The text with the first line of the list taken."""
        offered = await self.type(text)
        before, _cursor, after = text.partition("|")
        units = (before + after).encode("utf-16-le")
        insert = offered["items"][0]["insert"].encode("utf-16-le")
        taken = units[: 2 * offered["start"]] + insert + units[2 * utf16_length(before) :]
        return taken.decode("utf-16-le")


# --- commands


async def test_commands_by_how_well_they_fit(town: ActingTown):
    ann = At(town)
    offered = await ann.type("!re")
    assert [item["label"] for item in offered["items"]] == ["!remind", "!report", "!prefix"]
    assert offered["items"][0] == {
        "insert": "remind ", "label": "!remind", "detail": "Remind you of something later.", "kind": "command",
    }  # fmt: skip
    assert (offered["start"], offered["hint"]) == (1, "")
    assert await ann.takes("!RÉ") == "!remind "
    assert await ann.takes("  ! re| tea") == "  ! remind  tea"


async def test_a_prefix_alone_offers_the_first_ten(town: ActingTown):
    labels = await At(town, "olivia").labels("!")
    assert len(labels) == MOST_ITEMS
    assert labels == sorted(labels)


async def test_only_what_this_person_may_run_here(town: ActingTown):
    assert await At(town, "olivia").labels("!shutd") == ["!shutdown"]
    assert await At(town, "ann").labels("!shutd") == []
    assert await At(town, "olivia").labels("!prefix ") == ["!prefix add", "!prefix remove", "!prefix reset"]
    assert await At(town, "ann").labels("!prefix ") == []
    assert (await At(town, "ann").type("!prefix add x"))["hint"] == "!prefix — Show what commands start with here."
    await town.send("olivia", "#general", "!command disable ping")
    assert "!ping" not in await At(town, "ann").labels("!pi")


async def test_a_command_that_is_hidden_or_whose_check_fails_is_not_offered(town: ActingTown):
    async def run(ctx: commands.Context) -> None: ...

    async def broken(_ctx: commands.Context) -> bool:
        raise RuntimeError("broken")

    town.bot.add_command(commands.Command(run, name="zebra", checks=[broken]))
    town.bot.add_command(commands.Command(run, name="zoo", hidden=True))
    town.bot.add_command(commands.Command(run, name="zip", help="Pack things."))
    assert await At(town).labels("!z") == ["!zip"]


async def test_a_bot_that_fails_offers_nothing(town: ActingTown):
    async def no_prefix(_bot: object, _message: object) -> str:
        raise RuntimeError("broken")

    town.bot.command_prefix = no_prefix
    assert await At(town).labels("!re") == []
    assert await At(town).labels("!re @bo") == ["Bob"]


async def test_sub_commands_and_the_usage_typed_so_far(town: ActingTown):
    ann = At(town)
    usage = "!remind <when_and_what> — Remind you of something later."
    offered = await ann.type("!remind e")
    assert [item["label"] for item in offered["items"]] == ["!remind edit", "!remind every"]
    assert (offered["start"], offered["hint"]) == (8, usage)
    assert await ann.takes("!remind e") == "!remind edit "
    assert (await ann.type("!remind"))["hint"] == usage
    assert await ann.type("!remind 10s te") == {"start": 14, "items": [], "hint": usage}
    assert (await ann.type("!remind list"))["hint"].startswith("!remind list")


async def test_aliases(town: ActingTown):
    offered = (await At(town).type("!whoi"))["items"]
    assert [(item["label"], item["insert"]) for item in offered] == [("!whois", "whois ")]
    assert offered[0]["detail"].startswith("userinfo: ")
    assert (await At(town).type("!whois "))["hint"].startswith("!userinfo")
    assert len(await At(town).labels("!user")) == len(set(await At(town).labels("!user")))


async def test_other_prefixes_and_a_mention(town: ActingTown):
    await town.send("olivia", "#general", "!prefix add ??")
    assert await At(town).takes("??rem") == "??remind "
    mention = f"<@{town.bot.user.id}>"
    assert await At(town).takes(f"{mention} rem") == f"{mention} remind "
    assert (await At(town).type(f"{mention} rem"))["items"][0]["label"] == "@Hearth remind"
    assert await At(town).labels(mention) == []


async def test_what_is_no_command(town: ActingTown):
    for text in ("hello !re", "re", "", "!nothing ", "!nothing re"):
        assert await At(town).type(text) == {"start": len(text), "items": [], "hint": ""}


async def test_help_speaks_the_language_of_the_answers(town: ActingTown):
    await town.send("ann", "#general", "!language de")
    assert "Erinner" in (await At(town).type("!remind"))["items"][0]["detail"]
    assert (await At(town, "bob").type("!remind"))["items"][0]["detail"] == "Remind you of something later."


async def test_in_direct_messages(town: ActingTown):
    town.ids["dm"] = town.acting.direct(town.ids["ann"])
    ann = At(town, channel="dm")
    assert await ann.takes("!rem") == "!remind "
    assert "!roleinfo" not in await ann.labels("!ro")  # it is for servers
    assert await ann.labels("@he") == ["Hearth"]
    assert await ann.labels("#gen") == []


async def test_where_the_bot_hears_nothing_it_offers_nothing(town: ActingTown):
    assert await At(town, "mo", "#staff").labels("!re") == ["!remind", "!report", "!prefix"]
    await town.live("#staff").set_permissions(town.guild.me, view_channel=False)
    assert await At(town, "mo", "#staff").labels("!re") == []


async def test_a_dead_bot_offers_no_commands(town: ActingTown):
    await town.life.kill()
    assert await At(town).type("!re") == {"start": 3, "items": [], "hint": ""}
    assert await At(town).labels("!remind @bo") == ["Bob"]
    await town.life.start()
    assert await At(town).labels("!rem") == ["!remind"]


async def test_nothing_happens_in_town(town: ActingTown):
    """Also while the bot is at work, and somebody else has the turn."""
    first = await town.send("ann", "#general", "hello")
    with town.acting.events("MESSAGE_CREATE") as created:
        async with town.life.turn:
            async with asyncio.timeout(5 * PATIENCE):
                await At(town).type("!remind 10s tea")
    assert created == []
    assert await town.send("ann", "#general", "hello") == first + 1  # no id was taken


# --- names


async def test_people_and_roles(town: ActingTown):
    await town.acting.add_person("Chloé", town.ids["Hearth Town"])
    await town.acting.set_nick(town.ids["bob"], town.ids["Hearth Town"], "The Builder", by=town.ids["bob"])
    await town.acting.set_role(town.ids["bob"], town.ids["Hearth Town"], town.ids["@Violet"], True)
    ann = At(town)
    assert (await ann.takes("hello @chloe")).startswith("hello <@")
    (bob,) = (await ann.type("(@build"))["items"]
    assert (bob["label"], bob["detail"], bob["kind"], bob["colour"]) == ("The Builder", "@bob", "person", "#9b59b6")
    assert bob["insert"] == f"<@{town.ids['bob']}> "
    assert await ann.labels("@bo") == ["The Builder"]  # by the account's name too
    assert await ann.labels("@the bui") == ["The Builder"]
    (violet,) = (await ann.type("!roleinfo @vio"))["items"]
    assert (violet["insert"], violet["label"]) == (f"<@&{town.ids['@Violet']}> ", "@Violet")
    labels = await ann.labels("@")
    assert labels[:3] == ["Ann", "Chloé", "Hearth"]
    assert await ann.labels("mail@bo") == []
    assert await ann.labels("@bob hello") == []


async def test_only_who_and_what_is_visible(town: ActingTown):
    assert await At(town, "mo", "#staff").labels("@") == [
        "Hearth", "Mo", "Olivia", "@Hearth", "@Moderator", "@Violet",
    ]  # fmt: skip
    assert await At(town, "mo").labels("#sta") == ["#staff", "#Stage"]
    assert await At(town, "ann").labels("#sta") == ["#Stage"]
    assert await At(town, "ann").labels("see #in") == []  # a category is no place to go
    assert await At(town, "ann", "#staff").type("@mo") == {"start": 3, "items": [], "hint": ""}


async def test_channels(town: ActingTown):
    assert await At(town).takes("see #gen| please") == f"see <#{town.ids['#general']}>  please"


async def test_emoji(town: ActingTown):
    ann = At(town)
    assert await ann.takes("well :tad") == "well 🎉 "
    assert await ann.takes("well done!:thumbsu") == "well done!👍 "
    party = f"<:party:{town.ids[':party:']}> "
    assert await ann.takes(":party") == party  # her other server's
    assert "🎉 :party_popper:" in await ann.labels(":party")
    assert await At(town, "bob").labels(":") == []  # the server has none
    elsewhere = At(town, "ann", "#elsewhere")
    assert [item["insert"] for item in (await elsewhere.type(":"))["items"]] == [party]
    for text in (":t", "so: ", "10:30", "https://ta", f"<:party:{town.ids[':party:']}", "::"):
        assert (await ann.type(text))["items"] == [], text
    await town.live("#general").set_permissions(town.guild.default_role, external_emojis=False)
    assert ":party:" not in await ann.labels(":party")


async def test_an_emoji_that_is_found_by_two_names_is_offered_once(town: ActingTown):
    inserts = [item["insert"] for item in (await At(town).type(":party"))["items"]]
    assert len(inserts) == len(set(inserts))


async def test_a_cursor_after_emoji_is_where_javascript_says(town: ActingTown):
    ann = At(town)
    offered = await ann.type("🎉🎉 @bo| and so on")
    assert offered["start"] == 5
    assert await ann.takes("🎉🎉 @bo| and so on") == f"🎉🎉 <@{town.ids['bob']}>  and so on"
    half = await complete(town, ann.person, ann.channel, "🎉", 1)
    assert half == {"start": 0, "items": [], "hint": ""}


async def test_code_is_left_alone(town: ActingTown):
    ann = At(town)
    for text in ("```@bo", "```py\n@bo", "`@bo", "``x` @bo", "```\na\n``` and `@bo"):
        assert (await ann.type(text))["items"] == [], text
    for text in ("`a` @bo", "```a``` @bo", "it`s\n@bo", "\\` @bo", "`````` @bo"):
        assert await ann.labels(text) == ["Bob"], text


# --- whatever is typed

ALPHABET = st.sampled_from([*"!@#:`<>&_ \n\\abrem19", "🎉", "é", "\ud83d", "remind ", "prefix ", ":ta", "```", "<@"])
TEXTS = st.lists(ALPHABET, max_size=12).map("".join)


@given(text=TEXTS, cursor=st.integers(-2, 30), command=st.booleans())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_is_offered_can_always_be_taken(town: ActingTown, text: str, cursor: int, command: bool):
    text = f"!{text}" if command else text
    offered = await complete(town, town.ids["ann"], town.ids["#general"], text, cursor)
    assert 0 <= offered["start"] <= max(0, min(cursor, utf16_length(text)))
    assert len(offered["items"]) <= MOST_ITEMS
    units = text.encode("utf-16-le", "surrogatepass")
    for item in offered["items"]:
        taken = units[: 2 * offered["start"]] + item["insert"].encode("utf-16-le") + units[2 * max(0, cursor) :]
        assert item["insert"] in taken.decode("utf-16-le", "replace")


@given(text=st.text(max_size=30), cursor=st.integers(-5, 80))
def test_the_text_before_the_cursor_is_its_beginning(text: str, cursor: int):
    before = before_cursor(text, cursor)
    assert text.startswith(before)
    assert utf16_length(before) <= max(0, cursor)


@given(st.text(max_size=20))
def test_folding_is_done_once_and_for_all(text: str):
    assert folded(folded(text)) == folded(text)


def test_every_emoji_that_is_offered_is_one():
    assert all(map(is_emoji, by_name().values()))
    assert list(by_name())[: len(WELL_KNOWN)] == list(WELL_KNOWN)
    assert not any(map(is_emoji, ("", "a", "1", "👍👍", "hello", "👍 ", ":x:", "<:a:1>")))
    assert all(map(is_emoji, ("👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "👍🏽", "❤️", "❤")))
