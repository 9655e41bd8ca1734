"""Trouble for the bot: what is made difficult, what the bot says to it, and that it is over afterwards."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import discord
import pytest
from discord.ext import commands
from hypothesis import given
from hypothesis import strategies as st

from playground import rest_calls
from playground.errors import Refused
from playground.rest_calls import is_pattern, matches, name_of, pattern_of
from tests.playground.living import Living, living_town

SEND = ("POST", "/channels/*/messages")


@pytest.fixture
async def living(tmp_path: Path) -> AsyncIterator[Living]:
    async with living_town(tmp_path) as living:
        yield living


@pytest.fixture
def met(living: Living) -> list[discord.HTTPException]:
    """What `!try` meets when it sends something; each is caught."""
    met: list[discord.HTTPException] = []

    async def attempt(ctx: commands.Context) -> None:
        try:
            await ctx.send("sent")
        except discord.HTTPException as error:
            met.append(error)

    living.command("try", attempt)
    return met


class TestFailingCalls:
    @pytest.mark.parametrize(
        ("status", "kind", "code"),
        [
            (403, discord.Forbidden, 50013),
            (404, discord.NotFound, 10003),
            (500, discord.DiscordServerError, 0),
        ],
    )
    async def test_the_next_call_fails_as_on_discord_and_the_one_after_works(
        self, living: Living, met: list[discord.HTTPException], status: int, kind: type, code: int
    ):
        living.trouble.fail(*SEND, status, 1)
        assert await living.says("ann", "!try") == "!try"
        (error,) = met
        assert type(error) is kind
        assert (error.status, error.code) == (status, code)
        assert await living.says("ann", "!try") == "sent"
        assert living.trouble.state()["faults"] == []

    async def test_the_bot_survives_an_error_of_discord_and_logs_it(
        self, living: Living, caplog: pytest.LogCaptureFixture
    ):
        caplog.set_level(logging.INFO)
        living.trouble.fail(*SEND, 500, 2)  # the answer, and the sentence that says so
        assert await living.says("ann", "!ping") == "!ping"
        assert "500 Internal Server Error" in caplog.text
        assert "Pong!" in await living.says("ann", "!ping")

    async def test_as_often_as_was_asked_and_the_page_counts_along(
        self, living: Living, met: list[discord.HTTPException]
    ):
        living.trouble.fail(*SEND, 403, 3)
        for left in (2, 1):
            await living.says("ann", "!try")
            assert [fault["left"] for fault in living.trouble.state()["faults"]] == [left]
        await living.says("ann", "!try")
        assert living.trouble.state()["faults"] == []
        assert len(met) == 3

    async def test_always_until_it_is_taken_back(self, living: Living, met: list[discord.HTTPException]):
        fault = living.trouble.fail(*SEND, 403, None)
        for _ in range(4):
            await living.says("ann", "!try")
        assert len(met) == 4
        assert fault == {
            "id": "1", "method": "POST", "path": "/channels/*/messages", "status": 403, "left": None,
            "label": "Send message",
        }  # fmt: skip
        living.trouble.unfail(1)
        assert await living.says("ann", "!try") == "sent"
        with pytest.raises(Refused, match="work again already"):
            living.trouble.unfail(1)

    async def test_only_what_matches_fails(self, living: Living, met: list[discord.HTTPException]):
        living.trouble.fail("POST", "/channels/1/messages", 403, None)
        living.trouble.fail("PATCH", "/channels/*/messages", 403, None)
        living.trouble.fail("POST", "/channels/*", 403, None)
        assert await living.says("ann", "!try") == "sent"
        living.trouble.fail("POST", f"/channels/{living.world.general.id}/messages", 404, 1)
        await living.says("ann", "!try")
        assert [error.status for error in met] == [404]

    async def test_any_call(self, living: Living, met: list[discord.HTTPException]):
        assert living.trouble.fail("*", "*", 500, 1)["label"] == "Any call"
        await living.says("ann", "!try")
        assert [error.status for error in met] == [500]

    async def test_answers_to_buttons_too(self, living: Living):
        met: list[discord.HTTPException] = []

        class Panel(discord.ui.View):
            @discord.ui.button(label="Press")
            async def press(self, interaction: discord.Interaction, _button: discord.ui.Button) -> None:
                try:
                    await interaction.response.send_message("pressed")
                except discord.HTTPException as error:
                    met.append(error)

        async def panel(ctx: commands.Context) -> None:
            await ctx.send("panel", view=Panel())

        living.command("panel", panel)
        await living.says("ann", "!panel")
        living.trouble.fail("POST", "/interactions/*/*/callback", 404, 1)
        await living.presses("ann", "Press")
        assert [(error.status, error.code) for error in met] == [(404, 10062)]
        assert living.texts()[-1] == "panel"
        await living.presses("ann", "Press")
        assert living.texts()[-1] == "pressed"

    async def test_a_rate_limit_is_waited_for_in_the_towns_time_alone(
        self, living: Living, met: list[discord.HTTPException], caplog: pytest.LogCaptureFixture
    ):
        living.trouble.fail(*SEND, 429, 2)
        asked_at = living.env.now()
        assert await living.says("ann", "!try") == "!try"
        assert "We are being rate limited" in caplog.text
        assert [fault["left"] for fault in living.trouble.state()["faults"]] == [1]
        await living.env.advance_time(9.9)
        assert living.texts()[-1] == "!try"
        await living.env.advance_time(0.2)
        assert living.texts()[-1] == "sent"
        assert living.history()[-1].created_at - asked_at == pytest.approx(
            timedelta(seconds=10), abs=timedelta(milliseconds=2)
        )
        assert met == []

    async def test_a_rate_limit_without_end_is_given_up_as_discord_py_does(
        self, living: Living, met: list[discord.HTTPException]
    ):
        living.trouble.fail(*SEND, 429, None)
        await living.says("ann", "!try")
        await living.env.advance_time(24)
        assert met == []
        await living.env.advance_time(2)
        assert [error.status for error in met] == [429]

    async def test_it_outlives_the_bot(self, living: Living):
        living.trouble.fail(*SEND, 403, None)
        await living.life.kill()
        await living.life.start()
        assert await living.says("ann", "!ping") == "!ping"
        assert living.trouble.state()["bot"] == "running"

    async def test_the_latest_calls_are_offered(self, living: Living):
        assert living.trouble.state()["calls"] == []
        await living.says("ann", "!ping")
        await living.says("olivia", "!shutdown")
        await living.presses("olivia", "No")
        calls = living.trouble.state()["calls"]
        assert "POST /channels/*/messages" in calls
        assert "POST /interactions/*/*/callback" in calls
        assert len(calls) == len(set(calls))
        await living.says("ann", "!ping")
        assert living.trouble.state()["calls"][0] == "POST /channels/*/messages"

    @pytest.mark.parametrize(
        ("method", "path", "status", "times"),
        [
            ("FETCH", "/channels/*/messages", 403, 1),
            ("POST", "channels/*/messages", 403, 1),
            ("POST", "/channels//messages", 403, 1),
            ("POST", "/channels/*/messages?limit=5", 403, 1),
            ("POST", "", 403, 1),
            ("POST", "/channels/*/messages", 418, 1),
            ("POST", "/channels/*/messages", 403, 0),
            ("POST", "/channels/*/messages", 403, 1_001),
        ],
    )
    async def test_what_makes_no_sense_is_refused(
        self, living: Living, method: str, path: str, status: int, times: int
    ):
        with pytest.raises(Refused):
            living.trouble.fail(method, path, status, times)
        assert living.trouble.state()["faults"] == []

    async def test_there_is_an_end_to_it(self, living: Living):
        for _ in range(20):
            living.trouble.fail(*SEND, 403, 1)
        with pytest.raises(Refused, match="enough trouble"):
            living.trouble.fail(*SEND, 403, 1)


class TestStanding:
    async def test_a_permission_of_its_own_role_is_taken_and_given(self, living: Living):
        guild = living.guild.id
        await living.trouble.bot_permission(guild, "ban_members", True)
        assert living.guild.me.guild_permissions.ban_members
        assert self.shown(living, "ban_members")
        await living.trouble.bot_permission(guild, "ban_members", False)
        assert not living.guild.me.guild_permissions.ban_members
        assert not self.shown(living, "ban_members")

    async def test_what_everybody_has_is_taken_from_the_bot_alone(self, living: Living):
        guild = living.guild.id
        for permission in ("administrator", "send_messages"):
            await living.trouble.bot_permission(guild, permission, False)
        assert not self.shown(living, "send_messages")
        assert await living.says("ann", "!ping") == "!ping"
        assert await living.says("mo", "I can still write") == "I can still write"
        await living.trouble.bot_permission(guild, "send_messages", True)
        assert self.shown(living, "send_messages")
        assert "Pong!" in await living.says("ann", "!ping")
        assert living.guild.text_channels[0].overwrites == {}  # and nothing is left of it

    async def test_what_a_channel_allows_the_bot_is_there_again_afterwards(self, living: Living):
        channel = living.guild.text_channels[1]
        living.world.guilds[0].create_text_channel("x")
        await living.as_bot(channel.set_permissions(living.guild.me, embed_links=True, attach_files=False))
        for on in (False, True):
            await living.trouble.bot_permission(living.guild.id, "embed_links", on)
            overwrite = channel.overwrites_for(living.guild.me)
            assert (overwrite.embed_links, overwrite.attach_files) == (on, False)

    async def test_an_administrator_keeps_everything_else(self, living: Living):
        await living.trouble.bot_permission(living.guild.id, "administrator", True)
        with pytest.raises(Refused, match="administrator"):
            await living.trouble.bot_permission(living.guild.id, "send_messages", False)
        assert self.shown(living, "send_messages")

    async def test_the_bot_says_what_it_lacks(self, living: Living):
        await living.trouble.bot_permission(living.guild.id, "embed_links", False)
        answer = await living.says("ann", "!ping")
        assert answer != "!ping"  # without embeds it says it in words
        assert living.history()[-1].embeds == []

    async def test_it_hears_nothing_where_it_may_not_look(self, living: Living):
        heard: list[str] = []

        async def note(message: discord.Message) -> None:
            heard.append(message.content)

        living.bot.add_listener(note, "on_message")
        for view in (False, True):
            await living.trouble.bot_permission(living.guild.id, "view_channel", view)
            await living.says("ann", f"Can it see? {view}")
        await living.trouble.gateway(False)
        await living.trouble.bot_permission(living.guild.id, "view_channel", False)
        await living.says("ann", "And while it is away?")
        await living.trouble.bot_permission(living.world.guilds[0].id, "view_channel", True)
        await living.trouble.gateway(True)
        assert heard == ["Can it see? True"]

    async def test_it_outlives_the_bot(self, living: Living):
        await living.trouble.bot_permission(living.guild.id, "send_messages", False)
        await living.life.kill()
        assert not self.shown(living, "send_messages")
        await living.trouble.bot_permission(living.world.guilds[0].id, "send_messages", True)
        await living.life.start()
        assert "Pong!" in await living.says("ann", "!ping")

    async def test_its_role_is_moved_and_the_others_make_room(self, living: Living):
        other = living.world.guilds[0].create_role("Low")
        await living.settle()
        (state,) = living.trouble.state()["guilds"]
        own = living.guild.get_role(int(state["bot_role"]))
        for position in (2, 0, 1):
            await living.trouble.bot_position(living.guild.id, position)
            (state,) = living.trouble.state()["guilds"]
            assert [role["id"] for role in state["roles"]].index(state["bot_role"]) == position
            assert sorted(living.guild.roles, reverse=True)[position] == own
            order = [role.name for role in sorted(living.guild.roles, reverse=True) if role != own]
            assert order == ["Moderator", "Low", "@everyone"]
            positions = [role.position for role in living.guild.roles]
            assert len(set(positions)) == len(positions)
        assert living.guild.get_role(other.id) is not None

    @pytest.mark.parametrize("position", [-1, 2])
    async def test_there_is_no_place_beyond_the_ends(self, living: Living, position: int):
        with pytest.raises(Refused, match="no such place"):
            await living.trouble.bot_position(living.guild.id, position)

    async def test_what_is_not_there_is_refused(self, living: Living):
        with pytest.raises(Refused, match="isn't in that server"):
            await living.trouble.bot_permission(1, "ban_members", True)
        with pytest.raises(Refused, match="no permission 'fly'"):
            await living.trouble.bot_permission(living.guild.id, "fly", True)

    async def test_what_is_the_guilds_and_everybodys_can_not_be_denied_to_one(self, living: Living):
        await living.as_bot(living.guild.default_role.edit(permissions=discord.Permissions(change_nickname=True)))
        with pytest.raises(Refused, match="Everybody in Hearth Town has that"):
            await living.trouble.bot_permission(living.guild.id, "change_nickname", False)

    def shown(self, living: Living, permission: str) -> bool:
        (state,) = living.trouble.state()["guilds"]
        return state["permissions"][permission]


class TestCalls:
    @pytest.mark.parametrize(
        ("method", "template", "name"),
        [
            ("POST", "/channels/{channel_id}/messages", "Send message"),
            ("PUT", "/guilds/{guild_id}/bans/{user_id}", "Ban member"),
            ("DELETE", "/guilds/{guild_id}/members/{user_id}", "Kick member"),
            (
                "PATCH",
                "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
                "Edit answer to button, select or form",
            ),
            ("GET", "/sticker-packs", "GET /sticker-packs"),
        ],
    )
    def test_they_have_names(self, method: str, template: str, name: str):
        assert name_of(method, pattern_of(template)) == name

    def test_also_with_the_ids_in_them(self):
        assert name_of("POST", "/channels/123/messages") == "Send message"

    @pytest.mark.parametrize(
        ("method", "template", "code"),
        [
            ("POST", "/channels/{channel_id}/messages", 10003),
            ("PATCH", "/channels/{channel_id}/messages/{message_id}", 10008),
            ("PATCH", "/guilds/{guild_id}/members/{user_id}", 10007),
            ("DELETE", "/guilds/{guild_id}/bans/{user_id}", 10026),
            ("PUT", "/guilds/{guild_id}/bans/{user_id}", 10013),
            ("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", 10011),
            ("POST", "/interactions/{webhook_id}/{webhook_token}/callback", 10062),
            ("POST", "/webhooks/{webhook_id}/{webhook_token}", 10015),
            ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", 10008),
            ("POST", "/users/@me/channels", 0),
        ],
    )
    def test_what_is_unknown_fits_the_call(self, method: str, template: str, code: int):
        error = rest_calls.failure(404, method, template)
        assert isinstance(error, discord.NotFound)
        assert error.code == code

    def test_every_name_belongs_to_a_call_that_can_be_made(self):
        for method, pattern in rest_calls.NAMES:
            assert method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
            assert is_pattern(pattern)
            assert pattern_of(pattern) == pattern

    @given(st.lists(st.text("abc019@-_.", min_size=1, max_size=6), min_size=1, max_size=5), st.data())
    def test_a_pattern_matches_part_by_part(self, parts: list[str], data: st.DataObject):
        path = "/" + "/".join(parts)
        stars = data.draw(st.sets(st.sampled_from(range(len(parts)))))
        pattern = "/" + "/".join("*" if place in stars else part for place, part in enumerate(parts))
        assert is_pattern(pattern)
        assert matches(pattern, path)
        assert not matches(pattern, path + "/more")
        assert not matches(pattern + "/*", path)
