"""What may end an action: Discord's refusals and our own, and the sentences for them."""

import aiohttp
import discord

from database.moderation import Case
from utils.errors import Silent, UserError
from utils.i18n import _

REFUSALS = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)
"""What an action may end with."""


class ActionFailedError(UserError):
    """Discord refused; the case says so."""

    def __init__(self, sentence: str, case: Case) -> None:
        super().__init__(sentence)
        self.case = case


class AlreadySoError(UserError):
    """There is nothing to do: it is as somebody wants it."""


class DoneBeforeError(Silent):
    """The same message did this before: Discord delivered it twice. Nothing is said about it."""


def may_have_happened(error: Exception) -> bool:
    """Whether Discord may have done what it gave no answer to, or failed after."""
    return not isinstance(error, discord.HTTPException) or error.status >= 500


def why_refused(error: Exception) -> str:
    """The sentence for what Discord answered."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, discord.Forbidden):
        return _("Discord doesn't let me: {answer}.").format(answer=error.text or error.status)
    if isinstance(error, discord.NotFound):
        return _("Discord doesn't know them any more: {answer}.").format(answer=error.text or error.status)
    if isinstance(error, discord.HTTPException):
        return _("Discord answers with an error ({status}); try again in a moment.").format(status=error.status)
    return _("Discord can't be reached; try again in a moment.")
