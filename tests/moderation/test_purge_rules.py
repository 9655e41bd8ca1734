"""Reading what to purge, choosing among messages, patterns, and the transcript."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.moderation.purge import rules
from cogs.moderation.purge.patterns import matching
from cogs.moderation.purge.rules import BULK_AGE, Choice, Seen, by_author, choose, fits, in_calls, repeats
from cogs.moderation.purge.transcript import Heading, transcript
from cogs.moderation.purge.words import FLAGS, LONGEST_TEXT, MOST_DELETED, VALUES, WHAT, Ask, parse
from utils.errors import UserError

HERE = 111111111111111111
ELSEWHERE = 222222222222222222
NOW = datetime(2026, 1, 20, tzinfo=UTC)
A, B = 333333333333333333, 444444444444444444
unhurried = settings(deadline=None)


def seen(number: int, text: str = "", *, age: timedelta = timedelta(minutes=1), **fields) -> Seen:
    return Seen(
        **{"id": number, "created_at": NOW - age, "author_id": 1, "author_name": "ann", "text": text, **fields}
    )


def link(channel: int, message: int) -> str:
    return f"https://discord.com/channels/999999999999999999/{channel}/{message}"


# --- The words -------------------------------------------------------------------------------------------------


def test_examples():
    assert parse("50", HERE) == Ask(count=50)
    assert parse("50 @ann", HERE) == Ask(count=50, people=("@ann",))
    assert parse(f"<@{A}> 50 bob", HERE) == Ask(count=50, people=(f"<@{A}>", "bob"))
    assert parse('100 --links --contains "free nitro"', HERE) == Ask(
        count=100, filters=frozenset({"links"}), contains=("free nitro",)
    )
    assert parse('20 "Ann the Great" --bots --any --pins --show', HERE) == Ask(
        count=20, people=("Ann the Great",), filters=frozenset({"bots"}), any_of=True, pins=True, show=True
    )
    assert parse("", HERE) == Ask()


def test_what_telephones_make_of_it():
    assert parse("5 —links –BOTS --contains “free”", HERE) == Ask(
        count=5, filters=frozenset({"links", "bots"}), contains=("free",)
    )


def test_quotation_marks_and_backslashes():
    assert parse(r'--regex "\d+ \"x\""', HERE).regex == r'\d+ "x"'
    assert parse(r"--regex=\bfree\b", HERE).regex == r"\bfree\b"
    assert parse('--contains="--links" --contains=--pins', HERE) == Ask(contains=("--links", "--pins"))
    with pytest.raises(UserError, match="missing its partner"):
        parse('5 --contains "free', HERE)


def test_messages_by_id_and_link():
    assert parse(f"--after {A} --before {link(HERE, B)}", HERE) == Ask(after=A, before=B)
    assert parse(f"--between {HERE}-{B} <{link(HERE, A)}>", HERE) == Ask(after=A, before=B)
    for word in ("12", "x", f"{link(HERE, A)}/5", "１２３４５６７８９０１２３４５６７"):
        with pytest.raises(UserError, match="isn't a message"):
            parse(f"--after {word}", HERE)
    for word in (link(ELSEWHERE, A), f"{ELSEWHERE}-{A}"):
        with pytest.raises(UserError, match=f"<#{ELSEWHERE}>"):
            parse(f"--after {word}", HERE)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("0", "1 to 1000"),
        ("1001", "1 to 1000"),
        ("999999999", "1 to 1000"),
        ("5 6", "`5` or `6`"),
        ("5 --link", "`--links`"),
        ("5 --zzzzzz", "help purge"),
        ("5 --", "help purge"),
        ("5 --contains", "follow `--contains`"),
        ("5 --contains --links", "follow `--contains`"),
        ('5 --contains ""', "follow `--contains`"),
        ('5 --contains " "', "follow `--contains`"),
        (f"--between {A}", "follow `--between`"),
        (f"--between {A} {B} --after {A}", "both ends"),
        (f"--after {B} --before {A}", "Nothing can be"),
        ("5 --regex a --regex b", "twice"),
        ("5 --bots --humans", "bot or a human"),
        ("5 --regex (", "can't be read"),
        ("5 --regex a{99999999999}", "can't be read"),
        (f"5 --contains {'x' * (LONGEST_TEXT + 1)}", "too long"),
        (f"5 --regex {'x' * (LONGEST_TEXT + 1)}", "too long"),
        (f"5 --reason {'x' * 501}", "too long"),
    ],
)
def test_mistakes_are_told(words: str, said: str):
    with pytest.raises(UserError) as told:
        parse(words, HERE)
    assert said in str(told.value)


@unhurried
@given(
    st.text()
    | st.lists(st.sampled_from([*(f"--{flag}" for flag in FLAGS), '"', "=", "5", "a", "\\", " ", "“"])).map("".join)
)
def test_anything_is_read_or_refused_with_a_sentence(text: str):
    try:
        ask = parse(text, HERE)
    except UserError:
        return
    assert ask.count is None or 1 <= ask.count <= MOST_DELETED


TEXTS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters='"\\“„«'), min_size=1, max_size=50
).filter(str.strip)


@unhurried
@given(
    count=st.none() | st.integers(1, MOST_DELETED),
    people=st.lists(st.sampled_from(["@ann", f"<@{A}>", "bob", "Ann the Great", str(B)])),
    filters=st.sets(st.sampled_from([*WHAT, "bots"])),
    contains=st.lists(TEXTS, max_size=3),
    reason=st.none() | TEXTS,
    bounds=st.none() | st.sampled_from([(A, B), (A, None), (None, B)]),
    switches=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    order=st.randoms(),
    joined=st.booleans(),
)
def test_what_is_written_is_what_is_read(count, people, filters, contains, reason, bounds, switches, order, joined):
    after, before = bounds or (None, None)
    any_of, pins, show = switches
    asked = Ask(
        count, tuple(people), frozenset(filters), tuple(contains), None, before, after, any_of, pins, show, reason
    )
    space = "=" if joined else " "
    others = [f"--{name}" for name in filters]
    others += [f"--{name}" for name, on in (("any", any_of), ("pins", pins), ("show", show)) if on]
    others += [f"--after{space}{after}"] * bool(after) + [f"--before{space}{before}"] * bool(before)
    others += [f'--reason{space}"{reason}"'] * bool(reason) + [str(count)] * bool(count)
    in_order = [f'"{one}"' for one in people] + [f'--contains{space}"{one}"' for one in contains]
    # Only among themselves do people, and texts, have an order.
    places = sorted(order.random() for _one in in_order)
    words = [(order.random(), one) for one in others] + list(zip(places, in_order, strict=True))
    assert parse(" ".join(word for _place, word in sorted(words, key=itemgetter(0))), HERE) == asked


def test_help_has_every_flag():
    from cogs.moderation.purge.cog import Purge

    for flag in FLAGS:
        assert f"--{flag}" in (Purge.purge.help or ""), flag
    assert set(VALUES) <= set(FLAGS)


# --- Choosing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message", "other"),
    [
        ("links", seen(1, "see HTTPS://example.org/x"), seen(2, "https: no")),
        ("invites", seen(1, "discord.gg/abc"), seen(2, "https://discord.com/channels/1/2")),
        ("invites", seen(1, "https://discord.com/invite/abc"), seen(2, "discord.gg")),
        ("images", seen(1, attachments=("CAT.PNG",)), seen(2, attachments=("cat.txt",))),
        ("images", seen(1, shows_image=True), seen(2, "png")),
        ("files", seen(1, attachments=("a.txt",)), seen(2)),
        ("embeds", seen(1, embeds=("x",)), seen(2)),
        ("emoji", seen(1, "so 😀"), seen(2, "so :) © 1")),
        ("emoji", seen(1, "<a:wave:123456789012345678>"), seen(2, "<@123456789012345678>")),
        ("emoji", seen(1, "❤️"), seen(2, "日本語 → 1")),
        ("emoji", seen(1, "1️⃣"), seen(2, "#1")),
        ("emoji", seen(1, "🇩🇪"), seen(2, "DE")),
        ("mentions", seen(1, mentions=True), seen(2)),
        ("reactions", seen(1, reactions=True), seen(2)),
        ("bots", seen(1, is_bot=True), seen(2)),
        ("humans", seen(1), seen(2, is_bot=True)),
    ],
)
def test_each_filter(name: str, message: Seen, other: Seen):
    ask = Ask(filters=frozenset({name}))
    assert fits(message, ask)
    assert not fits(other, ask)


def test_filters_are_combined_by_all_or_any():
    free_link, free, bare = seen(1, "FREE https://x.org"), seen(2, "free"), seen(3, "https://x.org")
    ask = Ask(filters=frozenset({"links"}), contains=("free",))
    assert [fits(one, ask) for one in (free_link, free, bare)] == [True, False, False]
    some = replace(ask, any_of=True)
    assert [fits(one, some) for one in (free_link, free, bare, seen(4))] == [True, True, True, False]
    assert fits(seen(4), Ask(any_of=True))
    # Who wrote it is never one of several reasons.
    assert not fits(free_link, some, people={7})
    assert not fits(free_link, replace(some, filters=frozenset({"links", "bots"})))
    assert fits(bare, Ask(regex="x"), by_pattern={3})
    assert not fits(bare, Ask(regex="x"), by_pattern={4})


def test_repeats_leave_the_first():
    messages = [seen(5, "Hi  there"), seen(4, "other"), seen(3, "hi there", author_id=2), seen(2, ""), seen(1, "")]
    assert repeats(messages) == {5}
    assert [one.id for one in choose(messages, Ask(count=9, filters=frozenset({"duplicates"})), NOW).taken] == [5]


def test_the_fourteen_days_to_the_second():
    second = timedelta(seconds=1)
    young, old = seen(2, age=BULK_AGE - second), seen(1, age=BULK_AGE)
    assert timedelta(days=14) - BULK_AGE == timedelta(minutes=5)
    choice = choose([young, old], Ask(count=5), NOW)
    assert (choice.taken, choice.too_old) == ((young,), (old,))


def test_what_is_too_old_counts_towards_the_number():
    messages = [seen(3), seen(2, age=timedelta(days=15)), seen(1, age=timedelta(days=16))]
    choice = choose(messages, Ask(count=2), NOW)
    assert [one.id for one in choice.taken] == [3]
    assert [one.id for one in choice.too_old] == [2]
    assert choice.complete


def test_pins_stay_unless_asked_for():
    messages = [seen(3, pinned=True), seen(2), seen(1)]
    choice = choose(messages, Ask(count=2), NOW)
    assert ([one.id for one in choice.taken], choice.pinned) == ([2, 1], 1)
    choice = choose(messages, Ask(count=2, pins=True), NOW)
    assert ([one.id for one in choice.taken], choice.pinned) == ([3, 2], 0)


MESSAGES = st.lists(
    st.builds(
        Seen,
        id=st.integers(1, 10_000),
        created_at=st.timedeltas(timedelta(), timedelta(days=20)).map(lambda age: NOW - age),
        author_id=st.integers(1, 3),
        author_name=st.just("x"),
        text=st.sampled_from(["", "free", "hello", "https://x.org free"]),
        is_bot=st.booleans(),
        pinned=st.booleans(),
        deletable=st.sampled_from([True, True, False]),
    ),
    unique_by=lambda message: message.id,
).map(lambda found: sorted(found, key=lambda message: -message.id))
ASKS = st.builds(
    Ask,
    count=st.none() | st.integers(1, 10),
    filters=st.sets(st.sampled_from(["links", "bots", "duplicates"])).map(frozenset),
    contains=st.sampled_from([(), ("free",)]),
    any_of=st.booleans(),
    pins=st.booleans(),
)


@unhurried
@given(MESSAGES, ASKS, st.sets(st.integers(1, 3), max_size=2))
def test_a_choice_never_takes_what_must_stay(messages: list[Seen], ask: Ask, people: set[int]):
    choice = choose(messages, ask, NOW, people=people)
    assert len(choice.taken) + len(choice.too_old) <= ask.wanted
    for message in choice.taken:
        assert NOW - message.created_at < BULK_AGE
        assert message.deletable
        assert ask.pins or not message.pinned
        assert not people or message.author_id in people
        assert "bots" not in ask.filters or message.is_bot
    assert list(choice.taken) == [message for message in messages if message in choice.taken]
    assert sum(author.count for author in by_author(choice.taken)) == len(choice.taken)
    if not choice.complete:
        met = {*choice.taken, *choice.too_old}
        repeated = repeats(messages)
        for message in set(messages) - met:
            kept = message.pinned and not ask.pins
            assert kept or not message.deletable or not fits(message, ask, people, repeated=repeated)


def test_authors_the_most_first():
    messages = [seen(1), seen(2, author_id=2, author_name="bob"), seen(3, author_id=2, author_name="bob")]
    assert [(one.name, one.count) for one in by_author(messages)] == [("bob", 2), ("ann", 1)]


@unhurried
@given(st.lists(st.integers(1, 400), max_size=500))
def test_calls_are_as_discord_takes_them(ids: list[int]):
    calls = list(in_calls(ids))
    assert all(1 <= len(call) <= rules.BULK_SIZE for call in calls)
    assert [one for call in calls for one in call] == list(dict.fromkeys(ids))


# --- Patterns --------------------------------------------------------------------------------------------------


async def test_patterns_find_what_they_say():
    assert await matching(r"gr[ae]y\b", ["grey", "a gray fox", "Gray", "greys", "", "\ud800 grey 😀"]) == [
        True, True, False, False, False, True,
    ]  # fmt: skip
    assert await matching("(?i)GREY", ["grey"]) == [True]
    assert await matching("^$", ["", "x"]) == [True, False]


async def test_an_endless_pattern_is_cut_off():
    with pytest.raises(UserError, match="too long"):
        await matching("(a+)+$", ["a" * 64 + "b"], seconds=0.3)


# --- The transcript --------------------------------------------------------------------------------------------

HEADING = Heading(7, "Town", "general", HERE, "mona", A, NOW)


def test_a_transcript_has_everything_in_order():
    text = transcript(HEADING, [
        seen(22, "second", age=timedelta(), author_name="bob", author_id=B, is_bot=True, pinned=True),
        seen(11, "first\nline two", attachments=("cat.png", "b.txt"), embeds=("A title",)),
    ]).decode()  # fmt: skip
    assert text == (
        f"Case 7: purge of #general ({HERE}) in Town\n"
        f"By mona ({A}), 2026-01-20 00:00:00 UTC\n"
        "2 messages, the oldest first\n"
        "\n"
        "[2026-01-19 23:59:00 UTC] ann (1) #11\n"
        "    first\n"
        "    line two\n"
        "    Attachment: cat.png\n"
        "    Attachment: b.txt\n"
        "    Embed: A title\n"
        "\n"
        f"[2026-01-20 00:00:00 UTC] bob ({B}) [bot, pinned] #22\n"
        "    second\n"
    )


FORGED = (
    "x\n[2026-01-01 00:00:00 UTC] olivia (1) #5\r[2026\x0b[2026\u2028[2026\x85[2026\x0c[2026 \u202egnp.exe\x00\ud800"
)


def test_nobody_can_pose_as_the_transcript():
    text = transcript(HEADING, [
        seen(1, FORGED, author_name=f"ann\n{FORGED}", attachments=(FORGED,), embeds=(FORGED,))
    ]).decode()  # fmt: skip
    heads = [line for line in text.splitlines() if not line.startswith("    ")][4:]
    assert len(heads) == 1
    assert heads[0].endswith("#1")
    assert "\u202e" not in text
    assert "<U+202E>" in text
    assert "\x00" not in text


@unhurried
@given(st.lists(st.builds(seen, st.integers(1, 1000), st.text(max_size=300)), max_size=30), st.integers(600, 5000))
def test_a_transcript_stays_within_its_limit(messages: list[Seen], limit: int):
    text = transcript(HEADING, messages, limit=limit)
    assert len(text) <= limit
    shown = sum(line.startswith("[") for line in text.decode().split("\n"))
    left = len(messages) - shown
    assert left >= 0
    assert ("fit into this file" in text.decode()) == (left > 0)
    if left:
        assert f"{left} more message" in text.decode()


def test_an_empty_choice_is_complete_only_if_nothing_was_wanted():
    assert not Choice((), (), 0, 0, 1).complete
