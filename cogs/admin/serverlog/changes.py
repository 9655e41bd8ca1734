"""What changed of something, in words: of an entry of the audit log, or of something before and after.

Both name what changed alike, so there is one table of what is shown.
"""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, Final

import discord

from utils.formatting import code, safe, truncate
from utils.i18n import N_, _, format_list, format_number, translate
from utils.permissions import permission_names

LONGEST_VALUE: Final = 300
_MISSING: Final = object()

FIELDS: Final[Mapping[str, str]] = {
    "name": N_("Name"),
    "nick": N_("Nickname"),
    "topic": N_("Topic"),
    "description": N_("Description"),
    "category": N_("Category"),
    "type": N_("Type"),
    "nsfw": N_("Age-restricted"),
    "slowmode_delay": N_("Slowmode in seconds"),
    "default_thread_slowmode_delay": N_("Slowmode of new threads in seconds"),
    "bitrate": N_("Bitrate"),
    "user_limit": N_("Most people"),
    "rtc_region": N_("Voice region"),
    "archived": N_("Archived"),
    "locked": N_("Locked"),
    "invitable": N_("Members can invite"),
    "auto_archive_duration": N_("Archived after minutes"),
    "colour": N_("Colour"),
    "hoist": N_("Shown separately"),
    "mentionable": N_("Anyone can mention it"),
    "unicode_emoji": N_("Emoji"),
    "emoji": N_("Emoji"),
    "icon": N_("Icon"),
    "banner": N_("Banner"),
    "splash": N_("Invite picture"),
    "owner": N_("Owner"),
    "verification_level": N_("Verification level"),
    "explicit_content_filter": N_("Filter of explicit media"),
    "default_notifications": N_("Default notifications"),
    "mfa_level": N_("Two-factor authentication for moderators"),
    "afk_channel": N_("AFK channel"),
    "afk_timeout": N_("AFK after seconds"),
    "system_channel": N_("System channel"),
    "rules_channel": N_("Rules channel"),
    "public_updates_channel": N_("Channel for updates"),
    "vanity_url_code": N_("Vanity address"),
    "preferred_locale": N_("Language"),
    "widget_enabled": N_("Widget"),
    "premium_progress_bar_enabled": N_("Boost progress bar"),
    "channel": N_("Channel"),
    "max_uses": N_("Most uses"),
    "max_age": N_("Lasts for seconds"),
    "temporary": N_("Temporary membership"),
    "mute": N_("Muted in voice channels"),
    "deaf": N_("Deafened in voice channels"),
    "timed_out_until": N_("Timed out until"),
}
"""What is shown of changes, by discord.py's names."""
ONLY_THAT: Final = frozenset({"icon", "banner", "splash"})
"""Of these, only that they changed."""


def differences(before: Any, after: Any, *, leave_out: Collection[str] = ()) -> list[str]:
    """A line for each difference that is shown; what is in neither of both didn't change.

    Of something new, what it doesn't have isn't listed.
    """
    lines = []
    for name, label in FIELDS.items():
        old, new = getattr(before, name, _MISSING), getattr(after, name, _MISSING)
        old, new = (None if old is _MISSING else old), (None if new is _MISSING else new)
        if old == new or name in leave_out or (old is None and _is_nothing(new)):
            continue
        if name in ONLY_THAT:
            lines.append(_("**{what}** changed").format(what=translate(label)))
        else:
            line = _("**{what}**: {before} → {after}")
            lines.append(line.format(what=translate(label), before=shown(old), after=shown(new)))
    return lines + permissions_changed(before, after)


def _is_nothing(value: Any) -> bool:
    return value in (None, False, 0, "") or (isinstance(value, discord.Colour) and value.value == 0)


def permissions_changed(before: Any, after: Any) -> list[str]:
    """Lines that say what a role may now, or an overwrite allows and denies now, and didn't before."""
    lines = []
    for name, more, less in (
        ("permissions", N_("Gained {permissions}"), N_("Lost {permissions}")),
        ("allow", N_("Allows {permissions}"), N_("No longer allows {permissions}")),
        ("deny", N_("Denies {permissions}"), N_("No longer denies {permissions}")),
    ):
        old, new = _granted(getattr(before, name, None)), _granted(getattr(after, name, None))
        for sentence, names in ((more, new - old), (less, old - new)):
            if names:
                lines.append(translate(sentence).format(permissions=format_list(permission_names(sorted(names)))))
    return lines


def _granted(permissions: Any) -> set[str]:
    return {name for name, on in permissions if on} if isinstance(permissions, discord.Permissions) else set()


def shown(value: Any) -> str:
    """A value of something Discord has."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, Enum) or type(value).__name__ in {"ChannelType", "VerificationLevel", "Locale"}:
        return code(str(getattr(value, "name", value)).replace("_", " "))
    if isinstance(value, int):
        return format_number(value)
    if isinstance(value, str):
        return safe(truncate(value, LONGEST_VALUE))
    return _thing(value)


def _thing(value: Any) -> str:
    mention = getattr(value, "mention", None)
    if isinstance(mention, str):
        return mention
    if hasattr(value, "timestamp"):
        return discord.utils.format_dt(value, "f")
    name = getattr(value, "name", None)
    if isinstance(name, str):
        return code(name.replace("_", " "))
    return code(str(getattr(value, "id", value)))
