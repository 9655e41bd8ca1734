"""What rules would have done with messages that were written before. Nothing is done and nothing remembered."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import discord
from discord.utils import as_chunks

from cogs.moderation.automod.alerts import actions_in_words, found_line
from cogs.moderation.automod.memory import Memory
from cogs.moderation.automod.rules import OBSERVE, Hit, Known, Rules
from cogs.moderation.automod.watching import READ, is_exempt, post_of
from database.automod import AutomodRule
from utils.bot import Hearth
from utils.formatting import bullets, code, message_link
from utils.i18n import _, format_number, ngettext
from utils.members import get_members

MOST_REPLAYED: Final = 2_000  # messages
SAMPLES: Final = 5
"""Messages of each rule that are named."""
BREATH: Final = 100
"""Messages after which others have a turn."""


@dataclass
class Replayed:
    """What came of it: by rule, the messages that it fits; and how many there were."""

    looked_at: int = 0
    exempt: int = 0
    """Messages by staff and bots, which automod doesn't look at."""
    hits: dict[int, list[tuple[Hit, discord.Message]]] = field(default_factory=dict)


async def replay(
    bot: Hearth, guild: discord.Guild, messages: Sequence[discord.Message], rules: Sequence[AutomodRule], known: Known
) -> Replayed:
    """Let rules look at messages, the oldest first, as if they watched; also those that are off."""
    watching = Rules([replace(one, mode=OBSERVE) for one in rules], _left_out)
    members, memory, outcome = await _authors(guild, messages), Memory(), Replayed()
    for portion in as_chunks(sorted(messages, key=lambda message: message.id), BREATH):
        for message in portion:
            member = members.get(message.author.id)
            if message.author.bot or message.type not in READ or (member is not None and is_exempt(bot, member)):
                outcome.exempt += 1
                continue
            outcome.looked_at += 1
            for hit in watching.judge(post_of(message, member), known, memory):
                outcome.hits.setdefault(hit.rule.number, []).append((hit, message))
        await asyncio.sleep(0)
    return outcome


async def _authors(guild: discord.Guild, messages: Sequence[discord.Message]) -> dict[int, discord.Member]:
    """Who wrote them, as members; where Discord doesn't say, nobody is one."""
    ids = {message.author.id for message in messages if not message.author.bot}
    try:
        return await get_members(guild, ids)
    except TimeoutError:
        return {}


def _left_out(_rule: AutomodRule, _error: Exception) -> None:
    """A rule that can't be read finds nothing; it was reported when the rules were read."""


def replayed_lines(outcome: Replayed, rules: Sequence[AutomodRule], guild_id: int) -> list[str]:
    """What came of it, a rule after the other."""
    lines = [
        ngettext(
            "I looked at {count} message; {exempt} by staff and bots don't count.",
            "I looked at {count} messages; {exempt} by staff and bots don't count.",
            outcome.looked_at,
        ).format(count=format_number(outcome.looked_at), exempt=format_number(outcome.exempt)),
        "",
    ]
    for rule in rules:
        hits = outcome.hits.get(rule.number, [])
        people = len({message.author.id for _hit, message in hits})
        lines.append(_("{rule}: {hits} of {people}").format(
            rule=f"**{rule.name}**",
            hits=ngettext("{count} message", "{count} messages", len(hits)).format(count=format_number(len(hits))),
            people=ngettext("{count} person", "{count} people", people).format(count=format_number(people)),
        ) if hits else _("{rule}: nothing").format(rule=f"**{rule.name}**"))  # fmt: skip
        if hits:
            lines.append(bullets([_("would {what}").format(what=actions_in_words(rule.clauses))]))
            lines.append(bullets([_sample(hit, message, guild_id) for hit, message in hits[:SAMPLES]]))
    return lines


def _sample(hit: Hit, message: Any, guild_id: int) -> str:
    link = message_link(guild_id, message.channel.id, message.id)
    return _("{who}: {what} {link}").format(who=message.author.mention, what=found_line(hit), link=link)


def tested_lines(rules: Sequence[AutomodRule], post: Any, known: Known) -> list[str]:
    """What each rule finds in a text, by whatever it looks for."""
    lines = []
    for rule in rules:
        clauses = {name: values for name, values in rule.clauses.items() if name not in _WHEN}
        hits = Rules([replace(rule, mode=OBSERVE, clauses=clauses)], _left_out).judge(post, known, None)
        if hits:
            lines.append(_("✅ {rule}: {found}").format(rule=code(rule.name), found=found_line(hits[0])))
        else:
            lines.append(_("➖ {rule}: nothing").format(rule=code(rule.name)))
    return lines


_WHEN: Final = ("in", "not-in", "role", "not-role", "account-under", "here-under")
