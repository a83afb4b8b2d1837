"""Telegram: one connector with two ways in, long polling and a webhook. `channel.TelegramChannel` is what Rasa loads."""
from __future__ import annotations
