"""Games of members, what they bet, and birthdays."""

from utils.events.catalogue import TimerEvent, event


@event
class BoardGameTimer(TimerEvent):
    """A challenge wasn't answered or a move not made in time. Sent by the timers; heard by fun.

    The payload is `{"game_id": int}`.
    """


@event
class BetRequested:
    """A game between members is about to begin, and all of them bet the same.

    Sent by fun when the last player agreed. The economy listens, takes all stakes together or none, and answers with
    `bet_held` or `bet_refused`; where it is off nobody answers, and the game is for honour. A second request with the
    same `bet_id` is ignored.
    """

    bet_id: int
    guild_id: int
    game: str
    players: tuple[int, ...]
    stake: int


@event
class BetHeld:
    """The stakes of a game are held: they are nobody's until `bet_settled`.

    Sent by the economy after the commit, in answer to `bet_requested`. Fun listens and begins the game; stakes that
    came too late it gives back by a `bet_settled` without winners. `shown` is the stake in the guild's own coins.
    """

    bet_id: int
    guild_id: int
    shown: str


@event
class BetRefused:
    """The stakes of a game can't be held, and nothing was taken.

    Sent by the economy in answer to `bet_requested`. Fun listens, and doesn't begin the game. `reason` is a sentence
    in the language of the request.
    """

    bet_id: int
    guild_id: int
    reason: str


@event
class BetSettled:
    """A game with a bet is over, or isn't played after all.

    Sent by fun after the end is stored, and again at a start while it isn't known what became of it. The economy
    listens: all stakes go to the winners in equal parts, or back to everybody if there are none, and `bet_ended`
    tells what became of them. A bet is settled or given back once: told of it again, or after a restart gave the
    stakes back, nothing more happens.
    """

    bet_id: int
    guild_id: int
    winners: tuple[int, ...]


@event
class BetEnded:
    """What became of a bet.

    Sent by the economy after `bet_settled`, and when it gives the stakes back because a restart cut it off. Fun
    listens and tells the players; a game that isn't over goes on for honour. `shown` is by player what each got, in
    the guild's own coins; nobody, if the stakes were given back. `given_back` says so.
    """

    bet_id: int
    guild_id: int
    shown: dict[int, str]
    given_back: bool


@event
class BirthdayTimer(TimerEvent):
    """Somebody's birthday begins. Sent by the timers; heard by fun.

    The row in `birthdays` of this guild and user says whether it still does. More than a day late, it isn't told any
    more. The payload is empty.
    """


@event
class BirthdayRoleTimer(TimerEvent):
    """Somebody's role for their birthday ends, however late. Sent by the timers; heard by fun.

    The row in `birthday_roles` of this guild and user says which. The payload is empty.
    """
