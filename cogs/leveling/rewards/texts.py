"""What is said about roles for levels."""

from collections.abc import Iterable, Sequence

import discord

from cogs.leveling.rewards.sync import Sync
from cogs.leveling.rewards.trouble import Trouble
from database.level_rewards import Reward
from utils.formatting import bullets
from utils.i18n import _, format_list, format_number, ngettext


def how_given(mode: str) -> str:
    """How the roles are given, in a sentence."""
    if mode == "highest":
        return _("Members have the role of the highest level that they reached.")
    return _("Members keep the roles of all levels that they reached.")


def reward_lines(guild: discord.Guild, rewards: Sequence[Reward], trouble: Trouble, *, for_staff: bool) -> list[str]:
    """Each level with its roles, a line each; for staff with what is wrong about a role."""
    by_level: dict[int, list[Reward]] = {}
    for reward in rewards:
        by_level.setdefault(reward.level, []).append(reward)
    lines = []
    for level, some in sorted(by_level.items()):
        roles = format_list([f"<@&{reward.role_id}>" for reward in some])
        lines.append(_("Level {level}: {roles}").format(level=format_number(level), roles=roles))
        for reward in some if for_staff else ():
            why = trouble.why_not(guild, reward.role_id, reward, gives=True)
            if why is not None:
                lines.append(_("⚠️ {role} can't be given. {why}").format(role=f"<@&{reward.role_id}>", why=why))
    return lines


def added(role: discord.Role, level: int, before: Reward | None) -> str:
    """That a role is given from a level on, and from which it was before."""
    if before is not None and before.level != level:
        return _("Members get {role} at level {level} from now on; it was level {before}.").format(
            role=role.mention, level=format_number(level), before=format_number(before.level)
        )
    return _("Members get {role} at level {level}. Who has reached it already gets it in the next minutes.").format(
        role=role.mention, level=format_number(level)
    )


def sync_progress(sync: Sync) -> str:
    """How far a sync is."""
    if not sync.total:
        return _("Looking who has reached a level with a role …")
    if sync.dry_run:
        return _("Looking at the roles of {done} of {total} members …").format(
            done=format_number(sync.looked_at), total=format_number(sync.total)
        )
    return _("Looking at the roles of {done} of {total} members … {changed} changed so far.").format(
        done=format_number(sync.looked_at), total=format_number(sync.total), changed=format_number(sync.changed)
    )


def sync_report(sync: Sync) -> str:
    """What came of a sync."""
    parts = [_ending(sync), *_left_out(sync)]
    if sync.examples:
        lines = [_example(*one) for one in sync.examples]
        if sync.changed > len(lines):
            lines.append(_("… and {count} more").format(count=format_number(sync.changed - len(lines))))
        parts.append(bullets(lines))
    return "\n".join(parts)


def _ending(sync: Sync) -> str:
    numbers = {
        "members": format_number(sync.changed), "given": format_number(sync.given),
        "taken": format_number(sync.taken), "done": format_number(sync.looked_at),
        "total": format_number(sync.total),
    }  # fmt: skip
    if sync.failed:
        return _("Something went wrong: I stopped after {done} of {total} members.").format(**numbers)
    if sync.cancelled:
        return _(
            "Cancelled after {done} of {total} members. Roles given: {given}; taken: {taken}."
        ).format(**numbers)  # fmt: skip
    if not sync.changed:
        return _nothing_changed(sync)
    if sync.dry_run:
        return ngettext(
            "I would change the roles of {members} member. Roles given: {given}; taken: {taken}.",
            "I would change the roles of {members} members. Roles given: {given}; taken: {taken}.",
            sync.changed,
        ).format(**numbers)
    return ngettext(
        "I changed the roles of {members} member. Roles given: {given}; taken: {taken}.",
        "I changed the roles of {members} members. Roles given: {given}; taken: {taken}.",
        sync.changed,
    ).format(**numbers)


def _nothing_changed(sync: Sync) -> str:
    if not sync.total:
        return _("Nobody has reached a level with a role.")
    if not (sync.refused or sync.jailed or sync.waiting):
        return _("All who have reached a level with a role have the right ones.")
    return _("I would change nobody's roles.") if sync.dry_run else _("I changed nobody's roles.")


def _left_out(sync: Sync) -> Iterable[str]:
    if sync.refused:
        yield ngettext(
            "{count} member misses roles that I can't give or take; `levels reward list` says why.",
            "{count} members miss roles that I can't give or take; `levels reward list` says why.",
            sync.refused,
        ).format(count=format_number(sync.refused))
    if sync.jailed:
        yield ngettext(
            "{count} member is in jail, and gets roles afterwards.",
            "{count} members are in jail, and get roles afterwards.",
            sync.jailed,
        ).format(count=format_number(sync.jailed))
    if sync.waiting:
        yield ngettext(
            "{count} member has to wait: for the server's membership screening, or because Discord has trouble.",
            "{count} members have to wait: for the server's membership screening, or because Discord has trouble.",
            len(sync.waiting),
        ).format(count=format_number(len(sync.waiting)))


def _example(user_id: int, given: Sequence[int], taken: Sequence[int]) -> str:
    values = {
        "member": f"<@{user_id}>",
        "given": format_list([f"<@&{role_id}>" for role_id in given]),
        "taken": format_list([f"<@&{role_id}>" for role_id in taken]),
    }
    if not taken:
        return _("{member} gets {given}").format(**values)
    if not given:
        return _("{member} loses {taken}").format(**values)
    return _("{member} gets {given} and loses {taken}").format(**values)
