"""Conversations, what was understood and assessed, escalations and their delivery, deletions."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from twitchwise.records.columns import BigId, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _conversation(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=f"fk_{table}_conversation_id_conversations", ondelete="CASCADE"),
    )


def _turn(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("turn_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=f"fk_{table}_turn_id_turns", ondelete="CASCADE"),
    )


def _escalation(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("escalation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalations.id"], name=f"fk_{table}_escalation_id_escalations", ondelete="CASCADE"),
    )


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32)),
        sa.Column("level", sa.String(32)),
        sa.Column("rules_version", sa.String(64)),
        sa.Column("state_sealed", sa.Text()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_updated_at", "conversations", ["updated_at"])
    op.create_table(
        "turns",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        *_conversation("turns"),
        sa.Column("message", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.UniqueConstraint("conversation_id", "message", name="uq_turns_conversation_id_message"),
    )
    op.create_index("ix_turns_conversation_id", "turns", ["conversation_id"])
    op.create_index("ix_turns_created_at", "turns", ["created_at"])
    op.create_table(
        "findings",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        *_turn("findings"),
        *_conversation("findings"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("assertion", sa.String(16)),
        sa.Column("onset", sa.String(16)),
        sa.Column("laterality", sa.String(16)),
        sa.Column("role", sa.String(16)),
        sa.Column("days", sa.Float()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index("ix_findings_turn_id", "findings", ["turn_id"])
    op.create_index("ix_findings_conversation_id", "findings", ["conversation_id"])
    op.create_table(
        "assessments",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        *_turn("assessments"),
        *_conversation("assessments"),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("red_flags", sa.JSON(), nullable=False),
        sa.Column("amber", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("rules_version", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        sa.UniqueConstraint("turn_id", name="uq_assessments_turn_id"),
    )
    op.create_index("ix_assessments_conversation_id", "assessments", ["conversation_id"])
    op.create_table(
        "escalations",
        sa.Column("id", sa.String(32), nullable=False),
        *_turn("escalations"),
        *_conversation("escalations"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("red_flags", sa.JSON(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("rules_version", sa.String(64)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("delivery_state", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("staff", sa.String(64)),
        sa.Column("acknowledged_at", UtcDateTime()),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("note_sealed", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
        sa.UniqueConstraint("turn_id", name="uq_escalations_turn_id"),
    )
    op.create_index("ix_escalations_conversation_id", "escalations", ["conversation_id"])
    op.create_index("ix_escalations_created_at", "escalations", ["created_at"])
    op.create_index("ix_escalations_queue", "escalations", ["state", "urgency", "created_at"])
    op.create_table(
        "outbox",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        *_escalation("outbox"),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("escalation_id", name="uq_outbox_escalation_id"),
    )
    op.create_index("ix_outbox_queue", "outbox", ["state", "id"])
    op.create_table(
        "deliveries",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        *_escalation("deliveries"),
        sa.Column("target", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("leased_until", UtcDateTime()),
        sa.Column("last_error", sa.String(64)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("delivered_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("escalation_id", "target", name="uq_deliveries_escalation_id_target"),
    )
    op.create_index("ix_deliveries_escalation_id", "deliveries", ["escalation_id"])
    op.create_index("ix_deliveries_queue", "deliveries", ["state", "next_at"])
    op.create_table(
        "deletions",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("tombstone", sa.String(32)),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deletions"),
    )
    op.create_index("ix_deletions_tombstone", "deletions", ["tombstone"])
    op.create_index("ix_deletions_at", "deletions", ["at"])


def downgrade() -> None:
    for table in ("deletions", "deliveries", "outbox", "escalations", "assessments", "findings", "turns", "conversations"):
        op.drop_table(table)
