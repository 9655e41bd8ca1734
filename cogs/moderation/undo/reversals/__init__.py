"""How each kind of case is taken back: `BY_KIND` is filled by the modules here."""

from cogs.moderation.undo.reversals import belongings, departures, jail, punishments, records, voice
from cogs.moderation.undo.reversals.base import BY_KIND, Reversal

__all__ = ["BY_KIND", "Reversal", "belongings", "departures", "jail", "punishments", "records", "voice"]
