"""Subscriptions, their runs, what channels were told, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(160), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("space", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("days", sa.JSON, nullable=False),
        sa.Column("times", sa.JSON, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("length", sa.String(16), nullable=False),
        sa.Column("if_nothing", sa.String(16), nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("counts_from", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_subscription")),
        sa.UniqueConstraint("id", name=op.f("uq_subscription_id")),
    )
    op.create_index(op.f("ix_subscription_channel"), "subscription", ["channel"])
    op.create_index(op.f("ix_subscription_platform_space"), "subscription", ["platform", "space"])
    op.create_table(
        "stopped_space",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("space", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("stopped_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("platform", "space", name=op.f("pk_stopped_space")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("subscription_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("due", _INSTANT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("claimed_at", _INSTANT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("window_start", _INSTANT),
        sa.Column("window_end", _INSTANT),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("subscription_id", "key", name=op.f("uq_run_subscription_id_key")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_run_subscription_id_subscription"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_run_claimed_at"), "run", ["claimed_at"])
    op.create_index(op.f("ix_run_state"), "run", ["state"])
    op.create_index(op.f("ix_run_window_end"), "run", ["window_end"])
    op.create_table(
        "sent",
        sa.Column("channel", sa.String(160), nullable=False),
        sa.Column("article", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("story", sa.String(32), nullable=False),
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("sent_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "article", "revision", name=op.f("pk_sent")),
    )
    op.create_index(op.f("ix_sent_run_id"), "sent", ["run_id"])
    op.create_index(op.f("ix_sent_sent_at"), "sent", ["sent_at"])
    op.create_table(
        "fact",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("channel", sa.String(160), nullable=False),
        sa.Column("story", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("date", sa.JSON, nullable=False),
        sa.Column("article", sa.String(32), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("told_at", _INSTANT, nullable=False),
        sa.Column("is_update", sa.Boolean, nullable=False),
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("delivery_id", sa.String(32)),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_fact")),
    )
    op.create_index(op.f("ix_fact_article"), "fact", ["article"])
    op.create_index(op.f("ix_fact_channel"), "fact", ["channel"])
    op.create_index(op.f("ix_fact_run_id"), "fact", ["run_id"])
    op.create_index(op.f("ix_fact_told_at"), "fact", ["told_at"])
    op.create_table(
        "delivery",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("nonce", sa.String(25), nullable=False),
        sa.Column("run_id", sa.String(32)),
        sa.Column("channel", sa.String(160), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("space", sa.String(64), nullable=False),
        sa.Column("queue", _NUMBER, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("piece", sa.Integer, nullable=False),
        sa.Column("plain", sa.Boolean, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("concerns", sa.String(32)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("sending_since", _INSTANT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("not_before", _INSTANT),
        sa.Column("not_after", _INSTANT),
        sa.Column("message_id", sa.Text),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("settled_at", _INSTANT),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_delivery")),
        sa.UniqueConstraint("id", name=op.f("uq_delivery_id")),
        sa.UniqueConstraint("nonce", name=op.f("uq_delivery_nonce")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_delivery_run_id_run"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_delivery_run_id"), "delivery", ["run_id"])
    op.create_index(op.f("ix_delivery_settled_at"), "delivery", ["settled_at"])
    op.create_index(op.f("ix_delivery_state_channel"), "delivery", ["state", "channel"])
    op.create_table(
        "lease",
        sa.Column("name", sa.String(192), nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(192), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
