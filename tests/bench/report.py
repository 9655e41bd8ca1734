"""All benchmarks, as one table of Markdown: what was measured, its goal, and whether it is reached.

`python -m tests.bench.report [--quick] [--only NAME …]` runs each as a program of its own, so that none is in the
memory of another, and reads what it prints. With `--quick` it takes a few minutes and shows that all of them work;
the figures mean little then, so nothing is said of goals. The exit status is 1 if a benchmark doesn't work; a goal
that is missed is no failure.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from tests.bench.figures import Figure, show

MOST_RATIO: Final = {"ordinary message": 1.25, "command": 1.2}
LEAST_PERCENT: Final = 80
NUMBER: Final = r"([\d,.]+)"


def scale(output: str) -> Iterator[Figure]:
    """It prints the table itself."""
    for what, found, goal, reached in re.findall(r"^\| (.*?) \|(.*?)\|(.*?)\|(.*?)\|$", output, re.MULTILINE):
        if what != "what":
            yield Figure(what, found.strip(), goal.strip(), {"yes": True, "**no**": False}.get(reached.strip()))


def message_path(output: str) -> Iterator[Figure]:
    """A line for each kind of message: ours, bare, and how many times that is."""
    line = rf"^(\w.*?)\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}\s*$"
    for name, ours, bare, ratio in re.findall(line, output, re.MULTILINE):
        most = MOST_RATIO.get(name)
        found = f"{ours} µs, bare {bare} µs, {ratio} times"
        yield Figure(
            f"{name}, in the process alone",
            found,
            f"≤ {most} times" if most else "",
            float(ratio) <= most if most else None,
        )


def beside_drivers(output: str) -> Iterator[Figure]:
    """A line for each operation: the bare driver's a second, ours, and how much of it that is."""
    engine = ""
    for line in output.splitlines():
        if line.startswith(("SQLite", "PostgreSQL")):
            engine = line.split()[0]
        elif found := re.fullmatch(rf"(\w.*?)\s+{NUMBER}\s+{NUMBER}\s+(\d+)%", line.strip()):
            name, bare, ours, percent = found.groups()
            yield Figure(
                f"{name}, {engine}",
                f"{ours}/s, bare driver {bare}/s, {percent} %",
                f"≥ {LEAST_PERCENT} %",
                int(percent) >= LEAST_PERCENT,
            )


def sentences(output: str) -> Iterator[Figure]:
    """What says it in words: each line with a figure, and whether its goals are reached."""
    for line in output.splitlines():
        if goal := re.fullmatch(r"Goals?(?:, (.*))?: (reached|missed)", line):
            yield Figure("all of the above", "", goal[1] or "of the benchmark's own", goal[2] == "reached")
        elif re.search(r"\d", line) and (found := re.fullmatch(r"(\S.*?)(?:  +|: )(.*\d.*)", line.strip())):
            yield Figure(found[1], re.sub(r"\s{2,}", ", ", found[2].strip()))


@dataclass(frozen=True)
class Benchmark:
    """One of them, and how its output is read."""

    name: str
    read: Callable[[str], Iterator[Figure]]

    def run(self, *, quick: bool) -> list[Figure]:
        """Run it. Raises `subprocess.CalledProcessError`, or ValueError if it printed nothing that is understood."""
        command = [sys.executable, "-m", f"tests.bench.bench_{self.name}", *["--quick"] * quick]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        figures = list(self.read(output))
        if not figures:
            raise ValueError(f"bench_{self.name} printed no figures:\n{output}")
        return [replace(one, goal="", reached=None) for one in figures] if quick else figures


BENCHMARKS: Final = (
    Benchmark("message_path", message_path),
    Benchmark("scale", scale),
    Benchmark("database", beside_drivers),
    Benchmark("bank", beside_drivers),
    Benchmark("xp", sentences),
    Benchmark("ranks", sentences),
    Benchmark("cards", sentences),
    Benchmark("automod", sentences),
)


def main() -> int:
    """Run them one after the other and print the table. Returns the exit status."""
    names = [one.name for one in BENCHMARKS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="see that all of them work")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    arguments = parser.parse_args()
    figures: list[Figure] = []
    failed = False
    for one in BENCHMARKS:
        if one.name in arguments.only:
            print(f"bench_{one.name} …", file=sys.stderr)
            try:
                figures += one.run(quick=arguments.quick)
            except (subprocess.CalledProcessError, ValueError) as error:
                print(error, file=sys.stderr)
                failed = True
    show(figures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
