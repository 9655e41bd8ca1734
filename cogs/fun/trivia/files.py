"""Taking and giving files of a server's own questions."""

import asyncio
import io

import discord

from cogs.fun.trivia.questions import MOST_BYTES, Question, QuestionError, as_json, parse_file, same
from database.trivia import OwnQuestion
from utils.attached import attached_to, read_attached
from utils.errors import UserError
from utils.i18n import _


async def attached_questions(message: discord.Message) -> list[OwnQuestion]:
    """The questions in the file of a message, or of the one that it replies to. Raises `UserError`."""
    wanted = _("Attach one file to your message: JSON or CSV, with questions and their answers.")
    content = await read_attached(attached_to(message, most_bytes=MOST_BYTES, wanted=wanted))
    try:
        found = await asyncio.to_thread(parse_file, content)
    except QuestionError as error:
        raise UserError(str(error)) from error
    return [OwnQuestion(same(text), text, answers) for text, answers in found]


def file_of(questions: list[OwnQuestion]) -> discord.File:
    """The questions as a file that can be attached again."""
    return discord.File(
        io.BytesIO(as_json([Question(one.key, one.text, one.answers) for one in questions])), "trivia-questions.json"
    )
