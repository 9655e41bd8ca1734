"""From an exception to the sentence its cause reads; what isn't in the table is our bug: logged, with an id."""

import logging
import re
import secrets
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Union

import discord
from discord.ext import commands

from database.errors import DatabaseUnavailable
from utils.commands import examples_of, usage_of
from utils.formatting import code, truncate
from utils.i18n import _, format_list
from utils.permissions import permission_names
from utils.setting_types import SettingError
from utils.time import TimeError, timestamp

if TYPE_CHECKING:
    from utils.context import Context

log = logging.getLogger("hearth.errors")

KEPT_REPORTS = 100


class UserError(commands.CommandError):
    """Something the member can mend; the message is the sentence they read."""


@contextmanager
def as_user_error() -> Iterator[None]:
    """A `ValueError` of ours inside the block, with its sentence, becomes a `UserError`."""
    try:
        yield
    except ValueError as error:
        raise UserError(str(error)) from error


class Silent(commands.CheckFailure):
    """The command doesn't exist for this person here, and nothing is said about it."""


class HierarchyError(UserError):
    """A role stands in the way; the message names which is above which."""


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """One unexpected error, as the owner looks it up."""

    id: str
    happened_at: datetime
    where: str
    traceback: str


class ErrorReports:
    """The latest unexpected errors, in memory; the log has them all."""

    def __init__(self) -> None:
        self._reports: deque[ErrorReport] = deque(maxlen=KEPT_REPORTS)
        self.counts: Counter[str] = Counter()
        """How many there were since the start, by the exception's class."""

    def add(self, error: BaseException, where: str) -> ErrorReport:
        """Keep an error and write it to the log under its id."""
        self.counts[type(error).__name__] += 1
        text = "".join(traceback.format_exception(error))
        report = ErrorReport(secrets.token_hex(3), discord.utils.utcnow(), where, text)
        self._reports.append(report)
        log.error("Error %s in %s", report.id, where, exc_info=error, extra={"error_id": report.id})
        return report

    def find(self, report_id: str | None) -> ErrorReport | None:
        """The report with this id, the latest for None."""
        wanted = [report for report in self._reports if report_id is None or report_id.lower() == report.id]
        return wanted[-1] if wanted else None

    def all(self) -> list[ErrorReport]:
        """Every report kept, the latest first."""
        return list(reversed(self._reports))


def our_bug(report: ErrorReport) -> str:
    """The sentence for an error that is nobody's fault but ours."""
    return _("Something went wrong on my side. It is written down as `{id}`.").format(id=report.id)


# --- The table -------------------------------------------------------------------------------------------

Where = Union["Context", discord.Interaction]
Answer = Callable[[Where, Any], str | None]


def _missing_permissions(ctx: Where, error: commands.MissingPermissions) -> str:
    return _("You need the permission {permissions} for this.").format(
        permissions=format_list(permission_names(error.missing_permissions))
    )


def _bot_missing_permissions(ctx: Where, error: commands.BotMissingPermissions) -> str:
    permissions = format_list(permission_names(error.missing_permissions))
    if not isinstance(ctx.channel, discord.abc.GuildChannel | discord.Thread):
        return _("I need the permission {permissions} for this.").format(permissions=permissions)
    return _("I need the permission {permissions} in {channel} for this.").format(
        permissions=permissions, channel=ctx.channel.mention
    )


def _cooldown(ctx: Where, error: commands.CommandOnCooldown) -> str:
    ends = discord.utils.utcnow() + timedelta(seconds=error.retry_after)
    return _("Not so fast: you can use this again {when}.").format(when=timestamp(ends, "R"))


def _busy(ctx: Where, error: commands.MaxConcurrencyReached) -> str:
    return _("This is running already; wait until it has finished.")


def _missing_argument(ctx: Where, error: commands.MissingRequiredArgument) -> str:
    return _("Something is missing: `{argument}`.").format(argument=error.param.displayed_name or error.param.name)


def _quotes(ctx: Where, error: commands.ArgumentParsingError) -> str:
    return _('A quotation mark is missing its partner; write `\\"` for a quotation mark that is just text.')


def _bad_literal(ctx: Where, error: commands.BadLiteralArgument) -> str:
    return _("Choose one of {options}.").format(
        options=format_list([f"`{option}`" for option in error.literals], style="or")
    )


def _bad_union(ctx: Where, error: commands.BadUnionArgument) -> str:
    # The last attempt is the most general one, and its sentence says what would have fitted.
    sentences = [sentence for attempt in error.errors if (sentence := _our_sentence(attempt))]
    return sentences[-1] if sentences else _not_understood(ctx)


def _bad_argument(ctx: Where, error: commands.BadArgument) -> str:
    return _our_sentence(error) or _not_understood(ctx)


def _not_understood(ctx: Where) -> str:
    argument = getattr(ctx, "current_argument", None) or "…"
    return _("I don't understand {argument}.").format(argument=code(truncate(argument, LONGEST_QUOTE)))


def _refused(ctx: Where, error: commands.CheckFailure) -> str:
    return _our_sentence(error) or _("You can't use this here.")


def _our_sentence(error: Exception) -> str | None:
    """What a converter or check of ours said. discord.py's English isn't for people: None."""
    if type(error).__module__ == commands.errors.__name__ and type(error) not in SENTENCE_CARRIERS:
        return None
    sentence = str(error)
    return None if DISCORD_PY_SENTENCE.match(sentence) else sentence or None


def _too_many(ctx: Where, error: commands.TooManyArguments) -> str:
    sentence = _("That's more than this command takes.")
    if isinstance(ctx, discord.Interaction) or not isinstance(ctx.command, commands.Group):
        return sentence
    # What was too much may have been meant as one of them: `!feature utility off`.
    names = sorted({child.qualified_name for child in ctx.command.commands if not child.hidden})
    shown = ", ".join(f"`{ctx.clean_prefix}{name}`" for name in names)
    return "\n".join([sentence, _("Commands in it") + ": " + shown])


def _forbidden(ctx: Where, error: discord.Forbidden) -> str:
    if error.code == CANNOT_DM:
        return _("I can't send you direct messages: your privacy settings or a block stop me.")
    return _("Discord doesn't let me do this: a permission or a role position is in the way ({reason}).").format(
        reason=error.text or error.code
    )


def _not_found(ctx: Where, error: discord.NotFound) -> str:
    return _("Discord doesn't know that any more; was it deleted meanwhile?")


CANNOT_DM = 50007
LONGEST_QUOTE = 60  # characters
# Raised by us, with our sentence, and by discord.py with its own.
SENTENCE_CARRIERS = {commands.BadArgument, commands.CheckFailure}
DISCORD_PY_SENTENCE = re.compile(r'Converting to "|The (?:global )?check')
USAGE_FOLLOWS = (commands.UserInputError,)

ANSWERS: dict[type[BaseException], Answer] = {
    Silent: lambda ctx, error: None,
    UserError: lambda ctx, error: str(error),
    SettingError: lambda ctx, error: str(error),
    TimeError: lambda ctx, error: str(error),
    commands.CommandNotFound: lambda ctx, error: None,
    commands.MissingPermissions: _missing_permissions,
    commands.BotMissingPermissions: _bot_missing_permissions,
    commands.NotOwner: lambda ctx, error: None,
    commands.NoPrivateMessage: lambda ctx, error: _("This works in a server only."),
    commands.PrivateMessageOnly: lambda ctx, error: _("This works in direct messages only."),
    commands.CommandOnCooldown: _cooldown,
    commands.MaxConcurrencyReached: _busy,
    commands.DisabledCommand: lambda ctx, error: None,
    commands.MissingRequiredArgument: _missing_argument,
    commands.TooManyArguments: _too_many,
    commands.ArgumentParsingError: _quotes,
    commands.BadLiteralArgument: _bad_literal,
    commands.BadUnionArgument: _bad_union,
    commands.BadArgument: _bad_argument,
    commands.CheckFailure: _refused,
    discord.Forbidden: _forbidden,
    discord.NotFound: _not_found,
    discord.DiscordServerError: lambda ctx, error: _("Discord has trouble at the moment; try again in a minute."),
    DatabaseUnavailable: lambda ctx, error: _("I can't reach my database at the moment; try again in a minute."),
}


def cause_of(error: BaseException) -> BaseException:
    """What really happened, inside discord.py's wrappings."""
    while isinstance(error, commands.CommandInvokeError | commands.ConversionError):
        error = error.original
    return error


def is_expected(error: BaseException) -> bool:
    """Whether the table has an answer; what it doesn't have is our bug."""
    return any(kind in ANSWERS for kind in type(cause_of(error)).__mro__)


def is_final(error: discord.HTTPException) -> bool:
    """Whether Discord will say the same next time, too: it forbids it, or doesn't know the place any more."""
    return error.status < 500 and error.status != 429


def answer_to(ctx: Where, error: BaseException) -> str | None:
    """The sentence for an expected error; None where silence is right. KeyError for an unexpected one."""
    cause = cause_of(error)
    for kind in type(cause).__mro__:
        if kind in ANSWERS:
            return ANSWERS[kind](ctx, cause)
    raise KeyError(type(cause))


def usage_line(ctx: "Context") -> str:
    """How the command is called, with an example, for somebody who called it wrong."""
    assert ctx.command is not None
    line = _("Usage: `{usage}`").format(usage=usage_of(ctx.command, ctx.clean_prefix))
    examples = examples_of(ctx.command, ctx.clean_prefix)
    if not examples:
        return line
    return f"{line}\n" + _("Example: `{example}`").format(example=examples[0])
