"""The speaker as read stays beside a turn whose speaker somebody corrected"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("turns", schema=None) as turns:
        turns.add_column(sa.Column("as_read", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("turns", schema=None) as turns:
        turns.drop_column("as_read")
