"""What a file changes and what can be taken back, without Discord."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import discord
import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cogs.admin.portable import rules
from cogs.admin.portable.settings_section import SettingsSection, as_plain, from_plain
from tests.support.town import Town
from utils.formatting import clean_input
from utils.portable import EntryChange, Field, Target, duration_text
from utils.setting_types import (
    Channel,
    Choice,
    Duration,
    Many,
    Role,
    Setting,
    SettingError,
    SettingType,
    Switch,
    Text,
    User,
    WholeNumber,
)
from utils.time import LONGEST, parse_duration
from utils.yaml_files import read_yaml, write_yaml

keys = st.sampled_from("abcdef")
entries = st.dictionaries(keys, st.integers(0, 3))


@given(entries, entries, st.booleans())
def test_changes_lead_from_the_one_to_the_other(current: dict[str, int], wanted: dict[str, int], with_gone: bool):
    found = rules.compare(current, wanted)
    changes = [*found.changed, *(found.gone if with_gone else ())]
    assert rules.after_changes(current, changes) == (wanted if with_gone else {**current, **wanted})
    assert all(change.old != change.new and current.get(change.key) == change.old for change in changes)


@given(entries, entries, st.sets(keys))
def test_what_is_skipped_stays(current: dict[str, int], wanted: dict[str, int], skipped: set[str]):
    found = rules.compare(current, wanted, skipped)
    new = rules.after_changes(current, [*found.changed, *found.gone])
    assert all(new.get(key) == current.get(key) for key in skipped)


@given(entries, entries, entries)
def test_taking_back_undoes_what_nobody_changed_since(
    before: dict[str, int], wanted: dict[str, int], since: dict[str, int]
):
    found = rules.compare(before, wanted)
    changes = [*found.changed, *found.gone]
    imported = rules.after_changes(before, changes)
    now = {**imported, **since}
    was, became = ({change.key: value for change, value in zip(changes, values, strict=True)} for values in (
        [change.old for change in changes], [change.new for change in changes]
    ))  # fmt: skip
    back, stays = rules.taken_back(now, was, became)
    after = rules.after_changes(now, back)
    for change in changes:
        if now.get(change.key) == change.new:
            assert after.get(change.key) == change.old
        else:
            assert after.get(change.key) == now.get(change.key)
            assert (change.key in stays) == (now.get(change.key) != change.old)
    assert {key for key in now if key not in was} == {key for key in after if key not in was}


def test_a_diff_has_what_differs_and_no_secrets():
    role = {"id": 1, "name": "Red"}
    changes = [
        EntryChange("a", None, True),
        EntryChange("b", {"role": role, "text": "old", "price": 5}, {"role": role, "text": "new", "price": 6}),
        EntryChange("c", [role, {"id": 2}], None),
        EntryChange("d", None, [{"role": role, "many": []}]),
    ]
    assert rules.diff_lines(changes, ("text",)) == [
        "+ a: true",
        "- b → text: •••",
        "+ b → text: •••",
        "- b → price: 5",
        "+ b → price: 6",
        "- c: Red, 2",
        "+ d → 1 → role: Red",
        "+ d → 1 → many: []",
    ]


def test_a_diff_of_long_texts_shows_where_they_differ():
    start = "word " * 100
    old, new = rules.diff_lines([EntryChange("a", {"text": f"{start}one."}, {"text": f"{start}two."})], ())
    assert old.endswith("one.")
    assert new.endswith("two.")
    assert new.startswith("+ a → text: …")
    old, new = rules.diff_lines([EntryChange("a", start, start + "more")], ())
    assert new.endswith("more")


@given(st.text(max_size=3000), st.text(max_size=300))
def test_a_line_of_a_diff_is_one_line(text: str, key: str):
    for line in rules.diff_lines([EntryChange(key, None, {key: text})], ()):
        assert len(line) < 800
        assert "\n" not in line


@given(st.timedeltas(timedelta(0), LONGEST))
def test_lengths_of_time_are_read_back(duration: timedelta):
    duration -= timedelta(microseconds=duration.microseconds)
    assert parse_duration(duration_text(duration), minimum=timedelta(0)) == duration


def values_of(kind: SettingType[Any], guild: discord.Guild) -> st.SearchStrategy[Any]:
    """What a type might take; nothing for types of features' own."""
    if type(kind).__module__ != SettingType.__module__:
        return st.nothing()
    if isinstance(kind, Many):
        inner = values_of(kind.of, guild)
        return st.just([]) if inner.is_empty else st.lists(inner, max_size=min(kind.most, 4))
    if isinstance(kind, Channel):
        ids = [channel.id for channel in guild.channels if channel.type in kind.kinds]
        return st.sampled_from(ids) if ids else st.nothing()
    if isinstance(kind, Duration):
        return st.integers(int(kind.least.total_seconds()), int(kind.most.total_seconds()))
    simple: list[tuple[Any, Callable[[Any], st.SearchStrategy[Any]]]] = [
        (Role, lambda _kind: st.sampled_from([role.id for role in guild.roles])),
        (WholeNumber, lambda kind: st.integers(kind.least, kind.most)),
        (Choice, lambda kind: st.sampled_from(kind.options)),
        (Switch, lambda _kind: st.booleans()),
        (User, lambda _kind: st.integers(1, 2**63 - 1)),
        (Text, lambda kind: st.text(max_size=min(kind.most, 20)).map(clean_input)),
    ]
    return next((make(kind) for one, make in simple if isinstance(kind, one)), st.nothing())


@pytest.mark.engines("sqlite")
async def test_every_setting_is_read_back(town: Town):
    """Whatever a setting's type takes: written to a file and read, it is the same."""
    guild, declared = town.guild.live, town.bot.guild_settings.declared
    section = SettingsSection(town.bot.guild_settings)
    target = Target(guild, guild.me)

    def check(setting: Setting[Any], value: Any) -> None:
        try:
            encoded = setting.type.encode(setting.type.check(value))
        except SettingError:
            assume(False)
        plain = as_plain(setting, encoded, guild)
        read = read_yaml(write_yaml({setting.key: plain}).encode()).plain[setting.key]
        again = section.read(setting.key, Field(read, (setting.key,), target))
        assert again == plain
        assert from_plain(setting, again) == encoded

    tried = 0
    for setting in declared.values():
        strategy = values_of(setting.type, guild)
        if strategy.is_empty:
            encoded = None if setting.default is None else setting.type.encode(setting.default)
            if encoded is not None:
                check(setting, encoded)
            continue
        examples = given(st.just(setting), strategy)(check)
        hypothesis_settings(max_examples=5, deadline=None, database=None)(examples)()
        tried += 1
    assert tried > 50
    assert not target.lost
