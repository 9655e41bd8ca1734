"""Being somebody else, and seeing just what they may see."""

from playwright.async_api import expect

from tools.flows import Visitor, Visits


async def test_who_may_not_is_refused(visitor: Visitor):
    await visitor.becomes("Ann")
    await visitor.types("!config set language de")
    await expect(visitor.answer()).to_contain_text("You need the permission Manage Server for this.")
    await visitor.becomes("Ada")
    await visitor.types("!config set language de")
    await expect(visitor.answer()).not_to_contain_text("You need")


async def test_each_sees_what_they_may_see(visitor: Visitor):
    await visitor.becomes("Mo")
    await visitor.opens("mod-log")
    await visitor.becomes("Ann")
    await expect(visitor.channel("mod-log")).to_have_count(0)
    await expect(visitor.channel("general")).to_be_visible()
    await visitor.becomes("Mo")
    await expect(visitor.channel("mod-log")).to_be_visible()


async def test_where_one_may_not_write_the_page_says_why(visitor: Visitor):
    await visitor.becomes("Ann")
    await visitor.opens("rules")
    await expect(visitor.writing).to_be_disabled()
    await expect(visitor.writing).to_have_attribute(
        "placeholder", "You can't write in #rules: that needs Send Messages."
    )


async def test_what_only_one_person_sees_nobody_else_does(visits: Visits, visitor: Visitor):
    await visitor.types("!remind 2h the bread")
    await visitor.types("!remind cancel all")
    await expect(visitor.answer()).to_contain_text("Cancel your 1 reminder?")
    ann = await visits.visitor()
    await ann.becomes("Ann")
    await ann.presses("Yes")
    refusal = await ann.reads("These buttons are not yours.")
    await expect(refusal).to_contain_text("Only you can see this")
    await ann.types("Sorry!")
    await visitor.reads("Sorry!")
    await expect(visitor.message("These buttons are not yours.")).to_have_count(0)
    await refusal.get_by_role("button", name="Dismiss message").click()
    await expect(refusal).to_have_count(0)


async def test_somebody_new_comes_and_has_a_role(visitor: Visitor):
    people = await visitor.unfolds("You are", "Who you are")
    await people.get_by_text("Add a person").first.click()
    await people.get_by_role("textbox", name="Name of somebody new").fill("Ingrid <b>")
    await people.get_by_role("button", name="Add a person").click()
    await visitor.is_now("Ingrid <b>")
    members = await visitor.looks_at("Members")
    await members.get_by_role("button", name="Ingrid <b>").click()
    card = visitor.page.get_by_role("dialog", name="About Ingrid <b>")
    await card.get_by_role("combobox", name="Give Ingrid <b> a role").select_option(label="Moderator")
    await expect(visitor.channel("mod-log")).to_be_visible()
    await card.get_by_role("button", name="Take Moderator away").click()
    await expect(visitor.channel("mod-log")).to_have_count(0)


async def test_whoever_left_can_come_back(visitor: Visitor):
    members = await visitor.looks_at("Members")
    await members.get_by_role("button", name="Dan").click()
    await visitor.page.get_by_role("dialog", name="About Dan").get_by_role("button", name="Make them leave").click()
    await visitor.page.get_by_role("dialog", name="Make Dan leave?").get_by_role("button", name="leave").click()
    await expect(members.get_by_role("button", name="Dan")).to_have_count(0)
    people = await visitor.unfolds("You are", "Who you are")
    await people.get_by_role("button", name="Let Dan join Hearth Town").click()
    await expect(members.get_by_role("button", name="Dan")).to_have_count(1)


async def test_a_voice_channel_is_joined_and_left(visitor: Visitor):
    channels = visitor.page.get_by_role("navigation", name="Channels")
    await channels.get_by_role("button", name="Quiet room").click()
    await expect(channels.get_by_role("group", name="Voice")).to_contain_text("Quiet room")
    await channels.get_by_role("button", name="Mute").click()
    await expect(channels.get_by_role("listitem").filter(has_text="Olivia in voice, muted")).to_be_visible()
    await channels.get_by_role("button", name="Leave voice").click()
    await expect(channels.get_by_role("group", name="Voice")).to_have_count(0)


async def test_one_can_speak_with_the_bot_alone(visitor: Visitor):
    await visitor.page.get_by_role("button", name="Direct messages").click()
    await expect(visitor.writing).to_have_attribute("placeholder", "Message @Hearth")
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Pong!")
