"""`python main.py doctor`: look at settings, Discord, database, disk, clock and versions, and say what to do."""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import colorlog

from operations.checks.database_side import check_database
from operations.checks.discord_side import check_discord
from operations.checks.findings import Finding
from operations.checks.machine import check_backups, check_disk, check_port, check_versions
from operations.checks.settings import check_settings
from operations.running import EXIT_DONE, EXIT_FAILED, EXIT_SIGNAL
from utils import log
from utils.config import SETTINGS, environment

if TYPE_CHECKING:
    from operations.cli import Subparsers

SIGNS = {"ok": "ok", "warning": "warning", "wrong": "WRONG"}
COLOURS = {"ok": "green", "warning": "yellow", "wrong": "red"}
INTERRUPTED = EXIT_SIGNAL + 2


def add_to(subparsers: "Subparsers") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "doctor",
        help="look for what is wrong with settings, token, database, disk, clock and versions",
        description="Look at settings, token, intents, database, disk, clock, versions and backups, and say what to "
        "do. Nothing is changed, and the bot may run meanwhile. The exit status is 1 if something is wrong; warnings "
        "leave it 0.",
    )
    parser.add_argument("--json", action="store_true", help="answer with one JSON object")
    parser.add_argument("--offline", action="store_true", help="don't ask Discord")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look at everything, and print it; returns the exit status."""
    environ = environment()
    secrets = frozenset(environ.get(setting.key, "") for setting in SETTINGS if setting.secret) - {""}
    log.set_up("CRITICAL", "text", secrets)  # what libraries warn of is found out here, and said in our words
    try:
        findings, hidden = asyncio.run(examine(environ, offline=arguments.offline))
    except KeyboardInterrupt:
        print("Stopped before it was done.", file=sys.stderr)
        return INTERRUPTED
    findings = [_masked(finding, secrets | hidden) for finding in findings]
    print(_as_json(findings) if arguments.json else _as_text(findings))
    return EXIT_FAILED if any(finding.state == "wrong" for finding in findings) else EXIT_DONE


async def examine(environ: dict[str, str], *, offline: bool) -> tuple[list[Finding], frozenset[str]]:
    """Return what there is to say, in the order of the parts, and what must not be shown of it."""
    from operations.checks.bus_side import check_bus  # noqa: PLC0415 - two libraries that no start of the bot needs

    findings, config = check_settings(environ)
    findings += check_versions()
    asked = asyncio.create_task(_none() if offline else check_discord(config))
    about_database, found = await check_database(config)
    about_bus = await check_bus(config)
    findings += await asked
    findings += about_database
    findings += about_bus
    findings += check_disk(config, found)
    findings += check_backups(config, found)
    findings += check_port(config)
    return findings, config.secrets


async def _none() -> list[Finding]:
    return []


def _masked(finding: Finding, secrets: frozenset[str]) -> Finding:
    return replace(finding, text=log.mask(finding.text, secrets), advice=log.mask(finding.advice, secrets))


def _as_json(findings: list[Finding]) -> str:
    whole = not any(finding.state == "wrong" for finding in findings)
    return json.dumps({"ok": whole, "findings": [asdict(finding) for finding in findings]}, ensure_ascii=False)


def _as_text(findings: list[Finding]) -> str:
    colours = colorlog.escape_codes.escape_codes if sys.stdout.isatty() else {}
    lines = []
    for finding in findings:
        sign = f"{SIGNS[finding.state]:<7}"
        sign = f"{colours.get(COLOURS[finding.state], '')}{sign}{colours.get('reset', '')}"
        lines.append(f"{sign}  {finding.part:<8}  {finding.text}")
        if finding.advice:
            lines.append(f"{'':<19}→ {finding.advice}")
    counts = {state: sum(finding.state == state for finding in findings) for state in SIGNS}
    lines.append(f"\n{counts['ok']} are fine, {counts['warning']} warnings, {counts['wrong']} wrong.")
    return "\n".join(lines)
