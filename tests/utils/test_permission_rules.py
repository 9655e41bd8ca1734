"""The order in which rules decide."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from database.permission_rules import PermissionRule
from utils.permission_rules import Rules, about_command, about_feature, applying, subjects

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ABOUT = subjects("remind add list", "utility")
TARGETS = [5, 40, 30, 20, 11, 10, 1]
"""A person, their roles from the highest on, the thread, the channel and the server."""


def rules_of(said: dict[tuple[str, int], bool]) -> Rules:
    rules: dict[str, dict[int, PermissionRule]] = {}
    for (subject, target), allows in said.items():
        rules.setdefault(subject, {})[target] = PermissionRule(1, subject, "role", target, allows, 5, NOW)
    return rules


known = st.tuples(st.sampled_from([*ABOUT, "command:ping", "feature:fun"]), st.sampled_from([*TARGETS, 77, 99]))
anything = st.dictionaries(known, st.booleans(), max_size=12)


def test_a_command_goes_before_its_groups_and_these_before_the_feature():
    assert ABOUT == ["command:remind add list", "command:remind add", "command:remind", "feature:utility"]
    assert subjects("ping", "admin") == [about_command("ping"), about_feature("admin")]


@given(anything)
def test_what_decides_is_the_most_specific(said: dict[tuple[str, int], bool]):
    found = list(applying(rules_of(said), ABOUT, TARGETS))
    ranks = [(ABOUT.index(rule.subject), TARGETS.index(rule.target_id)) for rule in found]
    assert ranks == sorted(ranks)
    assert len(found) == sum(subject in ABOUT and target in TARGETS for subject, target in said)


@given(anything, known, st.booleans())
def test_a_less_specific_rule_changes_nothing(
    said: dict[tuple[str, int], bool], other: tuple[str, int], allows: bool
):
    before = next(applying(rules_of(said), ABOUT, TARGETS), None)
    after = next(applying(rules_of({**said, other: allows}), ABOUT, TARGETS), None)
    if before is not None and after is not None and after != before:
        assert (after.subject, after.target_id) == other
        assert (ABOUT.index(after.subject), TARGETS.index(after.target_id)) <= (
            ABOUT.index(before.subject),
            TARGETS.index(before.target_id),
        )
    if before is not None:
        assert after is not None


@given(anything)
def test_rules_about_others_and_for_others_dont_count(said: dict[tuple[str, int], bool]):
    others = {key: allows for key, allows in said.items() if key[0] not in ABOUT or key[1] not in TARGETS}
    assert list(applying(rules_of(others), ABOUT, TARGETS)) == []
