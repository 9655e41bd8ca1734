"""SQL statements, without their values."""

import asyncio
import textwrap

from playground.tracing.recording import Recording


def write_down(recording: Recording, sql: str, seconds: float, outcome: int | BaseException) -> None:
    """Write down a statement that ran: how many rows it changed or gave, or what it raised."""
    lines = [textwrap.dedent(sql).strip()]
    if isinstance(outcome, int):
        tag = "1 row" if outcome == 1 else f"{outcome} rows"
    elif isinstance(outcome, asyncio.CancelledError):
        tag = "cancelled"
    else:
        tag = "failed"
        lines.append(f"\n{type(outcome).__name__}: {outcome}")
    recording.add(
        "sql", " ".join(sql.split()), tag=tag, detail="\n".join(lines), ok=isinstance(outcome, int), seconds=seconds
    )
