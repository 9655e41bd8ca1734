"""Which process runs which shards: every shard once, and evenly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.cluster.plan import (
    COUNT_IS_MISSING,
    NEEDS_POSTGRESQL,
    Place,
    Process,
    View,
    decide,
    in_ranges,
    ordinal,
    parse_place,
    parse_shard_ids,
    problems_of,
    shard_of,
    shards_of,
    share_of,
    share_out,
)

POSTGRESQL, SQLITE = "postgresql://h@x/y", "sqlite:///h.db"


@given(st.integers(1, 300), st.integers(1, 60))
def test_every_shard_is_run_exactly_once_and_evenly(shard_count: int, processes: int):
    processes = min(processes, shard_count)
    shares = [shards_of(Place(number, processes), shard_count) for number in range(1, processes + 1)]
    assert sorted(shard for share in shares for shard in share) == list(range(shard_count))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
    assert all(shares)


@given(st.sets(st.integers(0, 500)))
def test_what_is_written_is_read_back(shard_ids: set[int]):
    assert set(parse_shard_ids(in_ranges(shard_ids))) == shard_ids


@pytest.mark.parametrize("wrong", ["3-1", "a", "1-", "-1", "1;2", "0-99999", "1.5"])
def test_wrong_shards_are_refused(wrong: str):
    with pytest.raises(ValueError):
        parse_shard_ids(wrong)


@pytest.mark.parametrize("wrong", ["0/4", "5/4", "2", "2/0", "a/4", "2/4/6", "-1/4"])
def test_wrong_places_are_refused(wrong: str):
    with pytest.raises(ValueError):
        parse_place(wrong)


def test_places():
    assert parse_place("2/4") == Place(2, 4)
    assert parse_place("") is None
    assert [ordinal(host) for host in ("hearth-0", "hearth-12", "hearth-3.hearth.default.svc")] == [0, 12, 3]
    for host in ("hearth", "hearth-3b", ""):
        with pytest.raises(ValueError):
            ordinal(host)


def test_settings_that_do_not_fit_are_named():
    assert problems_of(None, (), None, SQLITE) == []
    assert problems_of(4, (), None, SQLITE) == []
    assert problems_of(4, (0, 1, 2, 3), None, SQLITE) == []  # that is one process
    assert problems_of(4, (), Place(1, 1), SQLITE) == []
    assert problems_of(None, (1,), None, POSTGRESQL) == [COUNT_IS_MISSING]
    assert problems_of(4, (), Place(2, 4), SQLITE) == [NEEDS_POSTGRESQL]
    (sentence,) = problems_of(4, (1, 4), None, POSTGRESQL)
    assert "names shard 4" in sentence
    assert len(problems_of(4, (1,), Place(2, 4), POSTGRESQL)) == 1
    assert "more processes than shards" in problems_of(2, (), Place(2, 4), POSTGRESQL)[0]
    assert share_of(4, (), None) is None
    share = share_of(4, (0, 3), None)
    assert share is not None
    assert share.process_name == "shards 0,3"


def test_a_guilds_shard_is_discords():
    # The example of Discord's documentation: (guild_id >> 22) % num_shards.
    assert shard_of(197038439483310086, 10) == (197038439483310086 >> 22) % 10


# --- taking over


@given(st.sets(st.integers(0, 63)), st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 9)))
def test_orphans_are_shared_out_each_once_to_whoever_has_fewest(orphans: set[int], loads: dict[str, int]):
    given_out = share_out(orphans, loads)
    assert set(given_out) == (orphans if loads else set())
    after = {name: load + sum(one == name for one in given_out.values()) for name, load in loads.items()}
    for name in set(given_out.values()):
        assert after[name] <= min(after.values()) + 1


@st.composite
def views(draw: st.DrawFn) -> View:
    count = draw(st.integers(1, 12))
    processes = min(draw(st.integers(1, 5)), count)
    places = [Place(number, processes) for number in range(1, processes + 1)]
    there = [place for place in places if draw(st.booleans())]
    rows = tuple(
        Process(
            str(place),
            place.number,
            count,
            frozenset(shards_of(place, count)),
            draw(st.sampled_from([0.0, 5.0, 99.0])),
        )
        for place in there
    )
    claims = draw(st.dictionaries(st.integers(0, count - 1), st.integers(0, processes + 1)))
    return View(count, rows, claims)


DEAD_AFTER = 60.0


@given(views())
def test_what_everybody_decides_goes_together(view: View):
    alive = view.alive(DEAD_AFTER)
    running = {run: {shard for shard, one in view.claims.items() if one == run} for run in alive}
    decisions = {
        run: decide(view, run_id=run, home=one.home, running=running[run], dead_after_seconds=DEAD_AFTER,
                    ripe=range(view.shard_count))
        for run, one in alive.items()
    }  # fmt: skip
    taken = [shard for decision in decisions.values() for shard in decision.take]
    assert len(taken) == len(set(taken)), "nobody takes what another one takes"
    for run, decision in decisions.items():
        assert not decision.lost
        assert decision.give_back <= running[run] - alive[run].home
        for shard in decision.take:
            assert view.claims.get(shard) not in alive, "nobody takes what somebody alive runs"
        home_of_others = {shard for other in alive.values() if other.run_id != run for shard in other.home}
        assert decision.give_back == (running[run] - alive[run].home) & home_of_others
    if any(running.values()):
        held = {shard for shards in running.values() for shard in shards}
        assert held | set(taken) == set(range(view.shard_count)), "nothing is left to nobody"


@given(views())
def test_nothing_is_taken_over_before_it_is_time(view: View):
    for run, one in view.alive(DEAD_AFTER).items():
        decision = decide(view, run_id=run, home=one.home, running=(), dead_after_seconds=DEAD_AFTER, ripe=())
        assert decision.take <= one.home


def test_what_another_process_claimed_is_lost():
    view = View(
        2, (Process("1/2", 1, 2, frozenset({0}), 0.0), Process("2/2", 2, 2, frozenset({1}), 0.0)), {0: 2, 1: 2}
    )
    decision = decide(view, run_id=1, home={0}, running={0}, dead_after_seconds=DEAD_AFTER, ripe=())
    assert decision.lost == {0}
    assert not decision.take
    other = decide(view, run_id=2, home={1}, running={0, 1}, dead_after_seconds=DEAD_AFTER, ripe=())
    assert other.give_back == {0}


def test_a_free_shard_is_left_to_its_own_process_which_is_starting():
    one, other = Process("1/2", 1, 2, frozenset({0}), 0.0), Process("2/2", 2, 2, frozenset({1}), 0.0)
    view = View(2, (one, other), {0: 1})
    decision = decide(view, run_id=1, home={0}, running={0}, dead_after_seconds=DEAD_AFTER, ripe=range(2))
    assert not decision.take
    assert not decision.orphans
    decision = decide(view, run_id=2, home={1}, running=(), dead_after_seconds=DEAD_AFTER, ripe=range(2))
    assert decision.take == {1}


def test_who_waits_with_another_number_of_shards_gets_none_of_ours():
    one = Process("1/2", 1, 2, frozenset({0}), 0.0)
    waiting = Process("1/4", 3, 8, frozenset({0, 1}), 0.0)
    view = View(2, (one, waiting), {0: 1, 1: 1})
    decision = decide(view, run_id=1, home={0}, running={0, 1}, dead_after_seconds=DEAD_AFTER, ripe=range(2))
    assert not decision.give_back, "what was taken over of a dead process stays where it is run"
    view = View(2, (one, waiting), {0: 1, 1: 2})
    decision = decide(view, run_id=1, home={0}, running={0}, dead_after_seconds=DEAD_AFTER, ripe=range(2))
    assert decision.take == {1}


def test_a_claim_that_was_not_heard_of_leaves_no_shard_without_a_process():
    one = Process("1/2", 1, 2, frozenset({0}), 0.0)
    view = View(2, (one,), {0: 1, 1: 1})
    decision = decide(view, run_id=1, home={0}, running=(), dead_after_seconds=DEAD_AFTER, ripe=())
    assert decision.take == {0}
    assert decision.give_back == {1}
