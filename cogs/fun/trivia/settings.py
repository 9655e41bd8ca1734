"""What servers may set about trivia."""

from datetime import timedelta
from typing import Final

from utils.i18n import N_
from utils.setting_types import Duration, Setting, Switch

ANSWER_TIME: Final = Setting[timedelta](
    "trivia-time",
    Duration(timedelta(seconds=10), timedelta(minutes=3)),
    timedelta(seconds=30),
    N_("How long a trivia question waits for the right answer."),
)
HINTS: Final = Setting[bool]("trivia-hints", Switch(), True, N_("Whether I give hints to trivia questions."))

SETTINGS: Final = (ANSWER_TIME, HINTS)
