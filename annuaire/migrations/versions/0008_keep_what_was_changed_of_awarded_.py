"""Keep what was changed of awarded contracts

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without a batch, which would make the table anew: findings hang on its rows.
    op.add_column("notice", sa.Column("changes", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("notice", "changes")
