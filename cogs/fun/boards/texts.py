"""What the message of a game says."""

from typing import Final

from cogs.fun.boards.buttons import Choice
from cogs.fun.boards.kinds import KINDS
from cogs.fun.boards.painting import board_choices, board_text
from cogs.fun.boards.rules.position import Position
from database.board_games import BoardGame
from utils.events import BetEnded
from utils.i18n import N_, _, format_number, ngettext, translate
from utils.time import timestamp

CUT_OFF: Final = "cut_off"
"""The ending of a game in which nobody could move any more: it counts for nobody."""
ENDINGS: Final = {
    "won": N_("🏆 {winner} wins."),
    "drawn": N_("It's a draw."),
    "gave_up": N_("🏳️ {loser} gives up, and {winner} wins."),
    "too_late": N_("⌛ {loser} took too long, and {winner} wins."),
    "solved": N_("🏆 {player} has opened every square without a mine."),
    "blown_up": N_("💥 {player} opened a mine."),
    "stopped": N_("🏳️ {player} gives up."),
    "left": N_("⌛ Nothing was opened for a while, so this game is over."),
    CUT_OFF: N_("This game was cut off, and counts for nobody."),
    "declined": N_("{opponent} declines."),
    "withdrawn": N_("{challenger} withdraws the challenge."),
    "unanswered": N_("{opponent} didn't answer in time."),
}
"""How a game ends, or a challenge that none follows on."""


def text_of(game: BoardGame, position: Position | None) -> str:
    """All that the message says, in the current language."""
    kind = KINDS[game.game]
    parts = [f"**{translate(kind.label)}**"]
    if kind.is_rated and position is not None:
        first, second = (f"{mark} <@{player}>" for mark, player in zip(kind.marks, game.players, strict=True))
        parts[0] = _("**{game}**: {first} against {second}").format(
            game=translate(kind.label), first=first, second=second
        )
    if position is not None:
        parts.append(board_text(game, position, over=game.is_over) or "")
    if game.phase == "asked":
        parts.append(_asking(game))
    elif game.phase == "playing":
        parts += [_bet(game), _turn(game, position)]
    else:
        parts += [_ending(game), _rating(game)]
    return "\n".join(part for part in parts if part)


def choices_of(game: BoardGame, position: Position | None) -> list[Choice]:
    """The buttons of a board; none for a challenge, which has its own."""
    return [] if position is None else board_choices(game, position, over=game.is_over)


def _asking(game: BoardGame) -> str:
    parts = [
        _("{challenger} challenges {opponent}.").format(
            challenger=f"<@{game.challenger_id}>", opponent=f"<@{game.second_id}>"
        )
    ]
    if game.stake is not None:
        parts.append(
            ngettext(
                "Both bet {count} coin, and the winner gets both bets.",
                "Both bet {count} coins, and the winner gets both bets.",
                game.stake,
            ).format(count=format_number(game.stake))
        )
    parts.append(
        _("{opponent}, do you accept? You can answer until {when}.").format(
            opponent=f"<@{game.second_id}>", when=timestamp(game.deadline, "T")
        )
    )
    return "\n".join(parts)


def _bet(game: BoardGame) -> str:
    if game.bet_shown is not None:
        return _("Both bet {bet}, and the winner gets both bets.").format(bet=game.bet_shown)
    if game.stake is not None:
        return _("No coins are held for this game, so it is for honour.")
    return ""


def _turn(game: BoardGame, position: Position | None) -> str:
    kind = KINDS[game.game]
    if position is None or not kind.is_rated:
        return _("Open a square until {when}.").format(when=timestamp(game.deadline, "T"))
    return _("{mark} {member}, it's your turn until {when}.").format(
        mark=kind.marks[position.turn], member=f"<@{game.players[position.turn]}>", when=timestamp(game.deadline, "T")
    )


def _ending(game: BoardGame) -> str:
    others = [player for player in game.players if player != game.winner_id]
    return translate(ENDINGS[game.ending or "left"]).format(
        winner=f"<@{game.winner_id}>",
        loser=f"<@{others[0]}>" if others else "",
        player=f"<@{game.first_id}>",
        challenger=f"<@{game.challenger_id}>",
        opponent=f"<@{game.second_id}>",
    )


def _rating(game: BoardGame) -> str:
    if game.rating_gain is None:
        return ""
    return _("Ratings: {first} {first_change} · {second} {second_change}").format(
        first=f"<@{game.first_id}>", first_change=f"{game.rating_gain:+}",
        second=f"<@{game.second_id}>", second_change=f"{-game.rating_gain:+}",
    )  # fmt: skip


def bet_ended_text(news: BetEnded) -> str:
    """What became of a bet."""
    if news.given_back:
        return _("All bets were given back.")
    return "\n".join(
        _("{member} gets {amount}.").format(member=f"<@{player}>", amount=amount)
        for player, amount in news.shown.items()
    )
