"""The events of Rasa's conversations."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from twitchwise.records.columns import BigId

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tracker_events",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(32), nullable=False),
        sa.Column("type_name", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255)),
        sa.Column("timestamp", sa.Float(), nullable=False),
        sa.Column("data_sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tracker_events"),
        sa.UniqueConstraint("conversation_id", "position", name="uq_tracker_events_conversation_id_position"),
    )
    op.create_index("ix_tracker_events_timestamp", "tracker_events", ["timestamp"])
    op.create_index("ix_tracker_events_latest", "tracker_events", ["conversation_id", "session", "type_name", "name", "position"])
    op.create_index("ix_tracker_events_batch", "tracker_events", ["conversation_id", "batch"])


def downgrade() -> None:
    op.drop_table("tracker_events")
