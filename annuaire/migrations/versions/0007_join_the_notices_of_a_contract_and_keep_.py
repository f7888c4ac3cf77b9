"""Join the notices of a contract, and keep more of each lot

Revision 0007, after 0006. Notices that were read before have neither keys nor facts: their
contracts stay as they are until their source is read again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def lot_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("estimated_eur", sa.Double(), nullable=True),
        sa.Column("minimum_eur", sa.Double(), nullable=True),
        sa.Column("maximum_eur", sa.Double(), nullable=True),
        sa.Column("awarded_eur", sa.Double(), nullable=True),
        sa.Column("absurd", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("origin", sa.String(), server_default="field", nullable=False),
        sa.Column("state", sa.String(), server_default="unknown", nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("cpvs", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("nuts", sa.String(), nullable=True),
        sa.Column("code_insee", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reserved", sa.String(), nullable=True),
        sa.Column("sources", sa.JSON(), server_default="{}", nullable=False),
    ]


def notice_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("in_force", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "notice_key",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notice.id"],
            name=op.f("fk_notice_key_notice_id_notice"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "notice_id", name=op.f("pk_notice_key")),
    )
    op.create_index(op.f("ix_notice_key_notice_id"), "notice_key", ["notice_id"])
    # Without batches, which would make the tables anew: findings and lots hang on their rows.
    op.add_column("contract", sa.Column("outcome", sa.String(), nullable=True))
    for column in lot_columns():
        op.add_column("lot", column)
    for column in notice_columns():
        op.add_column("notice", column)


def downgrade() -> None:
    for column in notice_columns():
        op.drop_column("notice", column.name)
    for column in lot_columns():
        op.drop_column("lot", column.name)
    op.drop_column("contract", "outcome")
    op.drop_index(op.f("ix_notice_key_notice_id"), "notice_key")
    op.drop_table("notice_key")
