"""What the bot itself stores, why, and for how long."""

from typing import Final

from database.personal_tables import ANONYMISE, DELETE, HOLD, KEEP, OWN, Person, Table, of_guild
from utils.i18n import N_
from utils.personal_data import PersonalData

PERSONAL_DATA: Final = (
    PersonalData(
        N_("Your language and your time zone."),
        N_("To answer in your language, and to read times as you mean them."),
        N_("Until you reset them or delete your data."),
        (Table("user_settings", (Person("user_id", DELETE),), guild=None),),
    ),
    PersonalData(
        N_("A server's settings, and who changed them when."),
        N_("To work as the server wants it, and to take changes back."),
        N_(
            "Settings as long as I'm in the server, changes for a year. If you delete your data, changes stay without"
            " you in them."
        ),
        (
            Table("guild_setting_changes", (Person("changed_by", ANONYMISE),)),
            *of_guild("guild_settings"),
        ),
    ),
    PersonalData(
        N_("Who may use which commands, who isn't listened to, which short names commands have, and who set that."),
        N_("To work as the server, or whoever runs me, wants it."),
        N_("Until staff changes it, or as long as I'm in the server. Rules and blocks that are about you stay."),
        (
            Table("permission_rules", (Person("target_id", HOLD), Person("set_by", ANONYMISE))),
            Table("command_aliases", (Person("made_by", ANONYMISE),)),
            Table("server_blocks", (Person("user_id", HOLD), Person("blocked_by", ANONYMISE, exported=False))),
            Table(
                "blocked_users",
                (Person("user_id", HOLD), Person("blocked_by", ANONYMISE, exported=False)),
                guild=None,
            ),
            Table("blocked_guilds", (Person("blocked_by", ANONYMISE),), outlives_guild=True),
        ),
    ),
    PersonalData(
        N_("Where a server keeps a log: what you wrote lately, and your roles and names as I last saw them."),
        N_("So that the log can show what was there before."),
        N_("Texts for a day at most, the rest as long as the server keeps a log. All of it goes with your data."),
        (
            Table("message_bodies", (Person("author_id", DELETE),)),
            Table("seen_members", (Person("user_id", DELETE),)),
            *of_guild("server_log_troubles"),
        ),
    ),
    PersonalData(
        N_("Which messages of yours I removed, and by which rule. No texts."),
        N_("So that you can ask why."),
        N_("A few weeks, or until you delete your data."),
        (Table("removed_messages", (Person("author_id", DELETE),)),),
    ),
    PersonalData(
        N_("What is to be done later, and for whom."),
        N_("So that it is done in time, also after a restart."),
        N_("Until it is done. What is only about you goes with your data."),
        (Table("timers", (Person("user_id", OWN),), hidden=("payload", "leased_until", "attempt")),),
    ),
    PersonalData(
        N_(
            "That you had your data deleted, and whether something about you was in force; which servers I have left."
        ),
        N_("To delete the rest when that ends, and so that nobody gets a start balance again and again."),
        N_("For 30 days, or until what was in force ends."),
        (
            Table("recent_erasures", (Person("user_id", KEEP),), outlives_guild=True),
            Table("pending_erasures", (Person("user_id", KEEP),), hidden=("stand_in",), outlives_guild=True),
            Table("departed_guilds", timer="timer_id", outlives_guild=True),
        ),
    ),
)
