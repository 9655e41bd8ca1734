"""Looking up people, servers, roles and channels."""

import re
from datetime import timedelta
from typing import Any

import discord
import pytest

from cogs.utility import facts
from tests.support.answers import Answer
from tests.support.places import Person
from tests.support.town import Town
from utils.i18n import using

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")


# --- People -----------------------------------------------------------------------------------------------


@sqlite
async def test_oneself(town: Town):
    answer = await town.says(town.ann, "!userinfo")
    assert answer.embed.title == "ann"
    assert town.ann.mention in answer
    assert f"Id {town.ann.id}" in answer
    assert answer.pings <= {town.ann.id}


@sqlite
async def test_in_direct_messages_nothing_is_said_of_a_server(town: Town):
    answer = await town.dm(town.ann, "!userinfo")
    assert town.ann.mention in answer
    assert "Not in this server" not in answer
    stranger = town.outsider("stranger")
    assert "Not in this server" in await town.says(town.ann, f"!userinfo {stranger.id}")


@sqlite
async def test_a_member_by_any_name(town: Town):
    await town.rename(town.moderator, "The Law")
    for words in (town.moderator.mention, str(town.moderator.id), "mona", "MONA", "The Law"):
        answer = await town.says(town.ann, f"!whois {words}")
        assert f"Id {town.moderator.id}" in answer
    joined = int(town.moderator.live.joined_at.timestamp())
    made = int(town.moderator.live.created_at.timestamp())
    assert answer.fields["Joined"] == f"<t:{joined}:D> (<t:{joined}:R>)"
    assert answer.fields["Account made"] == f"<t:{made}:D> (<t:{made}:R>)"
    assert answer.fields["Roles (1)"] == town.role("Moderator").mention
    assert "Kick Members" in answer.fields["Key permissions"]
    assert "here “The Law”" in answer


@sqlite
async def test_somebody_outside(town: Town):
    stranger = town.outsider("xeno")
    answer = await town.says(town.ann, f"!user {stranger.id}")
    assert "Not in this server." in answer
    assert "Joined" not in answer.fields
    assert stranger.mention in answer
    assert not answer.pings & {stranger.id}


@sqlite
async def test_the_owner_and_the_bot(town: Town):
    assert "this is the owner" in await town.says(town.ann, "!userinfo olivia")
    answer = await town.says(town.ann, f"!userinfo {town.bot.user.id}")
    assert "A bot." in answer


@sqlite
async def test_in_direct_messages(town: Town):
    assert "Account made" in await town.dm(town.ann, "!userinfo")
    assert "Bob" not in await town.dm(town.ann, "!userinfo bob")
    assert f"Id {town.bob.id}" in await town.dm(town.ann, f"!userinfo {town.bob.id}")


@sqlite
async def test_nobody(town: Town):
    for words in ("nobody", "123456789012345678", "<@123456789012345678>", "😀", "x" * 1900, "@everyone", "0", "-1"):
        for command in ("userinfo", "avatar", "banner"):
            answer = await town.says(town.ann, f"!{command} {words}")
            assert answer.embed is not None
            assert answer.embed.title is None
            assert not answer.pings_everyone


@sqlite
async def test_hidden_text_in_a_name_does_no_harm(town: Town):
    await town.rename(town.bob, "**@everyone** `x`")
    answer = await town.says(town.ann, f"!userinfo {town.bob.id}")
    assert not answer.pings_everyone
    assert "\\*\\*" in answer


@english
@sqlite
async def test_many_roles_are_cut(town: Town):
    for number in range(80):
        town.role(f"Role {number}")
        await town.give_role(town.ann, f"Role {number}")
    answer = await town.says(town.bob, "!userinfo ann")
    roles = answer.fields["Roles (80)"]
    assert len(roles) <= 1024
    shown = roles.count("<@&")
    assert roles.endswith(f"and {80 - shown} more")
    assert shown > 30


def payload(**fields: Any) -> Any:
    """What Discord says of a user."""
    return {"id": "80351110224678912", "username": "nelly", "discriminator": "0", "global_name": "Nelly",
            "avatar": None, "public_flags": 0, **fields}  # fmt: skip


def user(town: Town, **fields: Any) -> discord.User:
    return discord.User(state=town.bot._connection, data=payload(**fields))


def member(town: Town, *, of_user: dict[str, Any] | None = None, **fields: Any) -> discord.Member:
    data: Any = {"user": payload(**(of_user or {})), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00",
                 "deaf": False, "mute": False, "flags": 0, **fields}  # fmt: skip
    return discord.Member(data=data, guild=town.guild.live, state=town.bot._connection)


def fields_of(embed: discord.Embed) -> dict[str | None, str | None]:
    return {field.name: field.value for field in embed.fields}


@english
@sqlite
async def test_badges_and_marks(town: Town):
    flags = discord.PublicUserFlags(active_developer=True, bug_hunter=True, team_user=True)
    embed = facts.about_person(user(town, public_flags=flags.value))
    assert fields_of(embed)["Badges"] == "Bug hunter and Active developer"
    assert embed.title == "Nelly"
    assert "Nelly" not in (embed.description or ""), "the title says it already"
    assert "Discord itself" in (facts.about_person(user(town, system=True)).description or "")
    with using("de"):
        assert facts.about_person(user(town)).footer.text


@english
@sqlite
async def test_what_is_told_of_a_member(town: Town):
    until = town.now + timedelta(hours=1)
    special = member(
        town, premium_since="2025-06-01T00:00:00+00:00", communication_disabled_until=until.isoformat(), pending=True
    )
    fields = fields_of(facts.about_person(special))
    called = facts.about_person(member(town, nick="Boss"))
    assert called.title == "Boss"
    assert "Nelly · here “Boss”" in (called.description or "")
    assert f"<t:{int(until.timestamp())}:R>" in (fields["Timed out until"] or "")
    assert "<t:1748736000:D>" in (fields["Boosting since"] or "")
    assert fields["Membership screening"] == "Not passed yet"
    over = member(town, communication_disabled_until=(town.now - timedelta(hours=1)).isoformat())
    assert {"Timed out until", "Boosting since", "Membership screening"}.isdisjoint(
        fields_of(facts.about_person(over))
    )


# --- Avatars and banners ----------------------------------------------------------------------------------


@sqlite
async def test_an_avatar(town: Town):
    answer = await town.says(town.ann, "!avatar")
    assert answer.embed.image.url == town.ann.live.display_avatar.url
    assert "No avatar of their own" in answer
    assert answer == await town.says(town.bob, f"!pfp {town.ann.mention}")
    assert answer.embed.title == "Avatar of ann"


@english
@sqlite
async def test_avatars_here_and_everywhere(town: Town):
    everywhere = facts.avatar_of(user(town, avatar="a_1234"))
    assert (
        "[GIF](https://cdn.discordapp.com/avatars/80351110224678912/a_1234.gif?size=1024)" in everywhere.description
    )
    both = facts.avatar_of(member(town, of_user={"avatar": "1234"}, avatar="5678"))
    here, there = both.description.splitlines()
    assert here.startswith("In this server: [PNG](")
    assert "/5678.png" in here
    assert there.startswith("Everywhere: [PNG](")
    assert "/1234.webp" in there
    assert "GIF" not in there
    assert "/5678." in both.image.url


@sqlite
async def test_no_banner(town: Town):
    answer = await town.says(town.ann, "!banner bob")
    assert answer == f"Banner of bob\n{town.bob.mention} has no banner."
    assert answer.embed.image.url is None


@english
@sqlite
async def test_banners(town: Town):
    embed = facts.banner_of(user(town, banner="a_b1", accent_color=0xFF8800), member(town, banner="b2"))
    assert "Accent colour: `#ff8800`" in embed.description
    assert "/b2." in embed.image.url
    assert "/a_b1.gif" in embed.description
    plain = facts.banner_of(user(town, accent_color=0xFF8800), None)
    assert "has no banner" in plain.description
    assert plain.image.url is None


@sqlite
async def test_discord_refuses_to_tell(town: Town):
    town.refuse("GET", f"/users/{town.bob.id}", status=404, code=10013)
    assert "deleted meanwhile" in await town.says(town.ann, "!banner bob")


# --- Servers ----------------------------------------------------------------------------------------------


@sqlite
async def test_a_server(town: Town):
    answer = await town.says(town.ann, "!serverinfo")
    assert answer.embed.title == "Town"
    assert answer.fields["Owner"] == town.owner.mention
    assert answer.fields["Members"] == "7"
    assert answer.fields["Roles"] == "4"
    assert answer.fields["Channels"] == "Text channel: 2\nVoice channel: 1"
    assert "Text channel: 3" in (await town.says(town.moderator, "!guildinfo")).fields["Channels"]
    assert await town.dm(town.ann, "!serverinfo") == "This works in a server only."


# --- Roles ------------------------------------------------------------------------------------------------


@sqlite
async def test_a_role(town: Town):
    for words in ("Admin", "admin", town.role("Admin").mention, str(town.role("Admin").id)):
        answer = await town.says(town.ann, f"!roleinfo {words}")
        assert f"Id {town.role('Admin').id}" in answer
    assert answer.fields["Position"] == "2 of 5 from the top"
    assert answer.fields["Managed"] == "No"
    assert "Manage Server" in answer.fields["Key permissions"]
    assert answer.pings <= {town.ann.id}


@sqlite
async def test_the_bots_role_and_everyone(town: Town):
    assert (await town.says(town.ann, "!roleinfo Hearth")).fields["Managed"] == "By an app"
    answer = await town.says(town.ann, "!roleinfo @everyone")
    assert answer.fields["Position"] == "5 of 5 from the top"
    assert not answer.pings_everyone


def role(town: Town, **fields: Any) -> discord.Role:
    data: Any = {"id": "1", "name": "x", "permissions": "0", "position": 1, "color": 0, "hoist": True, "flags": 0,
                 "managed": True, "mentionable": True, **fields}  # fmt: skip
    return discord.Role(guild=town.guild.live, state=town.bot._connection, data=data)


@english
@sqlite
async def test_who_manages_a_role(town: Town):
    assert fields_of(facts.about_role(role(town, tags={"bot_id": "1"})))["Managed"] == "By a bot"
    assert fields_of(facts.about_role(role(town, tags={"premium_subscriber": None})))["Managed"] == (
        "By Discord, for boosters"
    )
    fields = fields_of(facts.about_role(role(town, colors={"primary_color": 0xFF8800}, permissions="8")))
    assert fields["Colour"] == "`#ff8800`"
    assert fields["Key permissions"] == "**Administrator**"
    assert fields["Anybody may mention it"] == "Yes"


@sqlite
async def test_roles_there_are_not(town: Town):
    for words in ("", "nope", "123456789012345678", "😀", "x" * 1900, "0"):
        answer = await town.says(town.ann, f"!roleinfo {words}")
        assert "Usage: `!roleinfo <role>`" in answer


# --- Channels ---------------------------------------------------------------------------------------------


@sqlite
async def test_a_channel(town: Town):
    here = await town.says(town.ann, "!channelinfo")
    assert here.embed.title == "#general"
    assert here.fields["Kind"] == "Text channel"
    voice = await town.says(town.ann, "!channel voice")
    assert voice.fields["Kind"] == "Voice channel"
    assert voice.fields["Room for"] == "Everybody"
    await town.as_bot(town.bots_corner.live.edit(topic="Beep *boop*", slowmode_delay=90))
    corner = await town.says(town.ann, f"!channelinfo {town.bots_corner.mention}")
    assert "Age-restricted" not in corner.fields
    assert corner.embed.description == "Beep \\*boop\\*"
    assert corner.fields["Slow mode"] == "One message every 1 minute and 30 seconds"


@english
@sqlite
async def test_what_only_some_channels_have(town: Town):
    state, guild = town.bot._connection, town.guild.live
    data: Any = {"id": "1", "name": "x", "position": 1, "type": 0, "nsfw": True, "parent_id": None}
    cellar = facts.about_channel(discord.TextChannel(state=state, guild=guild, data=data))
    assert fields_of(cellar)["Age-restricted"] == "Yes"
    data |= {"type": 2, "bitrate": 64_000, "user_limit": 5}
    voice = fields_of(facts.about_channel(discord.VoiceChannel(state=state, guild=guild, data=data)))
    assert (voice["Bit rate"], voice["Room for"]) == ("64 kbit/s", "5 people")


NOWHERE = "1234567890123456789"


async def can_tell(town: Town, who: Person, place: Any, pattern: str = "{}") -> bool:
    """Whether a person can tell a place from one that doesn't exist."""
    there = await town.says(who, f"!channelinfo {pattern.format(place)}")
    nowhere = await town.says(who, f"!channelinfo {pattern.format(NOWHERE)}")
    return without(place, there) != without(NOWHERE, nowhere)


def without(place: Any, answer: Answer) -> str:
    """An answer without the place that it quotes, or its id if that is cut."""
    return re.sub(r"[0-9]{5,}", "", answer.replace(str(place), ""))


@sqlite
async def test_a_hidden_channel_is_as_one_that_is_not_there(town: Town):
    for pattern in ("{}", "<#{}>", f"https://discord.com/channels/{town.guild.id}/{{}}"):
        assert not await can_tell(town, town.ann, town.private.id, pattern)
        assert await can_tell(town, town.moderator, town.private.id, pattern)
    assert not await can_tell(town, town.ann, "private", "{}")


@sqlite
async def test_threads(town: Town):
    thread = await town.as_bot(town.general.live.create_thread(name="chat", type=discord.ChannelType.public_thread))
    answer = await town.says(town.ann, f"!channelinfo {thread.mention}")
    assert answer.fields["Kind"] == "Thread"
    assert answer.fields["Belongs to"] == town.general.mention
    secret = await town.as_bot(
        town.general.live.create_thread(name="secret", type=discord.ChannelType.private_thread)
    )
    assert not await can_tell(town, town.ann, secret.id)
    # Nor by a prefix of several words, or by the spaces in between.
    mention = town.bot.user.mention
    there, nowhere = [await town.says(town.ann, f"{mention} channelinfo  {one}") for one in (secret.id, NOWHERE)]
    assert without(secret.id, there) == without(NOWHERE, nowhere)
    assert await can_tell(town, town.admin, secret.id) is False
    assert await can_tell(town, town.owner, secret.id)
    await town.as_bot(secret.add_user(discord.Object(town.ann.id)))
    assert (await town.says(town.ann, f"!channelinfo {secret.id}")).fields["Kind"] == "Private thread"


@sqlite
async def test_forums_and_categories(town: Town):
    forum = await town.as_bot(town.guild.live.create_forum("ideas", topic="What next?"))
    assert (await town.says(town.ann, f"!channelinfo {forum.mention}")).fields["Kind"] == "Forum"
    category = await town.as_bot(town.guild.live.create_category("Talk"))
    assert (await town.says(town.ann, f"!channelinfo {category.id}")).fields["Kind"] == "Category"


@sqlite
async def test_channels_there_are_not(town: Town):
    for words in ("nope", "😀", "x" * 1900, "0", "-1", "#"):
        assert "I can't find a fitting channel" in await town.says(town.ann, f"!channelinfo {words}")


# --- Where embeds aren't allowed --------------------------------------------------------------------------


@sqlite
async def test_without_embeds(town: Town):
    await town.take_permission(town.general, "embed_links")
    for command in ("userinfo", "serverinfo", "roleinfo Admin", "channelinfo", "avatar", "banner"):
        answer = await town.says(town.ann, f"!{command}")
        assert not answer.embeds
        assert answer.content
        assert not answer.pings & {town.owner.id, town.role("Admin").id}
    assert town.ann.live.display_avatar.url in await town.says(town.bob, "!avatar ann")
