"""Buttons, selects and forms: what a person presses, chooses and fills in."""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from simcord import ChannelHandle, InteractionResult, MemberActor, RoleHandle, UserHandle
from simcord.backend.models import Message
from simcord.components import walk_components
from simcord.enums import SELECT_TYPES, ComponentType

from playground.errors import Refused
from playground.simulation.acting_base import Base, Town
from playground.simulation.acting_forms import check_amount, check_answers, file_controls
from playground.simulation.acting_refusals import refusing
from playground.simulation.acting_rules import Place, place_of

REMEMBERED_PRESSES = 200  # of everybody: a form that was left open for longer than that is closed

ID = re.compile(r"[0-9]{1,20}")
LINK_STYLE, PREMIUM_STYLE = 5, 6
USERS = (ComponentType.USER_SELECT, ComponentType.MENTIONABLE_SELECT)
ROLES = (ComponentType.ROLE_SELECT, ComponentType.MENTIONABLE_SELECT)


class Press:
    """A click, a choice or a sent form, and what the bot has answered by now: it may take three seconds."""

    def __init__(self, result: InteractionResult) -> None:
        self._result = result
        self.interaction: int = result._interaction.id

    @property
    def answered(self) -> bool:
        """Whether the bot has acknowledged it."""
        return self._result.acknowledged

    @property
    def modal(self) -> dict[str, Any] | None:
        """The form that the bot opened, as Discord's API has it; `Acting.submit` sends it."""
        return self._result.modal


class Components(Base):
    """What a person does with buttons, selects and forms."""

    def __init__(self, world: Town) -> None:
        super().__init__(world)
        # The latest by interaction id: a form that the bot opens answers one.
        self._presses: OrderedDict[int, InteractionResult] = OrderedDict()

    async def click(self, person: int, channel: int, message: int, custom_id: str) -> Press:
        """Press a button."""
        place = self.place(person, channel)
        stored = self.message(place, message)
        button = _find(stored, custom_id, (ComponentType.BUTTON,), "button")
        if button.get("style") in (LINK_STYLE, PREMIUM_STYLE):
            raise Refused("That button leads to an address; the bot doesn't hear of it.")
        hands = self.hands(place)
        return await self._press(lambda: hands.click(self.reference(stored), custom_id=custom_id))

    async def choose(self, person: int, channel: int, message: int, custom_id: str, values: Sequence[str]) -> Press:
        """Choose in a select: its values, or the ids of people, roles and channels."""
        place = self.place(person, channel)
        stored = self.message(place, message)
        menu = _find(stored, custom_id, SELECT_TYPES, "menu")
        check_amount("Choose", menu.get("min_values", 1), menu.get("max_values", 1), values)
        chosen = self.chosen(place, menu, values)
        hands = self.hands(place)
        return await self._press(lambda: hands.select(self.reference(stored), chosen, custom_id=custom_id))

    async def submit(self, person: int, interaction: int, values: Mapping[str, Any]) -> Press:
        """Send the form that the bot opened as answer to an interaction.

        `values` by custom_id: a text; a list of values or ids; a list of files, each its name and content; the value
        of a radio group or None; whether a checkbox is ticked. What isn't named is left as it was.
        """
        shown, spec = self._form(person, interaction)
        place = self.place(person, shown._interaction.channel_id)
        answers = check_answers(spec, values, lambda menu, chosen: self.chosen(place, menu, chosen))
        hands = self.hands(place)
        return await self._press(lambda: hands.submit_modal(shown, answers))

    def file_questions(self, person: int, interaction: int) -> list[str]:
        """The custom_ids of an open form whose values are files."""
        _shown, spec = self._form(person, interaction)
        return file_controls(spec)

    def _form(self, person: int, interaction: int) -> tuple[InteractionResult, dict[str, Any]]:
        shown = self._presses.get(interaction)
        spec = shown.modal if shown is not None else None
        if shown is None or spec is None or shown._interaction.user_id != person:
            raise Refused("That form isn't open any more.")
        if shown._interaction.modal_consumed:
            raise Refused("That form was sent already.")
        return shown, spec

    async def _press(self, press: Callable[[], Awaitable[InteractionResult]]) -> Press:
        """Do it, and keep its result, which is known before the bot has answered."""
        records: list[Any] = []
        unregister = self.env._register_dispatch_observer(records.append)
        try:
            with refusing():
                await press()
        finally:
            unregister()
        result = InteractionResult(self.env, records[0])
        self._presses[records[0].id] = result
        while len(self._presses) > REMEMBERED_PRESSES:
            self._presses.popitem(last=False)
        return Press(result)

    def label(self, person: int, channel: int, message: int, custom_id: str) -> str:
        """What stands on a button or in an empty select; its custom_id if there is nothing. Raises Refused."""
        stored = self.message(self.place(person, channel), message)
        for component in walk_components(stored.components):
            if component.get("custom_id") == custom_id:
                emoji = (component.get("emoji") or {}).get("name")
                return str(component.get("label") or component.get("placeholder") or emoji or custom_id)
        return custom_id

    # --- what is chosen

    def chosen(self, place: Place, menu: Mapping[str, Any], values: Sequence[str]) -> list[Any]:
        """The values of a select as simcord's actors take them. Raises Refused for what can't be chosen there."""
        if len(set(values)) < len(values):
            raise Refused("Nothing can be chosen twice.")
        kind = ComponentType(menu["type"])
        if kind == ComponentType.STRING_SELECT:
            known = {option["value"] for option in menu.get("options") or []}
            if not known.issuperset(values):
                raise Refused("What you chose isn't in the list any more.")
            return list(values)
        return [self._entity(place, kind, menu, int(value) if ID.fullmatch(value) else 0) for value in values]

    def _entity(self, place: Place, kind: ComponentType, menu: Mapping[str, Any], entity: int) -> Any:
        backend = self.env.backend
        if kind == ComponentType.CHANNEL_SELECT:
            return self._channel(place, menu, entity)
        if kind in ROLES and place.guild is not None and entity in place.guild.roles:
            return RoleHandle(self.env, self.guild_handle(place.guild.id), place.guild.roles[entity])
        if kind in USERS and entity in backend.users:
            user = UserHandle(self.env, backend.users[entity])
            if place.guild is None:
                return user
            if entity in place.guild.members:
                return MemberActor(self.env, self.guild_handle(place.guild.id), user)
        raise Refused("What you chose isn't here any more.")

    def _channel(self, place: Place, menu: Mapping[str, Any], channel_id: int) -> ChannelHandle:
        chosen = place_of(self.env, place.person, channel_id)
        kinds = menu.get("channel_types") or []
        if chosen.guild is None or place.guild is None or chosen.guild.id != place.guild.id:
            raise Refused("Only channels of this server can be chosen.")
        if kinds and chosen.channel.type not in kinds:
            raise Refused(f"The menu doesn't take channels like {chosen.name}.")
        return self.channel_handle(chosen)


def _find(stored: Message, custom_id: str, kinds: Sequence[int], word: str) -> dict[str, Any]:
    for component in walk_components(stored.components):
        if component.get("type") in kinds and component.get("custom_id") == custom_id:
            if component.get("disabled"):
                raise Refused(f"That {word} is disabled.")
            return component
    raise Refused(f"That {word} is no longer in the message.")
