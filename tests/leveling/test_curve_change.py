"""Another curve: who moves, and what is asked before."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.leveling.curve_changes.rules import CurveMove, Preview, moved
from cogs.leveling.curve_changes.texts import change_question, curve_embed
from cogs.leveling.curves import PRESETS, Curve
from database.level_rewards import LevelRewardsStore, Reward
from database.standing_values import Standing
from database.standings import StandingsStore
from tests.support.town import Town
from utils.events import LevelUp

CURVES = st.sampled_from(list(PRESETS.values()))
PEOPLE = st.lists(
    st.builds(Standing, st.integers(1, 10**6), st.integers(0, 10**7), present=st.booleans()),
    unique_by=lambda one: one.user_id,
    max_size=40,
)

# --- rules


@given(people=PEOPLE, old=CURVES, new=CURVES, mode=st.sampled_from(["stack", "highest"]), cut=st.integers(0, 40))
@settings(max_examples=40)
def test_the_preview_is_what_happens(people, old, new, mode, cut):
    rewards = {71: 1, 72: 5, 73: 5, 74: 20}
    preview = Preview(old, new, rewards, mode)
    for page in (people[:cut], people[cut:]):
        preview.add(page)
    moves = [
        CurveMove(one.user_id, one.xp, old.level(one.xp), new.level(one.xp))
        for one in people
        if one.present and old.level(one.xp) != new.level(one.xp)
    ]
    assert list(moved(people, old, new)) == moves
    assert preview.up == sum(move.new_level > move.old_level for move in moves)
    assert preview.up + preview.down == len(moves)
    assert preview.largest == sorted(moves, key=lambda move: move.size, reverse=True)[:10]
    given_, taken = Counter(), Counter()
    for move in moves:
        before, after = (_roles(rewards, level, mode) for level in (move.old_level, move.new_level))
        given_.update(after - before)
        taken.update(before - after)
    assert (preview.given, preview.taken) == (given_, taken)


def _roles(rewards, level, mode):
    reached = {role: at for role, at in rewards.items() if at <= level}
    return {role for role, at in reached.items() if mode == "stack" or at == max(reached.values())}


# --- in a server


async def test_changing_the_curve(town: Town):
    store = StandingsStore(town.db)
    async with store.change(town.guild.id) as change:
        await change.put([Standing(town.ann.id, 1_900), Standing(town.bob.id, 99), Standing(5, 10**6, present=False)])
    role = town.role("Regular", below="Admin")
    await LevelRewardsStore(town.db).put(Reward(town.guild.id, role.id, 6), 10)
    await town.restart()
    shown = await town.says(town.ann, "!levels curve")
    assert "by the curve `mee6`:" in shown
    assert re.search(r"\n +10 +4,675 +955\n", shown)
    assert "You need" in await town.says(town.ann, "!levels curve linear")
    assert "would take no more XP than level 0" in await town.says(town.admin, "!levels curve flat 0")
    refused = await town.says(town.admin, "!levels curve round")
    assert "A curve is one of" in refused
    assert "Example: `!levels curve linear 100 75`" in refused
    assert await town.says(town.admin, "!levels curve mee6") == "`mee6` is the curve already."

    asked = await town.says(town.admin, "!levels curve linear 100 75")
    assert asked.startswith("Change the curve from `mee6` to `arcane`?")
    assert "- 1 member goes up.\n- 1 member goes down." in asked
    assert f"- <@{town.ann.id}>: level 6 → 5\n- <@{town.bob.id}>: level 0 → 1" in asked
    assert f"- {role.mention}: 0 get it, 1 lose it" in asked
    await town.press(town.admin, asked, "No")
    assert await town.bot.levels.of(town.guild.id, town.ann.id) == 6

    asked = await town.says(town.admin, "!levels curve flat 10")
    other = await town.says(town.admin, "!levels curve arcane")
    reaction = await town.press(town.admin, other, "Yes")
    assert reaction.reply == "Levels are counted by `arcane` now. Roles for levels follow."
    reaction = await town.press(town.admin, asked, "Yes")
    assert "Somebody has changed the curve meanwhile." in reaction.reply
    assert await town.bot.levels.of(town.guild.id, town.ann.id) == 5
    assert (await store.get(town.guild.id, town.ann.id)).xp == 1_900
    assert town.sent(LevelUp) == []
    assert await town.wait(minutes=1) == ()  # nobody is told of a level that they didn't earn

    asked = await town.says(town.admin, "!levels curve flat 10")
    await town.take_role(town.admin, "Admin")
    reaction = await town.press(town.admin, asked, "Yes")
    assert "You need" in reaction.reply
    assert await town.bot.levels.of(town.guild.id, town.ann.id) == 5


@pytest.mark.parametrize(
    ("up", "down", "says"),
    [
        (0, 0, "\nNobody's level changes."),
        (2, 0, "\n- 2 members go up."),
        (0, 1, "\n- 1 member goes down."),
    ],
)
def test_nobody_is_no_line(up, down, says):
    preview = Preview(PRESETS["mee6"], PRESETS["arcane"], {}, "stack", up=up, down=down)
    assert change_question(None, preview).endswith("```" + says)


@pytest.mark.parametrize("curve", [Curve("step", (1,)), Curve("step", (10**9,)), *PRESETS.values()])
def test_every_curve_can_be_shown(curve):
    assert len(curve_embed(curve)) < 2_000
