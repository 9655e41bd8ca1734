"""Roles that are somebody's for a time only, whoever gave them and whatever takes them."""

from database.birthdays import BirthdaysStore
from database.deliveries import ShopRolesStore
from database.manager import DatabaseManager
from database.role_menus import TermsStore
from database.sanctions import SanctionsStore


async def roles_for_a_time(db: DatabaseManager, guild_id: int, user_id: int) -> set[int]:
    """The ids of these roles, of which the time isn't over: from staff, the shop, a role menu or a birthday."""
    found = {one.role_id for one in await SanctionsStore(db).of(guild_id, user_id) if one.role_id}
    found |= {one.role_id for one in await ShopRolesStore(db).of(guild_id, user_id)}
    found |= {one.role_id for one in await TermsStore(db).of(guild_id, user_id)}
    birthday = await BirthdaysStore(db).role_of(guild_id, user_id)
    return found if birthday is None else found | {birthday.role_id}
