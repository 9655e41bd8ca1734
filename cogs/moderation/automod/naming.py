"""What a rule may be called, and who may make it."""

import re
from typing import Final

import discord

from cogs.moderation.automod.clauses import PERMISSIONS, Clauses
from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _, format_list
from utils.permissions import permission_names, why_not_role

NAME: Final = re.compile(r"[^\W_][\w-]{0,31}")


def read_name(text: str) -> str:
    """A rule's name. Raises UserError."""
    name = text.strip().casefold()
    if not NAME.fullmatch(name) or name.isdigit():
        shown = code(truncate(text, 40))
        raise UserError(_("{name} is no name for a rule: take one word of letters, up to 32.").format(name=shown))
    return name


def why_not_make(member: discord.Member, clauses: Clauses) -> str | None:
    """Why somebody may not make a rule: it does what they couldn't do themselves. A sentence, None if they may."""
    needed = dict.fromkeys(PERMISSIONS[name] for name in clauses if name in PERMISSIONS)
    missing = [name for name in needed if not getattr(member.guild_permissions, name)]
    if missing:
        names = format_list(permission_names(missing))
        return _("You need {permissions} for a rule that does this.").format(permissions=names)
    role = member.guild.get_role(clauses["give"][0]) if "give" in clauses else None
    if role is None:
        return None
    return why_not_role(member, role, actor_is_bot=False) or why_not_role(member.guild.me, role, actor_is_bot=True)
