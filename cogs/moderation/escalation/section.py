"""What follows on warnings as a section of a server's file: by points."""

from collections.abc import Sequence
from typing import Any, ClassVar

import discord

from cogs.moderation.escalation.rules import KINDS, MOST_THRESHOLDS, SHORTEST
from cogs.moderation.reading import LONGEST_TEMPORARY, read_points
from database.moderation_thresholds import Threshold, ThresholdsStore
from utils.errors import UserError
from utils.i18n import N_, _
from utils.portable import EntryChange, Field, Section, optional_duration_text, without_nothing
from utils.time import parse_duration


class ThresholdsSection(Section):
    """What follows on warnings."""

    name = "warn-thresholds"
    title = N_("What follows on warnings")
    most: ClassVar[int] = MOST_THRESHOLDS

    def __init__(self, store: ThresholdsStore) -> None:
        self.store = store

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By points, what they lead to."""
        return {str(one.points): _as_plain(one) for one in await self.store.of(guild.id)}

    def read(self, key: str, entry: Field) -> Any:
        """What so many points lead to."""
        try:
            points = read_points(key)
        except UserError as error:
            raise entry.misfit(str(error)) from error
        if str(points) != key:
            raise entry.misfit(_("Write the number of points only."))
        parts = entry.parts(("action",), ("length", "within"))
        kind = parts["action"].one_of(tuple(dict.fromkeys(KINDS.values())))
        length = parts["length"].optional_duration(SHORTEST, LONGEST_TEMPORARY)
        if kind == "kick" and length is not None:
            raise parts["length"].misfit(_("A kick has no length."))
        if kind == "timeout" and length is None:
            raise entry.misfit(_("Say how long the timeout is, like `length: 2h`."))
        return _as_plain(
            Threshold(points, kind, length, parts["within"].optional_duration(SHORTEST, LONGEST_TEMPORARY))
        )

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them: first what goes, so that there is room. Raises `UserError`."""
        for change in changes:
            if change.new is None:
                await self.store.remove(guild.id, int(change.key))
        for change in changes:
            if change.new is None:
                continue
            length, within = (
                parse_duration(change.new[name]) if name in change.new else None for name in ("length", "within")
            )
            threshold = Threshold(int(change.key), change.new["action"], length, within)
            if not await self.store.put(guild.id, threshold, most=MOST_THRESHOLDS):
                raise UserError(_("There may be {most} of these at most.").format(most=MOST_THRESHOLDS))


def _as_plain(one: Threshold) -> dict[str, Any]:
    return without_nothing(
        {
            "action": one.kind,
            "length": optional_duration_text(one.length),
            "within": optional_duration_text(one.within),
        }
    )
