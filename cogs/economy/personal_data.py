"""What the economy stores, why, and for how long."""

from typing import Final

from database.economy_erasure import EconomyEraser
from database.personal_tables import ANONYMISE, DELETE, KEEP, OWN, Parent, Person, Table, of_guild
from utils.cog import Cog
from utils.i18n import N_
from utils.personal_data import PersonalData

PERSONAL_DATA: Final = (
    PersonalData(
        N_("Your coins in each server: what you have, and every change of it with its reason and time."),
        N_("So that no coin is lost or made by accident, and mistakes can be taken back."),
        N_(
            "As long as I'm in the server. If you delete your data, your coins are gone, bets that are open are given"
            " back, and what happened stays without you in it: else the others' balances couldn't be proven."
        ),
        (
            Table("accounts", (Person("user_id", OWN),)),
            Table("ledger", (Person("user_id", OWN), Person("counterparty_id", OWN, exported=False))),
            Table("operations", (Person("actor_id", OWN),)),
            *of_guild("operation_numbers", "role_incomes"),
        ),
        erasers=(EconomyEraser,),
    ),
    PersonalData(
        N_("Your games for coins, your lottery tickets, and when you claimed daily coins and the like."),
        N_("So that each game is paid once, and everything can be claimed once in its time."),
        N_("As long as I'm in the server; if you delete your data, games stay without you in them, the rest goes."),
        (
            Table("wagers", (Person("user_id", OWN),)),
            Table("claims", (Person("user_id", DELETE),)),
            Table(
                "lottery_tickets", (Person("user_id", DELETE),), guild=None,
                parent=Parent("lottery_id", "lotteries"),
            ),
            Table("lotteries", (Person("winner_id", ANONYMISE),), timer="timer_id"),
            Table("reset_claims", (Person("user_id", DELETE),)),
        ),
        erasers=(EconomyEraser,),
    ),
    PersonalData(
        N_("What you own and bought in a server's shop."),
        N_("So that you have it, can use it, and buy no more of it than the server wants."),
        N_(
            "As long as I'm in the server. If you delete your data it is gone, but for roles that you bought for a"
            " time: these are known until they end."
        ),
        (
            Table("inventory", (Person("user_id", DELETE),)),
            Table("purchases", (Person("user_id", DELETE),)),
            Table("xp_boosts", (Person("user_id", DELETE),)),
            Table("deliveries", (Person("user_id", KEEP),)),
            Table("shop_roles", (Person("user_id", KEEP),), timer="timer_id"),
            Table("shop_codes", (Person("user_id", ANONYMISE),)),
            Table("reset_inventory", (Person("user_id", DELETE),)),
            Table("reset_purchases", (Person("user_id", DELETE),)),
            *of_guild("shop_items"),
        ),
    ),
)  # fmt: skip


class EconomyData(Cog):
    """Says what economy stores."""

    personal_data = PERSONAL_DATA
