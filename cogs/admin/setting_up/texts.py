"""What the wizard says: its questions, what will be done, and what became of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import discord

from cogs.admin.setting_up.doing import Outcome
from cogs.admin.setting_up.planning import (
    CELL,
    JAIL_ROLE_NAME,
    PLACES,
    STAFF,
    Admit,
    Change,
    Hide,
    Made,
    NewChannel,
    NewRole,
    Piece,
    Start,
    Switch,
)
from cogs.admin.setting_up.steps import Step, Wizard
from utils import embeds
from utils.bot import Hearth
from utils.formatting import bullets, code, pages_of
from utils.guild_settings import GuildSettings
from utils.i18n import N_, _, format_list, format_number, ngettext, translate

TITLES: Final[Mapping[str, str]] = {
    "language": N_("My language here"),
    "prefix": N_("What commands start with"),
    "timezone": N_("The server's time zone"),
    "mod-roles": N_("Who moderates"),
    "mod-log": N_("The moderators' log"),
    "jail": N_("A jail"),
    "welcome": N_("Welcoming new members"),
    "levels": N_("Levels"),
    "level-channel": N_("The channel for new levels"),
    "economy": N_("Coins"),
    "automod": N_("Automod"),
    "automod-channel": N_("Where automod tells what it found"),
}
QUESTIONS: Final[Mapping[str, str]] = {
    "language": N_("Members can choose their own with `language`."),
    "prefix": N_("Choose one or more. A mention of me works besides, always."),
    "timezone": N_(
        "The days of this server begin at midnight there, such as the leaderboard's, and I read times such as "
        "`tomorrow 9am` by its clock. Members set their own with `timezone`."
    ),
    "mod-roles": N_("Members with these roles count as staff: I ask before anybody acts on them."),
    "mod-log": N_("Each case of a moderator is shown there, and each report of a member. Only staff should read it."),
    "jail": N_("`jail` takes somebody's roles away and gives one that sees a single channel, until `unjail`."),
    "welcome": N_("Who joins is greeted there. `welcome` changes the text and adds a picture."),
    "levels": N_("Members get XP for writing and talking. Where shall I tell of a new level?"),
    "level-channel": N_("I tell of new levels there."),
    "economy": N_("Members earn coins by commands such as `daily`, and spend them in the shop and in games."),
    "automod": N_(
        "Proven rules against invites, floods, repeats, mass mentions, scams and programs. They only watch and tell "
        "what they would have done, until `automod enable`."
    ),
    "automod-channel": N_("There is no log for moderators, so it needs a channel. Only staff should read it."),
}
OPTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("levels", "here"): N_("Where it was reached"),
    ("levels", "channel"): N_("In one channel"),
    ("levels", "dm"): N_("By direct message"),
    ("levels", "quiet"): N_("Nowhere: levels without telling"),
    ("levels", "off"): N_("No levels here"),
    ("economy", "on"): N_("Coins by commands"),
    ("economy", "chat"): N_("Coins by commands and for chatting"),
    ("economy", "off"): N_("No coins here"),
    ("automod", "observe"): N_("Let the rules watch"),
}
NO_NAMES: Final[Mapping[str, str]] = {
    "mod-roles": N_("No roles"), "mod-log": N_("No log"), "jail": N_("No jail"), "welcome": N_("No welcome"),
}  # fmt: skip
SHOWN_KEYS: Final[Mapping[str, Sequence[str]]] = {
    "language": ("language",),
    "prefix": ("prefixes",),
    "timezone": ("timezone",),
    "mod-roles": ("mod-roles",),
    "mod-log": ("mod-log",),
    "jail": ("jail-role",),
    "welcome": ("welcome-channel",),
    "level-channel": ("level-up-channel",),
    "automod-channel": ("automod-channel",),
}
"""The settings whose values say what holds now."""


# --- questions


def question(bot: Hearth, guild: discord.Guild, wizard: Wizard, step: Step, starts: Sequence[str]) -> discord.Embed:
    """One step: what it is about, and what holds now. `starts` are the rules that automod would get."""
    number = wizard.applying.index(step) + 1
    title = _("{number}/{count} · {title}").format(
        number=number, count=len(wizard.applying), title=translate(TITLES[step.key])
    )
    text = translate(QUESTIONS[step.key])
    if step.key == "automod" and not starts:
        text = _("The rules that I would begin with are there already: `automod` lists them.")
    value = held(bot, guild, step)
    lines = [text, *([] if value is None else [_("Now: {value}").format(value=value)])]
    hint = _("Nothing is changed before you have seen all of it at the end.")
    return embeds.info("\n".join([*lines, f"-# {hint}"]), title=title)


def held(bot: Hearth, guild: discord.Guild, step: Step) -> str | None:
    """What holds now, in words; None for what has a list of its own."""
    settings = bot.guild_settings
    if step.key in SHOWN_KEYS:
        values = [settings.declared[key] for key in SHOWN_KEYS[step.key]]
        return format_list([settings.show(one, settings.get(guild.id, one)) for one in values])
    if step.key == "automod":
        return None
    feature = {"levels": "leveling", "economy": "economy"}[step.key]
    if not bot.switches.feature_is_on(guild.id, feature):
        return _("off")
    if step.key == "economy":
        chat = settings.get(guild.id, settings.declared["chat-income"])
        return translate(OPTIONS["economy", "chat" if chat else "on"])
    mode = settings.get(guild.id, settings.declared["level-up"])
    return translate(OPTIONS["levels", "quiet" if mode == "off" else mode])


def create_label(step: Step, *, exists: bool) -> str:
    """The button that has something made, or takes what is there of that name."""
    if step.key == "jail":
        return _("Use @{role}").format(role=JAIL_ROLE_NAME) if exists else _("Make @{role}").format(
            role=JAIL_ROLE_NAME
        )  # fmt: skip
    name = PLACES[step.key].name
    if exists:
        return _("Use #{channel}").format(channel=name)
    if PLACES[step.key].kind == STAFF:
        return _("Make #{channel}, for staff only").format(channel=name)
    return _("Make #{channel}").format(channel=name)


# --- what will be done


def review(
    settings: GuildSettings,
    pieces: Sequence[Piece],
    problems: Sequence[str],
    warnings: Sequence[str],
    *,
    note: str | None = None,
) -> str:
    """All of it before anything is done; what keeps it from that comes first."""
    if not pieces:
        text = _("With these answers nothing would change. Change one, or stop.")
    else:
        lead = _("This is what I will do. Nothing is done yet.")
        text = f"{lead}\n{bullets(line(settings, piece, {}) for piece in pieces)}"
    if problems:
        lead = _("**This keeps me from it:**")
        text = f"{lead}\n{bullets(f'❌ {one}' for one in problems)}\n\n{text}"
    if note is not None:
        text = f"⚠️ {note}\n{text}"
    if warnings:
        text += "\n\n" + _("**Look at this:**") + "\n" + bullets(f"⚠️ {one}" for one in warnings)
    return text


def line(settings: GuildSettings, piece: Piece, made: Mapping[str, int]) -> str:
    """One piece of a plan. `made` are the ids of what is there by now."""
    return _LINES[type(piece)](settings, piece, made)


def _role_line(_settings: GuildSettings, piece: NewRole, made: Mapping[str, int]) -> str:
    role = f"<@&{made[piece.reference]}>" if piece.reference in made else code(f"@{piece.name}")
    return _("Make the role {role}, without any rights").format(role=role)


def _channel_line(_settings: GuildSettings, piece: NewChannel, made: Mapping[str, int]) -> str:
    channel = f"<#{made[piece.reference]}>" if piece.reference in made else code(f"#{piece.name}")
    if piece.kind == STAFF:
        roles = [f"<@&{role_id}>" for role_id in piece.staff]
        if not roles:
            return _("Make {channel}, hidden from everybody but administrators and me").format(channel=channel)
        return _("Make {channel}, which only {roles}, administrators and I see").format(
            channel=channel, roles=format_list(roles)
        )
    if piece.kind == CELL:
        return _("Make {channel}, which only who is jailed and the staff see").format(channel=channel)
    return _("Make {channel}, which everybody reads and I write to").format(channel=channel)


def _hide_line(_settings: GuildSettings, piece: Hide, made: Mapping[str, int]) -> str:
    role_id = made.get(piece.role.reference) if isinstance(piece.role, Made) else piece.role
    role = code(f"@{JAIL_ROLE_NAME}") if role_id is None else f"<@&{role_id}>"
    return ngettext(
        "Hide {count} channel from {role}", "Hide {count} channels from {role}", len(piece.channels)
    ).format(count=format_number(len(piece.channels)), role=role)


def _admit_line(_settings: GuildSettings, piece: Admit, made: Mapping[str, int]) -> str:
    role_id = made.get(piece.role.reference) if isinstance(piece.role, Made) else piece.role
    role = code(f"@{JAIL_ROLE_NAME}") if role_id is None else f"<@&{role_id}>"
    return _("Let {role} see {channel} and write there").format(role=role, channel=f"<#{piece.channel}>")


def _switch_line(_settings: GuildSettings, piece: Switch, _made: Mapping[str, int]) -> str:
    if piece.on:
        return _("Switch the feature {feature} on").format(feature=code(piece.feature))
    return _("Switch the feature {feature} off").format(feature=code(piece.feature))


def _change_line(settings: GuildSettings, piece: Change, made: Mapping[str, int]) -> str:
    return _("Set {key}: {old} → {new}").format(
        key=code(piece.key),
        old=_shown(settings, piece.key, piece.old, made),
        new=_shown(settings, piece.key, piece.new, made),
    )


def _start_line(_settings: GuildSettings, piece: Start, _made: Mapping[str, int]) -> str:
    return _("Add rules of automod that only watch: {rules}").format(
        rules=format_list([code(one) for one in piece.names])
    )


def _shown(settings: GuildSettings, key: str, value: Any, made: Mapping[str, int]) -> str:
    setting = settings.declared.get(key)
    if isinstance(value, Made):
        if value.reference not in made:
            name = PLACES[value.reference].name if value.reference in PLACES else JAIL_ROLE_NAME
            return _("the new {name}").format(name=code(name))
        value = made[value.reference]
    if setting is None:
        return code(str(value))
    if value is None:
        value = settings.default(setting)
    return settings.show(setting, value)


_Line = Callable[[GuildSettings, Any, Mapping[str, int]], str]
_LINES: Final[Mapping[type[Any], _Line]] = {
    NewRole: _role_line,
    NewChannel: _channel_line,
    Hide: _hide_line,
    Admit: _admit_line,
    Switch: _switch_line,
    Change: _change_line,
    Start: _start_line,
}


# --- what became of it


def outcome(
    settings: GuildSettings, outcomes: Sequence[Outcome], made: Mapping[str, int], prefix: str
) -> list[discord.Embed]:
    """What was done and what wasn't, with the reason; on several pages if that is long."""
    done = [f"✅ {line(settings, one.piece, made)}" for one in outcomes if one.problem is None]
    failed = [f"❌ {line(settings, one.piece, made)}\n  {one.problem}" for one in outcomes if one.problem is not None]
    if not failed:
        lead = _("It is done. `{doctor}` looks at all the rest, and `{setup}` begins anew whenever you like.").format(
            doctor=f"{prefix}doctor", setup=f"{prefix}setup"
        )
        return [embeds.success(page) for page in pages_of([lead, *done])]
    lead = _(
        "Not all of it could be done. Mend what stands below and use `{setup}` again: it begins with what is there."
    )
    lines = "\n".join([lead.format(setup=f"{prefix}setup"), *failed, *done]).split("\n")
    return [embeds.error(page) for page in pages_of(lines)]


def prefix_now(bot: Hearth, guild: discord.Guild, used: str = "") -> str:
    """What commands start with by now, for an example: as it was `used`, if that still works."""
    prefixes = bot.beginnings.prefixes(guild)
    if used in prefixes:
        return used
    return prefixes[-1] if prefixes and not used.startswith("<@") else f"@{guild.me.display_name} "


def greeting(bot: Hearth, guild: discord.Guild) -> discord.Embed:
    """What the bot says where it is new."""
    prefix = prefix_now(bot, guild)
    return embeds.info(
        _(
            "Hello, I'm {name}. Who manages this server sets me up with `{setup}`, in a few minutes and without "
            "changing anything unasked. `{help}` shows everybody what I can do."
        ).format(name=guild.me.display_name, setup=f"{prefix}setup", help=f"{prefix}help")
    )
