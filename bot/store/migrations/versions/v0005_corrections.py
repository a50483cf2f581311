"""What sources corrected of what was posted, and the digests that were posted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.DateTime(timezone=True)
_TOLD_IN = (  # an article stands once in a channel, so that its revision there is that of all that was told of it
    "UPDATE fact SET revision = COALESCE((SELECT MAX(sent.revision) FROM sent "
    "WHERE sent.channel = fact.channel AND sent.article = fact.article AND sent.run_id = fact.run_id), 0)"
)


def upgrade() -> None:
    op.add_column("fact", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    # What changed before is not told now: a message of weeks ago would be answered by something just as old.
    op.add_column("fact", sa.Column("outdated", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("fact", sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(_TOLD_IN)
    op.create_index(op.f("ix_fact_outdated"), "fact", ["outdated"])
    op.create_table(
        "digest",
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("kept_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_digest")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_digest_run_id_run"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_digest_kept_at"), "digest", ["kept_at"])
    op.create_table(
        "correction",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("channel", sa.String(160), nullable=False),
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("fact", _NUMBER, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("carried_by", sa.String(32)),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_correction")),
    )
    for column in ("channel", "run_id", "fact", "made_at", "carried_by"):
        op.create_index(op.f(f"ix_correction_{column}"), "correction", [column])
