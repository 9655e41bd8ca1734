"""Taking back what stands in the record alone: warnings and notes."""

from typing import ClassVar

from cogs.moderation.undo.reversals.base import Reversal
from utils.i18n import N_, _


class OfWarning(Reversal):
    """The points count no longer."""

    kinds: ClassVar[tuple[str, ...]] = ("warn",)
    told: ClassVar[str] = N_("Your warning in **{guild}** was taken back.")

    def done_sentence(self) -> str:
        return _("{target}'s warning doesn't count any more.").format(target=self.target.mention)


class OfNote(Reversal):
    """The note stays readable, struck out."""

    kinds: ClassVar[tuple[str, ...]] = ("note",)

    def done_sentence(self) -> str:
        return _("The note on {target} doesn't count any more.").format(target=self.target.mention)
