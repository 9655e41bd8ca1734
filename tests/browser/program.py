"""The program itself, in a copy of the repository that a test may change."""

import asyncio
import re
import shutil
import sys
from pathlib import Path
from typing import Self

from tests.support.process import REPOSITORY, START_SECONDS, BotProcess, clean_environment

CODE = ("cogs", "database", "locales", "migrations", "operations", "playground", "utils", "main.py")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")


def copy_of_the_code(folder: Path) -> Path:
    """What the program needs, copied into a folder."""
    for name in CODE:
        original = REPOSITORY / name
        if original.is_file():
            shutil.copy(original, folder / name)
        else:
            shutil.copytree(original, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


class Program(BotProcess):
    """`python main.py --playground`, as a person starts it."""

    @classmethod
    async def open(cls, *arguments: str, folder: Path, port: int = 0) -> Self:
        """Start it in the folder that holds its code, and keep there what it keeps."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "main.py", "--playground", "--port", str(port), *arguments),
            cwd=folder,
            env=clean_environment() | {"PYTHONPATH": str(folder)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(process, None)

    async def address(self) -> str:
        """Wait until it prints where it is."""
        found = await self.until("address", lambda: ADDRESS.search("\n".join(self.printed)), START_SECONDS)
        return str(found.group())
