"""How statistics are told."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from cogs.admin.statistics.chart import ChartFacts
from database.usage import MADE_BY_SERVERS, Tally
from utils.everywhere import Found, ProcessState, silence
from utils.formatting import code_block, table, truncate
from utils.i18n import _, format_date, format_number, format_time, ngettext
from utils.time import timestamp

COMMANDS_A_PAGE = 15
NAME_CHARACTERS = 26


def summary(total: Tally, days: int) -> str:
    """How much was used, in a sentence or two."""
    if not total.uses:
        return ngettext(
            "No command was used in the last {days} day.", "No command was used in the last {days} days.", days
        ).format(days=days)
    used = ngettext(
        "In the last {days} days **{uses}** command was used.",
        "In the last {days} days **{uses}** commands were used.",
        total.uses,
    ).format(days=days, uses=format_number(total.uses))
    outcome = _("Refused: {refused}. Failed by an error of mine: {errors}. One took {average} ms on average.")
    return f"{used}\n" + outcome.format(
        refused=format_number(total.refused), errors=format_number(total.errors), average=format_number(total.average)
    )


def state(found: Found) -> str:
    """How the bot is; where it is several processes, each of them below the sum."""
    states = found.states
    words = {
        "when": timestamp(min(one.started_at for one in states), "R"),
        "servers": format_number(sum(one.guilds for one in states)),
        "members": format_number(sum(one.members for one in states)),
    }
    lines = [_("Running since {when}, in {servers} servers with {members} members.").format(**words)]
    if len(states) == 1:
        lines.extend(_machine(states[0]))
    else:
        lines.extend(_process(one) for one in states)
    return "\n".join([*lines, *silence(found.failed)])


def _machine(one: ProcessState) -> list[str]:
    lines = []
    if one.memory is not None:
        lines.append(_("Memory: {count} MB.").format(count=format_number(round(one.memory / 1_000_000))))
    if one.milliseconds is not None:
        lines.append(_("Discord is {milliseconds} ms away.").format(milliseconds=one.milliseconds))
    return lines


def _process(one: ProcessState) -> str:
    said = _("Process {process}: {servers} servers, since {when}.").format(
        process=one.process, servers=format_number(one.guilds), when=timestamp(one.started_at, "R")
    )
    return " ".join([said, *_machine(one)])


def table_of(commands: Sequence[tuple[str, Tally]]) -> str:
    """Commands with their numbers, aligned."""
    named = [
        truncate(name, NAME_CHARACTERS) if name != MADE_BY_SERVERS else _("(made here)") for name, _one in commands
    ]
    counted = {
        _("Used"): [one.uses for _name, one in commands],
        _("Refused"): [one.refused for _name, one in commands],
        _("Failed"): [one.errors for _name, one in commands],
        _("ms"): [one.average for _name, one in commands],
        _("Slowest"): [one.slowest for _name, one in commands],
    }
    # Without what says nothing: a wider table breaks its lines.
    shown = {title: numbers for title, numbers in counted.items() if any(numbers)}
    headers = [_("Command"), *shown]
    rows = [
        list(row) for row in zip(named, *(map(format_number, numbers) for numbers in shown.values()), strict=True)
    ]
    return code_block(table(rows, headers, right=range(1, len(headers))))


def usage_chart(first: date, last: date, counted: Mapping[date, Tally]) -> ChartFacts:
    """What the chart of uses shows, in the current language."""
    days = [counted.get(first + timedelta(days=n), Tally()) for n in range((last - first).days + 1)]
    total = sum(days, Tally())
    return ChartFacts(
        title=_("Commands"),
        first_label=format_date(first, length="medium"),
        last_label=format_date(last, length="medium"),
        bars=tuple(one.uses for one in days),
        failed=tuple(one.errors for one in days),
        curve=tuple(one.average if one.uses else None for one in days),
        bars_label=_("{count} used").format(count=format_number(total.uses)),
        failed_label=_("{count} failed").format(count=format_number(total.errors)) if total.errors else "",
        curve_label=_("{n} ms").format(n=format_number(total.average)),
        most_label=format_number(max(one.uses for one in days)),
    )


def distance_chart(samples: Sequence[tuple[datetime, float]], zone: tzinfo) -> ChartFacts:
    """What the chart of Discord's distance shows, in the current language. Of at least one sample."""
    (first, _one), (last, latest) = samples[0], samples[-1]
    return ChartFacts(
        title=_("Distance to Discord"),
        first_label=format_time(first, zone),
        last_label=format_time(last, zone),
        curve=tuple(milliseconds for _moment, milliseconds in samples),
        curve_label=_("{n} ms").format(n=round(latest)),
        most_label=_("{n} ms").format(n=round(max(milliseconds for _moment, milliseconds in samples))),
    )
