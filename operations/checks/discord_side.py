"""What Discord says: is it reached, is the token right, are the intents switched on, how many starts are left."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from discord import ApplicationFlags
from discord.http import Route

from operations.checks.findings import Finding, reporter
from utils.config import HOW_TO_LOG_IN, Config

ANSWER_SECONDS: Final = 10.0
LARGEST_OFFSET_SECONDS: Final = 5.0
FEW_STARTS: Final = 20
"""Sessions that may still be started today; each start of a shard takes one."""
PORTAL: Final = "Open https://discord.com/developers/applications, choose your application, Bot, and switch on {name}"

ok, warning, wrong = reporter("discord")
clock_ok, clock_warning, _clock_wrong = reporter("clock")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: Any
    offset_seconds: float | None
    """How far our clock is ahead of Discord's; None if it didn't say."""


async def check_discord(config: Config) -> list[Finding]:
    """Ask Discord, with the token if there is one."""
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    headers = {"User-Agent": "DiscordBot (Hearth doctor)"}
    if config.discord_token:
        headers["Authorization"] = f"Bot {config.discord_token}"
    try:
        async with aiohttp.ClientSession(timeout=timeout, headers=headers, trust_env=True) as session:
            me = await _get(session, "/users/@me" if config.discord_token else "/gateway")
            findings = [_clock(me)]
            if config.discord_token:
                findings += await _signed_in(session, me, config)
            else:
                findings.append(wrong("Discord is reached, but there is no token to ask with.", HOW_TO_LOG_IN))
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        return [
            wrong(
                f"Discord can't be reached: {str(error) or type(error).__name__}.",
                "Look at the network, a firewall or a proxy (HTTPS_PROXY). Without network, use --offline.",
            )
        ]
    return findings


async def _get(session: aiohttp.ClientSession, path: str) -> _Answer:
    began = time.time()
    async with session.get(f"{Route.BASE}{path}") as response:
        body = await response.json(content_type=None) if response.status == 200 else None
        middle = (began + time.time()) / 2
        return _Answer(response.status, body, _offset(response.headers, middle))


def _offset(headers: Mapping[str, str], now: float) -> float | None:
    try:
        # The header has whole seconds, cut off: on average half a second is missing.
        return now - parsedate_to_datetime(headers["Date"]).timestamp() - 0.5
    except (KeyError, ValueError):
        return None


def _clock(answer: _Answer) -> Finding:
    if answer.offset_seconds is None:
        return clock_warning("Discord didn't say what time it is.", "Look at a proxy in between.")
    seconds = answer.offset_seconds
    if abs(seconds) > LARGEST_OFFSET_SECONDS:
        way = "ahead of" if seconds > 0 else "behind"
        return clock_warning(
            f"This machine's clock is {abs(seconds):.0f} s {way} Discord's.",
            "Have it set by NTP (timedatectl set-ntp true): timers and cooldowns go by it.",
        )
    return clock_ok("This machine's clock agrees with Discord's.")


async def _signed_in(session: aiohttp.ClientSession, me: _Answer, config: Config) -> list[Finding]:
    if me.status == 401:
        return [wrong("Discord refuses DISCORD_TOKEN.", f"Get a new one: {HOW_TO_LOG_IN}")]
    if me.status != 200:
        return [warning(f"Discord answers with the status {me.status}.", "Try again later: discordstatus.com")]
    findings = [ok(f"The token is that of {me.body['username']} ({me.body['id']}).")]
    application = await _get(session, "/applications/@me")
    if application.status == 200:
        findings += _intents(int(application.body.get("flags") or 0), config)
    else:
        findings.append(
            warning(f"Discord doesn't tell of the application ({application.status}).", "Try again later.")
        )
    gateway = await _get(session, "/gateway/bot")
    if gateway.status == 200:
        findings += _starts(gateway.body, config)
    else:
        findings.append(
            warning(f"Discord doesn't tell of the gateway (status {gateway.status}).", "Try again later.")
        )
    return findings


def _intents(number: int, config: Config) -> list[Finding]:
    flags = ApplicationFlags._from_value(number)
    wanted = (
        ("Message Content Intent", "MESSAGE_CONTENT", config.message_content,
         flags.gateway_message_content or flags.gateway_message_content_limited),
        ("Server Members Intent", "MEMBERS", config.members,
         flags.gateway_guild_members or flags.gateway_guild_members_limited),
    )  # fmt: skip
    findings = []
    for name, key, asked, switched_on in wanted:
        if asked and not switched_on:
            advice = f"{PORTAL.format(name=repr(name))}, or set {key}=off (.env.example says what is lost)."
            findings.append(wrong(f"'{name}' is switched off, and {key} asks for it.", advice))
        elif asked:
            findings.append(ok(f"'{name}' is switched on."))
        else:
            findings.append(ok(f"{key} is off, so '{name}' isn't asked for."))
    return findings


def _starts(body: Mapping[str, Any], config: Config) -> list[Finding]:
    limit, shards = body["session_start_limit"], int(body["shards"])
    remaining, hours = int(limit["remaining"]), int(limit["reset_after"]) / 3_600_000
    left = f"{remaining} of {limit['total']} session starts are left for {hours:.1f} h"
    needed = config.shard_count or shards
    if remaining < needed:
        findings = [wrong(f"{left}, and {needed} are needed.", "Wait; and look why the bot starts so often.")]
    elif remaining < needed + FEW_STARTS:
        findings = [warning(f"{left}.", "Look why the bot starts so often.")]
    else:
        findings = [ok(f"{left}; {limit['max_concurrency']} may start at once.")]
    if config.shard_count is not None and config.shard_count < shards:
        findings.append(
            warning(f"SHARD_COUNT is {config.shard_count}; Discord recommends {shards}.", "Raise SHARD_COUNT.")
        )
    return findings
