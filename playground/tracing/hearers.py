"""Who hears an event: what discord.py keeps to itself about that."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import discord

from playground.tracing.names import module_of, name_of
from utils.bot import Hearth

AroundDispatch = Callable[[str, tuple[Any, ...], Callable[[], None]], None]
"""Stands around each dispatch: its event's name and values, and what does it."""

# They watch the bot from outside, or are discord.py's defaults that do nothing.
NOT_THE_BOTS = ("simcord", "discord", "playground")


def surround_dispatch(bot: Hearth, around: AroundDispatch) -> None:
    """Put `around` around all that a bot dispatches: what Discord sends as well as the bot's own events."""

    def surrounded(dispatch: Callable[..., None]) -> Callable[..., None]:
        def dispatch_with_it(name: str, /, *values: Any, **named: Any) -> None:
            around(name, values, lambda: dispatch(name, *values, **named))

        return dispatch_with_it

    # What reads the gateway was given the method when the bot was made, and wouldn't see the bot's attribute.
    gateway = bot._connection
    gateway.dispatch = surrounded(gateway.dispatch)
    bot.dispatch = surrounded(bot.dispatch)  # type: ignore[method-assign]


def of_cogs(bot: Hearth, event: str) -> list[str]:
    """The listeners of cogs."""
    listeners = bot.extra_events.get(f"on_{event}", [])
    return [name_of(listener) for listener in listeners if not _is_foreign(listener)]


def of_bot(bot: Hearth, event: str) -> list[str]:
    """The bot's own `on_…` method."""
    method = getattr(bot, f"on_{event}", None)
    return [name_of(method)] if method is not None and not _is_foreign(method) else []


def waiting(bot: Hearth, event: str) -> list[tuple[asyncio.Future[Any], str]]:
    """Who waits for an event with `wait_for`: what will be done then, and the name of the condition."""
    return [(future, name_of(condition)) for future, condition in bot._listeners.get(event, [])]


def of_interaction(bot: Hearth, interaction: discord.Interaction) -> Iterator[str]:
    """The button, select or form that an interaction belongs to."""
    data: Any = interaction.data or {}
    custom_id, kind = data.get("custom_id", ""), data.get("component_type")
    store = bot._connection._view_store
    for pattern, made in store._dynamic_items.items():
        if kind is not None and pattern.fullmatch(custom_id):
            yield f"{made.__name__}.callback"
    modal = store._modals.get(custom_id) if kind is None else None
    if modal is not None:
        yield f"{type(modal).__name__}.on_submit"
    for message_id in (interaction.message.id if interaction.message else None, None):
        item = store._views.get(message_id, {}).get((kind, custom_id))
        if item is not None:
            yield f"{type(item.view).__name__}: {name_of(getattr(item.callback, 'callback', item.callback))}"
            return


def _is_foreign(function: Callable[..., Any]) -> bool:
    return module_of(function).startswith(NOT_THE_BOTS)
