"""Which column, or which key of an object, holds what. Pure.

How other bots name things, as programs that read them show:

- MEE6's leaderboard (mee6.xyz/api/plugins/levels/leaderboard/<server>) is `{"players": [{"id", "level", "xp",
  "detailed_xp": [in this level, that this level takes, all], "message_count", …}]}`; `xp` is all of it, too.
- Lurkr's export (api.lurkr.gg/v2/levels/<server>/export) and leaderboard are `{"levels": [{"userId", "xp", "level",
  "messageCount", …}]}`.
- Arcane's leaderboard (arcane.bot/api/guilds/<server>/levels/leaderboard) is `{"levels": [{"id", "level", …}]}`.
- Amari's leaderboard (amaribot.com/api/v1/guild/leaderboard/<server>) is `{"data": [{"id", "exp", "level",
  "weeklyExp", "username"}]}`; tools that save it say `members`.
- Polaris has `{"leaderboard": [{"id", "xp"}]}`, and exports `{"users": {"<id>": {"xp"}}}`.
- Tatsu's rankings are `{"rankings": [{"user_id", "score", "rank"}]}`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

LISTS: Final = (
    "players", "levels", "members", "data", "leaderboard", "users", "rankings", "standings", "entries", "records",
    "xp", "results",
)  # fmt: skip
"""Under which key a JSON file has its rows."""

_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "user_id": (
        "userid", "discordid", "discorduserid", "memberid", "useridentifier", "snowflake", "uid", "id", "nutzerid",
        "benutzerid", "user", "member",
    ),
    "xp": (
        "detailedxp2", "totalxp", "xptotal", "totalexp", "totalexperience", "xp", "exp", "experience",
        "experiencepoints", "xppoints", "points", "score", "detailedxp",
    ),
    "level": ("level", "lvl", "currentlevel", "userlevel", "stufe"),
    "messages": (
        "messages", "messagecount", "messagescount", "totalmessages", "messagessent", "textmessages", "nachrichten",
    ),
    "voice_minutes": ("voiceminutes", "minutesinvoice", "voicemins", "vcminutes"),
}  # fmt: skip
"""What the names of columns may be, without case and signs; of several in one file, the first here counts."""

Columns = Mapping[str, str]
"""The name in the file of each of our columns that it has."""


def simple(name: str) -> str:
    """A name without case, blanks and signs: `Detailed_XP[2]` is `detailedxp2`."""
    return re.sub(r"[^0-9a-zäöüß]", "", name.casefold())


def find_columns(names: Iterable[Any]) -> dict[str, str]:
    """Which of these names stands for which of our columns."""
    known: dict[str, str] = {}
    for name in names:
        if isinstance(name, str):
            known.setdefault(simple(name), name)
    found = {}
    for column, possible in _NAMES.items():
        match = next((known[one] for one in possible if one in known), None)
        if match is not None:
            found[column] = match
    return found


def are_enough(columns: Columns) -> bool:
    """Whether these columns say of whom something is, and how much."""
    return "user_id" in columns and ("xp" in columns or "level" in columns)


def cell(row: Mapping[str, Any], columns: Columns, column: str) -> Any:
    """What a row has in one of our columns; None for nothing."""
    value = row.get(columns[column]) if column in columns else None
    if isinstance(value, dict):
        return value.get("id") if column == "user_id" else value  # {"user": {"id": …}}
    if column == "xp" and (isinstance(value, list) or (isinstance(value, str) and "[" in value)):
        return _whole_of(value)
    return value


def _whole_of(detailed: list[Any] | str) -> Any:
    """The third of MEE6's three numbers, also from a cell that has all of them as text."""
    if isinstance(detailed, str):
        detailed = [one.strip() for one in detailed.strip("[]() ").split(",")]
    return detailed[2] if len(detailed) == 3 else None
