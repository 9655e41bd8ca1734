"""The buttons under findings: repair, and look again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import discord

from cogs.admin.doctor import texts
from utils import embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.errors import UserError, answer_to, is_expected, our_bug
from utils.findings import Finding, Repair
from utils.formatting import SELECT_LABEL_LIMIT, SELECT_OPTIONS_LIMIT, truncate
from utils.i18n import _, format_list
from utils.permissions import permission_names
from utils.views import OwnedView, Pages

OPEN_SECONDS: Final = 600.0

Look = Callable[[], Awaitable[list[Finding]]]
AsContents = Callable[[Sequence[discord.Embed]], list[dict[str, Any]]]


class Findings(OwnedView):
    """Findings with their repairs. Who presses needs the right to do by hand what is repaired."""

    def __init__(self, bot: Hearth, owner_id: int, look: Look, feature: str | None, as_contents: AsContents) -> None:
        super().__init__(bot, owner_id, timeout_seconds=OPEN_SECONDS)
        self.look = look
        self.feature = feature
        self.as_contents = as_contents
        self.repairs: list[Repair] = []
        self._one_at_a_time = asyncio.Lock()

    async def refresh(self) -> dict[str, Any]:
        """Look, lay out the buttons, and give what the first page is sent with."""
        found = await self.look()
        contents = self.as_contents(texts.pages(found, self.feature))
        repairs = {_what(one.repair): one.repair for one in found if one.repair is not None}
        self.repairs = list(repairs.values())[:SELECT_OPTIONS_LIMIT]
        self.clear_items()
        if len(contents) > 1:
            Pages(self.bot, self.owner_id, contents).lend_buttons(self)
        if self.repairs:
            self.add_item(_ChooseRepairs(self.repairs))
        if len(self.repairs) > 1:
            self.add_item(_RepairAll())
        self.add_item(_LookAgain())
        return contents[0]

    async def repair(self, interaction: discord.Interaction[Any], wanted: Sequence[Repair]) -> None:
        """Do what was chosen, say what became of it, and show what is left."""
        await interaction.response.defer()
        async with self._one_at_a_time:
            done, failed = [], []
            for one in wanted:
                why_not = await self._try(interaction, one)
                if why_not is None:
                    done.append(one.does)
                else:
                    failed.append(f"**{one.does}**: {why_not}")
            await self.show_anew(interaction)
        text = truncate(texts.outcome(done, failed), 2_000)
        said = embeds.error(text) if failed else embeds.success(text)
        await interaction.followup.send(embed=said, ephemeral=True)

    async def show_anew(self, interaction: discord.Interaction[Any]) -> None:
        """Look again, and show it in place of what was found before."""
        content = {"embed": None, "content": None, **await self.refresh()}
        await interaction.edit_original_response(**content, view=self)

    async def _try(self, interaction: discord.Interaction[Any], one: Repair) -> str | None:
        """Why a repair couldn't be done, in a sentence; None if it was."""
        member = interaction.user
        assert isinstance(member, discord.Member)
        if missing := one.lacks(member):
            return _("You need the permission {permissions} for this.").format(
                permissions=format_list(permission_names(missing))
            )
        try:
            await one.run(member)
        except (UserError, *CANNOT_SAY) as error:
            if is_expected(error):
                return answer_to(interaction, error) or _("Discord doesn't let me.")
            return _("Discord doesn't let me.")
        except Exception as error:  # noqa: BLE001 - the other repairs are done all the same
            return our_bug(self.bot.error_reports.add(error, f"the repair “{one.does}”"))
        return None


def _what(repair: Repair) -> object:
    """What a repair is known by: several findings may ask for one, such as the same permissions in a channel."""
    return (repair.does, *(channel.id for channel in repair.channels)) if repair.channels else id(repair)


class _ChooseRepairs(discord.ui.Select[Findings]):
    def __init__(self, repairs: Sequence[Repair]) -> None:
        options = [
            discord.SelectOption(label=truncate(one.does, SELECT_LABEL_LIMIT), value=str(index), emoji="🔧")
            for index, one in enumerate(repairs)
        ]
        super().__init__(placeholder=_("What shall I repair?"), options=options, max_values=len(options))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        assert self.view is not None
        await self.view.repair(interaction, [self.view.repairs[int(value)] for value in self.values])


class _RepairAll(discord.ui.Button[Findings]):
    def __init__(self) -> None:
        super().__init__(label=_("Repair all of it"), emoji="🔧", style=discord.ButtonStyle.primary)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        assert self.view is not None
        await self.view.repair(interaction, list(self.view.repairs))


class _LookAgain(discord.ui.Button[Findings]):
    def __init__(self) -> None:
        super().__init__(label=_("Look again"), emoji="🔁", style=discord.ButtonStyle.secondary)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        assert self.view is not None
        await interaction.response.defer()
        await self.view.show_anew(interaction)
