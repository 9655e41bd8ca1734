"""Words become people, channels and values; what can't, becomes a sentence."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, cast

import pytest
from discord.ext import commands
from hypothesis import example, given
from hypothesis import strategies as st

from database.economy import MOST_COINS
from tests.support.town import Town
from utils.converters import (
    Amount,
    Boolean,
    BoundedText,
    ChannelConverter,
    Colour,
    Duration,
    GuildMember,
    Language,
    MemberOrUser,
    Number,
    RoleConverter,
    TextChannelConverter,
    Timezone,
    VoiceChannelConverter,
    parse_boolean,
    parse_colour,
    parse_language,
    parse_text,
)
from utils.i18n import using
from utils.time import find_timezone

# The commands below only tell what they got, and no converter touches the database.
pytestmark = [pytest.mark.town(languages=("en",)), pytest.mark.engines("sqlite")]

PEOPLE_TEXT = st.text(max_size=2_000) | st.text("0123456789.,%km-+e#rgb() ", max_size=30)

# --- Amounts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "available", "coins"),
    [
        ("250", 1_000, 250),
        ("1k", 0, 1_000),
        ("2.5M", 0, 2_500_000),
        ("2,5m", 0, 2_500_000),
        ("1,000", 0, 1_000),
        ("1.000.000", 0, 1_000_000),
        ("1_000", 0, 1_000),
        (" 1 b ", 0, 10**9),
        ("all", 77, 77),
        ("half", 77, 38),
        ("Hälfte", 10, 5),
        ("25%", 1_000, 250),
        ("12.5 %", 1_000, 125),
        ("100%", 3, 3),
        (str(MOST_COINS), 0, MOST_COINS),
    ],
)
def test_amount(text: str, available: int, coins: int) -> None:
    assert Amount.parse(text).resolve(available) == coins


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("0", "at least 1"),
        ("0k", "at least 1"),
        ("-5", "isn't an amount"),
        ("1.5", "isn't an amount"),
        ("1.0001k", "can't be split"),
        ("1,00", "isn't an amount"),
        ("1,000.000", "isn't an amount"),
        ("1e999", "isn't an amount"),
        ("NaN", "isn't an amount"),
        ("inf", "isn't an amount"),
        ("1001t", "too much"),
        (str(MOST_COINS + 1), "too much"),
        ("9" * 2_000, "isn't an amount"),
        ("0%", "A share"),
        ("101%", "A share"),
        ("٣", "isn't an amount"),
        ("", "isn't an amount"),
    ],
)
def test_no_amount(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Amount.parse(text)


def test_a_share_of_nothing_is_refused() -> None:
    for text in ("all", "half", "1%"):
        with pytest.raises(ValueError, match="less than one coin"):
            Amount.parse(text).resolve(0)


@given(st.integers(1, MOST_COINS), st.sampled_from(["{}", "{:,}", "{:_}"]))
def test_written_numbers_read_back(coins: int, form: str) -> None:
    assert Amount.parse(form.format(coins)).resolve(0) == coins


@given(st.integers(1, MOST_COINS), st.decimals("0.01", 100, places=2))
def test_a_share_is_never_more_than_there_is(available: int, percent: Any) -> None:
    amount = Amount.parse(f"{percent}%")
    assert amount.share is not None
    if available * amount.share >= 1:
        assert 1 <= amount.resolve(available) <= available


# --- Other values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("red", 0xE74C3C),
        ("Dark_Blue", 0x206694),
        ("grün", 0x2ECC71),
        ("#ff8800", 0xFF8800),
        ("ff8800", 0xFF8800),
        ("f80", 0xFF8800),
        ("0xff8800", 0xFF8800),
        ("rgb(255, 136, 0)", 0xFF8800),
    ],
)
def test_colour(text: str, value: int) -> None:
    assert parse_colour(text).value == value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("reed", "Did you mean `red`"), ("#gggggg", "isn't a colour"), ("rgb(256,0,0)", "rgb"), ("", "#ff8800")],
)
def test_no_colour(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_colour(text)


def test_booleans() -> None:
    assert [parse_boolean(text) for text in ("on", "YES", " ja ", "off", "nein", "0")] == [True] * 3 + [False] * 3
    with pytest.raises(ValueError, match="neither `on` nor `off`"):
        parse_boolean("maybe")


def test_languages() -> None:
    assert [parse_language(text) for text in ("de", "German", "DEUTSCH", "en-GB", "english")] == ["de"] * 3 + [
        "en"
    ] * 2
    for text in ("fr", "xx", ""):
        with pytest.raises(ValueError, match="`en` \\(English\\) or `de` \\(Deutsch\\)"):
            parse_language(text)


def test_bounded_text() -> None:
    assert parse_text(" a\0b\n", 5) == "ab"
    with pytest.raises(ValueError, match="it has 6 characters, and 5 are the most"):
        parse_text("abcdef", 5)
    with pytest.raises(ValueError, match="needs 1 character at least"):
        parse_text(" \0 ", 5)


@given(PEOPLE_TEXT | st.integers(-2, 12).map(str), st.sampled_from(["", "#", " "]))
@example("²", "")
@example("٣", "")
def test_numbers(text: str, before: str) -> None:
    converter = Number("Say one from {least} to {most}.", least=1, most=10)
    words = {f"{mark}{number}": number for mark in ("", "#", " ") for number in range(1, 11)}
    if before + text in words:
        assert asyncio.run(converter.convert(cast("Any", None), before + text)) == words[before + text]
    elif not re.fullmatch(r"\s*#?[0-9]+\s*", before + text):
        with pytest.raises(commands.BadArgument, match=r"^Say one from 1 to 10\.$"):
            asyncio.run(converter.convert(cast("Any", None), before + text))


@pytest.mark.parametrize("text", ["0", "11", "#0", "-1", "9" * 2_000])
def test_numbers_out_of_their_limits(text: str) -> None:
    with pytest.raises(commands.BadArgument):
        asyncio.run(Number("from {least} to {most}", least=1, most=10).convert(cast("Any", None), text))


PARSERS: list[Callable[[str], object]] = [
    Amount.parse,
    parse_colour,
    parse_boolean,
    parse_language,
    find_timezone,
    lambda text: parse_text(text, 50),
]


@given(PEOPLE_TEXT, st.sampled_from(PARSERS), st.sampled_from(["en", "de"]))
def test_whatever_is_typed_gives_a_value_or_a_sentence(
    text: str, parse: Callable[[str], object], language: str
) -> None:
    with using(language):
        try:
            parse(text)
        except ValueError as error:
            sentence = str(error)
        else:
            return
    assert 10 < len(sentence) < 400


# --- In commands ------------------------------------------------------------------------------------------


async def _tell(ctx: commands.Context[Any], value: Any) -> None:
    await ctx.send(f"{type(value).__name__} {getattr(value, 'name', value)}")


@pytest.fixture
def asking(town: Town) -> Town:
    """The town with a command for each converter, which tells what it got."""

    def add(name: str, converter: Any) -> None:
        async def tell(ctx: commands.Context[Any], *, value: Any) -> None:
            await _tell(ctx, value)

        tell.__annotations__["value"] = Annotated[Any, converter]
        town.bot.add_command(commands.Command(tell, name=f"read-{name}"))

    for name, converter in {
        "member": GuildMember,
        "anybody": MemberOrUser,
        "role": RoleConverter,
        "text": TextChannelConverter,
        "voice": VoiceChannelConverter,
        "channel": ChannelConverter,
        "duration": Duration(maximum=timedelta(days=28)),
        "amount": Amount,
        "colour": Colour,
        "boolean": Boolean,
        "bounded": BoundedText(5),
        "tongue": Language,
        "zone": Timezone,
    }.items():
        add(name, converter)
    return town


async def ask(town: Town, text: str, *, who: Any = None) -> str:
    answer = await town.says(who or town.ann, f"!read-{text}")
    assert answer is not None
    return str(answer.text)


@pytest.mark.town(languages=("en",), member_cache="lean")
async def test_members_are_found_though_they_are_not_in_memory(asking: Town) -> None:
    guild = asking.bot.get_guild(asking.guild.id)
    assert guild is not None
    assert guild.get_member(asking.bob.id) is None
    for text in (asking.bob.mention, str(asking.bob.id), "bob", "BOB", "@bob", "bo"):
        assert await ask(asking, f"member {text}") == "Member bob", text
        assert await ask(asking, f"anybody {text}") == "Member bob", text


async def test_nicknames_count_and_user_names_go_first(asking: Town) -> None:
    impostor = asking.member("mallory")
    await asking.as_bot(_rename(asking, impostor.id, "bob"))
    assert await ask(asking, "member bob") == "Member bob"
    await asking.as_bot(_rename(asking, impostor.id, "Mister Wolf"))
    assert await ask(asking, "member mister wolf") == "Member mallory"
    assert await ask(asking, "member mister") == "Member mallory"


async def _rename(town: Town, member_id: int, nick: str) -> None:
    guild = town.bot.get_guild(town.guild.id)
    assert guild is not None
    await (await guild.fetch_member(member_id)).edit(nick=nick)


async def test_an_ambiguous_name_lists_who_could_be_meant(asking: Town) -> None:
    asking.member("bobby")
    asking.member("bobbie")
    assert "“bobb” could be `bobby` or `bobbie`" in await ask(asking, "member bobb")


async def test_people_elsewhere_are_found_by_id(asking: Town) -> None:
    stranger = asking.outsider("stranger")
    assert await ask(asking, f"anybody {stranger.id}") == "User stranger"
    assert await ask(asking, f"anybody {stranger.mention}") == "User stranger"
    assert "isn't in this server" in await ask(asking, f"member {stranger.id}")
    assert "can't find “stranger”" in await ask(asking, "member stranger")
    assert "Nobody on Discord has the id" in await ask(asking, "anybody 123456789012345678")


async def test_roles_and_channels(asking: Town) -> None:
    role = asking.role("Night Watch")
    for text in (role.mention, str(role.id), "Night Watch", "night watch", "night"):
        assert await ask(asking, f"role {text}") == "Role Night Watch"
    assert "no role “nobody”" in await ask(asking, "role nobody")
    assert "no role with the id" in await ask(asking, "role 123456789012345678")
    for text in (asking.general.mention, str(asking.general.id), "general", "#General", "gen"):
        assert await ask(asking, f"text {text}") == "TextChannel general"
    assert await ask(asking, "voice voice") == "VoiceChannel voice"
    assert "can't find a fitting channel “voice”" in await ask(asking, "text voice")


async def test_hidden_channels_are_not_given_away(asking: Town) -> None:
    assert "can't find a fitting channel" in await ask(asking, "channel private")
    assert "can't find a fitting channel" in await ask(asking, f"channel {asking.private.id}")
    assert await ask(asking, "channel private", who=asking.moderator) == "TextChannel private"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("duration 2h", "timedelta 2:00:00"),
        ("duration 29d", "the most is 4 weeks"),
        ("duration 5", "`5m` for minutes"),
        ("amount 2k", "Amount Amount(coins=2000, share=None)"),
        ("amount lots", "isn't an amount"),
        ("colour #ff8800", "Colour #ff8800"),
        ("boolean on", "bool True"),
        ("bounded tea", "str tea"),
        ("bounded coffee", "too long"),
        ("tongue german", "str de"),
        ("zone berlin", "ZoneInfo Europe/Berlin"),
    ],
)
async def test_values_in_commands(asking: Town, text: str, answer: str) -> None:
    assert answer in await ask(asking, text)


async def test_a_direct_message_has_no_members(asking: Town) -> None:
    answer = await asking.dm(asking.ann, "!read-member bob")
    assert answer is not None
    assert "server only" in answer.text
    answer = await asking.dm(asking.ann, f"!read-anybody {asking.bob.id}")
    assert answer is not None
    assert answer.text in {"User bob", "Member bob"}
