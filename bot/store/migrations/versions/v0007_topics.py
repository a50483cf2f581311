"""Who follows which source, and under which topics; every space follows the sources that were there before."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("source_id", sa.String(32), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("space", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(160), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_follow")),
        sa.UniqueConstraint(
            "source_id", "platform", "space", "channel", name=op.f("uq_follow_source_id_platform_space_channel")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_follow_source_id_source"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_follow_platform_space"), "follow", ["platform", "space"])
    op.create_table(
        "topic",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("space", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_topic")),
        sa.UniqueConstraint("platform", "space", "folded", name=op.f("uq_topic_platform_space_folded")),
    )
    op.create_table(
        "topic_source",
        sa.Column("topic_number", _NUMBER, nullable=False),
        sa.Column("source_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("topic_number", "source_id", name=op.f("pk_topic_source")),
        sa.ForeignKeyConstraint(
            ["topic_number"], ["topic.number"], name=op.f("fk_topic_source_topic_number_topic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_topic_source_source_id_source"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_topic_source_source_id"), "topic_source", ["source_id"])
    op.execute(
        "INSERT INTO follow (source_id, platform, space, channel) SELECT id, '', '', '' FROM source ORDER BY added_at, id"
    )
