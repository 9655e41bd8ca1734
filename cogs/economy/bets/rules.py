"""Who gets the stakes of a bet."""

from collections.abc import Mapping, Sequence


def payouts(stakes: Mapping[int, int], winners: Sequence[int]) -> dict[int, int]:
    """What each player gets: the winners all stakes in equal parts, those named first what can't be divided.

    Nothing for anybody if no player is a winner: then the stakes go back.
    """
    among = [winner for winner in dict.fromkeys(winners) if winner in stakes]
    if not among:
        return {}
    part, left = divmod(sum(stakes.values()), len(among))
    paid = dict.fromkeys(stakes, 0)
    for place, winner in enumerate(among):
        paid[winner] = part + (place < left)
    return paid
