"""Telegram's tables. A database on which the channel ran before has them already."""
from __future__ import annotations

from alembic import op

from twitchwise.channels.telegram import tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tables.metadata.create_all(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    tables.metadata.drop_all(op.get_bind(), checkfirst=True)
