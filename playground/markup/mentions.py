"""What Discord writes in angle brackets: mentions, emoji, moments; and `@everyone`."""

import re

from playground.markup.scope import Scope
from playground.markup.times import is_moment

IDENTITY = "[0-9]{1,20}"
MENTION = re.compile(rf"<(@!?|@&|\#)({IDENTITY})>")
MENTIONED = {"@": "user", "@!": "user", "@&": "role", "#": "channel"}
COMMAND = re.compile(rf"</([-_'\w]{{1,32}}(?: [-_'\w]{{1,32}}){{0,2}}):{IDENTITY}>")
PLACE = re.compile(rf"<id:(customize|browse|guide|home|linked-roles)(?::{IDENTITY})?>")
EVERYONE = re.compile(r"@(?:everyone|here)")
EMOJI = re.compile(rf"<(a?):([0-9A-Za-z_]{{2,32}}):({IDENTITY})>")
MOMENT = re.compile(r"<t:(-?[0-9]{1,17})(?::([tTdDfFsSR]))?>")
DEFAULT_STYLE = "f"


def mention(scope: Scope) -> bool:
    """`<@1>`, `<@!1>`, `<@&2>`, `<#3>`."""
    match = MENTION.match(scope.src, scope.pos, scope.posMax)
    if match is None:
        return False
    scope.put(MENTIONED[match[1]], identity=int(match[2]))
    scope.pos = match.end()
    return True


def command(scope: Scope) -> bool:
    """`</name of a command:1>`."""
    match = COMMAND.match(scope.src, scope.pos, scope.posMax)
    if match is None:
        return False
    scope.put("command", name=match[1])
    scope.pos = match.end()
    return True


def place(scope: Scope) -> bool:
    """`<id:customize>` and the other places that every guild has."""
    match = PLACE.match(scope.src, scope.pos, scope.posMax)
    if match is None:
        return False
    scope.put("place", place=match[1])
    scope.pos = match.end()
    return True


def everyone(scope: Scope) -> bool:
    """`@everyone` and `@here`."""
    match = EVERYONE.match(scope.src, scope.pos, scope.posMax)
    if match is None:
        return False
    scope.put("everyone", text=match[0])
    scope.pos = match.end()
    return True


def emoji(scope: Scope) -> bool:
    """`<:name:1>`, `<a:name:1>`."""
    match = EMOJI.match(scope.src, scope.pos, scope.posMax)
    if match is None:
        return False
    scope.put("emoji", name=match[2], identity=int(match[3]))
    scope.pos = match.end()
    return True


def moment(scope: Scope) -> bool:
    """`<t:0>`, `<t:0:R>`; nothing that a calendar lacks."""
    match = MOMENT.match(scope.src, scope.pos, scope.posMax)
    if match is None or not is_moment(int(match[1])):
        return False
    scope.put("moment", unix=int(match[1]), style=match[2] or DEFAULT_STYLE)
    scope.pos = match.end()
    return True
