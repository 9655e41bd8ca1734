"""Keeping what was compiled from a file of the program, so that the next start needn't compile it again.

It stands where Python keeps its own compiled modules, and as with those it is no harm if it can't be written.
"""

import hashlib
import importlib.util
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

CHECKSUM_BYTES = 32


def compiled(source: Path, kind: str, compile_: Callable[[bytes], tuple[bytes, bool]]) -> bytes:
    """What `compile_` makes of the source's bytes, or made of the same bytes at an earlier start.

    `kind` is the ending of what it makes. With that it tells whether to keep it. Raises OSError if the source can't
    be read, and what `compile_` raises.
    """
    content = source.read_bytes()
    folder = Path(importlib.util.cache_from_source(str(source.resolve().with_suffix(".py")))).parent
    kept = folder / f"{source.stem}-{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
    known = _read(kept)
    if known is not None:
        return known
    made, may_be_kept = compile_(content)
    if may_be_kept and not sys.dont_write_bytecode:
        _keep(kept, made)
    return made


def _read(kept: Path) -> bytes | None:
    """What is kept there; None if nothing is, or if it was damaged, as by a loss of power."""
    try:
        found = kept.read_bytes()
    except OSError:
        return None
    checksum, made = found[:CHECKSUM_BYTES], found[CHECKSUM_BYTES:]
    return made if hashlib.sha256(made).digest() == checksum else None


def _keep(kept: Path, made: bytes) -> None:
    beside = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{kept.stem.rpartition('-')[0]}-*{kept.suffix}"):
            old.unlink(missing_ok=True)
        beside.write_bytes(hashlib.sha256(made).digest() + made)
        beside.replace(kept)
    except OSError as error:
        log.debug("Could not keep %s: %s", kept, error)
        _remove(beside)


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        log.debug("Could not remove %s: %s", file, error)
