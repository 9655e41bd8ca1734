"""The button under a look at everybody's roles."""

from typing import TYPE_CHECKING, Final

import discord

from cogs.leveling.rewards.sync import Sync
from utils.i18n import _
from utils.views import OwnedView

if TYPE_CHECKING:
    from utils.bot import Hearth

LONGEST_SECONDS: Final = 24 * 3600.0


class CancelSync(OwnedView):
    """Lets who asked for a sync call it off."""

    def __init__(self, bot: "Hearth", owner_id: int, sync: Sync) -> None:
        super().__init__(bot, owner_id, timeout_seconds=LONGEST_SECONDS)
        self.sync = sync
        self.add_item(_CancelButton(label=_("Cancel"), style=discord.ButtonStyle.secondary))


class _CancelButton(discord.ui.Button[CancelSync]):
    async def callback(self, interaction: discord.Interaction) -> None:
        assert self.view is not None
        self.view.sync.cancelled = True
        self.view.disable()
        await interaction.response.edit_message(view=self.view)
