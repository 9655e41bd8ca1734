"""What is said about birthdays."""

from datetime import date

import discord
from babel.dates import format_skeleton

from cogs.fun.birthdays.rules import Birthday
from utils.formatting import MESSAGE_LIMIT, safe, truncate
from utils.i18n import _, babel_locale, format_date, ngettext
from utils.templates import fill

AGE = "{age}"


def day(birthday: Birthday) -> str:
    """The day of the year, as people say it."""
    return format_skeleton("MMMMd", date(2000, birthday.month, birthday.day), locale=babel_locale())


def whole(birthday: Birthday) -> str:
    """The day, with the year if it is known."""
    if birthday.year is None:
        return day(birthday)
    return format_date(date(birthday.year, birthday.month, birthday.day), length="long")


def congratulation(template: str | None, member: discord.Member, age: int | None) -> str:
    """What is said on the day."""
    if template is not None and (age is not None or AGE not in template):
        values = {
            "member": member.mention, "name": safe(member.display_name), "server": safe(member.guild.name),
            "age": str(age),
        }  # fmt: skip
        return truncate(fill(template, values), MESSAGE_LIMIT)
    if age is None:
        return _("🎂 It's {member}'s birthday today. Happy birthday!").format(member=member.mention)
    return ngettext(
        "🎂 {member} is {age} year old today. Happy birthday!",
        "🎂 {member} is {age} years old today. Happy birthday!",
        age,
    ).format(member=member.mention, age=age)


def until(days: int) -> str:
    """How long it is to a birthday."""
    if days == 0:
        return _("today")
    return ngettext("in {count} day", "in {count} days", days).format(count=days)


def line(user_id: int, birthday: Birthday, days: int) -> str:
    """A birthday in a list."""
    return _("**{day}** · {member} · {until}").format(day=day(birthday), member=f"<@{user_id}>", until=until(days))
