"""Keep claims, decisions of moderators and what people keep

Revision 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OPEN = sa.text(
    "state IN ('asked', 'contested', 'held', 'letter_sent', 'letter_wanted', 'mailed', 'moderated')"
)


def upgrade() -> None:
    op.create_table(
        "moderation_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=True),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["moderation_decision.id"],
            name=op.f("fk_moderation_decision_undoes_moderation_decision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decision")),
        sa.UniqueConstraint("undoes", name=op.f("uq_moderation_decision_undoes")),
    )
    with op.batch_alter_table("moderation_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_moderation_decision_decided_at"), ["decided_at"], unique=False
        )
        batch_op.create_index(
            "ix_moderation_decision_queue_item_id", ["queue", "item_id"], unique=False
        )

    op.create_table(
        "seen_file",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_seen_file")),
    )
    with op.batch_alter_table("seen_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_file_read_at"), ["read_at"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_before", sa.String(), nullable=True),
        sa.Column("last_event", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "method IN ('email', 'domain', 'letter', 'word', 'invited')",
            name=op.f("ck_claim_method"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_claim_structure_id_structure")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_claim_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_structure_id"), ["structure_id"], unique=False)
        batch_op.create_index(
            "uq_claim_open",
            ["user_id", "structure_id"],
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )

    op.create_table(
        "claim_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by"],
            ["account.id"],
            name=op.f("fk_claim_invitation_invited_by_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structure.id"],
            name=op.f("fk_claim_invitation_structure_id_structure"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_invitation")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("claim_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_invitation_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_claim_invitation_structure_id"), ["structure_id"], unique=False
        )

    op.create_table(
        "kept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('search', 'selection', 'need', 'structure', 'contract')",
            name=op.f("ck_kept_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_kept_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept")),
        sa.UniqueConstraint("user_id", "address", name=op.f("uq_kept_user_id_address")),
    )
    op.create_table(
        "seen_count",
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_seen_count_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("structure_id", "day", "what", name=op.f("pk_seen_count")),
    )


def downgrade() -> None:
    op.drop_table("seen_count")
    op.drop_table("kept")
    with op.batch_alter_table("claim_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_invitation_structure_id"))
        batch_op.drop_index(batch_op.f("ix_claim_invitation_email"))

    op.drop_table("claim_invitation")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_claim_open",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
        batch_op.drop_index(batch_op.f("ix_claim_structure_id"))
        batch_op.drop_index("ix_claim_state_due_at")

    op.drop_table("claim")
    with op.batch_alter_table("seen_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_file_read_at"))

    op.drop_table("seen_file")
    with op.batch_alter_table("moderation_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_decision_queue_item_id")
        batch_op.drop_index(batch_op.f("ix_moderation_decision_decided_at"))

    op.drop_table("moderation_decision")
