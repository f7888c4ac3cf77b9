"""Keep alerts, what was sent, what was refused

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("structure_key", sa.String(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("reminder_days", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_from", sa.String(), nullable=True),
        sa.Column("indexed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_subscription")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alert_subscription", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alert_subscription_address"), ["address"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_alert_subscription_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(
            "ix_alert_subscription_state_due_at", ["state", "due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_alert_subscription_structure_key"), ["structure_key"], unique=False
        )

    op.create_table(
        "alert_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["alert_subscription.id"],
            name=op.f("fk_alert_delivery_subscription_id_alert_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_delivery")),
        sa.UniqueConstraint(
            "subscription_id",
            "kind",
            "reference",
            "version",
            name=op.f("uq_alert_delivery_subscription_id_kind_reference_version"),
        ),
    )
    with op.batch_alter_table("alert_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_alert_delivery_queued_at_subscription_id",
            ["queued_at", "subscription_id"],
            unique=False,
        )
        batch_op.create_index("ix_alert_delivery_reference", ["reference"], unique=False)

    op.create_table(
        "alert_refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("activities", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["alert_subscription.id"],
            name=op.f("fk_alert_refusal_subscription_id_alert_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_refusal")),
        sa.UniqueConstraint(
            "subscription_id",
            "subject",
            "value",
            name=op.f("uq_alert_refusal_subscription_id_subject_value"),
        ),
    )
    op.create_table(
        "alert_term",
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["alert_subscription.id"],
            name=op.f("fk_alert_term_subscription_id_alert_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("term", "subscription_id", name=op.f("pk_alert_term")),
    )
    with op.batch_alter_table("alert_term", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alert_term_subscription_id"), ["subscription_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("alert_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_term_subscription_id"))

    op.drop_table("alert_term")
    op.drop_table("alert_refusal")
    with op.batch_alter_table("alert_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_delivery_reference")
        batch_op.drop_index("ix_alert_delivery_queued_at_subscription_id")

    op.drop_table("alert_delivery")
    with op.batch_alter_table("alert_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_subscription_structure_key"))
        batch_op.drop_index("ix_alert_subscription_state_due_at")
        batch_op.drop_index(batch_op.f("ix_alert_subscription_created_at"))
        batch_op.drop_index(batch_op.f("ix_alert_subscription_address"))

    op.drop_table("alert_subscription")
