"""Role menus as staff makes and members use them; the rule is in test_role_menu_rules.py."""

import pytest

from database.role_menus import MenuRole, RoleMenu, RoleMenusStore
from tests.support.answers import Answer
from tests.support.town import Town
from utils.events import SelfRoleTimer

GIVE = ("PUT", "/guilds/*/members/*/roles/*")
TAKE = ("DELETE", "/guilds/*/members/*/roles/*")

# The labels of buttons are the names of roles, which nobody translates.
pytestmark = pytest.mark.town(languages=("en",))


@pytest.fixture
async def menu(town: Town) -> Answer:
    """Colours: red, blue, green, posted in #general."""
    for name in ("Red", "Blue", "Dark Green"):
        town.role(name)
    made = await town.says(town.admin, '!rolemenu create Colours Red Blue "Dark Green"')
    assert made is not None
    assert "is ready" in made
    await town.says(town.admin, "!rolemenu post colours")
    posted = town.last()
    assert posted is not None
    assert list(posted.buttons) == ["Red", "Blue", "Dark Green"]
    return posted


async def test_roles_are_taken_and_given_back(town: Town, menu):
    red = town.guild.role("Red").mention
    pressed = await town.press(town.ann, menu, "Red")
    assert pressed.reply == f"You have {red} now."
    assert pressed.reply.ephemeral
    assert town.ann.role_names == {"Red"}
    await town.restart(clean=False)
    assert (await town.press(town.ann, menu, "Red")).reply == f"You don't have {red} any more."
    assert town.ann.role_names == set()
    await town.press_at_once((town.ann, menu, "Red"), (town.ann, menu, "Red"))
    assert town.ann.role_names == set()  # given, and given back
    await town.says(town.admin, "!rolemenu mode Colours unique")
    await town.press_at_once((town.ann, menu, "Red"), (town.ann, menu, "Blue"))
    assert len(town.ann.role_names) == 1  # whichever came last
    await town.press(town.ann, menu, "Dark Green")
    await town.press(town.ann, menu, "Blue")
    assert town.ann.role_names == {"Blue"}
    now = town.now_of(menu)
    assert now is not None
    assert "You can have one of these roles at a time." in now
    await town.says(town.admin, "!rolemenu mode Colours add")
    await town.says(town.admin, "!rolemenu max Colours 2")
    await town.press(town.ann, menu, "Red")
    assert "at most" in (await town.press(town.ann, menu, "Dark Green")).reply
    assert (await town.press(town.ann, menu, "Red")).reply == "You have that role already."
    await town.says(town.admin, "!rolemenu mode Colours remove")
    await town.press(town.ann, menu, "Red")
    assert (await town.press(town.ann, menu, "Red")).reply == "You don't have that role."
    assert town.ann.role_names == {"Blue"}
    await town.says(town.admin, "!feature disable utility")
    assert "switched off" in (await town.press(town.ann, menu, "Blue")).reply


async def test_many_menus_are_listed_on_pages(town: Town):
    store, roles = RoleMenusStore(town.db), tuple(MenuRole(10**17 + number, "x") for number in range(25))
    for number in range(10):
        await town.as_bot(store.create(RoleMenu(number + 1, town.guild.id, f"menu {number}", roles=roles), 50))
    listed = await town.says(town.admin, "!rolemenu")
    assert "menu 0" in listed
    assert listed.buttons


async def test_who_may_and_what_can_be_given(town: Town, menu):
    blue = town.guild.role("Blue")
    await town.says(town.admin, "!rolemenu require Colours Member")
    assert "You need" in (await town.press(town.ann, menu, "Red")).reply
    await town.give_role(town.ann, "Member")
    await town.press(town.ann, menu, "Red")
    await town.delete_role(town.guild.role("Member"))
    assert "was deleted" in (await town.press(town.bob, menu, "Red")).reply
    await town.says(town.admin, "!rolemenu require Colours none")
    await town.give_permission(town.guild, "manage_messages", of=blue)
    assert "nobody agreed to give away" in (await town.press(town.bob, menu, "Blue")).reply
    await town.put_bot_below("Red")
    assert "not below my role" in (await town.press(town.bob, menu, "Red")).reply
    assert town.bob.role_names == set()
    shown = await town.says(town.admin, "!rolemenu show colours")
    assert "nobody agreed to give away" in shown
    assert "not below my role" in shown
    await town.delete_role(blue)
    now = town.now_of(menu)
    assert now is not None
    assert now.button("Blue (deleted)").disabled
    removed = await town.says(town.admin, "!rolemenu remove Colours Blue")
    assert removed == "**Blue** isn't in the menu any more."
    assert "Blue (deleted)" not in town.now_of(menu).buttons
    town.role("Jailed")
    await town.says(town.owner, "!config set jail-role Jailed")
    await town.says(town.admin, "!jail @bob")
    assert "in jail" in (await town.press(town.bob, menu, "Dark Green")).reply
    assert town.bob.role_names == {"Jailed"}
    cleo = town.outsider("cleo")
    await town.join(cleo, pending=True)
    assert "rules first" in (await town.press(cleo, menu, "Dark Green")).reply


async def test_a_selection_and_roles_for_a_time(town: Town, menu):
    await town.says(town.admin, "!rolemenu style Colours select")
    await town.says(town.admin, "!rolemenu lasts Colours 2h")
    await town.says(town.admin, "!rolemenu add Colours Red 🔴 Warm <b>")
    for before, after in (("Blue", "Azure"), ("Red", "Crimson")):
        await town.rename_role(town.guild.role(before), after)
    assert list(town.now_of(menu).options) == ["Warm <b>", "Azure", "Dark Green"]
    chosen = await town.choose(town.ann, menu, ["Warm <b>", "Dark Green"])
    assert "until <t:" in chosen.reply
    assert town.ann.role_names == {"Crimson", "Dark Green"}
    await town.wait(hours=1)
    chosen = await town.choose(town.ann, menu, ["Dark Green"])
    assert town.ann.role_names == {"Crimson"}
    await town.restart(clean=False)
    town.refuse(*TAKE)
    await town.wait(minutes=60)
    assert town.ann.role_names == {"Crimson"}
    await town.wait(minutes=2)
    assert town.ann.role_names == set()
    assert await town.db.fetchval("SELECT COUNT(*) FROM self_role_terms") == 0
    assert len(town.sent(SelfRoleTimer)) == 2
    await town.choose(town.ann, menu, ["Azure"])
    await town.take_role(town.ann, "Azure")
    await town.says(town.admin, "!rolemenu lasts Colours none")
    await town.choose(town.ann, menu, ["Azure"])
    await town.wait(hours=3)
    assert town.ann.role_names == {"Azure"}  # what was to end was taken by somebody else
    await town.take_role(town.ann, "Azure")
    await town.says(town.admin, "!rolemenu lasts Colours 2h")
    town.refuse(*GIVE)
    assert "Discord didn't let me change" in (await town.choose(town.ann, menu, ["Azure"])).reply
    assert await town.db.fetchval("SELECT COUNT(*) FROM self_role_terms") == 0
    await town.choose(town.ann, menu, ["Azure"])
    await town.leave(town.ann)
    await town.wait(hours=3)
    assert await town.db.fetchval("SELECT COUNT(*) FROM self_role_terms") == 0


async def test_making_menus(town: Town):
    assert "You need" in await town.says(town.ann, "!rolemenu create Colours Red")
    assert "There are no role menus here yet" in await town.says(town.admin, "!rolemenu post x")
    for name in ("Red", "Power"):
        town.role(name)
    town.role("High", below="Admin")
    await town.says(town.admin, "!rolemenu create 🌈 Red Red")
    assert await town.says(town.admin, "!rolemenu create 🌈 Red") == "There is a role menu **🌈** already."
    assert "There is no role menu" in await town.says(town.admin, "!rolemenu show @everyone")
    await town.take_permission(town.guild, "manage_roles", of=town.guild.role("Admin"))
    assert "You need the permission" in await town.says(town.admin, "!rolemenu add 🌈 Power")
    await town.give_permission(town.guild, "manage_roles", of=town.guild.role("Admin"))
    assert "not below your role" in await town.says(town.admin, "!rolemenu add 🌈 Admin")
    await town.give_permission(town.guild, "ban_members", of=town.guild.role("Power"))
    asked = await town.says(town.admin, "!rolemenu add 🌈 Power")
    assert "Ban Members" in asked
    assert "isn't in the menu" in (await town.press(town.admin, asked, "No")).reply
    asked = await town.says(town.admin, "!rolemenu add 🌈 Power")
    assert "is in the menu now" in (await town.press(town.admin, asked, "Yes")).reply
    for wrong in ("-1", "26", "99999999999999999999", "x"):
        said = await town.says(town.admin, f"!rolemenu max 🌈 {wrong}")
        assert "is changed" not in said
    await town.says(town.admin, "!rolemenu text 🌈 **Hello** @everyone")
    await town.take_permission(town.private, "embed_links")
    assert "Embed Links" in await town.says(town.admin, "!rolemenu post 🌈 #private")
    await town.says(town.admin, "!rolemenu post 🌈 #bots-corner")
    first = town.last(town.bots_corner)
    assert first is not None
    assert not first.pings_everyone
    await town.says(town.admin, "!rolemenu post 🌈 #bots-corner")
    assert town.now_of(first) is None
    second = town.last(town.bots_corner)
    assert second is not None
    await town.delete_message(second)
    assert "was deleted" in await town.says(town.admin, "!rolemenu mode 🌈 unique")
    await town.says(town.admin, "!rolemenu post 🌈")
    posted = town.last()
    asked = await town.says(town.admin, "!rolemenu delete 🌈")
    await town.press(town.admin, asked, "Yes")
    assert posted is not None
    assert town.now_of(posted) is None
    assert await town.db.fetchval("SELECT COUNT(*) FROM role_menu_roles") == 0
