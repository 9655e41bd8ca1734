"""Write docs/COMMANDS.md from the code: every command, setting and event.

`python -m tools.commands_doc` writes it; `--check` fails when it is not what the code says.
"""

import sys
from collections.abc import Iterator

from tools import generated
from utils import events
from utils.bot import Hearth
from utils.checks import bot_permissions, invoker_permissions, is_owner_only
from utils.commands import AnyCommand, examples_of, usage_of
from utils.i18n import help_parts

TARGET = generated.DOCS / "COMMANDS.md"
PREFIX = "!"


async def document() -> str:
    """The whole text, from a bot that is connected to nothing."""
    async with generated.loaded_bot() as bot:
        return "\n".join(_lines(bot)) + "\n"


def _lines(bot: Hearth) -> Iterator[str]:
    yield "# Commands, settings and events"
    yield ""
    yield "Written by `python -m tools.commands_doc` from the code. `<this>` is needed, `[this]` may be left out."
    for feature, title, purpose in generated.features(bot):
        yield from ["", f"## {title}", "", purpose]
        for one in generated.commands_of(bot, feature):
            yield from _command(one)
    yield from ["", "## Settings", "", "Changed by `config set`, by who may manage the server.", ""]
    yield from ["| setting | what it does | what fits | default |", "|---|---|---|---|"]
    for setting in sorted(bot.guild_settings.declared.values(), key=lambda one: one.key):
        if not setting.hidden:
            default = bot.guild_settings.show(setting, setting.default)
            yield f"| `{setting.key}` | {setting.help} | {setting.type.expects()} | {default} |"
    yield from ["", "## Events", "", "What features tell each other, for developers; see `utils/events/`.", ""]
    # Tests have some of their own.
    known = {name: event for name, event in events.CATALOGUE.items() if event.__module__.startswith(events.__name__)}
    for name, event in sorted(known.items()):
        first_line, rest = help_parts(event.__doc__)
        yield f"- `on_{name}`: {first_line} {rest}".rstrip().replace("\n\n", " ")


def _command(one: AnyCommand) -> Iterator[str]:
    first_line, rest = help_parts(one.help)
    yield from ["", f"### `{usage_of(one, PREFIX)}`", "", first_line]
    if rest:
        yield from ["", rest]
    facts = []
    if one.aliases:
        facts.append("Also called " + ", ".join(f"`{alias}`" for alias in one.aliases))
    if one.cooldown:
        facts.append(f"Cooldown: {one.cooldown.rate} in {round(one.cooldown.per)} s")
    if is_owner_only(one):
        facts.append("Only for who runs the bot")
    for who, permissions in (("You need", invoker_permissions(one)), ("The bot needs", bot_permissions(one))):
        if permissions:
            facts.append(f"{who} {generated.names_of(permissions)}")
    facts.append("Example: " + ", ".join(f"`{call}`" for call in examples_of(one, PREFIX)))
    yield from ["", *(f"- {fact}" for fact in facts)]


if __name__ == "__main__":
    sys.exit(generated.run(__doc__, TARGET, document, "python -m tools.commands_doc"))
