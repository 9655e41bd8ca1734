"""What messages of a town file say, as Discord would have it: mentions, emoji and moments by their ids."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from playground.town.moments import moment

_CODE = re.compile(r"(```.*?```|``.+?``|`[^`\n]+`)", re.DOTALL)
_MOMENT = re.compile(r"<t:(?P<moment>[^<>]+?)(?::(?P<style>[tTdDfFRsS]))?>")


@dataclass(frozen=True)
class Texts:
    """Fills in the texts of one guild: `@ann`, `@Moderator`, `#general`, `:flame:`, `<t:in 2 hours:R>`, `{prefix}`.

    Code stays as it is, but for the prefix. What is no name in that guild stays a text, as in Discord.
    """

    now: datetime
    prefix: str
    mentions: Mapping[str, str]
    """What stands in a message for a name; the name with its `@`, `#` or `:`."""
    _names: re.Pattern[str] | None = field(init=False)

    def __post_init__(self) -> None:
        longest_first = sorted(self.mentions, key=len, reverse=True)
        names = "|".join(re.escape(name) for name in longest_first)
        object.__setattr__(self, "_names", re.compile(rf"(?<![\w\\<@#:])(?:{names})(?![\w-])") if names else None)

    def filled(self, text: str) -> str:
        """The text as it is sent."""
        parts = _CODE.split(text.replace("{prefix}", self.prefix))
        return "".join(part if number % 2 else self._without_code(part) for number, part in enumerate(parts))

    def _without_code(self, text: str) -> str:
        text = _MOMENT.sub(self._moment, text)
        return self._names.sub(lambda found: self.mentions[found[0]], text) if self._names is not None else text

    def _moment(self, found: re.Match[str]) -> str:
        if found["moment"].isdecimal():
            return found[0]
        style = f":{found['style']}" if found["style"] else ""
        return f"<t:{int(moment(found['moment']).at(self.now).timestamp())}{style}>"


def problem_in(text: str) -> str | None:
    """What is wrong with the moments that a text names; None if nothing is."""
    for part in _CODE.split(text)[::2]:
        for found in _MOMENT.finditer(part):
            try:
                if not found["moment"].isdecimal():
                    moment(found["moment"])
            except ValueError as error:
                return f"{found[0]}: {error}"
    return None
