"""What rules are made of: what they look for, when they count, what they do. How each is written, stored and shown.

A rule is a mapping from the names of clauses to their values, which are plain data: so it can be stored, exported and
written as the line that makes it again.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

import discord

from cogs.moderation.automod.normalising import as_words
from cogs.moderation.automod.patterns import read_regex
from cogs.moderation.reading import LONGEST_TEMPORARY, REASON_LIMIT, read_points
from utils.errors import UserError
from utils.formatting import clean_input, code, truncate
from utils.i18n import N_, _, format_list, ngettext, translate
from utils.lookup import find_channel, find_role
from utils.time import human_duration, parse_duration

Values = list[Any]
Clauses = dict[str, Values]
Group = Literal["trigger", "condition", "action", "word"]

MOST_WORDS: Final = 500
MOST_PATTERNS: Final = 5
MOST_DOMAINS: Final = 100
MOST_PLACES: Final = 25
MOST_COUNTED: Final = 50
LONGEST_WORD: Final = 60  # characters
LONGEST_WINDOW: Final = timedelta(minutes=10)
LONGEST_SLOWMODE: Final = 21_600  # seconds, Discord's limit
SHORTEST_TIMEOUT: Final = timedelta(minutes=1)
SLOWMODE_LASTS: Final = timedelta(minutes=10)
PUNISHMENTS: Final = ("warn", "timeout", "kick", "ban")
"""From the mildest on; a rule has one at most, for each is a case."""
PERMISSIONS: Final = {
    "delete": "manage_messages", "warn": "moderate_members", "timeout": "moderate_members", "kick": "kick_members",
    "ban": "ban_members", "give": "manage_roles", "slowmode": "manage_channels",
}  # fmt: skip
"""What whoever makes a rule that does this needs, as they would to do it themselves."""

_DOMAIN = re.compile(r"(?:[a-z0-9\u0080-\U0010ffff](?:[\w-]{0,62})\.)+[a-z0-9\u0080-\U0010ffff-]{2,63}")
_ENDING = re.compile(r"[a-z0-9]{1,10}")
_CODE = re.compile(r"[\w-]{2,32}")
_PER_CHANNEL: Final = ("channel", "kanal")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: how its values are read and shown."""

    name: str
    group: Group
    read: Callable[[Sequence[str], discord.Guild], Values]
    """Raises ValueError, whose text is a sentence for who wrote it."""
    show: Callable[[Values], str]
    is_rate: bool = False


# --- Reading ----------------------------------------------------------------------------------------------


def _nothing(words: Sequence[str], _guild: discord.Guild) -> Values:
    if words:
        raise UserError(_("I don't know what {word} means here.").format(word=code(truncate(words[0], 40))))
    return []


def _words(words: Sequence[str], _guild: discord.Guild) -> Values:
    cleaned = (" ".join(clean_input(word).casefold().split()) for word in words)
    found = list(dict.fromkeys(word.rstrip(",") or word for word in cleaned))
    for word in found:
        if len(word) > LONGEST_WORD:
            raise UserError(_("{word} is too long: {most} characters are the most.").format(
                word=code(truncate(word, 40)), most=LONGEST_WORD
            ))  # fmt: skip
        if not plain_word(word).strip("*"):
            raise UserError(_("{word} is no word that I could look for.").format(word=code(word)))
    return _several(found, MOST_WORDS)


def plain_word(word: str) -> str:
    """A word of a list as it is compared, with the stars at its ends."""
    body = word.strip("*")
    plain = " ".join(as_words(body).split())
    return f"{'*' if word.startswith('*') else ''}{plain}{'*' if word.endswith('*') else ''}"


def _patterns(words: Sequence[str], _guild: discord.Guild) -> Values:
    return _several(list(dict.fromkeys(read_regex(clean_input(word)) for word in words)), MOST_PATTERNS)


def _several(found: Values, most: int) -> Values:
    if not found:
        raise UserError(_("Say which, behind it."))
    if len(found) > most:
        raise UserError(_("That's too many: {most} at most.").format(most=most))
    return found


def _domains(words: Sequence[str], _guild: discord.Guild) -> Values:
    found = []
    for word in words:
        host = re.sub(r"^(?:https?://)?(?:www\.|\*\.)?", "", word.casefold().strip("<>,")).partition("/")[0]
        if not _DOMAIN.fullmatch(host):
            raise UserError(_("{word} is no domain such as `example.com`.").format(word=code(truncate(word, 60))))
        found.append(host)
    return _several(list(dict.fromkeys(found)), MOST_DOMAINS) if found else []


def _allowed(words: Sequence[str], guild: discord.Guild) -> Values:
    found: Values = []
    for word in words:
        invite = re.sub(
            r"^(?:https?://)?(?:www\.)?(?:discord\.gg|discord(?:app)?\.com/invite)/", "", word.strip("<>,")
        )
        found += [invite] if _CODE.fullmatch(invite) else _domains([word], guild)
    return _several(list(dict.fromkeys(found)), MOST_DOMAINS)


def _endings(words: Sequence[str], _guild: discord.Guild) -> Values:
    found = [word.casefold().strip("*.,") for word in words]
    for word in found:
        if not _ENDING.fullmatch(word):
            raise UserError(_("{word} is no ending of a file such as `exe`.").format(word=code(truncate(word, 40))))
    return _several(list(dict.fromkeys(found)), MOST_DOMAINS) if found else []


def _number(least: int, most: int) -> Callable[[Sequence[str], discord.Guild], Values]:
    def read(words: Sequence[str], _guild: discord.Guild) -> Values:
        text = words[0].rstrip("%") if len(words) == 1 else ""
        if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
            raise UserError(_("This is a whole number from {least} to {most}.").format(least=least, most=most))
        return [int(text)]

    return read


def _rate(words: Sequence[str], guild: discord.Guild) -> Values:
    rest = [word for word in words if word.casefold() not in ("in", "per", *_PER_CHANNEL)]
    per = "channel" if any(word.casefold() in _PER_CHANNEL for word in words) else "person"
    if len(rest) < 2:
        raise UserError(_("Say how many within how long, like `5 10s`; with `channel` behind it, by all together."))
    (count,) = _number(2, MOST_COUNTED)(rest[:1], guild)
    within = parse_duration(" ".join(rest[1:]), minimum=timedelta(seconds=1), maximum=LONGEST_WINDOW)
    return [count, int(within.total_seconds()), per]


def _length(least: timedelta, *, may_lack: bool = False) -> Callable[[Sequence[str], discord.Guild], Values]:
    def read(words: Sequence[str], _guild: discord.Guild) -> Values:
        if not words and may_lack:
            return []
        if not words:
            raise UserError(_("Say how long, like `10m`."))
        return [int(parse_duration(" ".join(words), minimum=least, maximum=LONGEST_TEMPORARY).total_seconds())]

    return read


def _points(words: Sequence[str], _guild: discord.Guild) -> Values:
    return [read_points(" ".join(words) or "1")]


def _give(words: Sequence[str], guild: discord.Guild) -> Values:
    if not words:
        raise UserError(_("Say which role, and for how long if it is for a time: `--give @Muted 1h`."))
    role = find_role(guild, words[0])
    return [role.id, *_length(SHORTEST_TIMEOUT, may_lack=True)(words[1:], guild)]


def _slowmode(words: Sequence[str], guild: discord.Guild) -> Values:
    if not words:
        raise UserError(_("Say how many seconds lie between messages, and for how long: `--slowmode 10s 5m`."))
    pace = parse_duration(words[0], minimum=timedelta(seconds=1), maximum=timedelta(seconds=LONGEST_SLOWMODE))
    lasts = _length(SHORTEST_TIMEOUT, may_lack=True)(words[1:], guild)
    return [int(pace.total_seconds()), *(lasts or [int(SLOWMODE_LASTS.total_seconds())])]


def _channels(words: Sequence[str], guild: discord.Guild) -> Values:
    return _several(list(dict.fromkeys(find_channel(guild, word).id for word in words)), MOST_PLACES)


def _roles(words: Sequence[str], guild: discord.Guild) -> Values:
    return _several(list(dict.fromkeys(find_role(guild, word).id for word in words)), MOST_PLACES)


def _reason(words: Sequence[str], _guild: discord.Guild) -> Values:
    text = " ".join(clean_input(" ".join(words)).split())
    if not text:
        raise UserError(_("Say the reason, behind it."))
    return [truncate(text, REASON_LIMIT)]


# --- Showing ----------------------------------------------------------------------------------------------

_LISTED: Final = 10  # of a long list


def _listed(
    values: Values, show: Callable[[Any], str] = lambda one: code(str(one)), style: Literal["and", "or"] = "or"
) -> str:
    shown = [show(one) for one in values[:_LISTED]]
    more = len(values) - len(shown)
    if more:
        shown.append(ngettext("{count} more", "{count} more", more).format(count=more))
    return format_list(shown, style)


def _plainly(sentence: str) -> Callable[[Values], str]:
    return lambda values: translate(sentence)


def _with_list(
    sentence: str, empty: str | None = None, *, style: Literal["and", "or"] = "or"
) -> Callable[[Values], str]:
    return lambda values: translate(sentence if values or empty is None else empty).format(
        what=_listed(values, style=style)
    )


def _with_count(sentence: str) -> Callable[[Values], str]:
    return lambda values: translate(sentence).format(count=values[0])


def _with_rate(person: str, channel: str) -> Callable[[Values], str]:
    def show(values: Values) -> str:
        count, seconds, per = values
        time = human_duration(timedelta(seconds=seconds))
        return translate(channel if per == "channel" else person).format(count=count, time=time)

    return show


def _with_time(sentence: str, without: str | None = None) -> Callable[[Values], str]:
    def show(values: Values) -> str:
        if not values and without is not None:
            return translate(without)
        return translate(sentence).format(time=human_duration(timedelta(seconds=values[0])))

    return show


def _in_channels(sentence: str) -> Callable[[Values], str]:
    return lambda values: translate(sentence).format(where=_listed(values, lambda one: f"<#{one}>"))


def _of_roles(sentence: str) -> Callable[[Values], str]:
    return lambda values: translate(sentence).format(roles=_listed(values, lambda one: f"<@&{one}>"))


def _show_warn(values: Values) -> str:
    return ngettext("warn, {count} point", "warn, {count} points", values[0]).format(count=values[0])


def _show_give(values: Values) -> str:
    role = f"<@&{values[0]}>"
    if len(values) == 1:
        return _("give {role}").format(role=role)
    return _("give {role} for {time}").format(role=role, time=human_duration(timedelta(seconds=values[1])))


def _show_slowmode(values: Values) -> str:
    return _("a slowmode of {pace} for {time}").format(
        pace=human_duration(timedelta(seconds=values[0])), time=human_duration(timedelta(seconds=values[1]))
    )


def _show_reason(values: Values) -> str:
    return _("the reason {reason}").format(reason=code(truncate(values[0], 200)))


ALL: Final = (
    Clause("words", "trigger", _words, _with_list(N_("one of the words {what}"))),
    Clause("regex", "trigger", _patterns, _with_list(N_("a text that fits {what}"))),
    Clause("invites", "trigger", _nothing, _plainly(N_("an invite to another server"))),
    Clause("links", "trigger", _domains, _with_list(N_("a link to {what}"), N_("a link"))),
    Clause("attachments", "trigger", _endings, _with_list(N_("a file that ends with {what}"), N_("a file"))),
    Clause("caps", "trigger", _number(30, 100), _with_count(N_("{count} % capitals or more"))),
    Clause("mentions", "trigger", _number(2, 100), _with_count(N_("{count} mentions or more"))),
    Clause("emoji", "trigger", _number(2, 500), _with_count(N_("{count} emoji or more"))),
    Clause("lines", "trigger", _number(2, 1000), _with_count(N_("{count} lines or more"))),
    Clause(
        "duplicates", "trigger", _rate,
        _with_rate(
            N_("the same {count} times within {time}, by one person"),
            N_("the same {count} times within {time} in a channel, by anybody"),
        ),
        is_rate=True,
    ),
    Clause(
        "messages", "trigger", _rate,
        _with_rate(
            N_("{count} messages within {time} by one person"),
            N_("{count} messages within {time} in a channel, by all together"),
        ),
        is_rate=True,
    ),
    Clause(
        "mention-rate", "trigger", _rate,
        _with_rate(
            N_("{count} mentions within {time} by one person"),
            N_("{count} mentions within {time} in a channel, by all together"),
        ),
        is_rate=True,
    ),
    Clause(
        "link-rate", "trigger", _rate,
        _with_rate(
            N_("{count} links within {time} by one person"),
            N_("{count} links within {time} in a channel, by all together"),
        ),
        is_rate=True,
    ),
    Clause("allow", "word", _allowed, _with_list(N_("allowed: {what}"), style="and")),
    Clause("in", "condition", _channels, _in_channels(N_("only in {where}"))),
    Clause("not-in", "condition", _channels, _in_channels(N_("not in {where}"))),
    Clause("role", "condition", _roles, _of_roles(N_("only of members with {roles}"))),
    Clause("not-role", "condition", _roles, _of_roles(N_("not of members with {roles}"))),
    Clause("account-under", "condition", _length(SHORTEST_TIMEOUT),
           _with_time(N_("only of accounts younger than {time}"))),
    Clause("here-under", "condition", _length(SHORTEST_TIMEOUT),
           _with_time(N_("only of who joined less than {time} ago"))),
    Clause("delete", "action", _nothing, _plainly(N_("delete the message"))),
    Clause("warn", "action", _points, _show_warn),
    Clause("timeout", "action", _length(SHORTEST_TIMEOUT), _with_time(N_("time out for {time}"))),
    Clause("kick", "action", _nothing, _plainly(N_("kick"))),
    Clause("ban", "action", _length(SHORTEST_TIMEOUT, may_lack=True),
           _with_time(N_("ban for {time}"), N_("ban for good"))),
    Clause("give", "action", _give, _show_give),
    Clause("slowmode", "action", _slowmode, _show_slowmode),
    Clause("alert", "action", _nothing, _plainly(N_("alert the staff"))),
    Clause("reason", "word", _reason, _show_reason),
)  # fmt: skip
CLAUSES: Final[dict[str, Clause]] = {clause.name: clause for clause in ALL}
LISTS: Final = {
    "words": MOST_WORDS, "regex": MOST_PATTERNS, "links": MOST_DOMAINS, "attachments": MOST_DOMAINS,
    "allow": MOST_DOMAINS, "in": MOST_PLACES, "not-in": MOST_PLACES, "role": MOST_PLACES, "not-role": MOST_PLACES,
}  # fmt: skip
"""The clauses that are lists, to which something can be added, and how long they may be."""
