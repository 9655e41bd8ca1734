"""Taking and giving files of a server's own questions."""

import asyncio
import io

import aiohttp
import discord

from cogs.fun.trivia.questions import MOST_BYTES, Question, QuestionError, as_json, parse_file, same
from database.trivia import OwnQuestion
from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _


async def attached_questions(message: discord.Message) -> list[OwnQuestion]:
    """The questions in the file of a message, or of the one that it replies to. Raises `UserError`."""
    attached = _attached(message)
    try:
        content = await attached.read()
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise UserError(
            _("I can't read {file}; attach it again.").format(file=code(truncate(attached.filename, 60)))
        ) from error
    try:
        found = await asyncio.to_thread(parse_file, content)
    except QuestionError as error:
        raise UserError(str(error)) from error
    return [OwnQuestion(same(text), text, answers) for text, answers in found]


def _attached(message: discord.Message) -> discord.Attachment:
    attachments = message.attachments
    if not attachments and message.reference is not None:
        replied_to = message.reference.resolved
        attachments = replied_to.attachments if isinstance(replied_to, discord.Message) else []
    if len(attachments) != 1:
        raise UserError(_("Attach one file to your message: JSON or CSV, with questions and their answers."))
    if attachments[0].size > MOST_BYTES:
        raise UserError(_("The file is too large: {most} KiB are the most.").format(most=MOST_BYTES // 1024))
    return attachments[0]


def file_of(questions: list[OwnQuestion]) -> discord.File:
    """The questions as a file that can be attached again."""
    return discord.File(
        io.BytesIO(as_json([Question(one.key, one.text, one.answers) for one in questions])), "trivia-questions.json"
    )
