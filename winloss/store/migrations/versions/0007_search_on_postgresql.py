"""What searching on PostgreSQL reads: the words of every current passage, and in how many passages each word occurs.

Other databases have no such tables. Where the store held verbatims already, the words are taken in by whoever searches
next. The table of vectors needs an extension and is made when the workspace is opened.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORDS = ("surfaces", "stems", "context")


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schema", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("dropped", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_state")),
    )
    op.execute("INSERT INTO search_state VALUES (1, '', 0, 0, 0)")
    op.create_table(
        "search_passages",
        sa.Column("n", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("context_length", sa.Integer(), nullable=False),
        *(sa.Column(name, TSVECTOR(), nullable=False) for name in WORDS),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_search_passages")),
        sa.UniqueConstraint("id", name=op.f("uq_search_passages_id")),
    )
    op.create_index(op.f("ix_search_passages_document_id"), "search_passages", ["document_id"])
    op.create_index(op.f("ix_search_passages_key"), "search_passages", ["key"])
    for name in WORDS:
        op.create_index(
            op.f(f"ix_search_passages_{name}"),
            "search_passages",
            [name],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
    op.create_table(
        "search_words",
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("passages", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("field", "word", name=op.f("pk_search_words")),
    )
    gone = sa.text("passages <= 0")
    op.create_index(op.f("ix_search_words_gone"), "search_words", ["passages"], postgresql_where=gone)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TABLE IF EXISTS search_vectors, search_words, search_passages, search_state")
