"""The rules of the games that are over at once: what each returns, by going through everything that can happen."""

import random
from collections import Counter, deque
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.economy.games import coinflip, dice, roulette, slots
from cogs.economy.games.catalogue import GAMES, least_bet, less_share
from cogs.economy.games.pace import MINUTE, SWEEP_ABOVE, Pace
from cogs.economy.games.settings import HOUSE_SHARE
from utils.setting_types import Setting

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy
LARGEST_POSSIBLE_BET = 10**11
WHOLE = 2000  # a stake of which every factor makes whole coins
SHARES = (0, 3, 50)  # what the house keeps besides, in percent
BOARDS = {
    "coinflip": (coinflip.SPACES.values(), coinflip.SIDES),
    "dice": (dice.SPACES.values(), dice.THROWS),
    "roulette": (roulette.SPACES, roulette.NUMBERS),
}
SPACES = [(space, outcomes) for spaces, outcomes in BOARDS.values() for space in spaces]
SPINS = [slots.Spin(stops) for stops in product(range(len(slots.REEL)), repeat=3)]
PUBLISHED = {
    "coinflip": {"heads or tails": Fraction(39, 40)},
    "dice": {
        "low (2 to 6) or high (8 to 12)": Fraction(15, 16),
        "odd or even": Fraction(19, 20),
        "doubles": Fraction(14, 15),
        "any 1 to 6 (on either die)": Fraction(341, 360),
        "a sum of 2 or 12": Fraction(17, 18),
        "a sum of 3 or 11": Fraction(17, 18),
        "a sum of 4 or 10": Fraction(113, 120),
        "a sum of 5 or 9": Fraction(17, 18),
        "a sum of 6 or 8": Fraction(17, 18),
        "a sum of 7": Fraction(14, 15),
    },
    "roulette": dict.fromkeys(
        (
            "red, black, odd, even, low (1 to 18) or high (19 to 36)", "a dozen or a column", "one number",
            "split (2 numbers side by side)", "street (a row of 3)", "corner (a square of 4)",
            "line (2 rows, 6 numbers)",
        ),
        Fraction(36, 37),
    ),
    "slots": {"a spin": Fraction(2143, 2304)},
}  # fmt: skip
"""Whoever changes the odds says so here too: players notice when they are changed quietly."""


def default(setting: Setting):
    return setting.default


def keeping(house_percent: int):
    return lambda setting: house_percent if setting is HOUSE_SHARE else setting.default


def odds_by_kind(game: str, house_percent: int = 0):
    return {one.label(): one for one in GAMES[game].odds(keeping(house_percent))}


@pytest.mark.parametrize("game", PUBLISHED)
def test_the_odds_are_the_published_ones(game):
    assert {kind: one.returned for kind, one in odds_by_kind(game).items()} == PUBLISHED[game]


def test_every_game_registers_honest_odds():
    assert PUBLISHED.keys() <= GAMES.keys()
    for game in GAMES.values():
        for one in game.odds(default):
            assert Fraction(9, 10) <= one.returned <= 1, (game.name, one)
            assert one.edge == 1 - one.returned
            assert one.wins is None or 0 < one.wins < 1
            assert one.pays is None or one.wins is None or one.simulated or one.wins * one.pays <= 1
            assert one.label()


@pytest.mark.parametrize("house_percent", SHARES)
@pytest.mark.parametrize("game", BOARDS)
def test_each_space_returns_what_is_published(game, house_percent):
    spaces, outcomes = BOARDS[game]
    published = odds_by_kind(game, house_percent)
    for space in spaces:
        odds = published[(space.kind or space.name).format(**space.values)]
        rounds = [space.round(WHOLE, fell, house_percent) for fell in outcomes]
        assert Fraction(sum(one.paid for one in rounds), WHOLE * len(outcomes)) == odds.returned, space.label()
        assert Fraction(sum(one.won for one in rounds), len(outcomes)) == odds.wins
        assert odds.pays == 1 + (space.pays - 1) * (100 - house_percent) / 100


@pytest.mark.parametrize("house_percent", SHARES)
def test_slots_return_what_is_published_over_every_spin(house_percent):
    (odds,) = slots.odds(keeping(house_percent))
    rounds = [spun.round(WHOLE, house_percent) for spun in SPINS]
    assert Fraction(sum(one.paid for one in rounds), WHOLE * len(SPINS)) == odds.returned
    assert Fraction(sum(one.won for one in rounds), len(SPINS)) == odds.wins
    assert {one.most for one in rounds} == {max(one.paid for one in rounds)}
    counted = Counter(Fraction(one.paid, WHOLE) for one in rounds if one.paid)
    assert sum(prize.chance for prize in odds.prizes) == odds.wins
    assert sum(prize.chance * prize.pays for prize in odds.prizes) == odds.returned
    for pays, count in counted.items():
        assert sum(prize.chance for prize in odds.prizes if prize.pays == pays) == Fraction(count, len(SPINS))


@unhurried
@given(st.sampled_from(SPACES), st.integers(1, LARGEST_POSSIBLE_BET), st.integers(0, 50), st.data())
def test_payouts_are_whole_and_rounded_down_by_less_than_a_coin(bet, stake, house_percent, data):
    space, outcomes = bet
    fell = data.draw(st.sampled_from(outcomes))
    came_out = space.round(stake, fell, house_percent)
    pays = space.pays - (space.pays - 1) * house_percent / 100
    assert came_out.won == (fell in space.wins)
    assert 0 <= came_out.paid <= came_out.most <= stake * pays < came_out.most + 1
    assert came_out.paid == (came_out.most if came_out.won else 0)
    if came_out.won:
        assert came_out.paid >= stake  # a win is never a loss, however small the bet
    # So the return of any bet is below the published one, by less than the chance to win divided by the stake.
    returned = Fraction(came_out.most * len(space.wins), stake * len(outcomes))
    published = pays * len(space.wins) / len(outcomes)
    assert published - Fraction(len(space.wins), len(outcomes) * stake) < returned <= published


@unhurried
@given(st.sampled_from(SPACES), st.integers(0, 50))
def test_the_least_bet_is_the_first_that_can_win_something(bet, house_percent):
    space, _outcomes = bet
    fell = min(space.wins)
    least = least_bet(less_share(space.pays, house_percent))
    assert space.round(least, fell, house_percent).paid > least
    assert least == 1 or space.round(least - 1, fell, house_percent).paid == least - 1


@unhurried
@given(st.integers(1, LARGEST_POSSIBLE_BET), st.integers(0, 50), st.sampled_from(SPINS))
def test_a_spin_never_pays_more_than_the_largest_prize(stake, house_percent, spun):
    came_out = spun.round(stake, house_percent)
    assert 0 <= came_out.paid <= came_out.most <= stake * slots.LARGEST_PRIZE
    assert (came_out.paid >= stake) == came_out.won


def test_many_games_come_near_the_published_return():
    chance, games = random.Random(5), 10_000
    plays = [
        (coinflip.SPACES["tails"], coinflip.SIDES),
        (dice.SPACES["7"], dice.THROWS), (dice.SPACES["high"], dice.THROWS),
        (roulette.OUTSIDE["red"], roulette.NUMBERS), (roulette.find("17"), roulette.NUMBERS),
    ]  # fmt: skip
    for space, outcomes in plays:
        paid = sum(space.round(WHOLE, chance.choice(outcomes), 0).paid for _game in range(games))
        wins = len(space.wins) / len(outcomes)
        deviation = float(space.pays) * (wins * (1 - wins) / games) ** 0.5
        assert abs(paid / WHOLE / games - float(space.pays) * wins) < 4 * deviation, space.label()
    paid = sum(slots.spin(chance).round(1, 0).paid for _game in range(games))
    square = sum(float(prize.chance * prize.pays**2) for prize in slots.prizes(0))
    assert abs(paid / games - 2143 / 2304) < 4 * (square / games) ** 0.5


# --- what people say


def test_the_cloth_of_the_wheel_is_the_european_one():
    assert len(roulette.RED) == len(roulette.BLACK) == 18
    sizes = [len(space.wins) for space in roulette.SPACES]
    assert {size: sizes.count(size) for size in sizes} == {18: 6, 12: 6, 1: 37, 2: 60, 3: 14, 4: 23, 6: 11}
    assert all(0 not in space.wins for space in roulette.OUTSIDE.values())
    assert [roulette.colour(number) for number in (0, 1, 2, 10, 11, 36)] == ["🟢", "🔴", "⚫", "⚫", "⚫", "🔴"]


@pytest.mark.parametrize("separator", ["-", " ", ", ", "/", "+"])
def test_numbers_side_by_side_are_found_in_any_order(separator):
    for numbers, space in roulette.INSIDE.items():
        assert roulette.find(separator.join(map(str, sorted(numbers)))) is space
        assert roulette.find(separator.join(map(str, sorted(numbers, reverse=True)))) is space


@pytest.mark.parametrize(
    ("text", "wins"),
    [
        ("Red", roulette.RED), ("noir", roulette.BLACK), ("SCHWARZ", roulette.BLACK), ("zero", {0}), ("07", {7}),
        ("low", range(1, 19)), ("1-18", range(1, 19)), ("passe", range(19, 37)), ("19-36", range(19, 37)),
        ("ungerade", range(1, 37, 2)), ("pair", range(2, 37, 2)), ("2nd dozen", range(13, 25)),
        ("dozen 3", range(25, 37)), ("1. Dutzend", range(1, 13)), ("d2", range(13, 25)), ("25-36", range(25, 37)),
        ("column 2", range(2, 37, 3)), ("third column", range(3, 37, 3)), ("c1", range(1, 37, 3)),
        ("street 4-6", {4, 5, 6}), ("1-6", range(1, 7)), ("1-4", {1, 4}), ("0-3", {0, 3}), ("number 36", {36}),
    ],
)  # fmt: skip
def test_a_space_of_roulette_has_many_names(text, wins):
    assert roulette.find(text).wins == frozenset(wins)


@pytest.mark.parametrize(
    "text",
    ["37", "00", "-1", "1-5", "17-17", "1-2-3-4-5-6-7", "dozen", "dozen 4", "2 dozen 2", "34-37", "", "blue", "١"],
)
def test_what_is_no_space_of_roulette(text):
    with pytest.raises(ValueError, match="isn't a bet in roulette"):
        roulette.find(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("7", "7"), ("sum 12", "12"), ("Summe von 4", "4"), ("seven", "7"), ("HIGH", "high"), ("under 7", "low"),
        ("2-6", "low"), ("any 6", "any 6"), ("any6", "any 6"), ("a 3", "any 3"), ("pasch", "doubles"),
        ("gerade", "even"), ("über 7", "high"),
    ],
)  # fmt: skip
def test_a_bet_on_dice_has_many_names(text, word):
    assert dice.find(text) is dice.SPACES[word]


@pytest.mark.parametrize("text", ["1", "13", "0", "-7", "any 7", "any", "", "6.5", "sum", "1-1"])
def test_what_is_no_bet_on_dice(text):
    with pytest.raises(ValueError, match="isn't something to bet on"):
        dice.find(text)


@unhurried
@given(st.sampled_from([coinflip.find, dice.find, roulette.find]), st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_bet(find, text):
    with suppress(ValueError):
        assert find(text).wins


# --- how often

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@unhurried
@given(st.integers(1, 5), st.lists(st.tuples(st.integers(1, 2), st.integers(0, 40_000)), max_size=40))
def test_never_more_games_in_any_minute_than_allowed(limit, tries):
    pace, now, played = Pace(), NOON, {1: deque(), 2: deque()}
    for player, milliseconds in tries:
        now += timedelta(milliseconds=milliseconds)
        lately = [moment for moment in played[player] if moment > now - MINUTE]
        free_at = pace.count(9, player, limit, now)
        if len(lately) < limit:
            assert free_at is None
            played[player].append(now)
        else:
            assert now < free_at == lately[0] + MINUTE


def test_a_lowered_limit_holds_at_once_and_who_stopped_playing_is_forgotten():
    pace = Pace()
    for second in range(10):
        assert pace.count(1, 1, 10, NOON + timedelta(seconds=second)) is None
    assert pace.count(1, 1, 2, NOON + timedelta(seconds=10)) == NOON + timedelta(seconds=8) + MINUTE
    for player in range(5000):
        pace.count(1, player, 10, NOON + timedelta(seconds=30 * player))
    assert len(pace) <= SWEEP_ABOVE + 1
