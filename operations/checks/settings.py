"""The settings: each that is wrong, and a configuration of the others for the checks that follow."""

from collections.abc import Mapping

from operations.checks.findings import Finding, reporter
from utils.config import SETTINGS, Config, ConfigError

ok, warning, wrong = reporter("settings")

IN_ENV = "Set it in the environment or in .env; .env.example says how each should look."


def check_settings(environ: Mapping[str, str]) -> tuple[list[Finding], Config]:
    """Find each wrong setting, and read the others."""
    try:
        config = Config.from_env(environ)
    except ConfigError as error:
        return [wrong(problem, IN_ENV) for problem in error.problems], _readable(environ)
    chosen = sum(1 for setting in SETTINGS if environ.get(setting.key, "").strip())
    findings = [ok(f"All {len(SETTINGS)} settings can be read; {chosen} are set, the others have their defaults.")]
    if config.allow_eval:
        findings.append(
            warning("ALLOW_EVAL is on: who has an owner's account has this machine.", "Switch it off after use.")
        )
    if config.log_level == "DEBUG":
        findings.append(warning("LOG_LEVEL is DEBUG: the log grows fast.", "Set LOG_LEVEL=INFO for every day."))
    return findings, config


def _readable(environ: Mapping[str, str]) -> Config:
    """What can be read of settings of which some are wrong: the token and the database, at the least."""
    left = {key: text for key, text in environ.items() if key in {setting.key for setting in SETTINGS}}
    for setting in SETTINGS:
        text = left.get(setting.key, "")
        try:
            Config.from_env({setting.key: text}, playground=True)
        except ConfigError as error:
            if any(problem.startswith(f"{setting.key} should be") for problem in error.problems):
                del left[setting.key]
    try:
        return Config.from_env(left, playground=True)
    except ConfigError:  # some don't go together
        kept = ("DISCORD_TOKEN", "DATABASE_URL")
        return Config.from_env({key: left.get(key, "") for key in kept}, playground=True)
