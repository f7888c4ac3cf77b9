"""Keep decisions, changes and reports

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "structure_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=True),
        sa.Column("new", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_structure_change_run_id_import_run")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structure.id"],
            name=op.f("fk_structure_change_structure_id_structure"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_change")),
    )
    with op.batch_alter_table("structure_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_structure_change_structure_id"), ["structure_id"], unique=False
        )

    op.create_table(
        "structure_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structure.id"],
            name=op.f("fk_structure_decision_structure_id_structure"),
        ),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["structure_decision.id"],
            name=op.f("fk_structure_decision_undoes_structure_decision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_decision")),
        sa.UniqueConstraint("undoes", name=op.f("uq_structure_decision_undoes")),
    )
    with op.batch_alter_table("structure_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_structure_decision_structure_id"), ["structure_id"], unique=False
        )

    op.create_table(
        "structure_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structure.id"],
            name=op.f("fk_structure_report_structure_id_structure"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_report")),
    )
    with op.batch_alter_table("structure_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_structure_report_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_structure_report_structure_id"), ["structure_id"], unique=False
        )

    with op.batch_alter_table("structure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("structure", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_on")

    with op.batch_alter_table("structure_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_report_structure_id"))
        batch_op.drop_index(batch_op.f("ix_structure_report_state"))

    op.drop_table("structure_report")
    with op.batch_alter_table("structure_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_decision_structure_id"))

    op.drop_table("structure_decision")
    with op.batch_alter_table("structure_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_change_structure_id"))

    op.drop_table("structure_change")
