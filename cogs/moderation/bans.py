"""Looking into a guild's list of bans."""

from collections.abc import Iterable

import discord

from utils.errors import UserError
from utils.formatting import code, quoted
from utils.i18n import _, format_list, ngettext
from utils.lookup import user_id_in

MOST_SEARCHED = 20_000  # bans; Discord gives a thousand at once, and has no search by name
BANS_A_PAGE = 1_000  # Discord's limit
MOST_LISTED = 5  # candidates named in an error


async def banned(guild: discord.Guild, user_id: int) -> discord.BanEntry | None:
    """The ban of somebody; None if they aren't banned."""
    try:
        return await guild.fetch_ban(discord.Object(user_id))
    except discord.NotFound:
        return None


async def banned_among(
    guild: discord.Guild, user_ids: Iterable[int], *, most_pages: int | None = None
) -> dict[int, str | None]:
    """Who of these people is banned, with the reason that Discord has, in as few calls as possible.

    Discord gives the list by id, so what lies between those who are looked for is left out. After `most_pages`
    nobody further is found.
    """
    wanted = sorted(user_ids)
    found: dict[int, str | None] = {}
    pages = 0
    while wanted and (most_pages is None or pages < most_pages):
        pages += 1
        after = discord.Object(wanted[0] - 1)
        page = {entry.user.id: entry.reason async for entry in guild.bans(limit=BANS_A_PAGE, after=after)}
        found |= {user_id: page[user_id] for user_id in wanted if user_id in page}
        last = max([wanted[0], *page])  # nobody is asked about twice
        wanted = [user_id for user_id in wanted if user_id > last] if len(page) >= BANS_A_PAGE else []
    return found


async def find_ban(guild: discord.Guild, text: str) -> discord.User | discord.Object:
    """Who is meant among the banned: by mention, id or name. Raises UserError; an id isn't looked up here."""
    if user_id := user_id_in(text.strip()):
        entry = await banned(guild, user_id)
        return entry.user if entry is not None else discord.Object(user_id)
    name = text.strip().removeprefix("@").casefold()
    found: dict[int, discord.User] = {}
    async for entry in guild.bans(limit=MOST_SEARCHED):
        if entry.user.name.casefold() == name:
            return entry.user  # nobody else has this user name
        if _is_called(entry.user, name):
            found[entry.user.id] = entry.user
    return _only_one(text, list(found.values()))


def _is_called(user: discord.User, beginning: str) -> bool:
    return any(name is not None and name.casefold().startswith(beginning) for name in (user.name, user.global_name))


def _only_one(text: str, found: list[discord.User]) -> discord.User:
    shown = quoted(text)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError(_("Nobody called “{text}” is banned here. Try their id.").format(text=shown))
    listed = [f"{code(user.name)} ({user.id})" for user in found[:MOST_LISTED]]
    more = len(found) - len(listed)
    if more:
        listed.append(ngettext("{count} more", "{count} more", more).format(count=more))
    raise UserError(
        _("“{text}” could be {candidates}. Say which one, by id.").format(
            text=shown, candidates=format_list(listed, style="or")
        )
    )
