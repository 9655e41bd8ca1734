"""Write the list in docs/PRIVACY.md from the code: what each feature stores about people, why, and for how long.

`python -m tools.privacy_doc` writes what stands between the two markers and leaves the rest as it is; `--check` fails
when it is not what the code says.
"""

import sys
from collections.abc import Iterator

from tools import generated
from utils.bot import Hearth
from utils.privacy import by_feature

TARGET = generated.DOCS / "PRIVACY.md"
COMMAND = "python -m tools.privacy_doc"


async def document() -> str:
    """The whole page, with the list as it should be."""
    async with generated.loaded_bot() as bot:
        return generated.put_between(TARGET, COMMAND, "\n".join(lists(bot)))


def lists(bot: Hearth) -> Iterator[str]:
    """A table for each feature."""
    declared = by_feature(bot)
    for feature, title, _purpose in generated.features(bot):
        yield from ["", f"### {title}", "", "| what | why | how long | tables |", "|---|---|---|---|"]
        for one in declared.get(feature, []):
            tables = ", ".join(f"`{table.name}`" for table in one.tables)
            yield f"| {one.what} | {one.why} | {one.kept} | {tables} |"
    yield ""


if __name__ == "__main__":
    sys.exit(generated.run(__doc__, TARGET, document, COMMAND))
