"""Who is in town, with which roles, and who talks where."""

from playground.server.requests.talking import cause
from playground.server.tab import Visitor
from playground.server.verbs import verb


@verb(acts=True)
async def add_person(visitor: Visitor, *, name: str, guild: int) -> dict[str, str]:
    """Let somebody new join a guild."""
    with cause(visitor, "other", f" lets {name.strip()} in"):
        return {"person": str(await visitor.playground.acting.add_person(name, guild))}


@verb(acts=True)
async def leave(visitor: Visitor, *, person: int, guild: int) -> None:
    """Let somebody leave a guild."""
    with cause(visitor, "other", f": {_name(visitor, person)} leaves"):
        await visitor.playground.acting.leave(person, guild)


@verb(acts=True)
async def rejoin(visitor: Visitor, *, person: int, guild: int) -> None:
    """Let somebody join a guild again."""
    with cause(visitor, "other", f": {_name(visitor, person)} joins"):
        await visitor.playground.acting.rejoin(person, guild)


@verb(acts=True)
async def set_role(visitor: Visitor, *, person: int, guild: int, role: int, on: bool) -> None:
    """Give or take a role, as the guild's owner would."""
    with cause(visitor, "other", f": {_name(visitor, person)} {'gets' if on else 'loses'} a role"):
        await visitor.playground.acting.set_role(person, guild, role, on)


@verb(acts=True)
async def set_nick(visitor: Visitor, *, person: int, guild: int, nick: str) -> None:
    """Give somebody a nickname, or take it away with an empty one; done by this page's person."""
    with cause(visitor, "other", f" renames {_name(visitor, person)}"):
        await visitor.playground.acting.set_nick(person, guild, nick, by=visitor.person_id)


@verb(acts=True)
async def join_voice(visitor: Visitor, *, channel: int) -> None:
    """Go into a voice channel."""
    with cause(visitor, "other", " joins a voice channel"):
        await visitor.playground.acting.join_voice(visitor.person_id, channel)


@verb(acts=True)
async def leave_voice(visitor: Visitor) -> None:
    """Go out of the voice channel."""
    with cause(visitor, "other", " leaves the voice channel"):
        await visitor.playground.acting.leave_voice(visitor.person_id)


@verb(acts=True)
async def voice_state(visitor: Visitor, *, muted: bool, deafened: bool) -> None:
    """Mute or deafen oneself."""
    with cause(visitor, "other", " changes how they talk"):
        await visitor.playground.acting.voice_state(visitor.person_id, muted=muted, deafened=deafened)


def _name(visitor: Visitor, person: int) -> str:
    return visitor.playground.sight.person(person)["display"]
