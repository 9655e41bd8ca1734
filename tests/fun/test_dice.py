"""Dice: what is read, what is refused, and that what is shown is what is reckoned."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.fun.dice.grammar import (
    LARGEST_RESULT,
    MOST_CHARACTERS,
    MOST_DICE,
    Dice,
    Group,
    Keep,
    Negative,
    Number,
    Pair,
    Request,
    read,
)
from cogs.fun.dice.throwing import counting, reckon, throw
from utils.errors import UserError
from utils.formatting import EMBED_DESCRIPTION_LIMIT


@st.composite
def dice(draw):
    count = draw(st.integers(1, 6))
    how = draw(st.sampled_from([None, "kh", "kl", "dh", "dl"]))
    least, most = (1, count) if how in {"kh", "kl"} else (0, count - 1)
    keep = None if how is None else Keep(how, draw(st.integers(least, most)))
    return Dice(count, draw(st.integers(2, 1_000)), explode=draw(st.booleans()), keep=keep)


atoms = st.builds(Number, st.integers(0, 1_000)) | dice()
factors = atoms | st.builds(Negative, atoms) | st.builds(Group, st.builds(Pair, atoms, st.sampled_from("+-"), atoms))
products = factors | st.builds(Pair, factors, st.just("*"), atoms)
sums = products | st.builds(Pair, products, st.sampled_from("+-"), products)


@given(sums)
def test_what_is_written_is_read(node):
    expected = Dice(1, node.value) if isinstance(node, Number) else node
    if isinstance(node, Number) and node.value < 2:
        with pytest.raises(UserError):
            read(str(node))
        return
    request = read(f"{node} for the treasure")
    assert (request.node, request.label) == (expected, "for the treasure")
    assert read(str(node).replace(" ", "").upper()).node == expected


def reckoned(shown: str) -> int:
    """The result again, from what is shown alone."""

    def of_dice(found: re.Match[str]) -> str:
        return str(sum(int(die.strip("*+")) for die in found[1].split(", ") if "~" not in die))

    plain = re.sub(r"[0-9]+d[0-9]+\S* \[([^]]*)\]", of_dice, shown)
    return eval(plain.replace("×", "*").replace("−", "-").replace(",", ""), {"__builtins__": {}})


@given(node=sums, seed=st.integers())
def test_the_dice_shown_make_the_result(node, seed):
    thrown = throw(node, random.Random(seed))
    assert thrown.total == reckoned(thrown.shown)
    assert abs(thrown.total) <= node.most <= LARGEST_RESULT


@given(st.text(max_size=250) | st.text("0123456789dwkhl!%+-*x() ", max_size=MOST_CHARACTERS))
def test_no_words_do_harm(text):
    try:
        request = read(text)
    except UserError:
        return
    assert len(throw(request.node, random.Random(1)).shown) < EMBED_DESCRIPTION_LIMIT


def test_the_longest_throw_can_be_shown():
    class Highest(random.Random):
        def randint(self, _least, most):
            return most

    thrown = throw(read(f"{MOST_DICE}d100000!dl{MOST_DICE - 1}").node, Highest())
    assert len(thrown.shown) < EMBED_DESCRIPTION_LIMIT
    assert thrown.total == 101 * 100_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("101d6", "from 1 to 100 dice"), ("0d6", "from 1 to 100 dice"), ("60d6+60d6", "from 1 to 100 dice"),
        ("d1", "from 2 to 100,000 sides"), ("d100001", "from 2 to 100,000 sides"), ("1", "from 2 to"),
        ("9" * 199, "up to 1,000,000"), ("1000001", "up to 1,000,000"), ("d6" + "+1" * 30, "at most 25 parts"),
        ("(" * 20 + "d6", "inside each other"), ("d6!!", "explode once"), ("4d6kh3dl1", "explode once"),
        ("4d6kh5", "at least one has to count"), ("4d6dl4", "at least one has to count"), ("d6kh0", "has to count"),
        ("*".join(["1000000"] * 3), "too large"), ("2d", "from `d` on"),
        ("2d6*", "missing at the end"), ("(2d6", "missing at the end"),
        ("2d6 +", "missing at the end"), ("2d6)", "from `)` on"), ("attack", "from `attack` on"),
        ("2d6,3", "from `,3` on"), ("x" * 201, "at most 200 characters"), ("2d6 2d6", "from `2d6` on"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(text, told):
    with pytest.raises(UserError, match=re.escape(told)):
        read(text)


def test_short_forms():
    assert read("").node == Dice(1, 6)
    assert read(" 20 ").node == read("d20").node == Dice(1, 20)
    assert read("d%").node == Dice(1, 100)
    assert read("2w6k1").node == Dice(2, 6, keep=Keep("kh", 1))
    assert read("2d6 # fire").label == "fire"
    assert read("2d6 kill it") == Request(Dice(2, 6), "kill it")
    assert read("4d6 kh3 + 2") == read("4d6kh3+2")
    assert read("2d6 k9 unit").label == "k9 unit"
    assert read("20 damage") == Request(Dice(1, 20), "damage")


@given(st.lists(st.integers(1, 6), min_size=1, max_size=9), st.data())
def test_which_dice_count(pips, data):
    number = data.draw(st.integers(1, len(pips)))
    highest = [pips[index] for index in counting(pips, Keep("kh", number))]
    assert sorted(highest) == sorted(pips)[-number:]
    assert counting(pips, Keep("dl", len(pips) - number)) == counting(pips, Keep("kh", number))
    assert counting(pips, Keep("dh", len(pips) - number)) == counting(pips, Keep("kl", number))
    assert sorted(pips[index] for index in counting(pips, Keep("kl", number))) == sorted(pips)[:number]


def test_signs():
    assert [reckon(2, sign, 3) for sign in "+-*"] == [5, -1, 6]
    assert throw(read("2 + 3 * (4 - 6)").node, random.Random(1)).total == -4
