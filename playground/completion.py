"""What could stand at the cursor of the composer: commands, people, roles, channels, emoji.

Commands are the bot's own, and only those that this person may run here; a bot that doesn't run offers none. Nothing
of this acts in the town.
"""

import logging
from typing import TYPE_CHECKING, Final

from playground import completion_text as typed
from playground import emoji
from playground.command_completion import Call, call_in
from playground.completion_text import Query
from playground.shapes import Channel, Completion, Completions, Guild, Member, RoleTag
from playground.simulation import would_be
from utils.bot import Hearth

if TYPE_CHECKING:
    from playground.runtime import Playground

log = logging.getLogger("hearth.playground")

MOST_ITEMS: Final = 10


async def complete(playground: "Playground", person: int, channel: int, text: str, cursor: int) -> Completions:
    """What somebody could go on with; `cursor` counts UTF-16 units. Raises nothing: what fails isn't offered."""
    before = typed.before_cursor(text, cursor)
    nothing = Completions(start=typed.utf16_length(before), items=[], hint="")
    if typed.in_code(before) or not playground.sight.can_see(person, channel):
        return nothing
    call = await _call(playground, person, channel, before)
    if call is not None and call.items:
        return Completions(start=typed.utf16_length(before[: call.start]), items=call.items, hint=call.hint)
    if call is not None:
        nothing["hint"] = call.hint
    asked = typed.query(before)
    if asked is None:
        return nothing
    items = Names(playground, person, channel).items(asked)
    return Completions(start=typed.utf16_length(before[: asked.start]), items=items, hint=nothing["hint"])


async def _call(playground: "Playground", person: int, channel: int, before: str) -> Call | None:
    """The command that is being typed. A bot that dies meanwhile, or fails, just offers nothing."""
    bot: Hearth | None = playground.life.bot
    if bot is None or bot.is_closed():
        return None
    try:
        message = would_be.message(playground.world.env, bot, person, channel, before.lstrip())
        call = await call_in(bot, message, most=MOST_ITEMS) if message is not None else None
    except Exception:  # whatever a check of somebody's feature raises: one can go on typing without
        log.exception("No commands to offer for what is typed in channel %d", channel)
        return None
    return call.moved(len(before) - len(before.lstrip())) if call is not None else None


class Names:
    """What can be named in a channel, as one person sees it."""

    def __init__(self, playground: "Playground", person: int, channel: int) -> None:
        self.playground = playground
        self.sight = playground.sight
        self.person = person
        self.channel = channel

    def items(self, asked: Query) -> list[Completion]:
        """What fits best."""
        kinds = {"@": self._people_and_roles, "#": self._channels, ":": self._emoji}
        return kinds[asked.sign](asked.text)[:MOST_ITEMS]

    def _people_and_roles(self, text: str) -> list[Completion]:
        groups = self.sight.members(self.person, self.channel)
        members = sorted((one for group in groups for one in group["members"]), key=_sorted_by)
        guild = self._guild()
        named: list[Named] = [((one["display"], one["name"], one["nick"] or ""), _person(one)) for one in members]
        named += [((role["name"],), _role(role)) for role in (guild["roles"] if guild is not None else [])]
        return _best(text, named)

    def _channels(self, text: str) -> list[Completion]:
        guild = self._guild()
        channels = guild["channels"] if guild is not None else []
        parents = {channel["id"]: channel["name"] for channel in channels}
        named: list[Named] = [
            ((channel["name"],), _channel(channel, parents.get(channel["parent"] or "", "")))
            for channel in channels
            if channel["kind"] != "category"
        ]
        return _best(text, named)

    def _emoji(self, text: str) -> list[Completion]:
        pictures = self.playground.world.pictures
        named: list[Named] = []
        for name, number, moves in would_be.custom_emoji(self.playground.world.env, self.person, self.channel):
            insert = f"<{'a' if moves else ''}:{name}:{number}> "
            item = Completion(
                insert=insert, label=f":{name}:", detail="", kind="emoji", avatar=pictures.emoji_url(number)
            )
            named.append(((name,), item))
        if text:  # for a single colon the server's own are enough
            named += [
                ((name,), Completion(insert=f"{character} ", label=f"{character} :{name}:", detail="", kind="emoji"))
                for name, character in emoji.by_name().items()
            ]
        return _best(text, named)

    def _guild(self) -> Guild | None:
        open_channel = self.sight.channel(self.person, self.channel)
        wanted = open_channel["guild"] if open_channel is not None else None
        return next((guild for guild in self.sight.places(self.person)["guilds"] if guild["id"] == wanted), None)


Named = tuple[tuple[str, ...], Completion]
"""A line, and the names it is found by."""


def _best(text: str, named: list[Named]) -> list[Completion]:
    """The lines that fit, each once although some are found by several names."""
    items: dict[str, Completion] = {}
    for _names, item in typed.best(text, named, lambda one: one[0]):
        items.setdefault(item["insert"], item)
    return list(items.values())


def _sorted_by(member: Member) -> tuple[str, str]:
    return typed.folded(member["display"]), member["id"]


def _person(member: Member) -> Completion:
    return Completion(
        insert=f"<@{member['id']}> ", label=member["display"], detail=f"@{member['name']}", kind="person",
        avatar=member["avatar"], colour=member["colour"],
    )  # fmt: skip


def _role(role: RoleTag) -> Completion:
    return Completion(
        insert=f"<@&{role['id']}> ", label=f"@{role['name']}", detail="role", kind="role", colour=role["colour"]
    )


def _channel(channel: Channel, parent: str) -> Completion:
    return Completion(insert=f"<#{channel['id']}> ", label=f"#{channel['name']}", detail=parent, kind="channel")
