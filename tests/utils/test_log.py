"""Log lines: fields for machines, text for people, secrets for nobody."""

import asyncio
import json
import logging
from typing import Any

import pytest
from discord.ext import commands

from tests.support.feature_folder import GREETER, FeatureFolder
from tests.support.town import Town
from utils import log
from utils.config import Config
from utils.log import ContextFilter, log_context, make_formatter, mask

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB"
PASSWORDS = ("pa55-w0rd", 'quo"te\\d', "1234", "level")
FORMATS = pytest.mark.parametrize("log_format", ["text", "json"])

sqlite = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))


class Failure(Exception):
    """An error that carries a secret in every way there is."""


def record_with(secret: str) -> logging.LogRecord:
    try:
        try:
            raise Failure(secret)
        except Failure as inner:
            inner.add_note(f"note {secret}")
            raise Failure(f"{secret!r}", [secret]) from inner
    except Failure as error:
        record = logging.LogRecord(
            "hearth", logging.INFO, __file__, 1, "logged %s in %s", (secret, {"key": secret}), None
        )
        record.exc_info = (type(error), error, error.__traceback__)
    record.url = f"https://example.org/?token={secret}"
    record.nested = {"deep": [secret, {"deeper": (secret, Failure(secret))}], "ids": [12341234, 1.5, True, None]}
    record.stack_info = f"Stack: {secret}"
    return record


@FORMATS
@pytest.mark.parametrize("secret", [TOKEN, *PASSWORDS])
def test_no_secret_is_written_wherever_it_comes_from(log_format: str, secret: str):
    line = make_formatter(log_format, frozenset({secret, TOKEN}), colour=False).format(record_with(secret))
    if log_format == "json":
        told = json.loads(line)
        assert told.pop("nested")["ids"] == [12341234, 1.5, True, None], "numbers are no secrets"
        assert {"time", "level", "logger", "message"} <= set(told), "and keys neither"
        line = json.dumps([told.pop("message"), told["exc_info"], told["url"], told["stack_info"]])
        assert "logged *** in {'key': '***'}" in line
    assert secret not in line
    assert json.dumps(secret)[1:-1] not in line


def test_a_secret_inside_another_leaves_no_rest():
    assert mask("abc-def abc", frozenset({"abc", "abc-def"})) == "*** ***"


def test_a_json_line_is_one_object_whatever_is_logged():
    formatter = make_formatter("json", frozenset(), colour=False)
    record = logging.makeLogRecord({"msg": "two\nlines", "name": "hearth", "levelname": "INFO", "user": 2**62})
    line = formatter.format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["message"], told["logger"], told["level"]) == ("two\nlines", "hearth", "INFO")


def test_a_json_line_says_its_time_as_rfc_3339_has_it():
    record = logging.makeLogRecord({"msg": "said", "created": 1_700_000_000.25})
    assert json.loads(make_formatter("json", frozenset(), colour=False).format(record))["time"] == (
        "2023-11-14T22:13:20.250Z"
    )


def test_a_number_that_a_float_would_change_is_text_in_json():
    """Ids of Discord's have up to 64 bits; Elasticsearch and browsers read numbers with 53."""
    record = logging.makeLogRecord({"msg": "", "id": 2**53, "below": -(2**53), "exact": 2**53 - 1, "all": [2**62]})
    told = json.loads(make_formatter("json", frozenset(), colour=False).format(record))
    assert (told["id"], told["below"], told["exact"]) == (str(2**53), str(-(2**53)), 2**53 - 1)
    assert told["all"] == [str(2**62)]


def test_a_text_line_shows_the_fields_after_the_message():
    record = logging.makeLogRecord({"msg": "ping: done", "name": "hearth.commands", "levelname": "INFO", "user": 7})
    plain = make_formatter("text", frozenset(), colour=False)
    assert plain.format(record).endswith("hearth.commands: ping: done user=7")
    assert plain.format(record).count("user=7") == 1, "also the second time"
    assert "\x1b[" not in plain.format(record)
    assert "\x1b[" in make_formatter("text", frozenset(), colour=True).format(record)


def test_what_a_line_is_about_comes_from_the_context():
    record = logging.makeLogRecord({"msg": "said", "user": 1})
    token = log_context.set({"user": 2, "guild": 3})
    ContextFilter().filter(record)
    log_context.reset(token)
    assert (vars(record)["user"], vars(record)["guild"]) == (1, 3)


@sqlite
@english
async def test_each_command_is_a_line_with_fields(town: Town, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "hearth.commands")
    town.expect_errors()

    async def line(who: Any, text: str) -> logging.LogRecord:
        caplog.clear()
        await town.says(who, text)
        (found,) = [record for record in caplog.records if record.name == "hearth.commands"]
        ContextFilter().filter(found)
        return found

    done = await line(town.ann, "!ping")
    assert done.getMessage() == "ping: done"
    assert done.outcome == "done"
    assert done.duration_ms > 0
    assert (await line(town.admin, "!prefix add ?")).getMessage() == "prefix add: done"
    assert (await line(town.ann, "!prefix add ?")).outcome == "refused"
    assert (await line(town.ann, "!config")).outcome == "refused"
    assert (await line(town.ann, "!traceback")).outcome == "refused"


@sqlite
@english
async def test_every_line_below_a_command_carries_its_fields(town: Town, feature_folder: FeatureFolder):
    code = GREETER.replace(
        "        self.greeted += 1",
        "        self.greeted += 1\n        logging.getLogger('greeter').warning('below')",
    )
    feature_folder.write("greeter", f"import logging\n{code}")
    await feature_folder.open(town)
    heard: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = heard.append
    handler.addFilter(ContextFilter())
    logging.getLogger("greeter").addHandler(handler)
    await town.says(town.ann, "!hello")
    logging.getLogger("greeter").removeHandler(handler)
    (below,) = [vars(record) for record in heard]
    assert below["command"] == "hello"
    assert below["user"] == town.ann.id
    assert below["guild"] == town.guild.id
    assert below["channel"] == town.general.id


@sqlite
@pytest.mark.town(languages=("en",), discord_token=TOKEN, database_url="postgresql://hearth:hide-me@db/hearth")
async def test_no_secret_is_shown_in_the_chat(town: Town, feature_folder: FeatureFolder):
    town.expect_errors()
    leak = f"raise RuntimeError('{TOKEN} hide-me')\n"
    feature_folder.write("leaky", leak)
    feature_folder.write("greeter", GREETER.replace("        self.greeted += 1", f"        {leak}"))
    await feature_folder.open(town)
    await town.says(town.ann, "!hello")
    report = town.bot.error_reports.find(None)
    feature_folder.write("greeter", leak)
    for text in ("!cogs", "!load leaky", "!reload greeter", "!reload leaky", f"!traceback {report.id}", "!traceback"):
        assert await town.says(town.developer, text) is not None
    told = "\n".join([*town.messages(), *town.messages(town.developer)])
    assert told.count("***") >= 4
    assert TOKEN not in told
    assert "hide-me" not in told


@sqlite
@english
async def test_the_owner_changes_how_much_is_logged(town: Town):
    before = logging.getLogger().level, logging.getLogger("discord").level
    try:
        assert await town.says(town.developer, "!loglevel Debug") == "The log shows DEBUG and above now."
        assert logging.getLogger().level == logging.DEBUG
        assert logging.getLogger("discord").level == logging.INFO, "discord.py would log every frame"
        await town.says(town.developer, "!loglevel error")
        assert logging.getLogger().level == logging.getLogger("discord").level == logging.ERROR
        assert await town.says(town.developer, "!loglevel loud") == (
            "Choose one of `debug`, `info`, `warning`, `error`, or `critical`."
        )
        assert logging.getLogger().level == logging.ERROR
    finally:
        logging.getLogger().setLevel(before[0])
        logging.getLogger("discord").setLevel(before[1])


@FORMATS
def test_set_up_sends_everything_to_standard_error(log_format: str, capsys: pytest.CaptureFixture[str]):
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.getLogger("discord").level
    root.handlers = []
    try:
        log.set_up("INFO", log_format, Config(discord_token=TOKEN).secrets)
        logging.getLogger("hearth").info("hello %s", TOKEN)
        logging.getLogger("hearth").debug("too quiet")
        logging.getLogger("discord").info("too quiet")
    finally:
        root.handlers = before[0]
        root.setLevel(before[1])
        logging.getLogger("discord").setLevel(before[2])
    out, err = capsys.readouterr()
    assert out == ""
    assert "hello ***" in err
    assert "too quiet" not in err


@sqlite
@english
async def test_a_command_that_was_cut_off_is_not_called_done(town: Town, caplog: pytest.LogCaptureFixture):
    """discord.py swallows the cancellation, so the command seems to have come to its end."""
    running: asyncio.Future[asyncio.Task] = asyncio.get_running_loop().create_future()

    async def endless(ctx: commands.Context) -> None:
        running.set_result(asyncio.current_task())
        await asyncio.sleep(3600)

    town.bot.add_command(commands.Command(endless))
    await town.says(town.ann, "!endless")
    with caplog.at_level(logging.INFO, "hearth.commands"):
        (await running).cancel()
        await asyncio.wait({running.result()})
    assert [record.outcome for record in caplog.records if record.name == "hearth.commands"] == ["cancelled"]
