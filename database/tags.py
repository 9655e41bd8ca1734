"""Tags: texts that members keep under a name, and all that each is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from database.errors import ConstraintViolated
from database.manager import DatabaseManager, Row
from database.values import moment

LENGTH_SLACK: Final = 5  # characters, by which a mistyped name is longer or shorter
MOST_COMPARED: Final = 200  # names that a mistyped one is compared with: it takes a moment for each


@dataclass(frozen=True, slots=True)
class Tag:
    """A text under a name. `uses` has those that were written already."""

    id: int
    guild_id: int
    name: str
    content: str
    owner_id: int
    created_at: datetime
    edited_at: datetime | None = None
    uses: int = 0


@dataclass(frozen=True, slots=True)
class TagNumbers:
    """How much a guild's tags are used, or one member's."""

    tags: int
    uses: int


class TagsStore:
    """The tables `tags` and `tag_names`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, tag: Tag) -> bool:
        """Keep a tag; False if something is called so already."""
        try:
            async with self.db.transaction():
                await self.db.execute(
                    "INSERT INTO tags (id, guild_id, name, content, owner_id, created_at)"
                    " VALUES ($1, $2, $3, $4, $5, $6)",
                    tag.id, tag.guild_id, tag.name, tag.content, tag.owner_id, tag.created_at,
                )  # fmt: skip
                await self._name(tag, tag.name)
        except ConstraintViolated:
            return False
        return True

    async def add_alias(self, tag: Tag, name: str) -> bool:
        """Call a tag something else besides; False if something is called so already, or the tag is gone."""
        try:
            await self._name(tag, name)
        except ConstraintViolated:
            return False
        return True

    async def _name(self, tag: Tag, name: str) -> None:
        await self.db.execute(
            "INSERT INTO tag_names (guild_id, name, tag_id) VALUES ($1, $2, $3)", tag.guild_id, name, tag.id
        )

    async def named(self, guild_id: int, name: str) -> Tag | None:
        """The tag of this name or alias."""
        row = await self.db.fetchone(
            "SELECT tags.* FROM tag_names JOIN tags ON tags.id = tag_names.tag_id"
            " WHERE tag_names.guild_id = $1 AND tag_names.name = $2",
            guild_id, name,
        )  # fmt: skip
        return None if row is None else _tag(row)

    async def names_like(self, guild_id: int, name: str) -> list[str]:
        """Names and aliases of a guild that are about as long as this one: among them is what was mistyped."""
        rows = await self.db.fetchall(
            "SELECT name FROM tag_names WHERE guild_id = $1 AND LENGTH(name) BETWEEN $2 AND $3"
            " ORDER BY ABS(LENGTH(name) - $4), name LIMIT $5",
            guild_id, len(name) - LENGTH_SLACK, len(name) + LENGTH_SLACK, len(name), MOST_COMPARED,
        )  # fmt: skip
        return [row["name"] for row in rows]

    async def aliases(self, tag: Tag) -> list[str]:
        """What else a tag is called."""
        rows = await self.db.fetchall(
            "SELECT name FROM tag_names WHERE tag_id = $1 AND name <> $2 ORDER BY name", tag.id, tag.name
        )
        return [row["name"] for row in rows]

    async def all_of(self, guild_id: int) -> list[tuple[Tag, list[str]]]:
        """A guild's tags by name, each with what else it is called."""
        rows = await self.db.fetchall("SELECT * FROM tags WHERE guild_id = $1 ORDER BY name", guild_id)
        names = await self.db.fetchall(
            "SELECT name, tag_id FROM tag_names WHERE guild_id = $1 ORDER BY name", guild_id
        )
        called: dict[int, list[str]] = {}
        for one in names:
            called.setdefault(one["tag_id"], []).append(one["name"])
        return [(_tag(row), [name for name in called.get(row["id"], ()) if name != row["name"]]) for row in rows]

    async def edit(self, tag_id: int, content: str, at: datetime) -> bool:
        """Change a tag's text; False if it is gone."""
        changed = await self.db.execute(
            "UPDATE tags SET content = $2, edited_at = $3 WHERE id = $1", tag_id, content, at
        )
        return changed == 1

    async def hand_over(self, tag: Tag, owner_id: int) -> bool:
        """Give a tag to somebody else; False if it isn't its owner's any more, or gone."""
        changed = await self.db.execute(
            "UPDATE tags SET owner_id = $3 WHERE id = $1 AND owner_id = $2", tag.id, tag.owner_id, owner_id
        )
        return changed == 1

    async def remove(self, tag: Tag) -> bool:
        """Delete a tag and all its names; False if it is gone already."""
        return await self.db.execute("DELETE FROM tags WHERE id = $1", tag.id) == 1

    async def remove_alias(self, tag: Tag, name: str) -> bool:
        """Call a tag so no longer; False if it wasn't, or it is the tag's own name."""
        removed = await self.db.execute(
            "DELETE FROM tag_names WHERE tag_id = $1 AND name = $2 AND name <> $3", tag.id, name, tag.name
        )
        return removed == 1

    async def search(self, guild_id: int, words: str) -> list[str]:
        """Names and aliases with these words in them."""
        pattern = "%" + words.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        rows = await self.db.fetchall(
            "SELECT name FROM tag_names WHERE guild_id = $1 AND name LIKE $2 ESCAPE '!' ORDER BY name",
            guild_id, pattern,
        )  # fmt: skip
        return [row["name"] for row in rows]

    async def names(self, guild_id: int, owner_id: int | None = None) -> list[str]:
        """What a guild's tags are called, or one member's."""
        rows = await self.db.fetchall(
            "SELECT name FROM tags WHERE guild_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR owner_id = $2)"
            " ORDER BY name",
            guild_id, owner_id,
        )  # fmt: skip
        return [row["name"] for row in rows]

    async def numbers(self, guild_id: int, owner_id: int | None = None) -> TagNumbers:
        """How many tags a guild has, or one member, and how often they were used."""
        row = await self.db.fetchone(
            "SELECT COUNT(*) AS tags, COALESCE(SUM(uses), 0) AS uses FROM tags"
            " WHERE guild_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR owner_id = $2)",
            guild_id, owner_id,
        )  # fmt: skip
        assert row is not None
        return TagNumbers(row["tags"], int(row["uses"]))

    async def most_used(self, guild_id: int, owner_id: int | None, count: int) -> list[Tag]:
        """The tags that were used most, of a guild or of one member."""
        rows = await self.db.fetchall(
            "SELECT * FROM tags WHERE guild_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR owner_id = $2) AND uses > 0"
            " ORDER BY uses DESC, name LIMIT $3",
            guild_id, owner_id, count,
        )  # fmt: skip
        return [_tag(row) for row in rows]

    async def busiest_owners(self, guild_id: int, count: int) -> list[tuple[int, TagNumbers]]:
        """Whose tags were used most."""
        rows = await self.db.fetchall(
            "SELECT owner_id, COUNT(*) AS tags, SUM(uses) AS uses FROM tags WHERE guild_id = $1"
            " GROUP BY owner_id ORDER BY SUM(uses) DESC, owner_id LIMIT $2",
            guild_id, count,
        )  # fmt: skip
        return [(row["owner_id"], TagNumbers(row["tags"], int(row["uses"]))) for row in rows]

    async def add_uses(self, batch_id: int, uses: Mapping[int, int]) -> None:
        """Count uses by the tag's id; a batch that is written already isn't counted again."""
        await self.db.executemany(
            "UPDATE tags SET uses = uses + $3, last_batch = $2 WHERE id = $1 AND last_batch <> $2",
            [(tag_id, batch_id, count) for tag_id, count in sorted(uses.items())],
        )


def _tag(row: Row) -> Tag:
    created_at = moment(row["created_at"])
    assert created_at is not None
    return Tag(
        row["id"], row["guild_id"], row["name"], row["content"], row["owner_id"], created_at,
        moment(row["edited_at"]), row["uses"],
    )  # fmt: skip
