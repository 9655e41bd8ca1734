"""Who may make tags."""

from typing import Final

from utils.i18n import N_
from utils.setting_types import Choice, Role, Setting

EVERYONE: Final = "everyone"
WITH_ROLE: Final = "role"

TAG_CREATORS = Setting[str](
    "tag-creators",
    Choice((EVERYONE, WITH_ROLE, "staff")),
    EVERYONE,
    N_("Who may make tags: everyone, those with the role of tag-role, or only who manages messages."),
)
TAG_ROLE = Setting[int | None]("tag-role", Role(), None, N_("The role that lets members make tags."))

SETTINGS: Final = (TAG_CREATORS, TAG_ROLE)
