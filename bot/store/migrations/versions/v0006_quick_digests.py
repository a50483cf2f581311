"""By an index: the newest run of each subscription, what a channel was told of a story, and where the outbox ends."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_run_subscription_id_due"), "run", ["subscription_id", "due"])
    op.create_index(op.f("ix_run_subscription_id_claimed_at"), "run", ["subscription_id", "claimed_at"])
    op.create_index(op.f("ix_fact_channel_story"), "fact", ["channel", "story"])
    op.create_index(op.f("ix_delivery_queue"), "delivery", ["queue"])
    op.drop_index(op.f("ix_fact_channel"), table_name="fact")
