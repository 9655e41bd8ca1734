"""Start the real program against a Discord on loopback: `python -m tests.support.launch [arguments]`.

The three addresses of Discord are all that is replaced; they come from the environment.
"""

import os
import sys

import discord
import yarl

import main


def launch() -> None:
    discord.http.Route.BASE = os.environ["HEARTH_TEST_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["HEARTH_TEST_GATEWAY"])
    discord.Asset.BASE = os.environ["HEARTH_TEST_CDN"]
    sys.exit(main.main(sys.argv[1:]))


if __name__ == "__main__":
    launch()
