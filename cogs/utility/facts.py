"""What there is to tell about people, servers, roles and channels, as embeds. No I/O, and no command at hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import discord

from utils import embeds
from utils.formatting import EMBED_FIELD_VALUE_LIMIT, code, safe, truncate
from utils.i18n import N_, _, format_list, format_number, ngettext, translate
from utils.permissions import permission_names
from utils.time import human_duration, timestamp

KEY_PERMISSIONS = (
    "administrator", "manage_guild", "manage_roles", "manage_channels", "manage_messages", "manage_webhooks",
    "manage_nicknames", "manage_expressions", "manage_threads", "kick_members", "ban_members", "moderate_members",
    "view_audit_log", "mention_everyone", "move_members", "mute_members", "deafen_members",
)  # fmt: skip
"""What makes somebody more than a member."""

BADGES = {
    "staff": N_("Discord staff"),
    "partner": N_("Partnered server owner"),
    "hypesquad": N_("HypeSquad Events"),
    "hypesquad_bravery": N_("HypeSquad Bravery"),
    "hypesquad_brilliance": N_("HypeSquad Brilliance"),
    "hypesquad_balance": N_("HypeSquad Balance"),
    "bug_hunter": N_("Bug hunter"),
    "bug_hunter_level_2": N_("Golden bug hunter"),
    "early_supporter": N_("Early supporter"),
    "verified_bot": N_("Verified bot"),
    "verified_bot_developer": N_("Early verified bot developer"),
    "discord_certified_moderator": N_("Moderator programmes alumni"),
    "active_developer": N_("Active developer"),
    "spammer": N_("Marked as a spammer by Discord"),
}
"""Discord's public flags in words; `team_user` and `bot_http_interactions` say nothing about a person."""

VERIFICATION = {
    discord.VerificationLevel.none: N_("None"),
    discord.VerificationLevel.low: N_("Low: a verified email address"),
    discord.VerificationLevel.medium: N_("Medium: registered for 5 minutes"),
    discord.VerificationLevel.high: N_("High: a member for 10 minutes"),
    discord.VerificationLevel.highest: N_("Highest: a verified phone"),
}

FEATURES = {
    "ANIMATED_ICON": N_("animated icon"),
    "AUTO_MODERATION": N_("AutoMod"),
    "BANNER": N_("banner"),
    "COMMUNITY": N_("community"),
    "DISCOVERABLE": N_("in Server Discovery"),
    "INVITE_SPLASH": N_("invite background"),
    "INVITES_DISABLED": N_("invites paused"),
    "MEMBER_VERIFICATION_GATE_ENABLED": N_("membership screening"),
    "MONETIZATION_ENABLED": N_("monetisation"),
    "NEWS": N_("announcement channels"),
    "PARTNERED": N_("partnered"),
    "PREVIEW_ENABLED": N_("preview"),
    "ROLE_ICONS": N_("role icons"),
    "VANITY_URL": N_("own invite link"),
    "VERIFIED": N_("verified"),
    "WELCOME_SCREEN_ENABLED": N_("welcome screen"),
}
"""The features that mean something to members; Discord has many more that don't."""

KINDS = {
    discord.ChannelType.text: N_("Text channel"),
    discord.ChannelType.news: N_("Announcement channel"),
    discord.ChannelType.voice: N_("Voice channel"),
    discord.ChannelType.stage_voice: N_("Stage channel"),
    discord.ChannelType.forum: N_("Forum"),
    discord.ChannelType.media: N_("Media channel"),
    discord.ChannelType.category: N_("Category"),
    discord.ChannelType.public_thread: N_("Thread"),
    discord.ChannelType.private_thread: N_("Private thread"),
    discord.ChannelType.news_thread: N_("Announcement thread"),
}


# --- People -----------------------------------------------------------------------------------------------


def about_person(person: discord.User | discord.Member, *, in_guild: bool = True) -> discord.Embed:
    """A person, asked for in a server or not: names, dates, badges; of a member also roles and what they may do."""
    colour = person.colour if isinstance(person, discord.Member) else None
    embed = embeds.info(_introduction(person, in_guild=in_guild), title=person.display_name, colour=colour)
    embed.set_thumbnail(url=person.display_avatar.url)
    _add(embed, _("Account made"), moment(person.created_at))
    if isinstance(person, discord.Member):
        _add_membership(embed, person)
    badges = [translate(name) for flag, name in BADGES.items() if getattr(person.public_flags, flag)]
    _add(embed, _("Badges"), format_list(badges))
    embed.set_footer(text=_("Id {id}").format(id=person.id))
    return embed


def _introduction(person: discord.User | discord.Member, *, in_guild: bool) -> str:
    names = [person.mention, code(str(person))]
    if person.global_name and person.global_name not in (person.name, person.display_name):  # that is the title
        names.append(safe(person.global_name))
    if isinstance(person, discord.Member) and person.nick:
        names.append(_("here “{nick}”").format(nick=safe(person.nick)))
    lines = [" · ".join(names)]
    if person.system:
        lines.append(_("An account of Discord itself."))
    elif person.bot:
        lines.append(_("A bot."))
    if in_guild and not isinstance(person, discord.Member):
        lines.append(_("Not in this server."))
    return "\n".join(lines)


def _add_membership(embed: discord.Embed, member: discord.Member) -> None:
    if member.joined_at is not None:
        _add(embed, _("Joined"), moment(member.joined_at))
    if member.premium_since is not None:
        _add(embed, _("Boosting since"), moment(member.premium_since))
    if member.is_timed_out() and member.timed_out_until is not None:
        _add(embed, _("Timed out until"), moment(member.timed_out_until))
    if member.pending:
        _add(embed, _("Membership screening"), _("Not passed yet"))
    roles = [role.mention for role in reversed(member.roles) if not role.is_default()]
    _add(embed, _("Roles ({count})").format(count=len(roles)), fitting(roles, " "), inline=False)
    owns = member.id == member.guild.owner_id
    may = _("Everything: this is the owner") if owns else key_permissions(member.guild_permissions)
    _add(embed, _("Key permissions"), may, inline=False)


def avatar_of(person: discord.User | discord.Member) -> discord.Embed:
    """The avatar that shows here, and links to that and the one behind it."""
    lines = []
    if isinstance(person, discord.Member) and person.guild_avatar is not None:
        lines.append(_("In this server: {links}").format(links=image_links(person.guild_avatar)))
    if person.avatar is not None:
        lines.append(_("Everywhere: {links}").format(links=image_links(person.avatar)))
    if not lines:
        lines.append(_("No avatar of their own: {links}").format(links=image_links(person.default_avatar)))
    embed = embeds.info("\n".join(lines), title=_("Avatar of {name}").format(name=person.display_name))
    return embed.set_image(url=_large(person.display_avatar).url)


def banner_of(person: discord.User, member: discord.Member | None) -> discord.Embed:
    """The banner of a person as fetched (others have none), and that of the member if there is one."""
    server_banner = None if member is None else member.guild_banner
    lines = []
    if server_banner is not None:
        lines.append(_("In this server: {links}").format(links=image_links(server_banner)))
    if person.banner is not None:
        lines.append(_("Everywhere: {links}").format(links=image_links(person.banner)))
    if not lines:
        lines.append(_("{name} has no banner.").format(name=person.mention))
    if person.accent_colour is not None:
        lines.append(_("Accent colour: {colour}").format(colour=code(str(person.accent_colour))))
    title = _("Banner of {name}").format(name=(member or person).display_name)
    embed = embeds.info("\n".join(lines), title=title, colour=person.accent_colour)
    shown = server_banner or person.banner
    return embed if shown is None else embed.set_image(url=_large(shown).url)


# --- Servers ----------------------------------------------------------------------------------------------


def about_guild(guild: discord.Guild, asker: discord.Member) -> discord.Embed:
    """A server. Channels are counted as the asker sees them."""
    embed = embeds.info(safe(guild.description) if guild.description else None, title=guild.name)
    if guild.icon is not None:
        embed.set_thumbnail(url=guild.icon.url)
    _add(embed, _("Owner"), f"<@{guild.owner_id}>")
    _add(embed, _("Made"), moment(guild.created_at))
    if guild.member_count is not None:
        _add(embed, _("Members"), format_number(guild.member_count))
    _add(embed, _("Channels"), _channel_counts(guild, asker))
    _add(embed, _("Roles"), format_number(len(guild.roles) - 1))  # @everyone isn't one that is given
    _add(embed, _("Emoji"), _("{count} of {limit}").format(count=len(guild.emojis), limit=guild.emoji_limit * 2))
    _add(embed, _("Boosts"), _boosts(guild))
    _add(embed, _("Verification"), translate(VERIFICATION[guild.verification_level]))
    features = [translate(words) for name, words in FEATURES.items() if name in guild.features]
    _add(embed, _("Features"), fitting(features, ", "), inline=False)
    embed.set_footer(text=_("Id {id}").format(id=guild.id))
    return embed


def _channel_counts(guild: discord.Guild, asker: discord.Member) -> str:
    visible = [channel for channel in guild.channels if channel.permissions_for(asker).view_channel]
    counts = {kind: sum(channel.type is kind for channel in visible) for kind in KINDS}
    return "\n".join(f"{translate(KINDS[kind])}: {count}" for kind, count in counts.items() if count)


def _boosts(guild: discord.Guild) -> str:
    count = guild.premium_subscription_count
    boosts = ngettext("{count} boost", "{count} boosts", count).format(count=count)
    return _("{boosts}, level {level}").format(boosts=boosts, level=guild.premium_tier)


# --- Roles ------------------------------------------------------------------------------------------------


def about_role(role: discord.Role) -> discord.Embed:
    """A role. How many members have it isn't known without asking for all of them, so it isn't told."""
    embed = embeds.info(role.mention, title=role.name.removeprefix("@"), colour=role.colour)
    if role.display_icon is not None and not isinstance(role.display_icon, str):
        embed.set_thumbnail(url=role.display_icon.url)
    _add(embed, _("Colour"), code(str(role.colour)) if role.colour.value else _("None"))
    above = sum(other > role for other in role.guild.roles)
    place = _("{place} of {count} from the top").format(place=above + 1, count=len(role.guild.roles))
    _add(embed, _("Position"), place)
    _add(embed, _("Made"), moment(role.created_at))
    _add(embed, _("Anybody may mention it"), yes_or_no(role.mentionable))
    _add(embed, _("Shown apart in the member list"), yes_or_no(role.hoist))
    _add(embed, _("Managed"), _manager(role))
    _add(embed, _("Key permissions"), key_permissions(role.permissions), inline=False)
    embed.set_footer(text=_("Id {id}").format(id=role.id))
    return embed


def _manager(role: discord.Role) -> str:
    if role.is_bot_managed():
        return _("By a bot")
    if role.is_premium_subscriber():
        return _("By Discord, for boosters")
    return _("By an app") if role.managed else _("No")


# --- Channels ---------------------------------------------------------------------------------------------


def about_channel(channel: discord.abc.GuildChannel | discord.Thread) -> discord.Embed:
    """A channel or thread of any kind, for somebody who may see it."""
    described: Any = channel  # what a channel has differs by kind
    topic = getattr(described, "topic", None)
    embed = embeds.info(safe(truncate(topic, EMBED_FIELD_VALUE_LIMIT)) if topic else None, title=f"#{channel.name}")
    _add(embed, _("Kind"), translate(KINDS[channel.type]) if channel.type in KINDS else _("Channel"))
    if channel.created_at is not None:
        _add(embed, _("Made"), moment(channel.created_at))
    parent = described.parent if isinstance(channel, discord.Thread) else described.category
    if parent is not None:
        _add(embed, _("Belongs to"), parent.mention)
    if getattr(described, "slowmode_delay", 0):
        _add(embed, _("Slow mode"), _slow_mode(described.slowmode_delay))
    if callable(getattr(described, "is_nsfw", None)) and described.is_nsfw():
        _add(embed, _("Age-restricted"), _("Yes"))
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        _add_voice(embed, channel)
    elif isinstance(channel, discord.Thread):
        _add_thread(embed, channel)
    elif isinstance(channel, discord.ForumChannel):
        _add(embed, _("Tags"), fitting([code(tag.name) for tag in channel.available_tags], " "), inline=False)
    elif isinstance(channel, discord.CategoryChannel):
        _add(embed, _("Channels"), format_number(len(channel.channels)))
    embed.set_footer(text=_("Id {id}").format(id=channel.id))
    return embed


def _slow_mode(seconds: int) -> str:
    return _("One message every {duration}").format(duration=human_duration(timedelta(seconds=seconds)))


def _add_voice(embed: discord.Embed, channel: discord.VoiceChannel | discord.StageChannel) -> None:
    _add(embed, _("Bit rate"), _("{count} kbit/s").format(count=channel.bitrate // 1000))
    limit = ngettext("{count} person", "{count} people", channel.user_limit).format(count=channel.user_limit)
    _add(embed, _("Room for"), limit if channel.user_limit else _("Everybody"))


def _add_thread(embed: discord.Embed, thread: discord.Thread) -> None:
    _add(embed, _("Started by"), f"<@{thread.owner_id}>")
    _add(embed, _("Members"), format_number(thread.member_count))
    _add(embed, _("Messages"), format_number(thread.message_count))
    if thread.locked or thread.archived:
        _add(embed, _("State"), _("Locked") if thread.locked else _("Archived"))


# --- Pieces -----------------------------------------------------------------------------------------------


def moment(value: datetime) -> str:
    """When, and how long ago."""
    return f"{timestamp(value, 'D')} ({timestamp(value, 'R')})"


def yes_or_no(value: bool) -> str:
    """The word."""
    return _("Yes") if value else _("No")


def key_permissions(permissions: discord.Permissions) -> str:
    """What somebody may do beyond the usual; an administrator may do everything."""
    if permissions.administrator:
        return format_list(permission_names(["administrator"]))
    names = permission_names(name for name in KEY_PERMISSIONS if getattr(permissions, name))
    return fitting(names, ", ")


def fitting(items: Sequence[str], separator: str, limit: int = EMBED_FIELD_VALUE_LIMIT) -> str:
    """As many items as fit, and how many more there are."""
    joined = separator.join(items)
    shown = len(items)
    while len(joined) > limit:
        shown -= 1
        more = len(items) - shown
        and_more = ngettext("and {count} more", "and {count} more", more).format(count=more)
        joined = separator.join([*items[:shown], and_more])
    return joined


def image_links(asset: discord.Asset) -> str:
    """Links to an image in each format it is there in."""
    formats: tuple[Any, ...] = ("png", "webp", "gif") if asset.is_animated() else ("png", "webp")
    if "/embed/avatars/" in asset.url:  # the avatars that Discord gives are PNG only
        return f"[PNG]({asset.url})"
    return " · ".join(f"[{name.upper()}]({asset.replace(format=name, size=LARGE).url})" for name in formats)


LARGE = 1024  # pixels


def _large(asset: discord.Asset) -> discord.Asset:
    return asset if "/embed/avatars/" in asset.url else asset.with_size(LARGE)


def _add(embed: discord.Embed, name: str, value: str, *, inline: bool = True) -> None:
    """A field; none for what there is nothing to say of."""
    if value:
        embed.add_field(name=name, value=value, inline=inline)
