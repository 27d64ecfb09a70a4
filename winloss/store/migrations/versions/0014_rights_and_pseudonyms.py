"""Who may be quoted, as people decided it, and what people are called who may not be named"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rights",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("instead", sa.Text(), nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights")),
    )
    op.create_table(
        "pseudonyms",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_pseudonyms")),
        sa.UniqueConstraint("respondent", name=op.f("uq_pseudonyms_respondent")),
    )


def downgrade() -> None:
    for name in ("pseudonyms", "rights"):
        op.drop_table(name)
