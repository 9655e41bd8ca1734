"""What there is to know about a case besides who, why and when: which roles, which channels, which name, by kind."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from cogs.moderation.kinds import title_of
from cogs.moderation.massban.rules import KIND
from cogs.moderation.massban.texts import summary
from cogs.moderation.purge.texts import purged
from database.moderation import Case
from utils.formatting import code, safe
from utils.i18n import _, format_list
from utils.time import human_duration

MOST_NAMED: Final = 20  # roles or channels


def detail_fields(case: Case) -> list[tuple[str, str]]:
    """Names and values of the fields that a case's kind has of its own. In the current language."""
    details, before = case.details, case.state_before
    fields: list[tuple[str, str]] = []
    if case.kind == "purge":
        fields.append((_("Messages"), purged(case)))
    if case.kind == KIND:
        fields.append((_("People"), summary(case)))
    if role_id := details.get("role_id"):
        fields.append((_("Role"), f"<@&{int(role_id)}>"))
    if channels := _ids(details.get("channels")):
        fields.append((_("Channels"), _mentions("<#{}>", channels)))
    if channel_id := details.get("channel_id"):
        fields.append((_("To"), f"<#{int(channel_id)}>"))
    if "seconds" in details:
        fields.append((_("Slowmode"), pace(int(details["seconds"]))))
    if undoes := details.get("undoes"):
        undone = _("Case {number} ({kind})").format(number=int(undoes), kind=title_of(details["undone_kind"]))
        fields.append((_("Undone"), undone))
    if case.kind == "nick":
        fields.append((_("Nickname"), f"{_nick(before.get('nick'))} → {_nick(details.get('nick'))}"))
    if case.kind == "unban" and (banned_for := before.get("reason")):
        fields.append((_("Banned for"), safe(str(banned_for))))
    if case.kind == "jail" and (roles := _ids(before.get("roles"))):
        fields.append((_("Roles taken"), _mentions("<@&{}>", roles)))
    if roles := _ids(details.get("roles_back")):
        fields.append((_("Roles given back"), _mentions("<@&{}>", roles)))
    return fields


def pace(seconds: int) -> str:
    """A slowmode as people read it."""
    return human_duration(timedelta(seconds=seconds)) if seconds else _("off")


def _ids(value: Any) -> list[int]:
    return [int(one) for one in value] if isinstance(value, list) else []


def _mentions(form: str, ids: Sequence[int]) -> str:
    named = [form.format(one) for one in ids[:MOST_NAMED]]
    return format_list([*named, *["…"] * (len(ids) > MOST_NAMED)])


def _nick(name: Any) -> str:
    return code(str(name)) if name else _("none")
