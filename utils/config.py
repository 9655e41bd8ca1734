"""Settings of the process, from the environment and `.env`, validated together.

Each setting is declared once in `SETTINGS`; the `Config` a program runs with, the sentence for a wrong value and
`.env.example` all come from there.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values

from utils.cluster.plan import MOST_SHARDS, Place, Share, parse_place, parse_shard_ids, problems_of, share_of
from utils.i18n import LANGUAGES
from utils.time import parse_duration

TOKEN_SHAPE = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}")
LONGEST_PREFIX = 20  # characters
LONGEST_SHOWN = 40  # characters of a wrong value
SHORTEST_EVERY, LONGEST_EVERY = timedelta(minutes=10), timedelta(days=30)
MOST_BACKUPS_KEPT = 10_000
MOST_MESSAGES_CACHED = 1_000_000
MOST_PEOPLE_CACHED = 10_000_000
SHORTEST_TAKEOVER_SECONDS, LONGEST_TAKEOVER_SECONDS = 3, 86_400
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

HOW_TO_LOG_IN = (
    "create an application at https://discord.com/developers/applications, open Bot, press Reset Token and copy it. "
    "To try the bot without a Discord account: python main.py --playground"
)


ALL_WITHOUT_MEMBERS = (
    "MEMBER_CACHE=all needs MEMBERS=on: without it Discord doesn't say who leaves, and what is kept would grow stale."
)

BUS_NEEDS_POSTGRESQL = (
    "EVENT_BUS=postgres needs PostgreSQL in DATABASE_URL: SQLite carries nothing between processes."
)
BUS_NEEDS_ADDRESS = "EVENT_BUS={bus} needs {key}: the address of the server that carries events between processes."


class ConfigError(Exception):
    """One or more settings are wrong; the message names all of them for the operator."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        listed = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(
            f"Hearth can't start: these settings are wrong.\n{listed}\n"
            "Set them in the environment or in .env (see .env.example)."
        )


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting: where it comes from, what it should look like, and how it is read.

    `parse` raises ValueError when the text doesn't fit; `default` is the text used when the key is absent, and an
    empty default stands for 'nothing set'.
    """

    key: str
    help: str
    looks_like: str
    parse: Callable[[str], Any]
    default: str = ""
    secret: bool = False

    @property
    def field(self) -> str:
        """The name of this setting in `Config`."""
        return self.key.lower()


def _may_be_shown(text: str) -> bool:
    """People paste secrets into the wrong line: what is long or looks like a token or an address isn't repeated."""
    return len(text) <= LONGEST_SHOWN and "://" not in text and not TOKEN_SHAPE.search(text)


def _token(text: str) -> str:
    if text and not TOKEN_SHAPE.fullmatch(text):
        raise ValueError
    return text


def _database_url(text: str) -> str:
    parts = urlsplit(text)
    _ = parts.port  # ValueError when it is no number: often a password with an unescaped slash
    if parts.scheme == "sqlite" and len(parts.path) > 1 and not parts.netloc:
        return text
    if parts.scheme in {"postgresql", "postgres"} and (parts.hostname or parts.query) and len(parts.path) > 1:
        return text
    raise ValueError


def _server_url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        parts = urlsplit(text)
        _ = parts.port
        if text and (parts.scheme not in schemes or not parts.hostname):
            raise ValueError
        return text

    return parse


def _prefix(text: str) -> str:
    # Discord cuts spaces off the start of a message, and a mention is something else.
    if not text.strip() or len(text) > LONGEST_PREFIX or "\n" in text or text[0].isspace() or text.startswith("<@"):
        raise ValueError
    return text


def _ids(text: str) -> frozenset[int]:
    ids = frozenset(int(part) for part in text.replace(",", " ").split())
    if any(not 0 < id_ < 2**63 for id_ in ids):
        raise ValueError
    return ids


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        for word in words:
            if text.lower() == word.lower():
                return word
        raise ValueError

    return parse


def _switch(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _one_or_zero(text: str) -> bool:
    return _one_of("1", "0", "on", "off")(text) in {"1", "on"}


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError
        return number

    return parse


def _takeover(text: str) -> int:
    return 0 if int(text) == 0 else _whole(SHORTEST_TAKEOVER_SECONDS, LONGEST_TAKEOVER_SECONDS)(text)


def _port(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65_535):
        raise ValueError
    return int(text)


def _every(text: str) -> timedelta | None:
    return None if text.lower() == "off" else parse_duration(text, minimum=SHORTEST_EVERY, maximum=LONGEST_EVERY)


def _folder(text: str) -> str:
    # Any text could be a folder's name, and the folder is made and named in logs: a secret mustn't get that far.
    if not text.isprintable() or "://" in text or TOKEN_SHAPE.search(text):
        raise ValueError
    return text


def _host(text: str) -> str:
    return str(ip_address(text))


SETTINGS: tuple[Declared, ...] = (
    Declared("DISCORD_TOKEN", "The bot's token (not needed for the playground).",
             "three parts joined by dots", _token, secret=True),
    Declared("DATABASE_URL", "Where everything is kept.",
             "sqlite:///data/hearth.db or postgresql://user:password@host:5432/hearth", _database_url,
             default="sqlite:///data/hearth.db", secret=True),
    Declared("COMMAND_PREFIX", "What a command starts with until a server chooses its own; a mention always works.",
             f"1 to {LONGEST_PREFIX} characters, such as !", _prefix, default="!"),
    Declared("OWNER_IDS", "Who may run owner commands; empty means the application's owner or team.",
             "user ids separated by commas", _ids),
    Declared("DEFAULT_LANGUAGE", "The language of answers until a server or a member chooses another.",
             "one of " + ", ".join(LANGUAGES), _one_of(*LANGUAGES), default="en"),
    Declared("MESSAGE_CONTENT",
             "Whether the bot asks Discord for the text of messages; off, only mentions work as prefix.",
             "on or off", _switch, default="on"),
    Declared("MEMBERS",
             "Whether the bot asks Discord to hear who joins; off, leaving and coming back ends a long timeout.",
             "on or off", _switch, default="on"),
    Declared("MEMBER_CACHE",
             "Whether members are asked for when needed (lean), or all that the bot hears of stay in memory, about "
             "1 KB each (all).",
             "lean or all; all needs MEMBERS=on", _one_of("lean", "all"), default="lean"),
    Declared("MESSAGE_CACHE",
             "How many of the latest messages stay in memory, about 1 KB each: what the server log can show of a "
             "message that is edited or deleted.",
             f"a number from 0 to {MOST_MESSAGES_CACHED}", _whole(0, MOST_MESSAGES_CACHED), default="1000"),
    Declared("PEOPLE_CACHE",
             "How many of the people who used a command lately have their language and time zone in memory, about "
             "300 bytes each.",
             f"a number from 100 to {MOST_PEOPLE_CACHED}", _whole(100, MOST_PEOPLE_CACHED), default="10000"),
    Declared("COMMAND_SPAM",
             "Whether who sends too many commands isn't heard for a while; a server can choose for itself.",
             "on or off", _switch, default="on"),
    Declared("LOG_LEVEL", "How much is logged.", "one of " + ", ".join(LOG_LEVELS), _one_of(*LOG_LEVELS),
             default="INFO"),
    Declared("LOG_FORMAT", "Coloured text for people, or one JSON object a line for machines.",
             "text or json", _one_of("text", "json"), default="text"),
    Declared("METRICS_PORT",
             "Where /metrics, /healthz and /readyz are served (docs/DEPLOYMENT.md); empty, they aren't.",
             "a port from 1 to 65535, such as 9464", _port),
    Declared("METRICS_HOST",
             "The address they are served on: 127.0.0.1 is this machine alone, 0.0.0.0 whoever reaches it.",
             "an IP address of this machine, such as 127.0.0.1", _host, default="127.0.0.1"),
    Declared("BACKUP_EVERY",
             "How often the bot makes a backup of its database by itself (docs/DEPLOYMENT.md).",
             "off, or a time from 10m to 30d, such as 6h or 1d", _every, default="off"),
    Declared("BACKUP_FOLDER", "Where backups are kept; another disk, if you can.", "a folder, such as /mnt/backups",
             _folder, default="data/backups"),
    Declared("BACKUPS_KEPT", "How many backups are kept; older ones are deleted.",
             f"a number from 1 to {MOST_BACKUPS_KEPT}", _whole(1, MOST_BACKUPS_KEPT), default="7"),
    Declared("EVENT_BUS",
             "What carries events between the processes of one bot (docs/DEPLOYMENT.md); empty means postgres if "
             "there are several, and none otherwise.",
             "postgres, redis, rabbitmq or none", _one_of("postgres", "redis", "rabbitmq", "none", "")),
    Declared("REDIS_URL", "Where Redis is, for EVENT_BUS=redis.",
             "redis://:password@host:6379/0, or rediss:// with TLS", _server_url("redis", "rediss"), secret=True),
    Declared("RABBITMQ_URL", "Where RabbitMQ is, for EVENT_BUS=rabbitmq.",
             "amqp://user:password@host:5672/vhost, or amqps:// with TLS", _server_url("amqp", "amqps"), secret=True),
    Declared("ALLOW_EVAL",
             "Whether owners may run Python by `eval`: then whoever has an owner's account has this machine.",
             "1 or 0", _one_or_zero, default="0"),
    Declared("SHARD_COUNT",
             "How many shards the bot has, in all processes; empty lets Discord say, if one process runs all.",
             f"a number from 1 to {MOST_SHARDS}", lambda text: _whole(1, MOST_SHARDS)(text) if text else None),
    Declared("SHARD_IDS", "Which of these shards this process runs; empty means all.",
             "numbers and ranges, such as 0-3,8", parse_shard_ids),
    Declared("CLUSTER",
             "Which of how many processes this is, instead of SHARD_IDS; auto counts from the number at the end of "
             "the host's name, where 0 is the first.",
             "2/4 or auto/4", parse_place),
    Declared("TAKEOVER_SECONDS",
             "How long a process gives no sign of life until the others run its shards; 0 means never.",
             f"0, or a number from {SHORTEST_TAKEOVER_SECONDS} to {LONGEST_TAKEOVER_SECONDS}", _takeover,
             default="60"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Config:
    """What the process runs with. `repr` shows no secret."""

    discord_token: str = ""
    database_url: str = "sqlite:///data/hearth.db"
    command_prefix: str = "!"
    owner_ids: frozenset[int] = frozenset()
    default_language: str = "en"
    message_content: bool = True
    members: bool = True
    member_cache: str = "lean"
    message_cache: int = 1_000
    people_cache: int = 10_000
    command_spam: bool = True
    log_level: str = "INFO"
    log_format: str = "text"
    metrics_port: int | None = None
    metrics_host: str = "127.0.0.1"
    backup_every: timedelta | None = None
    backup_folder: str = "data/backups"
    backups_kept: int = 7
    event_bus: str = ""
    redis_url: str = ""
    rabbitmq_url: str = ""
    allow_eval: bool = False
    shard_count: int | None = None
    shard_ids: tuple[int, ...] = ()
    cluster: Place | None = None
    takeover_seconds: int = 60

    @classmethod
    def from_env(cls, environ: Mapping[str, str], *, playground: bool = False) -> "Config":
        """Read every setting, and raise one `ConfigError` that names all that are wrong or missing."""
        values: dict[str, Any] = {}
        problems: list[str] = []
        for setting in SETTINGS:
            # An empty value counts as absent: `.env` files are full of KEY= lines.
            text = environ.get(setting.key, "")
            text = text if text.strip() else setting.default
            try:
                values[setting.field] = setting.parse(text if setting.key == "COMMAND_PREFIX" else text.strip())
            except ValueError:
                shown = f" (it is {text!r})" if not setting.secret and _may_be_shown(text) else ""
                problems.append(f"{setting.key} should be {setting.looks_like}{shown}.")
        if values.get("member_cache") == "all" and values.get("members") is False:
            problems.append(ALL_WITHOUT_MEMBERS)
        if not problems:
            shares = values["shard_count"], values["shard_ids"], values["cluster"]
            problems += problems_of(*shares, values["database_url"])
            problems += _problems_of_bus(values)
        if not playground and not environ.get("DISCORD_TOKEN", "").strip():
            problems.insert(0, f"DISCORD_TOKEN is missing: {HOW_TO_LOG_IN}")
        if problems:
            raise ConfigError(problems)
        return cls(**values)

    @property
    def share(self) -> Share | None:
        """What this process runs of several; None when it is the only one."""
        return share_of(self.shard_count, self.shard_ids, self.cluster)

    @property
    def bus(self) -> str:
        """The transport between processes that EVENT_BUS chooses or, if it is empty, what suits."""
        if self.event_bus:
            return self.event_bus
        return "none" if self.share is None or self.database_url.startswith("sqlite:") else "postgres"

    @property
    def secrets(self) -> frozenset[str]:
        """Texts that must never be printed: the token and the servers' passwords."""
        found = {self.discord_token}
        for address in map(urlsplit, (self.database_url, self.redis_url, self.rabbitmq_url)):
            found.add(address.password or "")
            found.update(value for key, _is, value in (part.partition("=") for part in address.query.split("&"))
                         if key in {"password", "sslpassword"})  # fmt: skip
        # In an address signs may be written as %40; errors name the password as it really is.
        return frozenset(filter(None, found | {unquote(secret) for secret in found}))

    def __repr__(self) -> str:
        """Name what is set without showing secrets."""
        public = ", ".join(f"{s.field}={getattr(self, s.field)!r}" for s in SETTINGS if not s.secret)
        return f"Config({public})"


def _problems_of_bus(values: Mapping[str, Any]) -> list[str]:
    bus = values["event_bus"]
    if bus == "postgres" and values["database_url"].startswith("sqlite:"):
        return [BUS_NEEDS_POSTGRESQL]
    if bus in {"redis", "rabbitmq"} and not values[f"{bus}_url"]:
        return [BUS_NEEDS_ADDRESS.format(bus=bus, key=f"{bus.upper()}_URL")]
    return []


def environment(env_file: Path = Path(".env")) -> dict[str, str]:
    """The process's environment over what `.env` says: a variable that is really set, and not to nothing, wins."""
    from_file = {key: value for key, value in dotenv_values(env_file).items() if value}
    return {**from_file, **{key: value for key, value in os.environ.items() if value.strip()}}


def env_example() -> str:
    """The text of `.env.example`: every setting with its comment and its default.

    All but the token are commented out: a copy must not take from a container what its image says.
    """
    blocks = [
        f"# {s.help} Looks like: {s.looks_like}.\n{'' if s.key == 'DISCORD_TOKEN' else '#'}{s.key}={s.default}"
        for s in SETTINGS
    ]
    top = "# Copy this file to .env, put the token in, and take the # from each setting that you change."
    return "\n\n".join([top, *blocks]) + "\n"
