"""Keep which records a held reading did not find

Revision 0020, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_removal",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.id"],
            name=op.f("fk_held_removal_record_id_source_record"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_held_removal_run_id_import_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "record_id", name=op.f("pk_held_removal")),
    )
    with op.batch_alter_table("held_removal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_removal_record_id"), ["record_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("held_removal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_removal_record_id"))

    op.drop_table("held_removal")
