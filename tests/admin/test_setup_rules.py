"""The wizard of `setup` without Discord: every path ends, `back` undoes, and nothing is done before the end."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.admin.setting_up.planning import (
    CELL,
    PLACES,
    Admit,
    Change,
    Facts,
    Hide,
    Made,
    NewChannel,
    NewRole,
    Start,
    Switch,
    plan,
)
from cogs.admin.setting_up.steps import (
    CREATE,
    KEEP,
    NONE,
    OPEN,
    SET,
    STEPS,
    Answer,
    NotHereError,
    Step,
    Wizard,
    steps_for,
)

ALL_KEYS = {key for step in STEPS for key in step.keys}
LISTS = ((7,), (7, 8))
NOTHING_SET: dict[str, Any] = dict.fromkeys(ALL_KEYS)


def possible(step: Step) -> list[Answer]:
    """Every kind of answer that a step takes, each value where there are few."""
    found = [Answer(kind) for kind in sorted(step.kinds) if kind != SET]
    values = step.options or (LISTS if step.key in {"prefix", "mod-roles"} else (7,))
    return found + [Answer(SET, value) for value in values if SET in step.kinds]


@st.composite
def journeys(draw: st.DrawFn) -> list[Wizard]:
    """The states of a walk of any moves, in order."""
    steps = steps_for(draw(st.sampled_from([ALL_KEYS, ALL_KEYS - {"level-up"}, {"prefixes", "language"}])))
    now = {**NOTHING_SET, **draw(st.sampled_from([{}, {"mod-log": 1}, {"automod-channel": 2}]))}
    states = [Wizard(steps, now)]
    for _number in range(draw(st.integers(0, 25))):
        wizard = states[-1]
        if wizard.at_review:
            key = draw(st.sampled_from([step.key for step in wizard.applying]))
            moves = [wizard.back, lambda wizard=wizard, key=key: wizard.change(key)]
        else:
            assert wizard.current is not None
            answer = draw(st.sampled_from(possible(wizard.current)))
            moves = [lambda wizard=wizard, answer=answer: wizard.answer(answer), wizard.skip]
            moves += [wizard.finish, *[wizard.back] * (wizard.before is not None)]
        states.append(draw(st.sampled_from(moves))())
    return states


@given(journeys())
@settings(deadline=None)
def test_every_path_ends_and_nothing_is_done_before(states: list[Wizard]):
    for state in states:
        wizard = state
        assert wizard.status == OPEN
        assert wizard.to_do == {}
        left = 0
        while not wizard.at_review:
            assert wizard.current in wizard.steps
            wizard = wizard.skip()
            left += 1
        assert left <= len(wizard.steps)
        done = wizard.confirm()
        assert done.to_do == wizard.holding
        assert set(done.to_do) <= {step.key for step in wizard.applying}
        for move in (done.confirm, done.cancel, done.back, done.skip, done.finish, done.time_out):
            with pytest.raises(NotHereError):
                move()


@given(journeys())
@settings(deadline=None)
def test_back_undoes_each_move(states: list[Wizard]):
    wizard = states[-1]
    if wizard.current is not None:
        for answer in possible(wizard.current):
            assert wizard.answer(answer).back() is wizard
        assert wizard.finish().back() is wizard
    else:
        for step in wizard.applying:
            again = wizard.change(step.key)
            assert again.current is not None
            assert again.back() is wizard
    moves = 0
    while wizard.before is not None:
        wizard = wizard.back()
        moves += 1
    assert wizard.answers == {}
    assert moves < len(states)
    with pytest.raises(NotHereError):
        wizard.back()


@given(journeys())
@settings(deadline=None)
def test_an_end_without_confirming_does_nothing(states: list[Wizard]):
    for end in (states[-1].cancel(), states[-1].time_out()):
        assert end.to_do == {}
        assert end.current is None
        assert not end.at_review
        with pytest.raises(NotHereError):
            end.confirm()


def test_the_whole_tree():
    """Every answer to every step is reached, and each leads to a review."""
    seen: set[tuple[str, Answer]] = set()

    def walk(wizard: Wizard) -> None:
        step = wizard.current
        if step is None:
            assert wizard.at_review
            return
        for answer in possible(step):
            if (step.key, answer) not in seen or step.key in {"automod", "levels"}:
                seen.add((step.key, answer))
                walk(wizard.answer(answer))

    for now in (NOTHING_SET, {**NOTHING_SET, "mod-log": 1}):
        for log in (KEEP, NONE, CREATE):
            wizard = Wizard(STEPS, now)
            while wizard.current is not None and wizard.current.key != "mod-log":
                wizard = wizard.skip()
            walk(wizard.answer(Answer(log)))
    walk(Wizard(STEPS, NOTHING_SET))
    assert seen == {(step.key, answer) for step in STEPS for answer in possible(step)}


def test_what_hangs_on_other_answers():
    wizard = Wizard(STEPS, NOTHING_SET)
    while wizard.current is not None and wizard.current.key != "levels":
        wizard = wizard.skip()
    in_channel = wizard.answer(Answer(SET, "channel"))
    assert in_channel.current is not None
    assert in_channel.current.key == "level-channel"
    made = in_channel.answer(Answer(CREATE)).finish()
    assert made.holding == {"levels": Answer(SET, "channel"), "level-channel": Answer(CREATE)}
    # Changed to another answer, the step that hung on it counts no more, and is back with it.
    quiet = made.change("levels").answer(Answer(SET, "quiet"))
    assert quiet.at_review
    assert quiet.holding == {"levels": Answer(SET, "quiet")}
    assert quiet.change("levels").answer(Answer(SET, "channel")).holding == made.holding


@pytest.mark.parametrize(
    ("log", "now", "asked"),
    [
        (Answer(KEEP), {}, True), (Answer(NONE), {"mod-log": 1}, True), (Answer(KEEP), {"mod-log": 1}, False),
        (Answer(CREATE), {}, False), (Answer(SET, 7), {}, False), (Answer(NONE), {"automod-channel": 1}, False),
    ],
)  # fmt: skip
def test_automod_asks_for_a_channel_only_without_one(log: Answer, now: dict[str, Any], asked: bool):
    answers = {"mod-log": log, "automod": Answer(SET, "observe")}
    step = next(step for step in STEPS if step.key == "automod-channel")
    assert step.applies(answers, now) is asked


def test_wrong_answers_are_refused():
    wizard = Wizard(STEPS, NOTHING_SET)
    for wrong in (Answer(CREATE), Answer(NONE), Answer("nonsense")):
        with pytest.raises(NotHereError):
            wizard.answer(wrong)
    with pytest.raises(NotHereError):
        wizard.change("prefix")
    with pytest.raises(NotHereError):
        wizard.confirm()


# --- what the answers come to


ANSWERS = {step.key: st.sampled_from(possible(step)) for step in STEPS}


@st.composite
def some_facts(draw: st.DrawFn) -> Facts:
    set_here: dict[str, Any] = draw(st.dictionaries(st.sampled_from(sorted(ALL_KEYS)), st.sampled_from([1, 7])))
    set_here |= {key: LISTS[value == 1] for key, value in set_here.items() if key in {"prefixes", "mod-roles"}}
    role = draw(st.sampled_from([None, 50]))
    return Facts(
        {**NOTHING_SET, **set_here},
        frozenset(draw(st.sets(st.sampled_from(["leveling", "economy"])))),
        {place.name: 60 + number for number, place in enumerate(PLACES.values()) if draw(st.booleans())},
        {} if role is None else {"Jailed": role},
        draw(st.sampled_from([(), (7, 8, 61)])),
        {50: frozenset({8})},
        draw(st.sampled_from([frozenset(), frozenset({50})])),
        draw(st.sampled_from([{}, {"automod": ("flood",)}])),
    )


@given(st.fixed_dictionaries({}, optional=ANSWERS), some_facts())
def test_a_plan_makes_things_before_it_uses_them(answers: dict[str, Answer], facts: Facts):
    answers = {key: answer for key, answer in answers.items() if answer.kind != KEEP}
    pieces = plan(answers, facts)
    there: set[str] = set()
    for piece in pieces:
        used = [getattr(piece, name, None) for name in ("new", "role", "jail")]
        assert {one.reference for one in used if isinstance(one, Made)} <= there
        if isinstance(piece, NewRole | NewChannel):
            there.add(piece.reference)
        if isinstance(piece, Change):
            assert piece.old != piece.new
            assert piece.old == facts.values[piece.key]
        if isinstance(piece, NewChannel):
            assert piece.name not in facts.channels
        if isinstance(piece, Hide):
            assert set(piece.channels) <= set(facts.visible)
    keys = [piece.key for piece in pieces if isinstance(piece, Change)]
    assert len(keys) == len(set(keys))
    assert plan({}, facts) == ()


@given(st.fixed_dictionaries({}, optional=ANSWERS), some_facts())
def test_what_was_done_once_is_not_done_again(answers: dict[str, Answer], facts: Facts):
    """With what a plan makes in place, the same answers have nothing more to do."""
    answers = {key: answer for key, answer in answers.items() if answer.kind != KEEP}
    values, disabled = dict(facts.values), set(facts.disabled)
    channels, roles, hidden, starts = dict(facts.channels), dict(facts.roles), dict(facts.hidden), dict(facts.starts)
    admitted = set(facts.admitted)
    ids: dict[str, int] = {}

    def known(value: Any) -> Any:
        return ids[value.reference] if isinstance(value, Made) else value

    for number, piece in enumerate(plan(answers, facts), start=100):
        match piece:
            case NewRole(reference, name):
                ids[reference] = roles[name] = number
            case NewChannel(reference, name, kind, _, jail):
                ids[reference] = channels[name] = number
                admitted |= {known(jail)} if kind == CELL else set()
            case Admit(role, channel):
                assert channel == channels["jail"]
                admitted.add(known(role))
            case Hide(role, hidden_channels):
                hidden[known(role)] = hidden.get(known(role), frozenset()) | frozenset(hidden_channels)
            case Switch(feature, on):
                (disabled.discard if on else disabled.add)(feature)
            case Change(key, _old, new):
                values[key] = known(new)
            case Start(key, _names):
                starts[key] = ()
    after = Facts(values, frozenset(disabled), channels, roles, facts.visible, hidden, frozenset(admitted), starts)
    assert plan(answers, after) == ()


def test_a_jail_comes_whole():
    facts = Facts({**NOTHING_SET, "mod-roles": (3,)}, visible=(1, 2))
    assert plan({"jail": Answer(CREATE)}, facts) == (
        NewRole("jail-role", "Jailed"),
        NewChannel("jail", "jail", "cell", (3,), Made("jail-role")),
        Hide(Made("jail-role"), (1, 2)),
        Change("jail-role", None, Made("jail-role")),
    )


def test_levels_and_coins():
    facts = Facts({**NOTHING_SET, "level-up": "here", "chat-income": False}, frozenset({"economy"}))
    off = plan({"levels": Answer(SET, "off"), "economy": Answer(SET, "chat")}, facts)
    assert off == (Switch("leveling", on=False), Switch("economy", on=True), Change("chat-income", False, True))
    quiet = plan({"levels": Answer(SET, "quiet"), "economy": Answer(SET, "off")}, facts)
    assert quiet == (Change("level-up", "here", "off"),)
