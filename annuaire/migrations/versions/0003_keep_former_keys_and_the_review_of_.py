"""Keep former keys and the review of likely duplicates

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("departement", sa.String(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pair_ordered")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["structure.id"], name=op.f("fk_duplicate_pair_first_id_structure")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["structure.id"], name=op.f("fk_duplicate_pair_second_id_structure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_duplicate_pair_first_id_second_id")
        ),
    )
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_duplicate_pair_second_id"), ["second_id"], unique=False
        )
        batch_op.create_index("ix_duplicate_pair_state_score", ["state", "score"], unique=False)

    op.create_table(
        "structure_alias",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structure.id"],
            name=op.f("fk_structure_alias_structure_id_structure"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_structure_alias")),
    )
    with op.batch_alter_table("structure_alias", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_structure_alias_structure_id"), ["structure_id"], unique=False
        )

    op.create_table(
        "duplicate_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("kept_key", sa.String(), nullable=False),
        sa.Column("other_key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["duplicate_pair.id"],
            name=op.f("fk_duplicate_decision_pair_id_duplicate_pair"),
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["duplicate_decision.id"],
            name=op.f("fk_duplicate_decision_undoes_id_duplicate_decision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_decision")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_duplicate_decision_undoes_id")),
    )
    with op.batch_alter_table("duplicate_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_duplicate_decision_kept_key"), ["kept_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_duplicate_decision_other_key"), ["other_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_duplicate_decision_pair_id"), ["pair_id"], unique=False
        )

    op.create_table(
        "duplicate_evidence",
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["duplicate_pair.id"],
            name=op.f("fk_duplicate_evidence_pair_id_duplicate_pair"),
        ),
        sa.PrimaryKeyConstraint("pair_id", "code", name=op.f("pk_duplicate_evidence")),
    )
    op.create_table(
        "key_link",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["source_record.id"], name=op.f("fk_key_link_record_id_source_record")
        ),
        sa.PrimaryKeyConstraint("key", "target", "record_id", name=op.f("pk_key_link")),
    )
    with op.batch_alter_table("key_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_link_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_key_link_target"), ["target"], unique=False)

    with op.batch_alter_table("source_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_key", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("claims", sa.Boolean(), nullable=True))
    # Until now a structure's key was that of each of its records, and only the agreements of
    # companies were shown on structures that other sources list. What records tell of other keys
    # is learnt when their source is next read.
    op.execute(
        "UPDATE source_record SET own_key = "
        "(SELECT key FROM structure WHERE structure.id = source_record.structure_id), "
        "claims = NOT (source = 'esus' AND source_key LIKE '%-%')"
    )
    with op.batch_alter_table("source_record", schema=None) as batch_op:
        batch_op.alter_column("own_key", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("claims", existing_type=sa.Boolean(), nullable=False)
        batch_op.create_index(batch_op.f("ix_source_record_own_key"), ["own_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("key_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_key_link_target"))
        batch_op.drop_index(batch_op.f("ix_key_link_record_id"))

    op.drop_table("key_link")
    with op.batch_alter_table("source_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_record_own_key"))
        batch_op.drop_column("claims")
        batch_op.drop_column("own_key")

    op.drop_table("duplicate_evidence")
    with op.batch_alter_table("duplicate_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duplicate_decision_pair_id"))
        batch_op.drop_index(batch_op.f("ix_duplicate_decision_other_key"))
        batch_op.drop_index(batch_op.f("ix_duplicate_decision_kept_key"))

    op.drop_table("duplicate_decision")
    with op.batch_alter_table("structure_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_alias_structure_id"))

    op.drop_table("structure_alias")
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.drop_index("ix_duplicate_pair_state_score")
        batch_op.drop_index(batch_op.f("ix_duplicate_pair_second_id"))

    op.drop_table("duplicate_pair")
