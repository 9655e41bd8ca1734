"""The shop's rules: what people write, what can be bought, what things are worth."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.economy.shop import fields, rules
from cogs.economy.shop.rules import Buyer, Fault, State
from database.shop import ShopItem
from utils.errors import UserError
from utils.time import LONGEST

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FISH = ShopItem(1, "collectable", "Golden fish", 30, number=1)
TWO_FISH = ShopItem(1, "collectable", "2 golden fish", 50, number=2)
VIP = ShopItem(1, "role", "VIP", 500, number=3, role_id=7)
OLD_FISH = replace(FISH, number=4, removed_at=NOW)
ITEMS = [FISH, VIP]

words = st.text(st.characters(categories=["L", "So"]), min_size=1, max_size=8)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)


# --- what people write


@pytest.mark.parametrize(
    ("text", "item", "quantity"),
    [
        ("golden fish", FISH, 1),
        ("  GOLDEN   Fish ", FISH, 1),
        ('"golden fish"', FISH, 1),
        ("2 golden fish", FISH, 2),
        ("2x golden fish", FISH, 2),
        ("golden fish x12", FISH, 12),
        ("all golden fish", FISH, None),
        ("golden fish alle", FISH, None),
        ("1", FISH, 1),
        ("#3", VIP, 1),
        ("5 #3", VIP, 5),
        ("2 1", FISH, 2),
    ],
)
def test_what_is_meant(text, item, quantity):
    assert rules.pick(ITEMS, text) == (item, quantity)


@pytest.mark.parametrize(
    "text", ["", "0 golden fish", "-2 golden fish", "99999999 golden fish", "fish", "golden", "9"]
)
def test_what_nobody_can_mean(text):
    assert rules.pick(ITEMS, text) is None


def test_an_item_whose_name_begins_with_a_number_goes_first():
    assert rules.pick([FISH, TWO_FISH], "2 golden fish") == (TWO_FISH, 1)
    assert rules.pick([FISH, TWO_FISH], "3 golden fish") == (FISH, 3)


def test_of_two_of_one_name_the_one_that_is_sold_is_meant():
    assert rules.pick([OLD_FISH, FISH], "golden fish") == (FISH, 1)
    assert rules.pick([OLD_FISH], "golden fish") == (OLD_FISH, 1)
    assert rules.pick([OLD_FISH, replace(OLD_FISH, number=9)], "golden fish") is None
    assert rules.near([OLD_FISH, FISH], "golden fsh") == [OLD_FISH, FISH]


@given(names, st.integers(0, 10**15), st.text(max_size=20))
def test_an_offer_is_read_as_it_was_written(name, price, rest):
    found = rules.split_offer(f"{name} {price} {rest}")
    assert found == (name, price, rest.strip())
    assert rules.split_offer(f'"{name} {price}" {price} {rest}') == (f"{name} {price}", price, rest.strip())


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    rules.pick(ITEMS, text)
    rules.near(ITEMS, text)
    rules.search(ITEMS, text)
    rules.split_edit(ITEMS, fields.WORDS, text)
    found = rules.split_offer(text)
    assert found is None or found[1] >= 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("golden fish price 50", (FISH, "price", "50")),
        ("1 price 50", (FISH, "price", "50")),
        ("vip level 5", (VIP, "needed-level", "5")),
        ("VIP description the price is high", (VIP, "description", "the price is high")),
        ("vip stock", (VIP, "stock", "")),
        ("vip", (VIP, "", "")),
        ("vap price 5", None),
        ("price 5", None),
    ],
)
def test_a_change_is_read(text, found):
    assert rules.split_edit(ITEMS, fields.WORDS, text) == found


def test_changes_that_dont_fit():
    reader = fields.Reader(None, NOW, UTC)
    assert fields.read_change(VIP, "stock", "1,000", reader) == {"stock": 1_000}
    assert fields.read_change(VIP, "duration", "none", reader) == {"lasts": None}
    assert fields.read_change(VIP, "until", "in 2 days", reader) == {"sold_until": NOW + timedelta(days=2)}
    for item, name, text in [
        (VIP, "percent", "5"), (VIP, "price", "none"), (VIP, "price", "half"), (VIP, "price", "-5"),
        (VIP, "price", str(10**16)), (VIP, "stock", "x"), (VIP, "limit", "0"), (VIP, "duration", "1s"),
        (VIP, "duration", "100y"), (VIP, "name", "17"), (VIP, "name", "\u200b"), (VIP, "name", "x" * 200),
        (replace(FISH, kind="boost", percent=5, lasts=timedelta(1)), "duration", "none"),
        (replace(VIP, sold_from=NOW + timedelta(3)), "until", "in 2 days"), (FISH, "needed-level", "0"),
    ]:  # fmt: skip
        with pytest.raises(UserError):
            fields.read_change(item, name, text, reader)


# --- what can be bought


@pytest.mark.parametrize(
    ("item", "powers", "fault"),
    [
        (FISH, {}, None),
        (VIP, {7: 0}, None),
        (VIP, {}, Fault.ROLE_GONE),
        (VIP, {7: 0b110}, Fault.ROLE_POWERFUL),
        (replace(VIP, accepted_permissions=0b010), {7: 0b110}, Fault.ROLE_POWERFUL),
        (replace(VIP, accepted_permissions=0b111), {7: 0b110}, None),
        (replace(FISH, needed_role_id=8), {7: 0}, Fault.NEEDED_ROLE_GONE),
        (replace(FISH, kind="text"), {}, Fault.NO_TEXT),
    ],
)
def test_what_is_wrong_with_an_item(item, powers, fault):
    assert rules.fault_of(item, powers) == fault


@given(
    stock=st.none() | st.integers(0, 2),
    begins=st.none() | st.integers(-2, 2),
    ends=st.none() | st.integers(-2, 2),
    fault=st.none() | st.sampled_from(Fault),
)
def test_only_what_is_there_now_is_on_sale(stock, begins, ends, fault):
    item = replace(
        FISH,
        stock=stock,
        sold_from=None if begins is None else NOW + timedelta(begins),
        sold_until=None if ends is None else NOW + timedelta(ends),
    )
    in_time = (begins is None or begins <= 0) and (ends is None or ends > 0)
    assert (rules.state_of(item, NOW, fault) is State.ON_SALE) == (in_time and fault is None and stock != 0)


@given(st.integers(0, 10), st.none() | st.integers(0, 10), st.integers(0, 10), st.booleans())
def test_needs_are_met_exactly_from_there_on(wealth, level, bought, has_role):
    buyer = Buyer(frozenset({8} if has_role else ()), wealth, level, {1: bought})
    item = replace(FISH, needed_role_id=8, needed_level=5, needed_balance=5, per_person=5)
    assert [need.met for need in rules.needs_of(item, buyer)] == [
        has_role, level is not None and level >= 5, wealth >= 5,
    ]  # fmt: skip
    assert rules.still_allowed(item, buyer) == max(5 - bought, 0)
    assert rules.needs_of(FISH, buyer) == []


def test_what_counts_as_another_offer():
    assert rules.same_offer(VIP, replace(VIP, stock=3, description="new", needed_level=5))
    for change in ({"price": 501}, {"name": "V"}, {"role_id": 8}, {"kept": True}, {"lasts": timedelta(1)}):
        assert not rules.same_offer(VIP, replace(VIP, **change))


# --- what things are worth, and how long they last


@given(st.integers(0, 10**15), st.integers(1, 1_000), st.integers(1, 1_000), st.integers(0, 100))
def test_selling_never_pays_more_than_the_price_nor_more_in_parts(price, first, second, share):
    together = rules.resale_value(price, first + second, share)
    in_parts = rules.resale_value(price, first, share) + rules.resale_value(price, second, share)
    assert 0 <= in_parts <= together <= price * (first + second)


@given(
    st.none() | st.timedeltas(timedelta(-400), LONGEST),
    st.timedeltas(timedelta(minutes=1), timedelta(days=10**8)),
    st.sampled_from([1, 2, rules.MOST_AT_ONCE]),
)
def test_what_runs_goes_on_for_longer_but_not_for_ever(running, each, quantity):
    ends = rules.lasts_until(NOW, None if running is None else NOW + running, each, quantity)
    begins = NOW if running is None or running < timedelta() else NOW + running
    room = LONGEST - (begins - NOW)
    if each > room / quantity:
        assert ends is None
    else:
        assert ends == begins + each * quantity
