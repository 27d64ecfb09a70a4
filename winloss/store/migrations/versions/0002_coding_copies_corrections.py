"""Codings that come with a source, documents that repeat another, corrected speakers, and what was forgotten"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "copies",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("of_id", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "of_id", name=op.f("pk_copies")),
    )
    op.create_index(op.f("ix_copies_of_id"), "copies", ["of_id"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_document_id"), "corrections", ["document_id"])
    op.create_table(
        "tombstones",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("forgotten_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
    )
    with op.batch_alter_table("turns", schema=None) as turns:
        turns.add_column(sa.Column("highlights", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("verbatims", schema=None) as verbatims:
        verbatims.add_column(sa.Column("tags", sa.JSON(), server_default="[]", nullable=False))
        verbatims.add_column(sa.Column("coder", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("verbatims", schema=None) as verbatims:
        verbatims.drop_column("coder")
        verbatims.drop_column("tags")
    with op.batch_alter_table("turns", schema=None) as turns:
        turns.drop_column("highlights")
    op.drop_table("tombstones")
    op.drop_table("corrections")
    op.drop_table("copies")
