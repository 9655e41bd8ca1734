"""`backup`: which backups of the database there are, and making one now."""

from typing import Final

from database.errors import DatabaseError
from utils import embeds
from utils.backups import Backup
from utils.bot import Hearth
from utils.checks import owner_only
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context
from utils.errors import UserError
from utils.formatting import code, code_block, pages_of, truncate
from utils.i18n import _, format_decimal, format_number, ngettext
from utils.log import mask
from utils.time import human_duration, timestamp

BACKUPS_A_PAGE: Final = 10
MEGABYTE: Final = 1_000_000
ERROR_CHARACTERS: Final = 500


class DatabaseBackups(Cog):
    """Backups, for who runs the bot."""

    @group(aliases=["backups"])
    @owner_only()
    @example("")
    async def backup(self, ctx: Context) -> None:
        """Show the backups of my database: when each was made, and how large it is.

        Restoring one is done where I run, while I'm stopped: `python main.py restore`.
        """
        self._check_is_here()
        try:
            backups = await self.bot.backups.listed()
        except DatabaseError as error:
            raise UserError(self._said(_("I can't read the folder of the backups:"), error)) from error
        heading = state_of(self.bot)
        lines = [line_of(backup) for backup in backups]
        pages = pages_of(lines, most_lines=BACKUPS_A_PAGE) or [_("There are no backups yet.")]
        await ctx.paginate([embeds.info(f"{heading}\n\n{page}", title=_("Backups")) for page in pages])

    @backup.command(name="now", aliases=["make"])
    @owner_only()
    @example("")
    async def backup_now(self, ctx: Context) -> None:
        """Make a backup now. I go on working meanwhile, and try it out before I say that it's there."""
        self._check_is_here()
        async with ctx.typing():
            try:
                made = await self.bot.backups.make()
            except DatabaseError as error:
                raise UserError(self._said(_("The backup failed:"), error)) from error
        await ctx.success(_("It's there, and it can be restored:") + "\n" + line_of(made))

    def _check_is_here(self) -> None:
        if not self.bot.cluster.leads:
            raise UserError(_("Another process of mine makes the backups; ask me in a direct message."))

    def _said(self, heading: str, error: DatabaseError) -> str:
        return heading + code_block(truncate(mask(str(error), self.bot.config.secrets), ERROR_CHARACTERS))


def state_of(bot: Hearth) -> str:
    """How often backups are made, when the newest was, and whether the latest try failed."""
    every = bot.backups.every
    lines = [
        _("I make none by myself; `BACKUP_EVERY` would change that.")
        if every is None
        else _("I make one by myself every {time}.").format(time=human_duration(every))
    ]
    lines += trouble_of(bot)
    return "\n".join(lines)


def trouble_of(bot: Hearth) -> list[str]:
    """That the latest backup failed, with why; nothing if it didn't."""
    trouble = bot.backups.trouble
    if trouble is None:
        return []
    said = code(truncate(mask(trouble, bot.config.secrets), ERROR_CHARACTERS))
    return [_("⚠️ The latest backup failed: {reason}").format(reason=said)]


def line_of(backup: Backup) -> str:
    """A backup in a line."""
    count = backup.row_count
    facts = ngettext("{when}: {size} MB, {count} row", "{when}: {size} MB, {count} rows", count).format(
        when=timestamp(backup.made_at, "R"),
        size=format_decimal(backup.bytes / MEGABYTE),
        count=format_number(count),
    )
    if not backup.is_there:
        facts = _("{facts} (its file is missing)").format(facts=facts)
    return f"{facts}\n{code(backup.file)}"
