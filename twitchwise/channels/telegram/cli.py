"""`python -m twitchwise telegram set-webhook|delete-webhook|commands|status`: what is done once, by a person, never at a server's start."""
from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from twitchwise.channels.telegram.commands import menu
from twitchwise.channels.telegram.settings import ALLOWED_UPDATES, TelegramSettings, load_telegram_settings
from twitchwise.channels.telegram.texts import load_texts
from twitchwise.settings import Settings, SettingsError

if TYPE_CHECKING:
    from twitchwise.channels.telegram.api import BotApi

ACTIONS = ("set-webhook", "delete-webhook", "commands", "status")
ROUTE = "/webhooks/telegram/webhook"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The sub-command `telegram`."""
    parser = commands.add_parser("telegram", help="set up the Telegram bot: its webhook, its menu; or see how it is")
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("--drop-pending", action="store_true", help="with set-webhook or delete-webhook: forget messages not yet delivered")


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Carry out one action; the exit code. Raises SettingsError."""
    telegram = load_telegram_settings()
    if not telegram.enabled:
        raise SettingsError("TWITCHWISE_TELEGRAM_TOKEN is not set. Ask BotFather in Telegram for a token, and set it.")
    return asyncio.run(_run(settings, telegram, arguments))


async def _run(settings: Settings, telegram: TelegramSettings, arguments: argparse.Namespace) -> int:
    from twitchwise.channels.telegram.api import ApiError, BotApi, Unauthorized

    api = BotApi(telegram)
    actions: dict[str, Callable[[], Awaitable[str]]] = {
        "set-webhook": lambda: _set_webhook(api, telegram, telegram.webhook_secret(settings.key()), arguments.drop_pending),
        "delete-webhook": lambda: _delete_webhook(api, arguments.drop_pending),
        "commands": lambda: _commands(api),
        "status": lambda: _status(api, telegram),
    }
    try:
        print(await actions[arguments.action]())
        return 0
    except Unauthorized:
        print("twitchwise: Telegram does not know this token. Check TWITCHWISE_TELEGRAM_TOKEN.", file=sys.stderr)
    except ApiError as error:
        advice = "Check TWITCHWISE_TELEGRAM_API_URL and the network, then try again."
        print(f"twitchwise: Telegram did not do it ({error}). {advice}", file=sys.stderr)
    finally:
        await api.close()
    return 1


async def _set_webhook(api: BotApi, telegram: TelegramSettings, secret: str, drop: bool) -> str:
    if not telegram.webhook_url:
        raise SettingsError(f"TWITCHWISE_TELEGRAM_WEBHOOK_URL is not set. Set it to https://your.domain{ROUTE}.")
    await api.call("setWebhook", {
        "url": telegram.webhook_url, "secret_token": secret, "allowed_updates": list(ALLOWED_UPDATES),
        "max_connections": telegram.max_connections, "drop_pending_updates": drop,
    })
    await _register(api)
    return f"Telegram will send messages to {telegram.webhook_url}. The menu is registered."


async def _delete_webhook(api: BotApi, drop: bool) -> str:
    await api.call("deleteWebhook", {"drop_pending_updates": drop})
    return "The webhook is removed. A server without TWITCHWISE_TELEGRAM_WEBHOOK_URL can fetch the messages now."


async def _commands(api: BotApi) -> str:
    await _register(api)
    return "The menu is registered: " + " ".join(f"/{entry['command']}" for entry in menu())


async def _register(api: BotApi) -> None:
    from twitchwise.channels.telegram.api import ApiError

    texts = load_texts()
    await api.call("setMyCommands", {"commands": menu()})
    try:
        await api.call("setMyDescription", {"description": texts["description"].strip()})
        await api.call("setMyShortDescription", {"short_description": texts["short_description"].strip()})
    except ApiError:
        pass  # older servers of the Bot API do not know these two, and nothing depends on them


async def _status(api: BotApi, telegram: TelegramSettings) -> str:
    me = await api.call("getMe")
    info = await api.call("getWebhookInfo")
    name = me.get("username") if isinstance(me, dict) else None
    lines = [f"Bot: @{name}"]
    if info.get("url"):
        lines.append(f"Webhook: {info['url']}")
        if telegram.polls:
            lines.append("No TWITCHWISE_TELEGRAM_WEBHOOK_URL is set, so the server would fetch messages, which a webhook prevents: "
                         "run delete-webhook, or set it.")
        elif info["url"] != telegram.webhook_url:
            lines.append("TWITCHWISE_TELEGRAM_WEBHOOK_URL is another address: run set-webhook.")
    else:
        lines.append("Webhook: none" + ("; the server fetches messages" if telegram.polls else ". Run set-webhook."))
    lines.append(f"Messages waiting: {info.get('pending_update_count', 0)}")
    if info.get("last_error_message"):
        lines.append(f"Last error that Telegram saw: {info['last_error_message']}")
    return "\n".join(lines)
