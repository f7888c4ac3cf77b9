"""Keep the weight of a criterion and the article cited, and find the newest notices

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("finding", sa.Column("weight", sa.Double(), nullable=True))
    op.add_column("finding", sa.Column("article_cited", sa.String(), nullable=True))
    op.create_index("ix_notice_source_published_on", "notice", ["source", "published_on"])


def downgrade() -> None:
    op.drop_index("ix_notice_source_published_on", "notice")
    op.drop_column("finding", "article_cited")
    op.drop_column("finding", "weight")
