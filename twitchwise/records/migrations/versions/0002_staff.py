"""Hand-over to the staff, their accounts, and the audit log."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from twitchwise.records.columns import BigId, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("escalation_id", sa.String(32)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(32)),
        sa.Column("address_sealed", sa.Text()),
        sa.Column("staff", sa.String(64)),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("taken_at", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_hand_overs"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_hand_overs_conversation_id_conversations", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name="fk_hand_overs_escalation_id_escalations", ondelete="SET NULL"),
    )
    for column in ("conversation_id", "escalation_id", "state"):
        op.create_index(f"ix_hand_overs_{column}", "hand_overs", [column])
    op.create_table(
        "hand_over_messages",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("hand_over_id", sa.String(32), nullable=False),
        sa.Column("sender", sa.String(16), nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("leased_until", UtcDateTime()),
        sa.Column("carried_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_hand_over_messages"),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_overs.id"], name="fk_hand_over_messages_hand_over_id_hand_overs", ondelete="CASCADE"),
    )
    op.create_index("ix_hand_over_messages_hand_over_id", "hand_over_messages", ["hand_over_id"])
    op.create_table(
        "staff_users",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_login_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_staff_users"),
        sa.UniqueConstraint("name", name="uq_staff_users_name"),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(32)),
        sa.Column("escalation", sa.String(32)),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_conversation", "audit_log", ["conversation"])


def downgrade() -> None:
    for table in ("audit_log", "staff_users", "hand_over_messages", "hand_overs"):
        op.drop_table(table)
