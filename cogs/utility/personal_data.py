"""What utility stores, why, and for how long."""

from typing import Final

from database.personal_tables import ANONYMISE, DELETE, HOLD, KEEP, OWN, Parent, Person, Table, While, of_guild
from database.vote_erasure import VotesEraser
from utils.cog import Cog
from utils.i18n import N_
from utils.personal_data import PersonalData

UNDER_WAY: Final = While("status", ("opening", "open"))

PERSONAL_DATA: Final = (
    PersonalData(
        N_("Your reminders and your to-do list, with their texts."),
        N_("To remind you."),
        N_(
            "Reminders for 30 days after they were delivered, to-dos until you remove them. All of it goes with your"
            " data."
        ),
        (
            # Once the bot has left the server, they come as direct messages.
            Table("reminders", (Person("user_id", DELETE),), timer="timer_id", outlives_guild=True),
            Table("todos", (Person("user_id", DELETE),), guild=None),
        ),
    ),
    PersonalData(
        N_("Messages that you let me send later."),
        N_("To send them."),
        N_("Until they are sent for the last time, or you delete your data."),
        (Table("scheduled_messages", (Person("author_id", DELETE),), timer="timer_id"),),
    ),
    PersonalData(
        N_("Tags and commands that you made for a server."),
        N_("They are the server's: others use them."),
        N_("Until somebody removes them. If you delete your data they stay, and nobody sees that they were yours."),
        (
            Table("tags", (Person("owner_id", ANONYMISE),)),
            Table("custom_commands", (Person("author_id", ANONYMISE),)),
            *of_guild("tag_names", "custom_command_names"),
        ),
    ),
    PersonalData(
        N_("That you are away, and who mentioned you meanwhile."),
        N_("To tell who mentions you, and you when you are back."),
        N_("Until you are back, or delete your data."),
        (
            Table("away_members", (Person("user_id", DELETE),)),
            Table("away_mentions", (Person("user_id", DELETE), Person("author_id", DELETE, exported=False))),
        ),
    ),
    PersonalData(
        N_("What you suggest and vote on, your polls and giveaways, what you entered and won."),
        N_("So that each counts once, and everybody can see what came of it."),
        N_(
            "As long as I'm in the server. If you delete your data, your entries and your votes on what isn't decided"
            " go; suggestions, polls, other votes and who won stay without you in them."
        ),
        (
            Table(
                "suggestions", (Person("author_id", ANONYMISE), Person("decided_by", ANONYMISE, exported=False))
            ),
            Table(
                "suggestion_votes", (Person("user_id", OWN),), guild=None,
                parent=Parent("suggestion_id", "suggestions"),
            ),
            Table(
                "polls", (Person("author_id", ANONYMISE), Person("closed_by", ANONYMISE, exported=False)),
                timer="timer_id",
            ),
            Table("poll_votes", (Person("user_id", OWN),), guild=None, parent=Parent("poll_id", "polls")),
            Table("giveaways", (Person("host_id", ANONYMISE),), timer="timer_id"),
            Table(
                "giveaway_entries", (Person("user_id", DELETE),), guild=None,
                parent=Parent("giveaway_id", "giveaways"),
            ),
            Table(
                "giveaway_winners", (Person("user_id", ANONYMISE),), guild=None,
                parent=Parent("giveaway_id", "giveaways"),
            ),
        ),
        erasers=(VotesEraser,),
    ),
    PersonalData(
        N_("Tickets: when you opened which, what you answered, and how you rated it; that staff answered yours."),
        N_("So that staff can help you, and look up how."),
        N_(
            "Your answers until the ticket's channel is deleted, the rest as long as I'm in the server. If you delete"
            " your data, tickets that are over stay without you in them; blocks stay. Transcripts are messages in the"
            " server: its staff deletes them."
        ),
        (
            Table(
                "tickets",
                (
                    Person("opener_id", ANONYMISE, stays_while=UNDER_WAY, blanked=(("answers", "[]"),)),
                    Person("claimed_by", ANONYMISE, exported=False, stays_while=UNDER_WAY),
                    Person("closed_by", ANONYMISE, exported=False),
                ),
                timer="timer_id",
            ),
            Table("ticket_blocks", (Person("user_id", HOLD), Person("blocked_by", ANONYMISE, exported=False))),
            *of_guild("ticket_panels", "ticket_kinds"),
        ),
    ),
    PersonalData(
        N_("Roles: which you took for a time, and which you had when you left, where a server gives them again."),
        N_("To take them in time, and to give them to you when you come back."),
        N_("No longer than the server says. What you had when you left goes with your data."),
        (
            Table("self_role_terms", (Person("user_id", KEEP),), timer="timer_id"),
            Table("sticky_roles", (Person("user_id", DELETE),)),
            Table("newcomers", (Person("user_id", KEEP),), timer="timer_id"),
            *of_guild("role_menus", "auto_roles", "greetings", "greeting_backgrounds"),
            Table("role_menu_roles", guild=None, parent=Parent("menu_id", "role_menus")),
        ),
    ),
    PersonalData(
        N_("Which messages of yours were starred, and which you starred. No texts."),
        N_("For the starboard."),
        N_("As long as I'm in the server. Your stars go with your data; starred messages stay without you in them."),
        (
            Table("starred_messages", (Person("author_id", ANONYMISE),)),
            Table(
                "stars", (Person("user_id", DELETE),), guild=None,
                parent=Parent("message_id", "starred_messages", "message_id"),
            ),
        ),
    ),
    PersonalData(
        N_("How many members came and went on a day, and how often each emoji was used. Nothing about who."),
        N_("For statistics of the server."),
        N_("Emoji for a year, members as long as I'm in the server."),
        of_guild("member_days", "emoji_days", "count_batches"),
    ),
)  # fmt: skip


class UtilityData(Cog):
    """Says what utility stores."""

    personal_data = PERSONAL_DATA
