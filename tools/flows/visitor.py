"""A person at the playground's page. They find everything as a screen reader does: by what it is and is called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import FilePayload, Locator, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

LONGEST_WAIT_MS = 90_000  # on a machine that others use too; what is there in time is never waited for
HOVERS = 3
STEPS = {"+1 min": "Skip one minute", "+1 h": "Skip one hour", "+1 day": "Skip one day", "Next": "Next"}

expect.set_options(timeout=LONGEST_WAIT_MS)


@dataclass(frozen=True, slots=True)
class Screen:
    """What a visitor looks at; sizes in CSS pixels."""

    width: int
    height: int
    scale: float = 1
    touch: bool = False


DESK = Screen(1280, 800)
PHONE = Screen(375, 740, scale=2, touch=True)


class Visitor:
    """Does what people do, and waits until the page shows it."""

    def __init__(self, page: Page, screen: Screen = DESK) -> None:
        self.page = page
        self.screen = screen
        self.page.set_default_timeout(LONGEST_WAIT_MS)
        self.conversation = page.get_by_role("log")
        self.messages = self.conversation.get_by_role("article")
        self.writing = page.get_by_role("main").get_by_role("textbox", name=re.compile("^Message "))
        self.notices = page.get_by_role("region", name="Notices")
        self._before = ""  # the id of the last message before this visitor typed

    # --- coming

    async def sees_the_town(self) -> None:
        """Wait until the page shows the town."""
        await self._titled(" as ")
        await self.conversation.wait_for()

    async def _titled(self, part: str) -> None:
        """Wait until the tab's title has this in it: it says who one is and where."""
        await self.page.wait_for_function("(part) => document.title.includes(part)", arg=part)

    async def hides_suggestions(self) -> None:
        """Put the things to try away."""
        await self.page.get_by_role("button", name="Hide the things to try").click()

    async def follows_suggestion(self, title: str) -> None:
        """Press one of the things to try; it is typed then, and waits to be sent."""
        things = self.page.get_by_role("region", name="Things to try")
        await things.get_by_role("button").filter(has_text=title).click()
        await expect(things).to_be_hidden()
        await expect(self.writing).not_to_have_value("")

    async def looks(self) -> bytes:
        """What is on the screen, as a PNG, once all its pictures are there."""
        await expect(self.page).not_to_have_title(re.compile(r"^\(\d+\)"))  # what is new here was seen
        await self.page.evaluate("Promise.all([...document.images].map((image) => image.decode().catch(() => {})))")
        return await self.page.screenshot(animations="disabled", caret="hide")

    # --- who one is

    async def becomes(self, name: str) -> None:
        """Be another person, by display name."""
        people = await self.unfolds("You are", "Who you are")
        await people.get_by_role("button").filter(has=self.page.get_by_text(name, exact=True)).click()
        await self.is_now(name)

    async def is_now(self, name: str) -> None:
        """Wait until the page is of this person."""
        await self._titled(f" as {name} ")

    async def unfolds(self, button: str, name: str) -> Locator:
        """Press a button whose name begins so, and return the panel of that name which it opens."""
        panel = self.page.get_by_role("dialog", name=name)
        await self.page.get_by_role("button", name=re.compile(f"^{button}")).click()
        await expect(panel).to_be_visible()
        return panel

    # --- where one is

    async def opens(self, channel: str) -> None:
        """Open a channel or a thread of the open server, by its name."""
        await self._shows_places()
        await self.channel(channel).click()
        await self.is_in(channel)

    async def is_in(self, channel: str) -> None:
        """Wait until the page shows this channel, and what was said there."""
        await self._titled(f"#{channel} as ")
        await self.page.get_by_role("log", name=f"Messages in #{channel}", exact=True).wait_for()

    async def goes_to(self, server: str) -> None:
        """Go to another server."""
        await self._shows_places()
        await self.page.get_by_role("navigation", name="Servers").get_by_role("button", name=server).click()
        await self._titled(f" · {server}")

    def channel(self, name: str) -> Locator:
        """A channel's line in the list."""
        channels = self.page.get_by_role("navigation", name="Channels")
        return channels.get_by_role("link", name=re.compile(rf"^{re.escape(name)} ?,"))

    async def _shows_places(self) -> None:
        drawer = self.page.get_by_role("button", name="Servers and channels")
        if await drawer.is_visible():
            await drawer.click()

    # --- talking

    async def types(self, text: str) -> None:
        """Write a message and send it."""
        await self.writing.fill(text)
        await self.sends()

    async def sends(self) -> None:
        """Send what is typed."""
        self._before = await self._newest()
        await self.writing.press("Enter")
        await expect(self.writing).to_have_value("")

    async def _newest(self) -> str:
        # In one look: what is there may be gone before a second one.
        newest: str = await self.messages.evaluate_all("(all) => all.at(-1)?.dataset.message ?? ''")
        return newest

    def answer(self) -> Locator:
        """The bot's first message after what this visitor typed last."""
        later = self.page.locator(f"#message-{self._before} ~ article") if self._before else self.messages
        return later.filter(has=self.page.get_by_text("BOT", exact=True)).first

    def message(self, text: str) -> Locator:
        """The newest message that says this."""
        return self.messages.filter(has_text=text).last

    async def reads(self, text: str) -> Locator:
        """Wait for a message that says this, and return it."""
        await self.message(text).wait_for()
        return self.message(text)

    async def attaches(self, *files: FilePayload | Path) -> None:
        """Choose files to send with the next message."""
        async with self.page.expect_file_chooser() as choosing:
            await self.page.get_by_role("button", name="Attach files").click()
        chooser = await choosing.value
        await chooser.set_files(list(files))  # type: ignore[arg-type]

    async def does(self, action: str, message: Locator) -> None:
        """Choose something of a message's menu: 'Reply', 'Edit', 'Delete', …"""
        await message.click(button="right", position={"x": 5, "y": 5})
        await self.page.get_by_role("menuitem", name=action, exact=True).click()

    # --- buttons, selects and forms

    async def presses(self, label: str) -> None:
        """Press the newest button of this name in the conversation."""
        await self.conversation.get_by_role("button", name=label, exact=True).last.click()

    async def chooses(self, select: str, *options: str) -> None:
        """Choose in the newest select of this name in the conversation."""
        await self.picks(self.conversation.get_by_role("button", name=select).last, options)

    async def picks(self, select: Locator, options: Sequence[str]) -> None:
        """Choose in a select; one that takes many stays open until 'Done'."""
        await select.click()
        for option in options:
            await self.page.get_by_role("option", name=re.compile(rf"^{re.escape(option)}\b")).click()
        done = self.page.get_by_role("button", name="Done", exact=True)
        if await done.is_visible():
            await done.click()
        await expect(self.page.get_by_role("listbox", name="Options")).to_be_hidden()

    # --- the town's time

    async def skips(self, step: str) -> None:
        """Let time pass by one of the buttons: '+1 min', '+1 h', '+1 day' or 'Next'."""
        button = self.page.get_by_role("button", name=STEPS[step], exact=True)
        inline = await button.is_visible()
        if not inline:
            await self.unfolds("Time in town", "Time in town")
        await button.click()
        await expect(button).to_be_enabled()  # again, once the time has passed
        if not inline:
            await self.page.get_by_role("button", name=re.compile("^Time in town")).click()

    async def waits_until(self, moment: str) -> None:
        """Let time pass until a moment in words."""
        panel = await self.unfolds("Time in town", "Time in town")
        await panel.get_by_role("textbox", name="Until when").fill(moment)
        await panel.get_by_role("button", name="Go", exact=True).click()
        await expect(panel.get_by_role("textbox", name="Until when")).to_have_value("")
        await self.page.keyboard.press("Escape")

    # --- beside the conversation

    async def looks_at(self, tab: str) -> Locator:
        """Open 'Members', 'What happened' or 'Trouble', and return its panel."""
        button = self.page.get_by_role("tab", name=re.compile(f"^{tab}"))
        if not await button.is_visible():
            await self.page.get_by_role("main").get_by_role("button", name="Members, what happened, trouble").click()
        await button.click()
        panel = self.page.get_by_role("tabpanel", name=re.compile(f"^{tab}"))
        await expect(panel).to_be_visible()
        return panel

    async def asks_what_happened(self, message: Locator) -> Locator:
        """Look at what the bot did for a message; the panel."""
        name = "What happened"
        if self.screen.touch:
            await message.get_by_role("button", name=name, exact=True).click()
        else:
            # The bar that the pointer brings goes again if the conversation scrolls under it.
            mark = message.get_by_role("toolbar", name="Message actions").get_by_role("button", name=name, exact=True)
            await self._hovers_and_clicks(message, mark)
        panel = self.page.get_by_role("tabpanel", name="What happened")
        await expect(panel.get_by_role("article").first).to_be_visible()
        return panel

    async def _hovers_and_clicks(self, message: Locator, mark: Locator) -> None:
        for _attempt in range(HOVERS - 1):
            await message.hover()
            try:
                await mark.click(timeout=LONGEST_WAIT_MS / HOVERS)
            except PlaywrightTimeout:
                continue
            return
        await message.hover()
        await mark.click()

    async def lets_fail(self, call: str, *, status: str = "500 Server error", times: str = "Once") -> None:
        """Make one of the bot's REST calls fail, by what the list calls it."""
        panel = await self.looks_at("Trouble")
        await panel.get_by_label("When the bot is to…").select_option(label=call)
        await panel.get_by_label("How it fails").select_option(label=status)
        await panel.get_by_label("How often").select_option(label=times)
        await panel.get_by_role("button", name="Let it fail", exact=True).click()
        await expect(panel.get_by_text(f"{call}: fails with {status.split(maxsplit=1)[0]}")).to_be_visible()

    async def closes_side(self) -> None:
        """Close what lies beside the conversation, or over it."""
        side = self.page.get_by_role("complementary", name="Members and tools")
        await side.get_by_role("button", name="Close", exact=True).click()
