"""Automod's rules without Discord: how text is compared, what rules look for, how they are written and read."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs.moderation.automod.clauses import CLAUSES, Clauses
from cogs.moderation.automod.memory import MOST_POSTS, Memory, Reference
from cogs.moderation.automod.normalising import as_words, plain, spelled
from cogs.moderation.automod.patterns import MOST_STEPS, Pattern, as_text, read_regex, words_pattern
from cogs.moderation.automod.posts import KnownAuthor, Post
from cogs.moderation.automod.rules import Hit, Known, Rules, is_among
from cogs.moderation.automod.writing import as_line, changed, read_clauses, short_time
from database.automod import AutomodRule
from utils.errors import UserError
from utils.time import parse_duration

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOTHING_KNOWN = Known(1)
NOBODY: Any = None
"""A guild: what isn't about channels and roles asks for none."""
UNSEEN = st.text("\u200b\u200d\u2060\ufeff\u00ad\u0301\u0308\u20dd\ufe0f", min_size=1, max_size=3)


def post(text: str = "", **fields: Any) -> Post:
    about = {name: fields.pop(name) for name in ("role_ids", "account_made", "joined") if name in fields}
    given = {"id": 1, "channel_id": 10, "author_id": 100, "text": text, "at": NOW, "places": (10,), **fields}
    return Post(author=KnownAuthor(**about), **given)


def rule(text: str, *, number: int = 1, mode: str = "on") -> AutomodRule:
    return AutomodRule(1, number, f"rule{number}", mode, changed({}, read_clauses(f"{text} --delete", NOBODY)))


def found(text: str, message: Post, known: Known = NOTHING_KNOWN) -> str | None:
    """What a rule finds in a message."""
    hits = Rules([rule(text)]).judge(message, known, Memory())
    return hits[0].matched if hits else None


# --- Text as it is compared -------------------------------------------------------------------------------


@given(st.text())
def test_plain_text_stays_as_it_is(text: str):
    assert plain(plain(text)) == plain(text)
    assert as_words(as_words(text)) == as_words(text)
    assert spelled(spelled(plain(text))) == spelled(plain(text))


@given(st.text("abcdefghijklmnop qrstuvwxyz"), UNSEEN, st.integers(0, 30))
def test_what_nobody_sees_makes_no_difference(text: str, unseen: str, place: int):
    assert plain(text[:place] + unseen + text[place:]) == text


@given(st.text(st.characters(exclude_characters="\u0345")))  # a mark, whose folded case is a letter
@example("ᏼ")
@example("Ϲ")
def test_case_makes_no_difference(text: str):
    assert plain(text.casefold()) == plain(text)


@pytest.mark.parametrize(
    "disguised",
    [
        "nitro",
        "NITRO",
        "nítrö",
        "ni\u200btro",
        "пitro",
        "ｎｉｔｒｏ",
        "𝓃𝒾𝓉𝓇ℴ",
        "ⓝⓘⓣⓡⓞ",
        "🅽🅸🆃🆁🅾",
        "🇳🇮🇹🇷🇴",
        "ɴɪᴛʀᴏ",
        "n̷i̷t̷r̷o̷",
    ],
)
def test_disguises(disguised: str):
    assert plain(disguised) == "nitro"


def test_digits_read_as_letters_only_in_words():
    assert spelled("fr33 n1tr0 in 2024") == "free nitro in 2024"
    assert spelled("$h1t") == "shit"
    assert spelled("hell0") == "hello"
    assert spelled("gr@@t!") == "graat!"
    assert spelled("call 911 now!!") == "call 911 now!!"


# --- Words and patterns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("spam", "no Spam, please", "spam"),
        ("spam", "spammer", None),
        ("spam*", "spammer", "spam"),
        ("*spam*", "antispammer", "spam"),
        ("*spam", "spammer antispam", "spam"),
        ("spam", "s**pa**m", "spam"),
        ("spam", "5p4m and sp4m", "spam"),
        ("Größe", "GROSSE", "grosse"),
        ("c++", "I like c++14", "c++"),
        ("+1", "so +1", "+1"),
        ('"free nitro"', "free -- NITRO!", "free -- nitro"),
        ('"free nitro"', "free the nitro", None),
        ("🍆", "look: 🍆!", "🍆"),
        ("one, two", "and two", "two"),
        ("привет", "ПРИВЕТ!", plain("привет")),
    ],
)
def test_words(words: str, text: str, expected: str | None):
    assert found(f"--words {words}", post(text)) == expected


@given(
    st.lists(st.text("abcdeäß 🍆+", min_size=1, max_size=8).filter(lambda w: plain(w).strip()), min_size=1), st.data()
)
def test_any_of_the_words_is_found(words: list[str], data: st.DataObject):
    listed = [" ".join(as_words(word).split()) for word in words]
    word = data.draw(st.sampled_from(listed))
    assert words_pattern(listed).find(as_text(f"… {word} …")) is not None


def test_patterns_see_through_disguises_and_know_file_names():
    assert found('--regex "nitro[0-9]+"', post("Nitro2024")) == "Nitro2024"
    assert found('--regex "nitro[0-9]+"', post("nіtr\u200bo2024")) == "nitro2024"
    assert found('--regex "\\.exe$"', post("look", files=("a.exe",))) == ".exe"
    assert found("--words setup", post("look", files=("setup.exe",))) == "setup"


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+$", r"(.*a){20}$", r"^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_patterns_that_blow_up_elsewhere_are_over_at_once(pattern: str):
    compiled = Pattern(read_regex(pattern))
    started = time.process_time()
    assert compiled.find(b"a" * 6_000 + b"!") is None
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "pattern", ["(?=a)b", r"(a)\1", "[a", "a" * 301, "(?:(?:a?){30}){30}b", "(?:.{9}x){99}y", "a*", "|"]
)
def test_patterns_that_are_refused(pattern: str):
    with pytest.raises(UserError):
        read_regex(pattern)
    with pytest.raises(UserError):
        read_clauses(f'--regex "{pattern}"', NOBODY)


@given(st.text(max_size=60))
def test_any_pattern_is_read_or_refused_with_a_sentence(pattern: str):
    with suppress(UserError):
        assert Pattern(read_regex(pattern)).steps <= MOST_STEPS


# --- The other triggers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message", "expected"),
    [
        ("--links", "see https://example.com/x", "example.com"),
        ("--links", "example.com", None),
        ("--links evil.com", "http://user@sub.EVIL.com:80/?q", "sub.evil.com"),
        ("--links evil.com", "https://notevil.com", None),
        ("--links evil.com", "https://good.com/evil.com", None),
        ("--links --allow youtube.com", "https://www.youtube.com/w", None),
        ("--links --allow youtube.com", "https://youtube.com https://x.org", "x.org"),
        ("--links *.evil.com", "[here](https://evil.com)", "evil.com"),
        ("--invites", "join discord.gg/abc", "abc"),
        ("--invites", "https://discord.com/invite/abc and more", "abc"),
        ("--invites --allow abc", "join discord.gg/abc", None),
        ("--invites --allow discord.gg/abc", "discord.gg/abc discord.gg/ABC", "ABC"),
        ("--caps 70", "WHAT IS THIS?", "100 %"),
        ("--caps 70", "OK", None),
        ("--caps 70", "I like https://EXAMPLE.COM/ALLCAPS <:ABCDEFGHIJKL:123456789012345678>", None),
        ("--emoji 3", "🍆🍆 <:ab:123456789012345678>", "3"),
        ("--emoji 3", "🍆🍆", None),
        ("--lines 3", "a\n\nb", "3"),
        ("--lines 3", "a\nb", None),
    ],
)  # fmt: skip
def test_triggers(text: str, message: str, expected: str | None):
    assert found(text, post(message)) == expected


def test_own_invites_and_allowed_servers():
    known = Known(1, "town", {"own": 1, "friend": 22, "gone": None})
    assert found("--invites", post("discord.gg/own discord.gg/Town"), known) is None
    assert found("--invites", post("discord.gg/friend"), known) == "friend"
    assert found("--invites --allow 22", post("discord.gg/friend"), known) is None
    assert found("--invites --allow 22", post("discord.gg/gone"), known) == "gone"


def test_files_and_mentions():
    assert found("--attachments exe scr", post(files=("a.png", "b.EXE. "))) == "b.EXE. "
    assert found("--attachments exe", post(files=("exe.png",))) is None
    assert found("--attachments", post(files=("a.png",))) == "a.png"
    assert found("--mentions 3", post(mentions=3)) == "3"
    assert found("--mentions 3", post(mentions=2)) is None


@given(st.sampled_from(["com", "evil.com", "a.evil.com"]), st.text("ab.", max_size=5))
def test_a_domain_holds_for_what_is_below_it(domain: str, before: str):
    assert is_among(f"{before}.{domain}", [domain])
    assert is_among(f"x{domain}", [domain]) is False


# --- Conditions -------------------------------------------------------------------------------------------


def test_conditions():
    def fits(clauses: Clauses, **fields: Any) -> bool:
        one = AutomodRule(1, 1, "rule", "on", {"words": ["spam"], **clauses})
        return bool(Rules([one]).judge(post("spam", **fields), NOTHING_KNOWN, Memory()))

    assert fits({"in": [10]})
    assert fits({"in": [5]}, places=(10, 5))
    assert not fits({"in": [5]})
    assert fits({"not-in": [5]})
    assert not fits({"not-in": [5]}, places=(10, 5))
    assert fits({"role": [7]}, role_ids=[7])
    assert not fits({"role": [7]}, role_ids=[8])
    assert fits({"not-role": [7]}, role_ids=[8])
    assert not fits({"not-role": [7]}, role_ids=[7, 8])
    day = 86_400
    for clause, field in (("account-under", "account_made"), ("here-under", "joined")):
        assert fits({clause: [day]}, **{field: NOW - timedelta(hours=23)})
        assert not fits({clause: [day]}, **{field: NOW - timedelta(days=1)})
        assert not fits({clause: [day]}, **{field: None})


def test_modes():
    rules = Rules(
        [rule("--words a", mode="off"), rule("--words a", number=2, mode="observe"), rule("--words a", number=3)]
    )
    hits = rules.judge(post("a"), NOTHING_KNOWN, Memory())
    assert [(hit.rule.number, hit.acts) for hit in hits] == [(2, False), (3, True)]
    assert not Rules([rule("--words a", mode="off")])


def test_a_rule_that_cannot_be_read_keeps_no_other_from_looking():
    broken, told = AutomodRule(1, 1, "broken", "on", {"regex": ["[a"], "delete": []}), []
    rules = Rules([broken, rule("--words a", number=2)], lambda one, _error: told.append(one))
    assert [hit.rule.number for hit in rules.judge(post("a"), NOTHING_KNOWN, Memory())] == [2]
    assert told == [broken]
    with pytest.raises(ValueError, match="missing"):
        Rules([broken])


# --- Rates ------------------------------------------------------------------------------------------------


def posted(rules: Rules, memory: Memory, *messages: tuple[float, int, str]) -> list[list[Hit]]:
    """Let people (by id) post at seconds, and say what was found in each."""
    return [
        rules.judge(
            post(text, id=index, author_id=who, at=NOW + timedelta(seconds=second)), NOTHING_KNOWN, memory
        )
        for index, (second, who, text) in enumerate(messages, 1)
    ]  # fmt: skip


def test_a_rate_is_of_one_person():
    rules = Rules([rule("--messages 3 in 5s")])
    hits = posted(rules, Memory(), (0, 1, "a"), (1, 2, "b"), (2, 1, "c"), (3, 1, "d"), (4, 1, "e"), (20, 1, "f"))
    assert [len(some) for some in hits] == [0, 0, 0, 1, 1, 0]
    assert [reference.id for reference in hits[3][0].references] == [1, 3, 4]
    assert (hits[3][0].trigger, hits[3][0].matched) == ("messages", "3")


def test_or_of_a_channel():
    hits = posted(Rules([rule("--messages 3 5s channel")]), Memory(), (0, 1, "a"), (1, 2, "b"), (2, 3, "c"))
    assert [len(some) for some in hits] == [0, 0, 1]


def test_duplicates_whatever_the_case():
    rules = Rules([rule("--duplicates 3 10s")])
    said = ["Buy this", "buy  THIS", "other", "b\u200buy this"]
    hits = posted(rules, Memory(), *[(index, 1, text) for index, text in enumerate(said)])
    assert [len(some) for some in hits] == [0, 0, 0, 1]


def test_pictures_of_the_same_name_are_no_duplicates():
    rules, memory = Rules([rule("--duplicates 2 10s")]), Memory()
    shown = [(1000,), (2000,), (1000,)]
    hits = [
        rules.judge(post(id=index, files=("image.png",), shown=what), NOTHING_KNOWN, memory)
        for index, what in enumerate(shown)
    ]
    assert [len(some) for some in hits] == [0, 0, 1]
    assert not rules.judge(post(id=9), NOTHING_KNOWN, memory), "what says and shows nothing repeats nothing"
    assert not rules.judge(post(id=10), NOTHING_KNOWN, memory)


def test_rates_of_links_and_mentions():
    link = "https://a.com https://b.com"
    hits = posted(Rules([rule("--link-rate 4 1m")]), Memory(), (0, 1, link), (1, 1, "no"), (2, 1, link))
    assert [len(some) for some in hits] == [0, 0, 1]
    rules, memory = Rules([rule("--mention-rate 4 1m")]), Memory()
    assert not rules.judge(post("a", id=1, mentions=3), NOTHING_KNOWN, memory)
    assert rules.judge(post("b", id=2, mentions=1), NOTHING_KNOWN, memory)


def test_delivered_twice_counts_once_and_edits_not_at_all():
    rules, memory = Rules([rule("--messages 2 5s")]), Memory()
    for _ in range(3):
        assert not rules.judge(post("a"), NOTHING_KNOWN, memory)
        assert not rules.judge(post("a", id=2), NOTHING_KNOWN, None)
    assert rules.judge(post("a", id=3), NOTHING_KNOWN, memory)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200)), max_size=300), st.integers(2, 20))
def test_a_rate_is_reached_exactly_when_enough_came_in_time(steps: list[tuple[int, int]], least: int):
    """Against counting everything anew."""
    memory, within, now, all_of = Memory(), timedelta(seconds=5), NOW, list[tuple[int, datetime]]()
    for index, (key, tenths) in enumerate(steps):
        now += timedelta(seconds=tenths / 10)
        all_of.append((key, now))
        counted = memory.count(key, Reference(index, 1, 100), now, within)
        expected = sum(1 for one, at in all_of if one == key and now - at <= within)
        assert counted == min(expected, MOST_POSTS)
        assert len(memory.counted(key)) == counted


def test_memory_is_bounded():
    memory = Memory(most_keys=10)
    for key in range(100):
        memory.count((1, key), Reference(key, 1, 100), NOW, timedelta(seconds=5))
    assert len(memory._counts) == 10
    memory.forget(1, 95)
    memory.forget(2)
    assert len(memory._counts) == 9
    memory.forget(1)
    assert not memory._counts


# --- Written and read -------------------------------------------------------------------------------------

LINES = [
    '--words spam "free nitro" evil* --delete --timeout 10m --alert',
    '--regex "a b{2,}" c\\d+ --warn 2 --reason "no spam, please"',
    "--invites --allow abc 81384788765712384 youtube.com --delete",
    "--links evil.com --ban",
    "--attachments exe --ban 1w",
    "--caps 70 --mentions 5 --emoji 10 --lines 20 --kick",
    "--duplicates 3 30s --messages 6 5s channel --mention-rate 10 1m --link-rate 5 90s --slowmode 10s 5m",
    "--words a --account-under 1w --here-under 1d --delete",
]


@pytest.mark.parametrize("line", LINES)
def test_lines_say_what_was_read(line: str):
    clauses = changed({}, read_clauses(line, NOBODY))
    assert as_line(clauses) == line
    assert all(CLAUSES[name].show(values) for name, values in clauses.items())


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5))
def test_any_words_are_refused_or_written_as_they_can_be_read(words: list[str]):
    try:
        clauses = {"words": CLAUSES["words"].read(words, NOBODY), "delete": []}
    except UserError:
        return
    assert changed({}, read_clauses(as_line(clauses), NOBODY)) == clauses
    assert Rules([AutomodRule(1, 1, "rule", "on", clauses)])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("spam", "before the first clause"), ("--wrods a", "Did you mean `--words`"), ("--words a", "does something"),
        ("--delete", "looks for something"), ("--words --delete", "Say which"), ("--words * --delete", "no word"),
        ("--words a --kick --ban", "one of these"), ("--caps 7 --delete", "from 30 to 100"),
        ("--messages 5 --delete", "how many within how long"), ("--messages 5 1h --delete", "10 minutes"),
        ("--links nonsense --delete", "no domain"), ("--attachments /etc --delete", "no ending"),
        ("--words a --timeout --delete", "how long"), ("--words a --delete now", "don't know what"),
        ("--words a --give", "which role"), ("--words a --slowmode", "how many seconds"),
        (f"--words {'a' * 61} --delete", "too long"), ('--words "a', "partner"),
        (f"--words {' '.join(map(str, range(501)))} --delete", "500 at most"),
    ],
)  # fmt: skip
def test_what_is_no_rule(line: str, says: str):
    with pytest.raises(UserError, match=re.escape(says)):
        changed({}, read_clauses(line, NOBODY))


def test_changing_a_rule():
    clauses = changed({}, read_clauses("--words a --delete --timeout 10m", NOBODY))
    assert as_line(changed(clauses, read_clauses("--ban 1d", NOBODY))) == "--words a --delete --ban 1d"
    assert as_line(changed(clauses, read_clauses("--no-timeout --invites", NOBODY))) == "--words a --invites --delete"
    for line in ("--no-words", "--drop-words a"):
        with pytest.raises(UserError, match="looks for something"):
            changed(clauses, read_clauses(line, NOBODY))
    more = changed(clauses, read_clauses('--add-words b "c d" a --add-allow x.com', NOBODY))
    assert as_line(more) == '--words a b "c d" --allow x.com --delete --timeout 10m'
    assert as_line(changed(more, read_clauses("--drop-words a, b", NOBODY))) == (
        '--words "c d" --allow x.com --delete --timeout 10m'
    )
    for line, says in (("--no-words a", "don't know what"), ("--add-caps 50", "know `--add-caps`")):
        with pytest.raises(UserError, match=says):
            read_clauses(line, NOBODY)


@given(st.integers(1, 10**8))
def test_short_times_are_read_again(seconds: int):
    assert parse_duration(short_time(seconds)) == timedelta(seconds=seconds)
