"""What a moderator reads about a ban of many: the question, the outcome, the case, and the list as a file."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from cogs.moderation.massban.rules import KIND, WHYS, Candidate, Plan, skipped_line
from cogs.moderation.purge.transcript import plain_line, plain_moment
from database.moderation import Case
from utils.formatting import code, safe, table, truncate
from utils.i18n import _, format_list, format_number, ngettext, translate
from utils.time import human_duration

if TYPE_CHECKING:
    from cogs.moderation.massban.run import Outcome

NAMED: Final = 10  # people, in a message


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the lists of a file."""

    guild: str
    moderator: str
    moderator_id: int
    at: datetime
    number: int | None = None
    """The case's; None while there is none."""


Section = tuple[str, Sequence[tuple[Candidate, str]]]
"""A title, and people with a remark each."""


# --- Before ------------------------------------------------------------------------------------------------


def would_be(plan: Plan) -> str:
    """What `--show` answers."""
    count = len(plan.chosen)
    if not plan.chosen:
        return nobody(plan)
    head = ngettext("{count} person would be banned.", "{count} people would be banned.", count)
    return "\n".join([f"**{head.format(count=format_number(count))}**", names(plan.chosen), *_skipped(plan)])


def question(plan: Plan, days: int, reason: str | None) -> str:
    """What is asked before anybody is banned."""
    count = len(plan.chosen)
    head = ngettext("Ban {count} person?", "Ban {count} people?", count).format(count=format_number(count))
    lines = [f"**{head}**", names(plan.chosen), *_skipped(plan)]
    if days:
        lines.append(
            ngettext(
                "Their messages of the last {days} day are deleted.",
                "Their messages of the last {days} days are deleted.",
                days,
            ).format(days=days)
        )
    lines.append(_("Reason: {reason}").format(reason=safe(reason) if reason else _("none given")))
    return "\n".join(lines)


def nobody(plan: Plan) -> str:
    """That there is nobody to ban."""
    return "\n".join([_("There is nobody to ban."), *_skipped(plan)])


def names(people: Sequence[Candidate]) -> str:
    """The first few of them."""
    named = [
        f"<@{one.id}>" if one.name == str(one.id) else f"<@{one.id}> ({safe(truncate(one.name, 32))})"
        for one in people[:NAMED]
    ]
    more = len(people) - len(named)
    if more:
        named.append(ngettext("{count} more", "{count} more", more).format(count=format_number(more)))
    return format_list(named)


def _skipped(plan: Plan) -> list[str]:
    if not plan.skipped:
        return []
    count = len(plan.skipped)
    sentence = ngettext("{count} is skipped: {whys}.", "{count} are skipped: {whys}.", count)
    return [sentence.format(count=f"**{format_number(count)}**", whys=skipped_line(plan.counts()))]


# --- Meanwhile and after -----------------------------------------------------------------------------------


def progress(banned: int, wanted: int) -> str:
    """How far it is."""
    return _("Banned so far: {banned} of {wanted}.").format(
        banned=format_number(banned), wanted=format_number(wanted)
    )


def result(outcome: "Outcome", plan: Plan) -> str:
    """What came of it."""
    banned, unknown = len(outcome.banned), len(outcome.unknown)
    head = ngettext("Banned {count} person.", "Banned {count} people.", banned).format(count=format_number(banned))
    number = _("Case {number}.").format(number=f"**{outcome.case.number}**")
    lines = [f"{head} {number}", *_skipped(plan)]
    for why, count in Counter(why for _one, why in outcome.failed).most_common():
        lines.append(
            ngettext("{count} wasn't banned. {why}", "{count} weren't banned. {why}", count).format(
                count=f"**{format_number(count)}**", why=why
            )
        )
    if unknown:
        lines.append(
            ngettext(
                "Whether {count} person is banned, Discord doesn't say at the moment. I ask again soon, and"
                " write it into their case.",
                "Whether {count} people are banned, Discord doesn't say at the moment. I ask again soon, and"
                " write it into their cases.",
                unknown,
            ).format(count=f"**{format_number(unknown)}**")
        )
    if outcome.stopped is not None:
        lines.append(_("The same command does the rest later: who is banned by then is skipped."))
    return "\n".join(lines)


def people_line(case: Case) -> str:
    """How many people a case is about that is about many; nothing for any other."""
    if case.kind != KIND:
        return ""
    if "banned" not in case.details:
        count = int(case.details.get("people", 0))
        return ngettext("{count} person", "{count} people", count).format(count=f"**{format_number(count)}**")
    count = int(case.details["banned"])
    return ngettext("{count} banned", "{count} banned", count).format(count=f"**{format_number(count)}**")


def summary(case: Case) -> str:
    """What the case says: how many were banned, failed and were skipped, and what was asked for."""
    details = case.details
    lines = [people_line(case)]
    if failed := int(details.get("failed", 0)):
        lines.append(
            ngettext("{count} not banned", "{count} not banned", failed).format(count=f"**{format_number(failed)}**")
        )
    skipped = details.get("skipped")
    if isinstance(skipped, dict) and skipped:
        count = sum(skipped.values())
        lines.append(
            ngettext("{count} skipped: {whys}", "{count} skipped: {whys}", count).format(
                count=f"**{format_number(count)}**", whys=skipped_line(skipped)
            )
        )
    if asked := str(details.get("asked", "")):
        lines.append(_("Asked for: {words}").format(words=code(asked)))
    return "\n".join(lines)


# --- The file ----------------------------------------------------------------------------------------------


def planned(plan: Plan) -> list[Section]:
    """The lists of a preview."""
    return [(_("Would be banned"), [(one, "") for one in plan.chosen]), skipped_section(plan)]


def skipped_section(plan: Plan) -> Section:
    """Who is skipped, and why."""
    return _("Skipped"), [(one, translate(WHYS[why])) for one, why in plan.skipped]


def listing(heading: Heading, sections: Sequence[Section]) -> bytes:
    """The lists as a text file: id, name, the account's age, when they joined, and the remark."""
    title = (
        _("Ban of many in {guild}").format(guild=plain_line(heading.guild))
        if heading.number is None
        else _("Case {number}: ban of many in {guild}").format(number=heading.number, guild=plain_line(heading.guild))
    )
    by = _("By {moderator} ({moderator_id}), {when}").format(
        moderator=plain_line(heading.moderator), moderator_id=heading.moderator_id, when=plain_moment(heading.at)
    )
    parts = [f"{title}\n{by}\n"]
    headers = (_("Id"), _("Name"), _("Account made"), _("Age"), _("Joined"), "")
    for name, people in sections:
        if people:
            rows = [_row(one, remark, heading.at) for one, remark in people]
            parts.append(f"{name}: {len(people)}\n\n{table(rows, headers)}\n")
    return "\n".join(parts).encode()


def _row(one: Candidate, remark: str, now: datetime) -> tuple[str, ...]:
    made = one.created_at
    age = human_duration(now - made, parts=1) if made <= now else ""
    joined = plain_moment(one.joined_at) if one.joined_at else ""
    return str(one.id), plain_line(one.name), f"{made:%Y-%m-%d}", age, joined, remark


def file_name(number: int | None) -> str:
    """What the file is called."""
    return "massban.txt" if number is None else f"massban-{number}.txt"
