"""A message of the bot with every kind of control, and two forms; what is sent with them is written down."""

import asyncio
from typing import Any

import discord

Said = list[Any]
"""What the bot heard, in order."""


def _shown(value: Any) -> Any:
    return getattr(value, "name", value)


class Details(discord.ui.Modal, title="Details"):
    """Texts, and selects of people and strings."""

    def __init__(self, said: Said) -> None:
        super().__init__(custom_id="details")
        self.said = said
        self.add_item(discord.ui.TextDisplay("Tell me more."))
        self.nickname = discord.ui.TextInput(custom_id="nickname", min_length=3, max_length=8)
        self.story = discord.ui.TextInput(
            custom_id="story", required=False, min_length=5, style=discord.TextStyle.paragraph
        )
        self.colour = discord.ui.Select(
            custom_id="colour", options=[discord.SelectOption(label=one) for one in ("red", "green", "blue")],
            min_values=2, max_values=2,
        )  # fmt: skip
        self.friend = discord.ui.UserSelect(custom_id="friend", required=False)
        for text, control in (
            ("Nickname", self.nickname), ("Story", self.story), ("Colours", self.colour), ("Friend", self.friend),
        ):  # fmt: skip
            self.add_item(discord.ui.Label(text=text, component=control))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        self.said.append(
            (self.nickname.value, self.story.value, self.colour.values, [_shown(one) for one in self.friend.values])
        )
        await interaction.response.send_message("Thank you", ephemeral=True)


class Choices(discord.ui.Modal, title="Choices"):
    """Files, radio, checkboxes, and a channel."""

    def __init__(self, said: Said) -> None:
        super().__init__(custom_id="choices")
        self.said = said
        self.proof = discord.ui.FileUpload(custom_id="proof", max_values=2)
        self.size = discord.ui.RadioGroup(
            custom_id="size", options=[discord.RadioGroupOption(label=one, value=one) for one in ("S", "L")]
        )
        self.extras = discord.ui.CheckboxGroup(
            custom_id="extras", required=False, max_values=2,
            options=[discord.CheckboxGroupOption(label=one, value=one) for one in ("milk", "sugar", "honey")],
        )  # fmt: skip
        self.agree = discord.ui.Checkbox(custom_id="agree")
        self.where = discord.ui.ChannelSelect(custom_id="where", required=False)
        for text, control in (
            ("Proof", self.proof), ("Size", self.size), ("Extras", self.extras), ("I agree", self.agree),
            ("Where", self.where),
        ):  # fmt: skip
            self.add_item(discord.ui.Label(text=text, component=control))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        files = [(file.filename, file.size) for file in self.proof.values]
        where = [_shown(one) for one in self.where.values]
        self.said.append((files, self.size.value, self.extras.values, self.agree.value, where))
        await interaction.response.defer()


class Buttons(discord.ui.View):
    """Buttons that answer at once, late, never, with a form."""

    def __init__(self, said: Said) -> None:
        super().__init__(timeout=None)
        self.said = said
        self.add_item(discord.ui.Button(label="Docs", url="https://example.org"))
        self.add_item(discord.ui.Button(label="Closed", custom_id="closed", disabled=True))

    @discord.ui.button(label="Hello", custom_id="hello")
    async def hello(self, interaction: discord.Interaction, _button: Any) -> None:
        self.said.append(interaction.user.name)
        await interaction.response.send_message("Hello", ephemeral=True)

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _button: Any) -> None:
        await asyncio.sleep(2)
        await interaction.response.send_message("At last", ephemeral=True)

    @discord.ui.button(label="Silent", custom_id="silent")
    async def silent(self, interaction: discord.Interaction, _button: Any) -> None:
        self.said.append(f"{interaction.user.name} pressed in vain")

    @discord.ui.button(label="Details", custom_id="details")
    async def details(self, interaction: discord.Interaction, _button: Any) -> None:
        await interaction.response.send_modal(Details(self.said))

    @discord.ui.button(label="Choices", custom_id="choices")
    async def choices(self, interaction: discord.Interaction, _button: Any) -> None:
        await interaction.response.send_modal(Choices(self.said))


class Menus(discord.ui.View):
    """A select of each kind."""

    def __init__(self, said: Said) -> None:
        super().__init__(timeout=None)
        self.said = said
        options = [discord.SelectOption(label=one) for one in ("tea", "coffee", "water")]
        text_only = [discord.ChannelType.text]
        for menu in (
            discord.ui.Select(custom_id="drinks", options=options, min_values=1, max_values=2),
            discord.ui.UserSelect(custom_id="user", min_values=0, max_values=3),
            discord.ui.RoleSelect(custom_id="role"),
            discord.ui.MentionableSelect(custom_id="mentionable", min_values=2, max_values=2),
            discord.ui.ChannelSelect(custom_id="channel", channel_types=text_only),
        ):
            menu.callback = self._heard(menu)
            self.add_item(menu)

    def _heard(self, menu: Any) -> Any:
        async def heard(interaction: discord.Interaction) -> None:
            self.said.append([_shown(value) for value in menu.values])
            await interaction.response.defer()

        return heard
