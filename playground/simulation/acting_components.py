"""Buttons, selects and forms."""

from typing import Any

from simcord import InteractionResult


class Press:
    """A click, a choice or a sent form, and what the bot has answered by now: it may take three seconds."""

    def __init__(self, result: InteractionResult) -> None:
        self._result = result
        self.interaction: int = result._interaction.id

    @property
    def answered(self) -> bool:
        """Whether the bot has acknowledged it."""
        return self._result.acknowledged

    @property
    def modal(self) -> dict[str, Any] | None:
        """The form that the bot opened, as Discord's API has it; `Acting.submit` sends it."""
        return self._result.modal
