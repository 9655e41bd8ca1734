"""What leveling stores, why, and for how long."""

from typing import Final

from database.personal_tables import ANONYMISE, DELETE, OWN, Person, Table, of_guild
from database.standing_erasure import StandingsEraser
from utils.cog import Cog
from utils.i18n import N_
from utils.personal_data import PersonalData

PERSONAL_DATA: Final = (
    PersonalData(
        N_(
            "Your XP in each server: how many messages and minutes in voice channels they are for. No message's text."
        ),
        N_("For levels and leaderboards."),
        N_("As long as I'm in the server, gains of a single day or week for 35 days. All of it goes with your data."),
        (
            Table("standings", (Person("user_id", OWN),)),
            Table("recent_standings", (Person("user_id", OWN),)),
            Table("voice_sessions", (Person("user_id", DELETE),)),
            Table("level_up_silences", (Person("user_id", DELETE),)),
            *of_guild("level_books", "level_batches", "standing_buckets", "xp_multipliers", "level_up_troubles"),
        ),
        erasers=(StandingsEraser,),
    ),
    PersonalData(
        N_("Which roles I gave you for your level."),
        N_("So that I take no role that somebody else gave you."),
        N_(
            "As long as I'm in the server. If you delete your data, you keep the roles and I forget that I gave them."
        ),
        (
            Table("level_grants", (Person("user_id", DELETE),)),
            Table("level_role_dues", (Person("user_id", DELETE),), timer="timer_id"),
            *of_guild("level_rewards"),
        ),
    ),
    PersonalData(
        N_("How your rank card looks."),
        N_("So that it looks so in every server."),
        N_("Until you reset it or delete your data."),
        (Table("rank_cards", (Person("user_id", DELETE),), guild=None),),
    ),
    PersonalData(
        N_("What XP you had before and after staff changed many members' XP at once, and whether you did that."),
        N_("So that staff can take it back."),
        N_("The last 20 such changes in a server; what you had goes with your data."),
        (
            Table("standing_snapshot_rows", (Person("user_id", DELETE),)),
            Table("recent_snapshot_rows", (Person("user_id", DELETE),)),
            Table("standing_snapshots", (Person("taken_by", ANONYMISE),)),
        ),
    ),
)


class LevelingData(Cog):
    """Says what leveling stores."""

    personal_data = PERSONAL_DATA
