"""Write the tables in docs/PERMISSIONS.md from the code: what each command needs of its invoker and of the bot.

`python -m tools.permissions_doc` writes what stands between the two markers and leaves the rest as it is; `--check`
fails when it is not what the code says.
"""

import sys
from collections.abc import Iterator

from tools import generated
from utils.bot import Hearth
from utils.checks import bot_permissions, invoker_permissions, is_owner_only
from utils.cog import Cog

TARGET = generated.DOCS / "PERMISSIONS.md"
COMMAND = "python -m tools.permissions_doc"
NOTHING = "–"


async def document() -> str:
    """The whole page, with the tables as they should be."""
    async with generated.loaded_bot() as bot:
        return generated.put_between(TARGET, COMMAND, "\n".join(tables(bot)))


def tables(bot: Hearth) -> Iterator[str]:
    """A table of commands for each feature, and one of what the bot needs besides."""
    for feature, title, _purpose in generated.features(bot):
        yield from ["", f"### {title}", "", "| command | who calls it | the bot |", "|---|---|---|"]
        for one in generated.commands_of(bot, feature):
            invoker = "runs the bot" if is_owner_only(one) else generated.names_of(invoker_permissions(one))
            own = generated.names_of(bot_permissions(one))
            yield f"| `{one.qualified_name}` | {invoker or NOTHING} | {own or NOTHING} |"
    yield from ["", "### What the bot needs besides", "", "| permission | for |", "|---|---|"]
    for permission, purposes in sorted(besides(bot).items()):
        yield f"| {permission} | {'; '.join(purposes)} |"
    yield ""


def besides(bot: Hearth) -> dict[str, list[str]]:
    """What cogs say that they need the permissions for which no command asks each time."""
    found: dict[str, list[str]] = {}
    for _name, cog in sorted(bot.cogs.items()):
        for permission, purpose in cog.also_needs.items() if isinstance(cog, Cog) else ():
            found.setdefault(generated.names_of([permission]), []).append(purpose)
    return found


if __name__ == "__main__":
    sys.exit(generated.run(__doc__, TARGET, document, COMMAND))
