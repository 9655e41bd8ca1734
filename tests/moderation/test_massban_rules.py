"""What `massban` reads, who fits, and in which calls: without Discord."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.moderation.massban.rules import BULK, WHYS, Candidate, Filters, Why, fits, in_calls, skipped_line
from cogs.moderation.massban.texts import Heading, listing
from cogs.moderation.massban.words import FLAGS, LARGEST_FILE_BYTES, Ask, ids_in, parse, text_of
from utils.errors import UserError
from utils.time import TimeError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANN, BOB = 80351110224678912, 155149108183695360

ids = st.integers(10**16, 2**63 - 1)
moments = st.datetimes(datetime(2015, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))
maybe_moments = st.none() | moments
candidates = st.builds(
    Candidate, id=ids, name=st.just("x"), joined_at=maybe_moments, has_avatar=st.booleans(),
    roles=st.sampled_from([(), (1,)]), is_bot=st.booleans(), is_member=st.booleans(),
)  # fmt: skip
filters = st.builds(
    Filters, joined_since=maybe_moments, made_since=maybe_moments, joined_after=maybe_moments,
    joined_before=maybe_moments, no_avatar=st.booleans(), no_roles=st.booleans(),
)  # fmt: skip


# --- Words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", Ask()),
        (f"{ANN} {BOB}", Ask(ids=(ANN, BOB))),
        (f"<@{ANN}>, <@!{BOB}>;{ANN}", Ask(ids=(ANN,), reason=f"<@!{BOB}>;{ANN}")),
        (f"{ANN},\n{BOB}\n{ANN}", Ask(ids=(ANN, BOB))),
        (f"{ANN} raid of <#{BOB}> – again", Ask(ids=(ANN,), reason=f"raid of <#{BOB}> – again")),
        ("--joined 2h --no-avatar", Ask(joined=timedelta(hours=2), no_avatar=True)),
        ('--age="3 days" —no-roles', Ask(age=timedelta(days=3), no_roles=True)),
        (
            '--name "free.?nitro" --show --days 7',
            Ask(name="free.?nitro", show=True, days=7),
        ),
        (
            '--joined-after @ann --joined-before "big bob" --reason "a raid"',
            Ask(joined_after="@ann", joined_before="big bob", reason="a raid"),
        ),
        ("12345 users", Ask(reason="12345 users")),
    ],
)
def test_words_that_are_read(words: str, wanted: Ask):
    assert parse(words) == wanted


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("<@&80351110224678912>", "is a role"),
        ("99999999999999999999", "isn't anybody's id"),
        ("123456789012345678901234", "isn't anybody's id"),
        ("80351110224678912 @dan raid", "mentions nobody"),
        ("--joind 2h", "Did you mean `--joined`?"),
        ("--everybody", "`help massban`"),
        ("--joined", "has to follow"),
        ("--joined --no-roles", "has to follow"),
        ("--joined 2h --joined 3h", "twice"),
        ("--joined soon", "soon"),
        ("--joined 0s", ""),
        ("--age -3d", ""),
        ("--age 9999999y", ""),
        ("--days 8", "isn't a number of days"),
        ("--days -1", "isn't a number of days"),
        ("--days ٣", "isn't a number of days"),
        ("--name (", "can't be read"),
        (f"--name {'x' * 201}", "too long"),
        ("x" * 1001, "too long"),
        ('--reason "a raid" and more', "is in `--reason` already"),
        ('"raid', "missing its partner"),
    ],
)
def test_words_that_are_refused(words: str, says: str):
    with pytest.raises((UserError, TimeError)) as refused:
        parse(words)
    assert says in str(refused.value)


@given(st.lists(st.sampled_from([*(f"--{flag}" for flag in FLAGS), "2h", '"', "=", f"<@{ANN}>", str(BOB), "\n"])))
def test_whatever_is_written_is_read_or_refused(words: list[str]):
    with suppress(UserError, TimeError):
        ask = parse(" ".join(words))
        assert len(set(ask.ids)) == len(ask.ids)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str):
    with suppress(UserError, TimeError):
        ask = parse(text)
        assert not ask.filtered or "-" in text or "—" in text or "–" in text


# --- Files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
@given(wanted=st.lists(ids.filter(lambda one: one < 10**19), min_size=1, unique=True))
def test_ids_are_found_in_any_encoding(encoding: str, wanted: list[int]):
    text = "Raid, Größe:\r\n" + "\r\n".join(f"{one};raider {place};<@{one}>" for place, one in enumerate(wanted))
    assert ids_in(text_of(text.encode(encoding), "ids.csv")) == wanted


def test_what_is_no_person_in_a_file():
    text = (
        f"<#{ANN}> <@&{ANN}> <:smile:{ANN}> <a:party:{ANN}> https://discord.com/channels/{ANN}/{ANN}/{ANN}"
        f" https://cdn.discordapp.com/attachments/{ANN}/a.png 1234567890123456 {'1' * 25} 9999999999999999999"
    )
    assert ids_in(text) == []
    assert ids_in(f"https://discord.com/users/{ANN} (id:{BOB})") == [ANN, BOB]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), b"x\0\xff\xfe" * 40])
def test_a_file_that_is_no_text(data: bytes):
    with pytest.raises(UserError, match="isn't a text file"):
        text_of(data, "cat.png")


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes):
    with suppress(UserError):
        assert all(10**16 <= one < 2**63 for one in ids_in(text_of(data, "some")))


def test_the_largest_file_is_read_fast():
    assert ids_in("<https://x <:a <@&1" * (LARGEST_FILE_BYTES // 20)) == []
    assert len(ids_in(f"{ANN} " * (LARGEST_FILE_BYTES // 18))) == 1


# --- Who fits ---------------------------------------------------------------------------------------------------


@given(candidates, filters, st.data())
def test_a_further_filter_lets_nobody_in(candidate: Candidate, chosen: Filters, data: st.DataObject):
    name = data.draw(st.sampled_from(["joined_since", "made_since", "joined_after", "joined_before"]))
    fewer = replace(chosen, **{name: None}, no_avatar=False)
    assert fits(candidate, fewer) or not fits(candidate, chosen)


@given(candidates, filters)
def test_all_filters_fit_whoever_fits(candidate: Candidate, chosen: Filters):
    alone = [
        replace(Filters(), **{name: getattr(chosen, name)})
        for name in ("joined_since", "made_since", "joined_after", "joined_before", "no_avatar", "no_roles")
    ]
    assert fits(candidate, chosen) == all(fits(candidate, one) for one in alone)


@given(candidates)
def test_only_members_fit_and_no_bots(candidate: Candidate):
    assert fits(candidate, Filters()) == (
        candidate.is_member and not candidate.is_bot and candidate.joined_at is not None
    )


def test_the_edges_of_filters():
    someone = Candidate(ANN, "ann", joined_at=NOW, is_member=True)
    second = timedelta(seconds=1)
    assert fits(someone, Filters(joined_since=NOW))
    assert not fits(someone, Filters(joined_since=NOW + second))
    assert not fits(someone, Filters(joined_after=NOW))
    assert not fits(someone, Filters(joined_before=NOW))
    assert fits(someone, Filters(joined_after=NOW - second, joined_before=NOW + second))
    assert fits(someone, Filters(made_since=someone.created_at))
    assert not fits(someone, Filters(made_since=someone.created_at + second))
    assert not fits(someone, Filters(no_avatar=True))
    assert fits(replace(someone, has_avatar=False), Filters(no_avatar=True, no_roles=True))
    assert not fits(replace(someone, roles=(1,)), Filters(no_roles=True))


# --- Calls ------------------------------------------------------------------------------------------------------


@given(st.lists(st.booleans(), max_size=1000))
def test_everybody_is_in_one_call(here: list[bool]):
    people = [Candidate(place + 1, "x", is_member=is_here) for place, is_here in enumerate(here)]
    calls = list(in_calls(people))
    assert sorted(place for call in calls for place in call) == list(range(len(people)))
    assert all(0 < len(call) <= BULK for call in calls)
    kinds = [{here[place] for place in call} for call in calls]
    assert all(len(kind) == 1 for kind in kinds)
    assert kinds == sorted(kinds, key=lambda kind: kind == {False})  # members first
    assert len(calls) == sum(-(-here.count(kind) // BULK) for kind in (True, False))


def test_five_hundred_are_three_calls():
    sizes = [len(call) for call in in_calls([Candidate(number, "x") for number in range(500)])]
    assert sizes == [200, 200, 100]


# --- What is read -----------------------------------------------------------------------------------------------


def test_why_somebody_is_skipped():
    assert set(WHYS) == set(Why)
    assert skipped_line({"staff": 1, "banned": 3}) == "banned already: 3 · staff: 1"
    assert skipped_line({"of-a-later-version": 3}) == ""


@given(st.text(max_size=40))
def test_no_name_breaks_out_of_its_line(name: str):
    one = Candidate(ANN, name, joined_at=NOW)
    text = listing(Heading(name, name, BOB, NOW, 7), [("Banned", [(one, "")]), ("Skipped", [])]).decode()
    assert len(text.splitlines()) == 8
    assert next(line for line in text.splitlines() if line.startswith(str(ANN))).endswith("2026-01-01 00:00:00 UTC")
