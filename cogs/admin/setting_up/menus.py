"""The menus of the wizard: what can be chosen at each step."""

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import discord

from cogs.admin.setting_up import texts
from cogs.admin.setting_up.steps import SET, Answer, Step, Wizard
from utils.core_settings import MOST_PREFIXES
from utils.errors import UserError
from utils.formatting import SELECT_LABEL_LIMIT, SELECT_OPTIONS_LIMIT, truncate
from utils.i18n import LANGUAGES, N_, _, set_language, translate
from utils.permissions import why_not_role
from utils.setting_types import SettingError
from utils.views import Form

if TYPE_CHECKING:
    from cogs.admin.setting_up.views import SetupView

FORM_SECONDS: Final = 600.0
PREFIXES: Final = ("!", "?", ".", "-", "$", "+", ">", "%", "h!")
ZONES: Final = (
    "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago",
    "America/New_York", "America/Sao_Paulo", "Atlantic/Azores", "UTC", "Europe/London", "Europe/Berlin",
    "Europe/Athens", "Europe/Istanbul", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok",
    "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
"""From west to east; every other one is a word in the form."""
MOST_ROLES: Final = 10
OTHER: Final = {
    "prefix": (N_("Another…"), N_("One or more prefixes"), 200),
    "timezone": (N_("Another…"), N_("A city in it, or a time zone"), 60),
}
"""By step: the button, the form's question, and how many characters it takes."""
SELECTS: Final = frozenset({"prefix", "language", "timezone", "levels", "economy"})
CHANNEL_KEYS: Final = {
    "mod-log": "mod-log", "welcome": "welcome-channel", "level-channel": "level-up-channel",
    "automod-channel": "automod-channel",
}  # fmt: skip
CHANNEL_TYPES: Final = (discord.ChannelType.text, discord.ChannelType.news)
ROLE_KEYS: Final = {"mod-roles": "mod-roles", "jail": "jail-role"}


def for_step(view: "SetupView", step: Step, drawn: Wizard) -> list[discord.ui.Item[Any]]:
    """The menus of a step: one or none."""
    if step.key in SELECTS:
        return [_ValueMenu(view, step, drawn)]
    if step.key in CHANNEL_KEYS:
        return [_ChannelMenu(view, step, drawn)]
    return [_RoleMenu(view, step, drawn)] if step.key in ROLE_KEYS else []


def _held(view: "SetupView", key: str) -> Any:
    settings = view.bot.guild_settings
    return settings.get(view.ctx.guild.id, settings.declared[key])


class _ValueMenu(discord.ui.Select["SetupView"]):
    """Values as words. What holds now is marked."""

    def __init__(self, view: "SetupView", step: Step, drawn: Wizard) -> None:
        self.setup, self.drawn, self.step = view, drawn, step
        self.choices, options = _options(view, step)
        most = min(MOST_PREFIXES, len(options)) if step.key == "prefix" else 1
        super().__init__(placeholder=translate(texts.TITLES[step.key]), options=options, max_values=most, row=0)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        chosen = [self.choices[int(value)] for value in self.values]
        value = tuple(chosen) if self.step.key == "prefix" else chosen[0]
        if self.step.key == "prefix":
            setting = self.setup.bot.guild_settings.declared["prefixes"]
            value = setting.type.check(value)
        await self.setup.move(interaction, self.drawn, lambda: self.drawn.answer(Answer(SET, value)))


def _options(view: "SetupView", step: Step) -> tuple[list[Any], list[discord.SelectOption]]:
    """The values, and how they are shown; an option's value is its place, since Discord trims texts."""
    if step.key == "prefix":
        held = _held(view, "prefixes")
        values = list(dict.fromkeys([*held, *PREFIXES]))[:SELECT_OPTIONS_LIMIT]
        return values, [_option(index, one, is_held=one in held) for index, one in enumerate(values)]
    if step.key == "language":
        held = _held(view, "language")
        values = list(LANGUAGES)
        return values, [_option(index, LANGUAGES[one], is_held=one == held) for index, one in enumerate(values)]
    if step.key == "timezone":
        held = _held(view, "timezone")
        values = list(dict.fromkeys([*ZONES, held]))
        return values, [
            _option(index, one, is_held=one == held, description=_clock(one)) for index, one in enumerate(values)
        ]
    labels = [translate(texts.OPTIONS[step.key, value]) for value in step.options]
    return list(step.options), [_option(index, label) for index, label in enumerate(labels)]


def _option(index: int, label: str, *, is_held: bool = False, description: str | None = None) -> discord.SelectOption:
    return discord.SelectOption(
        label=truncate(label, SELECT_LABEL_LIMIT), value=str(index), default=is_held, description=description
    )


def _clock(zone: str) -> str:
    """The time there and its distance from UTC, in figures: they need no language."""
    there = discord.utils.utcnow().astimezone(ZoneInfo(zone))
    offset = f"{there:%z}"
    return f"{there:%H:%M} ({offset[:3]}:{offset[3:5]})"


class _RoleMenu(discord.ui.RoleSelect["SetupView"]):
    def __init__(self, view: "SetupView", step: Step, drawn: Wizard) -> None:
        self.setup, self.drawn, self.step = view, drawn, step
        held = _held(view, ROLE_KEYS[step.key])
        ids = held if isinstance(held, tuple) else () if held is None else (held,)
        there = [role for role_id in ids if (role := view.ctx.guild.get_role(role_id)) is not None]
        most = MOST_ROLES if step.key == "mod-roles" else 1
        super().__init__(
            placeholder=translate(texts.TITLES[step.key]), max_values=most, default_values=there[:most], row=0
        )

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        roles = list(self.values)
        if any(role.is_default() for role in roles):
            raise UserError(_("`@everyone` is everybody: choose another role."))
        if self.step.key == "jail":
            reason = why_not_role(self.setup.ctx.author, roles[0], actor_is_bot=False)
            if reason is not None:
                raise UserError(reason)
        value: Any = roles[0].id if self.step.key == "jail" else tuple(role.id for role in roles)
        await self.setup.move(interaction, self.drawn, lambda: self.drawn.answer(Answer(SET, value)))


class _ChannelMenu(discord.ui.ChannelSelect["SetupView"]):
    def __init__(self, view: "SetupView", step: Step, drawn: Wizard) -> None:
        self.setup, self.drawn = view, drawn
        held = view.ctx.guild.get_channel(_held(view, CHANNEL_KEYS[step.key]) or 0)
        if held is not None and held.type not in CHANNEL_TYPES:
            held = None
        super().__init__(
            placeholder=translate(texts.TITLES[step.key]),
            channel_types=list(CHANNEL_TYPES),
            default_values=[] if held is None else [held],
            row=0,
        )

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        channel_id = self.values[0].id
        await self.setup.move(interaction, self.drawn, lambda: self.drawn.answer(Answer(SET, channel_id)))


class OtherButton(discord.ui.Button["SetupView"]):
    """Asks by a form for what isn't in the menu."""

    def __init__(self, view: "SetupView", step: Step, drawn: Wizard) -> None:
        super().__init__(label=translate(OTHER[step.key][0]), emoji="✏️", row=1)
        self.setup, self.step, self.drawn = view, step, drawn

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(_OtherForm(self.setup, self.step, self.drawn))


class _OtherForm(Form):
    def __init__(self, setup: "SetupView", step: Step, drawn: Wizard) -> None:
        super().__init__(title=truncate(translate(texts.TITLES[step.key]), 45), timeout=FORM_SECONDS)
        self.setup, self.step, self.drawn = setup, step, drawn
        _label, question, most = OTHER[step.key]
        self.written: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id="value", max_length=most)
        self.add_item(discord.ui.Label(text=translate(question), component=self.written))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the step, if it is still asked. Raises UserError."""
        set_language(self.setup.language)
        key = self.step.keys[0]
        setting = self.setup.bot.guild_settings.declared[key]
        try:
            value = setting.type.parse(self.written.value, self.setup.ctx.guild)
        except SettingError as error:
            raise UserError(str(error)) from error
        if self.setup.is_finished():
            raise UserError(_("This wizard is over; use `setup` again."))
        await self.setup.move(interaction, self.drawn, lambda: self.drawn.answer(Answer(SET, value)))


class ChangeMenu(discord.ui.Select["SetupView"]):
    """The steps, at the review: each can be asked again."""

    def __init__(self, view: "SetupView", drawn: Wizard) -> None:
        options = [
            discord.SelectOption(
                label=truncate(translate(texts.TITLES[step.key]), SELECT_LABEL_LIMIT), value=step.key
            )
            for step in drawn.applying
        ]
        super().__init__(placeholder=_("Change an answer…"), options=options, row=0)
        self.setup, self.drawn = view, drawn

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        key = self.values[0]
        await self.setup.move(interaction, self.drawn, lambda: self.drawn.change(key))
