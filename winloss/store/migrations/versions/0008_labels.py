"""What people say that verbatims are, and what of it is in force"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("verbatim_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=True),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("verbatim_id", "by", name=op.f("pk_labels")),
    )
    op.add_column("verbatims", sa.Column("labelled", sa.Text(), nullable=True))
    op.add_column("verbatims", sa.Column("labelled_note", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("verbatims") as verbatims:
        verbatims.drop_column("labelled_note")
        verbatims.drop_column("labelled")
    op.drop_table("labels")
