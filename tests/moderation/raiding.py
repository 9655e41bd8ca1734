"""Raids to try: many accounts that join at once, as one was recorded."""

from datetime import UTC, datetime, timedelta
from random import Random

from cogs.moderation.raids.rules import Join
from tests.support.places import Person
from tests.support.town import Town

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
OLD = timedelta(days=900)
NAMES = [
    "Anneliese", "bob the builder", "Krzysztof", "xx_dragon_xx", "marigold", "pixelpirat", "Tomás", "quietstorm",
    "юлия", "wanderer", "HannahMontag", "zeppelin", "oakley", "FrauHolle", "nimbus", "Bruckner", "sunflower",
    "gearhead", "Yuki", "kaleidoscope", "Mortimer", "plumtree", "velocity", "Ottokar", "fjordhest", "sandpiper",
    "bluebell", "Quasimodo", "tangerine", "rhubarb", "Ignatius", "wolfram", "lighthouse", "chanterelle",
]  # fmt: skip


def join(user_id: int, second: float, *, name: str = "", age: timedelta = OLD) -> Join:
    at = NOW + timedelta(seconds=second)
    return Join(user_id, name or NAMES[user_id % len(NAMES)], at, at - age)


def recorded_raid(people: int = 40, *, start: float = 0) -> list[Join]:
    """As a raid of made accounts was recorded: fresh ones, of one pattern, two a second."""
    random = Random(7)
    return [
        join(
            1000 + index, start + index / 2 + random.random() / 3, name=f"Nitro_Gift{random.randint(10, 9999)}",
            age=timedelta(hours=random.randint(1, 60)),
        )
        for index in range(people)
    ]  # fmt: skip


async def settings(town: Town, *pairs: str) -> None:
    for pair in ("automod-channel #private", "raid-watch on", "raid-joins 5", *pairs):
        await town.says(town.admin, f"!config set {pair}")


async def raid(town: Town, people: int = 6, *, then_seconds: float = 5) -> list[Person]:
    """The recorded raid, with new accounts: each joins as far after the one before as it was then."""
    raiders, last = [], None
    for join in recorded_raid(people):
        if last is not None:
            await town.wait(seconds=(join.at - last).total_seconds())
        last = join.at
        raiders.append(town.outsider(join.name))
        await town.join(raiders[-1])
    await town.wait(seconds=then_seconds)
    return raiders
