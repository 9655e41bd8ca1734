"""Every section of a server's file: there and back, changed, taken back, on another server, and with nonsense."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import discord
import pytest

from tests.support.answers import Answer
from tests.support.places import Channel, Guild, Person
from tests.support.town import Town
from utils.portable import Field, MisfitError, Section, Target, UnmappedError
from utils.yaml_files import plain_of, read_yaml, value_of, write_yaml

EMBED = {
    "colour": "#ff8800", "description": "And more.", "footer": "F", "image": "https://a.example/b.png",
    "thumbnail": "https://a.example/c.png", "title": "Hello",
}  # fmt: skip
BEGINS, ENDS = "2030-01-01T00:00:00+00:00", "2031-01-01T00:00:00+00:00"

# Every part that an entry can have, and by its side an entry with as little as can be. Of two entries, each can be
# what the other is. Roles and channels are named as the ones of the town.
FILE: dict[str, dict[str, Any]] = {
    "settings": {
        "command-spam-block": "1h 30m",
        "disabled-commands": ["about", {"command": "ping", "channel": "general"}],
        "disabled-features": ["fun"],
        "ignored-channels": ["general", "bots-corner"],
        "ignored-people": [1234567890123456789],
        "ignored-roles": ["Odd"],
        "mod-log": "private",
        "prefixes": ["hey bot ", "!"],
        "suggestions": True,
    },
    "aliases": {"hush": "warn {1} Please", "hello": "ping"},
    "automod": {
        "everything": {
            "mode": "on", "words": ["bad*", "very bad"], "regex": ["b[ae]d+"], "invites": True,
            "links": ["example.com"], "attachments": ["exe"], "caps": 70, "mentions": 5, "emoji": 10, "lines": 20,
            "duplicates": {"count": 3, "within": "10s"}, "messages": {"count": 6, "within": "5s", "channel": True},
            "mention-rate": {"count": 6, "within": "1m"}, "link-rate": {"count": 6, "within": "1m 5s"},
            "allow": ["example.org"], "not-in": ["general"], "role": ["Odd"], "not-role": ["Regulars"],
            "account-under": "1d", "here-under": "2h", "delete": True, "timeout": "10m",
            "give": {"role": "Regulars", "for": "2d"}, "slowmode": {"pace": "5s", "for": "10m"}, "alert": True,
            "reason": "Too much",
        },
        "links": {"mode": "observe", "links": True, "in": ["general"], "ban": True},
    },
    "autoroles": {
        "people": [{"role": "Powerful", "delay": "10m", "powers": ["kick_members"]}, {"role": "Regulars"}],
        "bots": [{"role": "Odd"}],
    },
    "custom-commands": {
        "coin": {
            "text": "{random:heads|tails}", "embed": EMBED, "cooldown": "30s", "role": "Odd",
            "channels": ["general", "voice"], "aliases": ["flipped", "münze"],
        },
        "greet": {"embed": {"title": "Hi"}},
    },
    "greetings": {
        "welcome": ["Hello {member}!", "And\nhello."], "dm": ["Psst"], "leave": ["Bye {name}."], "boost": ["Thanks"],
    },
    "level-rewards": {
        "5": [{"role": "Odd"}, {"role": "Powerful", "powers": ["kick_members"]}], "10": [{"role": "Regulars"}],
    },
    "permissions": {
        "command:warn": [
            {"server": True, "allows": False}, {"category": "Talks", "allows": True},
            {"channel": "general", "allows": True}, {"role": "Odd", "allows": True},
            {"person": 1234567890123456789, "allows": False},
        ],
        "feature:economy": [{"channel": "voice", "allows": False}],
    },
    "role-incomes": {
        "roles": [{"role": "Odd", "coins": 5, "every": "1h"}, {"role": "Regulars", "coins": 500, "every": "1d"}]
    },
    "role-menus": {
        "Colours": {
            "text": "Take one.\n\nOr none.", "style": "select", "mode": "unique", "max": 2, "required": "Odd",
            "lasts": "12h", "roles": [
                {"role": "Regulars", "label": "The regulars", "emoji": "🔴"},
                {"role": "Powerful", "powers": ["kick_members"]},
            ],
        },
        "two words": {"style": "buttons", "mode": "add", "roles": [{"role": "Odd"}]},
    },
    "shop": {
        "Double": {
            "kind": "boost", "price": 1000, "duration": "2h", "percent": 100, "from": BEGINS, "until": ENDS,
        },
        "Fish": {"kind": "collectable", "price": 0, "description": "It\nblinks.", "stock": 0, "limit": 1},
        "Key": {"kind": "code", "price": 5},
        "Secret": {"kind": "text", "price": 100, "text": "The answer is 42.", "needed-role": "Odd"},
        "VIP": {
            "kind": "role", "price": 10**15, "description": "Very", "role": "Powerful", "powers": ["kick_members"],
            "keep": True, "duration": "30d", "stock": 10, "limit": 2, "needed-role": "Odd", "needed-level": 5,
            "needed-balance": 7, "from": BEGINS, "until": ENDS,
        },
    },
    "tags": {"other": {"text": "no"}, "rules": {"text": "Be kind.\n\n# - No: spoilers", "aliases": ["a b", "law"]}},
    "ticket-panels": {
        "Empty": {"style": "buttons"},
        "Help": {
            "text": "Ask us.", "style": "select", "kinds": {
                "Bugs": {
                    "emoji": "🐞", "place": "thread", "category": "Talks", "roles": ["Odd", "Regulars"],
                    "name": "bug-{number}", "greeting": "Hello.", "questions": [
                        {"text": "What happened?"}, {"text": "A link", "short": True, "optional": True},
                    ], "limit": 3,
                },
                "Else": {"place": "channel", "name": "ticket-{number}", "limit": 1},
            },
        },
    },
    "warn-thresholds": {
        "3": {"action": "timeout", "length": "2h", "within": "30d"}, "4": {"action": "kick"},
    },
    "xp-multipliers": {
        "server": [{"percent": 200}],
        "channels": [{"channel": "general", "percent": 150, "until": ENDS}],
        "roles": [{"role": "Odd", "percent": 0}, {"role": "Regulars", "percent": 50}],
    },
}  # fmt: skip


def swapped(file: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same, where each entry is what another one was, if entries of a section are alike."""
    unlike = {"settings", "greetings", "xp-multipliers"}
    return {
        name: entries if name in unlike else dict(zip(entries, reversed(entries.values()), strict=True))
        for name, entries in file.items()
    }


def as_file(sections: dict[str, Any]) -> str:
    return write_yaml({"hearth": 1, **sections})


def names_alone(value: Any) -> Any:
    """Roles and channels as their names."""
    if isinstance(value, dict):
        found = {name: names_alone(part) for name, part in value.items()}
        return value["name"] if value.keys() == {"id", "name"} else found
    return [names_alone(part) for part in value] if isinstance(value, list) else value


async def furnish(town: Town, guild: Guild) -> None:
    """Make what the file names."""
    for name, permissions in [("Regulars", {}), ("Odd", {}), ("Powerful", {"kick_members": True})]:
        guild.handle.create_role(name, permissions=discord.Permissions(**permissions))
    guild.handle.create_category("Talks")
    await town.settle()


async def exported(town: Town, who: Person, channel: Channel | None = None) -> dict[str, Any]:
    await town.says(who, "!config export", channel=channel)
    answer = town.last(who)
    assert answer is not None
    read = plain_of(read_yaml(await town.as_bot(answer.files[0].read())))
    return {name: entries for name, entries in read.items() if name not in {"hearth", "server"} and entries}


async def preview_of(town: Town, who: Person, sections: dict[str, Any], channel: Channel | None = None) -> Answer:
    data = as_file(sections).encode()
    answer = await town.says(who, "!config import", files=[("c.yaml", data)], channel=channel)
    assert answer is not None
    return answer


async def imports(town: Town, who: Person, sections: dict[str, Any], channel: Channel | None = None) -> None:
    preview = await preview_of(town, who, sections, channel)
    assert "Import" in preview.buttons, preview
    await town.press(who, preview, "Import")


async def takes_back(town: Town, who: Person) -> None:
    undo = await town.says(who, "!config undo")
    assert undo is not None
    await town.press(who, undo, "Take back")


async def test_every_section_is_read_changed_and_taken_back(town: Town):
    owner = town.owner
    await furnish(town, town.guild)
    sections = town.bot.get_cog("Configuration").portable.sections()
    assert sorted(sections) == sorted(FILE), "each section is tried here"

    # One that fails half-way leaves nothing.
    preview = await preview_of(town, owner, FILE)
    assert "This can't be done" not in preview.fields
    assert "Not on this server, so left out" not in preview.fields
    await town.db.execute("ALTER TABLE xp_multipliers RENAME TO elsewhere")
    town.expect_errors()
    await town.press(owner, preview, "Import")
    await town.db.execute("ALTER TABLE elsewhere RENAME TO xp_multipliers")
    assert await exported(town, owner) == {}
    await town.restart()
    assert await exported(town, owner) == {}
    assert await town.says(owner, "!config history") == "Nothing was changed yet."

    # Two at once: one of them does it.
    first, second = await preview_of(town, owner, FILE), await preview_of(town, town.admin, {"tags": FILE["tags"]})
    await town.press_at_once((owner, first, "Import"), (town.admin, second, "Import"))
    if names_alone(await exported(town, owner)) != FILE:  # the other one was first
        await imports(town, owner, FILE)
    there = await exported(town, owner)
    assert names_alone(there) == FILE
    assert _in_order(there) == _in_order(FILE), "also the order of what is in it"
    await town.restart()
    assert await exported(town, owner) == there
    for same in (FILE, there):
        assert "There is nothing to change." in await preview_of(town, owner, same)

    # Each entry becomes what another one was, and then again what it was.
    items = await town.db.fetchall("SELECT name, number FROM shop_items WHERE removed_at IS NULL ORDER BY number")
    await imports(town, owner, swapped(FILE))
    assert names_alone(await exported(town, owner)) == swapped(FILE)
    await town.restart()
    assert names_alone(await exported(town, owner)) == swapped(FILE)
    await takes_back(town, owner)
    assert await exported(town, owner) == there
    now = await town.db.fetchall("SELECT name, number FROM shop_items WHERE removed_at IS NULL ORDER BY number")
    assert now == items, "who bought something has it still"
    await town.restart()
    assert await exported(town, owner) == there

    village = town.new_guild("Village")
    village.handle.create_text_channel("bots-corner")
    village.handle.create_text_channel("private")
    village.handle.create_voice_channel("voice")
    await furnish(town, village)
    chief = Person(town, village.handle.owner, village)
    await imports(town, chief, there, village.general)
    over_there = await exported(town, chief, village.general)
    assert names_alone(over_there) == FILE
    ids = set(_ids(there))
    assert ids.isdisjoint(_ids(over_there)), "roles and channels are those of that server"
    await takes_back_there(town, chief, village.general)
    assert await exported(town, chief, village.general) == {}
    assert await exported(town, owner) == there


async def takes_back_there(town: Town, who: Person, channel: Channel) -> None:
    undo = await town.says(who, "!config undo", channel=channel)
    assert undo is not None
    await town.press(who, undo, "Take back")


def _in_order(sections: dict[str, Any]) -> str:
    return json.dumps({name: names_alone(sections[name]) for name in ("role-menus", "ticket-panels", "greetings")})


def _ids(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        if "id" in value:
            yield value["id"]
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        yield from _ids(part)


NONSENSE: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1.5, "", " ", "x", "x" * 5_000, "\0", "\u200b", "@everyone", "nobody",
    "a|b", "#", "9" * 150,
    "1d", "9999999d", "-1h", BEGINS, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "{", "{nobody}", "(((",
    "**", "http://", [], {}, [[]], [{}], [None], [1, "x", True], {"id": -1}, {"id": 5, "name": "nobody"},
    {"name": []},
    {"x": 1}, {"role": "Odd"}, {"role": "@everyone"}, {"role": {"role": "Odd"}}, {"text": 5}, {"server": True},
    ["x"] * 1_500, {str(number): {} for number in range(60)},
)  # fmt: skip


ONE_OF = 7
"""All of it takes ten seconds; with 1, all of it is tried."""


def _with_nonsense(value: Any) -> Iterator[Any]:
    """The same with each part of it in turn replaced by nonsense, left out, or beside something unknown."""
    yield from NONSENSE
    if isinstance(value, dict):
        yield {**value, "unknown": 1}
        for name, part in value.items():
            yield {key: other for key, other in value.items() if key != name}
            for other in _with_nonsense(part):
                yield {**value, name: other}
    elif isinstance(value, list):
        for number, part in enumerate(value):
            for other in _with_nonsense(part):
                yield [*value[:number], other, *value[number + 1 :]]


@pytest.mark.engines("sqlite")
async def test_nonsense_is_refused_or_read_the_same_way_twice(town: Town):
    """Whatever stands in a file: a sentence says what is wrong with it, or it is what it would be exported as."""
    await furnish(town, town.guild)
    sections = town.bot.get_cog("Configuration").portable.sections()
    tried = islice(_nonsense(), 0, None, ONE_OF)
    read = [_try(town, sections[name], key, value) for name, key, value in tried]
    assert 100 < sum(read) < len(read) - 1_000


def _nonsense() -> Iterator[tuple[str, str, Any]]:
    for name, entries in FILE.items():
        for key, entry in entries.items():
            for value in _with_nonsense(entry):
                yield name, key, value
            for odd in ("x", "0", "-1", "1" * 150, "@everyone", "command:", "a b", " a", "\u200b", "ping", "x" * 200):
                yield name, odd, entry


def _try(town: Town, section: Section, key: str, value: Any) -> bool:
    """Whether it can be read."""
    guild = town.guild.live
    target = Target(guild, guild.owner)
    try:
        plain = section.read(key, Field(value_of(value), (section.name, key), target))
    except UnmappedError:
        assert target.lost, "it is said what isn't here"
        return False
    except MisfitError:
        return False
    if plain == [] and section.name != "settings":
        return True
    written = read_yaml(write_yaml(plain).encode())
    assert section.read(key, Field(written, (key,), target)) == plain
    assert json.loads(json.dumps(plain)) == plain
    return True
