"""The simulated Discord and what is where in it."""

import re
import unicodedata
from dataclasses import dataclass

from simcord import ChannelHandle, Env, GuildHandle, MemberActor, UserHandle

from playground.errors import Refused
from playground.shapes import Suggestion
from playground.simulation.arranging import account_names
from playground.town.pictures import Pictures, avatar_hash

NAME_CHARACTERS = 32  # Discord's longest account name, and longest display name


@dataclass(eq=False)
class World:
    """The town as it was built, and who came to it since."""

    name: str
    env: Env
    guilds: list[GuildHandle]
    general: ChannelHandle
    """Where a visit begins, in the first guild."""
    owner: UserHandle
    """Of the first guild, and of the bot."""
    people: dict[int, UserHandle]
    """Humans by user id, in the order in which one can choose who to be."""
    notes: dict[int, str]
    """Who somebody is in a word: 'owner', 'Moderator', 'new here'; by user id, for all of `people`."""
    pictures: Pictures
    suggestions: list[Suggestion]

    def user(self, user_id: int) -> UserHandle | None:
        """Somebody in town; not the bots."""
        return self.people.get(user_id)

    def guild(self, guild_id: int) -> GuildHandle | None:
        """One of the town's guilds."""
        return next((guild for guild in self.guilds if guild.id == guild_id), None)

    def guilds_of(self, user_id: int) -> list[GuildHandle]:
        """Where somebody is a member now."""
        return [guild for guild in self.guilds if user_id in guild.member_ids()]

    def actor(self, user_id: int, guild_id: int) -> MemberActor | None:
        """Somebody as a member who can act; None if they aren't there now."""
        user, guild = self.user(user_id), self.guild(guild_id)
        if user is None or guild is None or user_id not in guild.member_ids():
            return None
        return MemberActor(self.env, guild, user)

    def add_person(self, name: str, guild: GuildHandle) -> UserHandle:
        """Let somebody new join a guild, with a picture and a note; `name` is the display name, in any script.

        The bot hears of it as soon as it is given time (`env.settle`). Raises Refused for a name that can't be one.
        """
        shown = " ".join(name.encode(errors="ignore").decode().split())  # half a surrogate pair is no character
        if not 1 <= len(shown) <= NAME_CHARACTERS:
            raise Refused(f"A name has 1 to {NAME_CHARACTERS} characters.")
        account = self._free_account(shown)
        user = self.env.create_user(account, global_name=shown, avatar=avatar_hash(account))
        self.pictures.add_person(user.id, shown)
        self.people[user.id] = user
        self.notes[user.id] = "new here"
        guild.add_member(user)
        return user

    def _free_account(self, shown: str) -> str:
        """An account name made of the Latin letters of a display name, which nobody in town has."""
        plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9_]+", "_", plain).strip("_")[: NAME_CHARACTERS - 4]
        stem = stem if len(stem) > 1 else f"{stem or 'guest'}_1"
        taken = account_names(self.env)
        number, account = 1, stem
        while account in taken:
            number += 1
            account = f"{stem}{number}"
        return account
