"""Keep the number of which a decision was taken, and give no waiting line the number of another

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("structure_decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(), nullable=True))
    # The number that the structure has today is all that is known of older decisions.
    op.execute(
        "UPDATE structure_decision SET key = "
        "(SELECT key FROM structure WHERE structure.id = structure_decision.structure_id)"
    )
    with op.batch_alter_table("structure_decision", schema=None) as batch_op:
        batch_op.alter_column("key", existing_type=sa.String(), nullable=False)
        batch_op.create_index(batch_op.f("ix_structure_decision_key"), ["key"], unique=False)
    _number_lines(once=True)


def downgrade() -> None:
    with op.batch_alter_table("structure_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_decision_key"))
        batch_op.drop_column("key")
    _number_lines(once=False)


def _number_lines(*, once: bool) -> None:
    """SQLite gives the number of a deleted row again, unless told otherwise; PostgreSQL never."""
    if op.get_bind().dialect.name == "sqlite":
        options = {"sqlite_autoincrement": once}
        with op.batch_alter_table("outbox_line", recreate="always", table_kwargs=options):
            pass
