"""Which revision last changed the evidence of a document, so that searching takes in what has changed and no more"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "touches",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_touches")),
    )
    op.create_index(op.f("ix_touches_revision"), "touches", ["revision"])
    op.execute("INSERT INTO counters (name, value) SELECT 'erased', value FROM counters WHERE name = 'revision'")


def downgrade() -> None:
    op.drop_index(op.f("ix_touches_revision"), table_name="touches")
    op.drop_table("touches")
    op.execute("DELETE FROM counters WHERE name = 'erased'")
