"""`sql`: looking into the database, and changing it by hand."""

import logging

from cogs.admin.operating.privately import answer_privately
from cogs.admin.operating.rows import PAGE_CHARACTERS, pages, read_request
from database.console import Found, Limits, Mode, NotAllowed, TookTooLong
from database.errors import DatabaseError
from database.schema import shapes
from utils.checks import owner_only
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.errors import UserError
from utils.formatting import code_block, pages_of, truncate
from utils.i18n import _, format_number, ngettext
from utils.log import mask

log = logging.getLogger("hearth.admin")

LIMITS = Limits()
ERROR_CHARACTERS = 500


class Sql(Cog):
    """The database, for who runs the bot."""

    @command(aliases=["query"])
    @owner_only()
    @example(
        "",
        "select count(*) from cases",
        "--write DELETE FROM todos WHERE user_id = 123456789012345678",
    )
    async def sql(self, ctx: Context, *, query: str = "") -> None:
        """Look into the database: one statement, which can only read.

        Without one I list the tables. The answer comes as a direct message: at most 200 rows, and what takes longer
        than 10 seconds is stopped. With `--write` in front, INSERT, UPDATE and DELETE are possible: I try it first,
        say how many rows it would change, and ask.
        """
        text, writes = read_request(query)
        if not text:
            await self._list_tables(ctx)
        elif writes:
            await self._write(ctx, text)
        else:
            async with ctx.typing():
                found = await self._run(text, "read")
            await self._show(ctx, found, _count(found))

    async def _list_tables(self, ctx: Context) -> None:
        lines = [f"{name}: {', '.join(shape.columns)}" for name, shape in sorted((await shapes(self.bot.db)).items())]
        heading = _("The tables, on {engine}:").format(engine=self.bot.db.dialect)
        await self._send(ctx, heading, pages_of(lines, PAGE_CHARACTERS))

    async def _write(self, ctx: Context, text: str) -> None:
        async with ctx.typing():
            tried = await self._run(text, "try")
        question = ngettext(
            "This changes {count} row, for good. I don't notice what I have in memory already, such as settings,"
            " until I'm restarted. Do it?",
            "This changes {count} rows, for good. I don't notice what I have in memory already, such as settings,"
            " until I'm restarted. Do it?",
            tried.changed,
        ).format(count=format_number(tried.changed))
        if not await ctx.confirm(question):
            await ctx.info(_("Nothing was changed."))
            return
        log.warning("%d changes the database by hand: %s", ctx.author.id, text)
        found = await self._run(text, "write")
        heading = ngettext("Changed {count} row.", "Changed {count} rows.", found.changed).format(
            count=format_number(found.changed)
        )
        if found.columns:
            await self._show(ctx, found, heading)
        else:
            await ctx.success(heading)

    async def _run(self, text: str, mode: Mode) -> Found:
        """Run it. Raises UserError with what the database says, without secrets."""
        try:
            return await self.bot.db.look(text, mode, LIMITS)
        except TookTooLong as error:
            raise UserError(
                _("I stopped it: it took longer than {count} seconds.").format(
                    count=format_number(int(LIMITS.seconds))
                )
            ) from error
        except NotAllowed as error:
            if mode == "read":
                sentence = _(
                    "This can only read: SELECT, WITH, VALUES and EXPLAIN. To change rows, put `--write` first."
                )
            else:
                sentence = _("With `--write` you can INSERT, UPDATE and DELETE rows; what tables there are stays.")
            raise UserError(sentence) from error
        except DatabaseError as error:
            said = truncate(mask(str(error), self.bot.config.secrets), ERROR_CHARACTERS)
            raise UserError(_("The database refused:") + code_block(said)) from error

    async def _show(self, ctx: Context, found: Found, heading: str) -> None:
        texts = pages(found, lambda text: mask(text, self.bot.config.secrets)) if found.columns else []
        await self._send(ctx, heading, texts)

    async def _send(self, ctx: Context, heading: str, texts: list[str]) -> None:
        contents = [f"{heading}\n{code_block(text)}" for text in texts] or [heading]
        await answer_privately(ctx, [{"content": content} for content in contents])


def _count(found: Found) -> str:
    count = len(found.rows)
    words = {"count": format_number(count)}
    if found.more:
        return ngettext(
            "The first {count} row; there are more:", "The first {count} rows; there are more:", count
        ).format(**words)
    return ngettext("{count} row:", "{count} rows:", count).format(**words)
