"""Write the table of metrics in docs/DEPLOYMENT.md from the catalogue.

`python -m tools.metrics_doc` writes what stands between the two markers and leaves the rest as it is; `--check` fails
when it is not what the code says.
"""

import sys
from collections.abc import Iterator

from tools import generated
from utils.metrics.catalogue import ALL, Metric

TARGET = generated.DOCS / "DEPLOYMENT.md"
COMMAND = "python -m tools.metrics_doc"


async def document() -> str:
    """The whole page, with the table as it should be."""
    return generated.put_between(TARGET, COMMAND, "\n".join(table()))


def table() -> Iterator[str]:
    """A row for each metric, in the order of the catalogue."""
    yield from ["", "| metric | kind | labels | |", "|---|---|---|---|"]
    yield from map(_row, ALL)
    yield ""


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {labels} | {metric.help} |"


if __name__ == "__main__":
    sys.exit(generated.run(__doc__, TARGET, document, COMMAND))
