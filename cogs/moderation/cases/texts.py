"""Cases as people read them: whole, as an embed of the log, and as a line of a list. In the current language."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import discord

from cogs.moderation.cases.details import detail_fields
from cogs.moderation.kinds import KINDS, UNDO, title_of
from cogs.moderation.massban.texts import people_line
from database.moderation import Case, CaseChange
from utils import embeds
from utils.formatting import EMBED_FIELD_VALUE_LIMIT, message_link, safe, truncate
from utils.i18n import N_, _, format_list, translate
from utils.time import human_duration, timestamp

STAFF_ONLY: Final = frozenset({"note"})
"""Kinds whose text stands only where nobody but staff reads."""
SHORT_REASON: Final = 150  # characters, in lists
MOST_CHILDREN_NAMED: Final = 20

SOURCES: Final = {
    "command": "{moderator}", "button": N_("{moderator}, by a button"),
    "client": N_("{moderator}, in Discord's own menu"), "escalation": N_("{moderator}, as follows on warnings"),
    "timer": N_("{moderator}, since its time was up"), "automod": N_("{moderator}, by automod"),
    "undo": N_("{moderator}, by an undo"),
}  # fmt: skip
FIELDS: Final = {
    "reason": N_("Reason"), "ends_at": N_("End"), "points": N_("Points"), "status": N_("State"),
}  # fmt: skip


# --- One case ----------------------------------------------------------------------------------------------


def log_embed(case: Case, *, show_text: bool, last_change: CaseChange | None = None) -> discord.Embed:
    """A case in the log. `show_text` says whether what is for staff alone may be read there."""
    embed = _head(case)
    for name, value, inline in _common(case, show_text=show_text):
        embed.add_field(name=name, value=truncate(value, EMBED_FIELD_VALUE_LIMIT), inline=inline)
    if last_change is not None:
        changed = f"<@{last_change.changed_by}>, {timestamp(last_change.changed_at, 'R')}"
        embed.add_field(name=_("Changed by"), value=changed, inline=False)
    return embed


def whole_case(
    case: Case, *, changes: Sequence[CaseChange], children: Sequence[Case], in_force: bool, show_text: bool
) -> list[discord.Embed]:
    """Everything there is to know about a case, in one embed or as many as Discord's limits ask for."""
    fields = [(name, value) for name, value, _inline in _common(case, show_text=show_text)]
    # Of a warning the end says it.
    if case.status == "done" and not case.points and (in_force or is_over_early(case, in_force=in_force)):
        fields.append((_("In force"), _("yes") if in_force else _("no: it was lifted or replaced before its end")))
    fields.append((_("When"), timestamp(case.opened_at, "F")))
    if told := _told(case):
        fields.append((_("Told"), told))
    if case.log_channel_id and case.log_message_id:
        link = message_link(case.guild_id, case.log_channel_id, case.log_message_id)
        fields.append((_("In the log"), _("[the message]({link})").format(link=link)))
    if children:
        fields.append((_("Further cases"), _children(children)))
    if changes:
        lines = [_change_line(change, hidden=is_hidden(case, show_text=show_text)) for change in changes]
        fields.append((_("Changes"), "\n".join(lines)))
    return embeds.with_fields(_head(case), fields)


def is_hidden(case: Case, *, show_text: bool) -> bool:
    """Whether a case's text is for staff alone, and this is not the place."""
    return case.kind in STAFF_ONLY and not show_text


def _head(case: Case) -> discord.Embed:
    kind = KINDS.get(case.kind)
    number = _("Case {number}").format(number=case.number)
    title = f"{emoji_of(case.kind)} {title_of(case.kind)} · {number}"
    return discord.Embed(title=title, colour=kind.colour if kind else None, timestamp=case.opened_at)


def _common(case: Case, *, show_text: bool) -> list[tuple[str, str, bool]]:
    """The fields that both the log and the whole case have: name, value, whether it stands beside others."""
    fields = []
    if case.target_id is not None:
        who = f"<@{case.target_id}> · {safe(case.target_name or '')} · `{case.target_id}`"
        fields.append((_("Who"), who, False))
    fields += [(name, value, False) for name, value in detail_fields(case)]
    if case.reason or _wants_reason(case):
        fields.append((_("Reason"), _reason(case, show_text=show_text), False))
    fields.append((_("By"), _by(case), True))
    if case.ends_at is not None:
        fields.append(
            (_("Counts") if case.kind == "warn" else _("Length"), _length(case.opened_at, case.ends_at), True)
        )
    if case.points:
        fields.append((_("Points"), str(case.points), True))
    if case.parent and case.kind != UNDO:  # which names it already
        fields.append((_("Belongs to"), _("Case {number}").format(number=case.parent), True))
    if case.channel_id and case.message_id:
        link = message_link(case.guild_id, case.channel_id, case.message_id)
        fields.append((_("Where"), _("[the message]({link})").format(link=link), True))
    if state := state_of(case):
        fields.append((_("State"), state, False))
    elif case.told == "closed":
        fields.append((_("State"), _("They couldn't be told: their direct messages are closed."), False))
    return fields


def _wants_reason(case: Case) -> bool:
    """Whether that there is none is worth a line: of a punishment it is, of a nickname or a clock it isn't."""
    kind = KINDS.get(case.kind)
    return case.source != "timer" and kind is not None and kind.told != ""


def _reason(case: Case, *, show_text: bool) -> str:
    if is_hidden(case, show_text=show_text):
        return _("*for staff only: ask in a channel that nobody else can read*")
    return safe(case.reason) if case.reason else _("none given")


def _by(case: Case) -> str:
    who = f"<@{case.moderator_id}>" if case.moderator_id else safe(case.moderator_name)
    return translate(SOURCES.get(case.source, SOURCES["command"])).format(moderator=who)


def _length(begins: datetime, ends: datetime) -> str:
    # To the second: a lock begins a little after its end was counted.
    length = timedelta(seconds=round((ends - begins).total_seconds()))
    return _("{length}, until {when}").format(length=human_duration(length), when=timestamp(ends))


def is_over_early(case: Case, *, in_force: bool) -> bool:
    """Whether what was to last longer isn't in force: lifted by somebody, or replaced."""
    return not in_force and case.ends_at is not None and case.ends_at > discord.utils.utcnow() and not case.points


def state_of(case: Case) -> str | None:
    """What is to be said about how a case stands; None for one that was simply done."""
    if case.status == "pending":
        return _("under way")
    if case.status == "failed":
        return _("failed: {why}").format(why=case.failure or "")
    if case.status == "undone":
        return _("undone")
    return _("done in part: {why}").format(why=case.failure) if case.failure else None


def _told(case: Case) -> str | None:
    kind = KINDS.get(case.kind)
    if case.told == "sent":
        return _("yes, by direct message")
    if case.told == "closed":
        return _("no: their direct messages are closed")
    return _("no") if kind and kind.told else None


def _children(children: Sequence[Case]) -> str:
    named = [f"**#{child.number}** {title_of(child.kind)}" for child in children[:MOST_CHILDREN_NAMED]]
    return format_list([*named, *["…"] * (len(children) > MOST_CHILDREN_NAMED)])


def _change_line(change: CaseChange, *, hidden: bool) -> str:
    values = {
        "field": translate(FIELDS[change.field]) if change.field in FIELDS else change.field,
        "who": f"<@{change.changed_by}>",
        "when": timestamp(change.changed_at, "R"),
        "old": _value(change.field, change.old_value),
        "new": _value(change.field, change.new_value),
    }
    if change.field == "status" and change.new_value == "undone":
        return _("{when} {who} undid it.").format(**values)
    if hidden and change.field == "reason":
        return _("{when} {who} changed **{field}**.").format(**values)
    return _("{when} {who} changed **{field}** from {old} to {new}.").format(**values)


def _value(field: str, value: str | None) -> str:
    if value is None:
        return _("nothing")
    if field == "ends_at":
        return timestamp(datetime.fromisoformat(value))
    return f"“{safe(truncate(value, SHORT_REASON))}”"


# --- Many --------------------------------------------------------------------------------------------------


def emoji_of(kind: str) -> str:
    """The sign of a kind of case."""
    return KINDS[kind].emoji if kind in KINDS else "•"


def case_line(case: Case, *, with_target: bool, in_force: bool, show_text: bool) -> str:
    """A case in a list: a line, and its reason below."""
    title = title_of(case.kind)
    if case.kind == UNDO and case.parent:
        title = _("Undo of case {number}").format(number=case.parent)
    words = [f"**#{case.number}** {emoji_of(case.kind)} {title}"]
    if with_target and case.target_id is not None:
        words.append(f"<@{case.target_id}> ({safe(truncate(case.target_name or '', 32))})")
    if people := people_line(case):
        words.append(people)
    words.append(timestamp(case.opened_at, "R"))
    words.append(_("by {moderator}").format(
        moderator=f"<@{case.moderator_id}>" if case.moderator_id else safe(case.moderator_name)
    ))  # fmt: skip
    words.append(_lasts(case, in_force=in_force))
    if case.status != "done":
        words.append(f"*{_short_state(case)}*")
    if is_hidden(case, show_text=show_text):
        text = _("*for staff only: ask in a channel that nobody else can read*")
    else:
        text = safe(truncate(" ".join((case.reason or "").split()), SHORT_REASON))
    return " · ".join(filter(None, words)) + (f"\n> {text}" if text else "")


def _lasts(case: Case, *, in_force: bool) -> str:
    """How long it counts or is in force; empty if that is over or there is nothing to say."""
    if case.status == "undone":
        return ""
    if case.points:
        return _("counts until {when}").format(when=timestamp(case.ends_at, "d")) if case.ends_at else ""
    if case.status == "done" and is_over_early(case, in_force=in_force):
        return _("ended early")
    if case.ends_at is not None:
        return _("until {when}").format(when=timestamp(case.ends_at))
    return _("in force") if in_force else ""


def _short_state(case: Case) -> str:
    return _("failed") if case.status == "failed" else state_of(case) or ""


def counts_line(counts: dict[str, int]) -> str:
    """How many of each kind: `⚠️ Warning **3** · 🔨 Ban **1**`."""
    return " · ".join(f"{emoji_of(kind)} {title_of(kind)} **{count}**" for kind, count in counts.items())
