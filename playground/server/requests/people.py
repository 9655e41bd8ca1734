"""Who is in town, with which roles, and who talks where."""

from playground.server.requests.talking import cause
from playground.server.tab import Tab
from playground.server.verbs import verb


@verb(acts=True)
async def add_person(tab: Tab, *, name: str, guild: int) -> dict[str, str]:
    """Let somebody new join a guild."""
    with cause(tab, "other", f" lets {name.strip()} in"):
        return {"person": str(await tab.playground.acting.add_person(name, guild))}


@verb(acts=True)
async def leave(tab: Tab, *, person: int, guild: int) -> None:
    """Let somebody leave a guild."""
    with cause(tab, "other", f": {_name(tab, person)} leaves"):
        await tab.playground.acting.leave(person, guild)


@verb(acts=True)
async def rejoin(tab: Tab, *, person: int, guild: int) -> None:
    """Let somebody join a guild again."""
    with cause(tab, "other", f": {_name(tab, person)} joins"):
        await tab.playground.acting.rejoin(person, guild)


@verb(acts=True)
async def set_role(tab: Tab, *, person: int, guild: int, role: int, on: bool) -> None:
    """Give or take a role, as the guild's owner would."""
    with cause(tab, "other", f": {_name(tab, person)} {'gets' if on else 'loses'} a role"):
        await tab.playground.acting.set_role(person, guild, role, on)


@verb(acts=True)
async def set_nick(tab: Tab, *, person: int, guild: int, nick: str) -> None:
    """Give somebody a nickname, or take it away with an empty one; done by this page's person."""
    with cause(tab, "other", f" renames {_name(tab, person)}"):
        await tab.playground.acting.set_nick(person, guild, nick, by=tab.person_id)


@verb(acts=True)
async def join_voice(tab: Tab, *, channel: int) -> None:
    """Go into a voice channel."""
    with cause(tab, "other", " joins a voice channel"):
        await tab.playground.acting.join_voice(tab.person_id, channel)


@verb(acts=True)
async def leave_voice(tab: Tab) -> None:
    """Go out of the voice channel."""
    with cause(tab, "other", " leaves the voice channel"):
        await tab.playground.acting.leave_voice(tab.person_id)


@verb(acts=True)
async def voice_state(tab: Tab, *, muted: bool, deafened: bool) -> None:
    """Mute or deafen oneself."""
    with cause(tab, "other", " changes how they talk"):
        await tab.playground.acting.voice_state(tab.person_id, muted=muted, deafened=deafened)


def _name(tab: Tab, person: int) -> str:
    return tab.playground.sight.person(person)["display"]
