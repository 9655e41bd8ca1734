"""What fun stores, why, and for how long."""

from typing import Final

from database.personal_tables import ANONYMISE, CLEAR, DELETE, HOLD, KEEP, Parent, Person, Table, of_guild
from utils.cog import Cog
from utils.i18n import N_
from utils.personal_data import PersonalData

PERSONAL_DATA: Final = (
    PersonalData(
        N_("Games that you play on boards, your ratings, your points in trivia, and how well you count."),
        N_("So that games outlive a restart, and for leaderboards."),
        N_(
            "Games for seven days after they end, the rest as long as I'm in the server. All of it goes with your"
            " data, games that go on included."
        ),
        (
            Table(
                "board_games",
                (
                    Person("first_id", DELETE), Person("second_id", DELETE), Person("challenger_id", DELETE),
                    Person("winner_id", DELETE),
                ),
                timer="timer_id",
                hidden=("state",),
            ),
            Table("board_ratings", (Person("user_id", DELETE),)),
            Table("trivia_scores", (Person("user_id", DELETE),)),
            Table("counters", (Person("user_id", DELETE),)),
            Table("counting", (Person("last_user_id", ANONYMISE, exported=False),)),
            *of_guild("channel_games", "trivia_questions"),
        ),
    ),
    PersonalData(
        N_("Your birthday in each server where you told it, and the role you have for that day."),
        N_("To congratulate you."),
        N_("Until you remove it or delete your data; the role is known until the day is over."),
        (
            Table("birthdays", (Person("user_id", DELETE),), timer="timer_id"),
            Table("birthday_roles", (Person("user_id", KEEP),), timer="timer_id"),
        ),
    ),
    PersonalData(
        N_("That you confessed something, without its text; and which confessions you reported."),
        N_("So that moderators can find out who abuses it."),
        N_(
            "Who wrote a confession is forgotten after 90 days, or when you delete your data. Who may not confess"
            " stays blocked."
        ),
        (
            Table("confessions", (Person("user_id", CLEAR),)),
            Table(
                "confession_reports", (Person("user_id", DELETE),), guild=None,
                parent=Parent("confession_id", "confessions"),
            ),
            Table("confession_agreements", (Person("user_id", DELETE),)),
            Table("confession_blocks", (Person("user_id", HOLD), Person("blocked_by", ANONYMISE, exported=False))),
        ),
    ),
)  # fmt: skip


class FunData(Cog):
    """Says what fun stores."""

    personal_data = PERSONAL_DATA
