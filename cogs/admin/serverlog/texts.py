"""What the log says of messages, members and voice channels, in the current language."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import discord
from discord.utils import format_dt, snowflake_time

from cogs.admin.serverlog.evidence import Fact
from cogs.admin.serverlog.lines import Entry
from database.server_log import Body, SeenMember
from utils.formatting import code, message_link, safe, truncate
from utils.i18n import _, format_list, format_number, ngettext
from utils.time import human_duration

LONGEST_QUOTE: Final = 2_000
"""As it is shown: what would format something is longer then."""
LONGEST_QUOTE_OF_TWO: Final = 1_200
LONGEST_REASON: Final = 300
NEW_ACCOUNT: Final = timedelta(days=7)
MOST_AUTHORS: Final = 10
MOST_ROLES: Final = 30


def person(user_id: int) -> str:
    """Somebody, as a mention that notifies nobody, and by id: who left isn't shown by name."""
    return f"<@{user_id}> ({code(str(user_id))})"


def by(fact: Fact | None) -> list[str]:
    """A line that says who did it and why, if that is sure."""
    if fact is None:
        return []
    lines = [_("By {moderator}").format(moderator=person(fact.actor_id))]
    if fact.reason:
        lines.append(_("Reason: {reason}").format(reason=safe(truncate(fact.reason, LONGEST_REASON))))
    return lines


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in safe(text).split("\n"))


def _said(body: Body, most: int) -> list[str]:
    lines = [truncate(_quoted(body.text), most)] if body.text else []
    if body.files:
        lines.append(_("Files: {files}").format(files=format_list([code(truncate(one, 80)) for one in body.files])))
    return lines or [_("*without text*")]


# --- messages


def edited(guild: discord.Guild, message_id: int, old: Body | None, new: Body, at: datetime) -> Entry:
    """A message that somebody edited."""
    link = message_link(guild.id, new.channel_id, message_id)
    where = _("{author} in {channel}: {link}").format(
        author=person(new.author_id), channel=f"<#{new.channel_id}>", link=link
    )
    most = LONGEST_QUOTE_OF_TWO
    before = [_("*not known*")] if old is None else _said(old, most)
    lines = [where, _("**Before**"), *before, _("**After**"), *_said(new, most)]
    short = f"<@{new.author_id}> · {link} · {safe(truncate(' '.join(new.text.split()), 60))}"
    versions = [new] if old is None else [old, new]
    record = "".join(transcript({message_id: body}) for body in versions)
    is_cut = any(len(_quoted(body.text)) > most for body in versions)
    return Entry("edits", _("Message edited"), "\n".join(lines), short, at, record=record, is_cut=is_cut)


def deleted(message_id: int, body: Body, at: datetime, fact: Fact | None) -> Entry:
    """A message that is gone, and what it said."""
    where = _("{author} in {channel}, written {when}").format(
        author=person(body.author_id),
        channel=f"<#{body.channel_id}>",
        when=format_dt(snowflake_time(message_id), "R"),
    )
    short = f"<@{body.author_id}> · <#{body.channel_id}> · {safe(truncate(' '.join(body.text.split()), 80))}"
    text = "\n".join([where, *_said(body, LONGEST_QUOTE), *by(fact)])
    is_cut = len(_quoted(body.text)) > LONGEST_QUOTE
    record = transcript({message_id: body})
    return Entry("deletes", _("Message deleted"), text, short, at, record=record, is_cut=is_cut)


def deleted_unknown(channel_id: int, message_id: int, at: datetime) -> Entry:
    """A message that is gone, and nobody knows what it said."""
    text = _("A message in {channel}, written {when}. What it said and who wrote it isn't known any more.").format(
        channel=f"<#{channel_id}>", when=format_dt(snowflake_time(message_id), "R")
    )
    return Entry("deletes", _("Message deleted"), text, f"<#{channel_id}> · {code(str(message_id))}", at)


def deleted_many(channel_id: int, count: int, bodies: Mapping[int, Body], at: datetime, fact: Fact | None) -> Entry:
    """Many messages that were deleted at once, with a file of what is known of them."""
    sentence = ngettext("{count} message in {channel}", "{count} messages in {channel}", count)
    where = sentence.format(count=format_number(count), channel=f"<#{channel_id}>")
    lines = [where]
    most = Counter(body.author_id for body in bodies.values()).most_common(MOST_AUTHORS)
    lines += [
        _("{member}: {count}").format(member=person(user_id), count=format_number(number)) for user_id, number in most
    ]
    if unknown := count - len(bodies):
        known = ngettext("What {count} of them said isn't known.", "What {count} of them said isn't known.", unknown)
        lines.append(known.format(count=format_number(unknown)))
    text, record = "\n".join([*lines, *by(fact)]), transcript(bodies)
    return Entry("deletes", _("Messages deleted"), text, where, at, record=record, is_cut=bool(record))


def transcript(bodies: Mapping[int, Body]) -> str:
    """What messages said as a text file, the oldest first."""
    written = io.StringIO()
    for message_id, body in sorted(bodies.items()):
        moment = snowflake_time(message_id).strftime("%Y-%m-%d %H:%M:%S")
        written.write(f"[{moment} UTC] {body.author_id} <#{body.channel_id}> ({message_id})\n")
        for line in [*body.text.split("\n"), *(f"[{file}]" for file in body.files)]:
            written.write(f"    {line}\n")
    return written.getvalue()


# --- members


def joined(member: discord.Member, invite: str | None, inviter_id: int | None, at: datetime) -> Entry:
    """Somebody who joined."""
    lines = [
        f"{person(member.id)} {safe(truncate(str(member), 40))}",
        _("Account made {when}").format(when=format_dt(member.created_at, "R")),
    ]
    if at - member.created_at < NEW_ACCOUNT:
        lines[-1] += " " + _("⚠️ **new account**")
    if invite is not None:
        line = _("Came by the invite {code}") if inviter_id is None else _("Came by the invite {code} of {inviter}")
        lines.append(line.format(code=code(invite), inviter=f"<@{inviter_id}>"))
    if member.guild.member_count:
        lines.append(_("Members: {count}").format(count=format_number(member.guild.member_count)))
    title = _("Bot joined") if member.bot else _("Member joined")
    short = f"{lines[0]} · {format_dt(member.created_at, 'R')}"
    return Entry("joins", title, "\n".join(lines), short, at, picture=member.display_avatar.url)


def left(user: discord.User | discord.Member, known: SeenMember | None, at: datetime, fact: Fact | None) -> Entry:
    """Somebody who is gone, with the roles and the time they had here, as far as they are known."""
    lines = [f"{person(user.id)} {safe(truncate(str(user), 40))}"]
    if known is not None and known.joined_at is not None:
        time = human_duration(at - known.joined_at)
        lines.append(_("Joined {when}, was here for {time}").format(when=format_dt(known.joined_at, "D"), time=time))
    if known is not None:
        lines.append(_("Roles: {roles}").format(roles=roles(known.role_ids)))
    title = _("Member left")
    if fact is not None:
        title = _("Member banned") if fact.action == "ban" else _("Member kicked")
    lines += by(fact)
    return Entry("leaves", title, "\n".join(lines), lines[0], at, picture=user.display_avatar.url)


def roles(role_ids: Sequence[int]) -> str:
    """Roles by mention."""
    if not role_ids:
        return _("none")
    shown = [f"<@&{role_id}>" for role_id in role_ids[:MOST_ROLES]]
    return " ".join([*shown, "…"] if len(role_ids) > MOST_ROLES else shown)


def renamed(user_id: int, before: str, now: str, at: datetime) -> Entry:
    """Somebody who has another name."""
    text = _("{member}: {before} → {now}").format(
        member=person(user_id), before=safe(truncate(before, 40)), now=safe(truncate(now, 40))
    )
    return Entry("names", _("Name changed"), text, text, at)


def new_avatar(user_id: int, address: str | None, at: datetime) -> Entry:
    """Somebody who has another avatar."""
    return Entry("avatars", _("Avatar changed"), person(user_id), person(user_id), at, picture=address)


# --- voice


def voice(member: discord.Member, before: discord.VoiceState, after: discord.VoiceState, at: datetime) -> list[Entry]:
    """Somebody who came, went or moved. Muting is in the audit log."""
    if before.channel == after.channel:
        return []
    if before.channel is None and after.channel is not None:
        text = _("{member} came into {channel}.").format(member=person(member.id), channel=after.channel.mention)
        title = _("Joined a voice channel")
    elif after.channel is None and before.channel is not None:
        text = _("{member} left {channel}.").format(member=person(member.id), channel=before.channel.mention)
        title = _("Left a voice channel")
    else:
        assert before.channel is not None
        assert after.channel is not None
        text = _("{member} went from {before} to {after}.").format(
            member=person(member.id), before=before.channel.mention, after=after.channel.mention
        )
        title = _("Changed the voice channel")
    return [Entry("voice", title, text, text, at)]
