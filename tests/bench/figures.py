"""How benchmarks say what they found: a figure, its goal if it has one, and whether that is reached."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One thing that was measured; `reached` is None where there is no goal."""

    what: str
    found: str
    goal: str = ""
    reached: bool | None = None


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table of Markdown."""
    rows = [
        f"| {figure.what} | {figure.found} | {figure.goal} | {_word(figure.reached)} |".replace("|  |", "| |")
        for figure in figures
    ]
    return "\n".join(["| what | figure | goal | reached |", "|---|---|---|---|", *rows])


def _word(reached: bool | None) -> str:
    return "" if reached is None else "yes" if reached else "**no**"


def show(figures: Iterable[Figure]) -> None:
    """Print the table."""
    print(table(figures))
