"""The message about a new level."""

from collections.abc import Sequence

import discord

from cogs.leveling.service import LevelMove
from utils.formatting import MESSAGE_LIMIT, safe, truncate
from utils.i18n import _, format_list, format_number
from utils.templates import fill


def level_up_text(
    guild: discord.Guild,
    move: LevelMove,
    roles: Sequence[discord.Role],
    *,
    template: str | None,
    name: str,
    directly: bool,
) -> str:
    """What is said of a new level, by the server's template if it has one; `directly` to the member alone.

    `roles` are those that the levels bring. Direct messages name them: a mention shows nothing there.
    """
    shown_roles = format_list([safe(role.name) if directly else role.mention for role in roles])
    values = {
        "member": f"<@{move.user_id}>",
        "name": safe(name),
        "level": format_number(move.new_level),
        "old_level": format_number(move.old_level),
        "xp": format_number(move.xp),
        "server": discord.utils.escape_markdown(guild.name),
        "roles": shown_roles or _("none"),
    }
    return truncate(
        _own_words(values, bool(roles), directly) if template is None else fill(template, values), MESSAGE_LIMIT
    )


def _own_words(values: dict[str, str], brings_roles: bool, directly: bool) -> str:
    if directly and brings_roles:
        text = _("🎉 You have reached level **{level}** in {server}. It brings you {roles}.")
    elif directly:
        text = _("🎉 You have reached level **{level}** in {server}.")
    elif brings_roles:
        text = _("🎉 {member} has reached level **{level}**. It brings {roles}.")
    else:
        text = _("🎉 {member} has reached level **{level}**.")
    return text.format(**values)
