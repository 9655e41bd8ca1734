"""What only the owner of the bot may do: features while running, errors, logs, the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from cogs.admin.operating.privately import send_text_privately
from utils import embeds, log
from utils.checks import owner_only
from utils.cog import Cog
from utils.commands import command, example
from utils.config import LOG_LEVELS
from utils.context import Context
from utils.errors import UserError
from utils.everywhere import Outcome, Verb, silence
from utils.features import FeatureError
from utils.formatting import code_block
from utils.i18n import _, format_list
from utils.switches import ALWAYS_ON_FEATURE
from utils.time import timestamp

ERROR_CHARACTERS = 500  # of a message that a channel sees


class Owner(Cog):
    """For who runs the bot."""

    @command(aliases=["extensions"])
    @owner_only()
    @example("")
    async def cogs(self, ctx: Context) -> None:
        """Show which features are loaded, and what is wrong with the others."""
        features = self.bot.features
        fields = []
        for name in features.available():
            error = features.failed.get(name)
            if name in features.loaded:
                state = _("Loaded in {n} ms.").format(n=round(features.loaded[name].milliseconds))
            else:
                state = _("Not loaded.")
            if error is not None:
                state += "\n" + _("The last try failed:") + self._error_block(f"{type(error).__name__}: {error}")
            fields.append((_("Feature {feature}").format(feature=name), state))
        await ctx.paginate(embeds.with_fields(embeds.info(title=_("Features")), fields))

    @command()
    @owner_only()
    @example("utility")
    async def load(self, ctx: Context, feature: str) -> None:
        """Load a feature that isn't loaded."""
        with self._feature_errors():
            loaded = await self.bot.features.load(feature.lower())
        said = _("Loaded {feature} in {n} ms.").format(feature=loaded.name, n=round(loaded.milliseconds))
        await self._tell(ctx, [said], "load", [loaded.name])

    @command()
    @owner_only()
    @example("utility")
    async def unload(self, ctx: Context, feature: str) -> None:
        """Take a feature away, until it is loaded again or the bot restarts."""
        if feature.lower() == ALWAYS_ON_FEATURE:
            raise UserError(
                _("`{feature}` stays on: without it there is no way back.").format(feature=feature.lower())
            )
        with self._feature_errors():
            await self.bot.features.unload(feature.lower())
        said = _("Unloaded {feature}.").format(feature=feature.lower())
        await self._tell(ctx, [said], "unload", [feature.lower()])

    @command()
    @owner_only()
    @example("utility", "all")
    async def reload(self, ctx: Context, feature: str = "all") -> None:
        """Run a feature's code as it is on disk now.

        If the new code is broken, the version that runs goes on with all it knows, and the error is shown.
        """
        names = sorted(self.bot.features.loaded) if feature.lower() == "all" else [feature.lower()]
        lines, failed = [], False
        for name in names:
            try:
                loaded = await self.bot.features.reload(name)
            except FeatureError as error:
                failed = True
                if name in self.bot.features.loaded:
                    lines.append(_("{feature} is broken; the version before runs on.").format(feature=name))
                else:
                    lines.append(_("{feature} could not be loaded.").format(feature=name))
                lines.append(self._error_block(str(error)))
            else:
                lines.append(_("Reloaded {feature} in {n} ms.").format(feature=name, n=round(loaded.milliseconds)))
        await self._tell(ctx, lines, "reload", names, failed=failed)

    @command()
    @owner_only()
    @example("")
    async def shutdown(self, ctx: Context) -> None:
        """Stop the bot: running commands finish first, nothing is lost."""
        if not await ctx.confirm(_("Stop the bot? It has to be started again on its machine.")):
            await ctx.info(_("I stay."))
            return
        await ctx.success(_("Good-bye."))
        await self.bot.stop()

    @command(aliases=["errors"])
    @owner_only()
    @example("", "3fa92c")
    async def traceback(self, ctx: Context, error_id: str | None = None) -> None:
        """Send you the traceback of an error by its id, or list the latest errors.

        It comes as a direct message, since a traceback may tell more than a channel should know.
        """
        reports = self.bot.error_reports
        if error_id is None:
            lines = [f"`{one.id}` {timestamp(one.happened_at, 'R')} {one.where}" for one in reports.all()[:20]]
            await ctx.info("\n".join(lines) or _("There were no errors."), title=_("Latest errors"))
            return
        report = reports.find(error_id.strip("`").lower())
        if report is None:
            raise UserError(_("I know no error of that id; the log may have it."))
        text = log.mask(report.traceback, self.bot.config.secrets)
        heading = _("Error `{id}` in {where}").format(id=report.id, where=report.where)
        await send_text_privately(ctx, heading, text, language="py", file_name="traceback.txt")

    @command()
    @owner_only()
    @example("debug")
    async def loglevel(self, ctx: Context, level: str) -> None:
        """Change how much is logged, until the next start."""
        if level.upper() not in LOG_LEVELS:
            levels = format_list([f"`{one.lower()}`" for one in LOG_LEVELS], style="or")
            raise UserError(_("Choose one of {options}.").format(options=levels))
        log.set_level(level.upper())
        await ctx.success(_("The log shows {level} and above now.").format(level=level.upper()))

    async def _tell(
        self, ctx: Context, lines: list[str], verb: Verb, names: list[str], *, failed: bool = False
    ) -> None:  # fmt: skip
        """Do the same in the other processes, and tell what came of it everywhere."""
        if not self.bot.everywhere.is_alone:
            await ctx.typing()
        outcomes, silent = await self.bot.everywhere.change_features(verb, names)
        for process in sorted({one.process for one in outcomes}):
            wrong = [one for one in outcomes if one.process == process and one.error is not None]
            lines.extend(self._outcome(one) for one in wrong)
            if not wrong:
                lines.append(_("Process {process}: done, too.").format(process=process))
        went_well = not failed and not silent and all(one.error is None for one in outcomes)
        await (ctx.success if went_well else ctx.error)("\n".join([*lines, *silence(silent)]))

    def _outcome(self, one: Outcome) -> str:
        words = {"process": one.process, "feature": one.feature}
        if one.runs_on:
            said = _("Process {process}: that failed, and {feature} runs as before.").format(**words)
        else:
            said = _("Process {process}: that failed, and {feature} isn't loaded.").format(**words)
        return said + self._error_block(one.error or "")

    @contextmanager
    def _feature_errors(self) -> Iterator[None]:
        """Turn what the loader raises into the owner's sentence."""
        try:
            yield
        except FeatureError as error:
            raise UserError(_("That didn't work: {error}").format(error=self._error_block(str(error)))) from error

    def _error_block(self, text: str) -> str:
        return code_block(log.mask(text, self.bot.config.secrets)[:ERROR_CHARACTERS])
