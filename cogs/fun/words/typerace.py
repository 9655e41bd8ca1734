"""A typing race in a channel."""

from datetime import datetime
from functools import partial
from typing import Final

import discord

from cogs.fun.channel_games.game import ChannelGame, Place
from cogs.fun.words.lists import race_texts
from cogs.fun.words.race_rules import LEAST_ACCURACY, Run, is_copied, marked, run, time_for
from utils.i18n import _, format_decimal, format_percent, ngettext
from utils.time import timestamp

READY_SECONDS: Final = 5.0
AFTER_THE_FIRST_SECONDS: Final = 20.0
"""How long the others may go on typing when somebody is done."""
MOST_RUNNERS: Final = 20


class TypeRace(ChannelGame):
    """A text that is typed as fast as one can."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.text = place.chance.choice(race_texts())
        self.started_at: datetime | None = None
        self.runs: dict[int, Run] = {}

    async def begin(self) -> None:
        """Let everybody get ready."""
        await self.say(
            ngettext(
                "Get ready: in {count} second I show a text. Type it as fast as you can, and send it here. Copying"
                " doesn't count. `{stop}` ends the race.",
                "Get ready: in {count} seconds I show a text. Type it as fast as you can, and send it here. Copying"
                " doesn't count. `{stop}` ends the race.",
                int(READY_SECONDS),
            ).format(count=int(READY_SECONDS), stop=f"{self.place.prefix}stop"),
            title=_("Typing race"),
        )
        self.after(READY_SECONDS, self._start)

    def hear(self, message: discord.Message) -> None:
        """Take somebody's text, if it is meant to be this one."""
        if self.started_at is None or message.author.id in self.runs or len(self.runs) == MOST_RUNNERS:
            return
        typed = message.content
        if len(typed) > 2 * len(self.text):
            return
        result = run(typed, self.text, message.created_at - self.started_at)
        if is_copied(typed) and result.accuracy > LEAST_ACCURACY / 2:
            self.do(partial(self.react, message, "🚫"))
        elif result.counts:
            self.runs[message.author.id] = result
            if len(self.runs) == 1:
                self.after(AFTER_THE_FIRST_SECONDS, self._end)
            self.do(partial(self.react, message, "🏁"))

    def farewell(self) -> str:
        """Who is done so far."""
        return self._result()

    async def _start(self) -> None:
        allowed = time_for(self.text)
        ends_at = discord.utils.utcnow() + allowed
        text = f"{marked(self.text, self.place.chance)}\n\n"
        text += _("The race ends {when} at the latest.").format(when=timestamp(ends_at, "R"))
        message = await self.say(text, title=_("Go!"))
        self.started_at = message.created_at  # Discord's own clock, as for what people send
        self.after(allowed.total_seconds(), self._end)

    async def _end(self) -> None:
        if await self.finish():
            await self.say(self._result(), title=_("The race is over"))

    def _result(self) -> str:
        if not self.runs:
            return _("Nobody typed the text in time.")
        ordered = sorted(self.runs.items(), key=lambda one: (-one[1].words_per_minute, -one[1].accuracy))
        lines = [
            _("**#{place}** {member} · {speed} words per minute · {accuracy} right").format(
                place=place,
                member=f"<@{user_id}>",
                speed=format_decimal(result.words_per_minute, 1),
                accuracy=format_percent(result.accuracy, 1),
            )
            for place, (user_id, result) in enumerate(ordered, start=1)
        ]
        return "\n".join(lines)
