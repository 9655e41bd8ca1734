"""Configuration as a file: what cogs declare of it (`Cog.sections`), and how it is read on another server.

A section is a mapping of entries by name: settings by their keys, tags by their names. An entry is plain data such
as a YAML file holds. Roles and channels are written as `{id, name}`; where there is no such id, the name finds it on
this server. An entry is compared as it is exported, so what `Section.read` returns is what `export` would give.
"""

from utils.portable.fields import Field, MisfitError, UnmappedError, each_found
from utils.portable.sections import EntryChange, Section, called_twice, why_not_giving
from utils.portable.target import Lost, Target
from utils.portable.writing import (
    channel_reference,
    duration_text,
    optional_duration_text,
    role_reference,
    without_nothing,
)

__all__ = [
    "EntryChange",
    "Field",
    "Lost",
    "MisfitError",
    "Section",
    "Target",
    "UnmappedError",
    "called_twice",
    "channel_reference",
    "duration_text",
    "each_found",
    "optional_duration_text",
    "role_reference",
    "why_not_giving",
    "without_nothing",
]
