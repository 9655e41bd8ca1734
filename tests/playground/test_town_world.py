"""Who is in a built town, and who comes and goes."""

from datetime import UTC, datetime

import pytest

from playground.errors import Refused
from playground.town.build import build
from tests.playground.towns import small_town

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_somebody_new_comes():
    world = build(small_town(), NOW)
    user = world.add_person("  Zoë   Müller ", world.guilds[0])
    assert (user.name, user.global_name) == ("zoe_muller", "Zoë Müller")
    assert world.user(user.id) is user
    assert world.notes[user.id] == "new here"
    assert world.pictures.avatar(user.id)
    assert world.guilds_of(user.id) == [world.guilds[0]]
    actor = world.actor(user.id, world.guilds[0].id)
    assert actor is not None
    assert actor.id == user.id


@pytest.mark.parametrize(("name", "account"), [("Ann", "ann2"), ("echo", "echo2"), ("雪", "guest_1"), ("É", "e_1")])
def test_account_names_are_free_ones(name: str, account: str):
    world = build(small_town(), NOW)
    assert world.add_person(name, world.guilds[0]).name == account


@pytest.mark.parametrize("name", ["", "   ", "x" * 33, "\ud800"])
def test_no_name_is_none(name: str):
    world = build(small_town(), NOW)
    with pytest.raises(Refused, match="A name has 1 to 32 characters"):
        world.add_person(name, world.guilds[0])
    assert len(world.people) == 2


def test_who_left_is_no_actor():
    world = build(small_town(), NOW)
    ann = next(user for user in world.people.values() if user.name == "ann")
    world.guilds[0].remove_member(ann)
    assert world.actor(ann.id, world.guilds[0].id) is None
    assert world.guilds_of(ann.id) == []
    assert world.actor(1, world.guilds[0].id) is None
    assert world.actor(ann.id, 1) is None
    assert world.guild(1) is None
