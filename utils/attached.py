"""Files that members attach to a message, or to the one that it replies to."""

import aiohttp
import discord

from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _

MEBIBYTE = 1024 * 1024


def attached_to(message: discord.Message, *, most_bytes: int, wanted: str) -> discord.Attachment:
    """The one file of a message, or else of the one that it replies to.

    Raises `UserError`; where there is no file, `wanted` is the sentence that says what to attach.
    """
    attachments = message.attachments
    if not attachments and message.reference is not None:
        replied_to = message.reference.resolved
        attachments = replied_to.attachments if isinstance(replied_to, discord.Message) else []
    if not attachments:
        raise UserError(wanted)
    if len(attachments) > 1:
        raise UserError(_("Attach one file at a time."))
    if attachments[0].size > most_bytes:
        raise UserError(_("The file is too large: {most} are the most.").format(most=_size(most_bytes)))
    return attachments[0]


async def read_attached(attached: discord.Attachment) -> bytes:
    """What is in a file. Raises `UserError` if Discord doesn't give it."""
    try:
        return await attached.read()
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        name = code(truncate(attached.filename, 60))
        raise UserError(_("I can't read {file}; attach it again.").format(file=name)) from error


def _size(length: int) -> str:
    return f"{length // MEBIBYTE} MiB" if length >= MEBIBYTE else f"{length // 1024} KiB"
