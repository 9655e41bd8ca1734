"""Role menus: what a choice comes to, emoji, and the stores."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.utility.rolemenus.rules import MODES, Change, change
from database.role_menus import MenuRole, RoleMenu, RoleMenusStore, Term, TermsStore
from utils.emoji import is_emoji, split_emoji

MENU = (1, 2, 3)


@pytest.mark.parametrize(
    ("mode", "most", "has", "chosen", "expected"),
    [
        ("toggle", 0, {9}, [1], Change(give=(1,))),
        ("toggle", 0, {1, 9}, [1], Change(take=(1,))),
        ("toggle", 0, {1}, [1, 2], Change(give=(2,), take=(1,))),
        ("toggle", 1, {1}, [1, 2], Change(give=(2,), take=(1,))),
        ("toggle", 1, {1}, [2], Change(why_not="full")),
        ("toggle", 2, {1, 9}, [2], Change(give=(2,))),
        ("add", 0, {1}, [1, 2], Change(give=(2,))),
        ("add", 0, {1}, [1], Change(why_not="has")),
        ("add", 1, {1}, [2], Change(why_not="full")),
        ("remove", 0, {1}, [1, 2], Change(take=(1,))),
        ("remove", 0, {1}, [2], Change(why_not="has-not")),
        ("unique", 0, {9}, [1], Change(give=(1,))),
        ("unique", 0, {2, 3, 9}, [1], Change(give=(1,), take=(2, 3))),
        ("unique", 0, {1}, [1], Change(take=(1,))),
        ("toggle", 0, {9}, [9, 8], Change(why_not="has")),  # not in this menu
    ],
)
def test_what_a_choice_comes_to(mode, most, has, chosen, expected):
    assert change(mode, most, MENU, has, chosen) == expected


role_ids = st.integers(min_value=1, max_value=6)


@given(
    st.sampled_from(MODES),
    st.integers(0, 4),
    st.lists(role_ids, unique=True),
    st.sets(role_ids),
    st.lists(role_ids, max_size=6),
)
def test_choices(mode, most, menu, has, chosen):
    made = change(mode, most, menu, has, chosen)
    give, take = set(made.give), set(made.take)
    assert (made.why_not is None) == bool(give or take)
    assert give <= set(menu) & set(chosen) - has
    assert take <= set(menu) & has
    after = has - take | give
    mine = after & set(menu)
    if mode == "unique":
        assert made.why_not is not None or len(mine) <= 1
    if mode in {"toggle", "add"} and most and give:
        assert len(mine) <= most
    assert mode != "add" or not take
    assert mode != "remove" or not give


@pytest.mark.parametrize(
    "emoji",
    [
        "🔴",
        "❤️",
        "👨‍👩‍👧",
        "👍🏽",
        "🇩🇪",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "1️⃣",
        "#️⃣",
        "©",
        "‼️",
        "ℹ️",
        "⤵",
        "👩🏽‍❤️‍💋‍👩🏿",
        "🏳️‍🌈",
        "<:blob:123456789012345678>",
        "<a:x:123456789012345678>",
    ],
)
def test_emoji(emoji):
    assert is_emoji(emoji)
    assert split_emoji(f"{emoji}  Warm and red ") == (emoji, "Warm and red")


@pytest.mark.parametrize(
    "word", ["", "a", "Red", ":red:", "1", "#", "´", "🔴Red", "🔴🔵", "⭐⭐", "<:x:1>", "🔴" * 101, "-", "\u200d"]
)
def test_what_is_no_emoji(word):
    assert not is_emoji(word)


async def test_menus_are_stored(db):
    store = RoleMenusStore(db)
    red, blue = MenuRole(11, "Red"), MenuRole(12, "Blue", "🔵", 8)
    menu = RoleMenu(1, 5, "Colours", roles=(red, blue))
    assert await store.create(menu, 2)
    assert not await store.create(RoleMenu(2, 5, "COLOURS"), 2)
    assert await store.create(RoleMenu(3, 5, "news"), 2)
    assert not await store.create(RoleMenu(4, 5, "third"), 2)
    assert await store.get(1) == menu == await store.named(5, "cOLours")
    assert await store.named(6, "Colours") is None
    assert [one.name for one in await store.of_guild(5)] == ["Colours", "news"]
    assert await store.with_role(12) == [menu]
    assert await store.put_role(1, MenuRole(11, "Crimson", "🔴"), 2)
    assert not await store.put_role(1, MenuRole(13, "Green"), 2)
    assert not await store.put_role(99, MenuRole(13, "Green"), 2)
    found = await store.get(1)
    assert found is not None
    assert found.roles == (MenuRole(11, "Crimson", "🔴"), blue)
    assert await store.remove_role(1, 12)
    assert not await store.remove_role(1, 12)
    changed = RoleMenu(
        1, 5, "Colours", "Choose!", "select", "unique", 2, 77, 3600, 8, 9, (MenuRole(11, "Crimson", "🔴"),)
    )
    assert await store.change(changed)
    assert await store.get(1) == replace(changed, channel_id=None, message_id=None)
    assert await store.posted(1, 8, 9)
    assert await store.get(1) == changed
    assert await store.remove(1)
    assert not await store.remove(1)
    assert not await store.change(changed)
    assert not await store.posted(1, 8, 9)
    assert await store.with_role(11) == []


async def test_terms_are_stored(db):
    store, now = TermsStore(db), datetime(2026, 1, 1, tzinfo=UTC)
    term, other = Term(1, 7, 11, now, 100), Term(1, 7, 12, now + timedelta(hours=1), 101, 2)
    await store.put(term)
    await store.put(other)
    assert await store.of(1, 7) == [term, other]
    assert await store.of_timer(101) == other
    assert await store.get(1, 8, 11) is None
    renewed = Term(1, 7, 11, now + timedelta(days=1), 102)
    await store.put(renewed)
    assert not await store.remove(term)  # which has begun anew
    assert await store.get(1, 7, 11) == renewed
    assert await store.remove(renewed)
    assert await store.of_timer(102) is None
