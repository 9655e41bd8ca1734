"""The rules of the server log: what is sure, what fits into a message, which words mean what."""

from datetime import UTC, datetime, timedelta

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.serverlog import texts
from cogs.admin.serverlog.bodies import LONGEST_BODY, MOST_FILES, texts_of
from cogs.admin.serverlog.evidence import Fact, Invite, invite_used, who_deleted, who_deleted_many, who_removed
from cogs.admin.serverlog.kinds import KINDS, PRESETS, UnknownKindError, read_kinds
from cogs.admin.serverlog.lines import MOST_BYTES, MOST_EMBEDS, MOST_LISTED, Entry, full, parcels
from database.server_log import Body
from utils.formatting import EMBED_DESCRIPTION_LIMIT, EMBED_TOTAL_LIMIT

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AUTHOR, CHANNEL, MODERATOR = 1, 2, 3


def deletion(**changes: object) -> Fact:
    given = {"target_id": AUTHOR, "channel_id": CHANNEL, "count": 1, "at": NOW, "actor_id": MODERATOR} | changes
    return Fact("message_delete", **given)  # type: ignore[arg-type]


def test_who_deleted_a_message_is_said_only_where_nothing_else_is_possible():
    def said(*facts: Fact, alike: int = 1) -> Fact | None:
        return who_deleted(facts, AUTHOR, CHANNEL, NOW, alike=alike)

    assert said(deletion()) == deletion()
    assert said() is None
    assert said(deletion(), deletion(actor_id=4)) is None
    assert said(deletion(), alike=2) is None
    assert said(deletion(count=2)) is None, "one of several, and nobody knows which"
    assert said(deletion(target_id=9)) is None
    assert said(deletion(channel_id=9)) is None
    assert said(deletion(at=NOW - timedelta(seconds=11))) is None


def test_who_deleted_many_or_removed_somebody():
    def fact(action: str, target_id: int, **more: int) -> Fact:
        return Fact(action, MODERATOR, target_id, NOW, **more)

    calls = [fact("message_bulk_delete", CHANNEL, count=100), fact("message_bulk_delete", CHANNEL, count=20)]
    assert who_deleted_many(calls, CHANNEL, NOW, 120) == calls[0]
    assert who_deleted_many(calls, CHANNEL, NOW, 100) is None
    assert who_removed([fact("kick", 8)], AUTHOR, NOW) is None
    assert who_removed([fact("kick", AUTHOR)], AUTHOR, NOW) == fact("kick", AUTHOR)


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
    st.integers(1, 4),
)
def test_an_invite_is_named_only_if_it_explains_everybody(
    before: dict[str, int], rises: dict[str, int], joined: int
) -> None:
    old = {code: Invite(uses) for code, uses in before.items()}
    new = {code: Invite(old[code].uses + rises.get(code, 0)) for code in old}
    new |= {code: Invite(rise) for code, rise in rises.items() if code not in old}
    risen = {code: rise for code, rise in rises.items() if rise}
    found = invite_used(old, new, joined)
    assert found == (next(iter(risen)) if list(risen.values()) == [joined] else None)


def test_an_invite_that_is_used_up_is_gone():
    assert invite_used({"once": Invite(0, 1), "all": Invite(5)}, {"all": Invite(5)}, 1) == "once"
    assert invite_used(None, {"all": Invite(5)}, 1) is None, "nobody knows what was before"


entries = st.builds(
    Entry, st.sampled_from(list(KINDS)), st.text(max_size=400), st.text(max_size=5_000), st.text(max_size=500),
    st.just(NOW),
)  # fmt: skip


@given(st.lists(entries, max_size=200), st.integers(0, 3))
def test_messages_are_few_and_fit(several: list[Entry], left_out: int) -> None:
    made = parcels(several, left_out)
    for one in made:
        assert 1 <= len(one.embeds) <= MOST_EMBEDS
        assert len(one) <= EMBED_TOTAL_LIMIT
    assert bool(made) == bool(several or left_out)


def test_files_that_are_too_large_together_go_one_by_one():
    large = [Entry("deletes", "Gone", "x", "x", NOW, record="x" * MOST_BYTES, is_cut=True)] * 3
    assert [len(one.files) for one in parcels(large)] == [1, 1, 1]


@pytest.mark.parametrize("text", ["a", "a" * 1_900, *(piece * LONGEST_BODY for piece in ("a", "*", "\n", "\\", "`"))])
def test_who_did_it_stands_below_the_longest_text(text: str) -> None:
    body = Body(CHANNEL, AUTHOR, is_shown=True, text=text, files=("*" * 300,) * MOST_FILES)
    entry = texts.deleted(1 << 62, body, NOW, Fact("message_delete", MODERATOR, AUTHOR, NOW, reason="*" * 512))
    shown = full(entry).description or ""
    assert len(shown) <= EMBED_DESCRIPTION_LIMIT
    assert "By <@3>" in shown
    assert entry.is_cut == (len(text) > 1_900)
    assert entry.is_cut == ("…" in shown.partition("Files")[0])


def test_a_message_may_be_nothing_but_an_embed():
    embed = discord.Embed(title="News", description="It begins").add_field(name="When", value="now")
    assert texts_of(embed.set_footer(text="soon").set_author(name="Ann")) == [
        "Ann", "News", "It begins", "When", "now", "soon"
    ]  # fmt: skip


def test_a_thousand_at_once_are_a_list():
    raid = [Entry("joins", "Member joined", "x" * 300, f"member {number}", NOW) for number in range(1_000)]
    (one,) = parcels(raid)
    text = one.embeds[0].description or ""
    assert "member 0\n" in text
    assert f"member {MOST_LISTED}\n" not in text
    assert "940" in text


@given(st.lists(st.sampled_from([*KINDS, *PRESETS])))
def test_kinds_are_read_whatever_their_order(words: list[str]) -> None:
    found = read_kinds([word.upper() for word in words])
    assert found == tuple(key for key in KINDS if key in words or any(key in PRESETS.get(one, ()) for one in words))


def test_a_mistyped_kind_is_pointed_out():
    with pytest.raises(UnknownKindError) as refused:
        read_kinds(["delete"])
    assert (refused.value.word, refused.value.near) == ("delete", "deletes")
