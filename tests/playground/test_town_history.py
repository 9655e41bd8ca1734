"""What was said in a town before one came: when, by whom, and what became of it."""

from datetime import UTC, datetime, timedelta, timezone

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.town.build import build
from playground.town.file import HEARTH, load
from playground.town.moments import moment
from tests.playground.built import DEFAULT, JOINED, PINNED, REPLY, Built
from tests.playground.towns import MESSAGES, small_town

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
TOWN = load(HEARTH)


@pytest.fixture(scope="module")
def built() -> Built:
    return Built(build(TOWN, NOW))


def test_talk_is_as_old_as_it_says(built: Built):
    ages = {said.text[:11]: NOW - said.at for said in built.said("general")}
    assert ages["Hello! I'm "] == timedelta(minutes=38)
    assert ages["And when it"] == timedelta(minutes=8)
    walk = next(said for said in built.said("general") if "walk" in said.text)
    assert walk.at == datetime(2026, 5, 31, 17, 20, tzinfo=UTC)
    assert built.world.env.now() == NOW


def test_days_are_those_of_the_time_zone():
    evening = datetime(2026, 6, 1, 1, 30, tzinfo=timezone(timedelta(hours=10)))  # in Greenwich it is still May
    walk = next(said for said in Built(build(TOWN, evening)).said("general") if "walk" in said.text)
    assert walk.at == datetime(2026, 5, 31, 17, 20, tzinfo=evening.tzinfo)


@settings(max_examples=25, deadline=None)
@given(st.datetimes(datetime(2025, 1, 1), datetime(2031, 1, 1)))
def test_whenever_it_opens_the_past_is_in_order(opens: datetime):
    now = opens.replace(tzinfo=UTC)
    built = Built(build(TOWN, now))
    told = TOWN.guilds["Hearth Town"].all_channels()["general"].messages
    said = [message for message in built.said("general") if message.kind in {DEFAULT, REPLY}]
    assert [message.who for message in said] == [message.author for message in told]
    for message in built.everything_said():
        assert BEGINNING <= message.at <= max(now, BEGINNING)
    assert built.world.env.now() == max(now, BEGINNING)


def test_mentions_and_emoji_are_real(built: Built):
    texts = [said.text for said in built.said("general")]
    yusuf, finn = built.person("yusuf").id, built.person("finn").id
    assert f"<@{yusuf}> there is now" in texts
    welcome = next(said for said in built.said("general") if said.text.startswith("Welcome <@"))
    tea = next(emoji for emoji in built.guild().emojis.values() if emoji.name == "tea")
    assert welcome.text == f"Welcome <@{finn}>! Get yourself some tea <:tea:{tea.id}>"
    assert welcome.stored.mention_user_ids == [finn]
    assert f"<@{built.bot_id}>" in next(text for text in texts if "who is" in text)
    colour = built.said("How do I get a colour?")[1].text
    assert colour.count("<@&") == 3


def test_moments_in_texts(built: Built):
    news = built.said("announcements")[-1].text
    meeting = int(datetime(2026, 6, 4, 18, tzinfo=UTC).timestamp())
    assert f"<t:{meeting}:F>" in news
    assert f"<t:{meeting}:R>" in news


def test_code_stays_as_it_is_but_for_the_prefix():
    text = "`@ann #general :tea: <t:x>` @ann ```\n@ann {prefix}help``` a@ann.org \\@ann @annette #generals"
    town = small_town(((*MESSAGES, 0, "text"), text))
    built = Built(build(town, NOW, prefix="?"))
    ann = f"<@{built.person('ann').id}>"
    assert built.said("general")[0].text == (
        f"`@ann #general :tea: <t:x>` {ann} ```\n@ann ?help``` a@ann.org \\@ann @annette #generals"
    )


def test_replies_pins_edits_and_reactions(built: Built):
    general = built.said("general")
    reply = next(said for said in general if said.kind == REPLY)
    clock = next(said for said in general if "town clock" in said.text)
    assert int(reply.stored.reference["message_id"]) == clock.id
    assert clock.reactions == {}
    heart = next(emoji for emoji in built.guild().emojis.values() if emoji.name == "heart")
    assert reply.reactions == {"💡": ["lukasz"], f"heart:{heart.id}": ["lukasz", "ann"]}
    gate = next(said for said in general if said.stored.pinned)
    notice = next(said for said in general if said.kind == PINNED)
    assert "Garden gate" in gate.text
    assert (notice.who, notice.at) == ("olivia", gate.at + timedelta(minutes=1))
    edited = [said for said in general if said.stored.edited_timestamp is not None]
    assert [said.who for said in edited] == ["nadia"]
    assert datetime.fromisoformat(edited[0].stored.edited_timestamp) == edited[0].at + timedelta(minutes=1)


def test_embeds_and_files(built: Built):
    (embed,) = built.said("kitchen")[0].stored.embeds
    assert discord.Embed.from_dict(embed).to_dict().items() >= embed.items()
    assert embed["title"] == "Recipe of the day"
    garden, beds = next(said for said in built.said("general") if said.stored.attachments).stored.attachments
    assert built.backend.cdn.get(beds["url"]) == b"1 thyme\n2 sage\n3 potatoes, the many\n"
    assert garden["content_type"] == "image/png"
    assert garden["description"] == "The garden from above"
    assert (built.backend.cdn.get(garden["url"]) or b"").startswith(b"\x89PNG")


def test_who_joined_is_said(built: Built):
    joined = [said for said in built.said("welcome") if said.kind == JOINED]
    assert [said.who for said in joined] == ["yusuf", "sakura", "meiling", "maximilian", "dan", "finn"]
    assert joined[-1].at == NOW - timedelta(minutes=42)


def test_the_bot_may_have_said_something():
    town = small_town(((*MESSAGES, 1, "from"), "Hearth"))
    assert Built(build(town, NOW)).said("general")[1].stored.author_id == Built(build(town, NOW)).bot_id


def test_nothing_is_left_of_how_it_was_made(built: Built):
    assert built.world.env.transcript() == ""


# --- moments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", NOW),
        ("Just now", NOW),
        ("a minute ago", NOW - timedelta(minutes=1)),
        ("12  minutes ago", NOW - timedelta(minutes=12)),
        ("an hour ago", NOW - timedelta(hours=1)),
        ("2 weeks ago", NOW - timedelta(weeks=2)),
        ("3 days ago 9:05", datetime(2026, 5, 29, 9, 5, tzinfo=UTC)),
        ("1 week ago at 23:59", datetime(2026, 5, 25, 23, 59, tzinfo=UTC)),
        ("yesterday 18:30", datetime(2026, 5, 31, 18, 30, tzinfo=UTC)),
        ("today at 8:00", datetime(2026, 6, 1, 8, tzinfo=UTC)),
        ("tomorrow 0:00", datetime(2026, 6, 2, tzinfo=UTC)),
        ("in 90 seconds", NOW + timedelta(seconds=90)),
        ("in 3 days 18:00", datetime(2026, 6, 4, 18, tzinfo=UTC)),
        ("2026-05-01", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026-05-01 20:00", datetime(2026, 5, 1, 20, tzinfo=UTC)),
    ],
)
def test_moments_as_one_says_them(text: str, expected: datetime):
    assert moment(text).at(NOW) == expected


@given(st.text())
def test_what_is_no_moment_is_said_so(text: str):
    with pytest.raises(ValueError, match="is no moment; write it like"):
        moment(f"not {text}")
