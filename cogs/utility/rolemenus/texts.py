"""What is said about role menus: the message that is posted, what who uses it reads, and what staff reads."""

from collections.abc import Sequence
from datetime import timedelta

import discord

from cogs.utility.rolemenus.rules import Change
from database.role_menus import MenuRole, RoleMenu
from utils import embeds
from utils.formatting import BUTTON_LABEL_LIMIT, message_link, safe, truncate
from utils.giving_roles import powers, powers_shown, why_not_give
from utils.i18n import _, format_list, format_number, ngettext
from utils.time import human_duration


def mention(role_id: int) -> str:
    """A role, as Discord shows it."""
    return f"<@&{role_id}>"


def mentions(role_ids: Sequence[int]) -> str:
    """Several roles in a sentence."""
    return format_list([mention(role_id) for role_id in role_ids])


# --- the message


def posted(guild: discord.Guild, menu: RoleMenu) -> discord.Embed:
    """The message of a menu."""
    lines = [menu.text or _("Choose your roles.")]
    lines.append("\n".join(_line(guild, role) for role in menu.roles))
    lines.append("\n".join(f"-# {hint}" for hint in hints(menu)))
    return embeds.info("\n\n".join(filter(None, lines)), title=menu.name)


def _line(guild: discord.Guild, role: MenuRole) -> str:
    if guild.get_role(role.role_id) is None:
        return _("⚠️ {name} (deleted)").format(name=safe(role.label))
    return f"{role.emoji or '•'} {mention(role.role_id)}"


def label_of(guild: discord.Guild, role: MenuRole) -> str:
    """What stands on a role's button."""
    if guild.get_role(role.role_id) is None:
        return truncate(_("{name} (deleted)").format(name=role.label), BUTTON_LABEL_LIMIT)
    return truncate(role.label, BUTTON_LABEL_LIMIT)


def hints(menu: RoleMenu) -> list[str]:
    """What is to be known of a menu before it is used, a sentence each."""
    found = []
    if menu.mode == "unique":
        found.append(_("You can have one of these roles at a time."))
    elif menu.mode == "add":
        found.append(_("You can't give these roles back here."))
    elif menu.mode == "remove":
        found.append(_("Here you give these roles back."))
    if menu.most and menu.mode in {"toggle", "add"}:
        found.append(
            ngettext("You can have {most} of these roles.", "You can have up to {most} of these roles.", menu.most)
            .format(most=format_number(menu.most))
        )  # fmt: skip
    if menu.required_role_id is not None:
        found.append(_("You need {role}.").format(role=mention(menu.required_role_id)))
    if menu.seconds is not None and menu.mode != "remove":
        found.append(_("You keep a role for {duration}.").format(duration=_duration(menu.seconds)))
    return found


def _duration(seconds: int) -> str:
    return human_duration(timedelta(seconds=seconds))


# --- whoever uses it


def nothing_changes(menu: RoleMenu, change: Change) -> str:
    """Why a choice changes nothing."""
    if change.why_not == "full":
        return ngettext(
            "You can have {most} of these roles. Give one back first.",
            "You can have {most} of these roles at most. Give some back first.",
            menu.most,
        ).format(most=format_number(menu.most))
    if change.why_not == "has-not":
        return _("You don't have that role.")
    return _("You have that role already.")


def done(given: Sequence[int], taken: Sequence[int], ends: str | None) -> str:
    """What was given and taken; `ends` is the moment at which what was given ends."""
    sentences = []
    if given and ends is not None:
        sentences.append(_("You have {roles} until {moment}.").format(roles=mentions(given), moment=ends))
    elif given:
        sentences.append(_("You have {roles} now.").format(roles=mentions(given)))
    if taken:
        sentences.append(_("You don't have {roles} any more.").format(roles=mentions(taken)))
    return "\n".join(sentences)


# --- staff


def why_not(guild: discord.Guild, role: MenuRole, *, gives: bool = True) -> str | None:
    """Why a role of a menu can't be given or taken, in a sentence; None if it can."""
    found = guild.get_role(role.role_id)
    sentence = why_not_give(guild, found)
    if sentence is None and gives and found is not None and (more := powers(found) & ~role.powers):
        return _("It gives these permissions, which nobody agreed to give away here: {permissions}.").format(
            permissions=powers_shown(more)
        )
    return sentence


def described(guild: discord.Guild, menu: RoleMenu) -> discord.Embed:
    """A menu as staff sees it, with what is wrong about its roles."""
    lines = []
    for role in menu.roles:
        lines.append(_line(guild, role))
        why = why_not(guild, role)
        if why is not None and guild.get_role(role.role_id) is not None:
            lines.append("⚠️ " + why)
    if not menu.roles:
        lines.append(_("It has no roles yet."))
    lines += [f"-# {hint}" for hint in hints(menu)]
    lines.append(_("Mode: {mode}. Style: {style}.").format(mode=f"`{menu.mode}`", style=f"`{menu.style}`"))
    if menu.message_id is None:
        lines.append(_("It isn't posted anywhere."))
    else:
        link = message_link(guild.id, menu.channel_id, menu.message_id)
        lines.append(_("Posted in {channel}: {link}").format(channel=f"<#{menu.channel_id}>", link=link))
    return embeds.info("\n".join(lines), title=menu.name)
