"""Role menus, their roles, and the roles that members took for a time."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class MenuRole:
    """A role of a menu. `powers` are the powerful permissions that staff agreed to give away with it."""

    role_id: int
    label: str
    emoji: str | None = None
    powers: int = 0


@dataclass(frozen=True, slots=True)
class RoleMenu:
    """A message by which members give themselves roles. `most` is 0 for all; `seconds` None for good."""

    id: int
    guild_id: int
    name: str
    text: str | None = None
    style: str = "buttons"
    mode: str = "toggle"
    most: int = 0
    required_role_id: int | None = None
    seconds: int | None = None
    channel_id: int | None = None
    message_id: int | None = None
    roles: tuple[MenuRole, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Term:
    """A role that a member took until a moment."""

    guild_id: int
    user_id: int
    role_id: int
    ends_at: datetime
    timer_id: int
    tries: int = 0


class RoleMenusStore:
    """The tables `role_menus` and `role_menu_roles`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def create(self, menu: RoleMenu, most_menus: int) -> bool:
        """Write a menu down, but for its message; False if the guild has `most_menus`, or one of that name."""
        async with self.db.transaction():
            made = await self.db.execute(
                "INSERT INTO role_menus (id, guild_id, name, key, text, style, mode, most, required_role_id, seconds)"
                " SELECT $1::bigint, $2::bigint, $3::text, $4::text, $5::text, $6::text, $7::text, $8::bigint,"
                " $9::bigint, $10::bigint"
                " WHERE (SELECT COUNT(*) FROM role_menus WHERE guild_id = $2) < $11"
                " ON CONFLICT (guild_id, key) DO NOTHING",
                menu.id, menu.guild_id, menu.name, menu.name.casefold(), menu.text, menu.style, menu.mode, menu.most,
                menu.required_role_id, menu.seconds, most_menus,
            )  # fmt: skip
            if made:
                for role in menu.roles:
                    await self.put_role(menu.id, role, len(menu.roles))
        return bool(made)

    async def put_role(self, menu_id: int, role: MenuRole, most_roles: int) -> bool:
        """Add a role at the end, or change one that is there; False if the menu would have more than `most_roles`."""
        changed = await self.db.execute(
            "INSERT INTO role_menu_roles (menu_id, role_id, position, label, emoji, powers)"
            " SELECT $1::bigint, $2::bigint,"
            " (SELECT COALESCE(MAX(position), 0) + 1 FROM role_menu_roles WHERE menu_id = $1),"
            " $3::text, $4::text, $5::bigint"
            " WHERE (SELECT COUNT(*) FROM role_menu_roles WHERE menu_id = $1 AND role_id <> $2) < $6"
            " AND EXISTS (SELECT 1 FROM role_menus WHERE id = $1)"
            " ON CONFLICT (menu_id, role_id) DO UPDATE"
            " SET label = excluded.label, emoji = excluded.emoji, powers = excluded.powers",
            menu_id, role.role_id, role.label, role.emoji, role.powers, most_roles,
        )  # fmt: skip
        return bool(changed)

    async def remove_role(self, menu_id: int, role_id: int) -> bool:
        """Take a role out of a menu; whether it was in there."""
        return bool(
            await self.db.execute("DELETE FROM role_menu_roles WHERE menu_id = $1 AND role_id = $2", menu_id, role_id)
        )

    async def get(self, menu_id: int) -> RoleMenu | None:
        """A menu by the id that its buttons have."""
        return next(iter(await self._read("id = $1", menu_id)), None)

    async def named(self, guild_id: int, name: str) -> RoleMenu | None:
        """A guild's menu by its name, whatever its case."""
        return next(iter(await self._read("guild_id = $1 AND key = $2", guild_id, name.casefold())), None)

    async def of_guild(self, guild_id: int) -> list[RoleMenu]:
        """All of a guild, by name."""
        return await self._read("guild_id = $1", guild_id)

    async def with_role(self, role_id: int) -> list[RoleMenu]:
        """The menus in which a role is."""
        return await self._read("id IN (SELECT menu_id FROM role_menu_roles WHERE role_id = $1)", role_id)

    async def change(self, menu: RoleMenu) -> bool:
        """Write down what a menu is like now, but for its name, its roles and its message; False if it is gone."""
        changed = await self.db.execute(
            "UPDATE role_menus SET text = $2, style = $3, mode = $4, most = $5, required_role_id = $6, seconds = $7"
            " WHERE id = $1",
            menu.id, menu.text, menu.style, menu.mode, menu.most, menu.required_role_id, menu.seconds,
        )  # fmt: skip
        return bool(changed)

    async def posted(self, menu_id: int, channel_id: int, message_id: int) -> bool:
        """Write down where a menu is shown; False if it is gone."""
        changed = await self.db.execute(
            "UPDATE role_menus SET channel_id = $2, message_id = $3 WHERE id = $1", menu_id, channel_id, message_id
        )
        return bool(changed)

    async def remove(self, menu_id: int) -> bool:
        """Forget a menu; whether there was one."""
        return bool(await self.db.execute("DELETE FROM role_menus WHERE id = $1", menu_id))

    async def _read(self, which: str, *values: int | str) -> list[RoleMenu]:
        """The menus that a condition names, by name, with their roles."""
        rows = await self.db.fetchall(f"SELECT * FROM role_menus WHERE {which} ORDER BY key, id", *values)
        of_menus = f"menu_id IN (SELECT id FROM role_menus WHERE {which})"
        roles: dict[int, list[MenuRole]] = {}
        for row in await self.db.fetchall(
            f"SELECT menu_id, role_id, label, emoji, powers FROM role_menu_roles WHERE {of_menus}"
            " ORDER BY position, role_id",
            *values,
        ):
            role = MenuRole(row["role_id"], row["label"], row["emoji"], row["powers"])
            roles.setdefault(row["menu_id"], []).append(role)
        return [_menu(row, tuple(roles.get(row["id"], ()))) for row in rows]


class TermsStore:
    """The table `self_role_terms`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def put(self, term: Term) -> None:
        """Let a member's role end then, in place of when it would have before."""
        await self.db.execute(
            "INSERT INTO self_role_terms (guild_id, user_id, role_id, ends_at, timer_id, tries)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (guild_id, user_id, role_id) DO UPDATE"
            " SET ends_at = excluded.ends_at, timer_id = excluded.timer_id, tries = excluded.tries",
            term.guild_id, term.user_id, term.role_id, term.ends_at, term.timer_id, term.tries,
        )  # fmt: skip

    async def get(self, guild_id: int, user_id: int, role_id: int) -> Term | None:
        """Until when a member has a role; None if they took it for good, or haven't."""
        row = await self.db.fetchone(
            "SELECT * FROM self_role_terms WHERE guild_id = $1 AND user_id = $2 AND role_id = $3",
            guild_id, user_id, role_id,
        )  # fmt: skip
        return None if row is None else _term(row)

    async def of(self, guild_id: int, user_id: int) -> list[Term]:
        """All that a member took for a time."""
        rows = await self.db.fetchall(
            "SELECT * FROM self_role_terms WHERE guild_id = $1 AND user_id = $2 ORDER BY role_id", guild_id, user_id
        )
        return [_term(row) for row in rows]

    async def of_timer(self, timer_id: int) -> Term | None:
        """What a timer is about; None if that is over."""
        row = await self.db.fetchone("SELECT * FROM self_role_terms WHERE timer_id = $1", timer_id)
        return None if row is None else _term(row)

    async def remove(self, term: Term) -> bool:
        """Forget a term; False if it was forgotten or begun anew meanwhile."""
        removed = await self.db.execute(
            "DELETE FROM self_role_terms WHERE guild_id = $1 AND user_id = $2 AND role_id = $3 AND timer_id = $4",
            term.guild_id, term.user_id, term.role_id, term.timer_id,
        )  # fmt: skip
        return bool(removed)


def _menu(row: Row, roles: tuple[MenuRole, ...]) -> RoleMenu:
    values: dict[str, Any] = {name: value for name, value in row.items() if name != "key"}
    return RoleMenu(**values, roles=roles)


def _term(row: Row) -> Term:
    ends_at = moment(row["ends_at"])
    assert ends_at is not None
    return Term(**{**row, "ends_at": ends_at})
