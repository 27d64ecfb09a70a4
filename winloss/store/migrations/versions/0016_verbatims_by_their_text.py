"""Verbatims are found by the key of their text, without looking through all of them"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_verbatims_key", "verbatims", ["key"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_verbatims_key", table_name="verbatims")
