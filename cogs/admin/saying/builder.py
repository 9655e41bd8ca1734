"""An embed that is put together by buttons and forms, with a preview."""

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord.ui import Button, Label, TextInput

from cogs.admin.saying.rules import Draft, DraftError, check, write
from cogs.admin.saying.service import embeds_of
from utils import embeds
from utils.bot import Hearth
from utils.errors import UserError
from utils.formatting import EMBED_FIELDS_LIMIT, MESSAGE_LIMIT
from utils.i18n import N_, _, translate
from utils.setting_types import SettingError, Switch
from utils.views import Form, OwnedView

BUILD_SECONDS: Final = 840.0
"""Discord takes changes of a message by a press for a quarter of an hour."""
FORM_SECONDS: Final = 840.0
LONGEST_INPUT: Final = 4_000
FIELD: Final = "field"
"""The form for a field, beside those of `FORMS`."""

Done = Callable[[Draft], Awaitable[str]]
"""What happens with the finished draft; the sentence that says so. Raises UserError."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form: where its answer stands in the embed, `content` in the message."""

    path: tuple[str, ...]
    label: str
    most: int
    long: bool = False
    hint: str | None = None


FORMS: Final[dict[str, tuple[str, str, tuple[Question, ...]]]] = {
    "texts": (
        N_("Texts"), "📝",
        (
            Question(("content",), N_("Text above the embed"), MESSAGE_LIMIT, long=True),
            Question(("title",), N_("Title"), 256),
            Question(("url",), N_("Address that the title leads to"), 2_048),
            Question(("description",), N_("Description"), LONGEST_INPUT, long=True),
            Question(("color",), N_("Colour"), 40, hint=N_("Like red or #ff8800.")),
        ),
    ),
    "around": (
        N_("Author and footer"), "👤",
        (
            Question(("author", "name"), N_("Author"), 256),
            Question(("author", "icon_url"), N_("Address of the author's picture"), 2_048),
            Question(("footer", "text"), N_("Footer"), 2_048, long=True),
            Question(("footer", "icon_url"), N_("Address of the footer's picture"), 2_048),
        ),
    ),
    "pictures": (
        N_("Pictures"), "🖼️",
        (
            Question(("image", "url"), N_("Address of the picture"), 2_048),
            Question(("thumbnail", "url"), N_("Address of the small picture"), 2_048),
        ),
    ),
}  # fmt: skip


class Builder(OwnedView):
    """The draft, its preview, and what can be done to it. Embeds after the first stay as they are."""

    def __init__(self, bot: Hearth, owner_id: int, draft: Draft, done: Done) -> None:
        super().__init__(bot, owner_id, timeout_seconds=BUILD_SECONDS)
        self.done = done
        self.content = draft.content
        self.embeds: list[dict[str, Any]] = [dict(one) for one in draft.embeds] or [{}]
        self.was_sent = False
        self.refused: dict[str, dict[str, str]] = {}
        """By form, what was typed and couldn't be taken: the form has it again when it is opened next."""
        for key, (label, emoji, _questions) in FORMS.items():
            self._button(translate(label), emoji, discord.ButtonStyle.secondary, self._ask(key))
        self._button(_("Add a field"), "➕", discord.ButtonStyle.secondary, self._ask_field)
        self._button(_("Remove the last field"), "➖", discord.ButtonStyle.secondary, self._drop_field)
        self._button(_("Send"), "✅", discord.ButtonStyle.success, self._send)
        self._button(_("Show as JSON"), "📋", discord.ButtonStyle.secondary, self._show_json)
        self._button(_("Cancel"), "✖️", discord.ButtonStyle.danger, self._cancel)

    def _button(
        self, label: str, emoji: str, style: discord.ButtonStyle, press: Callable[[discord.Interaction], Any]
    ) -> None:
        button: Button[Builder] = Button(label=label, emoji=emoji, style=style)
        button.callback = press  # type: ignore[method-assign, assignment]
        self.add_item(button)

    # --- the draft

    def draft(self) -> Draft:
        """The message as it is now. Raises DraftError if it can't be sent."""
        return check({"content": self.content, "embeds": [one for one in self.embeds if one]})

    def look(self) -> dict[str, Any]:
        """What the preview is sent with."""
        try:
            draft = self.draft()
        except DraftError:
            return {
                "content": None,
                "embeds": [embeds.info(_("This will be your embed. Fill it in by the buttons."))],
            }
        return {"content": draft.content or None, "embeds": embeds_of(draft)}

    def value(self, path: tuple[str, ...]) -> str:
        """What stands somewhere in the draft now, as a form shows it."""
        if path == ("content",):
            return self.content
        place: Any = self.embeds[0]
        for key in path:
            place = place.get(key, {}) if isinstance(place, dict) else {}
        if path == ("color",) and isinstance(place, int):
            return f"#{place:06x}"
        return place if isinstance(place, str) else ""

    async def change(self, interaction: discord.Interaction, content: str, embed: dict[str, Any]) -> None:
        """Take a changed draft, or none of it. Raises UserError."""
        embed = {key: value for key, value in embed.items() if value}
        try:
            checked = check({"content": content, "embeds": [one for one in (embed, *self.embeds[1:]) if one]})
        except DraftError as error:
            raise UserError(str(error)) from error
        self.content = checked.content
        self.embeds = list(checked.embeds) if embed else [{}, *checked.embeds]
        await interaction.response.edit_message(view=self, allowed_mentions=NO_MENTIONS, **self.look())

    # --- buttons

    def _ask(self, key: str) -> Callable[[discord.Interaction], Any]:
        async def press(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(PartForm(self, key))

        return press

    async def _ask_field(self, interaction: discord.Interaction) -> None:
        if len(self.embeds[0].get("fields", [])) >= EMBED_FIELDS_LIMIT:
            raise UserError(_("An embed has room for {most} fields.").format(most=EMBED_FIELDS_LIMIT))
        await interaction.response.send_modal(FieldForm(self))

    async def _drop_field(self, interaction: discord.Interaction) -> None:
        fields = self.embeds[0].get("fields", [])
        if not fields:
            raise UserError(_("This embed has no fields."))
        embed = {key: value for key, value in self.embeds[0].items() if key != "fields"}
        if len(fields) > 1:
            embed["fields"] = fields[:-1]
        await self.change(interaction, self.content, embed)

    async def _show_json(self, interaction: discord.Interaction) -> None:
        try:
            text = write(self.draft())
        except DraftError as error:
            raise UserError(str(error)) from error
        file = discord.File(io.BytesIO(text.encode()), "embed.json")
        await interaction.response.send_message(file=file, ephemeral=True)

    async def _send(self, interaction: discord.Interaction) -> None:
        if self.was_sent:  # two quick presses: the first one counts
            await interaction.response.defer()
            return
        try:
            draft = self.draft()
        except DraftError as error:
            raise UserError(str(error)) from error
        self.was_sent = True
        await interaction.response.defer()  # it may take longer than the three seconds that Discord waits
        try:
            sentence = await self.done(draft)
        except BaseException:
            self.was_sent = False
            raise
        self.stop()
        await interaction.edit_original_response(content=None, embeds=[embeds.success(sentence)], view=None)

    async def _cancel(self, interaction: discord.Interaction) -> None:
        self.was_sent = True
        self.stop()
        await interaction.response.edit_message(content=None, embeds=[embeds.info(_("Cancelled."))], view=None)


NO_MENTIONS: Final = discord.AllowedMentions.none()


class PartForm(Form):
    """Asks for some texts of the embed."""

    def __init__(self, builder: Builder, key: str) -> None:
        label, _emoji, self.questions = FORMS[key]
        super().__init__(title=translate(label), timeout=FORM_SECONDS)
        self.builder = builder
        self.key = key
        self.before = [builder.value(question.path)[: question.most] for question in self.questions]
        self.inputs: list[TextInput[Any]] = []
        typed = builder.refused.get(key, {})
        for question, before in zip(self.questions, self.before, strict=True):
            name = ".".join(question.path)
            field: TextInput[Any] = TextInput(
                custom_id=name,
                style=discord.TextStyle.paragraph if question.long else discord.TextStyle.short,
                default=typed.get(name, before),
                max_length=question.most,
                required=False,
            )
            self.inputs.append(field)
            hint = None if question.hint is None else translate(question.hint)
            self.add_item(Label(text=translate(question.label), component=field, description=hint))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Change the draft. Raises UserError."""
        await interaction.client.speak_to(interaction.user.id, interaction.guild)
        content, embed = self.builder.content, dict(self.builder.embeds[0])
        self.builder.refused[self.key] = {field.custom_id: field.value for field in self.inputs}
        for question, field, before in zip(self.questions, self.inputs, self.before, strict=True):
            if field.value == before:
                continue  # a description from JSON may be longer than what a form shows of it
            if question.path == ("content",):
                content = field.value
            else:
                _put(embed, question.path, field.value.strip())
        await self.builder.change(interaction, content, embed)
        del self.builder.refused[self.key]


class FieldForm(Form):
    """Asks for a field of the embed."""

    def __init__(self, builder: Builder) -> None:
        super().__init__(title=_("Field"), timeout=FORM_SECONDS)
        self.builder = builder
        typed = builder.refused.get(FIELD, {})
        self.name: TextInput[Any] = TextInput(custom_id="name", max_length=256, default=typed.get("name"))
        self.value: TextInput[Any] = TextInput(
            custom_id="value", max_length=1_024, style=discord.TextStyle.paragraph, default=typed.get("value")
        )
        self.inline: TextInput[Any] = TextInput(
            custom_id="inline", max_length=10, required=False, default=typed.get("inline")
        )
        self.add_item(Label(text=_("Name"), component=self.name))
        self.add_item(Label(text=_("Text"), component=self.value))
        self.add_item(Label(text=_("Beside the others? yes or no"), component=self.inline))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Change the draft. Raises UserError."""
        await interaction.client.speak_to(interaction.user.id, interaction.guild)
        assert interaction.guild is not None
        inputs = (self.name, self.value, self.inline)
        self.builder.refused[FIELD] = {one.custom_id: one.value for one in inputs}
        try:
            inline = bool(self.inline.value.strip()) and Switch().parse(self.inline.value, interaction.guild)
        except SettingError as error:
            raise UserError(str(error)) from error
        field = {"name": self.name.value, "value": self.value.value, "inline": inline}
        embed = dict(self.builder.embeds[0])
        embed["fields"] = [*embed.get("fields", []), field]
        await self.builder.change(interaction, self.builder.content, embed)
        del self.builder.refused[FIELD]


def _put(embed: dict[str, Any], path: tuple[str, ...], text: str) -> None:
    """Put an answer where it belongs; nothing takes away what was there."""
    if len(path) == 1:
        embed[path[0]] = text
        return
    part = dict(embed.get(path[0], {}))
    part[path[1]] = text
    embed[path[0]] = {key: value for key, value in part.items() if value}
    if not embed[path[0]]:
        del embed[path[0]]
