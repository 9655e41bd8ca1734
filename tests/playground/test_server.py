"""The page's server: for this machine, for who knows the secret, and for nobody's scripts but ours."""

import asyncio
import json
from urllib.parse import urlsplit

import aiohttp
import pytest

from playground import Playground
from tests.playground.tab import Tab, TabRefused


@pytest.fixture
async def stranger(playground: Playground):
    parts = urlsplit(playground.url)
    async with aiohttp.ClientSession(f"{parts.scheme}://{parts.netloc}") as session:
        yield session


def path_of(playground: Playground, *more: str) -> str:
    return urlsplit(playground.url).path + "/".join(more)


async def test_it_listens_on_loopback(playground: Playground):
    assert urlsplit(playground.url).hostname == "127.0.0.1"


@pytest.mark.parametrize("path", ["/", "/live", "/wrong/", "/wrong/live", "/wrong/files/avatar/1.png", "//"])
async def test_without_the_secret_there_is_nothing(stranger: aiohttp.ClientSession, path: str):
    async with stranger.get(path) as response:
        assert response.status == 404
        assert "terminal" in await response.text()


async def test_the_page_may_load_nothing_from_elsewhere(stranger: aiohttp.ClientSession, playground: Playground):
    async with stranger.get(path_of(playground)) as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1.evil.example:{port}", "localhost:1"])
async def test_a_name_pointed_at_this_machine_is_refused(
    stranger: aiohttp.ClientSession, playground: Playground, host: str
):
    port = urlsplit(playground.url).port
    async with stranger.get(path_of(playground), headers={"Host": host.format(port=port)}) as response:
        assert response.status == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
async def test_another_site_is_refused(stranger: aiohttp.ClientSession, playground: Playground, origin: str):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await stranger.ws_connect(path_of(playground, "live"), headers={"Origin": origin})
    assert refused.value.status == 403
    form = aiohttp.FormData({"file": b"x"})
    async with stranger.post(path_of(playground, "upload"), data=form, headers={"Origin": origin}) as response:
        assert response.status == 403


@pytest.mark.parametrize(
    "path",
    ["js/../../run.py", "js/%2e%2e/%2e%2e/run.py", "js/%2e%2e%2f%2e%2e%2frun.py", "js/missing.js", "style/base.py"],
)
async def test_no_file_outside_of_the_page_is_served(
    stranger: aiohttp.ClientSession, playground: Playground, path: str
):
    import yarl

    url = yarl.URL(playground.url + path, encoded=True)
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 404


async def test_the_page_and_its_parts_are_served(stranger: aiohttp.ClientSession, playground: Playground):
    for path, kind in (("js/main.js", "javascript"), ("style/base.css", "text/css"), ("icon.svg", "image/svg+xml")):
        async with stranger.get(path_of(playground, path)) as response:
            assert response.status == 200
            assert kind in response.headers["Content-Type"]


async def test_an_uploaded_page_is_never_run(playground: Playground, tab: Tab):
    """A file is a download unless it is a picture: an HTML file sent by somebody must not run as the playground."""
    hostile = b"<script>alert(1)</script>"
    form = aiohttp.FormData()
    form.add_field("file", hostile, filename="page.html", content_type="text/html")
    async with tab.http.post(playground.url + "upload", data=form) as response:
        upload = (await response.json())["id"]
    sent = await tab.ask("send", channel=tab.state["channel"]["id"], text="", files=[upload])
    (attachment,) = (await tab.until(lambda: tab.messages.get(sent["message"])))["attachments"]
    assert not attachment["image"]
    async with tab.http.get(playground.url + attachment["url"]) as response:
        assert await response.read() == hostile
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response.headers["Content-Security-Policy"]
    with pytest.raises(TabRefused, match="gone"):  # an upload is sent once
        await tab.ask("send", channel=tab.state["channel"]["id"], text="", files=[upload])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("nonsense", "reload"),
        ("[]", "reload"),
        ('{"id": 1}', "reload"),
        ('{"id": 1, "do": "fly"}', "can't do 'fly'"),
        ('{"id": 1, "do": "open"}', "channel"),
        ('{"id": 1, "do": "open", "channel": "ten"}', "channel"),
        ('{"id": 1, "do": "open", "channel": "10"}', "no such channel"),
        ('{"id": 1, "do": "become", "person": "10"}', "Nobody"),
        ('{"id": 1, "do": "open", "channel": "10", "tab": 3}', "tab"),
        ('{"id": 1, "do": "open", "channel": "10", "more": 3}', "more"),
    ],
)
async def test_nonsense_is_refused_in_a_sentence(playground: Playground, tab: Tab, said: str, sentence: str):
    async with tab.http.ws_connect(playground.url + "live") as socket:
        await socket.send_str(said)
        answer = json.loads((await socket.receive()).data)
        assert sentence in answer["error"]
    assert await tab.ask("latest_traces") is not None  # the others' lines are untouched


async def test_two_pages_see_each_other_live(playground: Playground, tab: Tab):
    async with Tab(playground.url) as other:
        await other.become("Dan")
        await other.open("general")
        await tab.say("Hello Dan!")
        await other.until(lambda: any(message["text"] == "Hello Dan!" for message in other.messages.values()))
        number = await other.say("Hello Olivia!")
        seen = await tab.until(lambda: tab.messages.get(number))
        assert seen["author"]["display"] == "Dan"
        await other.ask("delete", channel=other.state["channel"]["id"], message=number)
        await tab.until(lambda: number not in tab.messages)


async def test_whoever_loses_sight_of_a_channel_is_led_elsewhere(playground: Playground, tab: Tab):
    """Mo reads the moderators' log; without his role the page shows him something that he may see."""
    await tab.become("Mo")
    await tab.open("mod-log")
    guild = next(guild for guild in tab.state["places"]["guilds"] if guild["name"] == "Hearth Town")
    role = next(role for role in guild["roles"] if role["name"] == "Moderator")
    await tab.ask("set_role", person=tab.state["you"]["id"], guild=guild["id"], role=role["id"], on=False)
    await tab.until(lambda: tab.state["channel"]["name"] != "mod-log")
    await tab.until(
        lambda: not any(c["name"] == "mod-log" for g in tab.state["places"]["guilds"] for c in g["channels"])
    )


async def test_whoever_leaves_every_guild_is_nowhere_until_they_join_one(playground: Playground, tab: Tab):
    guild = tab.state["places"]["guilds"][0]["id"]
    person = (await tab.ask("add_person", name="Quinn", guild=guild))["person"]
    await tab.ask("become", person=person)
    await tab.until(lambda: tab.state["you"]["guilds"] == [guild])
    await tab.ask("leave", person=person, guild=guild)
    await tab.until(lambda: tab.state["channel"] is None)
    await tab.until(lambda: tab.state["you"]["guilds"] == [])
    await tab.ask("rejoin", person=person, guild=guild)
    await tab.until(lambda: (tab.state["channel"] or {}).get("guild") == guild)
    await tab.until(lambda: tab.state["you"]["guilds"] == [guild])


async def test_a_page_that_vanishes_in_the_middle_harms_nobody(playground: Playground, tab: Tab):
    async with Tab(playground.url) as other:
        channel = other.state["channel"]["id"]
        sends = [
            asyncio.create_task(other.ask("send", channel=channel, text=f"word {number}")) for number in range(5)
        ]
        await asyncio.wait(sends, return_when=asyncio.FIRST_COMPLETED)
        for send in sends:
            send.cancel()
    assert "Pong!" in str(await tab.answer_to("!ping"))
    assert not playground.live.tabs - {found for found in playground.live.tabs if not found.socket.closed}
