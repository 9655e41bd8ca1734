"""What can be chosen in a select, for the person who looks at it."""

from collections.abc import Iterable
from typing import Literal

from simcord.backend.models import Channel, Guild
from simcord.enums import ComponentType

from playground import shapes
from playground.simulation.sight import kinds
from playground.simulation.sight.media import Json, Media
from playground.simulation.sight.people import highest_first, sorting
from playground.simulation.sight.places import place_in_list
from playground.simulation.sight.scene import Scene

SelectOf = Literal["string", "user", "role", "mentionable", "channel"]
SELECTS: dict[int, SelectOf] = {
    ComponentType.STRING_SELECT: "string",
    ComponentType.USER_SELECT: "user",
    ComponentType.ROLE_SELECT: "role",
    ComponentType.MENTIONABLE_SELECT: "mentionable",
    ComponentType.CHANNEL_SELECT: "channel",
}


def choices(scene: Scene, media: Media, component: Json) -> list[shapes.Option]:
    """The options of a select of any kind, with the chosen ones marked."""
    of = SELECTS[component["type"]]
    if of == "string":
        return written(media, component)
    chosen = {str(value.get("id")) for value in component.get("default_values") or ()}
    wanted = tuple(component.get("channel_types") or ())
    key = f"{of} {wanted}"
    if key not in scene.options:
        scene.options[key] = _entities(scene, of, wanted)
    return [option | {"default": option["value"] in chosen} for option in scene.options[key]]


def written(media: Media, component: Json) -> list[shapes.Option]:
    """Options that the bot wrote itself."""
    return [
        shapes.Option(
            value=str(option["value"]),
            label=str(option.get("label") or option["value"]),
            description=option.get("description"),
            emoji=media.emoji(option["emoji"]) if option.get("emoji") else None,
            default=bool(option.get("default")),
        )
        for option in component.get("options") or ()
    ]


def _entities(scene: Scene, of: SelectOf, wanted: tuple[int, ...]) -> list[shapes.Option]:
    guild = scene.guild
    if guild is None:
        both = (scene.people.backend.bot_user.id, *scene.channel.recipient_ids)
        return _users(scene, both) if of in {"user", "mentionable"} else []
    if of == "channel":
        return _channels(scene, guild, wanted)
    users = _users(scene, guild.members) if of in {"user", "mentionable"} else []
    return users + (_roles(guild) if of in {"role", "mentionable"} else [])


def _users(scene: Scene, user_ids: Iterable[int]) -> list[shapes.Option]:
    people = [scene.author(number) for number in user_ids]
    people.sort(key=lambda person: sorting(person["display"]))
    return [_option(person["id"], person["display"], f"@{person['name']}") for person in people]


def _roles(guild: Guild) -> list[shapes.Option]:
    roles = highest_first(role for role in guild.roles.values() if role.id != guild.id)
    return [_option(str(role.id), role.name, "role") for role in roles]


def _channels(scene: Scene, guild: Guild, wanted: tuple[int, ...]) -> list[shapes.Option]:
    channels = scene.people.backend.channels
    known = [channels[number] for number in (*guild.channel_ids, *guild.thread_ids) if number in channels]
    seen = [
        channel
        for channel in known
        if (not wanted or channel.type in wanted) and scene.people.access.can_see(scene.person, channel.id)
    ]
    return [_option(str(one.id), kinds.name(one), _where(one, channels)) for one in sorted(seen, key=place_in_list)]


def _where(channel: Channel, channels: dict[int, Channel]) -> str | None:
    parent = channels.get(channel.parent_id or 0)
    return kinds.name(parent) if parent is not None else None


def _option(value: str, label: str, description: str | None) -> shapes.Option:
    return shapes.Option(value=value, label=label, description=description, emoji=None, default=False)
