"""Where a page looks, and as whom."""

from playground.errors import Refused
from playground.server import changes
from playground.server.tab import Tab
from playground.server.verbs import verb
from playground.shapes import Conversation, Hello
from playground.simulation.sight.people import BOT_PERMISSIONS
from utils.permissions import PERMISSION_NAMES
from utils.version import VERSION


@verb()
async def hello(tab: Tab, *, person: int | None = None, channel: int | None = None) -> Hello:
    """A page's first word: who it was and where, before it was reloaded."""
    parts = tab.playground
    if person is not None and person in parts.world.people:
        tab.person_id = person
    tab.greeted = True
    tab.show(channel)
    tab.mark(changes.everything())
    return Hello(
        version=VERSION,
        town=parts.world.guilds[0].name,
        prefix=parts.config.command_prefix,
        you=parts.sight.you(tab.person_id),
        people=parts.sight.people(),
        suggestions=parts.world.suggestions,
        permissions={name: PERMISSION_NAMES[name] for name in BOT_PERMISSIONS},
        dev=parts.dev,
    )


@verb()
async def become(tab: Tab, *, person: int) -> None:
    """Be somebody else in this page."""
    if person not in tab.playground.world.people:
        raise Refused("Nobody in town has that id.")
    tab.become(person)


@verb()
async def open(tab: Tab, *, channel: int) -> None:  # noqa: A001 - the page's word for it
    """Show another channel."""
    if not tab.playground.sight.can_see(tab.person_id, channel):
        raise Refused("There is no such channel for you.")
    tab.show(channel)


@verb()
async def older(tab: Tab, *, channel: int, before: int) -> Conversation:
    """The messages before one."""
    if channel != tab.channel_id:
        raise Refused("That channel isn't open here any more.")
    conversation = tab.playground.sight.conversation(tab.person_id, channel, before=before)
    tab.loaded(conversation["messages"])
    return conversation


@verb()
async def mark_read(tab: Tab, *, channel: int) -> None:
    """Take everything in a channel as seen by this person."""
    tab.playground.sight.mark_read(tab.person_id, channel)
    tab.playground.live.dirty("places")
