"""Which verbatims were opened by whom, so that those nobody has read can be shown"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "openings",
        sa.Column("verbatim_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("verbatim_id", "by", name=op.f("pk_openings")),
    )


def downgrade() -> None:
    op.drop_table("openings")
