"""What is said of roles for many members, in the current language."""

from discord.utils import format_dt

from cogs.admin.bulkrole.rules import Whom
from cogs.admin.bulkrole.run import Run
from utils.giving_roles import powers, powers_shown
from utils.i18n import _, format_list, format_number, ngettext


def described(whom: Whom) -> str:
    """Who is meant, as a list."""
    kinds = {"all": _("all members"), "humans": _("all people"), "bots": _("all bots")}
    parts = [kinds[whom.kind]]
    parts += [_("with {role}").format(role=f"<@&{role_id}>") for role_id in whom.with_roles]
    parts += [_("without {role}").format(role=f"<@&{role_id}>") for role_id in whom.without_roles]
    if whom.joined_before is not None:
        parts.append(_("joined before {moment}").format(moment=format_dt(whom.joined_before, "f")))
    if whom.joined_after is not None:
        parts.append(_("joined since {moment}").format(moment=format_dt(whom.joined_after, "f")))
    return ", ".join(parts)


def foreseen(run: Run, count: int) -> str:
    """What would be done."""
    if run.gives:
        sentence = ngettext(
            "{role} would be given to {count} member.", "{role} would be given to {count} members.", count
        )
    else:
        sentence = ngettext(
            "{role} would be taken from {count} member.", "{role} would be taken from {count} members.", count
        )
    meant = _("Meant are: {whom}.").format(whom=described(run.whom))
    return sentence.format(role=f"<@&{run.role_id}>", count=format_number(count)) + "\n" + meant


def question(run: Run, count: int) -> str:
    """What is asked before it begins."""
    if run.gives:
        sentence = ngettext("Give {role} to {count} member?", "Give {role} to {count} members?", count)
    else:
        sentence = ngettext("Take {role} from {count} member?", "Take {role} from {count} members?", count)
    lines = [
        sentence.format(role=f"<@&{run.role_id}>", count=format_number(count)),
        _("Meant are: {whom}.").format(whom=described(run.whom)),
    ]
    role = run.guild.get_role(run.role_id)
    if run.gives and role is not None and powers(role):
        lines.append(_("⚠️ With it comes {permissions}.").format(permissions=powers_shown(powers(role))))
    return "\n".join(lines)


def state(run: Run, *, ended: bool) -> str:
    """How far it is, or how it ended."""
    if run.gives:
        sentence = _("{role}: given to {changed} of {total} members.")
    else:
        sentence = _("{role}: taken from {changed} of {total} members.")
    lines = [
        sentence.format(role=f"<@&{run.role_id}>", changed=format_number(run.changed), total=format_number(run.total))
    ]
    if run.failed:
        failed = ngettext("It failed for {count} member.", "It failed for {count} members.", run.failed)
        lines.append(failed.format(count=format_number(run.failed)))
        if run.failures:
            lines.append(format_list([f"<@{user_id}>" for user_id in run.failures]))
    if run.cancelled:
        lines.append(_("Cancelled. The same command goes on with the others."))
    elif run.stopped is not None:
        lines.append(run.stopped or _("Discord has trouble, so I stopped."))
        lines.append(_("The same command goes on with the others."))
    elif ended:
        if run.failed:
            lines.append(_("The same command tries those again."))
        if others := run.total - run.changed - run.failed:
            gone = ngettext(
                "{count} member left or no longer fits.", "{count} members left or no longer fit.", others
            )
            lines.append(gone.format(count=format_number(others)))
    return "\n".join(lines)
