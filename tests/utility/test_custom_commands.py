"""Commands that a server makes itself."""

import logging
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.utility.custom_commands import rules
from cogs.utility.custom_commands.rules import Details
from database.custom_commands import CustomCommandRow, CustomCommandsStore
from database.ids import new_id
from database.manager import DatabaseManager
from tests.support.town import Town

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.text(max_size=60), st.text(max_size=60), st.randoms(use_true_random=False))
def test_what_people_write_is_not_looked_at_again(text: str, typed: str, chance: random.Random):
    values = rules.values_of(typed.split(), typed, {"user": "Ann"})
    assert rules.render("{args}", values, chance.choice) == typed
    assert isinstance(rules.render(text, values, chance.choice), str)
    if "{" not in text:
        assert rules.render(text, values, chance.choice) == text


def test_a_hostile_template_stays_small():
    text = "{args}" * 333 + "{random:" * 200 + "{random:" + "a|" * 500 + "}"
    values = rules.values_of([], "{args}{random:x|y}" * 100, {})
    rendered = rules.render(text, values, max)
    assert rendered.count("{random:x|y}") == 33_300  # what is filled in is left as it is
    assert len(rendered) < 700_000


def test_places_and_choices():
    values = rules.values_of(["a", "b"], "a b", {"user": "Ann"})
    assert rules.render("{user}: {2}{3} {foo bar} {random: x | {1}", values, max) == "Ann: b {foo bar} {random: x | a"
    assert rules.render("{random: red | light blue |}!", values, max) == "red!"
    assert rules.check_text("{user} {9} {random:a b|c} { }") == "{user} {9} {random:a b|c} { }"
    for wrong in ("{usr}", "{random:{user}|b}", "{10}"):
        with pytest.raises(ValueError, match=r"\{"):
            rules.check_text(wrong)


@given(st.text(max_size=40))
def test_a_name_is_one_word(text: str):
    try:
        name = rules.read_name(text)
    except ValueError:
        return
    assert name == rules.folded(name)
    assert not any(character.isspace() or character in "`@<>" for character in name)


@given(
    st.builds(
        Details,
        text=st.text(max_size=20),
        embed=st.dictionaries(st.sampled_from(sorted(rules.EMBED_KEYS)), st.text(min_size=1, max_size=9)),
        cooldown_seconds=st.integers(0, 86_400),
        role_id=st.none() | st.integers(1, 2**62),
        channel_ids=st.lists(st.integers(1, 2**62)).map(tuple),
    )
)
def test_what_is_stored_comes_back(details: Details):
    assert Details.read(details.stored()) == details


async def test_the_tables(db: DatabaseManager):
    store = CustomCommandsStore(db)
    one = CustomCommandRow(new_id(), 1, "hello", Details("hi ☕").stored(), 11, NOW)
    assert await store.add(one)
    assert not await store.add(replace(one, id=new_id()))
    assert await store.add_name(one, "hi")
    assert not await store.add_name(one, "hello")
    for _again in range(2):  # a batch whose answer was lost is written again
        await store.add_uses(5, {one.id: 2})
    assert await store.all() == [replace(one, uses=2, aliases=("hi",))]
    assert await store.change(one.id, Details("bye").stored())
    await store.remove_name(one, "hi")
    (now,) = await store.all()
    assert (now.details["text"], now.aliases) == ("bye", ())
    await store.remove(one.id)
    assert await store.all() == []
    assert not await store.change(one.id, {})
    assert await store.add(one)


async def test_a_command_from_making_to_deleting(town: Town):
    assert await town.says(town.ann, "!hello") is None
    assert "Manage Server" in await town.says(town.ann, "!cc add hello hi")
    assert "of my own" in await town.says(town.admin, "!cc add help hi")
    assert "nothing to put" in await town.says(town.admin, "!cc add hello hi {usr}")
    assert "works now" in await town.says(town.admin, "!cc add Hello {mention} `{args}` `{server}`")
    with town.sql_statements() as statements:
        said = await town.says(town.ann, f"!HELLO {town.bob.mention} @everyone **all**")
    assert not any("custom_command" in statement for statement in statements)
    assert said.content.startswith(f"{town.ann.mention} `@")
    assert "bob" in said
    assert said.content.endswith(" `Town`")
    assert r"\*\*all\*\*" in said
    assert not said.pings
    assert not said.pings_everyone
    assert "already" in await town.says(town.admin, "!cc add hello again")
    assert "works now" in await town.says(town.admin, "!cc alias hello hi")
    for words in ("title `{user}`", "colour red", "footer 42"):
        assert "changed" in await town.says(town.admin, f"!cc embed hello {words}")
    assert "changed" in await town.says(town.admin, "!cc edit hello")
    await town.restart()
    shown = await town.says(town.bob, "!hi")
    assert shown.embed.title == "`bob`"
    assert shown.embed.footer.text == "42"
    picture = "https://example.org/{random:a|a}.png?for={args}"
    assert "nothing to put" in await town.says(town.admin, "!cc embed hello image https://example.org/{id}.png")
    assert "address" in await town.says(town.admin, "!cc embed hello thumbnail javascript:alert(1)")
    for words in (f"image {picture}", "footer {args}", "title `{mention}`"):
        assert "changed" in await town.says(town.admin, f"!cc embed hello {words}")
    shown = await town.says(town.bob, "!hi **4** & {9}")
    assert shown.embed.image.url == "https://example.org/a.png?for=%2A%2A4%2A%2A%20%26%20%7B9%7D"
    assert shown.embed.footer.text == "**4** & {9}"
    assert shown.embed.title == "`bob`"
    for key in ("footer", "image"):
        await town.says(town.admin, f"!cc embed hello {key}")
    assert "say nothing" in await town.says(town.admin, "!cc embed hello title")
    listed = await town.says(town.bob, "!cc list")
    assert "`!hello`" in listed
    assert "`!hi`" in listed
    info = await town.says(town.admin, "!cc show hi")
    assert info.fields["Uses"] == "3"
    assert "any more" in await town.says(town.admin, "!cc alias hello hi")
    assert await town.says(town.bob, "!hi") is None
    assert "Deleted" in await town.says(town.admin, "!cc delete hello")
    assert await town.says(town.bob, "!hello") is None


async def test_who_may_use_a_command_where_and_how_often(town: Town):
    await town.says(town.admin, "!cc add hello 7")
    assert "once in" in await town.says(town.admin, "!cc cooldown hello 30s")
    assert await town.says(town.ann, "!hello") == "7"
    assert "Not so fast" in await town.says(town.ann, "!hello")
    assert await town.says(town.bob, "!hello") == "7"
    await town.wait(seconds=31)
    assert await town.says(town.ann, "!hello") == "7"
    await town.says(town.admin, "!cc cooldown hello off")
    assert await town.says(town.ann, "!hello") == "7"
    town.refuse("POST", "/channels/*/messages", status=400, code=50035)
    assert "addresses" in await town.says(town.ann, "!hello")
    assert "It needs" in await town.says(town.admin, "!cc role hello Member")
    assert "need the role" in await town.says(town.ann, "!hello")
    await town.give_role(town.ann, "Member")
    assert await town.says(town.ann, "!hello") == "7"
    assert "only" in await town.says(town.admin, "!cc channels hello #bots-corner")
    assert "only" in await town.says(town.ann, "!hello")
    assert await town.says(town.ann, "!hello", channel=town.bots_corner) == "7"
    await town.delete_role(town.role("Member"))
    assert "deleted" in await town.says(town.ann, "!hello", channel=town.bots_corner)
    await town.says(town.admin, "!feature disable utility")
    assert await town.says(town.ann, "!hello", channel=town.bots_corner) is None


async def test_commands_of_a_server_are_suggested_and_logged_like_others(
    town: Town, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "hearth.commands")
    await town.says(town.admin, "!config set suggestions on")
    await town.says(town.admin, "!cc add welcoming 7")
    assert "`!welcoming`" in await town.says(town.ann, "!welcomign")
    await town.says(town.admin, "!cc alias welcoming hi")
    caplog.clear()
    assert await town.says(town.ann, "!hi") == "7"
    await town.says(town.admin, "!cc role welcoming Member")
    assert await town.says(town.ann, "!welcomign") is None  # it isn't hers
    assert "need the role" in await town.says(town.ann, "!welcoming")
    await town.says(town.admin, "!config set ignored-channels #bots-corner")
    await town.give_role(town.ann, "Member")
    for text in ("!welcoming", "!welcomign", "!pign"):
        assert await town.says(town.ann, text, channel=town.bots_corner) is None
    lines = [record.getMessage() for record in caplog.records if record.name == "hearth.commands"]
    assert [line for line in lines if "welcoming" in line] == [
        "welcoming: done", "welcoming: refused", "welcoming: refused",
    ]  # fmt: skip
