"""What moderation stores, why, and for how long."""

from typing import Final

from database.case_erasure import CasesEraser
from database.personal_tables import ANONYMISE, CLEAR, DELETE, HOLD, OWN, Person, Table, While, of_guild
from utils.cog import Cog
from utils.i18n import N_
from utils.personal_data import PersonalData

OPEN: Final = While("resolved_at", (None,))

PERSONAL_DATA: Final = (
    PersonalData(
        N_("Cases: what moderators did to you, or you did as a moderator, with reasons, names and times."),
        N_("So that a server's staff knows what happened, and can take it back."),
        N_(
            "As long as I'm in the server. If you delete your data, cases stay without you in them; those that"
            " are in force, and warnings that count, stay as they are until they end."
        ),
        (
            Table(
                "cases",
                (Person("target_id", OWN), Person("moderator_id", OWN)),
                hidden=(
                    "target_name", "moderator_name", "search_text", "state_before", "details", "entry_id",
                    "log_channel_id", "log_message_id",
                ),
            ),
            Table("case_changes", (Person("changed_by", ANONYMISE),)),
            *of_guild("case_numbers", "case_log_troubles", "case_log_missed", "audit_marks", "mod_thresholds"),
        ),
        erasers=(CasesEraser,),
    ),
    PersonalData(
        N_("What is in force for you: a ban, a timeout, jail, roles for a time."),
        N_("So that it ends when it should, and holds when somebody leaves and comes back."),
        N_("Until it ends, also if you delete your data."),
        (
            Table("sanctions", (Person("user_id", HOLD),), timer="timer_id"),
            Table("channel_states", timer="timer_id"),
        ),
    ),
    PersonalData(
        N_("What automod found in your messages: which rule, when, and the words that fitted it."),
        N_("So that staff can see whether a rule works before it acts."),
        N_("The words for a day, the rest for 30 days. All of it goes with your data."),
        (
            Table("automod_hits", (Person("user_id", DELETE),)),
            *of_guild("automod_rules", "automod_numbers"),
        ),
    ),
    PersonalData(
        N_("That you joined while many others did, and what staff decided about them."),
        N_("So that a raid can be told from a good day, and its people released or banned together."),
        N_("As long as I'm in the server, or until you delete your data."),
        (Table("raid_members", (Person("user_id", DELETE),)), Table("raids", timer="timer_id")),
    ),
    PersonalData(
        N_("Reports to the staff: who reported whom and why, with a copy of the message that is meant."),
        N_("So that the staff can look into them."),
        N_(
            "Texts for 90 days after a report is resolved; that there was one, as long as I'm in the server. If you"
            " delete your data, your name and your words go from all that are resolved. Blocks stay."
        ),
        (
            Table(
                "reports",
                (
                    # What others report stays with the staff: it would tell who did.
                    Person(
                        "target_id", ANONYMISE, exported=False, stays_while=OPEN,
                        blanked=(("target_name", "—"), ("message_text", None), ("message_files", "[]")),
                    ),
                    Person("claimed_by", CLEAR, exported=False),
                    Person("resolved_by", ANONYMISE, exported=False),
                ),
            ),
            Table("report_voices", (Person("reporter_id", ANONYMISE, blanked=(("why", None),)),)),
            Table("report_blocks", (Person("user_id", HOLD), Person("blocked_by", ANONYMISE, exported=False))),
            *of_guild("report_troubles"),
        ),
    ),
)  # fmt: skip


class ModerationData(Cog):
    """Says what moderation stores."""

    personal_data = PERSONAL_DATA
