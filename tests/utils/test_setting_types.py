"""What each type of setting reads, refuses, keeps and shows."""

from datetime import timedelta
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.town import Town
from utils.core_settings import PREFIXES
from utils.setting_types import (
    Channel,
    Choice,
    Duration,
    Language,
    Many,
    Role,
    SettingError,
    SettingType,
    Switch,
    Text,
    Timezone,
    WholeNumber,
)

sqlite = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))

HOURS = Duration(timedelta(minutes=1), timedelta(hours=2))
PERHAPS = Duration(timedelta(0), timedelta(hours=2))
NO_GUILD: Any = None


def sentence(act: Any, *arguments: Any) -> str:
    with pytest.raises(SettingError) as raised:
        act(*arguments)
    return str(raised.value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Switch(), " ON ", True),
        (Switch(), "nein", False),
        (WholeNumber(0, 5000), "1,000", 1000),
        (WholeNumber(0, 5000), "1.000", 1000),
        (WholeNumber(-5, 5), "-5", -5),
        (Text(10), "  plain ", "plain"),
        (Text(10), '"hey bot "', "hey bot "),
        (Text(10), '"', '"'),
        (Text(10), "👩‍👩‍👧", "👩‍👩‍👧"),
        (Choice(("dm", "Channel")), "CHANNEL", "Channel"),
        (Language(), "Deutsch", "de"),
        (Language(), "EN", "en"),
        (Timezone(), "berlin", "Europe/Berlin"),
        (HOURS, "1h30m", timedelta(minutes=90)),
        (PERHAPS, "0", timedelta(0)),
        (PERHAPS, "0 minutes", timedelta(0)),
        (PERHAPS, "Off", timedelta(0)),
        (PERHAPS, "never", timedelta(0)),
        (PERHAPS, "1h", timedelta(hours=1)),
        (Many(WholeNumber(0, 9), 3), "3, 1 3,2", (3, 1, 2)),
        (Many(Text(10), 3), '"hey bot " ! ,?', ("hey bot ", "!", "?")),
        (Many(Choice(("a b", "c")), 3), '"a b" c', ("a b", "c")),
        (PREFIXES.type, '! !! "  x"', ("!!", "!", "x")),
    ],
)
def test_what_is_written_is_read(kind: SettingType[Any], text: str, value: Any):
    assert kind.parse(text, NO_GUILD) == value
    assert kind.check(kind.encode(value)) == value, "and fits again when it comes from the database"
    assert kind.show(value)
    assert kind.expects()


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Switch(), "perhaps", "“perhaps” is neither `on` nor `off`."),
        (WholeNumber(0, 10), "11", "This is a whole number from 0 to 10."),
        (WholeNumber(0, 10), "-1", "This is a whole number from 0 to 10."),
        (WholeNumber(0, 99), "1,5", "This is a whole number from 0 to 99."),
        (WholeNumber(0, 10), "ten", "This is a whole number from 0 to 10."),
        (WholeNumber(0, 10), "9" * 300, "This is a whole number from 0 to 10."),
        (WholeNumber(0, 10), "٣", "This is a whole number from 0 to 10."),
        (Text(3), "four", "This text may have 3 characters at most."),
        (Text(1), "four", "This text may have 1 character at most."),
        (Text(3), '""', "This text can't be empty."),
        (Text(3), '"  "', "This text can't be empty."),
        (Text(3), "a\nb", "This text must fit on one line."),
        (Choice(("dm", "channel")), "mail", "Choose one of `dm` or `channel`."),
        (Language(), "klingon", "Choose one of `en` or `de`."),
        (HOURS, "3h", "This is a length of time from 1 minute to 2 hours."),
        (HOURS, "0", "“0” of what? Write `0m` for minutes, `0h` for hours or `0d` for days."),
        (HOURS, "5s", "This is a length of time from 1 minute to 2 hours."),
        (HOURS, "tea", "I can't read “tea” as a duration. Write it like `10m`, `1h30m` or `2 days`."),
        (Many(WholeNumber(0, 9), 2), "1 2 3", "That's too many: 2 at most."),
        (Many(WholeNumber(0, 9), 2), "1 x", "This is a whole number from 0 to 9."),
        (Many(WholeNumber(0, 9), 2), ", ,", "This should be up to 2 of these: a whole number from 0 to 9."),
        (PREFIXES.type, "<@123>", "A mention can't be a prefix; a mention of me works anyway."),
        (PREFIXES.type, " ".join(map(str, range(11))), "That's too many: 10 at most."),
        (PREFIXES.type, "x" * 21, "This text may have 20 characters at most."),
    ],
)
def test_what_does_not_fit_is_one_clear_sentence(kind: SettingType[Any], text: str, said: str):
    assert sentence(kind.parse, text, NO_GUILD) == said


def test_an_unknown_time_zone_is_refused():
    assert "no time zone" in sentence(Timezone().parse, "atlantis", NO_GUILD)


@pytest.mark.parametrize(
    "kind",
    [Switch(), WholeNumber(0, 1), Text(3), Choice(("a",)), Language(), Timezone(), HOURS, Channel(), Role(),
     Many(Switch(), 2)],
    ids=lambda kind: type(kind).__name__,
)  # fmt: skip
def test_no_value_of_another_type_slips_through(kind: SettingType[Any]):
    """What comes from an import or a dashboard is checked as strictly as what is written."""
    for value in (
        None,
        2,
        -1,
        2**63,
        0.5,
        "",
        "zz zz",
        "x" * 5000,
        [],
        {},
        [1, [2]],
        {"a": 1},
        object(),
        float("nan"),
    ):
        if isinstance(kind, Many) and value == []:
            assert kind.check(value) == ()
        elif isinstance(kind, Channel | Role) and value == 2:
            assert kind.check(value) == 2
        else:
            assert len(sentence(kind.check, value)) > 10
    if not isinstance(kind, Switch):
        assert sentence(kind.check, True), "true is no number"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(text: str):
    kinds: list[SettingType[Any]] = [
        Switch(), WholeNumber(0, 10), Text(20), Choice(("a", "b")), Language(), Timezone(), HOURS,
        Many(Text(5), 3), PREFIXES.type,
    ]  # fmt: skip
    refusals: list[str] = []
    for kind in kinds:
        try:
            value = kind.parse(text, NO_GUILD)
        except SettingError as error:
            refusals.append(str(error))
        else:
            assert kind.check(kind.encode(value)) == value
            assert kind.show(value)
    assert all(refusals)


@sqlite
@english
async def test_channels_and_roles(town: Town):
    guild = town.guild.live
    cool = town.role("Cool People")
    await town.settle()
    assert Channel().parse("#general", guild) == Channel().parse(town.general.mention, guild) == town.general.id
    assert Role().parse("Admin", guild) == Role().parse(town.guild.role("Admin").mention, guild)
    assert Many(Role(), 5).parse('"Cool People", admin', guild) == (cool.id, town.guild.role("Admin").id)
    kinds = (discord.ChannelType.voice,)
    assert Channel(kinds).parse("voice", guild) == town.guild.channel("voice").id
    for kind, text in [
        (Channel(), "#nowhere"), (Channel(), "voice"), (Channel(), "<#1>"), (Channel(), str(2**70)),
        (Role(), "@everyone"), (Role(), str(guild.id)),
        (Role(), "@nobody"), (Role(), "<@&123456789012345678>"), (Many(Role(), 5), "admin nobody"),
    ]:  # fmt: skip
        assert len(sentence(kind.parse, text, guild)) > 10
    assert Channel().show(5) == "<#5>"
    assert Role().show(5) == "<@&5>"
