"""What formatted text does when one presses it, and moments in it as the town's time goes on."""

from playwright.async_api import expect

from tools.flows import NOON, Visitor

AN_HOUR_LATER = int(NOON.timestamp()) + 3600


async def test_a_spoiler_is_opened_by_keys(visitor: Visitor):
    await visitor.types("The baker did it: ||with the *rolling pin*||")
    message = await visitor.reads("The baker did it")
    await expect(message.get_by_text("rolling pin")).to_be_hidden()
    spoiler = message.get_by_role("button", name="Spoiler")
    await spoiler.focus()
    await visitor.page.keyboard.press("Enter")
    await expect(message.get_by_text("rolling pin")).to_be_visible()
    await expect(spoiler).to_have_count(0)


async def test_a_spoiler_is_opened_by_a_click(visitor: Visitor):
    await visitor.types("||one|| and ||two||")
    message = visitor.messages.last
    await message.get_by_role("button", name="Spoiler").first.click()
    await expect(message.get_by_text("one", exact=True)).to_be_visible()
    await expect(message.get_by_text("two", exact=True)).to_be_hidden()


async def test_moments_are_seen_from_the_towns_time(visitor: Visitor):
    await visitor.types(f"Supper <t:{AN_HOUR_LATER}:R>, at <t:{AN_HOUR_LATER}:t> sharp")
    message = await visitor.reads("Supper in 1 hour, at 13:00 sharp")
    await expect(message.get_by_title("Friday, 19 June 2026 at 13:00")).to_have_count(2)
    await visitor.skips("+1 min")
    await visitor.reads("Supper in 59 minutes")
    await visitor.skips("+1 h")
    await visitor.reads("Supper 1 minute ago")


async def test_code_is_copied(visitor: Visitor):
    await visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await visitor.types("```py\nprint('<tea>')\n```")
    await visitor.presses("Copy the code")
    await expect(visitor.notices).to_contain_text("Copied.")
    assert await visitor.page.evaluate("navigator.clipboard.readText()") == "print('<tea>')"


async def test_the_mention_of_a_channel_leads_there(visitor: Visitor):
    address = await visitor.channel("rules").get_attribute("href") or ""
    await visitor.types(f"Read <#{address.rpartition('/')[2]}> first")
    message = await visitor.reads("Read #rules first")
    await message.get_by_role("link", name="#rules").press("Enter")
    await visitor.is_in("rules")


async def test_a_link_to_a_message_leads_to_it(visitor: Visitor):
    await visitor.types("The best recipe of the town")
    recipe = await visitor.reads("The best recipe of the town")
    identity = await recipe.get_attribute("data-message")
    here = visitor.page.url.rpartition("/")[2]
    await visitor.opens("bot-commands")
    await visitor.types(f"[the recipe](https://discord.com/channels/1/{here}/{identity})")
    await visitor.conversation.get_by_role("link", name="the recipe").click()
    await visitor.is_in("general")
    await expect(visitor.message("The best recipe of the town")).to_be_focused()


async def test_the_mention_of_a_member_shows_their_card(visitor: Visitor):
    await visitor.writing.press_sequentially("Good morning @Zo")
    await visitor.page.get_by_role("option", name="Zoë of the herbs").click()
    await visitor.page.keyboard.press("Enter")
    message = await visitor.reads("Good morning @Zoë of the herbs")
    await message.get_by_role("button", name="@Zoë of the herbs").press("Enter")
    await expect(visitor.page.get_by_role("dialog", name="About Zoë of the herbs")).to_be_visible()
