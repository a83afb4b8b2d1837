"""Telegram's tables: updates taken, messages to be sent, chats, bots. Chat numbers and words are in sealed columns only.

`conversation_id` is the records' pseudonym of the conversation, so that a deletion finds a person's rows here too.
A row of `telegram_updates` loses its content and its conversation as soon as it is answered; only the number stays, against doubles.
"""
from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text, false

from twitchwise.records.columns import BigId, UtcDateTime

metadata = MetaData()

updates = Table(
    "telegram_updates", metadata,
    Column("bot", String(24), primary_key=True),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("conversation_id", String(32)),
    Column("work_sealed", Text),
    Column("tries", Integer, nullable=False, default=0, server_default="0"),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_telegram_updates_waiting", "conversation_id"),
    Index("ix_telegram_updates_received_at", "received_at"),
)

outgoing = Table(
    "telegram_outgoing", metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("bot", String(24), nullable=False),
    Column("conversation_id", String(32), nullable=False),
    Column("call_sealed", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Index("ix_telegram_outgoing_conversation_id", "conversation_id", "id"),
)

chats = Table(
    "telegram_chats", metadata,
    Column("conversation_id", String(32), primary_key=True),
    Column("bot", String(24), nullable=False),
    Column("chat_sealed", Text),
    Column("owner", String(160)),
    Column("owned_until", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("forget", Boolean, nullable=False, default=False, server_default=false()),
)

bots = Table(
    "telegram_bots", metadata,
    Column("bot", String(24), primary_key=True),
    Column("next_offset", BigInteger),
    Column("offset_at", UtcDateTime),
    Column("owner", String(160)),
    Column("owned_until", UtcDateTime),
)
