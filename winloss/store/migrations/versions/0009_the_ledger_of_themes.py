"""What people decide about themes, what happened to themes, and what they were before anybody decided"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OF_THEMES = ("family", "named_by", "pinned", "archived", "merged_into", "found")


def upgrade() -> None:
    op.create_table(
        "theme_decisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("theme_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("into", sa.Text(), nullable=True),
        sa.Column("verbatims", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_decisions")),
    )
    op.create_table(
        "theme_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Text(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_events")),
    )
    op.create_index(op.f("ix_theme_events_theme_id"), "theme_events", ["theme_id"])
    op.add_column("themes", sa.Column("family", sa.Integer(), nullable=True))
    op.add_column("themes", sa.Column("named_by", sa.Text(), nullable=True))
    op.add_column("themes", sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("themes", sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("themes", sa.Column("merged_into", sa.Text(), nullable=True))
    op.add_column("themes", sa.Column("found", sa.JSON(), nullable=True))
    op.add_column("verbatims", sa.Column("found_theme", sa.Text(), nullable=True))
    op.execute("UPDATE verbatims SET found_theme = theme_id")


def downgrade() -> None:
    with op.batch_alter_table("verbatims") as verbatims:
        verbatims.drop_column("found_theme")
    with op.batch_alter_table("themes") as themes:
        for name in _OF_THEMES:
            themes.drop_column(name)
    op.drop_table("theme_events")
    op.drop_table("theme_decisions")
