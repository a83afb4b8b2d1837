"""What a staff page needs: where an escalation's person is reached, the name that people see, and the end of sessions."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from twitchwise.records.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("escalations", sa.Column("address_sealed", sa.Text()))
    op.add_column("hand_over_messages", sa.Column("message", sa.String(32)))
    op.create_index("ix_hand_over_messages_known", "hand_over_messages", ["hand_over_id", "message"], unique=True)
    op.add_column("staff_users", sa.Column("shown_as", sa.String(64)))
    op.add_column("staff_users", sa.Column("sessions_from", UtcDateTime()))


def downgrade() -> None:
    op.drop_index("ix_hand_over_messages_known", table_name="hand_over_messages")
    # Not as a batch: on SQLite that drops the table, and what hangs on its rows would be deleted with them.
    op.drop_column("escalations", "address_sealed")
    op.drop_column("hand_over_messages", "message")
    op.drop_column("staff_users", "shown_as")
    op.drop_column("staff_users", "sessions_from")
    # The version before knows no messages of this kind.
    op.execute("DELETE FROM hand_over_messages WHERE sender = 'notice'")
